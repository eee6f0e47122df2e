import {Agent as HttpAgent} from 'node:http';
import {Agent as HttpsAgent} from 'node:https';
import type {SecretEnvironment} from '../secret.js';
import {type TlsConfig, tlsOptions} from '../tls.js';
import type {Agents} from './http-exchange.js';

/** Connections to one source. The gateway bounds how many questions it asks at a time. */
const maxSockets = 32;

/**
 * Makes what keeps the connections to a source, with its client certificate.
 *
 * @throws Error that names the file or the environment variable that is missing.
 */
export async function agentsOf(tls: TlsConfig | undefined, env: SecretEnvironment, directory: string): Promise<Agents> {
  const options = tls ? await tlsOptions(tls, env, directory) : {};
  return {
    http: new HttpAgent({keepAlive: true, maxSockets}),
    https: new HttpsAgent({keepAlive: true, maxSockets, ...options}),
  };
}

/** Closes the connections to a source. */
export function closeAgents(agents: Agents): void {
  agents.http.destroy();
  agents.https.destroy();
}
