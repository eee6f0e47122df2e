// Sources of json-http over the gateway: what they find, and for whom they read.
import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {after, describe, it} from 'node:test';
import type {Found, Frame} from '@bsp/contract';
import {anna, bo, gateways, memoryStorage, numbers} from './harness.test.js';

interface Asked {
  readonly url: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A system that answers every search with these rows, and notes what it was asked. */
async function system(rows: readonly object[]): Promise<{baseUrl: string; asked: Asked[]}> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked.push({url: request.url ?? '', body: JSON.parse(Buffer.concat(chunks).toString()) as Asked['body']});
      response.writeHead(200, {'content-type': 'application/json'}).end(JSON.stringify({rows}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked};
}

const body = {text: '{words}', most: '{size}'};
const hits = {items: 'rows', number: 'cpr', name: 'name'};
const map = {id: 'id', title: 'title', status: 'state', changedAt: 'at', number: 'number', sensitivity: "'ordinary'"};
const cases = {post: 'cases', body: {cpr: '{number}'}, items: 'rows', about: {number: 'cpr'}, map};
const persons = {map: {id: 'cpr', name: 'name', status: 'state'}};
const person = {post: 'person', body: {cpr: '{number}'}, items: 'rows', number: 'cpr'};
const byWords = {byWords: {post: 'search', body}, ...hits};
const source = (id: string, baseUrl: string, search: object) => ({
  ...{id, baseUrl, connector: 'json-http', deadlineMs: 10_000},
  ...{person, records: {person: persons, cases}, search},
});

describe('a search by configuration alone', () => {
  const {run} = gateways(memoryStorage);
  const rows = [
    {cpr: numbers[1], name: 'Anna Holm', address: 'Algade 1', hidden: false},
    {cpr: bo.value, name: `Bo Holm ${numbers[1]}`, address: 'Hemmelig Vej 2', hidden: true},
  ];

  it('gives hits as handles and masked numbers, and tells nothing of whom is protected', async () => {
    const {baseUrl, asked} = await system(rows);
    const search = {person: {...byWords, detail: 'address', protected: 'hidden'}};
    const one = await run([source('esdh', baseUrl, search)]);
    const {contextId} = await one.client.open({type: 'user'});
    const response = await one.client.act(contextId, 'search', {query: 'holm'});
    const text = await response.text();
    const {result: found} = JSON.parse(text) as {result: Found};
    assert.deepEqual(
      found.hits.map(({subject: _, ...hit}) => hit),
      [
        {kind: 'person', name: 'Anna Holm', masked: '700690-••••', detail: 'Algade 1'},
        {kind: 'person', name: 'Bo Holm 700690-••••', masked: '710791-••••', protected: true},
      ],
    );
    assert.deepEqual(found.sources, [{id: 'esdh', name: 'esdh', status: 'ok'}]);
    assert.deepEqual(asked, [{url: '/search', body: {text: 'holm', most: 100}}]);
    assert(!/Hemmelig/.test(text));
    for (const where of [text, one.log.join('')])
      assert(![...numbers, 'holm'].some((secret) => where.includes(secret)), 'a number, or what was typed');
    const opened = await one.client.open(found.hits[0]!.subject);
    assert.deepEqual(opened.subject, {type: 'cpr', masked: '700690-••••'});
  });

  it('asks a source that searches by words for no number, and one that searches by number for no words', async () => {
    const [named, numbered] = await Promise.all([system(rows), system(rows.slice(0, 1))]);
    const one = await run([
      source('names', named.baseUrl, {person: byWords}),
      source('numbers', numbered.baseUrl, {
        person: {byNumber: {post: 'search', body: {cpr: '{number}'}}, ...hits},
      }),
    ]);
    const {contextId} = await one.client.open({type: 'user'});
    const sourcesOf = async (query: string) => {
      const response = await one.client.act(contextId, 'search', {query});
      const {result} = (await response.json()) as {result: Found};
      return result.sources.map(({id, status}) => `${id} ${status}`);
    };
    assert.deepEqual(await sourcesOf(anna.value), ['numbers ok']);
    assert.deepEqual([named.asked.length, numbered.asked.map(({body}) => body)], [0, [{cpr: anna.value}]]);
    assert.deepEqual(await sourcesOf('holm'), ['names ok']);
    assert.deepEqual([named.asked.length, numbered.asked.length], [1, 1]);
    assert.deepEqual(await sourcesOf(bo.value), ['numbers invalid'], 'somebody else is no answer');
    assert.deepEqual(await sourcesOf('90000004'), []);
  });

  it('leads from a case to its person', async () => {
    const row = {cpr: anna.value, name: 'Anna Holm', id: 7, title: 'Merudgifter', state: 'I gang', at: '2026-11-01'};
    const {baseUrl} = await system([
      {...row, number: `S-${anna.value}`},
      {...row, at: 'i morgen'},
    ]);
    const one = await run([source('esdh', baseUrl, {case: byWords})]);
    const {contextId} = await one.client.open({type: 'user'});
    const response = await one.client.act(contextId, 'search', {query: 'merudgifter'});
    const {result: found} = (await response.json()) as {result: Found};
    const [hit] = found.hits;
    assert.deepEqual(
      [found.hits.length, hit?.kind, hit?.name, hit?.masked, hit?.detail],
      [1, 'case', 'Merudgifter', 'S-700690-••••', 'Anna Holm, 700690-••••'],
    );
    assert.deepEqual(found.sources, [{id: 'esdh', name: 'esdh', status: 'invalid'}]);
    const opened = await one.client.open(hit!.subject);
    const [shown] = await one.client.items<{ref: object}>(opened.contextId, 'cases');
    assert.deepEqual(shown?.ref, hit?.record);
  });
});

describe('a system that is asked for persons and for companies by configuration alone', () => {
  const {run} = gateways(memoryStorage);
  const bakery = {type: 'cvr', value: '90000004'} as const;
  const row = {id: 7, title: 'Tilskud', state: 'I gang', at: '2026-11-01', number: 'S-7'};
  const note = {id: 9, at: '2026-11-01', by: 'Lis Kjær', text: 'Besøgt.'};
  const noteMap = {id: 'id', occurredAt: 'at', recordedAt: 'at', 'author.name': 'by', heading: 'text', body: 'text'};
  const ofCompanies = (baseUrl: string, more: object = {}) => ({
    ...{id: 'companies', baseUrl, connector: 'json-http', subject: 'cvr', deadlineMs: 10_000},
    records: {
      cases: {post: 'cases', body: {cvr: '{number}'}, items: 'rows', about: {number: 'owner'}, map},
      journal: {post: 'notes', body: {cvr: '{number}'}, items: 'rows', about: {number: 'owner'}, map: noteMap},
    },
    ...more,
  });
  const ofPersons = (baseUrl: string) => source('persons', baseUrl, {person: byWords});

  const told = (frames: readonly Frame[]) =>
    frames.map(({source: {id}, status, items}) => `${id} ${status} ${items.length}`).sort();

  it('gives a company’s context its cases and notes, and is not asked for a person’s', async () => {
    const [companies, persons] = await Promise.all([
      system([{...row, ...note, owner: 'DK 90000004'}]),
      system([{...row, cpr: anna.value}]),
    ]);
    const one = await run([ofCompanies(companies.baseUrl), ofPersons(persons.baseUrl)]);

    const company = await one.client.open(bakery);
    assert.deepEqual(company.subject, {type: 'cvr', masked: 'CVR 90000004'});
    assert.deepEqual(told(await one.client.frames(company.contextId, 'cases')), [
      'companies ok 1',
      'persons not-applicable 0',
    ]);
    const [shown] = await one.client.items<{title: string}>(company.contextId, 'cases');
    assert.equal(shown?.title, 'Tilskud');
    const notes = await one.client.items<{body: string}>(company.contextId, 'journal');
    assert.deepEqual(
      notes.map(({body: said}) => said),
      ['Besøgt.'],
    );
    assert.equal(persons.asked.length, 0);

    const before = companies.asked.length;
    const person = await one.client.open(anna);
    assert.deepEqual(told(await one.client.frames(person.contextId, 'cases')), [
      'companies not-applicable 0',
      'persons ok 1',
    ]);
    assert.equal(companies.asked.length, before);
    assert.deepEqual(
      companies.asked.map(({url, body: {cvr}}) => [url, cvr]),
      [
        ['/cases', bakery.value],
        ['/cases', bakery.value],
        ['/notes', bakery.value],
      ],
    );
  });

  it('shows nothing of an answer in which one case is another company’s', async () => {
    const {baseUrl} = await system([
      {...row, owner: bakery.value},
      {...row, id: 8, title: 'Hemmelig', owner: 90_000_020},
    ]);
    const one = await run([ofCompanies(baseUrl)]);
    const {contextId} = await one.client.open(bakery);
    const frames = await one.client.frames(contextId, 'cases');
    assert.deepEqual(told(frames), ['companies invalid 0']);
    assert.equal(frames[0]?.problem?.code, 'wrong-subject');
    assert.doesNotMatch(JSON.stringify(frames), /Hemmelig|Tilskud/);
  });

  it('leads from a case to its company', async () => {
    const {baseUrl} = await system([{...row, owner: bakery.value, name: 'Korsbæk Bageri ApS'}]);
    const search = {case: {byWords: {post: 'search', body}, items: 'rows', number: 'owner', name: 'name'}};
    const one = await run([ofCompanies(baseUrl, {search})]);
    const {contextId} = await one.client.open({type: 'user'});
    const response = await one.client.act(contextId, 'search', {query: 'tilskud'});
    const {
      result: {
        hits: [hit],
      },
    } = (await response.json()) as {result: Found};
    assert.deepEqual(
      [hit?.kind, hit?.name, hit?.masked, hit?.detail],
      ['case', 'Tilskud', 'S-7', 'Korsbæk Bageri ApS, CVR 90000004'],
    );
    const opened = await one.client.open(hit!.subject);
    assert.deepEqual(opened.subject, {type: 'cvr', masked: 'CVR 90000004'});
    const [shown] = await one.client.items<{ref: object}>(opened.contextId, 'cases');
    assert.deepEqual(shown?.ref, hit?.record);
  });
});
