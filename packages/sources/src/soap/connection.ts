import {randomUUID} from 'node:crypto';
import * as z from 'zod/mini';
import type {ConnectorEnvironment} from '../connector.js';
import {agentsOf, closeAgents} from '../http/agents.js';
import {type AuthConfig, address, httpAuthSchemas, wholeNumber} from '../http/connection-config.js';
import {credentialsOf} from '../http/credentials.js';
import {exchanged, tokenBytes} from '../http/http-exchange.js';
import {type TlsConfig, tlsSchema} from '../tls.js';
import {type MessageSecurity, plainMessages, SoapClient} from './client.js';
import {type SoapVersion, soapVersions} from './envelope.js';
import {idwsMessages} from './idws/idws.js';
import {type IdwsConfig, idwsSchema} from './idws/idws-config.js';

const soapAuthSchema = z.discriminatedUnion(
  'kind',
  [...httpAuthSchemas, idwsSchema],
  'expected "kind": none, bearer, basic, api-key, oauth2 or idws.',
);

/** What the configuration of every SOAP source has. */
export const soapConnectionShape = {
  /** Where the service is; https, or http on this machine. */
  endpoint: address(),
  auth: z.optional(soapAuthSchema),
  tls: z.optional(tlsSchema),
  /** The most that is taken in for one request, in bytes, unpacked. */
  maxBytes: z.optional(wholeNumber(10_000, 2_000_000_000)),
  /** The longest that one request may take. The gateway's own deadline comes first where it is shorter. */
  timeoutMs: z.optional(wholeNumber(100, 600_000)),
  /** SOAP version, where the service speaks another than its standard has. */
  soap: z.optional(z.enum(soapVersions, 'expected "1.1" or "1.2".')),
};
/** See {@link soapConnectionShape}. */
export interface SoapConnection {
  readonly endpoint: string;
  readonly auth?: AuthConfig | IdwsConfig | undefined;
  readonly tls?: TlsConfig | undefined;
  readonly maxBytes?: number | undefined;
  readonly timeoutMs?: number | undefined;
  readonly soap?: SoapVersion | undefined;
}

const defaultTimeoutMs = 60_000;

/**
 * Makes the client of a SOAP source.
 *
 * @throws Error that names the file that cannot be read, or the environment variable that is not set.
 */
export async function soapClientOf(
  config: SoapConnection,
  defaults: {readonly version: SoapVersion; readonly maxBytes: number},
  environment: ConnectorEnvironment,
): Promise<{client: SoapClient; close: () => Promise<void>}> {
  const {env} = process;
  const {auth = {kind: 'none'}} = config;
  const endpoint = new URL(config.endpoint);
  const version = config.soap ?? defaults.version;
  const agents = await agentsOf(config.tls, env, environment.configDirectory);
  const now = (): number => environment.now?.().getTime() ?? Date.now();
  const warn = (message: string, more?: object): void =>
    environment.log.warn(`${environment.sourceId}: ${message}`, more);
  const messages: {security: MessageSecurity; close?: () => void} =
    auth.kind === 'idws'
      ? await idwsMessages(
          auth,
          {endpoint, version},
          {reading: {directory: environment.configDirectory, env, now: now(), warn}, clock: now},
        )
      : {security: plainMessages(version)};
  const credentials = credentialsOf(
    auth.kind === 'idws' ? {kind: 'none'} : auth,
    env,
    (request, signal) => exchanged(request, agents, {bytes: tokenBytes, retries: 0}, signal),
    now,
  );
  const client = new SoapClient({
    endpoint,
    version,
    agents,
    credentials,
    security: messages.security,
    maxBytes: config.maxBytes ?? defaults.maxBytes,
    timeoutMs: config.timeoutMs ?? defaultTimeoutMs,
    newId: randomUUID,
    log: warn,
  });
  return {
    client,
    close: () => {
      closeAgents(agents);
      messages.close?.();
      return Promise.resolve();
    },
  };
}
