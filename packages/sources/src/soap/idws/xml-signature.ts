/**
 * XML signatures (XML Signature Syntax and Processing, W3C 2008) with RSA and SHA-2. What is made is exclusive canonical XML and
 * `rsa-sha256`; of what is read, SHA-1 and every transform that is not needed is refused.
 */
import {createHash, createVerify, type KeyObject, sign} from 'node:crypto';
import {childOf, childrenOf} from '../../xml.js';
import {
  type CanonicalForm,
  canonicalXml,
  exclusiveCanonicalization,
  inclusiveCanonicalization,
} from './canonical-xml.js';
import {type FullElement, readFullXml} from './full-xml.js';
import {ds} from './names.js';

const digests: Readonly<Record<string, string>> = {
  'http://www.w3.org/2001/04/xmlenc#sha256': 'sha256',
  'http://www.w3.org/2001/04/xmldsig-more#sha384': 'sha384',
  'http://www.w3.org/2001/04/xmlenc#sha512': 'sha512',
};
const rsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
const signatures: Readonly<Record<string, string>> = {
  [rsaSha256]: 'sha256',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha384': 'sha384',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512': 'sha512',
};
const enveloped = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';

const digestOf = (algorithm: string, text: string): Buffer => createHash(algorithm).update(text, 'utf8').digest();

/** What is signed: an element in its canonical form, under its id. */
export interface Signed {
  readonly id: string;
  readonly canonical: string;
  /** The transform that gives it, as XML. */
  readonly transform: string;
}

/** The transform to exclusive canonical XML. */
export const exclusiveTransform = `<ds:Transform Algorithm="${exclusiveCanonicalization}"></ds:Transform>`;

/** `ds:Signature` over elements; `keyInfo` is what stands in `ds:KeyInfo`. */
export function signatureXml(signed: readonly Signed[], key: KeyObject, keyInfo: string): string {
  const references = signed.map(
    ({id, canonical, transform}) =>
      `<ds:Reference URI="#${id}"><ds:Transforms>${transform}</ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>${digestOf('sha256', canonical).toString('base64')}</ds:DigestValue></ds:Reference>`,
  );
  const info = `<ds:SignedInfo xmlns:ds="${ds}"><ds:CanonicalizationMethod Algorithm="${exclusiveCanonicalization}"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="${rsaSha256}"></ds:SignatureMethod>${references.join('')}</ds:SignedInfo>`;
  const limits = {maxBytes: 1_000_000, maxDepth: 20, maxElements: 10_000};
  const canonical = canonicalXml(readFullXml(Buffer.from(info), limits));
  const value = sign('sha256', Buffer.from(canonical), key).toString('base64');
  return `<ds:Signature xmlns:ds="${ds}">${info}<ds:SignatureValue>${value}</ds:SignatureValue><ds:KeyInfo>${keyInfo}</ds:KeyInfo></ds:Signature>`;
}

/** Why a signature is not believed. Tells nothing of the message. */
export class SignatureFault extends Error {}

/** The form that a method or transform asks for; undefined where it is none that is known. */
function formOf(method: FullElement): CanonicalForm | undefined {
  const algorithm = method.attributes.get('Algorithm');
  if (algorithm === inclusiveCanonicalization) return {inclusive: 'all'};
  if (algorithm !== exclusiveCanonicalization) return undefined;
  const list = childOf(method, exclusiveCanonicalization, 'InclusiveNamespaces')?.attributes.get('PrefixList') ?? '';
  const prefixes = list.split(/\s+/).filter((prefix) => prefix !== '');
  return {inclusive: new Set(prefixes.map((prefix) => (prefix === '#default' ? '' : prefix)))};
}

/** The form that a reference's transforms give; undefined where one is not known, so that nothing is known of its element. */
function formAfter(reference: FullElement, signature: FullElement): CanonicalForm | undefined {
  // What the last transform leaves as nodes is written in the inclusive form (section 4.4.3.2).
  let form: CanonicalForm = {inclusive: 'all'};
  let isWritten = false;
  for (const transform of elementsOf(childOf(reference, ds, 'Transforms'), 'Transform')) {
    if (isWritten) return undefined;
    if (transform.attributes.get('Algorithm') === enveloped) form = {...form, omit: signature};
    else {
      const asked = formOf(transform);
      if (!asked) return undefined;
      form = {...form, ...asked};
      isWritten = true;
    }
  }
  return form;
}

const elementsOf = (parent: FullElement | undefined, name: string): FullElement[] =>
  parent ? childrenOf(parent, ds, name) : [];

const algorithmOf = (parent: FullElement, method: string, known: Readonly<Record<string, string>>): string => {
  const name = childOf(parent, ds, method)?.attributes.get('Algorithm') ?? '';
  if (!Object.hasOwn(known, name)) throw new SignatureFault(`the ${method} is none that is taken`);
  return known[name]!;
};

const bytesIn = (parent: FullElement, name: string): Buffer => {
  const [one, ...more] = elementsOf(parent, name);
  if (!one || more.length > 0) throw new SignatureFault(`it has not one ${name}`);
  return Buffer.from(one.text, 'base64');
};

/**
 * The elements that a signature covers. Only these may be read, and only as the elements that they are: where they stand is
 * for the caller to say.
 *
 * @param ids - the elements of the document by their ids, each once.
 * @throws SignatureFault where none of the keys made it, or what it covers was changed.
 */
export function signedElements(
  signature: FullElement,
  ids: ReadonlyMap<string, FullElement>,
  keys: readonly KeyObject[],
): ReadonlySet<FullElement> {
  const [info, ...more] = elementsOf(signature, 'SignedInfo');
  if (!info || more.length > 0) throw new SignatureFault('it has not one SignedInfo');
  const [method] = elementsOf(info, 'CanonicalizationMethod');
  const form = method && formOf(method);
  if (!form) throw new SignatureFault('the CanonicalizationMethod is none that is taken');
  const algorithm = algorithmOf(info, 'SignatureMethod', signatures);
  const value = bytesIn(signature, 'SignatureValue');
  const canonical = canonicalXml(info, form);
  if (!keys.some((key) => createVerify(algorithm).update(canonical, 'utf8').verify(key, value)))
    throw new SignatureFault('it was not made with the key of the configured certificate');
  const signed = new Set<FullElement>();
  for (const reference of elementsOf(info, 'Reference')) {
    const element = ids.get(/^#(.+)$/.exec(reference.attributes.get('URI') ?? '')?.[1] ?? '');
    const written = element && formAfter(reference, signature);
    // What cannot be looked at is not among what may be read.
    if (!element || !written) continue;
    const digest = digestOf(algorithmOf(reference, 'DigestMethod', digests), canonicalXml(element, written));
    if (!digest.equals(bytesIn(reference, 'DigestValue'))) throw new SignatureFault('what it covers was changed');
    signed.add(element);
  }
  return signed;
}
