/** What a token service answers: WS-Trust 1.3, sections 3.2 and 4.1, as OIO WS-Trust Profile 1.1 has it. */

import type {SourceProblem} from '../../connector.js';
import {badAnswer, fault} from '../../http/answer-problems.js';
import {childOf, childrenOf, XmlFault} from '../../xml.js';
import {faultOf} from '../envelope.js';
import {isRefusal, ofXml, tellableCode} from '../problems.js';
import {canonicalXml} from './canonical-xml.js';
import {elementsById, idIn} from './element-ids.js';
import {type FullElement, readFullXml} from './full-xml.js';
import {saml, wst, wsu} from './names.js';
import {TokenFault, usableUntil, type WantedToken} from './saml-assertion.js';
import {assertSigned, type EnvelopeParts, envelopeParts, hasSignature, momentOf} from './signed-answer.js';
import {ownIds} from './signed-message.js';
import {SignatureFault} from './xml-signature.js';

/** A token for a service. */
export interface ServiceToken {
  /** The assertion, which can stand anywhere as it is. */
  readonly xml: string;
  /** The id by which messages refer to it. */
  readonly id: string;
  /** Only the service can read it, and so not see here with which key it is to be shown. */
  readonly isEncrypted: boolean;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/** What was asked for. */
export interface AskedToken extends WantedToken {
  readonly messageId: string;
  readonly context: string;
}

/** A token and its many privileges. */
export const tokenAnswerBytes = 1_000_000;
const limits = {maxBytes: tokenAnswerBytes, maxDepth: 40, maxElements: 10_000};
const ncName = /^[A-Za-z_][\w.-]{0,200}$/;

/** What is wrong with an answer of the token service. */
export const badToken = (title: string, detail?: string): SourceProblem =>
  badAnswer(`The token service ${title}`, detail);

function refusalOf(body: FullElement): SourceProblem | undefined {
  const [said] = body.children;
  const found = said && faultOf(said);
  if (!found) return undefined;
  const told = tellableCode(found.code);
  const more = told === undefined ? {} : {detail: told};
  return isRefusal(found.code)
    ? fault('forbidden', 'forbidden', 'The token service refuses us', more)
    : fault('unavailable', 'unavailable', 'The token service answered with a fault', more);
}

const only = (parent: FullElement | undefined, namespace: string, name: string): FullElement | undefined => {
  const found = parent ? childrenOf(parent, namespace, name) : [];
  return found.length === 1 ? found[0] : undefined;
};

/** The one token of an answer, and what is said of it. */
function issuedIn(body: FullElement, context: string): {token: FullElement; response: FullElement} {
  const collection = only(body, wst, 'RequestSecurityTokenResponseCollection');
  const response = only(collection, wst, 'RequestSecurityTokenResponse');
  if (!response || body.children.length !== 1) throw new TokenFault('there is not one response');
  const given = response.attributes.get('Context');
  if (given !== undefined && given !== context) throw new TokenFault('it answers another request');
  const requested = only(response, wst, 'RequestedSecurityToken');
  const [token, ...more] = requested?.children ?? [];
  if (!token || more.length > 0 || token.namespace !== saml) throw new TokenFault('there is not one token');
  return {token, response};
}

/** The assertion as it came: every prefix keeps its meaning, and the signature of its issuer holds. */
const verbatim = (token: FullElement): string => canonicalXml(token, {inclusive: 'prefixes'});

function encryptedToken(token: FullElement, response: FullElement, now: number): ServiceToken {
  const [data] = token.children;
  const id = (data && idIn(data)) ?? '';
  const expires = momentOf(childOf(childOf(response, wst, 'Lifetime'), wsu, 'Expires')?.text);
  if (!ncName.test(id)) throw new TokenFault('it has no id');
  if (expires === undefined) throw new TokenFault('it does not say until when it is valid');
  if (expires <= now) throw new TokenFault('it is not valid now');
  return {xml: verbatim(token), id, isEncrypted: true, expires};
}

/** @throws TokenFault, SignatureFault */
function tokenIn(parts: EnvelopeParts, ids: ReadonlyMap<string, FullElement>, asked: AskedToken): ServiceToken {
  const {token, response} = issuedIn(parts.body, asked.context);
  const isEncrypted = token.name === 'EncryptedAssertion';
  if (!isEncrypted && token.name !== 'Assertion') throw new TokenFault('it is no assertion');
  // What is encrypted shows no signature of its own.
  if (isEncrypted || hasSignature(parts)) assertSigned(parts, ids, asked);
  if (isEncrypted) return encryptedToken(token, response, asked.now);
  const expires = usableUntil(token, ids, asked);
  const id = token.attributes.get('ID') ?? '';
  if (!ncName.test(id)) throw new TokenFault('it has no id');
  return {xml: verbatim(token), id, isEncrypted, expires};
}

/**
 * The token of an answer.
 *
 * @throws SourceProblem for a fault, and for every token that cannot be used. Nothing of the answer is in it but a code.
 */
export function tokenOf(answer: Uint8Array, asked: AskedToken): ServiceToken {
  try {
    const envelope = readFullXml(answer, limits);
    const parts = envelopeParts(envelope);
    if (!parts) throw badToken('answered with something else than was asked for');
    const refusal = refusalOf(parts.body);
    if (refusal) throw refusal;
    const ids = elementsById(envelope);
    if ([...ids.keys()].some((id) => id.startsWith(ownIds))) throw new TokenFault('its ids are ours');
    return tokenIn(parts, ids, asked);
  } catch (thrown) {
    if (thrown instanceof XmlFault) throw badToken('answered with XML that is not taken', ofXml(thrown).problem.detail);
    if (thrown instanceof SignatureFault) throw badToken('gave a token whose signature does not hold', thrown.message);
    if (thrown instanceof TokenFault) throw badToken('gave a token that cannot be used', thrown.message);
    throw thrown;
  }
}
