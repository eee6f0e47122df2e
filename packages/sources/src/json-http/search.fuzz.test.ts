// The search of json-http under spoiled answers: hits that are some, about whom was asked for, or a problem that tells nothing.
import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {casesResource, normalizedSubject, type SearchTerm} from '@bsp/contract';
import fc from 'fast-check';
import {assertNoNumber, bites, fuzz, type Target} from '../../../../tests/fuzz/fuzz.js';
import {type Connector, type SourceHits, SourceProblem} from '../connector.js';
import {recordPastTheBorder} from '../connector-conformance.js';
import {holdsNumber} from '../http/answer-problems.js';
import {typeOfKind} from './hit-mapping.js';
import {bo, connectorOf, hyphened, ida, logged, type Seen, serve} from './simulators.test.js';
import {type SpoiledAnswer, sendSpoiled, spoiledAnswer} from './spoiled-answers.test.js';

/** Stands in everything of Bo's. */
const mark = 'KUN-FOR-BO';
const typed = 'hemmelig søgning';

const citizen = (cpr: string, name: string) => ({
  ...{cpr, name, address: `${name} 1`, hidden: false},
  ...{id: `case-${name}`, title: name, state: 'I gang', at: '2026-11-01', number: 'S-1'},
});
const answers: Readonly<Record<string, unknown>> = {
  '/people': {rows: [citizen(ida, 'Ida Bæk'), citizen(hyphened(bo), mark), citizen(ida, 'Ida B')], total: 3},
  '/cases': {rows: [citizen(ida, 'Ida Bæk'), citizen(bo, mark)], total: 2},
  '/companies': {rows: [{cvr: 'DK90000004', name: 'Bæk A/S', town: 'Korsbæk'}], total: 1},
  '/company': {rows: [{cvr: 90_000_004, name: 'Bæk A/S', town: 'Korsbæk'}]},
};
const byNumber = (number: string, name: string) => ({rows: [citizen(number, name)]});

const hits = {items: 'rows', name: 'name', more: 'total > $seen'};
const body = {text: '{words}', most: '{size}'};
const map = {id: 'id', title: 'title', status: 'state', changedAt: 'at', number: 'number'};
const search = {
  person: {
    ...{byWords: {post: 'people', body}, byNumber: {post: 'person', body: {cpr: '{number}'}}},
    ...{...hits, number: 'cpr', detail: 'address', protected: 'hidden'},
  },
  company: {
    ...{byWords: {post: 'companies', body}, byNumber: {post: 'company', body: {cvr: '{number}'}}},
    ...{...hits, number: 'cvr', detail: 'town'},
  },
  case: {byWords: {post: 'cases', body}, ...hits, number: 'cpr', protected: 'hidden'},
};
const records = {
  person: {map: {id: 'cpr', name: 'name', status: 'state'}},
  cases: {post: 'cases', body: {cpr: '{number}'}, items: 'rows', about: {number: 'cpr'}, map},
};
const person = {post: 'person', body: {cpr: '{number}'}, items: 'rows', number: 'cpr'};

/** How the answer to one of the requests is spoiled. */
interface Spoiled extends SpoiledAnswer {
  readonly by: 'words' | 'cpr' | 'cvr';
  readonly limit: number;
  readonly path: string;
  /** The answer to a number is the one about Bo. */
  readonly aboutBo: boolean;
}

const spoiledOf: fc.Arbitrary<Spoiled> = fc.record({
  by: fc.constantFrom('words' as const, 'cpr' as const, 'cvr' as const),
  limit: fc.constantFrom(1, 2, 4, 100),
  path: fc.constantFrom('/people', '/cases', '/companies'),
  aboutBo: fc.boolean(),
  ...spoiledAnswer,
});

const terms: Readonly<Record<Spoiled['by'], SearchTerm>> = {
  words: {words: typed},
  cpr: {subject: {type: 'cpr', value: ida}},
  cvr: {subject: {type: 'cvr', value: '90000004'}},
};

/** A system that spoils the answers to a search. */
class SpoiledSearch {
  readonly connector: Connector;
  readonly seen: Seen[];
  spoiled: Spoiled | undefined;

  private constructor(connector: Connector, seen: Seen[]) {
    this.connector = connector;
    this.seen = seen;
  }

  static async start(change: object): Promise<SpoiledSearch> {
    // The server asks the system that is made after it.
    const made: {system?: SpoiledSearch} = {};
    const {url, seen} = await serve(({path}, response) => {
      const spoiled = made.system!.spoiled!;
      const answer =
        path === '/person' ? byNumber(spoiled.aboutBo ? bo : ida, spoiled.aboutBo ? mark : 'Ida Bæk') : answers[path];
      if (spoiled.by === 'words' && path !== spoiled.path) return answer;
      sendSpoiled(answer, spoiled, response);
      return undefined;
    });
    const config = {baseUrl: url, person, records, search: {...search, person: {...search.person, ...change}}};
    made.system = new SpoiledSearch(await connectorOf(config), seen);
    return made.system;
  }
}

function assertHits({hits: found, more, invalid}: SourceHits, {by, limit}: Spoiled): void {
  assert(found.length <= limit, 'more than the limit');
  assert([undefined, true].includes(more) && (invalid === undefined || invalid > 0));
  const term = terms[by];
  for (const {kind, subject, name, detail, protected: guarded, case: record} of found) {
    assert.equal(subject.type, typeOfKind(kind, 'cpr'));
    assert.deepEqual(normalizedSubject(subject), {ok: true, value: subject});
    if ('subject' in term) {
      assert.deepEqual(subject, term.subject, 'a hit about somebody else');
      assert(!`${name}${detail}`.includes(mark), 'a name of somebody else');
    }
    assert(name.trim() !== '' && !(guarded && detail !== undefined));
    if (kind === 'case') assert(casesResource.parse(recordPastTheBorder(record, 'test')), 'no record of the contract');
    else assert.equal(record, undefined);
  }
}

const started = new Map<string, Promise<SpoiledSearch>>();

/** @param change - puts a fault into how persons are found. */
const spoiledSearch = (fault: string, change: object = {}): Target<Spoiled> => ({
  inputs: spoiledOf,
  async check(spoiled) {
    if (!started.has(fault)) started.set(fault, SpoiledSearch.start(change));
    const system = await started.get(fault)!;
    system.spoiled = spoiled;
    system.seen.length = 0;
    logged.length = 0;
    let problem: SourceProblem | undefined;
    try {
      const {signal} = new AbortController();
      const asked = {term: terms[spoiled.by], limit: spoiled.limit, user: {id: 'u', name: 'U'}, signal};
      assertHits(await system.connector.search!(asked), spoiled);
    } catch (thrown) {
      if (thrown instanceof assert.AssertionError) throw thrown;
      assert(thrown instanceof SourceProblem, `a search throws ${String(thrown)}`);
      problem = thrown;
      const said = JSON.stringify([thrown.message, thrown.problem]);
      assertNoNumber(said, 'a problem');
      assert(![mark, typed, 'Ida', 'Bæk'].some((one) => said.includes(one)), 'a problem tells');
    }
    assert(system.seen.length > 0);
    for (const {url} of system.seen) assert(!holdsNumber(url, ida) && !/hemmelig|\?/.test(url), 'a telling address');
    for (const line of logged)
      assert(/^test: \d+ words are not in "records\.cases\.words" \{"unknownWords":\d+\}$/.test(line), line);
    assert.deepEqual(Object.keys(Object.prototype), []);
    return problem === undefined ? 'taken' : 'refused';
  },
});

describe('the search of json-http under spoiled answers', () => {
  it('gives hits about whom was asked for, or a problem that tells nothing', () =>
    fuzz('json-http search', spoiledSearch('none')));

  it('is found out where it believes its question', () =>
    bites('a number is believed', spoiledSearch('a number is believed', {number: `'${ida}'`}), spoiledSearch('none')));
});

describe('words of json-http that hold a number', () => {
  const separator = fc.constantFrom('', '', '', ' ', '-', '.', '–', '/', '+', ',', '\t', '\u00a0', '\u200b', '%', '_');
  const around = fc.stringMatching(/^[a-zæøå ]{0,9}$/);
  const digitsApart = fc.tuple(fc.array(separator, {minLength: 9, maxLength: 9}), around, around);

  it('stand in no address, whatever stands between its digits', async () => {
    const {url, seen} = await serve(() => ({rows: []}));
    const byAddress = {...hits, number: 'cpr', byWords: {get: 'people?q={words}'}};
    const config = {baseUrl: url, wordsInUrl: true, person, records, search: {person: byAddress}};
    const connector = await connectorOf(config);
    await fc.assert(
      fc.asyncProperty(digitsApart, async ([separators, before, after]) => {
        const number = [...ida].map((digit, index) => `${digit}${separators[index] ?? ''}`).join('');
        const {signal} = new AbortController();
        const term = {words: `${before}${number}${after}`};
        const asked = connector.search!({term, limit: 1, user: {id: 'u', name: 'U'}, signal});
        await assert.rejects(asked, (thrown: unknown) => {
          assert(thrown instanceof SourceProblem);
          assertNoNumber(JSON.stringify([thrown.message, thrown.problem]), 'a problem');
          return true;
        });
      }),
    );
    assert.equal(seen.length, 0);
  });
});
