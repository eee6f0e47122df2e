/**
 * Messages as OIO IDWS SOAP profile 1.1 wants them ("Constructing and sending a SOAP message"), and the WS-Policy of KOMBIT's
 * services: `wsse:Security` with a timestamp and the tokens, and one signature over the body, the timestamp, the tokens and the
 * headers of WS-Addressing.
 */
import {randomUUID} from 'node:crypto';
import {escapeXml} from '../../xml.js';
import {envelopeOf, type SoapMessage, type SoapVersion} from '../envelope.js';
import {canonicalXml, exclusiveCanonicalization} from './canonical-xml.js';
import type {SigningIdentity} from './certificates.js';
import {elementsById} from './element-ids.js';
import {type FullElement, readFullXml} from './full-xml.js';
import {base64Binary, strTransform, wsa, wsse, wsu, x509v3} from './names.js';
import {exclusiveTransform, type Signed, signatureXml} from './xml-signature.js';

/** How long a message may be under way. */
const lifetimeMs = 300_000;
const limits = {maxBytes: 10_000_000, maxDepth: 64, maxElements: 100_000};

/** An element of `wsse:Security` that is signed by its id, or through a reference to it (STR-Transform). */
export interface SecurityToken {
  readonly xml: string;
  /** The id under which it is signed. */
  readonly id: string;
  /** `id` is that of a `wsse:SecurityTokenReference` to the element with this id. */
  readonly refersTo?: string;
}

/** What is sent, besides the message. */
export interface Sending {
  readonly version: SoapVersion;
  readonly to: string;
  readonly now: number;
  readonly identity: SigningIdentity;
  readonly tokens: readonly SecurityToken[];
  /** What stands in `ds:KeyInfo`. */
  readonly keyInfo: string;
  /** Liberty Basic SOAP Binding 1.0: `sbf:Framework`. */
  readonly framework: boolean;
}

/** A message on its way. */
export interface SignedMessage {
  readonly text: string;
  /** `wsa:MessageID`, to which the answer must relate. */
  readonly messageId: string;
}

/** What the ids begin with that messages have beside those of their tokens. */
export const ownIds = 'bsp-';
/** The id of this system's certificate in a message. */
export const certificateId = `${ownIds}Certificate`;
const idOf = (name: string): string => `${ownIds}${name}`;
const withId = (name: string): string => ` xmlns:wsu="${wsu}" wsu:Id="${idOf(name)}"`;

/** The certificate of this system, as X.509 Certificate Token Profile 1.1 has it (section 3.1.1). */
export const binaryToken = ({certificate}: SigningIdentity, id?: string): string =>
  `<wsse:BinarySecurityToken xmlns:wsse="${wsse}"${id === undefined ? '' : ` xmlns:wsu="${wsu}" wsu:Id="${id}"`} EncodingType="${base64Binary}" ValueType="${x509v3}">${certificate.raw.toString('base64')}</wsse:BinarySecurityToken>`;

/** `wsse:SecurityTokenReference` to the certificate in the same header. */
export const certificateReference = `<wsse:SecurityTokenReference xmlns:wsse="${wsse}"><wsse:Reference URI="#${certificateId}" ValueType="${x509v3}"></wsse:Reference></wsse:SecurityTokenReference>`;

/** WS-Addressing 1.0 SOAP Binding; every header of it is signed. */
function addressing(action: string, messageId: string, to: string): {xml: string; ids: string[]} {
  const must = ' soap:mustUnderstand="1"';
  const header = (name: string, content: string, more = ''): string =>
    `<wsa:${name} xmlns:wsa="${wsa}"${withId(name)}${more}>${content}</wsa:${name}>`;
  return {
    xml: [
      header('Action', escapeXml(action), must),
      header('MessageID', messageId),
      header('ReplyTo', `<wsa:Address>${wsa}/anonymous</wsa:Address>`),
      header('To', escapeXml(to), must),
    ].join(''),
    ids: ['Action', 'MessageID', 'ReplyTo', 'To'].map(idOf),
  };
}

const instant = (moment: number): string => new Date(moment).toISOString();

const timestamp = (now: number): string =>
  `<wsu:Timestamp${withId('Timestamp')}><wsu:Created>${instant(now)}</wsu:Created><wsu:Expires>${instant(now + lifetimeMs)}</wsu:Expires></wsu:Timestamp>`;

const libertyFramework = `<sbf:Framework xmlns:sbf="urn:liberty:sb:2006-08" xmlns:sbfprofile="urn:liberty:sb:profile"${withId('Framework')} version="2.0" sbfprofile:profile="urn:liberty:sb:profile:basic"></sbf:Framework>`;

/** SOAP Message Security 1.1, section 8.3, with the canonical form that OIO IDWS names. */
const dereferencing = `<ds:Transform Algorithm="${strTransform}"><wsse:TransformationParameters xmlns:wsse="${wsse}"><ds:CanonicalizationMethod Algorithm="${exclusiveCanonicalization}"></ds:CanonicalizationMethod></wsse:TransformationParameters></ds:Transform>`;

/** Makes a message with its signature. `header` of the message is sent and not signed. */
export function signedMessage({action, header = '', body}: SoapMessage, sending: Sending): SignedMessage {
  const {version, to, now, identity, tokens, keyInfo, framework} = sending;
  const messageId = `urn:uuid:${randomUUID()}`;
  const addressed = addressing(action, messageId, to);
  const security = `${timestamp(now)}${tokens.map(({xml}) => xml).join('')}`;
  const written = (signature: string): string =>
    envelopeOf(version, {
      action,
      header: `${framework ? libertyFramework : ''}${addressed.xml}${header}<wsse:Security xmlns:wsse="${wsse}" soap:mustUnderstand="1">${security}${signature}</wsse:Security>`,
      body,
      bodyAttributes: withId('Body'),
    });
  const envelope = readFullXml(Buffer.from(written('')), limits);
  const ids = elementsById(envelope);
  const byId = (id: string): FullElement => {
    const found = ids.get(id);
    if (!found) throw new Error(`there is no element ${id}`);
    return found;
  };
  const plain = (id: string): Signed => ({id, canonical: canonicalXml(byId(id)), transform: exclusiveTransform});
  const signed = [
    ...(framework ? ['Framework'] : []).map(idOf).map(plain),
    ...addressed.ids.map(plain),
    plain(idOf('Timestamp')),
    ...tokens.map(({id, refersTo}) => (refersTo === undefined ? plain(id) : dereferenced(id, byId(refersTo)))),
    plain(idOf('Body')),
  ];
  return {text: written(signatureXml(signed, identity.key, keyInfo)), messageId};
}

const dereferenced = (id: string, token: FullElement): Signed => ({
  id,
  canonical: canonicalXml(token, {inclusive: new Set(['']), declaresDefault: true}),
  transform: dereferencing,
});
