/**
 * Whether an answer is signed as OIO IDWS SOAP profile 1.1 wants it ("Receiving and processing a SOAP message"). What is
 * believed is the element at its place, and never one that only has the id which was signed (signature wrapping).
 */
import type {KeyObject} from 'node:crypto';
import {childrenOf, type XmlElement} from '../../xml.js';
import {isSoap} from '../envelope.js';
import type {FullElement} from './full-xml.js';
import {ds, wsa, wsse, wsu} from './names.js';
import {SignatureFault, signedElements} from './xml-signature.js';

/** How much clocks may differ (OIO IDWS SOAP 1.1: five minutes). */
export const clockSkewMs = 300_000;

/** What an envelope holds. */
export interface EnvelopeParts {
  readonly header: FullElement | undefined;
  readonly body: FullElement;
}

/** A header, where there is one, and a body, and nothing else, all of one version. */
export function envelopeParts(envelope: FullElement): EnvelopeParts | undefined {
  if (!isSoap(envelope, 'Envelope')) return undefined;
  const {children, namespace} = envelope;
  const is = (child: XmlElement | undefined, name: string): boolean =>
    child?.name === name && child.namespace === namespace;
  const body = children.at(-1);
  const header = children.length === 2 ? children[0] : undefined;
  if (!body || !is(body, 'Body') || children.length > 2 || (header && !is(header, 'Header'))) return undefined;
  return {header, body};
}

const onlyOne = (parent: FullElement | undefined, namespace: string, name: string): FullElement => {
  const [one, ...more] = parent ? childrenOf(parent, namespace, name) : [];
  if (!one || more.length > 0) throw new SignatureFault(`there is not one ${name}`);
  return one;
};

/** A moment as XML Schema writes it, with its zone. */
export const momentOf = (text: string | undefined): number | undefined => {
  const trimmed = text?.trim() ?? '';
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.test(trimmed)) return undefined;
  const moment = Date.parse(trimmed);
  return Number.isNaN(moment) ? undefined : moment;
};

function assertFresh(timestamp: FullElement, now: number): void {
  const created = momentOf(onlyOne(timestamp, wsu, 'Created').text);
  const [expires] = childrenOf(timestamp, wsu, 'Expires');
  const until = expires ? momentOf(expires.text) : created;
  if (created === undefined || until === undefined) throw new SignatureFault('its time cannot be read');
  if (created > now + clockSkewMs || until < now - clockSkewMs)
    throw new SignatureFault('its time is over, or to come');
}

/** Whether there is a signature of the message. */
export const hasSignature = ({header}: EnvelopeParts): boolean =>
  header !== undefined &&
  childrenOf(header, wsse, 'Security').some((one) => childrenOf(one, ds, 'Signature').length > 0);

/**
 * Makes sure that the body, the time and what the message relates to are signed with one of the keys.
 *
 * @throws SignatureFault
 */
export function assertSigned(
  {header, body}: EnvelopeParts,
  ids: ReadonlyMap<string, FullElement>,
  {keys, now, messageId}: {readonly keys: readonly KeyObject[]; readonly now: number; readonly messageId: string},
): void {
  const security = onlyOne(header, wsse, 'Security');
  const signed = signedElements(onlyOne(security, ds, 'Signature'), ids, keys);
  const timestamp = onlyOne(security, wsu, 'Timestamp');
  const relatesTo = onlyOne(header, wsa, 'RelatesTo');
  for (const [element, name] of [
    [body, 'the body'],
    [timestamp, 'the time'],
    [relatesTo, 'what it relates to'],
  ] as const)
    if (!signed.has(element)) throw new SignatureFault(`it does not cover ${name}`);
  assertFresh(timestamp, now);
  if (relatesTo.text.trim() !== messageId) throw new SignatureFault('it is an answer to another message');
}
