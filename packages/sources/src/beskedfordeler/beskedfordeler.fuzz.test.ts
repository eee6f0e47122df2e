// Beskedfordeler under spoiled messages: each is answered in the sender's format, and is about whom it names.
import assert from 'node:assert/strict';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, it} from 'node:test';
import {fileURLToPath} from 'node:url';
import {eventsResource, momentSchema, parseCpr, parseCvr} from '@bsp/contract';
import fc from 'fast-check';
import {assertNoNumber, bites, fuzz, type Target} from '../../../../tests/fuzz/fuzz.js';
import {
  type ByteStep,
  byteStep,
  spoilBytes,
  spoilXml,
  type XmlStep,
  xmlStep,
} from '../../../../tests/fuzz/mutations.js';
import type {IncomingEvent, Intake, IntakeAnswer} from '../connector.js';
import {recordPastTheBorder} from '../connector-conformance.js';
import {readXml} from '../xml.js';
import beskedfordeler from './index.js';

const connector = await beskedfordeler.create(
  {},
  {sourceId: 'post', sourceName: 'Beskedfordeler', configDirectory: '/', log: {info() {}, warn() {}}},
);
const intake = connector.intake!;

const uuid = (value: string): string => `<UUIDIdentifikator>${value}</UUIDIdentifikator>`;
const message = (type: string, registered: string, related: string, data = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<s:ModtagBeskedInput xmlns="urn:oio:sagdok:3.0.0" xmlns:k="urn:oio:besked:kuvert:1.0" xmlns:s="urn:oio:sts:1.0.0">
<k:Haendelsesbesked><k:BeskedId>${uuid('0b8f7a8e-0001-4c1e-9d53-000000000001')}</k:BeskedId>
<k:Beskedkuvert><k:Filtreringsdata><k:Beskedtype>${type}</k:Beskedtype>
<k:RelateretObjekt><k:ObjektId>${related}</k:ObjektId></k:RelateretObjekt>
<k:ObjektRegistrering><k:ObjektRegistreringId>${uuid('0b8f7a8e-0002-4c1e-9d53-000000000002')}</k:ObjektRegistreringId>
<k:Registreringstidspunkt><TidsstempelDatoTid>2026-11-20T09:00:00Z</TidsstempelDatoTid></k:Registreringstidspunkt>
<k:ObjektId>${registered}</k:ObjektId>
<k:ObjektHandling>${uuid('1e5bb089-5445-44f8-9b65-bc854053f423')}</k:ObjektHandling></k:ObjektRegistrering></k:Filtreringsdata>
<k:Leveranceinformation><k:Dannelsestidspunkt><TidsstempelDatoTid>2026-11-20T09:00:00+01:00</TidsstempelDatoTid></k:Dannelsestidspunkt></k:Leveranceinformation>
</k:Beskedkuvert>${data}</k:Haendelsesbesked></s:ModtagBeskedInput>`;
const urn = (value: string): string => `<URNIdentifikator>urn:oio:cpr-nr:${value}</URNIdentifikator>`;
const postStatus = `<k:Beskeddata><p:PKO_PostStatus xmlns:p="http://serviceplatformen.dk/xml/print/PKO_PostStatus/1/types">
<p:TransmissionId>0b8f7a8e-0002-4c1e-9d53-000000000002</p:TransmissionId><p:MessageUUID>0b8f7a8e-0003-4c1e-9d53-000000000003</p:MessageUUID>
<p:KanalKode>Digital Post</p:KanalKode><p:TransaktionsDatoTid>2026-11-20T09:00:00Z</p:TransaktionsDatoTid>
<p:TransaktionsStatusKode>Fejlet</p:TransaktionsStatusKode><p:FejlDetaljer><p:FejlKode>1</p:FejlKode><p:FejlTekst>CPR 6405851002 kendes ikke</p:FejlTekst></p:FejlDetaljer>
</p:PKO_PostStatus></k:Beskeddata>`;

const own = [
  message(uuid('248ce14c-a863-4fb5-9e6f-7df9ea850809'), urn('6405851002'), urn('7203821001')),
  message(
    uuid('d2bed63c-4853-4008-b6e0-a74c15b15fbf'),
    uuid('0b8f7a8e-0003-4c1e-9d53-000000000003'),
    '<URNIdentifikator>urn:oio:cvr:29189846</URNIdentifikator>',
    postStatus,
  ),
].map((text) => Buffer.from(text));
const shared = fileURLToPath(new URL('../../../../../shared/data/beskedfordeler/', import.meta.url));
const lacksShared = existsSync(shared) ? false : '../shared/data/beskedfordeler is not here';
const published = existsSync(shared)
  ? readdirSync(shared, {recursive: true, encoding: 'utf8'})
      .filter((name) => name.endsWith('.xml'))
      .sort()
      .map((name) => readFileSync(join(shared, name)))
  : [];

interface Spoiled {
  readonly sample: number;
  readonly xml: readonly XmlStep[];
  readonly bytes: readonly ByteStep[];
}
const spoiledOf = (samples: readonly Buffer[]): fc.Arbitrary<Spoiled> =>
  fc.record({
    sample: fc.nat(samples.length - 1),
    xml: fc.array(xmlStep, {maxLength: 3}),
    bytes: fc.oneof(
      {weight: 2, arbitrary: fc.constant([])},
      {weight: 1, arbitrary: fc.array(byteStep, {maxLength: 2})},
    ),
  });
const bytesOf = (samples: readonly Buffer[], {sample, xml, bytes}: Spoiled): Buffer =>
  bytes.reduce(spoilBytes, Buffer.from(xml.reduce(spoilXml, samples[sample]!.toString())));

/** Everybody that a message names as an object, read without a parser: an entity reference may hide no digit. */
function namedIn(bytes: Buffer): Set<string> {
  const text = bytes
    .toString()
    .replace(/&#(x?)([0-9a-f]+);/gi, (_, hex: string, code: string) =>
      String.fromCharCode(parseInt(code, hex ? 16 : 10)),
    )
    .replace(/<!--.*?-->|<!\[CDATA\[|\]\]>|<\?.*?\?>/gs, '');
  const found = new Set<string>();
  for (const [, type, value = ''] of text.matchAll(/urn:oio:(cpr|cvr)(?:-nr)?:([^<]+)/gi)) {
    const parsed = type?.toLowerCase() === 'cpr' ? parseCpr(value) : parseCvr(value);
    if (parsed.ok) found.add(typeof parsed.value === 'string' ? parsed.value : parsed.value.value);
  }
  return found;
}

function answerCode(answer: IntakeAnswer): string {
  assert([200, 413].includes(answer.status), `an HTTP status ${answer.status}`);
  assert.equal(answer.mediaType, 'application/xml; charset=utf-8');
  const [code, text] = readXml(Buffer.from(answer.body)).children[0]?.children ?? [];
  assert.match(code?.text ?? '', /^(20|40|41)$/);
  assertNoNumber(text?.text ?? '', 'the answer');
  assertNoNumber(answer.outcome, 'the log');
  return code?.text ?? '';
}

function assertGoodEvent(event: IncomingEvent, named: Set<string>): void {
  const {subject, ...rest} = event;
  if (subject) assert('value' in subject && named.has(subject.value), 'an event is about somebody whom nobody named');
  const {id, message: ids, about, ...shown} = rest;
  const uuids = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|sha256:[0-9a-f]{64}/gi;
  assertNoNumber(JSON.stringify([id, ids, about]).replace(uuids, ''), 'an identifier');
  for (const text of [shown.title, shown.type, shown.delivery?.native, shown.delivery?.error?.text]) {
    if (text === undefined) continue;
    assert.equal(typeof text, 'string');
    for (const [number] of text.matchAll(/(?<![\dA-Za-z])\d{6}-?\d{4}(?![\dA-Za-z])/g))
      assert(!parseCpr(number).ok, 'a text holds a number');
  }
  // A spoiled year is still one, as long as it has four digits.
  const {occurredAt} = shown;
  assert(momentSchema.safeParse(occurredAt).success, 'an event of no moment');
  assert.match(new Date(occurredAt).toISOString(), /^(?!0000)\d{4}-/, 'an event of no time that the gateway can keep');
  const record = recordPastTheBorder({...rest, ref: {source: '', id}, receivedAt: '2026-11-20T09:00:00Z'}, 'post');
  assert(eventsResource.parse(record), 'an event is no record of the contract');
}

/** @param take - the intake, or one with a fault in it. */
const messages = (samples: readonly Buffer[], take: Intake['handle'] = intake.handle): Target<Spoiled> => ({
  inputs: spoiledOf(samples),
  async check(spoiled) {
    const bytes = bytesOf(samples, spoiled);
    const events: IncomingEvent[] = [];
    const answer = await take(bytes, (event) => {
      events.push(event);
      return Promise.resolve('kept');
    });
    const taken = answerCode(answer) === '20';
    assert.equal(events.length > 0, taken, 'what is acknowledged is not what was kept');
    const named = namedIn(bytes);
    for (const event of events) assertGoodEvent(event, named);
    assert.equal(new Set(events.map(({id}) => id)).size, events.length, 'two events have one id');
    return taken ? 'taken' : 'refused';
  },
});

describe('Beskedfordeler, spoiled', () => {
  it('is answered and about whom it names', () => fuzz('Beskedfordeler', messages(own), {share: 2}));

  it('is answered and about whom it names: the published messages', {skip: lacksShared}, () =>
    fuzz('Beskedfordeler, published', messages(published), {share: 2}),
  );
});

describe('the oracle of Beskedfordeler would find an intake that', () => {
  const faulty: Readonly<Record<string, Intake['handle']>> = {
    'gives an event the person of the message before': (() => {
      let before: IncomingEvent['subject'];
      return (body, keep) =>
        intake.handle(body, (event) => {
          const stale = before ?? event.subject;
          before = event.subject;
          return keep({...event, ...(stale ? {subject: stale} : {})});
        });
    })(),
    'mends a number until it is somebody’s': (body, keep) =>
      intake.handle(body, (event) =>
        keep(event.subject ? event : {...event, subject: {type: 'cpr', value: '6101011111'}}),
      ),
    'acknowledges what it could not keep': async (body, keep) => {
      const answer = await intake.handle(body, keep);
      return {...answer, body: answer.body.replace(/<StatusKode>\d+/, '<StatusKode>20')};
    },
    'keeps a message twice': (body, keep) =>
      intake.handle(body, async (event) => {
        await keep(event);
        return keep(event);
      }),
    'quotes the message in its answer': async (body, keep) => {
      const answer = await intake.handle(body, keep);
      const number = /\d{10}/.exec(Buffer.from(body).toString())?.[0] ?? '';
      return {...answer, outcome: `${answer.outcome} ${number}`};
    },
  };
  for (const [fault, take] of Object.entries(faulty)) it(fault, () => bites(fault, messages(own, take), messages(own)));
});
