import assert from 'node:assert/strict';
import {afterEach, it} from 'node:test';
import type {Frame} from '@bsp/contract';
import {SourceProblem} from '@bsp/sources';
import {anna, answering, bo, caseOf, deferred, onEachStorage, type Started, scripted, start} from './harness.test.js';

onEachStorage('fan-out', (storageFor) => {
  const storage = storageFor();
  const running: Started[] = [];
  const started = async (...sources: object[]) => {
    const one = await start(sources, {storage});
    running.push(one);
    return one.client;
  };
  afterEach(async () => {
    for (const one of running.splice(0)) await one.stop();
    await storage.tidy();
  });

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
});
