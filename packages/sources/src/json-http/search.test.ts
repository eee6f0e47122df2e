import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import type {SearchTerm} from '@bsp/contract';
import {type Connector, type SourceHits, SourceProblem} from '../connector.js';
import {
  bo,
  connectorOf,
  type Handler,
  hyphened,
  ida,
  logged,
  nobody,
  type Seen,
  Status,
  serve,
} from './simulators.test.js';
import {numberIn} from './typed-number.js';

const byWords = {post: 'find', body: {text: '{words}', most: '{size}'}};
const byNumber = {post: 'find', body: {cpr: '{number}'}};
const hits = {items: 'rows', number: 'cpr', name: 'name'};
const map = {id: 'id', title: 't', status: 's', changedAt: 'at'};
const records = {
  person: {map: {id: 'cpr', name: 'name', status: 's'}},
  cases: {post: 'cases', body: {cpr: '{number}'}, items: 'rows', about: {number: 'cpr'}, map},
};
const lookup = {post: 'find', body: {cpr: '{number}'}, items: 'rows', number: 'cpr'};
const row = (name: string, more: object = {}) => ({cpr: ida, name, ...more});
const words: SearchTerm = {words: 'ida bæk'};
const number: SearchTerm = {subject: {type: 'cpr', value: ida}};

interface Options {
  readonly limit?: number;
  readonly signal?: AbortSignal;
}
const searched = (connector: Connector, term: SearchTerm, {limit = 100, signal}: Options = {}): Promise<SourceHits> =>
  connector.search!({term, limit, user: {id: 'u', name: 'U'}, signal: signal ?? new AbortController().signal});

/** A source that searches as given. */
async function searching(handler: Handler, search: object, more: object = {}) {
  const {url, seen} = await serve(handler);
  const connector = await connectorOf({baseUrl: `${url}/api`, person: lookup, records, search, ...more});
  return {connector, seen, find: (term: SearchTerm, options?: Options) => searched(connector, term, options)};
}
const person = (handler: Handler, more: object = {}, rest: object = {}) =>
  searching(handler, {person: {byWords, byNumber, ...hits, ...more}}, rest);
const answering =
  (...rows: readonly unknown[]): Handler =>
  () => ({rows});

/** The problem that a search ends in. Nothing of an answer or of what was typed may be in it. */
async function problemOf(searchedFor: Promise<unknown>): Promise<SourceProblem> {
  const thrown = await searchedFor.then(
    () => assert.fail('nothing was thrown'),
    (error: unknown) => error,
  );
  assert(thrown instanceof SourceProblem, String(thrown));
  const text = JSON.stringify([thrown.message, thrown.problem, thrown.stack]);
  for (const secret of ['hemmelig', 'bæk', ida, hyphened(ida), bo]) assert(!text.includes(secret), 'a problem tells');
  return thrown;
}

describe('what json-http searches by', () => {
  const company = {...hits, number: 'cvr'};

  it('is what the configuration says', async () => {
    for (const [search, searches] of [
      [{person: {byWords, ...hits}}, ['words']],
      [{person: {byNumber, ...hits}}, ['cpr']],
      [
        {person: {byWords, byNumber, ...hits}, company: {byNumber: {get: 'c/{number}'}, ...company}},
        ['words', 'cpr', 'cvr'],
      ],
      [{property: {byNumber: {get: 'p/{number}'}, ...hits}, employee: {byWords, ...hits}}, ['words', 'bfe']],
    ] as const)
      assert.deepEqual((await searching(answering(), search)).connector.searches, searches);
    const {url} = await serve(answering());
    const reading = await connectorOf({baseUrl: url, person: lookup, records});
    assert.deepEqual([reading.search, reading.searches], [undefined, undefined]);
  });

  it('is asked for in the body, with how many are wanted', async () => {
    const numbered = {post: 'find', body: {cpr: ['{number}', '{numberWithHyphen}'], most: '{size}'}};
    const {find, seen} = await person(answering(row('Ida')), {byNumber: numbered});
    await find(words, {limit: 7});
    await find({subject: {type: 'cpr', value: hyphened(ida)}}, {limit: 7});
    assert.deepEqual(
      seen.map(({method, url, body}) => [method, url, body]),
      [
        ['POST', '/api/find', {text: 'ida bæk', most: 7}],
        ['POST', '/api/find', {cpr: [ida, hyphened(ida)], most: 7}],
      ],
    );
  });

  it('alone is asked: anything else is a problem, and no empty answer', async () => {
    const {find, seen} = await searching(answering(), {company: {byWords, ...company}});
    for (const term of [number, {subject: {type: 'cvr', value: '90000004'}}] as const)
      assert.equal((await problemOf(find(term))).problem.code, 'not-applicable');
    const only = await searching(answering(), {person: {byNumber, ...hits}});
    assert.equal((await problemOf(only.find(words))).problem.code, 'not-applicable');
    const wrong = await problemOf(only.find({subject: {type: 'cpr', value: '3102851002'}}));
    assert.equal(wrong.problem.code, 'invalid-subject');
    assert.deepEqual([seen.length, only.seen.length], [0, 0]);
  });

  it('is asked of every kind at once', async () => {
    const {find, seen} = await searching(
      ({path}) => ({
        rows: path === '/api/find' ? [row('Ida Bæk')] : [{cvr: 90000004, name: 'Bæk A/S', town: 'Korsbæk'}],
      }),
      {
        person: {byWords, byNumber, ...hits},
        company: {byWords: {post: 'companies', body: {text: '{words}'}}, ...company, detail: 'town'},
      },
    );
    assert.deepEqual(await find(words), {
      hits: [
        {kind: 'person', subject: {type: 'cpr', value: ida}, name: 'Ida Bæk'},
        {kind: 'company', subject: {type: 'cvr', value: '90000004'}, name: 'Bæk A/S', detail: 'Korsbæk'},
      ],
    });
    assert.equal((await find(words, {limit: 1})).hits.length, 1);
    assert.equal((await find(words, {limit: 1})).more, true);
    seen.length = 0;
    await find(number);
    assert.equal(seen.length, 1);
  });

  it('is asked of nobody when nobody waits', async () => {
    const {find, seen} = await person(answering());
    await assert.rejects(find(words, {signal: AbortSignal.abort()}), {name: 'AbortError'});
    assert.equal(seen.length, 0);
    const stop = new AbortController();
    const endless = await person((_, response) => {
      response.writeHead(200, {'content-type': 'application/json'}).write('{');
    });
    setTimeout(() => stop.abort(), 30);
    await assert.rejects(endless.find(words, {signal: stop.signal}), {name: 'AbortError'});
  });
});

describe('what json-http finds', () => {
  it('has a number of its kind, and a name', async () => {
    for (const [kind, said, subject] of [
      ['person', hyphened(ida), {type: 'cpr', value: ida}],
      ['person', Number(ida), {type: 'cpr', value: ida}],
      ['company', 'DK 90000004', {type: 'cvr', value: '90000004'}],
      ['company', 90_000_004, {type: 'cvr', value: '90000004'}],
      ['property', 990_000_001, {type: 'bfe', value: '990000001'}],
      ['employee', ' LISK ', {type: 'employee', value: 'LISK'}],
      ['employee', 4711, {type: 'employee', value: '4711'}],
    ] as const) {
      const {find} = await searching(answering({cpr: said, name: ' Navn '}), {[kind]: {byWords, ...hits}});
      assert.deepEqual(await find(words), {hits: [{kind, subject, name: 'Navn'}]});
    }
  });

  it('is counted where it cannot be read, and the rest is kept', async () => {
    const bad = [
      row(''),
      row('Ida', {name: null}),
      row('Ida', {name: {}}),
      row('Ida', {cpr: undefined}),
      row('Ida', {cpr: '3102851002'}),
      row('Ida', {cpr: [ida]}),
      row('Ida', {detail: {}}),
      row('Ida', {hidden: 'nej'}),
      [row('Ida')],
      'Ida',
      null,
    ];
    const {find} = await person(answering(...bad, row('Ida Bæk')), {
      name: '$uppercase(name)',
      detail: 'detail',
      protected: 'hidden',
    });
    const {hits: found, invalid} = await find(words);
    assert.deepEqual([found.map(({name}) => name), invalid], [['IDA BÆK'], bad.length]);
    const companies = await searching(answering(row('A', {cpr: '90000005'}), row('B', {cpr: 2 ** 60})), {
      company: {byWords, ...hits},
    });
    assert.deepEqual(await companies.find(words), {hits: [], invalid: 2});
    const employees = await searching(answering(row('A', {cpr: 'x'.repeat(201)})), {employee: {byWords, ...hits}});
    assert.deepEqual(await employees.find(words), {hits: [], invalid: 1});
  });

  it('tells no detail of whom is protected, or may be', async () => {
    const detail = {detail: 'address', protected: 'hidden'};
    const rows = [true, false, null, undefined].map((hidden) => row('Ida', {hidden, address: 'Algade 1'}));
    const {find} = await person(answering(...rows), detail);
    assert.deepEqual(
      (await find(words)).hits.map((hit) => [hit.protected, hit.detail]),
      [
        [true, undefined],
        [undefined, 'Algade 1'],
        [true, undefined],
        [true, undefined],
      ],
    );
  });

  it('by number is that person: somebody else is a problem, whoever else is there', async () => {
    const {find} = await person(answering(row('Ida'), row('hemmelig', {cpr: bo})));
    const {status, problem} = await problemOf(find(number));
    assert.deepEqual([status, problem.code], ['invalid', 'wrong-subject']);
    assert.equal((await find(words)).hits.length, 2);
    const nameless = await person(answering(row('', {cpr: bo})));
    assert.equal((await problemOf(nameless.find(number))).problem.code, 'wrong-subject');
  });

  it('by number is nobody, by 404, by 204 or by an empty list', async () => {
    for (const answer of [new Status(404), new Status(204), {rows: []}]) {
      const {find} = await person(() => answer);
      assert.deepEqual(await find({subject: {type: 'cpr', value: nobody}}), {hits: []});
    }
  });

  it('by words is not nobody where the source only failed to say', async () => {
    for (const answer of [
      new Status(404),
      {},
      {rows: 'hemmelig'},
      null,
      new Status(404, {'content-type': 'text/html'}),
    ]) {
      const {find} = await person(() => answer);
      assert.equal((await problemOf(find(words))).status, 'invalid');
    }
    const none = await person(answering());
    assert.deepEqual(await none.find(words), {hits: []});
  });

  it('is no more than is of use, and says so', async () => {
    const rows = Array.from({length: 9}, (_, index) => row(`Ida ${index}`));
    const {find} = await person(answering(...rows));
    for (const [limit, count, more] of [
      [5, 5, true],
      [9, 9, true],
      [10, 9, undefined],
    ] as const) {
      const found = await find(words, {limit});
      assert.deepEqual([found.hits.length, found.more], [count, more]);
    }
    const {hits: own, more} = await find(number, {limit: 9});
    assert.deepEqual([own.length, more], [9, undefined]);
  });

  it('is more where the source gave as many as were wanted, of which some are not taken', async () => {
    const rows = [row('Ida'), {...row('Bo'), kind: 'company'}];
    const {find} = await person(() => ({rows}), {items: '[rows[$not($exists(kind))]]', more: '$count(rows) >= $size'});
    assert.equal((await find(words, {limit: 2})).more, true);
    assert.equal((await find(words, {limit: 3})).more, undefined);
  });

  it('is more where the answer says so, and a problem where it should and does not', async () => {
    const of = (total: unknown) => person(() => ({rows: [row('Ida')], total}), {more: 'total > $seen'});
    assert.equal((await (await of(2)).find(words)).more, true);
    assert.equal((await (await of(1)).find(words)).more, undefined);
    const silent = await person(answering(row('Ida')), {more: 'total'});
    const {problem} = await problemOf(silent.find(words));
    assert.equal(problem.detail, 'search.person.more');
    assert.equal((await silent.find(number)).hits.length, 1);
    const empty = await person(() => new Status(204), {more: 'total > $seen'});
    assert.deepEqual(await empty.find(words), {hits: []});
  });

  it('is never taken from the question', async () => {
    for (const expression of ['$number', '$words', '$question.number', '$person.cpr']) {
      const {find} = await person(answering({name: 'Ida'}), {number: expression});
      assert.deepEqual(await find(number), {hits: [], invalid: 1});
    }
  });

  it('ends with the budget, and names the place where the configuration does not fit', async () => {
    const large = await person(answering(row('hemmelig'.repeat(1_000))), {}, {maxBytes: 1_000});
    assert.equal((await problemOf(large.find(words))).problem.code, 'too-large');
    const broken = await person(answering(row('hemmelig')), {items: '$number(rows[0].name)'});
    const {problem} = await problemOf(broken.find(words));
    assert.match(problem.detail ?? '', /^search\.person\.items: does not fit this answer/);
    const endless = await person(answering(row('hemmelig')), {name: '($f := function($x) {$f($x)}; $f(1))'});
    assert.match((await problemOf(endless.find(words))).problem.detail ?? '', /^search\.person\.name: takes too long/);
  });
});

describe('the cases that json-http finds', () => {
  const search = {case: {byWords, ...hits, protected: 'hidden'}};
  const found = (more: object = {}) => ({
    ...row('Ida Bæk'),
    id: 7,
    t: 'Sag 7',
    s: 'I gang',
    at: '2026-11-01',
    hidden: false,
    ...more,
  });

  it('are the records that it reads', async () => {
    const {find, connector} = await searching(answering(found()), search);
    const {hits: [hit] = []} = await find(words);
    assert.deepEqual(hit, {
      kind: 'case',
      subject: {type: 'cpr', value: ida},
      name: 'Ida Bæk',
      case: {
        ref: {source: '', id: '7'},
        title: 'Sag 7',
        status: {native: 'I gang'},
        changedAt: '2026-11-01T00:00:00+01:00',
        sensitivity: 'unknown',
      },
    });
    const signal = new AbortController().signal;
    const subject = {type: 'cpr', value: ida} as const;
    for await (const {items} of connector.read({subject, resource: 'cases', user: {id: 'u', name: 'U'}, signal}))
      assert.deepEqual(items, [hit.case]);
  });

  it('are counted where they are none, and say that their person is protected', async () => {
    const {find} = await searching(
      answering(found({at: 'i morgen'}), found({id: null}), found({hidden: true})),
      search,
    );
    const {hits: all, invalid} = await find(words);
    assert.deepEqual([all.map((hit) => hit.protected), invalid], [[true], 2]);
  });

  it('have words that no table knows, which are counted in the log', async () => {
    logged.length = 0;
    const {find} = await searching(answering(found()), search);
    await find(words);
    assert.deepEqual(logged, ['test: 1 words are not in "records.cases.words" {"unknownWords":1}']);
  });
});

describe('what was typed', () => {
  const addressesOf = (seen: readonly Seen[]) => seen.map(({url}) => decodeURIComponent(url));
  const byAddress = {byWords: {get: 'find?q={words}&n={size}'}, byNumber};

  it('stands in an address only where the configuration insists, with a warning at the start', async () => {
    logged.length = 0;
    const {find, seen} = await person(answering(row('Ida')), byAddress, {wordsInUrl: true});
    await find({words: 'ida & bæk/../x?y=#'}, {limit: 3});
    assert.deepEqual(addressesOf(seen), ['/api/find?q=ida & bæk/../x?y=#&n=3']);
    assert.equal(seen[0]!.query.get('q'), 'ida & bæk/../x?y=#');
    assert.match(logged.join(''), /^test: sends what is searched for in URLs/);
    assert(!logged.join('').includes('bæk'));
  });

  it('stands in none where it may hold a number of a person', async () => {
    const {find, seen} = await person(answering(row('Ida')), byAddress, {wordsInUrl: true});
    for (const typed of [
      `ida ${ida}`,
      `ida ${hyphened(ida)}`,
      `${ida.slice(0, 6)} / ${ida.slice(6)} ida`,
      [...ida].join('.'),
      '6101154AB2 bæk',
      '3102851002 bæk',
    ])
      assert.equal((await problemOf(find({words: typed}))).problem.code, 'invalid-request');
    assert.equal(seen.length, 0);
    const allowed = await person(answering(row('Ida')), byAddress, {wordsInUrl: true, numberInUrl: true});
    assert.equal((await allowed.find({words: `ida ${ida}`})).hits.length, 1);
    const posting = await person(answering(row('Ida')));
    assert.equal((await posting.find({words: `ida ${ida}`})).hits.length, 1);
  });

  it('does not get into one by a redirect', async () => {
    const {find, seen} = await person(({url}) =>
      url === '/api/find' ? new Status(307, {location: `/api/moved?x=${hyphened(ida)}`}) : {rows: []},
    );
    for (const term of [number, {words: `ida ${ida}`}]) assert.equal((await problemOf(find(term))).status, 'invalid');
    assert.equal(seen.length, 2);
  });

  it('may be the number of a company or a property, unless that looks like a person’s', async () => {
    const {find, seen} = await searching(({path}) => ({cpr: path.split('/').at(-1), name: 'Navn'}), {
      company: {byNumber: {get: 'companies/{number}'}, ...hits, items: '$'},
      property: {byNumber: {get: 'properties/{number}'}, ...hits, items: '$'},
    });
    assert.equal((await find({subject: {type: 'cvr', value: '90000004'}})).hits.length, 1);
    assert.equal((await find({subject: {type: 'bfe', value: '990000001'}})).hits.length, 1);
    assert.equal((await problemOf(find({subject: {type: 'bfe', value: ida}}))).status, 'invalid');
    assert.deepEqual(addressesOf(seen), ['/api/companies/90000004', '/api/properties/990000001']);
  });

  it('holds ten digits however they are written, and else none', () => {
    for (const typed of [
      ida,
      `x${ida}`,
      `${ida.slice(0, 6)}–${ida.slice(6)}`,
      'a 12 34 56 78 90 b',
      '６４０５８５１００２',
    ])
      assert.notEqual(numberIn(typed), undefined);
    for (const typed of ['ida bæk', '27.60.10-G01-12-26', 'sag 123456 hansen', '310285 anna', '90000004', ''])
      assert.equal(numberIn(typed), undefined, typed);
  });
});
