import {readFileSync} from 'node:fs';
import {dirname, resolve} from 'node:path';
import * as z from 'zod/mini';
import {ConfigError, type ConfigFault, faultsOf, pathText, unknownKey} from './config-error.js';
import {jsonFaultAt} from './json-fault.js';

const text = (longest = 200) => z.string().check(z.minLength(1), z.maxLength(longest));
const wholeNumber = (least: number, most: number) => z.int().check(z.gte(least), z.lte(most));
/** Ids stand in URLs and database keys. */
const identifier = () =>
  z
    .string()
    .check(z.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'expected small letters, digits, ".", "_" or "-" (64 at most).'));

const storageSchema = z.strictObject({
  directory: z.optional(text(4000)),
  url: z.optional(z.string().check(z.regex(/^postgres(ql)?:\/\//, 'expected a text that begins with postgres://'))),
  memory: z.optional(z.literal(true)),
  schema: z.optional(
    z.string().check(z.regex(/^[a-z_][a-z0-9_]{0,40}$/, 'expected small letters, digits and "_" (41 at most).')),
  ),
  keyFile: z.optional(text(4000)),
});

const lookupLogSchema = z.strictObject({
  address: z.optional(z.enum(['kept', 'left-out'])),
  callingSystem: z.optional(text()),
  retentionMonths: z.optional(wholeNumber(6, 240)),
  citizen: z.optional(
    z.strictObject({
      staff: z.optional(z.enum(['unit', 'name'])),
      withheldPurposes: z.optional(z.array(identifier())),
      withheldUnits: z.optional(z.array(text())),
    }),
  ),
});

const configShape = {
  tenant: z.optional(z.strictObject({id: identifier(), name: text()})),
  demoUser: z.optional(
    z.strictObject({
      id: identifier(),
      name: text(),
      unit: z.optional(text()),
      office: z.optional(z.enum(['front', 'back', 'support'])),
    }),
  ),
  prefix: z.optional(
    z.string().check(z.regex(/^(\/[A-Za-z0-9._~-]+)+$/, 'expected a path such as "/bsp", without a slash at the end.')),
  ),
  port: z.optional(wholeNumber(0, 65_535)),
  storage: z.optional(storageSchema),
  contextHours: z.optional(z.number().check(z.gt(0), z.lte(24))),
  contextRate: z.optional(z.strictObject({perMinute: wholeNumber(1, 100_000), burst: wholeNumber(1, 100_000)})),
  purposes: z.optional(z.array(z.strictObject({id: identifier(), label: text()}))),
  journal: z.optional(
    z.strictObject({
      source: z.optional(identifier()),
      name: z.optional(text()),
    }),
  ),
  joinRetrySeconds: z.optional(wholeNumber(1, 86_400)),
  liveHeartbeatSeconds: z.optional(wholeNumber(1, 300)),
  noticeHours: z.optional(wholeNumber(1, 24 * 31)),
  lookupLog: z.optional(lookupLogSchema),
  logLevel: z.optional(z.enum(['debug', 'info', 'warn', 'error', 'silent'])),
  sources: z.array(z.looseObject({})).check(z.maxLength(500)),
};

const sourceShape = {
  id: identifier(),
  name: z.optional(text()),
  connector: text(500),
  resources: z.optional(z.array(text(100)).check(z.minLength(1))),
  deadlineMs: z.optional(wholeNumber(1, 120_000)),
  concurrency: z.optional(wholeNumber(1, 10_000)),
  existence: z.optional(z.strictObject({unit: text(), phone: z.optional(text(50))})),
};
/** The keys of a source entry that are the gateway's; the others are its connector's. */
export const gatewaySourceKeys = Object.keys(sourceShape);
const gatewayKeys = Object.keys(configShape);

/** A source as the gateway sees it; `options` is for its connector. */
export interface SourceConfig {
  readonly id: string;
  readonly name: string;
  readonly connector: string;
  /** Serve only these of what the connector can read. */
  readonly resources?: readonly string[];
  /** How long it may take to answer one read. Default 4000 ms. */
  readonly deadlineMs: number;
  /** How many reads it is asked at a time. Default 8. */
  readonly concurrency: number;
  /** Its cases are never shown: only that there is something, and whom to ask. */
  readonly existence?: {readonly unit: string; readonly phone?: string};
  readonly options: Readonly<Record<string, unknown>>;
}

/** Where the gateway keeps what it owns. */
export type StorageConfig =
  | {readonly kind: 'folder'; readonly directory: string; readonly key?: string; readonly keyFile?: string}
  | {
      readonly kind: 'postgres';
      readonly url: string;
      readonly schema: string;
      readonly key?: string;
      readonly keyFile?: string;
    }
  | {readonly kind: 'memory'; readonly key?: string};

/** What the lookup log keeps, for how long, and what citizens are told of it. */
export interface LookupLogConfig {
  /** Whether the network address of who asks is kept. */
  readonly address: 'kept' | 'left-out';
  /** The calling system, where the identity names none. */
  readonly callingSystem: string | undefined;
  /** Whole months for which rows are kept, beside the one that runs. */
  readonly retentionMonths: number;
  readonly citizen: {
    /** Whether a citizen is told the name of who looked, or the unit only. */
    readonly staff: 'unit' | 'name';
    /** Lookups with these purposes are not told, e.g. of a control case. */
    readonly withheldPurposes: readonly string[];
    /** Lookups by these units are not told. */
    readonly withheldUnits: readonly string[];
  };
}

/** A validated configuration, defaults filled in. Made by {@link loadConfig}. */
export interface GatewayConfig {
  /** The file that it came from, or `configuration`. */
  readonly origin: string;
  /** Where relative paths start. */
  readonly directory: string;
  readonly tenant: {readonly id: string; readonly name: string};
  readonly demoUser: {
    readonly id: string;
    readonly name: string;
    readonly unit?: string | undefined;
    readonly office?: 'front' | 'back' | 'support' | undefined;
  };
  /** API paths are `<prefix>/v1/…`. */
  readonly prefix: string;
  readonly port: number;
  readonly storage: StorageConfig;
  readonly contextHours: number;
  /** Token bucket on opening contexts, per user. */
  readonly contextRate: {readonly perMinute: number; readonly burst: number};
  readonly purposes: readonly {readonly id: string; readonly label: string}[];
  /** The gateway's own source: its id and name. */
  readonly journal: {readonly source: string; readonly name: string};
  readonly joinRetrySeconds: number;
  readonly liveHeartbeatSeconds: number;
  readonly noticeHours: number;
  readonly lookupLog: LookupLogConfig;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly sources: readonly SourceConfig[];
}

/** Environment variables that {@link loadConfig} reads: `PORT`, `BSP_DATABASE_URL`, `BSP_KEY`. */
export type ConfigEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * Reads and validates a configuration. What a source's connector wants of its entry is validated when the gateway is
 * created.
 *
 * @param source - the path of a JSON file, or the parsed object.
 * @throws ConfigError - lists every fault with its path, what was expected and what to do.
 */
export function loadConfig(source: string | object, options: {env?: ConfigEnvironment} = {}): GatewayConfig {
  const env = options.env ?? process.env;
  const origin = typeof source === 'string' ? source : 'The configuration';
  const directory = typeof source === 'string' ? dirname(resolve(source)) : process.cwd();
  const raw = typeof source === 'string' ? readJson(source) : source;
  const fail = (faults: readonly ConfigFault[]): never => {
    throw new ConfigError(origin, faults);
  };
  if (typeof raw === 'object' && raw !== null && 'auth' in raw)
    fail([
      {
        path: 'auth',
        message:
          'this version has no authentication: it serves one demo identity ("demoUser") on loopback only. Remove "auth".',
      },
    ]);

  const parsed = z.strictObject(configShape).safeParse(raw);
  if (!parsed.success) return fail(missingNamed(faultsOf(parsed.error.issues, {known: gatewayKeys}), raw));
  const value = parsed.data;
  const faults: ConfigFault[] = [];
  const sources = value.sources.flatMap((entry, index) => sourceOf(entry, index, faults));
  const own = {
    source: value.journal?.source ?? 'bsp',
    name: value.journal?.name ?? 'BSP',
  };
  sources.forEach((entry, index) => {
    if (sources.findIndex((other) => other.id === entry.id) < index)
      faults.push({path: `sources[${index}].id`, message: `"${entry.id}" is taken; give each source its own id.`});
    if (entry.id === own.source)
      faults.push({
        path: `sources[${index}].id`,
        message: `"${entry.id}" is the gateway's own source; choose another id, or set "journal.source".`,
      });
  });
  const storage = storageOf(value.storage, directory, env, faults);
  const port = env.PORT === undefined || env.PORT === '' ? (value.port ?? 8_080) : Number(env.PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    faults.push({path: '(environment) PORT', message: 'expected a port number from 0 to 65535.'});
  if (faults.length > 0 || !storage) return fail(faults);
  return {
    origin,
    directory,
    tenant: value.tenant ?? {id: 'demo', name: 'Demo'},
    demoUser: value.demoUser ?? {id: 'demo', name: 'Demobruger'},
    prefix: value.prefix ?? '/bsp',
    port,
    storage,
    contextHours: value.contextHours ?? 10,
    contextRate: value.contextRate ?? {perMinute: 300, burst: 300},
    purposes: value.purposes ?? [],
    journal: own,
    joinRetrySeconds: value.joinRetrySeconds ?? 60,
    liveHeartbeatSeconds: value.liveHeartbeatSeconds ?? 15,
    noticeHours: value.noticeHours ?? 48,
    lookupLog: {
      address: value.lookupLog?.address ?? 'kept',
      callingSystem: value.lookupLog?.callingSystem,
      retentionMonths: value.lookupLog?.retentionMonths ?? 24,
      citizen: {
        staff: value.lookupLog?.citizen?.staff ?? 'unit',
        withheldPurposes: value.lookupLog?.citizen?.withheldPurposes ?? [],
        withheldUnits: value.lookupLog?.citizen?.withheldUnits ?? [],
      },
    },
    logLevel: value.logLevel ?? 'info',
    sources,
  };
}

function readJson(file: string): unknown {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    const reason = code === 'ENOENT' ? 'there is no such file' : `can't be read (${code})`;
    throw new ConfigError(file, [{path: '(file)', message: `${reason}. Looked at ${resolve(file)}.`}]);
  }
  try {
    return JSON.parse(content.replace(/^\uFEFF/, '')) as unknown;
  } catch {
    const {line, column} = jsonFaultAt(content);
    const message = `not JSON: line ${line}, column ${column}. Look there, or just before, for a missing or superfluous comma, quote or bracket.`;
    throw new ConfigError(file, [{path: '(file)', message}]);
  }
}

function sourceOf(entry: Record<string, unknown>, index: number, faults: ConfigFault[]): SourceConfig[] {
  const base = ['sources', index];
  const own = Object.fromEntries(Object.entries(entry).filter(([key]) => gatewaySourceKeys.includes(key)));
  const options = Object.fromEntries(Object.entries(entry).filter(([key]) => !gatewaySourceKeys.includes(key)));
  const parsed = z.strictObject(sourceShape).safeParse(own);
  if (!parsed.success) {
    faults.push(...missingNamed(faultsOf(parsed.error.issues, {base}), {sources: {[index]: own}}));
    for (const key of ['id', 'connector'])
      if (!(key in own))
        faults.push(
          ...Object.keys(options)
            .map((other) => unknownKey(base, other, [key]))
            .filter(isSuggestion),
        );
    return [];
  }
  const {name, resources, deadlineMs, concurrency, existence, ...rest} = parsed.data;
  const beyondCases = existence ? resources?.findIndex((resource) => resource !== 'cases') : undefined;
  if (beyondCases !== undefined && beyondCases >= 0) {
    const message = 'a source with "existence" serves only "cases"; remove this, or remove "existence".';
    faults.push({path: pathText([...base, 'resources', beyondCases]), message});
  }
  return [
    {
      ...rest,
      name: name ?? rest.id,
      deadlineMs: deadlineMs ?? 4_000,
      concurrency: concurrency ?? 8,
      ...(existence ? {existence: existence as NonNullable<SourceConfig['existence']>} : {}),
      ...(existence ? {resources: ['cases']} : resources ? {resources} : {}),
      options,
    },
  ];
}

const isSuggestion = (fault: ConfigFault): boolean => fault.message.includes('did you mean');

/** Says "missing" where the value isn't there at all. */
function missingNamed(faults: readonly ConfigFault[], raw: unknown): ConfigFault[] {
  return faults.map((fault) => {
    const keys = fault.path.split(/[.[\]]+/).filter(Boolean);
    const found = keys.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], raw);
    return found === undefined && keys.join() !== '(top level)'
      ? {path: fault.path, message: fault.message.replace(/^expected/, 'missing; expected')}
      : fault;
  });
}

function storageOf(
  given: z.infer<typeof storageSchema> | undefined,
  directory: string,
  env: ConfigEnvironment,
  faults: ConfigFault[],
): StorageConfig | undefined {
  const key = env.BSP_KEY ? {key: env.BSP_KEY} : {};
  const keyFile = given?.keyFile === undefined ? {} : {keyFile: resolve(directory, given.keyFile)};
  const url = env.BSP_DATABASE_URL || given?.url;
  if (!env.BSP_DATABASE_URL && given) {
    const chosen = ['directory', 'url', 'memory'].filter((place) => place in given);
    if (chosen.length !== 1) {
      const message = `expected exactly one of "directory", "url" or "memory"; got ${chosen.join(' and ') || 'none'}.`;
      faults.push({path: 'storage', message});
      return undefined;
    }
  }
  if (url !== undefined) {
    if (!('key' in key) && !('keyFile' in keyFile)) {
      faults.push({
        path: 'storage',
        message:
          'PostgreSQL needs a key of its own: set BSP_KEY (32 bytes in base64, e.g. from "openssl rand -base64 32"), or "keyFile".',
      });
      return undefined;
    }
    return {kind: 'postgres', url, schema: given?.schema ?? 'bsp', ...key, ...keyFile};
  }
  if (given?.memory) return {kind: 'memory', ...key};
  const folder = given?.directory === undefined ? resolve('var/bsp') : resolve(directory, given.directory);
  return {kind: 'folder', directory: folder, ...key, ...keyFile};
}
