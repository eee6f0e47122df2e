/**
 * Any JSON API over HTTP, by configuration alone.
 *
 * @packageDocumentation
 */
import {readFile} from 'node:fs/promises';
import {Agent as HttpAgent} from 'node:http';
import {Agent as HttpsAgent} from 'node:https';
import {resolve} from 'node:path';
import {createSecureContext} from 'node:tls';
import type {Connector, ConnectorEnvironment, ConnectorModule} from '../connector.js';
import {type JsonHttpConfig, jsonHttpConfigSchema, type TlsConfig} from './config.js';
import {credentialsOf, type SecretEnvironment, secretOf, usableHeaders} from './credentials.js';
import {type Agents, exchanged} from './http-exchange.js';
import {SourceClient} from './source-client.js';
import {SourceReader} from './source-reader.js';

export {type JsonHttpConfig, jsonHttpConfigSchema} from './config.js';

const tokenBytes = 100_000;
/** Connections to one source. The gateway bounds how many questions it asks at a time. */
const maxSockets = 32;

/** Reads the client certificate and makes sure that it can be used. */
async function tlsOptions(tls: TlsConfig, env: SecretEnvironment, directory: string) {
  const file = async (key: 'certFile' | 'keyFile' | 'caFile'): Promise<Buffer | undefined> => {
    const path = tls[key];
    if (path === undefined) return undefined;
    return readFile(resolve(directory, path)).catch((thrown: NodeJS.ErrnoException) => {
      throw new Error(`"tls.${key}" is "${path}", which cannot be read (${thrown.code ?? 'unknown'}).`);
    });
  };
  const [cert, key, ca] = await Promise.all([file('certFile'), file('keyFile'), file('caFile')]);
  const options = {
    ...(cert && {cert}),
    ...(key && {key}),
    ...(ca && {ca}),
    ...(tls.passphrase && {passphrase: secretOf(tls.passphrase, 'tls.passphrase', env)}),
  };
  try {
    createSecureContext(options);
  } catch (thrown) {
    throw new Error(`"tls" cannot be used: ${(thrown as Error).message}.`);
  }
  return options;
}

const jsonHttp: ConnectorModule<JsonHttpConfig> = {
  configSchema: jsonHttpConfigSchema,

  /** @throws Error that names the environment variable that is not set, or the file that cannot be read. */
  async create(config: JsonHttpConfig, environment: ConnectorEnvironment): Promise<Connector> {
    const {env} = process;
    const tls = config.tls ? await tlsOptions(config.tls, env, environment.configDirectory) : {};
    const agents: Agents = {
      http: new HttpAgent({keepAlive: true, maxSockets}),
      https: new HttpsAgent({keepAlive: true, maxSockets, ...tls}),
    };
    const now = (): number => environment.now?.().getTime() ?? Date.now();
    const client = new SourceClient({
      agents,
      credentials: credentialsOf(
        config.auth ?? {kind: 'none'},
        env,
        (request, signal) => exchanged(request, agents, {bytes: tokenBytes, retries: 0}, signal),
        now,
      ),
      headers: usableHeaders(
        Object.fromEntries(
          Object.entries(config.headers ?? {}).map(([name, value]) => [
            name.toLowerCase(),
            secretOf(value, `headers.${name}`, env),
          ]),
        ),
      ),
      numberInUrl: config.numberInUrl === true,
    });
    if (config.numberInUrl)
      environment.log.warn(
        `${environment.sourceId}: sends CPR numbers in URLs ("numberInUrl"), where proxies and the source may log them`,
      );
    const reader = new SourceReader(config, client, environment);
    return {
      resources: reader.resources,
      read: (read) => reader.read(read),
      close: () => {
        agents.http.destroy();
        agents.https.destroy();
        return Promise.resolve();
      },
    };
  },
};

export default jsonHttp;
