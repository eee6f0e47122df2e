import assert from 'node:assert/strict';
import {it} from 'node:test';
import {setImmediate} from 'node:timers/promises';
import type {Subject} from '@bsp/contract';
import {
  anna,
  answering,
  bo,
  caseOf,
  deferred,
  gateways,
  onEachStorage,
  problemIn,
  type Started,
  scripted,
} from './harness.test.js';
import {rowHash} from './lookup-log-chain.js';

const rowsOf = async ({gateway}: Started) =>
  (await gateway.storage.database.selectFrom('lookup_log').selectAll().orderBy('sequence').execute()).map((row) => ({
    ...row,
    sequence: Number(row.sequence),
    entry: JSON.parse(row.entry) as Record<string, unknown>,
    raw: row.entry,
  }));

onEachStorage('lookup log', (storageFor) => {
  const {run} = gateways(storageFor);

  it('has its row before a source is asked, and an outcome after', async () => {
    const asked = deferred<Awaited<ReturnType<typeof rowsOf>>>();
    const one: Started = await run(
      [
        scripted('kmd', {
          async *read({subject}) {
            asked.resolve(await rowsOf(one));
            yield {
              about: subject,
              items: [caseOf('a'), caseOf('b', {sensitivity: 'vip', kle: {number: '27.60.10'}}), 'unreadable'],
            };
          },
        }),
      ],
      {
        purposes: [{id: 'sag', label: 'Sag'}],
        demoUser: {id: 'karla', name: 'Karla', unit: 'Jobcenter', office: 'back'},
        lookupLog: {callingSystem: 'fagsystem'},
      },
    );
    const {contextId} = await one.client.open(anna, {purpose: 'sag'});
    await one.client.frames(contextId, 'cases', 'drafts');
    const [lookup, ...none] = await asked.promise;
    assert.equal(none.length, 0);
    assert.equal(lookup?.kind, 'lookup');
    assert.deepEqual([lookup.tenant, lookup.user_id, lookup.context_id], ['demo', 'karla', contextId]);
    assert.deepEqual(lookup.entry, {
      what: 'read',
      purpose: 'sag',
      who: {name: 'Karla', unit: 'Jobcenter', office: 'back', system: 'fagsystem'},
      resources: {cases: ['kmd'], drafts: ['bsp']},
      from: '127.0.0.1',
    });
    const {secrets} = one.gateway.storage;
    const whose = JSON.parse(secrets.open(['lookup', 'demo', lookup.lookup_id], lookup.subject_sealed)) as Subject;
    assert.deepEqual(whose, anna);
    const outcome = (await rowsOf(one))[1];
    assert.deepEqual([outcome?.kind, outcome?.lookup_id], ['outcome', lookup.lookup_id]);
    assert.deepEqual(outcome?.entry, {
      complete: true,
      outcomes: [
        {
          resource: 'cases',
          source: 'kmd',
          status: 'ok',
          count: 2,
          invalid: 1,
          kle: ['32.24.04', '27.60.10'],
          sensitivities: ['ordinary', 'vip'],
        },
        {resource: 'drafts', source: 'bsp', status: 'ok', count: 0, invalid: 0, kle: [], sensitivities: []},
      ],
    });
  });

  it('tells from where somebody asks: by a trusted proxy, and by nobody else', async () => {
    for (const [trustedProxies, forwarded, expected] of [
      [['127.0.0.0/8'], '198.51.100.9, 203.0.113.7', '203.0.113.7'],
      [['127.0.0.1', '203.0.113.7'], '198.51.100.9, 203.0.113.7', '198.51.100.9'],
      [['127.0.0.1'], `203.0.113.7, ${anna.value}`, '127.0.0.1'],
      [['203.0.113.7'], '198.51.100.9', '127.0.0.1'],
      [undefined, '203.0.113.7', '127.0.0.1'],
    ] as const) {
      const one = await run([scripted('kmd', answering('cases', []))], trustedProxies ? {trustedProxies} : {});
      const {contextId} = await one.client.open(anna);
      const headers = {'x-forwarded-for': forwarded};
      await (await one.client.post(`/contexts/${contextId}/read`, {reads: [{resource: 'cases'}]}, {headers})).text();
      const rows = (await rowsOf(one)).filter(({context_id, kind}) => context_id === contextId && kind === 'lookup');
      assert.deepEqual(
        rows.map(({entry}) => entry.from),
        [expected],
      );
    }
  });

  it('names the subjects of parts, and of a document that was fetched: alarms go by them', async () => {
    const moments = {changedAt: '2026-11-19T10:00:00+01:00', sensitivity: 'sensitive'};
    const part = (number: string) => ({name: 'Ydelse', title: 'Ydelse', kle: {number}});
    const one = await run([
      scripted('kmd', {
        resources: ['grants', 'payments', 'documents'],
        async *read({subject, resource}) {
          const items = {
            grants: [
              {ref: {source: '', id: 'g'}, status: {}, benefits: [part('32.24.04'), part('27.60.10')], ...moments},
            ],
            payments: [{ref: {source: '', id: 'p'}, parts: [part('27.60.10')], ...moments}],
            documents: [
              {
                ref: {source: '', id: 'd'},
                title: 'Brev',
                status: {native: 'Endelig'},
                direction: 'internal',
                cases: [],
                kle: {number: '27.18.02'},
                ...moments,
              },
            ],
          }[resource]!;
          yield {about: subject, items};
        },
        content: () => Promise.resolve({mediaType: 'text/plain', bytes: new Uint8Array([1])}),
      }),
    ]);
    const {contextId} = await one.client.open(anna);
    const frames = await one.client.frames(contextId, 'grants', 'payments', 'documents');
    assert.deepEqual(
      frames.map(({items}) => items.length),
      [1, 1, 1],
    );
    assert.equal((await one.client.request(`/contexts/${contextId}/content/kmd/d`)).status, 200);
    const outcomes = (await rowsOf(one)).flatMap(
      ({entry}) => (entry.outcomes ?? []) as {resource: string; kle: string[]; sensitivities: string[]}[],
    );
    const subjects = outcomes.map(({resource, kle, sensitivities}) => [resource, ...kle, ...sensitivities]);
    assert.deepEqual(subjects, [
      ['grants', '32.24.04', '27.60.10', 'sensitive'],
      ['payments', '27.60.10', 'sensitive'],
      ['documents', '27.18.02', 'sensitive'],
      ['content', '27.18.02', 'sensitive'],
    ]);
  });

  it('chains its rows, also when many read at once', async () => {
    const one = await run([scripted('kmd', answering('cases', [caseOf('a')]))]);
    const contexts = await Promise.all([anna, bo, anna].map((subject) => one.client.open(subject)));
    await Promise.all(contexts.map(({contextId}) => one.client.frames(contextId, 'cases')));
    const rows = await rowsOf(one);
    assert.equal(rows.length, 6);
    rows.forEach((row, index) => {
      assert.equal(row.sequence, index + 1);
      assert.equal(row.previous_hash, rows[index - 1]?.hash ?? '');
      assert.equal(rowHash(one.gateway.storage.secrets, {...row, entry: row.raw}), row.hash);
    });
  });

  it('shows nothing when it can’t be written', async () => {
    let asked = 0;
    const one = await run([
      scripted('kmd', {
        async *read({subject}) {
          asked++;
          yield {about: subject, items: [caseOf('a')]};
        },
        content: () => Promise.reject(new Error('must not be asked')),
      }),
    ]);
    const {contextId} = await one.client.open(anna);
    await one.gateway.storage.database.schema.alterTable('lookup_log').renameTo('lookup_away').execute();
    const response = await one.client.post(`/contexts/${contextId}/read`, {reads: [{resource: 'cases'}]});
    const problem = await problemIn(response, 503, 'unavailable');
    assert.match(problem.title, /lookup log/);
    await problemIn(await one.client.request(`/contexts/${contextId}/content/kmd/1`), 503, 'unavailable');
    assert.equal(asked, 0);
    await one.gateway.storage.database.schema.alterTable('lookup_away').renameTo('lookup_log').execute();
    assert.equal((await one.client.items(contextId, 'cases')).length, 1);
  });

  it('says that a read which was left was not complete', async () => {
    const asked = deferred();
    const one = await run([
      scripted('waiting', {
        async *read({signal}) {
          asked.resolve();
          await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
        },
      }),
    ]);
    const {contextId} = await one.client.open(anna);
    const leave = new AbortController();
    const stream = one.client.stream(contextId, [{resource: 'cases'}], leave.signal);
    await stream.next();
    await asked.promise;
    leave.abort();
    await assert.rejects(stream.next());
    let rows = await rowsOf(one);
    while (rows.length < 2) {
      await setImmediate();
      rows = await rowsOf(one);
    }
    assert.equal(rows[1]?.entry.complete, false);
  });
});
