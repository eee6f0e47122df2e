import {type Check, expect, expectSame} from '../check.js';
import {type BackendClient, Unanswered} from '../client.js';
import {expectProblem} from './problems.js';

/** So many megabytes of JSON that come bit by bit. */
function streamOf(megabytes: number): ReadableStream<Uint8Array> {
  const piece = new TextEncoder().encode(' '.repeat(64 * 1024));
  let left = megabytes * 16;
  return new ReadableStream({
    pull(controller) {
      if (left-- > 0) controller.enqueue(piece);
      else {
        controller.enqueue(new TextEncoder().encode('{}'));
        controller.close();
      }
    },
  });
}

/** A backend may also close the line on what it won't read, before the answer can be (RFC 9110, 15.5.14). @throws Unmet */
async function expectTooLarge(client: BackendClient, body: unknown, what: string, ...also: number[]): Promise<void> {
  try {
    const {status} = await client.ask('/contexts', {method: 'POST', body});
    expect([413, ...also].includes(status), `${what}: expected 413, saw ${status}.`);
  } catch (thrown) {
    if (!(thrown instanceof Unanswered && thrown.closed)) throw thrown;
  }
}

/** Bad requests: a clear problem after RFC 9457, and nothing of what was sent. */
export const errorChecks: readonly Check[] = [
  {
    id: 'errors.unknown-places',
    says: 'A place that is not there is a problem like any other',
    async run({client}) {
      expectProblem(await client.ask('/no-such-place'), 'GET /no-such-place', 'not-found');
    },
  },
  {
    id: 'errors.broken-json',
    says: 'A body that is no JSON, or not said to be, is refused',
    async run({client, people}) {
      for (const body of ['{', '[]', 'null', '"x"', '{"subject":'])
        expectProblem(
          await client.ask('/contexts', {method: 'POST', body}),
          'POST /contexts with a broken body',
          'invalid-request',
          'invalid-subject',
        );
      const subject = JSON.stringify({subject: {type: 'cpr', value: people.first}});
      // Other pages may send the two that are JSON without asking first: not even with the user's cookies are they to open anything.
      for (const [type, body] of [
        ['application/xml', '<subject/>'],
        ['text/plain', subject],
        ['application/x-www-form-urlencoded', subject],
      ] as const) {
        const {status} = await client.ask('/contexts', {method: 'POST', body, headers: {'content-type': type}});
        expectSame(status, 415, `POST /contexts with Content-Type: ${type}`);
      }
    },
  },
  {
    id: 'errors.too-much',
    says: 'A body that is much too large, or much too deep, is refused and harms nothing',
    async run({client, people}) {
      await expectTooLarge(client, {subject: 'x'.repeat(8 * 1024 * 1024)}, 'POST /contexts with 8 MB');
      await expectTooLarge(client, streamOf(8), 'POST /contexts with 8 MB that no Content-Length announces', 411);
      const deep = await client.ask('/contexts', {method: 'POST', body: `${'['.repeat(20_000)}${']'.repeat(20_000)}`});
      expect(deep.status >= 400 && deep.status < 500, `POST /contexts with 20,000 brackets: saw ${deep.status}.`);
      await client.openPerson(people.first);
    },
  },
  {
    id: 'errors.say-nothing-again',
    says: 'A problem never repeats what was sent, and tells nothing of how the backend is made',
    async run({client, people}) {
      const word = `zq${crypto.randomUUID().slice(0, 8)}`;
      const {contextId} = await client.openPerson(people.first);
      const answers = [
        await client.ask(`/${word}`),
        await client.ask('/contexts', {method: 'POST', body: `{"subject": "${word}`}),
        await client.askFor({type: 'cpr', value: word}),
        await client.askFor({type: word, value: word}),
        await client.act(contextId, {type: word, key: word.repeat(2), payload: word}),
        await client.ask(`/contexts/${word}`),
      ];
      for (const [index, {status, text}] of answers.entries()) {
        expect(status >= 400 && status < 500, `Bad request ${index + 1}: saw ${status}.`);
        expect(!text.includes(word), `The problem of bad request ${index + 1} repeats what was sent.`);
        expect(!/\bat \S+ \(|node_modules|\.(?:js|ts|java|cs|py):\d+/.test(text), 'A problem tells a stack trace.');
      }
    },
  },
];
