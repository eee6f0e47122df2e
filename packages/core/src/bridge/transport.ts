import {type Backend, type BridgeMessage, type BridgePlaces, ProblemError, problemOf} from '@bsp/contract';
import {problemFrom} from '../subject-session.js';

/** What a transport knows of the end that it serves. */
export interface BridgeLink {
  /** The end's own random name: the `from` of its messages. */
  readonly from: string;
  /** What the user knows the program by. */
  readonly name: string | undefined;
  readonly backend: Backend;
  /** Aborts when the end leaves. */
  readonly signal: AbortSignal;
  /** Takes whatever came, of any shape: it is judged by the end. */
  readonly heard: (message: unknown) => void;
  /** Says whether the others can be reached. */
  readonly reached: (reachable: boolean) => void;
}

/** Carries messages between the ends of a bridge. It may lose, repeat and reorder them. */
export interface BridgeTransport {
  /** Connects, now or in a while, and says so by {@link BridgeLink.reached}. Ends with the link's signal. Gives what sends. */
  connect(link: BridgeLink): (message: BridgeMessage) => void;
}

const firstRetryMs = 1_000;
const longestRetryMs = 30_000;

/** Resolves after this long, or when the signal aborts. */
export const passed = (milliseconds: number, signal: AbortSignal): Promise<void> =>
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

/**
 * Tries again, after longer and longer, until it works, is refused for good, or the signal aborts: a refusal of the user, or
 * of what is not switched on, is not asked again.
 */
export async function untilDone<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  for (let retryMs = firstRetryMs; !signal.aborted; retryMs = Math.min(retryMs * 2, longestRetryMs)) {
    try {
      return await attempt();
    } catch (thrown) {
      const {status} = problemFrom(thrown);
      if (status >= 400 && status < 500 && status !== 429) return undefined;
    }
    await passed(retryMs * (0.5 + Math.random() / 2), signal);
  }
  return undefined;
}

/** Where the user's bridges are. @throws ProblemError */
export async function placesOf(backend: Backend, signal: AbortSignal): Promise<BridgePlaces> {
  if (!backend.bridge) throw new ProblemError(problemOf('not-applicable', 'The backend has no bridges.'));
  return backend.bridge({signal});
}
