import {type Backend, type Me, meSchema, ProblemError} from '@bsp/contract';
import {joinLive} from './live-hub.js';
import {problemOfBackend, type SubjectSession, unexpected, users} from './subject-session.js';

const firstRetryMs = 1_000;
const longestRetryMs = 30_000;

/** An answer that has not come by then counts as none. */
const longestWaitMs = 30_000;

/** What a user may do can change while the page stands open. */
const oldestMs = 15 * 60_000;

/**
 * Lets an open Session know its user and, where the backend tells of changes, hear of them. Asks until it is told, is
 * refused, or the Session ends.
 */
export async function knowUser(backend: Backend, session: SubjectSession): Promise<void> {
  const {signal} = session;
  for (let retryMs = firstRetryMs; !signal.aborted; retryMs = Math.min(retryMs * 2, longestRetryMs)) {
    try {
      const me = await meOf(backend);
      session.set({me});
      if (me.capabilities.includes('live')) joinLive(backend, session);
      return;
    } catch (thrown) {
      const {status} = problemOfBackend(backend, thrown);
      if (status === 401 || status === 403) return;
    }
    await passed(retryMs * (0.5 + Math.random()), signal);
  }
}

/** Who the user is: asked once per backend and page, again after a failure, a refusal, or a while. */
function meOf(backend: Backend): Promise<Me> {
  const known = users.get(backend);
  if (known && Date.now() - known.askedAt < oldestMs) return known.me;
  const asked = {me: askedOf(backend), askedAt: Date.now()};
  users.set(backend, asked);
  asked.me.catch(() => {
    if (users.get(backend) === asked) users.delete(backend);
  });
  return asked.me;
}

async function askedOf(backend: Backend): Promise<Me> {
  const {data} = meSchema.safeParse(await backend.me({signal: AbortSignal.timeout(longestWaitMs)}));
  if (!data) throw new ProblemError(unexpected());
  return data;
}

/** Resolves after this long, or when the signal aborts: nothing holds a Session that is over. */
const passed = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
