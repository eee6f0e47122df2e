import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {type IncomingReceipt, type IntakeAnswer, type OutgoingNote, SourceProblem} from '../connector.js';
import {connectorFindings} from '../connector-conformance.js';
import {envelopeOf} from '../soap/envelope.js';
import {type Answerer, connectorWith, ida, lacksSchemas, logged, soapAnswer} from '../soap/simulator.test.js';
import sf2900, {type Sf2900Config} from './index.js';
import {
  answerXml,
  faultXml,
  type ReceiptParts,
  receiptXml,
  senderSchema,
  serveComponent,
  taking,
  transactionOf,
} from './simulator.test.js';
import {transactionIdOf} from './transaction-id.js';

const system = '0b8f7a8e-00aa-4c1e-9d53-0000000000aa';
const key = '0b8f7a8e-0001-4c1e-9d53-000000000001';
const caseId = '0b8f7a8e-0002-4c1e-9d53-000000000002';

const note: OutgoingNote = {
  subject: {type: 'cpr', value: ida},
  occurredAt: '2026-11-20T09:30:00+01:00',
  recordedAt: '2026-11-20T09:42:00+01:00',
  author: {name: 'Mette Dam', unit: 'Ydelse'},
  heading: 'Telefonsamtale <med> læge',
  body: 'Borger oplyser, at "lægen" & kommunen er enige.',
  kle: {number: '32.24.04-G01'},
  case: {ref: {source: 'sdi', id: caseId}, title: 'Sygedagpenge'},
};

async function connected(answer: Answerer = taking, config: Partial<Sf2900Config> = {}) {
  const {url, seen} = await serveComponent(answer);
  const connector = await connectorWith(sf2900, {
    endpoint: `${url}/distribution/3`,
    municipality: '11111111',
    system,
    ...config,
  });
  const deliver = (changes: Partial<OutgoingNote> = {}, options: {key?: string; signal?: AbortSignal} = {}) =>
    connector.deliverNote!({...note, ...changes}, {key, signal: new AbortController().signal, ...options});
  return {connector, seen, deliver, sent: () => String(seen.at(-1)?.body)};
}
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const enveloped = (body: string, version: '1.1' | '1.2' = '1.1'): Uint8Array =>
  bytes(envelopeOf(version, {action: '', body}));

describe('sf2900, notes out', () => {
  it('keeps what every connector must', async () => {
    const {connector} = await connected();
    assert.deepEqual(await connectorFindings(connector, {note, receipt: enveloped(receiptXml(key))}), []);
  });

  it('sends who, what, when, about whom and to which case', async () => {
    const {deliver, sent, seen} = await connected();
    assert.deepEqual(await deliver(), {state: 'received'});
    for (const part of [
      `<t:AnvenderTransaktionsID>${key}</t:AnvenderTransaktionsID>`,
      '<t:RoutingKLEEmne>32.24.04</t:RoutingKLEEmne><t:RoutingHandlingFacet>G01</t:RoutingHandlingFacet>',
      `<t:ID>${key}</t:ID><t:KLEEmneForslag>32.24.04</t:KLEEmneForslag>`,
      `<t:SagForslag>${caseId}</t:SagForslag>`,
      `<t:URN>urn:oio:cpr-nr:${ida}</t:URN>`,
      '<t:FraTidsPunkt>2026-11-20T09:42:00+01:00</t:FraTidsPunkt>',
      '<t:FraTidspunkt>2026-11-20T09:30:00+01:00</t:FraTidspunkt>',
      '<t:Titel>Telefonsamtale &lt;med&gt; læge</t:Titel>',
      'enige.\n\nMette Dam, Ydelse</t:Notat>',
      '<a:MunicipalityCVR>11111111</a:MunicipalityCVR>',
    ])
      assert(sent().includes(part), part);
    assert(!seen.some(({url}) => url.includes(ida)));
  });

  it('sends a note again with the same id', async () => {
    const {deliver, seen} = await connected();
    for (const again of [key, key.toUpperCase(), 'other-key', 'other-key']) await deliver({}, {key: again});
    const [first, second, third, fourth] = seen.map(({body}) => transactionOf(String(body)));
    assert.equal(first, second);
    assert.equal(third, fourth);
    assert.notEqual(first, third);
  });

  it('routes to a system where one is configured, and by a KLE of its own where the note has none', async () => {
    const {deliver, sent} = await connected(taking, {receiver: caseId, kle: '27.00.00'});
    const {kle: _, ...without} = note;
    await deliver(without as OutgoingNote);
    assert.match(sent(), new RegExp(`RoutingModtagerAktoer>${caseId}<`));
    await connected(taking, {kle: '27.00.00'}).then(async (other) => {
      await other.connector.deliverNote!(without as OutgoingNote, {key, signal: new AbortController().signal});
      assert.match(other.sent(), /RoutingKLEEmne>27\.00\.00</);
    });
  });

  it('tells of which note an addendum is one', async () => {
    const {deliver, sent} = await connected();
    await deliver({addendumTo: 'first'});
    assert(sent().includes(`<t:NoteTekst>Tilføjelse til ${transactionIdOf('first')}</t:NoteTekst>`));
  });

  const receipts: [ReceiptParts, object][] = [
    [{code: 'MODTAGET'}, {state: 'received'}],
    [{code: 'AFLEVERET'}, {state: 'delivered'}],
    [{code: 'ACCEPTERET'}, {state: 'accepted'}],
    [
      {code: 'AFVIST', reason: `Sagen for ${ida} er lukket`, errors: [['K4', 'Lukket sag']]},
      {state: 'rejected', reason: `Sagen for ${ida.slice(0, 6)}-•••• er lukket · K4: Lukket sag`},
    ],
    [
      {code: 'FEJLET', errors: [['K1', 'Ukendt system']]},
      {state: 'failed', reason: 'K1: Ukendt system'},
    ],
  ];
  for (const [parts, receipt] of receipts)
    it(`reads the answer ${parts.code}`, async () => {
      const {deliver} = await connected(({body}) => answerXml(transactionOf(body), parts));
      assert.deepEqual(await deliver(), receipt);
    });

  it('takes a message that the platform refuses for failed, with its reason', async () => {
    const {deliver} = await connected(() => soapAnswer('1.1', faultXml('Client', 'Kan ikke fordeles'), 500));
    assert.deepEqual(await deliver(), {state: 'failed', reason: 'Kan ikke fordeles · F7: Ukendt KLE'});
  });

  const unsendable: [what: string, changes: object, config?: object][] = [
    ['that is about no person', {subject: {type: 'cvr', value: '29189846'}}],
    ['without a KLE subject', {kle: undefined}],
    ['whose KLE is none', {kle: {number: 'ukendt'}}],
    ['that is longer than 100 KB', {body: 'æ'.repeat(50_001)}],
  ];
  for (const [what, changes] of unsendable)
    it(`does not send a note ${what}, and says why`, async () => {
      const {deliver, seen} = await connected();
      const {state, reason} = await deliver(changes);
      assert.equal(state, 'failed');
      assert.match(reason ?? '', /^Notatet .*\.$/);
      assert.equal(seen.length, 0);
    });

  const unknown: Record<string, Answerer> = {
    'a fault of the platform': () => soapAnswer('1.1', faultXml('Server', 'Prøv igen'), 500),
    'a receipt for another note': () => answerXml(caseId),
    'a receipt with a word that nobody knows': ({body}) =>
      soapAnswer('1.1', answerXml(transactionOf(body), {code: 'UKENDT'})),
    'a receipt with the name of what every object has': ({body}) =>
      soapAnswer('1.1', answerXml(transactionOf(body), {code: 'constructor'})),
    'something else': () => soapAnswer('1.1', '<x/>'),
    'no connection': ({response}) => void response.destroy(),
  };
  for (const [what, answer] of Object.entries(unknown))
    it(`does not know that the note arrived after ${what}`, async () => {
      const {deliver} = await connected(answer);
      await assert.rejects(deliver(), SourceProblem);
      assert(!logged.some((line) => line.includes(ida)));
    });

  it('stops when it is told to', async () => {
    const {deliver, seen} = await connected();
    await assert.rejects(deliver({}, {signal: AbortSignal.abort()}), {name: 'AbortError'});
    assert.equal(seen.length, 0);
  });
});

describe('sf2900, receipts in', () => {
  async function given(
    body: Uint8Array,
    outcome: 'kept' | 'duplicate' | 'unknown' | Error = 'kept',
    config: Partial<Sf2900Config> = {},
  ): Promise<{answer: IntakeAnswer; kept: IncomingReceipt[]}> {
    const {connector} = await connected(taking, config);
    const kept: IncomingReceipt[] = [];
    const answer = await connector.receipts!.handle(body, (receipt) => {
      kept.push(receipt);
      return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
    });
    return {answer, kept};
  }

  it('takes a receipt with its reason, and answers as the interface says', async () => {
    const xml = receiptXml(key.toUpperCase(), {code: 'AFVIST', reason: 'Sagen er lukket'});
    senderSchema.assertValid(xml, 'the receipt');
    const {answer, kept} = await given(enveloped(xml));
    assert.deepEqual(kept, [{key: key.replaceAll('-', ''), state: 'rejected', reason: 'Sagen er lukket'}]);
    assert.deepEqual([answer.status, answer.mediaType, answer.outcome], [200, 'text/xml; charset=utf-8', 'kept']);
    const [, body = ''] = /<soap:Body>(.*)<\/soap:Body>/s.exec(answer.body) ?? [];
    senderSchema.assertValid(body, 'the answer');
    assert.match(body, /FordelingskvitteringModtagAnvenderResponse/);
  });

  it('does not take what a machine accepts for what the receiver does', async () => {
    for (const [parts, state] of [
      [{code: 'ACCEPTERET', kind: 'Teknisk'}, 'delivered'],
      [{code: 'ACCEPTERET', kind: 'Forretning'}, 'accepted'],
      [{code: 'AFVIST', kind: 'Teknisk'}, 'rejected'],
    ] as const) {
      const {kept} = await given(enveloped(receiptXml(key, parts)));
      assert.deepEqual(
        kept.map((receipt) => receipt.state),
        [state],
      );
    }
  });

  it('knows of which note a receipt is, and which addendum with a longer key it has sent', async () => {
    const {connector, deliver, sent} = await connected();
    const hex = key.replaceAll('-', '');
    for (const one of [hex, `${hex}.1`]) {
      await deliver({}, {key: one});
      const id = transactionOf(sent());
      assert.match(id, /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
      const keys: string[] = [];
      await connector.receipts!.handle(enveloped(receiptXml(id)), (receipt) => {
        keys.push(receipt.key);
        return Promise.resolve('kept');
      });
      assert.deepEqual(keys, [one]);
    }
    // Another replica has sent it: the id alone tells the note.
    const {kept} = await given(enveloped(receiptXml(key)));
    assert.deepEqual(
      kept.map(({key: of}) => of),
      [hex],
    );
  });

  it('answers in the version of SOAP in which it is asked, and to both names of the request', async () => {
    const other = receiptXml(key)
      .replaceAll('t:FordelingskvitteringModtagAnvenderRequest', 'd:FordelingskvitteringModtagRequest')
      .replace('<d:', '<d:')
      .replace('Request ', 'Request xmlns:d="http://serviceplatformen.dk/xml/wsdl/soap11/DistributionService/3/types" ')
      .replaceAll(/(<\/?)t:(Forretningskvittering|DistributionContext)>/g, '$1d:$2>');
    const {answer, kept} = await given(enveloped(other, '1.2'));
    assert.equal(kept.length, 1);
    assert.equal(answer.mediaType, 'application/soap+xml; charset=utf-8');
    assert.match(answer.body, /FordelingskvitteringModtagResponse/);
  });

  const bad: [what: string, body: Uint8Array, status: number][] = [
    ['no XML', bytes('x'), 500],
    ['an entity', bytes('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), 500],
    ['no envelope', bytes(receiptXml(key)), 500],
    ['another request', enveloped('<x/>'), 500],
    ['a word that nobody knows', enveloped(receiptXml(key, {code: 'UKENDT'})), 500],
    ['a transaction that is none', enveloped(receiptXml('../etc')), 500],
    ['too much', new Uint8Array(2_000_001).fill(0x20), 413],
  ];
  for (const [what, body, status] of bad)
    it(`refuses ${what} with a fault that the sender understands`, async () => {
      const {answer, kept} = await given(body);
      assert.equal(kept.length, 0);
      assert.equal(answer.status, status);
      assert.match(answer.body, /<soap:Fault><faultcode>soap:Client<.*TransportValideringsKode>FEJL</s);
    });

  it('asks for the receipt again where it was not kept', async () => {
    const {answer} = await given(enveloped(receiptXml(key)), new Error('the disk is full'));
    assert.equal(answer.status, 503);
    assert.match(answer.body, /soap:Server/);
  });

  it('acknowledges what it does not know: the sender need not repeat it', async () => {
    for (const outcome of ['duplicate', 'unknown'] as const) {
      const {answer} = await given(enveloped(receiptXml(key)), outcome);
      assert.deepEqual([answer.status, answer.outcome], [200, outcome]);
    }
  });

  it('answers with faults as the schema has them', {skip: lacksSchemas}, async () => {
    const {answer} = await given(bytes('x'));
    const [, detail = ''] = /<detail>(.*)<\/detail>/s.exec(answer.body) ?? [];
    senderSchema.assertValid(detail, 'the detail of a fault');
  });
});
