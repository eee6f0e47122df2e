// json-http for companies, properties and employees: what a source reads for by its key `subject`.
import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import type {Subject} from '@bsp/contract';
import {SourceProblem} from '../connector.js';
import {connectorFindings} from '../connector-conformance.js';
import {connectorOf, type Handler, ida, logged, pagesOf, Status, serve} from './simulators.test.js';

const bakery = '90000004';
const fishmonger = '90000020';
const property = '990000001';
/** A property's number that could be a person's. */
const longProperty = '9900000010';

const row = (id: number | string, more: object = {}) => ({id, t: `Sag ${id}`, s: 'I gang', at: '2026-11-01', ...more});
const map = {id: 'id', title: 't', status: 's', changedAt: 'at'};
const byNumber = {post: 'cases', body: {key: '{number}'}, items: 'rows', about: {number: 'key'}, map};
const byPath = {get: 'subjects/{number}/cases', items: 'rows', about: {number: 'key'}, map};
const lookup = {post: 'find', body: {key: '{number}'}, number: 'key', values: {id: 'id'}};

type Key = 'cpr' | 'cvr' | 'bfe' | 'employee';

/** A source that reads cases of such subjects, and how it is asked for those of one of them. */
async function sourceOf(subject: Key, handler: Handler, records: object = byNumber, more: object = {}) {
  const {url, seen} = await serve(handler);
  const connector = await connectorOf({baseUrl: `${url}/api`, subject, records: {cases: records}, ...more});
  return {
    seen,
    connector,
    pages: (value: string, asked: Partial<{subject: Subject; cursor: string}> = {}) =>
      pagesOf(connector, 'cases', value, {subject: {type: subject, value}, ...asked}),
  };
}

/** What a read gives, in short: ids and how many could not be read, or the code of its problem. */
async function read(subject: Key, value: string, rows: readonly unknown[]): Promise<unknown> {
  const {pages} = await sourceOf(subject, () => ({rows}));
  try {
    const answered = await pages(value);
    for (const {about} of answered) assert.equal(about.type, subject);
    return answered.map(({items, invalid = 0}) => [
      ...items.map((item) => (item as {ref: {id: string}}).ref.id),
      `${invalid} unread`,
    ]);
  } catch (thrown) {
    assert(thrown instanceof SourceProblem, String(thrown));
    return thrown.problem.code;
  }
}

const codeOf = async (reading: Promise<unknown>): Promise<string> => {
  const problem = await reading.then(
    () => assert.fail('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
  assert(problem instanceof SourceProblem, String(problem));
  return problem.problem.code;
};

describe('for whom a source of json-http reads', () => {
  it('is a person, unless its configuration says otherwise', async () => {
    const {url} = await serve(() => ({rows: []}));
    const silent = await connectorOf({baseUrl: url, records: {cases: byNumber}});
    assert.deepEqual(silent.subjects, ['cpr']);
    for (const subject of ['cpr', 'cvr', 'bfe', 'employee'] as const)
      assert.deepEqual((await sourceOf(subject, () => ({rows: []}))).connector.subjects, [subject]);
  });

  for (const [subject, value, unknown] of [
    ['cvr', bakery, fishmonger],
    ['bfe', property, '990000002'],
    ['employee', 'mda', 'lisk'],
  ] as const)
    it(`keeps the connector contract for ${subject}`, async () => {
      const {connector} = await sourceOf(subject, ({body}) => {
        const {key} = body as {key: string};
        return {rows: key === value ? [row(1, {key})] : []};
      });
      const findings = await connectorFindings(connector, {
        subject: {type: subject, value},
        unknown: {type: subject, value: unknown},
      });
      assert.deepEqual(findings, []);
    });

  it('is asked for by the number in canonical form, and named so', async () => {
    for (const [subject, typed, number] of [
      ['cvr', ' DK 90 00 00 04', bakery],
      ['bfe', '990.000.001', property],
      ['employee', ' mda ', 'mda'],
    ] as const) {
      const {pages, seen} = await sourceOf(subject, () => ({rows: []}));
      assert.deepEqual(await pages(typed), [{about: {type: subject, value: number}, items: []}]);
      assert.deepEqual(
        seen.map(({body}) => body),
        [{key: number}],
      );
    }
  });

  it('is nobody else: not asked for another key, nor for what is no number of its key', async () => {
    const {pages, seen} = await sourceOf('cvr', () => ({rows: []}));
    for (const subject of [{type: 'cpr', value: ida}, {type: 'bfe', value: property}, {type: 'user'}] as const)
      assert.equal(await codeOf(pages('', {subject})), 'not-applicable');
    for (const value of ['90000008', ida, 'x', '']) assert.equal(await codeOf(pages(value)), 'invalid-subject');
    const persons = await sourceOf('cpr', () => ({rows: []}));
    assert.equal(await codeOf(persons.pages('', {subject: {type: 'cvr', value: bakery}})), 'not-applicable');
    assert.equal(seen.length + persons.seen.length, 0);
  });
});

describe('whom an answer about a company, a property or an employee is about', () => {
  for (const [subject, value, written] of [
    ['cvr', bakery, ['90000004', 90_000_004, 'DK90000004', 'DK 90 00 00 04', ' 90000004 ']],
    ['bfe', property, ['990000001', 990_000_001, '990.000.001', ' 990 000 001']],
    ['employee', 'mda', ['mda', ' mda ']],
    ['employee', '4711', ['4711', 4711]],
  ] as const)
    it(`is the same however ${subject} ${value} is written`, async () => {
      const rows = written.map((key, index) => row(index, {key}));
      assert.deepEqual(await read(subject, value, rows), [[...rows.map(({id}) => String(id)), '0 unread']]);
    });

  for (const [subject, value, other] of [
    ['cvr', bakery, fishmonger],
    ['cvr', bakery, 90_000_020],
    ['bfe', property, 990_000_002],
    ['bfe', property, '99000000'],
    ['employee', 'mda', 'mdb'],
    ['employee', 'mda', 'MDA'],
    ['employee', '0047', 47],
  ] as const)
    it(`is a problem where one record is about ${JSON.stringify(other)}, not ${subject} ${value}`, async () =>
      assert.equal(await read(subject, value, [row(1, {key: value}), row(2, {key: other})]), 'wrong-subject'));

  for (const [subject, value, silent] of [
    ['cvr', bakery, [undefined, null, '', 'x', '90000008', 9, {}, [bakery], true, `${bakery}0`, 90_000_004.5]],
    // A point in a text separates thousands; in a number it does not.
    ['bfe', '9900005', [undefined, null, '', 'x', 0, -9_900_005, 990_000.5, 1e300, {}]],
    ['employee', '7.5', [undefined, null, '', ' ', 7.5, {}, ['7.5'], true, 'x'.repeat(201)]],
  ] as const)
    it(`is not known where a record does not say it as ${subject}`, async () => {
      const rows = [row(1, {key: value}), ...silent.map((key) => row(2, {key}))];
      assert.deepEqual(await read(subject, value, rows), [['1', `${silent.length} unread`]]);
    });

  it('is never taken from the question', async () => {
    for (const number of ['$number', '$question.number', '$person.key', '$parent.key']) {
      const {pages} = await sourceOf('cvr', () => ({rows: [row(1)]}), {...byNumber, about: {number}});
      assert.deepEqual(await pages(bakery), [{about: {type: 'cvr', value: bakery}, items: [], invalid: 1}]);
    }
  });

  it('stands in the lookup, which gives the source’s own id of a company too', async () => {
    const company =
      (found: unknown, rows: unknown = [row(1, {owner: 7})]): Handler =>
      ({path}) =>
        path === '/api/find' ? found : rows;
    const requested = {get: 'companies/{id}/cases', about: 'requested-id', map};
    const owned = {...requested, about: {id: 'owner'}};
    for (const records of [requested, owned]) {
      const {pages, seen} = await sourceOf('cvr', company({key: 90_000_004, id: 7}), records, {person: lookup});
      const [page] = await pages('DK 90000004');
      assert.deepEqual([page?.about, page?.items.length], [{type: 'cvr', value: bakery}, 1]);
      assert.deepEqual(
        seen.map(({url, body}) => [url, body]),
        [
          ['/api/find', {key: bakery}],
          ['/api/companies/7/cases', ''],
        ],
      );
    }
    const about = async (handler: Handler, records: object = requested) =>
      (await sourceOf('cvr', handler, records, {person: lookup})).pages(bakery);
    assert.equal(await codeOf(about(company({key: fishmonger, id: 7}))), 'wrong-subject');
    assert.equal(await codeOf(about(company({key: ida, id: 7}))), 'protocol');
    assert.equal(await codeOf(about(company([{key: bakery, id: 7}, {}]))), 'protocol');
    assert.equal(await codeOf(about(company({key: bakery, id: 7}, [row(1, {owner: 8})]), owned)), 'wrong-subject');
    assert.deepEqual(await about(company(new Status(404))), [{about: {type: 'cvr', value: bakery}, items: []}]);
  });

  it('is the same for the notes of every case', async () => {
    const {url} = await serve(({path}) =>
      path === '/cases' ? {rows: [row(1, {key: bakery})]} : [{id: 9, text: 'Besøgt.', at: '2026-11-01', by: 'Lis'}],
    );
    const note = {id: 'id', occurredAt: 'at', recordedAt: 'at', 'author.name': 'by', heading: 'text', body: 'text'};
    const {map: _, ...each} = byNumber;
    const connector = await connectorOf({
      ...{baseUrl: url, subject: 'cvr'},
      records: {
        journal: {
          ...{each: {...each, values: {case: 'id'}}, get: 'cases/{case}/notes', about: 'requested-id'},
          map: {...note, 'case.id': '$parent.id'},
        },
      },
    });
    const [page, ...others] = await pagesOf(connector, 'journal', '', {subject: {type: 'cvr', value: bakery}});
    assert.deepEqual([others.length, page?.about, page?.items.length], [0, {type: 'cvr', value: bakery}, 1]);
  });
});

describe('a number in the URLs of json-http', () => {
  it('may be a company’s and a property’s', async () => {
    for (const [subject, value] of [
      ['cvr', bakery],
      ['bfe', property],
    ] as const) {
      const {pages, seen} = await sourceOf(subject, () => ({rows: [row(1, {key: value})]}), byPath);
      assert.equal((await pages(value))[0]?.items.length, 1);
      assert.deepEqual(
        seen.map(({url}) => url),
        [`/api/subjects/${value}/cases`],
      );
    }
  });

  it('may not be a property’s that could be a person’s', async () => {
    const answer = () => ({rows: [row(1, {key: longProperty})]});
    const {pages, seen} = await sourceOf('bfe', answer, byPath);
    assert.equal(await codeOf(pages(longProperty)), 'protocol');
    assert.equal(seen.length, 0);
    const inBody = await sourceOf('bfe', answer);
    assert.equal((await inBody.pages(longProperty))[0]?.items.length, 1);
    const allowed = await sourceOf('bfe', answer, byPath, {numberInUrl: true});
    assert.equal((await allowed.pages(longProperty))[0]?.items.length, 1);
  });

  it('may not be an employee’s, unless the configuration says so, which is warned of', async () => {
    logged.length = 0;
    const answer = () => ({rows: [row(1, {key: 'a/../b?c'})]});
    const {pages, seen} = await sourceOf('employee', answer, byPath, {numberInUrl: true});
    assert.equal((await pages('a/../b?c'))[0]?.items.length, 1);
    assert.deepEqual(
      seen.map(({url}) => url),
      ['/api/subjects/a%2F..%2Fb%3Fc/cases'],
    );
    assert.equal(await codeOf(pages('..')), 'protocol');
    assert.match(logged[0] ?? '', /^test: sends employees’ keys in URLs \("numberInUrl"\), where proxies/);
  });

  it('is not handed on to the next page where it could be a person’s', async () => {
    const linked =
      (next: string): Handler =>
      ({body}) => ({rows: [row(1, {key: (body as {key?: string}).key ?? bakery})], next});
    const list = {...byNumber, paging: {by: 'link', next: 'next', maxPages: 1}};
    const companies = await sourceOf('cvr', linked(`/api/cases?cvr=${bakery}&page=2`), list);
    const [page] = await companies.pages(bakery);
    assert.match(page?.next ?? '', new RegExp(bakery));
    for (const [subject, value] of [
      ['bfe', longProperty],
      ['employee', `k${ida}`],
    ] as const) {
      const {pages} = await sourceOf(subject, linked(`/api/cases?key=${value}&page=2`), list);
      assert.equal(await codeOf(pages(value)), 'protocol');
    }
  });
});

describe('a search of json-http in a source for companies', () => {
  it('finds cases by their company, as it reads them', async () => {
    const rows = [
      row(1, {key: 90_000_004, name: 'Korsbæk Bageri ApS'}),
      row(2, {key: ida, name: 'Ida Bæk'}),
      row(3, {name: 'Havnens Fisk'}),
    ];
    const byWords = {post: 'search', body: {text: '{words}'}};
    const {connector, pages} = await sourceOf(
      'cvr',
      ({path}) => ({rows: path === '/api/search' ? rows : rows.slice(0, 1)}),
      byNumber,
      {search: {case: {byWords, items: 'rows', number: 'key', name: 'name'}}},
    );
    const user = {id: 'u', name: 'U'};
    const {signal} = new AbortController();
    const {hits, invalid} = await connector.search!({term: {words: 'tilskud'}, limit: 10, user, signal});
    assert.equal(invalid, 2);
    assert.deepEqual(
      hits.map(({kind, subject, name}) => [kind, subject, name]),
      [['case', {type: 'cvr', value: bakery}, 'Korsbæk Bageri ApS']],
    );
    assert.deepEqual(hits[0]?.case, (await pages(bakery))[0]?.items[0]);
  });
});
