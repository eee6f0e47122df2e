// Signatures made and verified with libxml2's canonical XML and node:crypto: nothing of ours takes part.
import assert from 'node:assert/strict';
import {createHash, createVerify, type KeyObject, sign} from 'node:crypto';
import {XmlC14NMode, XmlDocument, type XmlElement} from 'libxml2-wasm';

/** Prefixes for XPath. */
const ns = {
  ds: 'http://www.w3.org/2000/09/xmldsig#',
  ec: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  wsse: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd',
  wsu: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd',
  wsa: 'http://www.w3.org/2005/08/addressing',
  wst: 'http://docs.oasis-open.org/ws-sx/ws-trust/200512',
  saml: 'urn:oasis:names:tc:SAML:2.0:assertion',
  sbf: 'urn:liberty:sb:2006-08',
};
const strTransform = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#STR-Transform';
const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const enveloped = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';

const canonical = (element: XmlElement, prefixes: readonly string[] | 'all' = []): string =>
  element.canonicalizeToString(
    prefixes === 'all'
      ? {mode: XmlC14NMode.XML_C14N_1_0}
      : {mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0, inclusiveNamespacePrefixes: [...prefixes]},
  );
const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

/** A document, and XPath in it. */
export class Reading {
  readonly source: string;
  private readonly document: XmlDocument;
  constructor(text: string) {
    this.source = text;
    this.document = XmlDocument.fromString(text);
  }
  all(path: string, from: XmlElement | XmlDocument = this.document): XmlElement[] {
    return from.find(path, ns) as XmlElement[];
  }
  one(path: string, from?: XmlElement): XmlElement {
    const found = this.all(path, from);
    assert.equal(found.length, 1, `${found.length} of ${path}`);
    return found[0]!;
  }
  text(path: string, from?: XmlElement): string {
    return this.one(path, from).content.trim();
  }
  /** The element that a signature means: there is one, or this fails. */
  byId(id: string): XmlElement {
    return this.one(`//*[@wsu:Id='${id}' or @ID='${id}']`);
  }
  dispose(): void {
    this.document.dispose();
  }
}

/** WS-Security 1.1, section 8.3: what a reference stands for, with `xmlns=""` where it has no default namespace. */
function dereferenced(reading: Reading, reference: XmlElement): string {
  const text = canonical(reading.byId(reading.text('wsse:KeyIdentifier', reference)), ['#default']);
  return /^<[^>]* xmlns="/.test(text) ? text : text.replace(/^<[^ >]+/, '$& xmlns=""');
}

function withoutSignature({source}: Reading, id: string, prefixes: readonly string[]): string {
  const copy = new Reading(source);
  copy.one('ds:Signature', copy.byId(id)).remove();
  const text = canonical(copy.byId(id), prefixes);
  copy.dispose();
  return text;
}

/** Verifies a signature, and gives the ids that it covers. */
export function verified(reading: Reading, signature: XmlElement, key: KeyObject): string[] {
  const info = reading.one('ds:SignedInfo', signature);
  assert.match(reading.one('ds:SignatureMethod', info).attr('Algorithm')!.value, /#rsa-sha256$/);
  assert.equal(reading.one('ds:CanonicalizationMethod', info).attr('Algorithm')!.value, exclusive);
  const value = Buffer.from(reading.text('ds:SignatureValue', signature), 'base64');
  assert(createVerify('sha256').update(canonical(info)).verify(key, value), 'the signature does not hold');
  return reading.all('ds:Reference', info).map((reference) => {
    const id = reference.attr('URI')!.value.slice(1);
    const element = reading.byId(id);
    const transforms = reading.all('ds:Transforms/ds:Transform', reference);
    const algorithms = transforms.map((transform) => transform.attr('Algorithm')!.value);
    const list = reading.all('ds:Transforms//ec:InclusiveNamespaces', reference)[0]?.attr('PrefixList')?.value;
    const prefixes = list?.split(' ') ?? [];
    const text = algorithms.includes(strTransform)
      ? dereferenced(reading, element)
      : algorithms.includes(enveloped)
        ? withoutSignature(reading, id, prefixes)
        : canonical(element, prefixes);
    assert.match(reading.one('ds:DigestMethod', reference).attr('Algorithm')!.value, /xmlenc#sha256$/);
    assert.equal(reading.text('ds:DigestValue', reference), sha256(text), `the digest of ${id}`);
    return id;
  });
}

/** What is signed of a document, and how. */
export interface Signing {
  readonly key: KeyObject;
  readonly ids: readonly string[];
  /** Prefixes of `InclusiveNamespaces`, as Java's services write them; `all`: as NemLog-in's token service does. */
  readonly prefixes?: readonly string[] | 'all';
  readonly isEnveloped?: boolean;
}

const inclusiveList = (prefixes: readonly string[]): string =>
  prefixes.length === 0 ? '' : `<ec:InclusiveNamespaces xmlns:ec="${exclusive}" PrefixList="${prefixes.join(' ')}"/>`;

/** Puts a signature in place of a comment. */
export function signedAt(mark: string, text: string, {key, ids, prefixes = [], isEnveloped = false}: Signing): string {
  const reading = new Reading(text);
  const transforms = [
    ...(isEnveloped || prefixes === 'all' ? [`<ds:Transform Algorithm="${enveloped}"/>`] : []),
    ...(prefixes === 'all' ? [] : [`<ds:Transform Algorithm="${exclusive}">${inclusiveList(prefixes)}</ds:Transform>`]),
  ].join('');
  const references = ids.map(
    (id) =>
      `<ds:Reference URI="#${id}"><ds:Transforms>${transforms}</ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>${sha256(canonical(reading.byId(id), prefixes))}</ds:DigestValue></ds:Reference>`,
  );
  reading.dispose();
  const info = `<ds:SignedInfo><ds:CanonicalizationMethod Algorithm="${exclusive}"/><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>${references.join('')}</ds:SignedInfo>`;
  const signature = (value: string): string =>
    `<ds:Signature xmlns:ds="${ns.ds}">${info}<ds:SignatureValue>${value}</ds:SignatureValue></ds:Signature>`;
  const written = new Reading(signature(''));
  const value = sign('sha256', Buffer.from(canonical(written.one('//ds:SignedInfo'))), key).toString('base64');
  written.dispose();
  return text.replace(`<!--${mark}-->`, signature(value));
}
