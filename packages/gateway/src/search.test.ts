import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {type Found, problemOf, type Subject} from '@bsp/contract';
import {type Connector, type ConnectorSearch, type SourceHit, SourceProblem} from '@bsp/sources';
import {authFor, korsbaek, startIssuer} from './auth/issuer-harness.test.js';
import {
  anna,
  answering,
  bo,
  type Client,
  caseOf,
  gateways,
  memoryStorage,
  numbers,
  onEachStorage,
  problemIn,
  type Started,
  scripted,
} from './harness.test.js';

const person = (subject: Subject, name: string, more: Partial<SourceHit> = {}): SourceHit => ({
  kind: 'person',
  subject,
  name,
  ...more,
});
const company = {type: 'cvr', value: '90000004'} as const;

/** A register of persons that finds these, whatever is searched for. */
const finding = (...hits: readonly SourceHit[]): Partial<Connector> => ({
  resources: ['person', 'cases'],
  search: () => Promise.resolve({hits}),
});

async function find(client: Client, query: string): Promise<{response: Response; found: Found; text: string}> {
  const {contextId} = await client.open({type: 'user'});
  const response = await client.act(contextId, 'search', {query});
  const text = await response.clone().text();
  return {response, found: (JSON.parse(text) as {result: Found}).result, text};
}

const lookupsOf = async ({gateway}: Started) => {
  const {database, secrets} = gateway.storage;
  const rows = await database.selectFrom('lookup_log').selectAll().orderBy('sequence').execute();
  return rows
    .filter(({kind}) => kind === 'lookup')
    .map((row) => ({
      ...(JSON.parse(row.entry) as {what: string; resources: object}),
      subject: JSON.parse(secrets.open(['lookup', 'demo', row.lookup_id], row.subject_sealed)) as Subject,
    }));
};

onEachStorage('search', (storageFor) => {
  const {run} = gateways(storageFor);

  it('gives hits as handles and masked numbers, and opens the same persons by them', async () => {
    const one = await run([
      scripted('cpr', finding(person(bo, 'Bo Holm', {detail: 'Algade 1'}), person(anna, 'Anna Holm'))),
    ]);
    const {response, found, text} = await find(one.client, 'holm');
    assert.equal(response.status, 200);
    assert.deepEqual(
      found.hits.map(({subject: _, ...rest}) => rest),
      [
        {kind: 'person', name: 'Anna Holm', masked: '700690-••••'},
        {kind: 'person', name: 'Bo Holm', masked: '710791-••••', detail: 'Algade 1'},
      ],
    );
    assert.deepEqual(found.sources, [{id: 'cpr', name: 'cpr', status: 'ok'}]);
    const opened = await one.client.open(found.hits[0]!.subject);
    assert.deepEqual(
      [opened.subject, opened.handle],
      [{type: 'cpr', masked: '700690-••••'}, found.hits[0]!.subject.value],
    );
    for (const number of numbers) assert(![text, one.log.join('')].some((where) => where.includes(number)));
  });

  it('writes a lookup before anybody is asked, and one of each hit before it goes out', async () => {
    let before: object[] = [];
    const one: Started = await run([
      scripted('cpr', {
        resources: ['person'],
        search: async () => {
          before = await lookupsOf(one);
          return {hits: [person(anna, 'Anna'), person(bo, 'Bo')]};
        },
      }),
    ]);
    await find(one.client, 'a name');
    const row = (subject: object) => ({what: 'search', resources: {search: ['cpr']}, subject});
    const brief = ({what, resources, subject}: Record<string, unknown>) => ({what, resources, subject});
    assert.deepEqual(
      before.map((entry) => brief({...entry})),
      [row({type: 'user'})],
    );
    const after = (await lookupsOf(one)).map((entry) => brief({...entry}));
    assert.deepEqual(after.slice(0, 1), [row({type: 'user'})]);
    assert.deepEqual(
      after.slice(1).sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
      [row(anna), row(bo)],
    );
  });
});

describe('search', () => {
  const {run} = gateways(memoryStorage);

  it('shows nothing that cannot be logged', async () => {
    const one = await run([scripted('cpr', finding(person(anna, 'Anna')))]);
    const {contextId} = await one.client.open({type: 'user'});
    await one.gateway.storage.database.schema.dropTable('lookup_log').execute();
    const response = await one.client.act(contextId, 'search', {query: 'anna'});
    const problem = await problemIn(response, 503, 'unavailable');
    assert(!JSON.stringify(problem).includes('Anna'));
  });

  it('reads the number for the source, and takes nobody else for an answer', async () => {
    const asked: ConnectorSearch[] = [];
    const one = await run([
      scripted('cpr', {
        resources: ['person'],
        search: (search) => {
          asked.push(search);
          return Promise.resolve({hits: [person(anna, 'Anna')]});
        },
      }),
    ]);
    assert.deepEqual((await find(one.client, 'CPR-nr. 700690 0126')).found.hits[0]?.name, 'Anna');
    assert.deepEqual(asked[0]?.term, {subject: anna});
    const {found} = await find(one.client, numbers[3]!);
    assert.deepEqual(found.sources[0]?.status, 'invalid');
    assert.deepEqual(found.hits[0]?.masked, '710791-••••');
    assert.equal(found.hits[0]?.name, undefined, 'the number that was typed, and nobody else’s name');
  });

  it('offers a number that nobody knows without a name, as a host could open it', async () => {
    const one = await run([scripted('cpr', finding())]);
    const {found} = await find(one.client, 'cvr 90000004');
    assert.deepEqual(
      found.hits.map(({subject: _, ...hit}) => hit),
      [{kind: 'company', masked: 'CVR 90000004'}],
    );
    const opened = await one.client.open(found.hits[0]!.subject);
    assert.deepEqual(opened.subject, {type: 'cvr', masked: 'CVR 90000004'});
    assert.deepEqual((await find(one.client, 'nobody')).found.hits, []);
  });

  it('tells who did not answer, and what the others found', async () => {
    const failing = (status: SourceProblem['status']): Partial<Connector> => ({
      search: () => Promise.reject(new SourceProblem(status, problemOf('unavailable', numbers[0]!))),
    });
    const one = await run(
      [
        scripted('cpr', finding(person(anna, 'Anna'))),
        scripted('down', failing('unavailable')),
        scripted('refusing', failing('forbidden')),
        scripted('broken', {search: () => Promise.reject(new Error(numbers[0]))}),
        scripted('slow', {search: () => new Promise(() => undefined)}, {deadlineMs: 100}),
        scripted('nonsense', {search: () => Promise.resolve({hits: [person({type: 'cpr', value: '1'}, 'X')]})}),
        scripted('purposeful', finding(person(bo, 'Bo')), {purposes: ['sag']}),
        scripted('mute', answering('cases', [])),
        scripted('shy', finding(person(bo, 'Bo')), {existence: {unit: 'Familie'}}),
      ],
      {purposes: [{id: 'sag', label: 'Sag'}]},
    );
    const {found, text} = await find(one.client, 'anna');
    assert.deepEqual(
      found.hits.map(({name}) => name),
      ['Anna'],
    );
    assert.deepEqual(
      found.sources.map(({id, status}) => [id, status]),
      [
        ['cpr', 'ok'],
        ['down', 'unavailable'],
        ['refusing', 'forbidden'],
        ['broken', 'unavailable'],
        ['slow', 'timeout'],
        ['nonsense', 'unavailable'],
        ['purposeful', 'needs-purpose'],
      ],
    );
    for (const where of [text, one.log.join('')]) assert(!where.includes(numbers[0]!));
  });

  it('asks a source only by what it searches by, and names no other', async () => {
    const asked: string[] = [];
    const noting = (id: string, more: Partial<Connector>) =>
      scripted(id, {
        ...finding(),
        search: ({term}) => {
          asked.push(`${id} ${'words' in term ? 'words' : term.subject.type}`);
          return Promise.resolve({hits: []});
        },
        ...more,
      });
    const one = await run([
      noting('names', {searches: ['words']}),
      noting('numbers', {searches: ['cpr', 'cvr'], subjects: ['cpr']}),
      noting('persons', {subjects: ['cpr']}),
      noting('any', {}),
      // Nothing that it finds of a person would be shown.
      noting('narrowed', {resources: ['documents'], searches: ['cpr', 'cvr']}),
    ]);
    for (const [query, ids] of [
      ['anna', ['names', 'persons', 'any']],
      [anna.value, ['numbers', 'persons', 'any']],
      ['90000004', ['numbers', 'any', 'narrowed']],
      ['bfe 990000001', ['any']],
    ] as const) {
      const {found} = await find(one.client, query);
      assert.deepEqual(
        found.sources.map(({id}) => id),
        ids,
      );
    }
    assert.deepEqual(asked.toSorted(), [
      'any bfe',
      'any cpr',
      'any cvr',
      'any words',
      'names words',
      'narrowed cvr',
      'numbers cpr',
      'numbers cvr',
      'persons cpr',
      'persons words',
    ]);
  });

  it('asks nobody where no source searches by it, and claims nothing', async () => {
    const one = await run([scripted('names', {...finding(person(anna, 'Anna')), searches: ['words']})]);
    assert((await one.client.me()).capabilities.includes('act:search'));
    const {found} = await find(one.client, anna.value);
    assert.deepEqual(found.sources, []);
    assert.deepEqual(
      found.hits.map(({subject: _, ...hit}) => hit),
      [{kind: 'person', masked: '700690-••••'}],
    );
  });

  it('says that a source could not read everything, and shows what it found', async () => {
    const one = await run([
      scripted('cpr', {
        ...finding(),
        search: () => Promise.resolve({hits: [person(anna, 'Anna')], invalid: 2}),
      }),
    ]);
    const {found} = await find(one.client, 'anna');
    assert.deepEqual(
      [found.hits.map(({name}) => name), found.sources.map(({id, status}) => [id, status])],
      [['Anna'], [['cpr', 'invalid']]],
    );
  });

  it('tells each of them once, and protects what one source protects', async () => {
    const one = await run([
      scripted('cpr', finding(person(anna, 'Anna Holm', {protected: true, detail: 'Algade 1'}))),
      scripted('other', finding(person(anna, 'Anna Holm', {detail: 'Algade 1'}))),
    ]);
    const {found, text} = await find(one.client, 'anna');
    assert.deepEqual(
      found.hits.map(({subject: _, ...hit}) => hit),
      [{kind: 'person', name: 'Anna Holm', masked: '700690-••••', protected: true}],
    );
    assert(!text.includes('Algade'));
  });

  it('says that there are more than it shows', async () => {
    const many = Array.from({length: 30}, (_, index) =>
      person({type: 'cpr', value: `700690${String(1000 + index)}`}, `Anna ${String(index).padStart(2, '0')}`),
    );
    const one = await run([scripted('cpr', finding(...many))]);
    const {found} = await find(one.client, 'anna');
    assert.deepEqual([found.hits.length, found.more], [25, true]);
    assert.equal(found.hits[24]?.name, 'Anna 24');
  });

  it('leads from a case to its person, by a reference that holds there', async () => {
    const id = `${anna.value}/1`;
    const record = caseOf(id, {number: `K-${numbers[1]}`});
    const one = await run([
      scripted('kmd', {
        ...answering('cases', [record]),
        search: () => Promise.resolve({hits: [{kind: 'case', subject: anna, name: 'Anna', case: record}]}),
      }),
    ]);
    const {found, text} = await find(one.client, 'K-1');
    const [hit] = found.hits;
    assert.deepEqual([hit?.kind, hit?.masked, hit?.detail], ['case', 'K-700690-••••', 'Anna, 700690-••••']);
    for (const number of numbers) assert(!text.includes(number));
    const {contextId, subject} = await one.client.open(hit!.subject);
    assert.equal(subject.masked, '700690-••••');
    const [shown] = await one.client.items<{ref: object}>(contextId, 'cases');
    assert.deepEqual(shown?.ref, hit?.record);
  });

  it('logs the subjects of cases that were found, with whose they are', async () => {
    const hit = (id: string, kle: string): SourceHit => ({
      kind: 'case',
      subject: anna,
      name: 'Anna',
      case: caseOf(id, {kle: {number: kle}, sensitivity: 'sensitive'}),
    });
    const one = await run([scripted('kmd', finding(hit('a', '32.24.04'), hit('b', '27.60.10'), person(anna, 'Anna')))]);
    await find(one.client, 'sag');
    const rows = await one.gateway.storage.database
      .selectFrom('lookup_log')
      .select('entry')
      .where('kind', '=', 'outcome')
      .execute();
    const seen = rows.flatMap(
      ({entry}) => (JSON.parse(entry) as {outcomes: {kle: string[]; sensitivities: string[]}[]}).outcomes,
    );
    const about = seen.find(({kle}) => kle.length > 0);
    assert.deepEqual([about?.kle.toSorted(), about?.sensitivities], [['27.60.10', '32.24.04'], ['sensitive']]);
  });

  it('hides a case as if it were not there', async () => {
    const issuer = await startIssuer();
    let hits: readonly SourceHit[] = [];
    let invalid = 0;
    const one = await run([scripted('kmd', {search: () => Promise.resolve({hits, more: true, invalid})})], {
      tenant: korsbaek,
      auth: authFor(issuer),
    });
    const client = one.client.as(await issuer.token({bsp_rights: [{kle: ['32.*'], sensitivity: 'confidential'}]}));
    const hit = (name: string, more: object = {}): SourceHit => ({
      kind: 'case',
      subject: anna,
      name: 'Anna',
      case: caseOf(name, more),
    });
    const answer = async () => JSON.stringify((await find(client, 'sag')).found);
    const seen = hit('a');
    hits = [seen];
    const open = await answer();
    assert.match(open, /"more":true/);
    const hidden = [hit('b', {kle: {number: '27.60.10'}}), hit('c', {sensitivity: 'vip'})];
    hits = [seen, ...hidden];
    const some = await answer();
    assert.equal(some, open.replace('"more":true,', ''));
    hits = hidden;
    const none = await answer();
    hits = [];
    const absent = await answer();
    assert.equal(none, absent.replace('"more":true,', ''));
    invalid = 1;
    assert.equal(await answer(), absent, 'one that can not be read may be hidden, too');
  });

  it('belongs to the user, to those who may, and to queries that are some', async () => {
    const issuer = await startIssuer();
    const one = await run([scripted('cpr', finding(person(anna, 'Anna')))], {tenant: korsbaek, auth: authFor(issuer)});
    const client = one.client.as(await issuer.token());
    const {contextId} = await client.open(bo);
    await problemIn(await client.act(contextId, 'search', {query: 'anna'}), 404, 'not-applicable');
    const own = await client.open({type: 'user'});
    for (const query of ['x', '700690', '9913840001', 'a'.repeat(101), ''])
      await problemIn(await client.act(own.contextId, 'search', {query}), 400, 'invalid-request');
    const support = one.client.as(await issuer.token({office: 'support'}));
    assert(!(await support.me()).capabilities.includes('act:search'));
    const theirs = await support.open({type: 'user'});
    await problemIn(await support.act(theirs.contextId, 'search', {query: 'anna'}), 403, 'forbidden');
    assert((await client.me()).capabilities.includes('act:search'));
  });

  it('is not there where no source can search', async () => {
    const one = await run([scripted('kmd', answering('cases', []))]);
    assert(!(await one.client.me()).capabilities.includes('act:search'));
    const {contextId} = await one.client.open({type: 'user'});
    await problemIn(await one.client.act(contextId, 'search', {query: 'anna'}), 404, 'not-applicable');
  });

  it('is limited, as opening is', async () => {
    const one = await run([scripted('cpr', finding())], {contextRate: {perMinute: 1, burst: 2}});
    const {contextId} = await one.client.open({type: 'user'});
    for (const _ of [1, 2]) assert.equal((await one.client.act(contextId, 'search', {query: 'anna'})).status, 200);
    await problemIn(await one.client.act(contextId, 'search', {query: 'anna'}), 429, 'rate-limited');
  });

  it('gives handles that are of no use to another user', async () => {
    const issuer = await startIssuer();
    const one = await run([scripted('cpr', finding(person(anna, 'Anna')))], {tenant: korsbaek, auth: authFor(issuer)});
    const {found} = await find(one.client.as(await issuer.token()), 'anna');
    const other = one.client.as(await issuer.token({sub: 'bent'}));
    await problemIn(await other.post('/contexts', {subject: found.hits[0]?.subject}), 400, 'invalid-subject');
  });
});

describe('keys', () => {
  const {run} = gateways(memoryStorage);

  it('are asked for only where a source knows them', async () => {
    const one = await run([
      scripted('cpr', {...answering('person', []), subjects: ['cpr']}),
      scripted('esdh', {...answering('cases', [caseOf('a')]), subjects: ['cpr', 'cvr']}),
      scripted('any', answering('cases', [])),
    ]);
    const statuses = async (subject: object) => {
      const {contextId} = await one.client.open(subject);
      const frames = await one.client.frames(contextId, 'person', 'cases');
      return Object.fromEntries(frames.map(({source, status}) => [source.id, status]));
    };
    assert.deepEqual(await statuses(anna), {cpr: 'ok', esdh: 'ok', any: 'ok'});
    assert.deepEqual(await statuses(company), {cpr: 'not-applicable', esdh: 'ok', any: 'ok'});
    const property = {type: 'bfe', value: '990000001'};
    assert.deepEqual(await statuses(property), {cpr: 'not-applicable', esdh: 'not-applicable', any: 'ok'});
  });
});
