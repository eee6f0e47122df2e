import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {
  casesResource,
  documentsResource,
  draftsResource,
  eventsResource,
  grantsResource,
  isExistence,
  journalResource,
  paymentsResource,
  personResource,
  refKey,
  targetsResource,
} from './index.js';

const at = '2026-11-20T09:42:00+01:00';
const ref = {source: 'aktiv', id: 'A-1'};

/** A full record of each kind; `required` and `optional` name paths in it. */
const kinds = [
  {
    name: 'person',
    resource: personResource,
    full: {
      ref,
      name: 'Ida Bæk',
      masked: '641284-••••',
      status: {kind: 'active', native: '01', since: '2001-02-03'},
      birthDate: '1984-12-04',
      sex: 'female',
      address: {lines: ['Algade 3', '9999 Korsbæk'], municipality: 'Korsbæk', since: '2019-01-01', protected: false},
      protections: [{kind: 'name-address', from: '2020-01-01'}],
      civilStatus: {kind: 'married', since: '2010-06-05', native: 'G'},
      citizenship: 'Danmark',
      spouse: {relation: 'spouse', name: 'Per Bæk', masked: '650180-••••', subject: {type: 'ref', value: 'h1'}},
      children: [{relation: 'child', birthDate: '2012-01-02'}],
      parents: [{relation: 'mother', protected: true}],
      custody: [{holder: {relation: 'mother'}, since: '2012-01-02'}],
      guardianship: {since: '2020-01-01'},
      previousNumbers: ['641284-••••'],
    },
    required: ['ref', 'ref.id', 'ref.source', 'name', 'masked', 'status'],
    optional: ['birthDate', 'sex', 'address', 'address.lines', 'protections', 'civilStatus', 'spouse', 'children'],
  },
  {
    name: 'case',
    resource: casesResource,
    full: {
      ref,
      title: 'Sygedagpenge',
      closedTitle: 'Sygedagpenge, efter indlæggelse',
      number: '32.24.04-G01-12-26',
      status: {phase: 'informed', native: 'Oplyst'},
      kle: {number: '32.24.04', title: 'Sygedagpenge'},
      responsible: {name: 'Mette Dam', unit: 'Ydelse'},
      openedAt: at,
      changedAt: at,
      sensitivity: 'confidential',
    },
    required: ['ref', 'title', 'status', 'status.native', 'changedAt'],
    optional: ['closedTitle', 'number', 'status.phase', 'kle', 'responsible', 'openedAt'],
  },
  {
    name: 'existence',
    resource: casesResource,
    full: {source: 'dubu', ask: {unit: 'Børn og Familie', phone: '99 88 77 66'}},
    required: ['source', 'ask', 'ask.unit'],
    optional: ['ask.phone'],
  },
  {
    name: 'note',
    resource: journalResource,
    full: {
      ref,
      case: {ref, title: 'Sygedagpenge'},
      occurredAt: at,
      recordedAt: at,
      author: {name: 'Mette Dam', unit: 'Ydelse'},
      heading: 'Telefonnotat',
      body: 'Borger oplyser …',
      kle: {number: '32.24.04'},
      delivery: {state: 'accepted', at},
      addenda: [{at, author: {name: 'Mette Dam'}, body: 'Rettelse'}],
    },
    required: ['ref', 'occurredAt', 'recordedAt', 'author', 'author.name', 'heading', 'body'],
    optional: ['case', 'case.title', 'kle', 'delivery', 'delivery.at', 'addenda'],
  },
  {
    name: 'event',
    resource: eventsResource,
    full: {
      ref,
      type: 'digital-post.failed',
      title: 'Brev kunne ikke afleveres',
      text: 'Modtageren er fritaget',
      occurredAt: at,
      receivedAt: at,
      about: {kind: 'document', ref, title: 'Partshøring', case: {ref}},
      delivery: {channel: 'Digital Post', state: 'failed', native: 'Fejlet', error: {code: '1', text: 'Fritaget'}},
      seenAt: at,
      acknowledged: {at, by: 'Mette Dam'},
      done: {at, by: 'Mette Dam'},
    },
    required: ['ref', 'type', 'title', 'occurredAt', 'receivedAt'],
    optional: ['text', 'about', 'about.case', 'delivery', 'delivery.error', 'seenAt', 'acknowledged', 'done'],
  },
  {
    name: 'draft',
    resource: draftsResource,
    full: {
      window: 'journal',
      savedAt: at,
      version: 'saved-by-this-key',
      key: 'becomes-by-this-key',
      content: {heading: 'Telefonnotat', body: 'Borger'},
    },
    required: ['window', 'savedAt', 'version', 'content'],
    optional: ['content.body'],
  },
  {
    name: 'document',
    resource: documentsResource,
    full: {
      ref,
      title: 'Lægeattest',
      closedTitle: 'Lægeattest fra psykiater',
      number: 'D-26-114',
      type: {kind: 'incoming-letter', native: 'Brev, indgaaende'},
      status: {state: 'received', native: 'Modtaget'},
      cases: [{ref, title: 'Sygedagpenge'}],
      kle: {number: '32.24.04', title: 'Sygedagpenge'},
      responsible: {name: 'Mette Dam', unit: 'Ydelse'},
      letterDate: '2026-11-18',
      version: '2.1',
      changedAt: at,
      sensitivity: 'sensitive',
    },
    required: ['ref', 'title', 'status', 'status.native', 'type.native', 'changedAt'],
    optional: ['closedTitle', 'number', 'type', 'type.kind', 'status.state', 'cases', 'kle', 'letterDate', 'version'],
  },
  {
    name: 'grant',
    resource: grantsResource,
    full: {
      ref,
      number: 'B-26-7',
      status: {state: 'active', native: 'Aktiv'},
      from: '2026-01-01',
      to: '2026-12-31',
      reason: 'Nedsat funktionsevne',
      benefits: [
        {
          id: 'y1',
          name: 'Merudgiftsydelse',
          kle: {number: '32.18.12'},
          from: '2026-01-01',
          to: '2026-12-31',
          reason: 'Efter servicelovens § 100',
          repayable: false,
          plans: [{amount: '1250.50', frequency: 'Månedlig', timing: 'in-advance', from: '2026-01-01'}],
        },
      ],
      case: {ref, title: 'Merudgifter'},
      responsible: {name: 'Mette Dam'},
      changedAt: at,
      sensitivity: 'confidential',
    },
    required: ['ref', 'status', 'benefits', 'changedAt'],
    optional: ['number', 'status.state', 'status.native', 'from', 'to', 'reason', 'case', 'responsible'],
  },
  {
    name: 'payment',
    resource: paymentsResource,
    full: {
      ref,
      number: 'U-26-77',
      from: '2026-11-01',
      to: '2026-11-30',
      paidAt: '2026-11-30',
      gross: '1250.50',
      net: '1250.5',
      sent: '1250.50',
      paid: '-0.5',
      native: 'Udbetalt',
      department: 'Ydelse',
      parts: [
        {
          title: 'Merudgiftsydelse',
          kle: {number: '32.18.12'},
          from: '2026-11-01',
          to: '2026-11-30',
          amount: '1250.50',
          grant: {ref, title: 'Merudgifter'},
          benefit: 'y1',
        },
      ],
      changedAt: at,
      sensitivity: 'confidential',
    },
    required: ['ref', 'parts', 'changedAt'],
    optional: ['number', 'from', 'to', 'paidAt', 'gross', 'net', 'sent', 'paid', 'native', 'department'],
  },
  {
    name: 'target',
    resource: targetsResource,
    full: {ref, name: 'KMD Nexus', for: 'case', sources: ['nexus']},
    required: ['ref', 'ref.id', 'name', 'for'],
    optional: ['sources'],
  },
] as const;

type Tree = Record<string, unknown>;
/** A copy of a record with the value at a path replaced, or taken out when it is undefined. */
function withAt(record: object, path: string, value: unknown): Tree {
  const copy = structuredClone(record) as Tree;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const owner = keys.reduce<Tree>((tree, key) => tree[key] as Tree, copy);
  assert.ok(last in owner, `${path} is in the full record`);
  if (value === undefined) delete owner[last];
  else owner[last] = value;
  return copy;
}

for (const {name, resource, full, required, optional} of kinds)
  describe(`the record ${name}`, () => {
    it('reads in full, losing nothing', () => assert.deepEqual(resource.parse(full), full));
    it('reads when it has grown', () => assert.ok(resource.parse({...full, addedNextYear: {deep: [1]}})));
    for (const path of required) {
      it(`is unreadable without ${path}`, () => assert.equal(resource.parse(withAt(full, path, undefined)), undefined));
      it(`is unreadable with a number as ${path}`, () =>
        assert.equal(resource.parse(withAt(full, path, 7)), undefined));
    }
    for (const path of optional)
      it(`reads without ${path}`, () => assert.ok(resource.parse(withAt(full, path, undefined))));
    for (const item of [undefined, null, 0, '', 'text', [], {}, [full]])
      it(`is not ${JSON.stringify(item)?.slice(0, 12)}`, () => assert.equal(resource.parse(item), undefined));
  });

describe('words that a source may invent', () => {
  const [person, aCase, , , event] = kinds;
  it('an unknown person status reads as inactive: not less than what it may be', () =>
    assert.equal(personResource.parse(withAt(person.full, 'status.kind', 'cloned'))?.status.kind, 'inactive'));
  it('an unknown civil status reads as unknown', () =>
    assert.equal(
      personResource.parse(withAt(person.full, 'civilStatus.kind', 'engaged'))?.civilStatus?.kind,
      'unknown',
    ));
  it('an unknown phase reads as none, and the source’s word stays', () => {
    const item = casesResource.parse(withAt(aCase.full, 'status.phase', 'paused'));
    assert.ok(item && !isExistence(item));
    assert.deepEqual([item.status.phase, item.status.native], [undefined, 'Oplyst']);
  });
  for (const value of [undefined, 'secret', 3, null])
    it(`sensitivity ${value} reads as unknown, to be treated as the strictest`, () => {
      const item = casesResource.parse(withAt(aCase.full, 'sensitivity', value));
      assert.ok(item && !isExistence(item));
      assert.equal(item.sensitivity, 'unknown');
    });
  it('an unknown delivery state reads as unknown, and the source’s word stays', () =>
    assert.deepEqual(eventsResource.parse(withAt(event.full, 'delivery.state', 'lost'))?.delivery, {
      ...event.full.delivery,
      state: 'unknown',
    }));
  it('a document’s unknown state and type read as none, and the source’s words stay', () => {
    const document = kinds.find(({name}) => name === 'document')!.full;
    const item = documentsResource.parse(withAt(withAt(document, 'status.state', 'burnt'), 'type.kind', 'telegram'));
    assert.deepEqual(
      [item?.status, item?.type],
      [
        {state: undefined, native: 'Modtaget'},
        {kind: undefined, native: 'Brev, indgaaende'},
      ],
    );
  });
  it('a grant’s unknown state reads as none, and the source’s word stays', () => {
    const grant = kinds.find(({name}) => name === 'grant')!.full;
    assert.deepEqual(grantsResource.parse(withAt(grant, 'status.state', 'asleep'))?.status, {
      state: undefined,
      native: 'Aktiv',
    });
  });
  for (const amount of ['1,5', '1e3', 'NaN', '', '1.', '--1', ' 1'])
    it(`${amount || 'nothing'} is no amount`, () => {
      const payment = kinds.find(({name}) => name === 'payment')!.full;
      assert.equal(paymentsResource.parse(withAt(payment, 'gross', amount)), undefined);
    });
  it('an unknown event type is kept raw', () =>
    assert.equal(eventsResource.parse(withAt(event.full, 'type', 'dk.kombit.nyt'))?.type, 'dk.kombit.nyt'));
});

describe('what an item can be mistaken for', () => {
  const [, aCase, existence] = kinds;
  it('a case is not an existence, nor the other way round', () => {
    const parsed = [aCase, existence].map(({full}) => casesResource.parse(full));
    assert.deepEqual(
      parsed.map((item) => item && isExistence(item)),
      [false, true],
    );
  });
  it('an existence says nothing but source and whom to ask, whatever the backend adds', () =>
    assert.deepEqual(
      casesResource.parse({...existence.full, title: 'Anbringelse', count: 2, id: 'x', ask: {unit: 'B', kle: '27.24'}}),
      {source: 'dubu', ask: {unit: 'B'}},
    ));
  it('references of two sources never share a key', () =>
    assert.notEqual(refKey({source: 'a', id: 'b:c'}), refKey({source: 'a:b', id: 'c'})));
});

describe('moments and days', () => {
  const [, aCase] = kinds;
  for (const [text, reads] of [
    ['2026-11-20T09:42:00Z', true],
    ['2026-11-20T09:42:00.123+01:00', true],
    ['2026-11-20T09:42:00', false],
    ['2026-11-20', false],
    ['2026-02-30T09:42:00Z', false],
    ['20.11.2026', false],
  ] as const)
    it(`${text} is ${reads ? 'a' : 'no'} moment`, () =>
      assert.equal(casesResource.parse(withAt(aCase.full, 'changedAt', text)) !== undefined, reads));
});
