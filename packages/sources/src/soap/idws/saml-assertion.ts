/** What a SAML 2.0 assertion says, as far as the one who only hands it on must know (OIO SAML Profile for Identity Tokens 1.1). */
import type {KeyObject, X509Certificate} from 'node:crypto';
import {childOf, childrenOf} from '../../xml.js';
import type {FullElement} from './full-xml.js';
import {ds, holderOfKey, saml} from './names.js';
import {clockSkewMs, momentOf} from './signed-answer.js';
import {SignatureFault, signedElements} from './xml-signature.js';

/** Why a token is not used. Tells nothing of it. */
export class TokenFault extends Error {}

/** What a token must be. */
export interface WantedToken {
  readonly keys: readonly KeyObject[];
  readonly audience: string;
  readonly issuer: string | undefined;
  readonly holder: X509Certificate;
  readonly now: number;
}

function assertSignature(assertion: FullElement, ids: ReadonlyMap<string, FullElement>, keys: readonly KeyObject[]) {
  const [signature, ...more] = childrenOf(assertion, ds, 'Signature');
  if (!signature || more.length > 0) throw new SignatureFault('there is not one Signature');
  if (!signedElements(signature, ids, keys).has(assertion)) throw new SignatureFault('it does not cover the assertion');
}

/** Until when it may be used. @throws TokenFault */
function validUntil(conditions: FullElement | undefined, now: number): number {
  const from = momentOf(conditions?.attributes.get('NotBefore'));
  const until = momentOf(conditions?.attributes.get('NotOnOrAfter'));
  if (until === undefined) throw new TokenFault('it does not say until when it is valid');
  if (until <= now || (from ?? now) > now + clockSkewMs) throw new TokenFault('it is not valid now');
  return until;
}

const audiencesOf = (conditions: FullElement | undefined): string[] =>
  conditions
    ? childrenOf(conditions, saml, 'AudienceRestriction')
        .flatMap((restriction) => childrenOf(restriction, saml, 'Audience'))
        .map(({text}) => text.trim())
    : [];

/** The certificates of those who may show the token. */
function holdersOf(assertion: FullElement): {certificates: Buffer[]; until: number[]} {
  const subject = childOf(assertion, saml, 'Subject');
  const confirmations = subject
    ? childrenOf(subject, saml, 'SubjectConfirmation').filter(
        ({attributes}) => attributes.get('Method') === holderOfKey,
      )
    : [];
  const data = confirmations.flatMap((one) => childrenOf(one, saml, 'SubjectConfirmationData'));
  return {
    certificates: data
      .flatMap((one) => childrenOf(one, ds, 'KeyInfo'))
      .flatMap((one) => childrenOf(one, ds, 'X509Data'))
      .flatMap((one) => childrenOf(one, ds, 'X509Certificate'))
      .map(({text}) => Buffer.from(text, 'base64')),
    until: data.flatMap(({attributes}) => momentOf(attributes.get('NotOnOrAfter')) ?? []),
  };
}

/**
 * Makes sure that an assertion is the one that was asked for, and says until when it may be used.
 *
 * @throws TokenFault, SignatureFault
 */
export function usableUntil(
  assertion: FullElement,
  ids: ReadonlyMap<string, FullElement>,
  {keys, audience, issuer, holder, now}: WantedToken,
): number {
  assertSignature(assertion, ids, keys);
  if (issuer !== undefined && childOf(assertion, saml, 'Issuer')?.text.trim() !== issuer)
    throw new TokenFault('it is of another token service');
  const conditions = childOf(assertion, saml, 'Conditions');
  const until = validUntil(conditions, now);
  if (!audiencesOf(conditions).includes(audience)) throw new TokenFault('it is for another service');
  const holders = holdersOf(assertion);
  if (!holders.certificates.some((one) => one.equals(holder.raw))) throw new TokenFault('it is for another key');
  return Math.min(until, ...holders.until);
}
