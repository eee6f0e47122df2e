import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {problemOf} from '@bsp/contract';
import {
  type Connector,
  type ConnectorSearch,
  type Intake,
  type OutgoingNote,
  type SourceHit,
  type SourceHits,
  type SourcePage,
  SourceProblem,
} from './connector.js';
import {connectorFindings, recordPastTheBorder} from './connector-conformance.js';

/** Synthetic: day + 60. */
const subject = {type: 'cpr', value: '6405851002'} as const;
const unknown = {type: 'cpr', value: '6101011111'} as const;
const record = {
  ref: {source: '', id: subject.value},
  subject,
  name: 'Ida Bæk',
  status: {kind: 'active'},
};

const connectorThat = (
  page: (about: SourcePage['about'], signal: AbortSignal) => SourcePage | undefined,
  more: Partial<Connector> = {},
): Connector => ({
  resources: ['person'],
  async *read(read) {
    const answer = page(read.subject, read.signal);
    if (answer) yield answer;
  },
  ...more,
});
const good = connectorThat((about, signal) => {
  signal.throwIfAborted();
  return {about, items: 'value' in about && about.value === subject.value ? [record] : []};
});
const always = (page: Partial<SourcePage>): Connector =>
  connectorThat((about, signal) => {
    signal.throwIfAborted();
    return 'value' in about && about.value === subject.value ? {about, items: [record], ...page} : {about, items: []};
  });
const intakeThat = (more: Partial<Intake>): Connector => ({
  resources: [],
  async *read() {},
  intake: {
    path: '/in',
    maxBytes: 10,
    handle: (body) =>
      Promise.resolve({status: body.length > 10 ? 413 : 400, mediaType: 'text/plain', body: '', outcome: 'refused'}),
    ...more,
  },
});

describe('the conformance suite', () => {
  it('finds nothing in a connector that keeps the contract', async () => {
    assert.deepEqual(await connectorFindings(good, {subject, unknown}), []);
    assert.deepEqual(await connectorFindings(intakeThat({}), {}), []);
  });

  it('does not ask for what a connector knows nothing about', async () => {
    const asked = new Set<string>();
    const read: Connector['read'] = (question) => {
      asked.add(question.subject.type);
      return good.read(question);
    };
    assert.deepEqual(await connectorFindings({...good, subjects: ['cpr'], read}, {subject, unknown}), []);
    assert.deepEqual([...asked], ['cpr']);
  });

  for (const [what, connector, finding] of [
    ['nothing to read or take', {...good, resources: []}, /reads nothing/],
    ['an unknown resource', {...good, resources: ['weather']}, /not a resource of the contract/],
    ['an answer about another', always({about: unknown}), /about somebody else/],
    ['the same answer for everybody', connectorThat((about) => ({about, items: [record]})), /gives records/],
    ['no answer to abort', connectorThat((about) => ({about, items: []})), /aborted read still gives pages/],
    ['nothing for the sample', connectorThat((about) => ({about, items: []})), /sample has no records/],
    ['a record that is none', always({items: [{...record, name: 7}]}), /not a record of the contract/],
    ['a number in a title', always({items: [{...record, citizenship: 'DK 640585-1002'}]}), /CPR number elsewhere/],
    ['too many records', always({items: new Array(501).fill(record)}), /more than 500/],
    ['a time without offset', always({asOf: '2026-03-02T00:00:00'}), /asOf/],
    ['a number in a cursor', always({next: `after-${subject.value}`}), /cursor holds/],
    ['half a record unread', always({invalid: 0.5}), /invalid is not a count/],
    [
      'a throw that is no SourceProblem',
      connectorThat(() => {
        throw new Error('no');
      }),
      /throws something else/,
    ],
    [
      'a number in a problem',
      connectorThat((about) => {
        throw new SourceProblem('invalid', problemOf('not-found', `no ${'value' in about ? about.value : ''}`));
      }),
      /problem holds the CPR number/,
    ],
    ['an intake that throws', intakeThat({handle: () => Promise.reject(new Error('no'))}), /it throws/],
    [
      'an intake that keeps anything',
      intakeThat({
        async handle(body, keep) {
          const outcome = await keep({id: '1', type: 't', title: 't', occurredAt: '2026-03-02T00:00:00Z'});
          return {status: body.length > 10 ? 413 : 200, mediaType: 'text/plain', body: outcome, outcome};
        },
      }),
      /keeps something of a message that is none/,
    ],
    [
      'an intake that takes any size',
      intakeThat({handle: () => Promise.resolve({status: 400, mediaType: 'text/plain', body: '', outcome: ''})}),
      /not a 413/,
    ],
  ] as const) {
    it(`finds ${what}`, async () => {
      const findings = await connectorFindings(connector as Connector, {subject, unknown});
      assert.ok(
        findings.some((one) => finding.test(one)),
        findings.join(' '),
      );
      assert.ok(!findings.join().includes(subject.value));
    });
  }

  it('finds an intake that acknowledges what was not kept, or answers a redelivery otherwise', async () => {
    const event = {id: '1', type: 't', title: 't', occurredAt: '2026-03-02T00:00:00Z'};
    const careless = intakeThat({
      async handle(body, keep) {
        if (body[0] !== 0x6d)
          return {status: body.length > 10 ? 413 : 400, mediaType: 'text/plain', body: '', outcome: ''};
        const outcome = await keep(event).catch(() => 'kept');
        return {status: 200, mediaType: 'text/plain', body: outcome, outcome};
      },
    });
    const findings = (await connectorFindings(careless, {message: new Uint8Array([0x6d])})).join(' ');
    assert.match(findings, /was not kept is acknowledged/);
    assert.match(findings, /comes again is answered otherwise/);
  });

  const note: OutgoingNote = {
    subject,
    occurredAt: '2026-03-02T09:00:00Z',
    recordedAt: '2026-03-02T10:00:00Z',
    author: {name: 'Karla'},
    heading: 'Samtale',
    body: 'Aftalt nyt møde.',
  };
  const deliveryThat = (deliverNote: Connector['deliverNote']): Connector => ({
    resources: [],
    async *read() {},
    deliverNote: deliverNote!,
  });

  it('finds nothing in a connector that takes notes out and receipts in', async () => {
    const connector = deliveryThat((_note, {signal}) => {
      signal.throwIfAborted();
      return Promise.resolve({state: 'received', at: '2026-03-02T10:00:01Z'});
    });
    const receipts: NonNullable<Connector['receipts']> = {
      path: '/receipts',
      maxBytes: 10,
      async handle(body, keep) {
        if (body.length > 10) return {status: 413, mediaType: 'text/plain', body: '', outcome: 'refused'};
        if (body[0] !== 0x6d) return {status: 400, mediaType: 'text/plain', body: '', outcome: 'refused'};
        try {
          return {status: 200, mediaType: 'text/plain', body: 'ok', outcome: await keep({key: '1', state: 'accepted'})};
        } catch {
          return {status: 503, mediaType: 'text/plain', body: 'again', outcome: 'not kept'};
        }
      },
    };
    const receipt = new Uint8Array([0x6d]);
    assert.deepEqual(await connectorFindings({...connector, receipts}, {note, receipt}), []);
  });

  for (const [what, deliver, finding] of [
    ['a receipt after an abort', () => Promise.resolve({state: 'received'}), /aborted delivery gives a receipt/],
    ['a note that is refused by a throw', () => Promise.reject(new Error('no')), /delivering the sample note fails/],
    [
      'a second delivery that is refused',
      (() => {
        let times = 0;
        return () => (++times < 3 ? Promise.resolve({state: 'received'}) : Promise.reject(new Error('again?')));
      })(),
      /delivering a note that is delivered again fails/,
    ],
    ['a number in a receipt', () => Promise.resolve({state: 'rejected', reason: subject.value}), /receipt holds/],
    ['a state of its own', () => Promise.resolve({state: 'lost'}), /unknown state/],
    ['a receipt’s time without offset', () => Promise.resolve({state: 'received', at: 'i går'}), /RFC 3339/],
  ] as const) {
    it(`finds ${what}`, async () => {
      const connector = deliveryThat(deliver as Connector['deliverNote']);
      assert.match((await connectorFindings(connector, {note})).join(' '), finding);
    });
  }

  const hit: SourceHit = {kind: 'person', subject, name: 'Ida Bæk'};
  const caseHit: SourceHit = {
    ...{kind: 'case', subject, name: 'Ida Bæk'},
    case: {
      ...{ref: {source: '', id: subject.value}, title: 'Sag', status: {native: 'I gang'}, sensitivity: 'ordinary'},
      changedAt: '2026-03-02T00:00:00+01:00',
    },
  };
  const search = [{words: 'ida'}, {subject}] as const;
  const searching = (find: (search: ConnectorSearch) => SourceHits, more: Partial<Connector> = {}): Connector => ({
    ...good,
    search: async (asked) => {
      asked.signal.throwIfAborted();
      const isStranger = 'subject' in asked.term && asked.term.subject.value !== subject.value;
      return Promise.resolve(isStranger ? {hits: []} : find(asked));
    },
    ...more,
  });
  const finding = (...hits: readonly SourceHit[]): Connector =>
    searching(({limit}) => ({hits: hits.slice(0, limit), invalid: 1, more: hits.length > limit}));

  it('finds nothing in a connector that searches as it must', async () => {
    assert.deepEqual(await connectorFindings(finding(hit, caseHit), {subject, unknown, search}), []);
    const words = searching(() => ({hits: [hit]}), {searches: ['words']});
    assert.deepEqual(await connectorFindings(words, {subject, unknown, search: [{words: 'ida'}]}), []);
  });

  for (const [what, connector, wanted] of [
    ['a search that is not there', good, /^Search: it cannot search\.$/],
    [
      'a search by what it is not asked by',
      searching(() => ({hits: [hit]}), {searches: ['words']}),
      /not asked by cpr/,
    ],
    ['a search that finds nothing', finding(), /by words finds nothing.*by cpr finds nothing/],
    ['more than the limit', searching(() => ({hits: [hit, hit]})), /more than the limit/],
    ['a hit of another kind', finding({...hit, kind: 'company'}), /not of the kind that it says/],
    ['a hit about nobody', finding({...hit, subject: {type: 'cpr', value: '1'}}), /no valid subject/],
    ['a hit about somebody else', finding({...hit, subject: unknown}), /by number finds somebody else/],
    ['a hit without a name', finding({...hit, name: ' '}), /has no name/],
    ['a case that is none', finding({...caseHit, case: {}}), /case of a hit is not a record/],
    [
      'a number in a case',
      finding({...caseHit, case: {...(caseHit.case as object), title: subject.value}}),
      /case of a hit holds the CPR number/,
    ],
    ['a case that was left out', finding({...hit, kind: 'case'}), /case of a hit is not a record/],
    ['half a hit unread', searching(() => ({hits: [hit], invalid: 0.5})), /invalid is not a count/],
    ['no answer to abort', {...good, search: () => Promise.resolve({hits: [hit]})}, /aborted search still finds/],
    ['the same for everybody', {...good, search: () => Promise.resolve({hits: [hit]})}, /does not know finds somebody/],
    ['a search that fails', {...good, search: () => Promise.reject(new Error('no'))}, /by words fails.*something else/],
    [
      'a number in a problem of a search',
      {...good, search: () => Promise.reject(new SourceProblem('invalid', problemOf('not-found', unknown.value)))},
      /problem holds the CPR number/,
    ],
  ] as const)
    it(`finds ${what}`, async () => {
      const findings = await connectorFindings(connector, {subject, unknown, search});
      assert.match(findings.join(' '), wanted);
      for (const number of [subject.value, unknown.value]) assert(!findings.join(' ').includes(number));
    });

  it('shows a record as it is past the border', () => {
    assert.deepEqual(recordPastTheBorder({...record, children: [{relation: 'child', subject}]}, 'cpr'), {
      ref: {source: 'cpr', id: 'opaque'},
      subject: {type: 'ref', value: 'handle'},
      masked: '640585-••••',
      name: 'Ida Bæk',
      status: {kind: 'active'},
      children: [{relation: 'child', subject: {type: 'ref', value: 'handle'}, masked: '640585-••••'}],
    });
  });
});
