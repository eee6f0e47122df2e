// A real gateway under spoiled requests: an answer of the contract or a problem, and nobody's records in another's context.
import assert from 'node:assert/strict';
import {before, describe, it} from 'node:test';
import {type Frame, type OpenedContext, problemSchema, streamMessageSchema} from '@bsp/contract';
import fc from 'fast-check';
import type {LightMyRequestResponse} from 'fastify';
import {bites, fuzz, type Outcome, type Target} from '../../../tests/fuzz/fuzz.js';
import {
  type ByteStep,
  byteStep,
  type JsonStep,
  jsonStep,
  spoilBytes,
  spoiledJson,
} from '../../../tests/fuzz/mutations.js';
import {anna, bo, caseOf, memoryStorage, numbers, type Started, scripted, start} from './harness.test.js';
import {cursorText, parseCursor} from './notices.js';

const people = [
  {subject: anna, marker: 'MARKER-ANNA'},
  {subject: bo, marker: 'MARKER-BO'},
] as const;
const markerOf = (value: string): string =>
  people.find(({subject}) => subject.value === value)?.marker ?? 'MARKER-NONE';

const bodies = {
  contexts: (marker: string) => ({subject: {type: 'employee', value: marker}, reason: marker}),
  read: (_: string, odd?: string) => ({
    reads: [
      ...(odd === undefined ? [] : [{resource: odd}, {resource: odd}]),
      {resource: 'cases'},
      {resource: 'journal', source: 'bsp'},
      {resource: 'events'},
      {resource: 'drafts'},
      {resource: 'person'},
    ],
  }),
  cursor: () => ({reads: [{resource: 'cases', source: 'kmd', cursor: 'x'.repeat(60)}]}),
  'note.create': (marker: string, odd = '2026-11-19T10:00:00+01:00') => ({
    heading: marker,
    body: `Om ${marker}`,
    case: {ref: {source: 'kmd', id: marker}, title: 'T'},
    kle: {number: '32.24.04'},
    occurredAt: odd,
  }),
  'note.addendum': (marker: string) => ({note: {source: 'bsp', id: 'a'.repeat(32)}, body: marker}),
  'event.seen': () => ({events: [{source: 'post', id: 'b1'}]}),
  'event.done': () => ({events: [{source: 'post', id: 'b1'}]}),
  reveal: () => ({ref: {source: 'kmd', id: 'p'}, field: 'cpr'}),
  launch: (marker: string) => ({target: {source: 'bsp', id: 'esdh'}, record: {source: 'kmd', id: marker}}),
  'draft.save': (marker: string, odd = 'journal') => ({window: odd, content: {[odd]: marker, body: marker}}),
} as const;
type Kind = keyof typeof bodies;
const kinds = Object.keys(bodies) as Kind[];

interface Request {
  readonly kind: Kind;
  readonly who: 0 | 1;
  readonly key: number;
  /** Stands where the kit itself would never put it. */
  readonly odd: string | undefined;
  /** What is spoiled: the payload alone or the whole body. */
  readonly payload: readonly JsonStep[];
  readonly json: readonly JsonStep[];
  readonly bytes: readonly ByteStep[];
}
const requestOf = fc.record({
  kind: fc.constantFrom(...kinds),
  who: fc.constantFrom(0 as const, 1 as const),
  key: fc.nat(5_000),
  odd: fc.option(
    fc.constantFrom(
      '__proto__',
      'constructor',
      'a\u0000',
      '\ud800',
      '\ufffd',
      '0000-06-01T00:00:00Z',
      '9999-12-31T23:59:59-14:00',
      '1700-01-01T00:00:00+00:53',
    ),
    {nil: undefined, freq: 2},
  ),
  payload: fc.array(jsonStep, {maxLength: 2}),
  json: fc.oneof({weight: 3, arbitrary: fc.constant([])}, {weight: 1, arbitrary: fc.array(jsonStep, {maxLength: 2})}),
  bytes: fc.oneof({weight: 6, arbitrary: fc.constant([])}, {weight: 1, arbitrary: fc.array(byteStep, {maxLength: 2})}),
});

type Send = (request: {
  method: 'GET' | 'POST' | 'DELETE';
  url: string;
  payload?: Buffer;
  headers?: Record<string, string>;
}) => Promise<LightMyRequestResponse>;

let running: Started;
let opened: OpenedContext[];
const storage = memoryStorage();
before(async () => {
  const records = scripted('kmd', {
    resources: ['cases', 'person'],
    async *read({subject, resource}) {
      const {value} = subject as {value: string};
      const marker = markerOf(value);
      if (resource === 'cases') yield {about: subject, items: [caseOf(marker, {title: marker}), {nonsense: marker}]};
      else
        yield {about: subject, items: [{ref: {source: '', id: 'p'}, subject, name: marker, status: {kind: 'active'}}]};
    },
  });
  const post = {id: 'post', connector: 'beskedfordeler'};
  const contextRate = {perMinute: 100_000, burst: 100_000};
  const link = {
    id: 'esdh',
    name: 'ESDH',
    kind: 'link',
    for: 'case',
    sources: ['kmd'],
    url: 'https://e.example/{record}',
  };
  running = await start([records, post], {storage, contextRate, targets: [link]});
  opened = await Promise.all(people.map(({subject}) => running.client.open(subject)));
});
// The harness stops it, and its database.

const sendToGateway: Send = (request) => running.gateway.app.inject(request);

/** What stands in an answer of somebody's context about anybody else, or that must stand in no answer at all. */
function assertOwn(text: string, who: 0 | 1, mayHoldNumber: boolean): void {
  assert(!text.includes(people[1 - who]!.marker), 'somebody else’s record stands in the answer');
  const own = people[who]!.subject.value;
  for (const number of numbers)
    if (!(mayHoldNumber && number.replace('-', '') === own))
      assert(!text.includes(number), 'a number stands in the answer');
}

function assertProblem(response: LightMyRequestResponse): void {
  assert(response.statusCode < 500, `a request is answered with ${response.statusCode}: ${running.log.at(-2)}`);
  assert.match(String(response.headers['content-type']), /^application\/problem\+json/);
  const problem = problemSchema.safeParse(response.json());
  assert(problem.success && problem.data.status === response.statusCode && problem.data.title.length > 5);
}

function assertStream(response: LightMyRequestResponse, contextId: string): void {
  const messages = response.body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  for (const message of messages) assert(streamMessageSchema.safeParse(message).success, 'a message is none');
  const [plan, end] = [messages[0], messages.at(-1)] as [
    {kind: string; resources: Record<string, {sources: {id: string}[]}>},
    {kind: string},
  ];
  assert.deepEqual([plan.kind, end.kind], ['plan', 'end']);
  const frames = messages.slice(1, -1) as Frame[];
  for (const frame of frames) {
    assert.equal(frame.contextId, contextId, 'a frame is of another context');
    if (frame.resource === 'cases' && frame.source.id === 'kmd' && frame.status === 'ok')
      assert.deepEqual([frame.items.length, frame.invalid], [1, 1], 'an unreadable record is not counted');
    else assert.equal(frame.invalid, undefined, `what was accepted can’t be read again: ${frame.resource}`);
  }
  for (const [resource, {sources}] of Object.entries(plan.resources))
    for (const {id} of sources)
      assert(
        frames.some((frame) => frame.resource === resource && frame.source.id === id),
        'a planned source is silent',
      );
}

const requests = (send: Send = sendToGateway): Target<Request> => ({
  inputs: requestOf,
  async check({kind, who, key, odd, payload, json, bytes}): Promise<Outcome> {
    const {marker} = people[who]!;
    const {contextId} = opened[who]!;
    const sample = spoiledJson(bodies[kind](marker, odd), payload);
    const isAction = !['contexts', 'read', 'cursor'].includes(kind);
    const whole = isAction ? {type: kind, key: `key-${key}-${sample.length}`, payload: 0} : undefined;
    const text = whole ? spoiledJson(whole, json).replace('"payload":0', () => `"payload":${sample}`) : sample;
    const path = kind === 'contexts' ? '' : `/${contextId}/${isAction ? 'actions' : 'read'}`;
    running.log.splice(0);
    const response = await send({
      method: 'POST',
      url: `/bsp/v1/contexts${path}`,
      payload: bytes.reduce(spoilBytes, Buffer.from(text)),
      headers: {'content-type': 'application/json'},
    });
    assertOwn(JSON.stringify(response.headers) + response.body, who, kind === 'reveal');
    for (const number of numbers) assert(!running.log.join('').includes(number), 'a number stands in the log');
    if (response.statusCode >= 300) {
      assertProblem(response);
      return 'refused';
    }
    if (kind === 'read' || kind === 'cursor') assertStream(response, contextId);
    else if (isAction) {
      const again = await send({
        method: 'POST',
        url: `/bsp/v1/contexts/${contextId}/read`,
        payload: Buffer.from(JSON.stringify(bodies.read(''))),
        headers: {'content-type': 'application/json'},
      });
      assertOwn(again.body, who, false);
      assertStream(again, contextId);
    }
    return 'taken';
  },
});

interface Address {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: readonly string[];
  readonly query: string;
  readonly headers: readonly (readonly [string, string])[];
}
const part = fc.oneof(
  fc.constantFrom(
    'bsp',
    'v1',
    'contexts',
    'me',
    'live',
    'content',
    'read',
    'actions',
    'kmd',
    '',
    '.',
    '..',
    '%00',
    '%',
    '%ff',
    '%2e%2e',
    '__proto__',
    'x'.repeat(3_000),
    'beskedfordeler',
    'modtag',
    '~aaaaaaaaaaaaaaaaaaaaaa',
    'p-aaaaaaaaaaaaaaaaaaaaaa',
  ),
  fc.stringMatching(/^[ -~æøå]{0,8}$/).map(encodeURIComponent),
);
const header = fc.tuple(
  fc.constantFrom(
    'last-event-id',
    'content-type',
    'accept',
    'host',
    'origin',
    'x-forwarded-for',
    'transfer-encoding',
    'content-encoding',
  ),
  fc.oneof(
    fc.constantFrom(
      '',
      '*',
      'application/json',
      'text/plain',
      'a.1',
      'a.-1',
      '999999999999999999.1',
      'localhost',
      'evil.example',
      '__proto__',
    ),
    fc.stringMatching(/^[ -~]{0,20}$/),
  ),
);
const addresses = (): Target<Address> => ({
  inputs: fc.record({
    method: fc.constantFrom('GET', 'POST', 'DELETE'),
    path: fc.oneof(
      fc.array(part, {maxLength: 6}),
      fc.array(part, {maxLength: 4}).map((rest) => ['bsp', 'v1', 'contexts', ...rest]),
      fc.constantFrom(
        ['bsp', 'v1', 'me'],
        ['bsp', 'v1', 'live'],
        ['bsp', 'v1', 'contexts', '%00'],
        ['beskedfordeler', 'modtag'],
      ),
    ),
    query: fc.constantFrom(
      '',
      '?context=',
      '?context=%00',
      '?context=a&context=b',
      '?__proto__=1',
      '?context[]=1',
      `?context=${anna.value}`,
      `?${'context=x&'.repeat(200)}`,
    ),
    headers: fc.array(header, {maxLength: 2}),
  }) as fc.Arbitrary<Address>,
  async check({method, path, query, headers}) {
    running.log.splice(0);
    const response = await sendToGateway({
      method,
      url: `/${path.join('/')}${query}`,
      headers: Object.fromEntries(headers),
      ...(method === 'POST' ? {payload: Buffer.from('{}')} : {}),
    });
    for (const number of numbers) assert(!running.log.join('').includes(number), 'a number stands in the log');
    assertOwn(JSON.stringify(response.headers) + response.body, 0, false);
    if (String(response.headers['content-type']).startsWith('application/xml')) return 'refused';
    if (response.statusCode < 300) return 'taken';
    assertProblem(response);
    return 'refused';
  },
});

const cursors: Target<{epoch: string; cursor: number; text: string}> = {
  inputs: fc.record({
    epoch: fc.stringMatching(/^[\w-]{1,64}$/),
    cursor: fc.nat(),
    text: fc.oneof(
      fc.string(),
      fc.constantFrom(
        'a.1',
        'a.',
        '.1',
        'a.1e3',
        'a.-1',
        'a.0x1',
        'a.1.1',
        `a.${'9'.repeat(15)}`,
        `a.${'9'.repeat(16)}`,
      ),
    ),
  }),
  check({epoch, cursor, text}) {
    assert.deepEqual(parseCursor(cursorText({epoch, cursor})), {epoch, cursor});
    const parsed = parseCursor(text);
    if (!parsed) return 'refused';
    assert(Number.isSafeInteger(parsed.cursor) && parsed.cursor >= 0);
    return 'taken';
  },
};

/** What stands on the response's prototype is said again. */
const withBody = (response: LightMyRequestResponse, body: string): LightMyRequestResponse => ({
  ...response,
  statusCode: response.statusCode,
  headers: response.headers,
  body,
  json: () => response.json(),
});

describe('the gateway, spoiled', () => {
  it('answers requests with what is of their context, or a problem', () => fuzz('requests', requests(), {share: 2}));
  it('answers any address', () => fuzz('addresses', addresses(), {share: 2}));
  it('reads the cursors that it gave', () => fuzz('cursors', cursors));
});

describe('the oracle of the gateway would find one that', () => {
  const faulty: Readonly<Record<string, Send>> = {
    'reads in the context of somebody else': (request) =>
      sendToGateway(
        // Only reads: what a write put into the wrong place would stand there for the faults after this one.
        /read$/.test(request.url)
          ? {...request, url: request.url.replace(opened[0]!.contextId, opened[1]!.contextId)}
          : request,
      ),
    'leaves a broken source out of the stream': async (request) => {
      const response = await sendToGateway(request);
      return withBody(response, response.body.replace(/^.*"kind":"frame".*"resource":"events".*\n/m, ''));
    },
    'does not count what it can’t read': async (request) => {
      const response = await sendToGateway(request);
      return withBody(response, response.body.replace('"invalid":1,', ''));
    },
    'logs what it was sent': (request) => {
      running.log.push(`POST ${request.url} ${anna.value}`);
      return sendToGateway(request).finally(() => running.log.push(anna.value));
    },
  };
  for (const [fault, send] of Object.entries(faulty)) it(fault, () => bites(fault, requests(send), requests(), 200));
});
