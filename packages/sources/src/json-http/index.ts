/**
 * Any JSON API over HTTP, by configuration alone.
 *
 * @packageDocumentation
 */
import type {Connector, ConnectorEnvironment, ConnectorModule} from '../connector.js';
import {agentsOf, closeAgents} from '../http/agents.js';
import {credentialsOf, usableHeaders} from '../http/credentials.js';
import {exchanged, tokenBytes} from '../http/http-exchange.js';
import {RetryShare} from '../http/retry-share.js';
import {secretOf} from '../secret.js';
import {type JsonHttpConfig, jsonHttpConfigSchema} from './config.js';
import {SourceClient} from './source-client.js';
import {SourceReader} from './source-reader.js';
import {SourceSearch} from './source-search.js';

export {type JsonHttpConfig, jsonHttpConfigSchema} from './config.js';

const jsonHttp: ConnectorModule<JsonHttpConfig> = {
  configSchema: jsonHttpConfigSchema,

  /** @throws Error that names the environment variable that is not set, or the file that cannot be read. */
  async create(config: JsonHttpConfig, environment: ConnectorEnvironment): Promise<Connector> {
    const {env} = process;
    const agents = await agentsOf(config.tls, env, environment.configDirectory);
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
      retries: new RetryShare(config.retryPercent ?? 10),
    });
    if (config.numberInUrl)
      environment.log.warn(
        `${environment.sourceId}: sends ${config.subject === 'employee' ? 'employees’ keys' : 'CPR numbers'} in URLs ("numberInUrl"), where proxies and the source may log them`,
      );
    if (config.wordsInUrl)
      environment.log.warn(
        `${environment.sourceId}: sends what is searched for in URLs ("wordsInUrl"), where proxies and the source may log names`,
      );
    const reader = new SourceReader(config, client, environment);
    const search = config.search && new SourceSearch(config, client, environment);
    return {
      resources: reader.resources,
      subjects: [reader.key],
      read: (read) => reader.read(read),
      ...(search ? {search: (asked) => search.search(asked), searches: search.searches} : {}),
      close: () => {
        closeAgents(agents);
        return Promise.resolve();
      },
    };
  },
};

export default jsonHttp;
