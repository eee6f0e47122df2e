// The SOAP connectors under spoiled answers: records of the person who was asked for, or a problem that tells nothing.
import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {
  casesResource,
  documentsResource,
  grantsResource,
  parseCpr,
  paymentsResource,
  personResource,
  type Resource,
} from '@bsp/contract';
import fc from 'fast-check';
import {assertNoNumber, bites, fuzz, type Outcome, type Target} from '../../../../tests/fuzz/fuzz.js';
import {
  type ByteStep,
  byteStep,
  spoilBytes,
  spoilXml,
  type XmlStep,
  xmlStep,
} from '../../../../tests/fuzz/mutations.js';
import {type Connector, type ConnectorModule, type OutgoingNote, type SourcePage, SourceProblem} from '../connector.js';
import {recordPastTheBorder} from '../connector-conformance.js';
import {Status} from '../json-http/simulators.test.js';
import sf1470 from '../sf1470/index.js';
import * as cases from '../sf1470/simulator.test.js';
import sf1491 from '../sf1491/index.js';
import * as grants from '../sf1491/simulator.test.js';
import sf1520 from '../sf1520/index.js';
import * as persons from '../sf1520/simulator.test.js';
import sf2900 from '../sf2900/index.js';
import * as notes from '../sf2900/simulator.test.js';
import {type XmlElement, XmlFault, XmlReader} from '../xml.js';
import {envelopeOf, type SoapVersion} from './envelope.js';
import {type Asked, bo, connectorWith, ida, logged, reading, serveSoap} from './simulator.test.js';

/** What a connector reads, and a good answer. */
interface Reading {
  readonly module: ConnectorModule;
  readonly resource: Resource<unknown>;
  readonly version: SoapVersion;
  /** @param number - of the one whom everything in it is about. */
  readonly answer: (asked: Asked, number: string) => string;
}

const urn = (number: string): string => `urn:oio:cpr-nr:${number}`;
const index = (_: Asked, number: string): string =>
  cases.answerOf(
    cases.sagXml({party: urn(number), documents: [501]}) +
      cases.sagXml({index: 2, party: urn(number), closedTitle: 'x'}) +
      cases.dokumentXml() +
      cases.dokumentXml({index: 502, party: urn(number)}),
    '20',
    {sager: 2, dokumenter: 2},
  );
const benefits = ({body}: Asked, number: string): string =>
  grants.answerOf(
    grants.askedIn(body).payments
      ? grants.effektueringXml() + grants.effektueringXml({index: 302, party: urn(number)})
      : grants.bevillingXml({party: urn(number)}) + grants.bevillingXml({index: 2, party: urn(number)}),
  );
const readings: readonly Reading[] = [
  {module: sf1470 as ConnectorModule, resource: casesResource, version: '1.2', answer: index},
  {module: sf1470 as ConnectorModule, resource: documentsResource, version: '1.2', answer: index},
  {module: sf1491 as ConnectorModule, resource: grantsResource, version: '1.2', answer: benefits},
  {module: sf1491 as ConnectorModule, resource: paymentsResource, version: '1.2', answer: benefits},
  {
    module: sf1520 as ConnectorModule,
    resource: personResource,
    version: '1.1',
    answer: (_, number) => persons.answerXml({number}),
  },
];

/** How an answer is spoiled. */
interface Spoiled {
  readonly reading: number;
  /** Everything is about Bo, though Ida was asked for. */
  readonly aboutBo: boolean;
  readonly xml: readonly XmlStep[];
  readonly bytes: readonly ByteStep[];
  readonly status: number;
}
const spoiling = {
  xml: fc.array(xmlStep, {maxLength: 3}),
  bytes: fc.oneof({weight: 3, arbitrary: fc.constant([])}, {weight: 1, arbitrary: fc.array(byteStep, {maxLength: 2})}),
};
const spoiledOf: fc.Arbitrary<Spoiled> = fc.record({
  reading: fc.nat(readings.length - 1),
  aboutBo: fc.boolean(),
  ...spoiling,
  status: fc.oneof(
    {weight: 9, arbitrary: fc.constant(200)},
    {weight: 1, arbitrary: fc.constantFrom(204, 400, 401, 404, 500, 503)},
  ),
});
const spoil = (text: string, {xml, bytes}: Pick<Spoiled, 'xml' | 'bytes'>): Buffer =>
  bytes.reduce(spoilBytes, Buffer.from(xml.reduce(spoilXml, text)));

const types: Readonly<Record<SoapVersion, string>> = {'1.1': 'text/xml', '1.2': 'application/soap+xml'};

/** A service of which one answer at a time can be spoiled. */
async function spoilable(at: Reading) {
  const now: {spoiled?: Spoiled | undefined} = {};
  const {url} = await serveSoap(at.version, undefined, (asked) => {
    const {spoiled} = now;
    const text = envelopeOf(at.version, {action: '', body: at.answer(asked, spoiled?.aboutBo ? bo : ida)});
    if (!spoiled) return new Status(200, {'content-type': types[at.version]}, text);
    asked.response.writeHead(spoiled.status, {'content-type': types[at.version]}).end(spoil(text, spoiled));
    return undefined;
  });
  return {connector: await connectorWith(at.module, {endpoint: url}), now};
}
const services = await Promise.all(readings.map(spoilable));

/** A request's id may look like a number. */
const withoutIds = (text: string): string => text.replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gi, '');

type Read = (connector: Connector, resource: string, number: string) => AsyncIterable<SourcePage>;

/** @param read - as the connector does, or with a fault. */
const answers = (read: Read = reading): Target<Spoiled> => ({
  inputs: spoiledOf,
  async check(spoiled): Promise<Outcome> {
    const {connector, now} = services[spoiled.reading]!;
    const {resource} = readings[spoiled.reading]!;
    now.spoiled = spoiled;
    let count = 0;
    let invalid = 0;
    logged.length = 0;
    try {
      for await (const page of read(connector, resource.name, ida)) {
        assert.deepEqual(page.about, {type: 'cpr', value: ida});
        assert(page.items.length <= 500, 'a page is too long');
        for (const item of page.items)
          assert(resource.parse(recordPastTheBorder(item, 'test')), 'an item is no record of the contract');
        count += page.items.length;
        invalid += page.invalid ?? 0;
      }
      assert(count === 0 || !spoiled.aboutBo, 'records of Bo are given as Ida’s');
      return count > 0 && invalid === 0 ? 'taken' : 'refused';
    } catch (thrown) {
      if (!(thrown instanceof SourceProblem)) throw thrown;
      assert(count === 0 || !spoiled.aboutBo, 'records of Bo are given as Ida’s');
      assertNoNumber(JSON.stringify(thrown.problem), 'a problem');
      assert(!/Sygedag|Merudgift|Algade|findes/.test(JSON.stringify(thrown.problem)), 'a problem repeats the answer');
      return 'refused';
    } finally {
      assertNoNumber(withoutIds(logged.join('\n')), 'the log');
    }
  },
});

describe('SOAP answers, spoiled', () => {
  it('give the person’s records, or a problem', () => fuzz('SOAP answers', answers(), {share: 3}));
});

describe('the oracle of SOAP answers would find a connector that', () => {
  const faulty: Readonly<Record<string, Read>> = {
    'asks as if for whoever is answered about': async function* (connector, resource, number) {
      try {
        yield* reading(connector, resource, number);
      } catch {
        for await (const page of reading(connector, resource, bo)) yield {...page, about: {type: 'cpr', value: number}};
      }
    },
    'gives what cannot be read': async function* (connector, resource, number) {
      for await (const page of reading(connector, resource, number)) yield {...page, items: [...page.items, {}]};
    },
    'tells whom the answer is about': async function* (connector, resource, number) {
      try {
        yield* reading(connector, resource, number);
      } catch (thrown) {
        if (!(thrown instanceof SourceProblem)) throw thrown;
        throw new SourceProblem(thrown.status, {...thrown.problem, detail: `about ${number}`});
      }
    },
    'fails as if it were broken': async function* (connector, resource, number) {
      try {
        yield* reading(connector, resource, number);
      } catch {
        throw new TypeError('undefined is not a function');
      }
    },
  };
  for (const [fault, read] of Object.entries(faulty)) it(fault, () => bites(fault, answers(read), answers()));
});

const key = '0b8f7a8e-0001-4c1e-9d53-000000000001';
const note: OutgoingNote = {
  subject: {type: 'cpr', value: ida},
  occurredAt: '2026-11-20T09:30:00+01:00',
  recordedAt: '2026-11-20T09:42:00+01:00',
  author: {name: 'Mette Dam'},
  heading: 'Samtale',
  body: 'Tekst',
  kle: {number: '32.24.04'},
};
const states = ['received', 'delivered', 'accepted', 'rejected', 'failed'];
/** Spoiled digits may be nobody's number, and then stay. */
const assertMasked = (reason = ''): void => {
  for (const [number] of reason.matchAll(/(?<![\dA-Za-z])\d{6}-?\d{4}(?![\dA-Za-z])/g))
    assert(!parseCpr(number).ok, 'a reason holds a number');
};
const rejected = {code: 'AFVIST', reason: `Sagen for ${ida} er lukket`};

describe('receipts of notes, spoiled', async () => {
  type SpoiledReceipt = Pick<Spoiled, 'xml' | 'bytes'>;
  const now: {spoiled?: SpoiledReceipt} = {};
  const {url} = await serveSoap('1.1', undefined, ({body, response}) => {
    const text = envelopeOf('1.1', {action: '', body: notes.answerXml(notes.transactionOf(body), rejected)});
    response.writeHead(200, {'content-type': 'text/xml'}).end(spoil(text, now.spoiled!));
    return undefined;
  });
  const connector = await connectorWith(sf2900, {
    endpoint: url,
    municipality: '11111111',
    system: '0b8f7a8e-00aa-4c1e-9d53-0000000000aa',
  });

  it('are receipts, or nothing is known', () =>
    fuzz('SF2900 answers', {
      inputs: fc.record(spoiling),
      async check(spoiled) {
        now.spoiled = spoiled;
        try {
          const {state, reason} = await connector.deliverNote!(note, {key, signal: new AbortController().signal});
          assert(states.includes(state), 'a state that is none');
          assertMasked(reason);
          return 'taken';
        } catch (thrown) {
          if (!(thrown instanceof SourceProblem)) throw thrown;
          assertNoNumber(JSON.stringify(thrown.problem), 'a problem');
          return 'refused';
        }
      },
    }));

  it('are taken in, or refused with a fault', () =>
    fuzz('SF2900 receipts', {
      inputs: fc.record(spoiling),
      async check(spoiled) {
        const body = spoil(envelopeOf('1.1', {action: '', body: notes.receiptXml(key, rejected)}), spoiled);
        let kept = 0;
        const answer = await connector.receipts!.handle(body, ({key: of, state, reason}) => {
          kept++;
          assert.match(of, /^[\da-f-]{32,36}$/);
          assert(states.includes(state), 'a state that is none');
          assertMasked(reason);
          return Promise.resolve('kept');
        });
        assert.equal(answer.status === 200, kept === 1);
        assert.equal(answer.body.includes('Fault>'), kept === 0);
        assertNoNumber(answer.body, 'the answer');
        return kept === 1 ? 'taken' : 'refused';
      },
    }));
});

describe('the XML reader that gives elements away, on spoiled documents', () => {
  const document = Buffer.from(index({} as Asked, ida)).toString();
  const isRecord = ({name}: XmlElement): boolean => name === 'Sagsaktoer' || name === 'Egenskaber';
  const shown = (element: XmlElement): string =>
    `${element.name}:${element.text.trim()}(${element.children.map(shown).join('')})`;
  const readIn = (bytes: Buffer, size: number, take: boolean): {records: string[]; end: string} => {
    const records: string[] = [];
    const limits = {maxBytes: 10_000_000, maxElements: 1_000_000};
    const reader = new XmlReader(limits, (element) => {
      if (!isRecord(element)) return false;
      records.push(shown(element));
      return take;
    });
    try {
      for (let at = 0; at < bytes.length; at += size) reader.write(bytes.subarray(at, at + size));
      reader.end();
      return {records, end: 'read'};
    } catch (thrown) {
      if (!(thrown instanceof XmlFault)) throw thrown;
      return {records, end: thrown.reason};
    }
  };

  it('reads the same as one that holds them, in whatever pieces they come', () =>
    fuzz('XML reader', {
      inputs: fc.record({...spoiling, size: fc.constantFrom(1, 7, 100, 65_536)}),
      check({size, ...spoiled}) {
        const bytes = spoil(document, spoiled);
        if (bytes.length > 200_000) return 'refused';
        const whole = readIn(bytes, bytes.length || 1, false);
        const inPieces = readIn(bytes, size, true);
        // Why it is refused depends on what has come before.
        assert.equal(inPieces.end === 'read', whole.end === 'read');
        if (whole.end === 'read') assert.equal(inPieces.records.length, whole.records.length);
        return whole.end === 'read' ? 'taken' : 'refused';
      },
    }));
});
