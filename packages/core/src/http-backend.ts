import {
  actionResultSchema,
  type Backend,
  meSchema,
  openedContextSchema,
  type Problem,
  type ProblemCode,
  ProblemError,
  problemOf,
} from '@bsp/contract';
import {jsonLines} from './lines.js';
import {unexpected} from './subject-session.js';

/** Options of {@link httpBackend}. */
export interface HttpBackendOptions {
  /**
   * Headers of every request, e.g. a bearer token; asked for each time, so a host may renew it. Where the backend refused them
   * with a 401, they are asked for once more with `refused`, and the request is sent again.
   */
  readonly headers?: (refused?: boolean) => HeadersInit | Promise<HeadersInit>;
  /** Default `same-origin`. */
  readonly credentials?: RequestCredentials;
}

/** Sends one request; rejects with a ProblemError unless the answer is a good one. */
export type Requester = (path: string, init: RequestInit & {accept?: string}, refused?: boolean) => Promise<Response>;

interface Schema<T> {
  safeParse(value: unknown): {success: true; data: T} | {success: false};
}

/**
 * Speaks the contract over HTTP.
 *
 * @param base - where the backend is, e.g. `/bsp`; `/v1/…` is added.
 */
export function httpBackend(base: string, options: HttpBackendOptions = {}): Backend {
  const root = `${base.replace(/\/+$/, '')}/v1`;
  const request: Requester = async (path, {accept = 'application/json', ...init}, refused) => {
    const headers = new Headers(await options.headers?.(refused));
    for (const [name, value] of new Headers(init.headers)) headers.set(name, value);
    headers.set('accept', accept);
    // Only our own pages can say so unasked: for backends that know the user by a cookie.
    headers.set('x-requested-with', 'bsp');
    if (init.body) headers.set('content-type', 'application/json');
    let response: Response;
    try {
      response = await fetch(root + path, {
        cache: 'no-store',
        credentials: options.credentials ?? 'same-origin',
        referrerPolicy: 'no-referrer',
        // A body, and the number in it, goes nowhere else.
        redirect: init.body ? 'error' : 'follow',
        ...init,
        headers,
      });
    } catch (thrown) {
      if (init.signal?.aborted) throw thrown;
      throw new ProblemError(problemOf('unavailable', 'The backend could not be reached.'));
    }
    const {status} = response;
    if (status === 401 && options.headers && !refused) return request(path, {accept, ...init}, true);
    if (!response.ok) {
      // Where the details can't be had (their chunk may lie behind the same log-in), a refusal is still a refusal.
      const bare = () => problemOfStatus(status, refusals[status] ?? 'unavailable');
      throw new ProblemError(await rare().then(({problemOfResponse}) => problemOfResponse(response), bare));
    }
    if (!typeOf(response).includes(accept) && status !== 204 && accept !== '*/*') throw new ProblemError(unexpected());
    return response;
  };
  const ask = async <T>(schema: Schema<T>, path: string, init: RequestInit): Promise<T> => {
    const response = await request(path, init);
    const parsed = schema.safeParse(await response.json().catch(() => undefined));
    if (!parsed.success) throw new ProblemError(unexpected());
    return parsed.data;
  };
  const context = (contextId: string) => `/contexts/${encodeURIComponent(contextId)}`;
  return {
    me: ({signal}) => ask(meSchema, '/me', {signal}),
    openContext: (subject, {signal, ...options}) =>
      ask(openedContextSchema, '/contexts', {signal, ...posting({subject, ...options})}),
    adoptContext: (contextId, {signal}) => ask(openedContextSchema, context(contextId), {signal}),
    closeContext: async (contextId) => {
      await request(context(contextId), {method: 'DELETE', keepalive: true});
    },
    read: (contextId, reads, {signal}) => {
      const together = readLines(request, context(contextId), {reads}, signal);
      return {together, [Symbol.asyncIterator]: () => oneByOne(together)};
    },
    act: (contextId, action, {signal}) => {
      const post = posting(action);
      // A write goes on when the page is left, if it is small: browsers allow 64 KB for all of them.
      const keepalive = post.body.length <= 16_384;
      return ask(actionResultSchema, `${context(contextId)}/actions`, {signal, keepalive, ...post});
    },
    content: async (contextId, ref, {signal}) => (await rare()).contentOf(request, context(contextId), ref, signal),
    bridge: async ({signal}) => (await rare()).bridgePlaces(request, signal),
    async *live(line) {
      const {liveNotices} = await import('./http-live.js');
      yield* liveNotices(request, line);
    },
  };
}

const posting = (body: unknown) => ({method: 'POST', body: JSON.stringify(body)});

const refusals: Readonly<Record<number, ProblemCode>> = {401: 'unauthorized', 403: 'forbidden', 409: 'context-closed'};

/** The problem of an answer that tells none. */
export const problemOfStatus = (status: number, code: ProblemCode): Problem =>
  problemOf(code, `The backend answered ${status}.`, {status});

/** What few pages ever need. */
const rare = () => import('./http-rare.js');

/** Media type of an answer, in lower case. */
export const typeOf = ({headers}: Response): string => headers.get('content-type')?.toLowerCase() ?? '';

async function* oneByOne<T>(together: AsyncIterable<readonly T[]>): AsyncGenerator<T> {
  for await (const messages of together) yield* messages;
}

async function* readLines(
  request: Requester,
  path: string,
  body: unknown,
  signal: AbortSignal,
): AsyncGenerator<never[]> {
  const response = await request(`${path}/read`, {
    method: 'POST',
    body: JSON.stringify(body),
    accept: 'application/x-ndjson',
    signal,
  });
  // What a line holds is for the Session to judge: it validates the messages of every backend alike.
  if (response.body) yield* jsonLines(response.body) as AsyncGenerator<never[]>;
}
