import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import type {Case, Note} from '@bsp/contract';
import {connectorFindings} from '../connector-conformance.js';
import {holdsNumber} from '../http/answer-problems.js';
import {
  bakery,
  bo,
  connectorOf,
  type ExampleName,
  exampleAt,
  exampleNames,
  examples,
  exampleText,
  ida,
  logged,
  nobody,
  pagesOf,
  serve,
  setEnvironment,
} from './simulators.test.js';

setEnvironment();

const started = async (name: ExampleName) => {
  const {url, seen} = await serve(examples[name].system);
  return {seen, connector: await connectorOf(exampleAt(name, url))};
};

/** What the systems whose examples search find something by. */
const searchedFor: Partial<Record<ExampleName, string>> = {momentum: 'korsbæk', sbsys: 'ansøgning'};

for (const name of exampleNames) {
  const {key: type, known, unknown} = examples[name];
  describe(`json-http in the shape of ${name}`, () => {
    it('keeps the connector contract', async () => {
      const {connector} = await started(name);
      const findings = await connectorFindings(connector, {
        subject: {type, value: known[0]},
        unknown: {type, value: unknown},
        ...(connector.search ? {search: [{words: searchedFor[name] ?? ''}]} : {}),
      });
      assert.deepEqual(findings, []);
    });

    it('needs no more than 40 lines', () => {
      const lines = exampleText(name).trimEnd().split('\n');
      assert(lines.length <= 40, `${lines.length} lines`);
      for (const line of lines) assert(line.length <= 140, `a line of ${line.length}`);
    });

    it('reads cases and notes of whom it is asked for, all of them readable, and puts the number into no address', async () => {
      const {connector, seen} = await started(name);
      assert.deepEqual(connector.resources, ['cases', 'journal']);
      for (const resource of connector.resources)
        for (const value of known) {
          const pages = await pagesOf(connector, resource, value, {subject: {type, value}});
          assert(pages.some(({items}) => items.length > 0));
          for (const page of pages) {
            assert.deepEqual(page.about, {type, value});
            assert.equal(page.invalid, undefined);
          }
        }
      assert(seen.length > 0);
      for (const {url} of seen) for (const number of known) assert(!holdsNumber(url, number), 'a number in an address');
      assert.equal(seen.filter(({path}) => path === '/token').length, name === 'ky' ? 0 : 1);
    });
  });
}

const itemsOf = async <T>(name: ExampleName, resource: string): Promise<T[]> => {
  const {connector} = await started(name);
  const {
    key: type,
    known: [value],
  } = examples[name];
  return (await pagesOf(connector, resource, value, {subject: {type, value}})).flatMap(({items}) => items as T[]);
};

describe('what json-http makes of the answers', () => {
  it('Momentum: every page of the tasks, status by number, text out of HTML', async () => {
    const cases = await itemsOf<Case>('momentum', 'cases');
    assert.equal(cases.length, 170);
    assert.deepEqual(cases[0], {
      ref: {source: '', id: 'task-0'},
      title: 'Indkald til jobsamtale',
      status: {phase: 'executed', native: '0'},
      responsible: {name: 'Karla Bruun'},
      openedAt: '2026-10-01T08:15:00+02:00',
      changedAt: '2026-11-02T10:00:00+01:00',
      sensitivity: 'sensitive',
    });
    assert.deepEqual(await itemsOf<Note>('momentum', 'journal'), [
      {
        ref: {source: '', id: 'j1'},
        occurredAt: '2026-11-03T09:00:00+01:00',
        recordedAt: '2026-11-03T09:42:11.123+01:00',
        author: {name: 'Karla Bruun'},
        heading: 'Samtale',
        body: 'Aftalt praktik.\nOpfølgning ønskes.',
      },
    ]);
  });

  it('Nexus: follows the link that came with the person, and shows a word that no table knows', async () => {
    logged.length = 0;
    const cases = await itemsOf<Case>('nexus', 'cases');
    assert.deepEqual(cases, [
      {
        ref: {source: '', id: '47110'},
        title: 'Sundhedsfagligt grundforløb',
        status: {phase: 'executed', native: 'ACTIVE'},
        responsible: {name: 'Mette Holm', unit: 'Hjemmeplejen'},
        openedAt: '2024-03-18T23:53:12.000+00:00',
        changedAt: '2024-03-18T23:53:12.000+00:00',
        sensitivity: 'sensitive',
      },
      {
        ref: {source: '', id: '47111'},
        title: 'Demensforløb',
        status: {native: 'PENDING'},
        openedAt: '2025-01-02T10:00:00.000+00:00',
        changedAt: '2025-01-02T10:00:00.000+00:00',
        sensitivity: 'sensitive',
      },
    ]);
    assert.deepEqual(logged, ['test: 1 words are not in "records.cases.words" {"unknownWords":1}']);
  });

  it('KY: pages by offset, Danish days and times, a class by KLE', async () => {
    const cases = await itemsOf<Case>('ky', 'cases');
    assert.equal(cases.length, 120);
    assert.equal(new Set(cases.map(({ref}) => ref.id)).size, 120);
    assert.deepEqual(cases[1], {
      ref: {source: '', id: 'a1b2c3d4-0000-4000-8000-00000000000a-1'},
      number: 'HENV-1001',
      title: 'HENV Ressourceforløbsydelse',
      status: {phase: 'closed', native: 'passiv'},
      responsible: {name: 'Per Lund'},
      openedAt: '2026-06-01T00:00:00+02:00',
      changedAt: '2026-06-15T13:05:00+02:00',
      closedAt: '2026-06-30T00:00:00+02:00',
      kle: {number: '32.24.14'},
      sensitivity: 'confidential',
    });
    assert.equal(cases[0]!.closedAt, undefined);
  });

  it('SBSYS: whose a case is stands in it; notes of every case; an unknown sensitivity is the strictest', async () => {
    const cases = await itemsOf<Case>('sbsys', 'cases');
    assert.deepEqual(
      cases.map(({status, sensitivity, closedAt}) => [status.phase, status.native, sensitivity, closedAt]),
      [
        ['informed', 'Opklaring', 'ordinary', undefined],
        ['decided', 'Afgjort', 'confidential', '2026-07-05T10:00:00+02:00'],
        [undefined, 'Slettes snart', 'unknown', undefined],
      ],
    );
    const notes = await itemsOf<Note>('sbsys', 'journal');
    assert.deepEqual(
      notes.map(({case: of, body}) => [of?.ref.id, of?.title, body]),
      [
        ['737962', 'Ansøgning om merudgifter', 'Navn: test\nRelation: mor'],
        ['737963', 'Sag 1', 'Navn: test\nRelation: mor'],
        ['737964', 'Sag 2', 'Navn: test\nRelation: mor'],
      ],
    );
  });

  it('SBSYS, asked for companies: cases and notes as those of persons', async () => {
    for (const resource of ['cases', 'journal'])
      assert.deepEqual(await itemsOf('sbsys-companies', resource), await itemsOf('sbsys', resource));
  });
});

describe('what json-http finds in the systems', () => {
  const found = async (name: ExampleName, words: string, limit: number) => {
    const {connector, seen} = await started(name);
    assert.deepEqual(connector.searches, ['words']);
    const user = {id: 'u', name: 'U'};
    const hits = await connector.search!({term: {words}, limit, user, signal: new AbortController().signal});
    for (const {url} of seen) assert(!decodeURIComponent(url).includes(words), 'what was typed in an address');
    return hits;
  };

  it('Momentum: companies by their name, and whether there are more', async () => {
    const hit = {kind: 'company', subject: {type: 'cvr', value: bakery}, name: 'Korsbæk Bageri ApS'};
    assert.deepEqual(await found('momentum', 'korsbæk bageri', 100), {hits: [hit]});
    assert.deepEqual(await found('momentum', 'korsbæk', 1), {hits: [hit], more: true});
  });

  it('SBSYS: cases of persons by their title, as it reads them', async () => {
    const {hits, ...rest} = await found('sbsys', 'merudgifter', 100);
    assert.deepEqual(rest, {});
    assert.deepEqual(
      hits.map(({kind, subject, name}) => [kind, subject, name]),
      [ida, bo].map((value) => ['case', {type: 'cpr', value}, 'Ida Bæk']),
    );
    assert.deepEqual(hits[0]?.case, (await itemsOf<Case>('sbsys', 'cases'))[0]);
  });

  it('the others: nothing, since they are not asked', async () => {
    for (const name of ['ky', 'nexus', 'sbsys-companies'] as const)
      assert.equal((await started(name)).connector.search, undefined);
  });
});

describe('json-http for events and persons', () => {
  it('keeps the connector contract', async () => {
    const {url} = await serve(({path, body}) => {
      const {cpr} = body as {cpr: string};
      if (path === '/find') return cpr === ida ? {people: [{cpr, nr: 7, name: 'Ida Bæk', state: '01'}]} : {people: []};
      const event = {id: 1, kind: 'besked', text: 'Brev sendt', at: '2026-11-01 08:00', doc: 'D1', citizen: cpr};
      return {events: cpr === ida ? [event, {...event, id: 2, kind: 'flytning', doc: null}] : []};
    });
    const connector = await connectorOf({
      baseUrl: url,
      person: {post: 'find', body: {cpr: '{number}'}, items: 'people', number: 'cpr'},
      records: {
        person: {map: {id: 'nr', name: 'name', status: 'state'}, words: {status: {'01': 'active'}}},
        events: {
          post: 'events',
          body: {cpr: '{number}'},
          items: 'events',
          about: {number: 'citizen'},
          map: {
            id: 'id',
            type: 'kind',
            title: 'text',
            occurredAt: 'at',
            receivedAt: 'at',
            'about.kind': "'document'",
            'about.id': 'doc',
          },
          words: {type: {besked: 'digital-post.sent'}},
        },
      },
    });
    assert.deepEqual(connector.resources.toSorted(), ['events', 'person']);
    const sample = {subject: {type: 'cpr', value: ida}, unknown: {type: 'cpr', value: nobody}} as const;
    assert.deepEqual(await connectorFindings(connector, sample), []);
    const [page] = await pagesOf(connector, 'events', ida);
    const at = '2026-11-01T08:00:00+01:00';
    assert.deepEqual(page?.items, [
      {
        ref: {source: '', id: '1'},
        type: 'digital-post.sent',
        title: 'Brev sendt',
        occurredAt: at,
        receivedAt: at,
        about: {kind: 'document', ref: {source: '', id: 'D1'}},
      },
      {ref: {source: '', id: '2'}, type: 'flytning', title: 'Brev sendt', occurredAt: at, receivedAt: at},
    ]);
  });
});
