import assert from 'node:assert/strict';
import {it} from 'node:test';
import type {Frame, Person} from '@bsp/contract';
import {SourceProblem} from '@bsp/sources';
import {anna, answering, bo, caseOf, deferred, gateways, onEachStorage, scripted} from './harness.test.js';

onEachStorage('fan-out', (storageFor) => {
  const {run} = gateways(storageFor);
  const started = async (...sources: object[]) => (await run(sources)).client;

  it('sends each frame as its source answers, not in the order of the plan', async () => {
    const slow = deferred();
    const client = await started(
      scripted('slow', {
        async *read({subject}) {
          await slow.promise;
          yield {about: subject, items: [caseOf('s1')]};
        },
      }),
      scripted('fast', answering('cases', [caseOf('f1')])),
    );
    const {contextId} = await client.open(anna);
    const stream = client.stream(contextId, [{resource: 'cases'}]);
    const plan = await stream.next();
    assert(plan.value?.kind === 'plan');
    assert.deepEqual(
      plan.value.resources.cases?.sources.map((source: {id: string}) => source.id),
      ['slow', 'fast'],
    );
    const first = (await stream.next()).value as Frame;
    assert.equal(first.source.id, 'fast');
    assert.deepEqual((first.items[0] as {ref: object}).ref, {source: 'fast', id: 'f1'});
    slow.resolve();
    assert.equal(((await stream.next()).value as Frame).source.id, 'slow');
    assert.equal((await stream.next()).value?.kind, 'end');
  });

  it('says timeout at a source’s deadline and aborts it', async () => {
    const aborted = deferred<unknown>();
    const client = await started(
      scripted(
        'dead',
        {
          async *read({signal}) {
            signal.addEventListener('abort', () => aborted.resolve(signal.reason));
            await new Promise(() => undefined);
          },
        },
        {deadlineMs: 30},
      ),
    );
    const {contextId} = await client.open(anna);
    const [frame] = await client.frames(contextId, 'cases');
    assert.equal(frame?.status, 'timeout');
    assert.equal(frame?.problem?.code, 'timeout');
    await aborted.promise;
  });

  it('drops an answer about another person, also in the middle', async () => {
    const client = await started(
      scripted('wrong', {
        async *read({subject}) {
          yield {about: subject, items: [caseOf('mine')]};
          yield {about: bo, items: [caseOf('his')]};
        },
      }),
    );
    const {contextId} = await client.open(anna);
    const frames = await client.frames(contextId, 'cases');
    const last = frames.at(-1)!;
    assert.deepEqual(
      [last.status, last.mode, last.items, last.problem?.code],
      ['invalid', 'replace', [], 'wrong-subject'],
    );
    assert(!JSON.stringify(frames).includes('his'));
  });

  it('drops what came before where the connector itself sees that the answer is about another person', async () => {
    const client = await started(
      scripted('wrong', {
        async *read({subject}) {
          yield {about: subject, items: [caseOf('mine')]};
          const problem = {type: 'x', title: 'Nej', status: 502, code: 'wrong-subject'} as const;
          throw new SourceProblem('invalid', problem);
        },
      }),
    );
    const {contextId} = await client.open(anna);
    const last = (await client.frames(contextId, 'cases')).at(-1)!;
    assert.deepEqual([last.status, last.mode, last.items], ['invalid', 'replace', []]);
  });

  it('tells what a broken source is, and shows the others', async () => {
    const client = await started(
      scripted('throws', {
        // biome-ignore lint/correctness/useYield: it only throws
        async *read() {
          throw new Error('boom');
        },
      }),
      scripted('refuses', {
        // biome-ignore lint/correctness/useYield: it only throws
        async *read() {
          throw new SourceProblem('forbidden', {type: 'x', title: 'Nej', status: 403, code: 'forbidden'});
        },
      }),
      scripted('silent', {async *read() {}}),
      scripted('garbage', answering('cases', [caseOf('g1'), {ref: 1}, 'text', null, caseOf('g2', {status: 3})])),
    );
    const {contextId} = await client.open(anna);
    const frames = await client.frames(contextId, 'cases');
    const of = (id: string) => frames.find(({source}) => source.id === id)!;
    assert.equal(of('throws').status, 'unavailable');
    assert.equal(of('refuses').status, 'forbidden');
    assert.equal(of('silent').status, 'invalid');
    assert.deepEqual([of('garbage').status, of('garbage').items.length, of('garbage').invalid], ['ok', 1, 4]);
  });

  it('splits long answers into frames of 500 and pages on with an opaque cursor', async () => {
    const ids = Array.from({length: 1_201}, (_, index) => `c${index}`);
    const client = await started(
      scripted('long', {
        async *read({subject, cursor}) {
          if (cursor === 'page two') yield {about: subject, items: [caseOf('last')]};
          else yield {about: subject, items: ids.map((id) => caseOf(id)), next: 'page two'};
        },
      }),
    );
    const {contextId} = await client.open(anna);
    const frames = await client.frames(contextId, 'cases');
    assert.deepEqual(
      frames.map(({items, mode, next}) => [items.length, mode, next !== undefined]),
      [
        [500, 'replace', false],
        [500, 'append', false],
        [201, 'append', true],
      ],
    );
    const next = frames[2]!.next!;
    assert(!next.includes('page'));
    const more = await client.frames(contextId, {resource: 'cases', source: 'long', cursor: next});
    assert.deepEqual([more[0]?.mode, more[0]?.items.length, more[0]?.next], ['append', 1, undefined]);
    const other = await client.open(bo);
    const foreign = await client.post(`/contexts/${other.contextId}/read`, {
      reads: [{resource: 'cases', source: 'long', cursor: next}],
    });
    assert.equal(foreign.status, 400);
  });

  it('asks a source for so many at a time only', async () => {
    let asked = 0;
    let most = 0;
    const gate = deferred();
    const client = await started(
      scripted(
        'narrow',
        {
          resources: ['cases', 'person', 'journal'],
          async *read({subject}) {
            most = Math.max(most, ++asked);
            await gate.promise;
            asked--;
            yield {about: subject, items: []};
          },
        },
        {concurrency: 2},
      ),
    );
    const {contextId} = await client.open(anna);
    const stream = client.stream(contextId, [{resource: 'cases'}, {resource: 'person'}, {resource: 'journal'}]);
    await stream.next();
    gate.resolve();
    let statuses = '';
    for await (const message of stream) if (message.kind === 'frame') statuses += `${message.status} `;
    assert.equal(statuses, 'ok '.repeat(4));
    assert.equal(most, 2);
  });

  it('aborts its sources when the client goes away', async () => {
    const asked = deferred();
    const aborted = deferred();
    const client = await started(
      scripted('waiting', {
        async *read({subject, signal}) {
          asked.resolve();
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
          aborted.resolve();
          yield {about: subject, items: []};
        },
      }),
    );
    const {contextId} = await client.open(anna);
    const leave = new AbortController();
    const stream = client.stream(contextId, [{resource: 'cases'}], leave.signal);
    await stream.next();
    await asked.promise;
    leave.abort();
    await assert.rejects(stream.next());
    await aborted.promise;
  });

  it('shows of an existence-only source that it has something, and nothing else', async () => {
    const existence = {unit: 'Familieafdelingen', phone: '63 75 00 00'};
    const has = (items: object[], more = {}) => ({...answering('cases', items, more), resources: ['cases', 'journal']});
    const client = await started(
      scripted('some', has([caseOf('hidden'), caseOf('also')], {asOf: '2026-01-01T00:00:00Z'}), {existence}),
      scripted('none', has([]), {existence}),
    );
    const {contextId} = await client.open(anna);
    const frames = await client.frames(contextId, 'cases', 'journal');
    const cases = (id: string) => frames.find(({source, resource}) => resource === 'cases' && source.id === id)!;
    assert.deepEqual(cases('some').items, [{source: 'some', ask: existence}]);
    assert.deepEqual([cases('none').status, cases('none').items], ['ok', []]);
    assert.notEqual(cases('some').asOf, '2026-01-01T00:00:00Z');
    assert.deepEqual(
      frames.filter(({resource}) => resource === 'journal').map(({source}) => source.id),
      ['bsp'],
    );
    assert(!JSON.stringify(frames).includes('hidden'));
  });

  it('lets no number over the border: ids become opaque, relatives handles, numbers masked', async () => {
    const person = {
      ref: {source: '', id: `PERSON-${anna.value}`},
      subject: anna,
      name: 'Anna',
      status: {kind: 'active'},
      previousNumbers: [bo.value],
      children: [{relation: 'child', name: 'Bo', subject: bo}],
      replacedBy: {relation: 'other', subject: {type: 'ref', value: 'forged'}},
    };
    const client = await started(scripted('cpr', answering('person', [person])));
    const {contextId, subject} = await client.open(anna);
    assert.deepEqual(subject, {type: 'cpr', masked: '700690-••••'});
    const [record] = await client.items<Person>(contextId, 'person');
    assert(record);
    assert.equal(record.masked, '700690-••••');
    assert.deepEqual(record.previousNumbers, ['710791-••••']);
    const [child] = record.children!;
    assert.equal(child?.masked, '710791-••••');
    assert.deepEqual(record.replacedBy, {relation: 'other'});
    for (const number of [anna.value, bo.value]) assert(!JSON.stringify(record).includes(number));
    const again = await client.items<Person>((await client.open(anna)).contextId, 'person');
    assert.deepEqual(again[0], record);
    const asBo = await client.open(child!.subject!);
    assert.deepEqual(asBo.subject, {type: 'cpr', masked: '710791-••••'});
    const [his] = await client.items<Person>(asBo.contextId, 'person');
    assert.equal(his?.ref.id, record.ref.id);
  });

  it('shows what several sources say of the same persons and cases, each in its own order', async () => {
    const numbers = Array.from({length: 400}, (_, index) => index + 1);
    const orders = Array.from({length: 6}, (_, index) => (index % 2 ? numbers : numbers.toReversed()));
    const ref = (number: number) => ({source: 'esdh', id: `${anna.value}-${number}`});
    const sources = orders.map((order, index) => {
      const children = order.map((number) => ({
        ...{relation: 'child', name: 'Barn'},
        subject: {type: 'bfe', value: String(number)},
      }));
      const person = {ref: {source: '', id: 'p'}, subject: anna, name: 'Anna', status: {kind: 'active'}, children};
      const cases = order.map((number) => caseOf('', {ref: ref(number)}));
      return scripted(`source${index}`, {
        resources: ['person', 'cases'],
        async *read({subject, resource}) {
          yield {about: subject, items: resource === 'person' ? [person] : cases};
        },
      });
    });
    const client = await started(...sources);
    const {contextId} = await client.open(anna);
    for (const frame of await client.frames(contextId, 'person', 'cases'))
      assert.deepEqual([frame.resource, frame.status], [frame.resource, 'ok']);
  });

  it('asks external sources nothing about the user, and answers for resources that nobody serves', async () => {
    const client = await started(scripted('cases', answering('cases', [caseOf('c')])));
    const {contextId} = await client.open({type: 'user'});
    const frames = await client.frames(contextId, 'cases', 'drafts', 'journal', 'unheard-of');
    assert.deepEqual(frames.map(({resource, status}) => `${resource} ${status}`).sort(), [
      'cases not-applicable',
      'drafts ok',
      'journal not-applicable',
    ]);
  });
});
