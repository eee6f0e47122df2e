import {randomUUID} from 'node:crypto';
import {SourceProblem} from '../../connector.js';
import {fault} from '../../http/answer-problems.js';
import {type Agents, ConnectionFault, exchanged} from '../../http/http-exchange.js';
import {type FetchedToken, renewalOf} from '../../http/kept-token.js';
import {isXml, messageHeaders, type SoapVersion} from '../envelope.js';
import type {SigningIdentity} from './certificates.js';
import type {WantedToken} from './saml-assertion.js';
import {binaryToken, certificateId, certificateReference, signedMessage} from './signed-message.js';
import {badToken, type ServiceToken, tokenAnswerBytes, tokenOf} from './token-answer.js';
import {issueAction, tokenRequest} from './token-request.js';

/** Where tokens come from, and for what. */
export interface TokenServiceParts {
  readonly url: URL;
  readonly version: SoapVersion;
  readonly agents: Agents;
  readonly identity: SigningIdentity;
  readonly wanted: Omit<WantedToken, 'now'>;
  readonly municipality: string | undefined;
  readonly now: () => number;
}

const timeoutMs = 20_000;

const none = (title: string, detail?: string): SourceProblem =>
  fault('unavailable', 'unavailable', `The token service ${title}`, detail === undefined ? {} : {detail});

/**
 * Fetches a token, with a request as OIO WS-Trust Profile 1.1 wants it signed.
 *
 * @throws SourceProblem
 */
export async function fetchToken(parts: TokenServiceParts): Promise<FetchedToken<ServiceToken>> {
  const {url, version, agents, identity, wanted, municipality, now} = parts;
  const asked = now();
  const context = `urn:uuid:${randomUUID()}`;
  const body = tokenRequest({appliesTo: wanted.audience, municipality}, identity, context);
  const message = {action: issueAction, body};
  const {text, messageId} = signedMessage(message, {
    version,
    to: url.href,
    now: asked,
    identity,
    tokens: [{xml: binaryToken(identity, certificateId), id: certificateId}],
    keyInfo: certificateReference,
    framework: false,
  });
  const exchange = await exchanged(
    {method: 'POST', url, headers: messageHeaders(version, message), body: text},
    agents,
    {bytes: tokenAnswerBytes, retries: 0},
    AbortSignal.timeout(timeoutMs),
  ).catch((thrown: unknown) => {
    if (thrown instanceof SourceProblem && thrown.status === 'invalid')
      throw badToken('answered with more than is taken in');
    throw none('did not answer', thrown instanceof ConnectionFault ? thrown.code : undefined);
  });
  // Faults come with HTTP 500, in SOAP 1.2 also with 400.
  if (![200, 400, 500].includes(exchange.status) || !isXml(exchange)) throw none(`answered HTTP ${exchange.status}`);
  const token = tokenOf(exchange.body, {...wanted, now: now(), messageId, context});
  if (exchange.status !== 200) throw none(`answered HTTP ${exchange.status}`);
  return {value: token, until: renewalOf(asked, token.expires)};
}
