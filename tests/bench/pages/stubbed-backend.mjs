// Inside a page: a backend that answers from memory through `fetch`, so that all contenders get the same bytes alike.

const chunkSize = 65_536;

const json = (body) => new Response(JSON.stringify(body), {headers: {'content-type': 'application/json'}});

/** The bytes in pieces, as a network gives them. */
const streamOf = (bytes) =>
  new ReadableStream({
    start(controller) {
      for (let from = 0; from < bytes.length; from += chunkSize)
        controller.enqueue(bytes.subarray(from, from + chunkSize));
      controller.close();
    },
  });

/**
 * Puts the backend in the place of the network below `/bsp/v1`.
 *
 * @param people - for each number its opened context and the bytes of its read stream.
 * @param options.live - gives the stream of live notices; absent: there is none.
 * @param options.tabs - the channel between the user's tabs; absent: there is none.
 */
export function answerFromMemory(people, {live, tabs} = {}) {
  const beyond = globalThis.fetch;
  const byContext = new Map(Object.values(people).map((person) => [person.opened.contextId, person]));
  const byHandle = new Map(Object.values(people).map((person) => [person.opened.handle, person]));
  globalThis.fetch = async (address, init = {}) => {
    const {pathname} = new URL(address, location.href);
    const path = /^\/bsp\/v1\/(.*)$/.exec(pathname)?.[1];
    if (path === undefined) return beyond(address, init);
    if (path === 'me')
      return json({
        user: {id: 'karla', name: 'Karla Bruun'},
        tenant: {id: 'korsbaek', name: 'Korsbæk Kommune'},
        capabilities: ['read:cases', ...(live ? ['live'] : [])],
        purposes: [],
      });
    if (path === 'bridge' && tabs) return json({tabs});
    if (path === 'contexts') {
      const {type, value} = JSON.parse(init.body).subject;
      return json((type === 'ref' ? byHandle.get(value) : people[value]).opened);
    }
    if (path === 'live') return new Response(live(init.signal), {headers: {'content-type': 'text/event-stream'}});
    const [, contextId, what] = /^contexts\/([^/]+)(?:\/(\w+))?$/.exec(path) ?? [];
    if (what === 'read')
      return new Response(streamOf(byContext.get(contextId).answer(JSON.parse(init.body).reads)), {
        headers: {'content-type': 'application/x-ndjson'},
      });
    return new Response(undefined, {status: 204});
  };
}

/** A person whose reads all bring the same bytes. */
export const personWith = (contextId, masked, label, bytes) => ({
  opened: {
    contextId,
    subject: {type: 'cpr', masked, label},
    openedAt: '2026-11-20T09:42:00Z',
    expiresAt: '2026-11-21T09:42:00Z',
  },
  answer: () => bytes,
});

/** A person as Korsbæk's backend told of them. */
export function personOf({opened, text}) {
  const bytes = new TextEncoder().encode(text);
  return {opened, answer: () => bytes};
}
