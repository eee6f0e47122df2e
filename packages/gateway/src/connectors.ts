import {createRequire} from 'node:module';
import {resolve} from 'node:path';
import {pathToFileURL} from 'node:url';
import type {Connector, ConnectorModule} from '@bsp/sources';
import {type GatewayConfig, gatewaySourceKeys, type SourceConfig, tenantsOf} from './config.js';
import {ConfigError, type ConfigFault, faultsOf, nearest, pathText, unknownKey} from './config-error.js';
import {pushSecretOf} from './intake.js';
import {type Log, scrub, scrubDetails} from './log.js';
import {receives} from './sources.js';

/** A source with the connector that was made for it. */
export interface Connected {
  readonly config: SourceConfig;
  readonly connector: Connector;
}

const require = createRequire(import.meta.url);

/** Entry points of `@bsp/sources` that are no connectors. */
const otherEntries: ReadonlySet<string> = new Set(['conformance', 'xml']);

/** The names that need no path: the entry points of `@bsp/sources`. */
function builtInNames(): string[] {
  const {exports} = require('@bsp/sources/package.json') as {exports: Record<string, unknown>};
  return Object.keys(exports)
    .filter((entry) => /^\.\/[\w-]+$/.test(entry))
    .map((entry) => entry.slice(2))
    .filter((name) => !otherEntries.has(name));
}

/**
 * Loads and makes the connectors of all sources.
 *
 * @throws ConfigError - every source's faults at once.
 */
export async function connect(config: GatewayConfig, log: Log): Promise<Connected[]> {
  const results = await Promise.allSettled(
    config.sources.map((source, index) => connectOne(config, source, index, log)),
  );
  const connected = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const faults = results.flatMap((result): ConfigFault[] => {
    if (result.status === 'fulfilled') return [];
    if (result.reason instanceof ConfigError) return [...result.reason.faults];
    throw result.reason;
  });
  const taken = new Map<string, string>();
  for (const {connector, config: source} of connected)
    for (const path of intakePaths(connector)) {
      const first = taken.get(path);
      taken.set(path, first ?? source.id);
      if (first === undefined) continue;
      const message = `"${first}" takes messages at ${path} too; give each source a "path" of its own.`;
      faults.push({path: `sources[${config.sources.indexOf(source)}]`, message});
    }
  if (faults.length === 0) return connected;
  await closeAll(connected);
  throw new ConfigError(config.origin, faults);
}

/** Where a connector takes what is sent to it. */
export const intakePaths = ({intake, receipts}: Connector): readonly string[] =>
  [intake, receipts].flatMap((one) => (one ? [one.path] : []));

/** The faults of tenants whose sources take messages where another's do: whose a message is, only its path says. */
export function sharedIntakes(
  config: GatewayConfig,
  all: readonly {readonly config: GatewayConfig; readonly connected: readonly Connected[]}[],
): ConfigFault[] {
  const faults: ConfigFault[] = [];
  const paths = new Set<string>();
  for (const {connected, config: its} of all)
    for (const {connector, config: source} of connected)
      for (const path of intakePaths(connector)) {
        if (!paths.has(path)) {
          paths.add(path);
          continue;
        }
        const message = `another tenant takes messages at ${path} too; give each source a "path" of its own.`;
        const place = ['tenants', tenantsOf(config).indexOf(its), 'sources', its.sources.indexOf(source)];
        faults.push({path: pathText(place), message});
      }
  return faults;
}

/** Closes connectors; one that fails to does not keep the others. */
export async function closeAll(connected: readonly Connected[]): Promise<void> {
  await Promise.allSettled(connected.map(async ({connector}) => connector.close?.()));
}

async function connectOne(config: GatewayConfig, source: SourceConfig, index: number, log: Log): Promise<Connected> {
  const base = ['sources', index];
  const fail = (key: string, message: string): never => {
    throw new ConfigError(config.origin, [{path: `sources[${index}]${key}`, message}]);
  };
  try {
    pushSecretOf(source, process.env);
  } catch (thrown) {
    fail('.push.secret.env', (thrown as Error).message);
  }
  const module = await importConnector(config, source).catch((thrown: unknown) =>
    fail('.connector', thrown instanceof Error ? thrown.message : String(thrown)),
  );
  const known = schemaKeys(module);
  const faults = known
    ? Object.keys(source.options)
        .filter((key) => !known.includes(key))
        .map((key) => unknownKey(base, key, [...gatewaySourceKeys, ...known]))
    : [];
  const parsed = module.configSchema.safeParse(source.options);
  if (!parsed.success) {
    const keys = [...gatewaySourceKeys, ...(known ?? [])];
    for (const fault of faultsOf(parsed.error.issues, {base, known: keys, schema: module.configSchema})) {
      const key = fault.path.split('.').at(-1)!;
      if (faults.some(({path}) => path === fault.path)) continue;
      const missing = source.options[key] === undefined && known?.includes(key);
      faults.push(missing ? {...fault, message: fault.message.replace(/^expected/, 'missing; expected')} : fault);
    }
  }
  if (!parsed.success || faults.length > 0) throw new ConfigError(config.origin, faults);
  const connector = await module
    .create(parsed.data, {
      sourceId: source.id,
      sourceName: source.name,
      configDirectory: config.directory,
      log: {
        info: (message, more = {}) => log.info({source: source.id, ...(scrubDetails(more) as object)}, scrub(message)),
        warn: (message, more = {}) => log.warn({source: source.id, ...(scrubDetails(more) as object)}, scrub(message)),
      },
    })
    .catch((thrown: unknown) => fail('', thrown instanceof Error ? thrown.message : String(thrown)));
  const unreadable = source.resources?.findIndex((resource) => !connector.resources.includes(resource)) ?? -1;
  if (unreadable >= 0) {
    await connector.close?.();
    const reads = connector.resources.join(', ') || 'no resources';
    return fail(`.resources[${unreadable}]`, `the connector "${source.connector}" reads ${reads}; remove this one.`);
  }
  if (receives(connector) && connector.resources.includes('events')) {
    await connector.close?.();
    return fail('.connector', 'a connector that takes in events must not read "events" too.');
  }
  return {config: source, connector};
}

async function importConnector(config: GatewayConfig, {connector: name}: SourceConfig): Promise<ConnectorModule> {
  const isPath = name.startsWith('.') || name.startsWith('/');
  const isModule = isPath || name.startsWith('@') || name.includes('/');
  const builtIn = builtInNames();
  if (!isModule && !builtIn.includes(name)) {
    const near = nearest(name, builtIn);
    const hint = near ? `did you mean "${near}"?` : `built in are ${builtIn.join(', ')};`;
    throw new Error(
      `there is no connector "${name}"; ${hint} A connector of your own is named by its module or "./path".`,
    );
  }
  const specifier = isPath
    ? pathToFileURL(resolve(config.directory, name)).href
    : isModule
      ? name
      : `@bsp/sources/${name}`;
  const loaded = await importFrom(config, specifier, name);
  const module = loaded.default as Partial<ConnectorModule> | undefined;
  if (typeof module?.create !== 'function' || typeof module.configSchema?.safeParse !== 'function')
    throw new Error(`"${name}" is not a connector: its default export must have "configSchema" and "create".`);
  return module as ConnectorModule;
}

/** Imports a module as the gateway sees it, else as the folder of the configuration does. */
async function importFrom(config: GatewayConfig, specifier: string, name: string): Promise<{default?: unknown}> {
  try {
    return (await import(specifier)) as {default?: unknown};
  } catch (thrown) {
    if (!isNotFound(thrown)) throw new Error(`"${name}" can't be loaded: ${(thrown as Error).message}`);
  }
  try {
    const found = createRequire(resolve(config.directory, 'config.json')).resolve(specifier);
    return (await import(pathToFileURL(found).href)) as {default?: unknown};
  } catch (thrown) {
    const reason = isNotFound(thrown) ? 'there is no such module' : (thrown as Error).message;
    throw new Error(`"${name}" can't be loaded: ${reason}. Looked from the gateway and from ${config.directory}.`);
  }
}

const isNotFound = (thrown: unknown): boolean =>
  ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_PACKAGE_PATH_NOT_EXPORTED'].includes(
    (thrown as {code?: string}).code ?? '',
  );

/** The keys that a connector's schema knows, when it is an object that takes no others. */
function schemaKeys({configSchema}: ConnectorModule): string[] | undefined {
  interface Shaped {
    readonly _zod?: {readonly def?: {readonly type?: string; readonly shape?: object; readonly catchall?: Shaped}};
  }
  const def = (configSchema as Shaped)._zod?.def;
  const rest = def?.catchall?._zod?.def?.type ?? 'never';
  return def?.type === 'object' && def.shape && rest === 'never' ? Object.keys(def.shape) : undefined;
}
