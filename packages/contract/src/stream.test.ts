import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {
  actionPayloads,
  actionSchema,
  maxFrameItems,
  meSchema,
  normalizedSubject,
  noticeSchema,
  openedContextSchema,
  ProblemError,
  problemCodes,
  problemOf,
  problemSchema,
  streamMessageSchema,
  subjectSchema,
} from './index.js';

const at = '2026-11-20T09:42:00+01:00';
const frame = {
  kind: 'frame',
  readId: 'r',
  contextId: 'c',
  resource: 'cases',
  source: {id: 'aktiv', name: 'KMD Aktiv'},
  status: 'ok',
  mode: 'replace',
  items: [],
  asOf: at,
};
const reads = (message: unknown) => streamMessageSchema.safeParse(message).success;

describe('a stream message', () => {
  it('is a plan, a frame or an end', () => {
    assert.ok(reads({kind: 'plan', readId: 'r', contextId: 'c', resources: {cases: {sources: [], deadlineMs: 1}}}));
    assert.ok(reads(frame));
    assert.ok(reads({kind: 'end', readId: 'r'}));
    assert.ok(!reads({...frame, kind: 'gossip'}));
  });
  for (const key of ['readId', 'contextId', 'resource', 'source', 'status', 'mode', 'items', 'asOf'])
    it(`a frame without ${key} is none`, () => assert.ok(!reads({...frame, [key]: undefined})));
  it('a frame with a status that we do not know is none: it cannot count as an answer', () =>
    assert.ok(!reads({...frame, status: 'fine'})));
  it('keeps items as they came: the reader judges them one by one', () =>
    assert.deepEqual(streamMessageSchema.parse({...frame, items: [null, {a: 1}, 'x']}), {
      ...frame,
      items: [null, {a: 1}, 'x'],
    }));
  it('holds so many items and no more', () => {
    const items = (count: number) => Array.from({length: count}, () => ({}));
    assert.ok(reads({...frame, items: items(maxFrameItems)}));
    assert.ok(!reads({...frame, items: items(maxFrameItems + 1)}));
  });
});

describe('a notice', () => {
  it('says what to read again, or that everything is', () => {
    const notice = {kind: 'notice', cursor: '1', contextId: 'c', resource: 'events', source: 'post'};
    assert.deepEqual(noticeSchema.parse({...notice, title: 'Brev til Ida'}), notice);
    assert.ok(noticeSchema.safeParse({kind: 'reset', cursor: '1', contextId: 'c'}).success);
    assert.ok(!noticeSchema.safeParse({...notice, contextId: undefined}).success);
  });
});

describe('a subject', () => {
  it('is brought to one form, so that one person has one key', () => {
    for (const value of ['641284-0001', ' 641284 0001', '6412840001'])
      assert.deepEqual(normalizedSubject({type: 'cpr', value}), {ok: true, value: {type: 'cpr', value: '6412840001'}});
    assert.deepEqual(normalizedSubject({type: 'employee', value: ' mda '}), {
      ok: true,
      value: {type: 'employee', value: 'mda'},
    });
    assert.deepEqual(normalizedSubject({type: 'self'}), {ok: true, value: {type: 'self'}});
  });
  it('is refused with a reason and without its value', () => {
    assert.deepEqual(normalizedSubject({type: 'cpr', value: '910280-1234'}), {ok: false, reason: 'date'});
    assert.deepEqual(normalizedSubject({type: 'cvr', value: '29189847'}), {ok: false, reason: 'checksum'});
    assert.deepEqual(normalizedSubject({type: 'bfe', value: 'x'}), {ok: false, reason: 'format'});
    assert.deepEqual(normalizedSubject({type: 'ref', value: '  '}), {ok: false, reason: 'format'});
  });
  it('has a value exactly where its type needs one', () => {
    const ok = (subject: unknown) => subjectSchema.safeParse(subject).success;
    assert.ok(ok({type: 'ref', value: 'h'}));
    assert.ok(ok({type: 'user'}));
    for (const subject of [
      {type: 'cpr'},
      {type: 'cpr', value: ''},
      {type: 'cpr', value: 'x'.repeat(201)},
      {type: 'dog'},
    ])
      assert.ok(!ok(subject));
  });
  it('comes back from the backend without its value', () =>
    assert.deepEqual(
      openedContextSchema.parse({
        contextId: 'c',
        subject: {type: 'cpr', value: 'secret', masked: '641284-••••'},
        openedAt: at,
        expiresAt: at,
      }).subject,
      {type: 'cpr', masked: '641284-••••'},
    ));
});

describe('a problem', () => {
  it('has one HTTP status for each code', () => {
    for (const code of problemCodes) {
      const problem = problemOf(code, 'title');
      assert.ok(problem.status >= 400 && problem.status <= 504, code);
      assert.equal(problem.type, `urn:bsp:problem:${code}`);
      assert.deepEqual(problemSchema.parse(problem), problem);
    }
  });
  it('of a code that we do not know reads as internal', () =>
    assert.equal(problemSchema.parse({type: 'x', title: 't', status: 418, code: 'teapot'}).code, 'internal'));
  it('is what a backend throws, and its message has no more than code and title', () => {
    const error = new ProblemError(problemOf('not-found', 'Ukendt', {detail: 'secret'}));
    assert.equal(error.message, 'not-found: Ukendt');
    assert.ok(error instanceof Error);
  });
});

describe('an action', () => {
  const key = '0b6f3c1e-1d2c-4a8e-9a56-0a6b1f2c3d4e';
  it('needs a key that can be unique', () => {
    assert.ok(actionSchema.safeParse({type: 'reveal', key, payload: {}}).success);
    for (const bad of [undefined, '', '1234567', 'x'.repeat(101)])
      assert.ok(!actionSchema.safeParse({type: 'reveal', key: bad, payload: {}}).success);
  });
  for (const [type, good, bad] of [
    ['note.create', {heading: 'h', body: 'b'}, {heading: '', body: 'b'}],
    ['note.addendum', {note: {source: 's', id: 'i'}, body: 'b'}, {note: {source: 's', id: 'i'}, body: ''}],
    ['event.seen', {events: [{source: 's', id: 'i'}]}, {events: []}],
    ['event.acknowledge', {events: [{source: 's', id: 'i'}]}, {events: [{}]}],
    ['event.done', {events: [{source: 's', id: 'i'}]}, {}],
    ['reveal', {ref: {source: 's', id: 'i'}, field: 'cpr'}, {ref: {source: 's', id: 'i'}, field: 'all'}],
    ['draft.save', {window: 'journal', content: null}, {window: 'journal', content: {a: 1}}],
  ] as const)
    it(`${type} takes what it should and nothing else`, () => {
      assert.ok(actionPayloads[type].safeParse(good).success);
      assert.ok(!actionPayloads[type].safeParse(bad).success);
    });
});

describe('me', () => {
  it('reads with as little as a name and a tenant', () =>
    assert.ok(
      meSchema.safeParse({
        user: {id: 'u', name: 'Mette Dam'},
        tenant: {id: 't', name: 'Korsbæk'},
        capabilities: [],
        purposes: [],
      }).success,
    ));
});
