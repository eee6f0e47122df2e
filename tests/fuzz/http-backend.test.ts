// The HTTP backend under spoiled answers: read streams, live lines and problems, however they are cut into chunks.
import assert from 'node:assert/strict';
import {after, describe, it} from 'node:test';
import {meSchema, noticeSchema, openedContextSchema, ProblemError, problemCodes} from '@bsp/contract';
import {httpBackend} from '@bsp/core';
import fc from 'fast-check';
import {bites, fuzz, type Outcome, type Target} from './fuzz.js';
import {type ByteStep, byteStep, type JsonStep, jsonStep, spoilBytes, spoiledJson} from './mutations.js';

const at = '2026-11-20T09:42:00+01:00';
const item = {
  ref: {source: 'ky', id: '1'},
  title: 'Sag om øre 😀',
  status: {native: 'Åben'},
  changedAt: at,
  sensitivity: 'vip',
};
const messages: readonly unknown[] = [
  {kind: 'plan', readId: 'r', contextId: 'c', resources: {cases: {sources: [{id: 'ky', name: 'KY'}], deadlineMs: 1}}},
  {
    kind: 'frame',
    readId: 'r',
    contextId: 'c',
    resource: 'cases',
    source: {id: 'ky', name: 'KY'},
    status: 'ok',
    mode: 'replace',
    items: [item, item],
    asOf: at,
  },
  {kind: 'end', readId: 'r'},
];
const notices: readonly unknown[] = [
  {kind: 'notice', cursor: 'e.1', contextId: 'c', resource: 'cases', source: 'ky'},
  {kind: 'reset', cursor: 'e.2', contextId: 'c'},
];
const problem = {
  type: 'urn:bsp:problem:conflict',
  title: 'T',
  status: 409,
  code: 'conflict',
  pointer: '/p',
  retryAfter: 3,
};
const me = {
  user: {id: 'u', name: 'U'},
  tenant: {id: 't', name: 'T'},
  capabilities: ['live'],
  purposes: [{id: 'p', label: 'L'}],
};
const opened = {
  contextId: 'c',
  subject: {type: 'cpr', masked: '640585-••••'},
  openedAt: at,
  expiresAt: at,
  cursor: 'e.1',
};

/** A body that comes in these pieces. */
function bodyOf(bytes: Uint8Array, cuts: readonly number[]): ReadableStream<Uint8Array> {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((left, right) => left - right);
  const pieces = [0, ...places].map((from, index) => bytes.slice(from, places[index] ?? bytes.length));
  return new ReadableStream({
    pull(controller) {
      const piece = pieces.shift();
      if (piece === undefined) controller.close();
      else controller.enqueue(piece);
    },
  });
}

const fetched = globalThis.fetch;
after(() => {
  globalThis.fetch = fetched;
});
const answerWith = (response: () => Response): void => {
  globalThis.fetch = () => Promise.resolve(response());
};
const never = new AbortController().signal;

interface Spoiled {
  readonly json: readonly (readonly JsonStep[])[];
  readonly bytes: readonly ByteStep[];
  readonly cuts: readonly number[];
}
const spoiledOf = (parts: number): fc.Arbitrary<Spoiled> =>
  fc.record({
    json: fc.array(fc.array(jsonStep, {maxLength: 1}), {minLength: parts, maxLength: parts}),
    bytes: fc.oneof(
      {weight: 2, arbitrary: fc.constant([])},
      {weight: 1, arbitrary: fc.array(byteStep, {maxLength: 2})},
    ),
    cuts: fc.array(fc.nat(3_000), {maxLength: 40}),
  });

/** What a stream gave until it ended or failed. */
async function all<T>(stream: AsyncIterable<T>): Promise<{values: T[]; error?: unknown}> {
  const values: T[] = [];
  try {
    for await (const value of stream) values.push(value);
    return {values};
  } catch (error) {
    return {values, error};
  }
}

/** What the lines say, read all at once. */
function valuesOfLines(bytes: Uint8Array): {values: unknown[]; whole: boolean} {
  const values: unknown[] = [];
  for (const line of new TextDecoder().decode(bytes).split('\n')) {
    if (line.trim() === '') continue;
    try {
      values.push(JSON.parse(line));
    } catch {
      return {values, whole: false};
    }
  }
  return {values, whole: true};
}

/** Asserts that two are the same, as far down as the stack goes. */
function assertSame(actual: {readonly values: unknown[]}, expected: {readonly values: unknown[]}, fault: string): void {
  assert.equal(actual.values.length, expected.values.length, fault);
  try {
    assert.deepEqual(actual, expected, fault);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}

type ReadLines = (body: ReadableStream<Uint8Array>) => AsyncIterable<unknown>;
const readLines: ReadLines = (body) => {
  answerWith(() => new Response(body, {headers: {'content-type': 'application/x-ndjson'}}));
  return httpBackend('/bsp').read('c', [{resource: 'cases'}], {signal: never});
};

const lines = (read: ReadLines = readLines): Target<Spoiled> => ({
  inputs: spoiledOf(messages.length),
  async check({json, bytes, cuts}) {
    const text = messages.map((message, index) => spoiledJson(message, json[index] ?? [])).join('\n');
    const spoiled = bytes.reduce(spoilBytes, Buffer.from(`${text}\n`));
    const expected = valuesOfLines(spoiled);
    const {values, error} = await all(read(bodyOf(spoiled, cuts)));
    assertSame({values}, {values: expected.values}, 'other messages than were sent');
    if (expected.whole) {
      assert.equal(error, undefined);
      return 'taken';
    }
    assert(error instanceof ProblemError, `a stream throws ${String(error)}`);
    assert.equal(error.problem.code, 'protocol');
    assert(error.message.length < 100, 'an error quotes the line');
    return 'refused';
  },
});

const liveLine: Target<Spoiled & {ending: string}> = {
  inputs: fc
    .tuple(spoiledOf(notices.length), fc.constantFrom('\n', '\r\n', '\r'))
    .map(([spoiled, ending]) => ({...spoiled, ending})),
  async check({json, bytes, cuts, ending}) {
    const text = notices
      .map(
        (notice, index) => `id: e.${index}${ending}data: ${spoiledJson(notice, json[index] ?? [])}${ending}${ending}`,
      )
      .join(`: still here${ending}${ending}`);
    const spoiled = bytes.reduce(spoilBytes, Buffer.from(text));
    const listen = async (cutAt: readonly number[]) => {
      answerWith(() => new Response(bodyOf(spoiled, cutAt), {headers: {'content-type': 'text/event-stream'}}));
      return all(httpBackend('/bsp').live({contexts: ['c'], signal: never}));
    };
    const whole = await listen([]);
    assert.equal(whole.error, undefined, 'a line throws');
    assertSame(await listen(cuts), whole, 'it reads otherwise in chunks');
    const good = whole.values.filter((value) => noticeSchema.safeParse(value).success);
    if (bytes.length === 0) for (const {contextId} of good) assert(spoiled.includes(JSON.stringify(contextId)));
    return good.length === notices.length ? 'taken' : 'refused';
  },
};

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly of: 'me' | 'context' | 'problem';
  readonly json: readonly JsonStep[];
  readonly bytes: readonly ByteStep[];
  readonly retryAfter: string;
}
const answers: Target<Answer> = {
  inputs: fc.record({
    status: fc.constantFrom(
      200,
      200,
      200,
      201,
      204,
      206,
      301,
      400,
      401,
      403,
      404,
      409,
      418,
      422,
      429,
      500,
      502,
      503,
      504,
      599,
    ),
    type: fc.constantFrom('application/json', 'application/problem+json; charset=utf-8', 'text/html', ''),
    of: fc.constantFrom('me', 'context', 'problem'),
    json: fc.array(jsonStep, {maxLength: 1}),
    bytes: fc.oneof(
      {weight: 2, arbitrary: fc.constant([])},
      {weight: 1, arbitrary: fc.array(byteStep, {maxLength: 2})},
    ),
    retryAfter: fc.constantFrom(
      '',
      '',
      '3',
      '-1',
      '0',
      'Infinity',
      'NaN',
      '1e999',
      'Wed, 21 Oct 2026 07:28:00 GMT',
      '9'.repeat(400),
    ),
  }),
  async check({status, type, of, json, bytes, retryAfter}): Promise<Outcome> {
    const sample = {me, context: opened, problem}[of];
    const body = bytes.reduce(spoilBytes, Buffer.from(spoiledJson(sample, json)));
    const headers = {'content-type': type, ...(retryAfter ? {'retry-after': retryAfter} : {})};
    answerWith(() => new Response(status === 204 ? null : new Uint8Array(body), {status, headers}));
    const backend = httpBackend('/bsp');
    const asked =
      of === 'me'
        ? backend.me({signal: never}).then((value) => meSchema.safeParse(value).success)
        : backend
            .openContext({type: 'user'}, {signal: never})
            .then((value) => openedContextSchema.safeParse(value).success);
    try {
      assert.equal(await asked, true, 'an answer that is not of the contract was taken');
      assert(status < 300, 'a refusal was taken for an answer');
      return 'taken';
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      assert(error instanceof ProblemError, `an answer throws ${String(error)}`);
      const {code, retryAfter: wait} = error.problem;
      assert(problemCodes.includes(code));
      if (wait !== undefined) assert(Number.isFinite(wait) && wait > 0, `try again after ${wait} s`);
      if (status === 401 && of !== 'problem') assert.equal(code, 'unauthorized');
      return 'refused';
    }
  },
};

describe('the HTTP backend, spoiled', () => {
  it('gives a stream’s messages however they are cut', () => fuzz('NDJSON', lines()));
  it('gives a live line’s notices however they are cut', () => fuzz('live line', liveLine));
  it('gives an answer of the contract or a problem', () => fuzz('answers', answers, {share: 4}));

  it('takes a line of many megabytes in small chunks as long as it takes to look at each once', async () => {
    const long = `${JSON.stringify({kind: 'x', text: 'y'.repeat(12_000_000)})}\n`;
    const chunk = 2_000;
    const cuts = Array.from({length: Math.floor(long.length / chunk)}, (_, index) => index * chunk);
    await fuzz(
      'a long line',
      {
        inputs: fc.boolean(),
        async check(whole) {
          const bytes = Buffer.from(whole ? long : long.slice(0, -20));
          const {values, error} = await all(readLines(bodyOf(bytes, cuts)));
          assert.equal(values.length, whole ? 1 : 0);
          return error === undefined ? 'taken' : 'refused';
        },
      },
      {share: 0.04},
    );
  });

  it('ends a live line that never comes to the end of a notice', async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 100_000;
        if (sent > 200_000_000) controller.close();
        else controller.enqueue(new Uint8Array(100_000).fill(0x78));
      },
    });
    answerWith(() => new Response(endless, {headers: {'content-type': 'text/event-stream'}}));
    const {values, error} = await all(httpBackend('/bsp').live({contexts: ['c'], signal: never}));
    assert.deepEqual(values, []);
    assert(error !== undefined && sent < 20_000_000, `it kept ${sent} bytes`);
  });
});

describe('the oracle of the HTTP backend would find a reader that', () => {
  const faulty: Readonly<Record<string, ReadLines>> = {
    'decodes each chunk by itself': async function* (body) {
      let text = '';
      for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) text += new TextDecoder().decode(chunk);
      yield* readLines(new Blob([text]).stream());
    },
    'forgets the last line': async function* (body) {
      let last: unknown;
      let any = false;
      for await (const value of readLines(body)) {
        if (any) yield last;
        last = value;
        any = true;
      }
    },
    'skips a line that it can’t read': async function* (body) {
      const text = await new Response(body).text();
      const good = text.split('\n').filter((line) => valuesOfLines(Buffer.from(line)).whole);
      yield* readLines(new Blob([good.join('\n')]).stream());
    },
  };
  for (const [fault, read] of Object.entries(faulty)) it(fault, () => bites(fault, lines(read), lines()));
});
