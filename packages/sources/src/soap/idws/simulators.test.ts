// A token service and services behind it, over HTTPS on this machine. They hold every message against the profile with
// signatures that nothing of ours verifies, and sign their answers with signatures that nothing of ours made.
import assert from 'node:assert/strict';
import {type KeyObject, X509Certificate} from 'node:crypto';
import {createServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import {after} from 'node:test';
import {messageHeaders, type SoapVersion} from '../envelope.js';
import {identityOf} from './certificates-for-tests.test.js';
import {Reading, type Signing, signedAt, verified} from './independent-signatures.test.js';

/** This system, the token service, the service, somebody else, and the machine that they are on. */
export const system = identityOf('system');
export const tokens = identityOf('tokens');
export const service = identityOf('service');
export const stranger = identityOf('stranger');
const machine = identityOf('127.0.0.1');
/** Whom to trust for HTTPS. */
export const tls = {caFile: machine.certFile};

/** What time it is; tests move it. */
export const clock = new Date('2026-11-20T09:00:00Z');
const startedAt = clock.getTime();
export const resetClock = (): void => void clock.setTime(startedAt);
const at = (seconds: number): string => new Date(clock.getTime() + seconds * 1_000).toISOString();

export const entityId = 'http://entityid.korsbaek.example/service/sdi/6';
export const tokenEntityId = 'https://saml.tokens.korsbaek.example/runtime';

const soapNamespaces: Readonly<Record<SoapVersion, string>> = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
};
const wsse = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
const wsu = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';

/** A simulator's answer. */
export interface Given {
  readonly status?: number;
  readonly text: string;
}

/** Starts a server over HTTPS; `seen` grows with every message. */
export async function serveSecurely(
  version: SoapVersion,
  answer: (message: string) => Given,
): Promise<{url: string; seen: string[]; errors: unknown[]}> {
  const seen: string[] = [];
  const errors: unknown[] = [];
  const type = messageHeaders(version, {action: 'x', body: ''})['content-type']!;
  const server = createServer({
    cert: machine.certificate.toString(),
    key: machine.key.export({format: 'pem', type: 'pkcs8'}),
  });
  server.on('request', (request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const message = Buffer.concat(chunks).toString();
      seen.push(message);
      const {status = 200, text} = answer(message);
      response.writeHead(status, {'content-type': type}).end(text);
    })().catch((thrown: unknown) => {
      errors.push(thrown);
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, errors};
}

/** A fault, as services that refuse a message send it: unsigned. */
export const faultOf = (version: SoapVersion, code: string, text = 'x'): Given => ({
  status: 500,
  text:
    version === '1.1'
      ? `<s:Envelope xmlns:s="${soapNamespaces[version]}"><s:Body><s:Fault><faultcode xmlns:c="${wsse}">c:${code}</faultcode><faultstring>${text}</faultstring></s:Fault></s:Body></s:Envelope>`
      : `<s:Envelope xmlns:s="${soapNamespaces[version]}"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value xmlns:c="${wsse}">c:${code}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="da">${text}</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>`,
});

/** How an answer is signed. */
export interface AnswerParts extends Partial<Signing> {
  readonly created?: string;
  readonly expires?: string;
  /** In place of the signature's comment; by default the answer is signed. */
  readonly isSigned?: boolean;
}

/** An envelope with a body, signed as KOMBIT's services do. */
export function answerTo(
  version: SoapVersion,
  messageId: string,
  body: string,
  {
    created = at(0),
    expires = at(300),
    isSigned = true,
    key = service.key,
    ids = ['b', 't', 'r'],
    prefixes,
  }: AnswerParts = {},
): string {
  const text = `<s:Envelope xmlns:s="${soapNamespaces[version]}" xmlns:wsu="${wsu}"><s:Header><wsa:RelatesTo xmlns:wsa="http://www.w3.org/2005/08/addressing" wsu:Id="r">${messageId}</wsa:RelatesTo><wsse:Security xmlns:wsse="${wsse}"><wsu:Timestamp wsu:Id="t"><wsu:Created>${created}</wsu:Created><wsu:Expires>${expires}</wsu:Expires></wsu:Timestamp><!--answer--></wsse:Security></s:Header><s:Body wsu:Id="b">${body}</s:Body></s:Envelope>`;
  return isSigned ? signedAt('answer', text, {key, ids, ...(prefixes && {prefixes})}) : text;
}

const keyIn = (base64: string): KeyObject => new X509Certificate(Buffer.from(base64, 'base64')).publicKey;

/** What the profile wants of every message. */
function assertProfile(reading: Reading, to: string, seenIds: Set<string>, key: KeyObject): string[] {
  const security = reading.one('/*/*/wsse:Security');
  assert.match(reading.text('@*[local-name()="mustUnderstand"]', security), /^(?:1|true)$/);
  const created = Date.parse(reading.text('wsu:Timestamp/wsu:Created', security));
  const expires = Date.parse(reading.text('wsu:Timestamp/wsu:Expires', security));
  assert(created <= clock.getTime() + 60_000 && expires > clock.getTime(), 'a message of another time');
  assert.equal(reading.text('/*/*/wsa:To'), to);
  const messageId = reading.text('/*/*/wsa:MessageID');
  assert(!seenIds.has(messageId), 'a message that was seen before');
  seenIds.add(messageId);
  const covered = verified(reading, reading.one('ds:Signature', security), key);
  const parts = ['wsa:Action', 'wsa:MessageID', 'wsa:ReplyTo', 'wsa:To', 'wsse:Security/wsu:Timestamp'];
  for (const path of ['/*/*[local-name()="Body"]', ...parts.map((part) => `/*/*/${part}`)])
    assert(covered.includes(reading.text(`${path}/@wsu:Id`)), `${path} is not signed`);
  return covered;
}

/** What is asked of the token service. */
export interface TokenAsked {
  readonly messageId: string;
  readonly context: string;
  /** The certificate that is to hold the token. */
  readonly holder: string;
  readonly appliesTo: string;
  readonly id: string;
}

/** How a token is. */
export interface TokenParts {
  readonly audience?: string;
  readonly issuer?: string;
  readonly holder?: string;
  readonly key?: KeyObject;
  readonly notBefore?: string;
  readonly notOnOrAfter?: string;
  readonly confirmation?: string;
  readonly isSigned?: boolean;
}

/** An assertion whose signature stands where its comment is, as KOMBIT's token service makes it; its prefixes are declared around it. */
export const assertionXml = (
  asked: TokenAsked,
  {
    audience = asked.appliesTo,
    issuer = tokenEntityId,
    holder = asked.holder,
    notBefore = at(0),
    notOnOrAfter = at(3_600),
    confirmation = 'holder-of-key',
  }: TokenParts = {},
): string =>
  `<saml2:Assertion ID="${asked.id}" IssueInstant="${at(0)}" Version="2.0"><saml2:Issuer>${issuer}</saml2:Issuer><!--token--><saml2:Subject><saml2:NameID>system &amp; søn</saml2:NameID><saml2:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:${confirmation}"><saml2:SubjectConfirmationData xsi:type="saml2:KeyInfoConfirmationDataType"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>${holder}</X509Certificate></X509Data></KeyInfo></saml2:SubjectConfirmationData></saml2:SubjectConfirmation></saml2:Subject><saml2:Conditions NotBefore="${notBefore}" NotOnOrAfter="${notOnOrAfter}"><saml2:AudienceRestriction><saml2:Audience>${audience}</saml2:Audience></saml2:AudienceRestriction></saml2:Conditions><saml2:AttributeStatement><saml2:Attribute Name="dk:gov:saml:attribute:AssuranceLevel"><saml2:AttributeValue xsi:type="xs:string">3</saml2:AttributeValue></saml2:Attribute></saml2:AttributeStatement></saml2:Assertion>`;

/** What the token service answers with a token, which it has not signed yet. */
export const issuedXml = ({context}: TokenAsked, assertion: string, expires = at(3_600)): string =>
  `<RequestSecurityTokenResponseCollection xmlns="http://docs.oasis-open.org/ws-sx/ws-trust/200512" xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xs="http://www.w3.org/2001/XMLSchema"><RequestSecurityTokenResponse Context="${context}"><TokenType>http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV2.0</TokenType><RequestedSecurityToken>${assertion}</RequestedSecurityToken><Lifetime><wsu:Expires>${expires}</wsu:Expires></Lifetime></RequestSecurityTokenResponse></RequestSecurityTokenResponseCollection>`;

/** The answer of a token service. */
export function tokenAnswer(asked: TokenAsked, token: TokenParts = {}, answer: AnswerParts = {}): string {
  const body = issuedXml(asked, assertionXml(asked, token));
  const unsigned = answerTo('1.2', asked.messageId, body, {isSigned: false});
  const {key = tokens.key, isSigned = true} = token;
  const withToken = isSigned
    ? signedAt('token', unsigned, {key, ids: [asked.id], prefixes: ['xs'], isEnveloped: true})
    : unsigned;
  return answer.isSigned === false
    ? withToken
    : signedAt('answer', withToken, {key: tokens.key, ids: ['b', 't', 'r'], ...answer});
}

/** The answer of a token service with a token that only the service can read, as NemLog-in's gives it. */
export const encryptedAnswer = (asked: TokenAsked, answer: AnswerParts = {}): string =>
  answerTo(
    '1.2',
    asked.messageId,
    issuedXml(
      asked,
      `<EncryptedAssertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion"><xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" wsu:Id="encryptedassertion"><xenc:CipherData><xenc:CipherValue>AAAA</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData></EncryptedAssertion>`,
    ),
    {key: tokens.key, ...answer},
  );

/** Starts a token service; a request that is not as it must be ends in `errors`. */
export async function serveTokens(answer: (asked: TokenAsked) => Given = (asked) => ({text: tokenAnswer(asked)})) {
  const seenIds = new Set<string>();
  let given = 0;
  const server = await serveSecurely('1.2', (message) => {
    const reading = new Reading(message);
    try {
      const request = reading.one('/*/*/wst:RequestSecurityToken');
      const certificate = reading.text('/*/*/wsse:Security/wsse:BinarySecurityToken');
      const covered = assertProfile(reading, `${server.url}/sts`, seenIds, keyIn(certificate));
      assert(covered.includes(reading.text('/*/*/wsse:Security/wsse:BinarySecurityToken/@wsu:Id')));
      assert.equal(certificate, system.certificate.raw.toString('base64'), 'a system that is not known');
      assert.match(reading.text('wst:RequestType', request), /\/Issue$/);
      assert.match(reading.text('wst:KeyType', request), /\/PublicKey$/);
      assert.match(reading.text('wst:TokenType', request), /#SAMLV2\.0$/);
      assert.equal(reading.text('wst:Claims/*/*', request), '11111111');
      return answer({
        messageId: reading.text('/*/*/wsa:MessageID'),
        context: reading.text('@Context', request),
        holder: reading.text('wst:UseKey/wsse:BinarySecurityToken', request),
        appliesTo: reading.text('*[local-name()="AppliesTo"]/*/wsa:Address', request),
        id: `_token-${++given}`,
      });
    } finally {
      reading.dispose();
    }
  });
  return {...server, url: `${server.url}/sts`};
}

/** A message that a service has taken. */
export interface Taken {
  readonly messageId: string;
  /** The body's element, as text. */
  readonly body: string;
  readonly token: string;
}

/** The key that a token is for, and the id of the token: a good one of the token service for this service. */
function assertToken(reading: Reading): {id: string; key: KeyObject} {
  const token = reading.one('/*/*/wsse:Security/saml:Assertion');
  const id = reading.text('@ID', token);
  assert.deepEqual(verified(reading, reading.one('ds:Signature', token), tokens.certificate.publicKey), [id]);
  assert.equal(reading.text('saml:Conditions/*/saml:Audience', token), entityId);
  assert(Date.parse(reading.text('saml:Conditions/@NotOnOrAfter', token)) > clock.getTime(), 'a token that has ended');
  return {id, key: keyIn(reading.text('.//saml:SubjectConfirmationData//ds:X509Certificate', token))};
}

/** As {@link assertToken}, for a token that is encrypted: the certificate stands beside it. */
function assertEncryptedToken(reading: Reading): {id: string; key: KeyObject} {
  const id = reading.text('/*/*/wsse:Security/saml:EncryptedAssertion/*/@wsu:Id');
  const certificate = reading.text('/*/*/wsse:Security/wsse:BinarySecurityToken');
  assert.equal(certificate, system.certificate.raw.toString('base64'));
  return {id, key: keyIn(certificate)};
}

/**
 * What a service does with a message before it does what it says: everything that the profile wants is looked at.
 *
 * @param seenIds - of the messages before, to which this one's is added.
 */
export function assertTaken(message: string, version: SoapVersion, to: string, seenIds: Set<string>): Taken {
  const reading = new Reading(message);
  try {
    const isEncrypted = reading.all('/*/*/wsse:Security/saml:EncryptedAssertion').length > 0;
    const {id, key} = isEncrypted ? assertEncryptedToken(reading) : assertToken(reading);
    const covered = assertProfile(reading, to, seenIds, key);
    const reference = reading.one('/*/*/wsse:Security/wsse:SecurityTokenReference');
    assert.equal(reading.text('wsse:KeyIdentifier', reference), id);
    assert(covered.includes(reading.text('@wsu:Id', reference)), 'the token is not signed');
    const keyInfo = reading.one('/*/*/*/ds:Signature/ds:KeyInfo/wsse:SecurityTokenReference');
    if (isEncrypted)
      assert(covered.includes(reading.text('wsse:Reference/@URI', keyInfo).slice(1)), 'the certificate is not signed');
    else assert.equal(reading.text('wsse:KeyIdentifier', keyInfo), id);
    assert.equal(reading.all('/*/*/sbf:Framework').length, version === '1.1' ? 1 : 0);
    const body = /<soap:Body[^>]*>(.*)<\/soap:Body>/s.exec(message)?.[1] ?? assert.fail('no body');
    return {messageId: reading.text('/*/*/wsa:MessageID'), body, token: id};
  } finally {
    reading.dispose();
  }
}

/** Starts a service that takes tokens of the token service for this system. */
export async function serveMessages(version: SoapVersion, answer: (taken: Taken) => Given) {
  const seenIds = new Set<string>();
  const server = await serveSecurely(version, (message) =>
    answer(assertTaken(message, version, `${server.url}/service`, seenIds)),
  );
  return {...server, url: `${server.url}/service`};
}

/** `auth` of a source that asks these services. */
export const idwsAuth = (tokenUrl: string, more: object = {}): object => ({
  kind: 'idws',
  sts: {url: tokenUrl, certFile: tokens.certFile, entityId: tokenEntityId, tls},
  appliesTo: entityId,
  municipality: '11111111',
  certFile: system.certFile,
  keyFile: system.keyFile,
  answersSignedBy: service.certFile,
  ...more,
});
