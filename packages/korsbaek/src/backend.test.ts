import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {
  type Action,
  type Case,
  casesResource,
  type Draft,
  type EventRecord,
  eventsResource,
  type Frame,
  frameSchema,
  frameStatuses,
  journalResource,
  type Launched,
  maskCprInText,
  type Note,
  type Notice,
  noticeSchema,
  openedContextSchema,
  type Person,
  type Plan,
  ProblemError,
  personResource,
  planSchema,
  type Read,
  type StreamMessage,
  type Subject,
  streamMessageSchema,
  type Target,
} from '@bsp/contract';
import fc from 'fast-check';
import {
  type BackendMethod,
  characters,
  type KorsbaekBackend,
  type KorsbaekBackendOptions,
  korsbaekBackend,
  type ManualClock,
  manualClock,
  systemIds,
} from './index.js';

const today = '2026-11-20T10:15:00+01:00';
const four: Read[] = ['person', 'cases', 'journal', 'events'].map((resource) => ({resource}));
const quiet = (): AbortSignal => new AbortController().signal;
const cprOf = (key: string): string => characters.find((one) => one.key === key)!.cpr;
/** Valid, and nobody's. */
const nobody = '6101019999';

const make = (options: KorsbaekBackendOptions = {}): KorsbaekBackend => korsbaekBackend({today, ...options});
const open = async (backend: KorsbaekBackend, cpr = cprOf('maude')): Promise<string> =>
  (await backend.openContext({type: 'cpr', value: cpr}, {signal: quiet()})).contextId;

async function messagesOf(
  backend: KorsbaekBackend,
  contextId: string,
  reads: readonly Read[] = four,
  signal = quiet(),
): Promise<StreamMessage[]> {
  const messages: StreamMessage[] = [];
  for await (const message of backend.read(contextId, reads, {signal})) messages.push(message);
  return messages;
}
const framesOf = async (...given: Parameters<typeof messagesOf>): Promise<Frame[]> =>
  (await messagesOf(...given)).filter((message): message is Frame => message?.kind === 'frame');
const itemsOf = async <T>(backend: KorsbaekBackend, contextId: string, resource: string): Promise<T[]> =>
  (await framesOf(backend, contextId, [{resource}])).flatMap(({items}) => items as T[]);

const code = (expected: string, status?: number) => (error: unknown) => {
  assert.ok(error instanceof ProblemError, String(error));
  assert.equal(error.problem.code, expected);
  if (status !== undefined) assert.equal(error.problem.status, status);
  return true;
};
const aborted = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

let keys = 0;
const action = (type: string, payload: unknown, key = `key-000${++keys}`): Action => ({type, key, payload});
const act = (backend: KorsbaekBackend, contextId: string, what: Action) =>
  backend.act(contextId, what, {signal: quiet()});

/** Lets everything happen that waits for nothing but its turn. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('opening', () => {
  it('knows the person, masked, and takes the number as people write it', async () => {
    const backend = make();
    const cpr = cprOf('maude');
    const opened = await backend.openContext(
      {type: 'cpr', value: `${cpr.slice(0, 6)}-${cpr.slice(6)}`},
      {signal: quiet()},
    );
    assert.deepEqual(openedContextSchema.parse(opened), opened);
    assert.deepEqual(opened.subject, {type: 'cpr', masked: '641284-••••', label: 'Maude Agerlund'});
  });

  it('never gives the same context twice', async () => {
    const backend = make();
    assert.equal(new Set([await open(backend), await open(backend), await open(backend, cprOf('holger'))]).size, 3);
  });

  it('opens a number that nobody has, and every source answers with nothing', async () => {
    const backend = make();
    const contextId = await open(backend, nobody);
    const frames = await framesOf(backend, contextId);
    assert.ok(frames.length >= 15);
    assert.ok(frames.every(({status, items, next}) => status === 'ok' && items.length === 0 && next === undefined));
  });

  it('refuses what is no subject, and what it does not know', async () => {
    const backend = make();
    const opening = (subject: Parameters<KorsbaekBackend['openContext']>[0]) =>
      backend.openContext(subject, {signal: quiet()});
    await assert.rejects(opening({type: 'cpr', value: '310280-1234'}), code('invalid-subject', 400));
    await assert.rejects(opening({type: 'ref', value: 'pzzz'.repeat(3)}), code('invalid-subject', 400));
    await assert.rejects(opening({type: 'self'}), code('not-applicable', 404));
    const lists = await opening({type: 'user'});
    const [frame] = await framesOf(backend, lists.contextId, [{resource: 'person'}]);
    assert.equal(frame?.status, 'not-applicable');
  });

  it('follows a relative by its handle to the person', async () => {
    const backend = make();
    const [maude] = await itemsOf<Person>(backend, await open(backend), 'person');
    const alma = maude!.children![0]!;
    const opened = await backend.openContext(alma.subject!, {signal: quiet()});
    assert.equal(opened.subject.label, 'Alma Agerlund Dissing');
    assert.equal(opened.subject.masked, alma.masked);
    const [back] = await itemsOf<Person>(backend, opened.contextId, 'person');
    const mother = back!.parents!.find(({relation}) => relation === 'mother')!;
    assert.equal((await backend.openContext(mother.subject!, {signal: quiet()})).subject.label, 'Maude Agerlund');
  });

  it('leads from the old number to the new', async () => {
    const backend = make();
    const [old] = await itemsOf<Person>(backend, await open(backend, cprOf('sasja')), 'person');
    assert.equal(old?.status.kind, 'changed-number');
    const opened = await backend.openContext(old!.replacedBy!.subject!, {signal: quiet()});
    const [renewed] = await itemsOf<Person>(backend, opened.contextId, 'person');
    assert.deepEqual(renewed?.previousNumbers, [old?.masked]);
    assert.equal(renewed?.status.kind, 'active');
  });

  it('is over after closing, and can be adopted before', async () => {
    const backend = make();
    const contextId = await open(backend);
    assert.equal((await backend.adoptContext(contextId, {signal: quiet()})).contextId, contextId);
    await backend.closeContext(contextId);
    for (const after of [
      backend.adoptContext(contextId, {signal: quiet()}),
      messagesOf(backend, contextId),
      act(backend, contextId, action('draft.save', {window: 'journal', content: {body: 'x'}})),
      backend.content(contextId, {source: 'ky', id: 'd0-0'}, {signal: quiet()}),
    ]) {
      await assert.rejects(after, code('context-closed', 409));
    }
    await backend.closeContext('never-opened');
  });
});

describe('a context that has expired', () => {
  it('is over', async () => {
    const clock = manualClock(today);
    const backend = make({clock});
    const {contextId, expiresAt} = await backend.openContext({type: 'cpr', value: cprOf('maude')}, {signal: quiet()});
    await clock.advance(Date.parse(expiresAt) - clock.now() - 1);
    await backend.adoptContext(contextId, {signal: quiet()});
    await clock.advance(1);
    await assert.rejects(backend.adoptContext(contextId, {signal: quiet()}), code('context-closed', 409));
    await assert.rejects(messagesOf(backend, contextId), code('context-closed', 409));
  });
});

describe('reading', () => {
  it('says the plan first, then a frame of every planned source, then End, all as the contract has them', async () => {
    const backend = make();
    const messages = await messagesOf(backend, await open(backend));
    for (const message of messages) assert.deepEqual(streamMessageSchema.parse(message), message);
    const plan = planSchema.parse(messages[0]);
    assert.equal(messages.at(-1)?.kind, 'end');
    const answered = messages
      .slice(1, -1)
      .map((message) => frameSchema.parse(message))
      .map((frame) => `${frame.resource}/${frame.source.id}`);
    const planned = Object.entries(plan.resources).flatMap(([name, {sources}]) =>
      sources.map(({id}) => `${name}/${id}`),
    );
    assert.deepEqual(answered.toSorted(), planned.toSorted());
    assert.deepEqual(
      plan.resources.cases?.sources.map(({id}) => id),
      [...systemIds],
    );
    assert.ok((plan.resources.journal?.sources.length ?? 0) >= 4);
    assert.equal(new Set(messages.map((message) => message.readId)).size, 1);
  });

  it('plans the same for everybody', async () => {
    const backend = make();
    const planOf = async (cpr: string) => ((await messagesOf(backend, await open(backend, cpr)))[0] as Plan).resources;
    assert.deepEqual(await planOf(cprOf('maude')), await planOf(nobody));
  });

  it('plans nobody for a resource that there is not', async () => {
    const backend = make();
    const [plan, end] = await messagesOf(backend, await open(backend), [{resource: 'documents'}]);
    assert.deepEqual((plan as Plan).resources.documents?.sources, []);
    assert.equal(end?.kind, 'end');
  });

  it('asks one source when told which', async () => {
    const backend = make();
    const messages = await messagesOf(backend, await open(backend), [{resource: 'cases', source: 'ky'}]);
    assert.deepEqual((messages[0] as Plan).resources.cases?.sources, [{id: 'ky', name: 'KY'}]);
    assert.equal(messages.length, 3);
  });

  it('gives one existence for DUBU, and nothing else of it', async () => {
    const backend = make();
    const contextId = await open(backend, cprOf('alma'));
    const frames = await framesOf(backend, contextId, [{resource: 'cases', source: 'dubu'}]);
    assert.deepEqual(frames[0]?.items, [{source: 'dubu', ask: {unit: 'Familieafdelingen', phone: '63 75 00 00'}}]);
    assert.doesNotMatch(JSON.stringify(await messagesOf(backend, contextId)), /Underretning|"dubu","id"/);
    const without = make({existenceOnly: []});
    assert.equal(
      (await framesOf(without, await open(without, cprOf('alma')), [{resource: 'cases', source: 'dubu'}]))[0]?.items
        .length,
      2,
    );
  });

  it('gives no CPR number anywhere, and only records that can be read', async () => {
    const backend = make({size: 100_000});
    const parsers = {person: personResource, cases: casesResource, journal: journalResource, events: eventsResource};
    const number = /(?<![\dA-Za-z])\d{10}(?![\dA-Za-z])/;
    const me = JSON.stringify(await backend.me({signal: quiet()}));
    assert.equal(maskCprInText(me), me);
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.nat({max: 21}), fc.nat({max: 99_999})), async (index) => {
        const cpr = backend.municipality.inhabitant(index).cpr;
        const opened = await backend.openContext({type: 'cpr', value: cpr}, {signal: quiet()});
        const messages = await messagesOf(backend, opened.contextId);
        const text = JSON.stringify([opened, messages]);
        assert.equal(maskCprInText(text), text);
        assert.doesNotMatch(text, number);
        assert.ok(
          !text.includes(cpr.slice(0, 6) + cpr.slice(6)) && !text.includes(`${cpr.slice(0, 6)}-${cpr.slice(6)}`),
        );
        for (const frame of messages.filter((message): message is Frame => message.kind === 'frame')) {
          const {parse} = parsers[frame.resource as keyof typeof parsers];
          for (const item of frame.items) assert.deepEqual(parse(item), item);
        }
      }),
      {numRuns: 120},
    );
    for (const call of backend.calls) assert.equal(maskCprInText(JSON.stringify(call)), JSON.stringify(call));
  });

  it('hands out copies: what a reader does to them changes nothing', async () => {
    const backend = make();
    const contextId = await open(backend);
    const before = await itemsOf<Note>(backend, contextId, 'journal');
    for (const note of await itemsOf<{heading: string}>(backend, contextId, 'journal')) note.heading = 'spoilt';
    assert.deepEqual(await itemsOf<Note>(backend, contextId, 'journal'), before);
  });

  it('stops at once when it is aborted', async () => {
    const clock = manualClock();
    const backend = make({clock, behaviour: {latency: {sbsys: 4000}, latencyMs: 10}});
    const contextId = await open(backend);
    const stop = new AbortController();
    const messages: StreamMessage[] = [];
    const reading = (async () => {
      for await (const message of backend.read(contextId, four, {signal: stop.signal})) messages.push(message);
    })();
    await clock.advance(20);
    const before = messages.length;
    assert.ok(before > 5);
    stop.abort();
    await assert.rejects(reading, aborted);
    await clock.advance(10_000);
    assert.equal(messages.length, before);
  });

  it('gives nothing after an abort, even what had come', async () => {
    const backend = make();
    const stop = new AbortController();
    const reading = backend.read(await open(backend), four, {signal: stop.signal})[Symbol.asyncIterator]();
    assert.equal((await reading.next()).value?.kind, 'plan');
    await settle();
    stop.abort();
    await assert.rejects(reading.next(), aborted);
    assert.deepEqual(await reading.next(), {value: undefined, done: true});
    const never = backend.read(await open(backend), four, {signal: AbortSignal.abort()})[Symbol.asyncIterator]();
    await assert.rejects(never.next(), aborted);
  });

  it('stops working for a reader that leaves', async () => {
    const clock = manualClock();
    const backend = make({clock, behaviour: {latencyMs: 500}});
    for await (const message of backend.read(await open(backend), four, {signal: quiet()})) {
      assert.equal(message.kind, 'plan');
      break;
    }
    await clock.advance(1000);
    assert.equal(clock.waiting, 0);
  });
});

describe('misbehaviour', () => {
  const cases: Read[] = [{resource: 'cases'}];

  it('is slow per source: the fast ones come first', async () => {
    const clock = manualClock();
    const backend = make({clock, behaviour: {latencyMs: 50, latency: {ky: 900, 'ky/journal': 5}}});
    const contextId = await open(backend);
    const order: string[] = [];
    const reading = (async () => {
      for await (const message of backend.read(contextId, [...cases, {resource: 'journal'}], {signal: quiet()})) {
        if (message.kind === 'frame') order.push(`${message.resource}/${message.source.id}`);
      }
    })();
    await clock.advance(10);
    assert.deepEqual(order, ['journal/ky']);
    await clock.advance(60);
    assert.ok(!order.includes('cases/ky'));
    await clock.advance(900);
    assert.equal(order.at(-1), 'cases/ky');
    await reading;
  });

  it('times a source out at the deadline', async () => {
    const clock = manualClock();
    const backend = make({clock, behaviour: {latency: {nexus: 60_000}, deadlineMs: 4000}});
    const reading = framesOf(backend, await open(backend), cases);
    await clock.advance(4000);
    const frames = await reading;
    assert.equal(frames.find(({source}) => source.id === 'nexus')?.status, 'timeout');
    assert.equal(frames.at(-1)?.source.id, 'nexus');
  });

  it('fails per source in every way that a frame can', async () => {
    const backend = make();
    const contextId = await open(backend);
    for (const status of frameStatuses) {
      if (status === 'ok') continue;
      backend.behaviour.failures = {ky: status, 'sbsys/journal': status};
      const frames = await framesOf(backend, contextId, [...cases, {resource: 'journal'}]);
      const failed = frames.filter((frame) => frame.status !== 'ok');
      assert.deepEqual(
        failed.map(({resource, source}) => `${resource}/${source.id}`),
        ['cases/ky', 'journal/ky', 'journal/sbsys'],
      );
      assert.ok(
        failed.every((frame) => frame.status === status && frame.items.length === 0 && frame.problem !== undefined),
      );
    }
  });

  it('fails whole requests', async () => {
    const backend = make();
    const contextId = await open(backend);
    const signal = quiet();
    const call: Record<Exclude<BackendMethod, 'closeContext'>, () => Promise<unknown>> = {
      me: () => backend.me({signal}),
      openContext: () => backend.openContext({type: 'cpr', value: nobody}, {signal}),
      adoptContext: () => backend.adoptContext(contextId, {signal}),
      read: () => messagesOf(backend, contextId),
      act: () => act(backend, contextId, action('draft.save', {window: 'w', content: null})),
      content: () => backend.content(contextId, {source: 'ky', id: 'd0-0'}, {signal}),
      live: () =>
        backend
          .live({contexts: [contextId], signal})
          [Symbol.asyncIterator]()
          .next(),
    };
    const expected = [
      [401, 'unauthorized'],
      [403, 'forbidden'],
      [404, 'not-found'],
      [409, 'context-closed'],
      [429, 'rate-limited'],
      [500, 'internal'],
      [503, 'unavailable'],
      ['network', 'unavailable'],
    ] as const;
    for (const method of Object.keys(call) as (keyof typeof call)[]) {
      for (const [failure, expectedCode] of expected) {
        backend.behaviour.requests = {[method]: failure};
        await assert.rejects(call[method](), code(expectedCode, failure === 'network' ? 503 : failure));
      }
    }
    backend.behaviour.requests = {};
    assert.ok((await messagesOf(backend, contextId)).length > 10);
  });

  it('asks for a purpose', async () => {
    const backend = make({behaviour: {purposeRequired: true}});
    const subject = {type: 'cpr', value: cprOf('maude')} as const;
    await assert.rejects(backend.openContext(subject, {signal: quiet()}), code('needs-purpose', 403));
    const [purpose] = (await backend.me({signal: quiet()})).purposes;
    assert.ok((await backend.openContext(subject, {purpose: purpose!.id, signal: quiet()})).contextId);
  });

  it('opens slowly, and not at all when aborted', async () => {
    const clock = manualClock();
    const backend = make({clock, behaviour: {openingMs: 300}});
    const stop = new AbortController();
    const opening = backend.openContext({type: 'cpr', value: cprOf('maude')}, {signal: stop.signal});
    let opened = false;
    opening.then(
      () => (opened = true),
      () => {},
    );
    await clock.advance(299);
    assert.equal(opened, false);
    stop.abort();
    await assert.rejects(opening, aborted);
  });

  it('reorders, the same way each time', async () => {
    const orderOf = async (order: 'as-answered' | 'reversed' | 'shuffled'): Promise<string[]> => {
      const backend = make({behaviour: {order}});
      return (await framesOf(backend, await open(backend), cases)).map(({source}) => source.id);
    };
    const usual = await orderOf('as-answered');
    assert.deepEqual(await orderOf('reversed'), usual.toReversed());
    const shuffled = await orderOf('shuffled');
    assert.notDeepEqual(shuffled, usual);
    assert.deepEqual(shuffled.toSorted(), usual.toSorted());
    assert.deepEqual(await orderOf('shuffled'), shuffled);
  });

  it('duplicates frames', async () => {
    const backend = make({behaviour: {duplicateFrames: true}});
    const frames = await framesOf(backend, await open(backend), cases);
    assert.equal(frames.length, 12);
    for (let i = 0; i < frames.length; i += 2) assert.deepEqual(frames[i], frames[i + 1]);
  });

  it('lets frames of another context through, full of another person', async () => {
    const backend = make();
    const contextId = await open(backend);
    const own = await framesOf(backend, contextId, [{resource: 'person'}]);
    backend.behaviour.foreignFrames = true;
    const [foreign, mine] = await framesOf(backend, contextId, [{resource: 'person'}]);
    assert.notEqual(foreign?.contextId, contextId);
    assert.equal((foreign?.items[0] as Person | undefined)?.name, 'Holger Skjern');
    assert.deepEqual(mine?.items, own[0]?.items);
  });

  it('answers about the wrong person', async () => {
    const backend = make({behaviour: {wrongPerson: true}});
    const opened = await backend.openContext({type: 'cpr', value: cprOf('maude')}, {signal: quiet()});
    const [person] = await itemsOf<Person>(backend, opened.contextId, 'person');
    assert.notEqual(person?.masked, opened.subject.masked);
  });

  it('breaks the stream, silently or not', async () => {
    const backend = make({behaviour: {breakAfterFrames: 2}});
    const contextId = await open(backend);
    assert.deepEqual(
      (await messagesOf(backend, contextId)).map(({kind}) => kind),
      ['plan', 'frame', 'frame'],
    );
    backend.behaviour.breakAfterFrames = 0;
    assert.deepEqual(
      (await messagesOf(backend, contextId)).map(({kind}) => kind),
      ['plan'],
    );
    backend.behaviour.breakWith = 'error';
    backend.behaviour.breakAfterFrames = 1;
    const kinds: string[] = [];
    await assert.rejects(async () => {
      for await (const message of backend.read(contextId, four, {signal: quiet()})) kinds.push(message.kind);
    }, code('unavailable'));
    assert.deepEqual(kinds, ['plan', 'frame']);
  });

  it('sends garbage between good frames', async () => {
    const backend = make({behaviour: {garbage: true}});
    const messages: unknown[] = await messagesOf(backend, await open(backend), cases);
    const good = messages.filter((message) => streamMessageSchema.safeParse(message).success);
    assert.equal(good.length, 8);
    assert.equal(messages.length, 14);
  });

  it('mixes unreadable items in and says how many it could not read itself', async () => {
    const backend = make();
    const contextId = await open(backend);
    const before = (await itemsOf(backend, contextId, 'cases')).length;
    Object.assign(backend.behaviour, {unreadableItems: 5, invalidItems: 2});
    const frames = await framesOf(backend, contextId, cases);
    const items = frames.flatMap((frame) => frame.items);
    assert.equal(items.length, before + 30);
    assert.equal(items.filter((item) => casesResource.parse(item) === undefined).length, 30);
    assert.ok(frames.every(({invalid}) => invalid === 2));
  });

  it('says words that nobody knows, which stay readable', async () => {
    const backend = make({behaviour: {unknownWords: true}});
    const contextId = await open(backend, cprOf('bente'));
    for (const item of await itemsOf(backend, contextId, 'cases')) {
      const read = casesResource.parse(item);
      if (read && 'status' in read) {
        assert.equal(read.status.phase, undefined);
        assert.ok(read.status.native);
        assert.equal(read.sensitivity, 'unknown');
      }
    }
    const [person] = await itemsOf(backend, contextId, 'person');
    assert.equal(personResource.parse(person)?.status.kind, 'inactive');
  });

  it('pages: what the pages give is what one read gives', async () => {
    const whole = make();
    const all = (
      await framesOf(whole, await open(whole, cprOf('bente')), [{resource: 'journal', source: 'momentum'}])
    )[0]!.items;
    assert.ok(all.length > 10);
    await fc.assert(
      fc.asyncProperty(fc.integer({min: 1, max: 60}), async (pageSize) => {
        const backend = make({behaviour: {pageSize}});
        const contextId = await open(backend, cprOf('bente'));
        const items: unknown[] = [];
        let cursor: string | undefined;
        do {
          const read = {resource: 'journal', source: 'momentum', ...(cursor === undefined ? {} : {cursor})};
          const [frame] = await framesOf(backend, contextId, [read]);
          assert.equal(frame?.mode, cursor === undefined ? 'replace' : 'append');
          assert.ok(frame!.items.length <= pageSize);
          items.push(...frame!.items);
          cursor = frame?.next;
        } while (cursor !== undefined);
        assert.deepEqual(items, all);
      }),
      {numRuns: 20},
    );
    const [bad] = await framesOf(whole, await open(whole), [{resource: 'cases', source: 'ky', cursor: 'nonsense'}]);
    assert.equal(bad?.status, 'invalid');
  });

  it('answers a cursor in its own context and for its own source only', async () => {
    const backend = make({behaviour: {pageSize: 5}});
    const contextId = await open(backend, cprOf('bente'));
    const [page] = await framesOf(backend, contextId, [{resource: 'journal', source: 'momentum'}]);
    const cursor = page!.next!;
    const other = await open(backend);
    for (const [where, read] of [
      [other, {resource: 'journal', source: 'momentum', cursor}],
      [contextId, {resource: 'cases', source: 'momentum', cursor}],
      [contextId, {resource: 'journal', source: 'momentum', cursor: 'o5'}],
      [contextId, {resource: 'journal', source: 'momentum', cursor: 'o99999.x'}],
    ] as const) {
      const [frame] = await framesOf(backend, where, [read]);
      assert.deepEqual([frame?.status, frame?.items], ['invalid', []]);
    }
  });

  it('never puts more than 500 items into a frame', async () => {
    const backend = make();
    const contextId = await open(backend);
    for (let i = 0; i < 1203; i++) backend.emit(0, {title: `Besked ${i}`});
    const frames = await framesOf(backend, contextId, [{resource: 'events', source: 'beskedfordeler'}]);
    assert.deepEqual(
      frames.map(({mode, items}) => [mode, items.length]),
      [
        ['replace', 500],
        ['append', 500],
        ['append', 203],
      ],
    );
    assert.ok(frames.every((frame) => frameSchema.safeParse(frame).success));
  });

  it('serves from a cache', async () => {
    const clock = manualClock(today);
    const backend = make({clock, behaviour: {cached: {'ky/cases': 90}}});
    const frames = await framesOf(backend, await open(backend), cases);
    const ky = frames.find(({source}) => source.id === 'ky')!;
    assert.deepEqual([ky.cached, ky.asOf], [true, '2026-11-20T08:45:00+01:00']);
    assert.ok(frames.every((frame) => frame === ky || (frame.cached === undefined && frame.asOf === today)));
  });

  it('leaves numbers in texts when it is told to', async () => {
    const backend = make({behaviour: {numbersInText: true}});
    const text = JSON.stringify(await itemsOf(backend, await open(backend, cprOf('kasper')), 'journal'));
    assert.notEqual(maskCprInText(text), text);
  });

  it('holds a source until it is let go', async () => {
    const backend = make();
    const contextId = await open(backend);
    const release = backend.hold('kmd-aktiv');
    const seen: string[] = [];
    const reading = (async () => {
      for await (const message of backend.read(contextId, cases, {signal: quiet()})) {
        seen.push(message.kind === 'frame' ? message.source.id : message.kind);
      }
    })();
    await settle();
    assert.deepEqual(seen.toSorted(), ['plan', ...systemIds.filter((id) => id !== 'kmd-aktiv')].toSorted());
    release();
    release();
    await reading;
    assert.deepEqual(seen.slice(-2), ['kmd-aktiv', 'end']);
  });

  it('takes capabilities away', async () => {
    const backend = make({behaviour: {withoutCapabilities: ['act:note.create', 'read:journal', 'live']}});
    const contextId = await open(backend);
    const {capabilities} = await backend.me({signal: quiet()});
    assert.ok(capabilities.includes('read:cases') && !capabilities.includes('act:note.create'));
    await assert.rejects(
      act(backend, contextId, action('note.create', {heading: 'h', body: 'b'})),
      code('forbidden', 403),
    );
    const [plan] = await messagesOf(backend, contextId, [{resource: 'journal'}]);
    assert.deepEqual((plan as Plan).resources.journal?.sources, []);
    await assert.rejects(
      backend
        .live({contexts: [contextId], signal: quiet()})
        [Symbol.asyncIterator]()
        .next(),
      code('forbidden'),
    );
  });
});

describe('acting', () => {
  const note = {heading: 'Telefonsamtale', body: 'Maude ringer og <b>fortæller</b>.'};

  it('writes a note that stands in the journal, once, however often it is sent', async () => {
    const backend = make();
    const contextId = await open(backend);
    const before = await itemsOf<Note>(backend, contextId, 'journal');
    const create = action('note.create', {...note, case: {ref: {source: 'ky', id: 'c0-0'}, title: 'Kontanthjælp'}});
    const first = await act(backend, contextId, create);
    const again = await act(backend, contextId, {...create, payload: structuredClone(create.payload)});
    assert.deepEqual(again, {...first, replayed: true});
    const after = await itemsOf<Note>(backend, contextId, 'journal');
    assert.equal(after.length, before.length + 1);
    const written = after.find(({ref}) => ref.source === 'bsp')!;
    assert.deepEqual(written.ref, (first.result as {ref: unknown}).ref);
    assert.deepEqual([written.heading, written.body, written.author.name], [note.heading, note.body, 'Karla Bruun']);
    assert.equal(written.delivery?.state, 'kept');
    assert.deepEqual(journalResource.parse(written), written);
  });

  it('keeps a note whose answer was lost: the retry tells', async () => {
    const backend = make({behaviour: {loseAnswers: 1}});
    const contextId = await open(backend);
    const create = action('note.create', note);
    await assert.rejects(act(backend, contextId, create), code('unavailable'));
    assert.equal((await act(backend, contextId, create)).replayed, true);
    assert.equal(
      (await itemsOf<Note>(backend, contextId, 'journal')).filter(({ref}) => ref.source === 'bsp').length,
      1,
    );
    await backend.closeContext(contextId);
    assert.equal((await act(backend, contextId, create)).replayed, true);
  });

  it('refuses a key that was used for something else', async () => {
    const backend = make();
    const contextId = await open(backend);
    const create = action('note.create', note);
    await act(backend, contextId, create);
    const reused = code('key-reused', 422);
    await assert.rejects(act(backend, contextId, {...create, payload: {...note, body: 'andet'}}), reused);
    await assert.rejects(
      act(backend, contextId, {...create, type: 'draft.save', payload: {window: 'w', content: null}}),
      reused,
    );
    await assert.rejects(act(backend, await open(backend, cprOf('holger')), create), reused);
  });

  it('carries out any mix of repeats exactly once each', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({max: 4}), {minLength: 1, maxLength: 25}), async (sent) => {
        const backend = make();
        const contextId = await open(backend, cprOf('rasmus'));
        const results = await Promise.all(
          sent.map((n) =>
            act(backend, contextId, action('note.create', {heading: `h${n}`, body: `b${n}`}, `property-${n}`)),
          ),
        );
        const notes = await itemsOf<Note>(backend, contextId, 'journal');
        assert.deepEqual(notes.map(({body}) => body).toSorted(), [...new Set(sent)].map((n) => `b${n}`).toSorted());
        assert.equal(results.filter(({replayed}) => !replayed).length, new Set(sent).size);
      }),
      {numRuns: 25},
    );
  });

  it('says what is wrong with an action', async () => {
    const backend = make();
    const contextId = await open(backend);
    const refused = (what: Action, ...expected: [string, number]) =>
      assert.rejects(act(backend, contextId, what), code(...expected));
    await refused(action('note.delete', {}), 'invalid-request', 400);
    await refused(action('note.create', {heading: '', body: 'b'}), 'invalid-request', 400);
    await refused(action('note.create', {heading: 'h', body: 'æ'.repeat(50_001)}), 'too-large', 413);
    await refused(action('note.create', {...note, case: {ref: {source: 'ky', id: 'c1-0'}}}), 'foreign-item', 409);
    await refused(action('note.create', {...note, case: {ref: {source: 'dubu', id: 'c0-7'}}}), 'foreign-item', 409);
    await refused(action('note.addendum', {note: {source: 'momentum', id: 'n1-0'}, body: 'b'}), 'foreign-item', 409);
    await refused(
      action('event.seen', {
        events: [
          {source: 'ky', id: 'e0-letter0-sent'},
          {source: 'ky', id: 'e1-letter0-sent'},
        ],
      }),
      'foreign-item',
      409,
    );
    await refused(action('reveal', {ref: {source: 'cpr', id: 'p1'}, field: 'cpr'}), 'foreign-item', 409);
    assert.equal(
      (await itemsOf<Note>(backend, contextId, 'journal')).filter(({ref}) => ref.source === 'bsp').length,
      0,
    );
  });

  it('adds to a note without changing it', async () => {
    const backend = make();
    const contextId = await open(backend);
    const [before] = await itemsOf<Note>(backend, contextId, 'journal');
    await act(backend, contextId, action('note.addendum', {note: before!.ref, body: 'Rettelse: fredag.'}));
    const [after] = await itemsOf<Note>(backend, contextId, 'journal');
    assert.equal(after?.body, before?.body);
    assert.equal(after?.addenda?.at(-1)?.body, 'Rettelse: fredag.');
  });

  it('keeps seen, acknowledged and done apart, and the first mark of each', async () => {
    const clock = manualClock(today);
    const backend = make({clock});
    const contextId = await open(backend);
    const failed = async (): Promise<EventRecord> =>
      (await itemsOf<EventRecord>(backend, contextId, 'events')).find(({type}) => type === 'digital-post.failed')!;
    const {ref, seenAt} = await failed();
    assert.equal(seenAt, undefined);
    await act(backend, contextId, action('event.done', {events: [ref]}));
    assert.deepEqual((await failed()).done, {at: today, by: 'Karla Bruun'});
    assert.equal((await failed()).seenAt, undefined);
    await clock.advance(60_000);
    await act(backend, contextId, action('event.done', {events: [ref]}));
    await act(backend, contextId, action('event.seen', {events: [ref, ref]}));
    assert.equal((await failed()).done?.at, today);
    assert.equal((await failed()).seenAt, '2026-11-20T10:16:00+01:00');
    assert.equal((await failed()).acknowledged, undefined);
  });

  it('reveals number and address, and keeps neither', async () => {
    const backend = make();
    const contextId = await open(backend);
    const [person] = await itemsOf<Person>(backend, contextId, 'person');
    assert.equal(person?.address?.lines, undefined);
    const reveal = action('reveal', {ref: person!.ref, field: 'cpr'});
    const cpr = cprOf('maude');
    assert.deepEqual((await act(backend, contextId, reveal)).result, {value: `${cpr.slice(0, 6)}-${cpr.slice(6)}`});
    assert.equal((await act(backend, contextId, reveal)).replayed, true);
    const address = await act(backend, contextId, action('reveal', {ref: person!.ref, field: 'address'}));
    assert.equal((address.result as {lines: string[]}).lines.length, 2);
    await backend.closeContext(contextId);
    await assert.rejects(act(backend, contextId, reveal), code('context-closed'));
  });

  it('leads on to other systems, with a case that is this person’s, by another code each time', async () => {
    const backend = make();
    const contextId = await open(backend);
    const [nexus, , ky] = await itemsOf<Target>(backend, contextId, 'targets');
    assert.deepEqual([nexus?.name, ky?.for, ky?.sources], ['KMD Nexus', 'case', ['ky']]);
    const launch = action('launch', {target: nexus!.ref});
    const urls = [await act(backend, contextId, launch), await act(backend, contextId, launch)].map(
      ({result}) => (result as Launched).url,
    );
    assert.match(urls[0]!, /^https:\/\/nexus\.korsbaek\.example\/\?launch=\w+$/);
    assert.notEqual(urls[0], urls[1]);
    const cases = await itemsOf<Case>(backend, contextId, 'cases');
    const record = cases.find(({ref}) => ref?.source === 'ky')!.ref;
    assert.ok((await act(backend, contextId, action('launch', {target: ky!.ref, record}))).result);
    const refuses = async (payload: object, problem: string) =>
      assert.rejects(act(backend, contextId, action('launch', payload)), code(problem));
    await refuses({target: ky!.ref}, 'invalid-request');
    await refuses({target: nexus!.ref, record}, 'invalid-request');
    await refuses({target: ky!.ref, record: {source: 'ky', id: 'x'}}, 'foreign-item');
    await refuses({target: ky!.ref, record: {...record, source: 'sbsys'}}, 'foreign-item');
    await refuses({target: {source: 'bsp', id: 'x'}}, 'not-applicable');
  });

  it('keeps a draft with its person until it is discarded', async () => {
    const backend = make();
    const contextId = await open(backend);
    const {key: version} = await act(
      backend,
      contextId,
      action('draft.save', {window: 'journal', content: {body: 'x'}}),
    );
    assert.deepEqual(await itemsOf(backend, await open(backend, cprOf('holger')), 'drafts'), []);
    const [draft] = await itemsOf<Draft>(backend, await open(backend), 'drafts');
    assert.deepEqual([draft?.window, draft?.version, draft?.content], ['journal', version, {body: 'x'}]);
    await act(backend, contextId, action('draft.save', {window: 'journal', content: null, over: version}));
    assert.deepEqual(await itemsOf(backend, contextId, 'drafts'), []);
  });

  it('keeps a draft about a company or the user’s own, too, and each with its own', async () => {
    const backend = make();
    const contextOf = async (subject: Subject) => (await backend.openContext(subject, {signal: quiet()})).contextId;
    const subjects: Subject[] = [{type: 'cvr', value: '90000004'}, {type: 'bfe', value: '990000001'}, {type: 'user'}];
    for (const subject of subjects)
      await act(
        backend,
        await contextOf(subject),
        action('draft.save', {window: 'journal', content: {body: subject.type}}),
      );
    for (const subject of subjects)
      assert.deepEqual(
        (await itemsOf<Draft>(backend, await contextOf(subject), 'drafts')).map(({content}) => content.body),
        [subject.type],
      );
  });

  it('keeps no draft in place of one that its sender has not seen, nor for an action that is done', async () => {
    const backend = make();
    const contextId = await open(backend);
    const save = (more: object) =>
      act(backend, contextId, action('draft.save', {window: 'w', content: {a: 'b'}, ...more}));
    const body = async () => (await itemsOf<Draft>(backend, contextId, 'drafts')).map(({content}) => content);
    const {key: first} = await save({});
    for (const more of [{}, {over: 'other'}, {content: null}]) await assert.rejects(save(more), code('conflict'));
    assert.deepEqual(await body(), [{a: 'b'}]);
    const {key: second} = await save({over: first, content: {a: 'c'}, key: 'note-key-1'});
    await assert.rejects(save({over: first}), code('conflict'));
    assert.deepEqual(await body(), [{a: 'c'}]);
    await act(backend, contextId, action('note.create', {heading: 'H', body: 'B'}, 'note-key-1'));
    assert.deepEqual(await body(), []);
    await assert.rejects(save({over: second}), code('conflict'));
    await assert.rejects(save({key: 'note-key-1'}), code('conflict'));
    assert.deepEqual(await body(), []);
  });

  it('does nothing when aborted before, and is done when aborted after', async () => {
    const clock = manualClock();
    const backend = make({clock, behaviour: {actingMs: 100}});
    const contextId = await open(backend, cprOf('rasmus'));
    const stop = new AbortController();
    const acting = backend.act(contextId, action('note.create', note), {signal: stop.signal});
    await clock.advance(50);
    stop.abort();
    await assert.rejects(acting, aborted);
    await clock.advance(1000);
    assert.deepEqual(await itemsOf(backend, contextId, 'journal'), []);
  });

  it('moves a note on its way', async () => {
    const backend = make();
    const contextId = await open(backend, cprOf('rasmus'));
    const {result} = await act(backend, contextId, action('note.create', note));
    const {ref} = result as {ref: Note['ref']};
    backend.deliverNote(ref, 'rejected', 'Sagen er lukket');
    const [written] = await itemsOf<Note>(backend, contextId, 'journal');
    assert.deepEqual([written?.delivery?.state, written?.delivery?.reason], ['rejected', 'Sagen er lukket']);
    assert.throws(() => backend.deliverNote({source: 'bsp', id: 'w99'}, 'failed'), RangeError);
  });

  it('has no documents', async () => {
    const backend = make();
    await assert.rejects(
      backend.content(await open(backend), {source: 'ky', id: 'd0-0'}, {signal: quiet()}),
      code('not-found', 404),
    );
  });
});

describe('the live line', () => {
  /** Collects notices until the line ends. */
  function listen(backend: KorsbaekBackend, contexts: string[], lastEventId?: string) {
    const stop = new AbortController();
    const notices: Notice[] = [];
    let open = false;
    const over = (async () => {
      const line = backend.live({
        contexts,
        signal: stop.signal,
        onOpen: () => {
          open = true;
        },
        ...(lastEventId === undefined ? {} : {lastEventId}),
      });
      for await (const notice of line) notices.push(notice);
    })();
    over.catch(() => {});
    return {notices, over, stop, isOpen: () => open};
  }

  it('tells of writes and of emitted events, to the contexts of that person only, without person data', async () => {
    const backend = make();
    const [maude, again, holger] = [await open(backend), await open(backend), await open(backend, cprOf('holger'))];
    const line = listen(backend, [maude, again, holger]);
    await settle();
    assert.ok(line.isOpen());
    backend.emit(cprOf('maude'), {type: 'digital-post.failed', title: 'Digital Post kunne ikke leveres'});
    await act(backend, maude, action('note.create', {heading: 'h', body: 'b'}));
    await settle();
    assert.deepEqual(
      line.notices.map((notice) => [
        notice.contextId,
        notice.kind === 'notice' ? `${notice.resource}/${notice.source}` : '',
      ]),
      [
        [maude, 'events/beskedfordeler'],
        [again, 'events/beskedfordeler'],
        [maude, 'journal/bsp'],
        [again, 'journal/bsp'],
      ],
    );
    for (const notice of line.notices) assert.deepEqual(noticeSchema.parse(notice), notice);
    const [event] = await itemsOf<EventRecord>(backend, again, 'events');
    assert.equal(event?.title, 'Digital Post kunne ikke leveres');
    line.stop.abort();
    await assert.rejects(line.over, aborted);
  });

  it('shows an event once per id', async () => {
    const backend = make();
    const contextId = await open(backend, cprOf('rasmus'));
    const line = listen(backend, [contextId]);
    await settle();
    const first = backend.emit('7908036001', {id: 'besked-1', title: 'Flytning'});
    assert.deepEqual(backend.emit(9, {id: 'besked-1', title: 'Flytning igen'}), first);
    await settle();
    assert.equal((await itemsOf(backend, contextId, 'events')).length, 1);
    assert.equal(line.notices.length, 1);
    assert.throws(() => backend.emit(9, {title: 'x', source: 'kmd-aktiv'}), RangeError);
    line.stop.abort();
  });

  it('misses nothing and repeats nothing, wherever the line breaks', async () => {
    const step = fc.oneof(
      fc.record({do: fc.constant('emit' as const), who: fc.nat({max: 2})}),
      fc.record({do: fc.constant('break' as const), who: fc.constant(0)}),
      fc.record({do: fc.constant('resume' as const), who: fc.constant(0)}),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, {maxLength: 40}), async (steps) => {
        const backend = make();
        const opened = await backend.openContext({type: 'cpr', value: cprOf('maude')}, {signal: quiet()});
        const other = await open(backend, cprOf('holger'));
        const contexts = [opened.contextId, other];
        const got: Notice[] = [];
        let cursor = opened.cursor!;
        let line: ReturnType<typeof listen> | undefined;
        let expected = 0;
        const hangUp = async (): Promise<void> => {
          if (!line) return;
          await settle();
          backend.dropLive();
          await line.over;
          got.push(...line.notices);
          cursor = line.notices.at(-1)?.cursor ?? cursor;
          line = undefined;
        };
        for (const {do: what, who} of steps) {
          if (what === 'emit') {
            backend.emit(who, {title: 'Hændelse'});
            if (who < 2) expected++;
          } else if (what === 'break') await hangUp();
          else if (!line) {
            line = listen(backend, contexts, cursor);
            await settle();
          }
        }
        await hangUp();
        line = listen(backend, contexts, cursor);
        await hangUp();
        assert.equal(got.length, expected);
        assert.equal(new Set(got.map((notice) => notice.cursor)).size, expected);
        assert.ok(got.every(({kind}) => kind === 'notice'));
      }),
      {numRuns: 40},
    );
  });

  it('resets who comes back with a cursor that it has forgotten or never gave', async () => {
    const backend = make();
    const opened = await backend.openContext({type: 'cpr', value: cprOf('maude')}, {signal: quiet()});
    backend.emit(0, {title: 'Hændelse'});
    backend.forgetNotices();
    for (const cursor of [opened.cursor!, 'another-epoch.3', 'nonsense', '']) {
      const line = listen(backend, [opened.contextId], cursor);
      await settle();
      assert.deepEqual(
        line.notices.map(({kind, contextId}) => [kind, contextId]),
        [['reset', opened.contextId]],
        cursor,
      );
      const resumed = listen(backend, [opened.contextId], line.notices[0]!.cursor);
      await settle();
      assert.deepEqual(resumed.notices, []);
      line.stop.abort();
      resumed.stop.abort();
    }
    const line = listen(backend, [opened.contextId]);
    await settle();
    backend.reset(0);
    await settle();
    assert.deepEqual(
      line.notices.map(({kind}) => kind),
      ['reset'],
    );
    line.stop.abort();
  });

  it('opens no line for contexts that are over, and resets one that is beside others', async () => {
    const backend = make();
    const [here, gone] = [await open(backend), await open(backend)];
    await backend.closeContext(gone);
    const refused = backend.live({contexts: [gone, 'never-opened'], signal: quiet()});
    await assert.rejects(async () => refused[Symbol.asyncIterator]().next(), code('context-closed', 409));
    const line = listen(backend, [here, gone]);
    await settle();
    assert.deepEqual(
      line.notices.map(({kind, contextId}) => [kind, contextId]),
      [['reset', gone]],
    );
    line.stop.abort();
  });

  it('tells nothing of a closed context', async () => {
    const backend = make();
    const contextId = await open(backend);
    const line = listen(backend, [contextId]);
    await settle();
    await backend.closeContext(contextId);
    backend.emit(0, {title: 'Hændelse'});
    await settle();
    assert.deepEqual(line.notices, []);
    line.stop.abort();
  });
});

describe('two Backends of one seed', () => {
  it('hold the same people and not each other\u2019s writes', async () => {
    const [one, other] = [make(), make()];
    const [here, there] = [await open(one), await open(other)];
    assert.deepEqual(await itemsOf(one, here, 'cases'), await itemsOf(other, there, 'cases'));
    await act(one, here, action('note.create', {heading: 'h', body: 'b'}));
    assert.equal((await itemsOf<Note>(other, there, 'journal')).filter(({ref}) => ref.source === 'bsp').length, 0);
  });
});

describe('the manual clock', () => {
  it('lets what is due happen in order, and nothing else', async () => {
    const clock: ManualClock = manualClock();
    const order: number[] = [];
    for (const ms of [30, 10, 20, 40]) void clock.wait(ms, quiet()).then(() => order.push(ms));
    await clock.advance(30);
    assert.deepEqual(order, [10, 20, 30]);
    assert.equal(clock.waiting, 1);
  });
});
