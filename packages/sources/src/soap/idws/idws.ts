/**
 * Identity-based web services as KOMBIT and the Danish Agency for Digital Government have them (OIO IDWS): a token of a token
 * service in every message, and the message signed with the key for which the token is.
 */
import {agentsOf, closeAgents} from '../../http/agents.js';
import {badAnswer} from '../../http/answer-problems.js';
import {KeptToken} from '../../http/kept-token.js';
import {XmlFault} from '../../xml.js';
import type {MessageSecurity} from '../client.js';
import {faultOf, type SoapVersion} from '../envelope.js';
import {ofFault, ofXml} from '../problems.js';
import {type CertificateReading, keysOf, type SigningIdentity, signingIdentityOf} from './certificates.js';
import {elementsById} from './element-ids.js';
import {type FullElement, readLongFullXml} from './full-xml.js';
import type {IdwsConfig} from './idws-config.js';
import {samlId, samlToken, wsse, wsse11, wsu} from './names.js';
import {assertSigned, envelopeParts} from './signed-answer.js';
import {
  binaryToken,
  certificateId,
  certificateReference,
  ownIds,
  type SecurityToken,
  signedMessage,
} from './signed-message.js';
import type {ServiceToken} from './token-answer.js';
import {fetchToken} from './token-service.js';
import {SignatureFault} from './xml-signature.js';

const referenceId = `${ownIds}Token`;

/** SAML Token Profile 1.1, section 3.4: the token by its id. */
const tokenReference = (id: string, more = ''): string =>
  `<wsse:SecurityTokenReference xmlns:wsse="${wsse}" xmlns:wsse11="${wsse11}"${more} wsse11:TokenType="${samlToken}"><wsse:KeyIdentifier ValueType="${samlId}">${id}</wsse:KeyIdentifier></wsse:SecurityTokenReference>`;

/**
 * The tokens of a message. The holder's key is said by the assertion, and where that is encrypted by the certificate (OIO IDWS SOAP
 * 1.1, "Establishing trust in message signature key").
 */
function tokensOf({xml, id, isEncrypted}: ServiceToken, identity: SigningIdentity) {
  const reference = tokenReference(id, ` xmlns:wsu="${wsu}" wsu:Id="${referenceId}"`);
  const assertion: SecurityToken = {xml: `${xml}${reference}`, id: referenceId, refersTo: id};
  return isEncrypted
    ? {
        tokens: [{xml: binaryToken(identity, certificateId), id: certificateId}, assertion],
        keyInfo: certificateReference,
      }
    : {tokens: [assertion], keyInfo: tokenReference(id)};
}

const answerLimits = {maxDepth: 64, maxElements: 1_000_000};

/** @throws SourceProblem where the answer is not signed as it should be; a fault may be unsigned, and then says only that. */
async function checkAnswer(answer: Buffer, expected: Parameters<typeof assertSigned>[2]): Promise<void> {
  let envelope: FullElement;
  try {
    envelope = await readLongFullXml(answer, {...answerLimits, maxBytes: answer.length});
  } catch (thrown) {
    throw thrown instanceof XmlFault ? ofXml(thrown) : thrown;
  }
  const parts = envelopeParts(envelope);
  if (!parts) throw badAnswer('The source answered with something else than was asked for');
  try {
    assertSigned(parts, elementsById(envelope), expected);
  } catch (thrown) {
    if (!(thrown instanceof SignatureFault)) throw thrown;
    const [said] = parts.body.children;
    const fault = said && faultOf(said);
    throw fault ? ofFault(fault) : badAnswer('The answer of the source is not signed as it should be', thrown.message);
  }
}

/** The service whose messages are signed. */
export interface IdwsService {
  readonly endpoint: URL;
  readonly version: SoapVersion;
}

/**
 * Makes what signs the messages to a service.
 *
 * @throws Error that names the key of the configuration and says what is wrong with it.
 */
export async function idwsMessages(
  config: IdwsConfig,
  {endpoint, version}: IdwsService,
  {reading, clock}: {readonly reading: CertificateReading; readonly clock: () => number},
): Promise<{security: MessageSecurity; close: () => void}> {
  const {sts, appliesTo, municipality, answersSignedBy, libertyFramework} = config;
  const identity = await signingIdentityOf(config, reading);
  const keys = await keysOf('auth.sts.certFile', sts.certFile, reading);
  const answerKeys =
    answersSignedBy === undefined ? undefined : await keysOf('auth.answersSignedBy', answersSignedBy, reading);
  const agents = await agentsOf(sts.tls, reading.env, reading.directory).catch((thrown: Error) => {
    throw new Error(thrown.message.replace(/"tls/g, '"auth.sts.tls'));
  });
  const wanted = {keys, audience: appliesTo, issuer: sts.entityId, holder: identity.certificate};
  const url = new URL(sts.url);
  const kept = new KeptToken(
    () => fetchToken({url, version: sts.soap ?? '1.2', agents, identity, wanted, municipality, now: clock}),
    clock,
  );
  const security: MessageSecurity = {
    async outgoing(message, signal) {
      const token = await kept.value(signal);
      const {text, messageId} = signedMessage(message, {
        version,
        to: endpoint.href,
        now: clock(),
        identity,
        ...tokensOf(token, identity),
        framework: libertyFramework ?? version === '1.1',
      });
      return {
        text,
        ...(answerKeys && {
          check: (answer: Buffer) => checkAnswer(answer, {keys: answerKeys, now: clock(), messageId}),
        }),
        refused() {
          kept.forget((one) => one === token);
          return true;
        },
      };
    },
  };
  return {security, close: () => closeAgents(agents)};
}
