import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {problemOf} from '@bsp/contract';
import {type Connector, type Intake, type OutgoingNote, type SourcePage, SourceProblem} from './connector.js';
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
