// Spoiled answers of token services and of services: what was signed, or a problem that tells nothing.
import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import fc from 'fast-check';
import {assertNoNumber, bites, fuzz, type Outcome, type Target} from '../../../../../tests/fuzz/fuzz.js';
import {
  type ByteStep,
  byteStep,
  spoilBytes,
  spoilXml,
  type XmlStep,
  xmlStep,
} from '../../../../../tests/fuzz/mutations.js';
import {SourceProblem} from '../../connector.js';
import {answerOf, sagXml} from '../../sf1470/simulator.test.js';
import {childOf, XmlFault} from '../../xml.js';
import {ida} from '../simulator.test.js';
import {canonicalXml} from './canonical-xml.js';
import {elementsById} from './element-ids.js';
import {type FullElement, readFullXml} from './full-xml.js';
import {assertSigned, envelopeParts} from './signed-answer.js';
import {
  answerTo,
  clock,
  entityId,
  resetClock,
  service,
  system,
  type TokenAsked,
  tokenAnswer,
  tokenEntityId,
  tokens,
} from './simulators.test.js';
import {type AskedToken, type ServiceToken, tokenOf} from './token-answer.js';
import {SignatureFault} from './xml-signature.js';

interface Spoiled {
  readonly sample: number;
  readonly xml: readonly XmlStep[];
  readonly bytes: readonly ByteStep[];
}
const spoiled = (samples: readonly string[]): fc.Arbitrary<Spoiled> =>
  fc.record({
    sample: fc.nat(samples.length - 1),
    xml: fc.array(xmlStep, {maxLength: 3}),
    bytes: fc.oneof(
      {weight: 3, arbitrary: fc.constant([])},
      {weight: 1, arbitrary: fc.array(byteStep, {maxLength: 2})},
    ),
  });
const spoil = (samples: readonly string[], {sample, xml, bytes}: Spoiled): Buffer =>
  bytes.reduce(spoilBytes, Buffer.from(xml.reduce(spoilXml, samples[sample]!)));

const limits = {maxBytes: 2_000_000, maxDepth: 64, maxElements: 50_000};
const read = (text: string): FullElement => readFullXml(Buffer.from(text), limits);

resetClock();
const [messageId, context] = ['urn:uuid:message', 'urn:uuid:context'];
const holder = system.certificate.raw.toString('base64');
const request: TokenAsked = {messageId, context, holder, appliesTo: entityId, id: '_token'};
const asked: AskedToken = {
  keys: [tokens.certificate.publicKey],
  audience: entityId,
  issuer: tokenEntityId,
  holder: system.certificate,
  now: clock.getTime(),
  messageId,
  context,
};
const tokenAnswers = [tokenAnswer(request), tokenAnswer(request, {}, {isSigned: false})];
const issued = canonicalXml(read(tokenOf(Buffer.from(tokenAnswers[0]!), asked).xml));

type TokenOf = (answer: Uint8Array, asked: AskedToken) => ServiceToken;

const tokenTarget = (of: TokenOf = tokenOf): Target<Spoiled> => ({
  inputs: spoiled(tokenAnswers),
  check(input): Outcome {
    try {
      const {id, xml, expires} = of(spoil(tokenAnswers, input), asked);
      assert.equal(canonicalXml(read(xml)), issued, 'a token that was not issued so');
      assert.deepEqual([id, expires], ['_token', clock.getTime() + 3_600_000]);
      return 'taken';
    } catch (thrown) {
      if (!(thrown instanceof SourceProblem)) throw thrown;
      assert.match(thrown.problem.title, /^The token service /);
      assertNoNumber(JSON.stringify(thrown.problem), 'a problem');
      assert(!/saml|søn|_token|<|urn:uuid/.test(JSON.stringify(thrown.problem)), 'a problem repeats the answer');
      return 'refused';
    }
  },
});

describe('answers of token services, spoiled', () => {
  it('give the token that was issued, or none', () => fuzz('WS-Trust answers', tokenTarget(), {share: 2}));
});

describe('the oracle of tokens would find a reader that', () => {
  const assertionIn = (answer: Uint8Array): FullElement | undefined => {
    const found = [readFullXml(answer, limits)];
    for (let one = found.pop(); one; one = found.pop()) {
      if (one.name === 'Assertion') return one;
      found.push(...one.children);
    }
    return undefined;
  };
  const faulty: Readonly<Record<string, TokenOf>> = {
    'believes whoever signed': (answer, wanted) => {
      try {
        return tokenOf(answer, wanted);
      } catch (thrown) {
        const token = thrown instanceof SourceProblem && /signature/.test(thrown.message) && assertionIn(answer);
        if (!token) throw thrown;
        const xml = canonicalXml(token, {inclusive: 'prefixes'});
        return {xml, id: '_token', isEncrypted: false, expires: clock.getTime() + 3_600_000};
      }
    },
    'tells what it could not read': (answer, wanted) => {
      try {
        return tokenOf(answer, wanted);
      } catch (thrown) {
        if (!(thrown instanceof SourceProblem)) throw thrown;
        throw new SourceProblem(thrown.status, {...thrown.problem, detail: Buffer.from(answer).toString()});
      }
    },
  };
  for (const [fault, of] of Object.entries(faulty)) it(fault, () => bites(fault, tokenTarget(of), tokenTarget()));
});

const found = answerOf(sagXml({party: `urn:oio:cpr-nr:${ida}`}), '20', {sager: 1});
const answers = [
  answerTo('1.2', messageId, found),
  answerTo('1.1', messageId, found, {prefixes: ['s', 'wsu']}),
  answerTo('1.2', messageId, found, {prefixes: 'all'}),
];
const bodyIn = (answer: FullElement): string => canonicalXml(childOf(answer, answer.namespace, 'Body')!);
const signedBodies = answers.map((answer) => bodyIn(read(answer)));

type Verify = (envelope: FullElement) => void;
const verify: Verify = (envelope) => {
  const parts = envelopeParts(envelope);
  if (!parts) throw new SignatureFault('no envelope');
  const expected = {keys: [service.certificate.publicKey], now: clock.getTime(), messageId};
  assertSigned(parts, elementsById(envelope), expected);
};

const answerTarget = (by: Verify = verify): Target<Spoiled> => ({
  inputs: spoiled(answers),
  check(input): Outcome {
    try {
      const envelope = readFullXml(spoil(answers, input), limits);
      by(envelope);
      assert.equal(bodyIn(envelope), signedBodies[input.sample], 'a body that was not signed');
      return 'taken';
    } catch (thrown) {
      if (!(thrown instanceof SignatureFault || thrown instanceof XmlFault)) throw thrown;
      assertNoNumber(thrown.message, 'a fault');
      return 'refused';
    }
  },
});

describe('signed answers, spoiled', () => {
  it('are what was signed, or refused', () => fuzz('signed answers', answerTarget(), {share: 2}));
});

describe('the oracle of signed answers would find one that', () => {
  it('believes an answer whose body was changed', () =>
    bites(
      'digest',
      answerTarget((envelope) => {
        try {
          verify(envelope);
        } catch (thrown) {
          if (!(thrown instanceof SignatureFault && /changed/.test(thrown.message))) throw thrown;
        }
      }),
      answerTarget(),
    ));
});
