import {readFileSync} from 'node:fs';
import {isIP} from 'node:net';
import {dirname, resolve} from 'node:path';
import * as z from 'zod/mini';
import {type OfficesGiven, officeSchema} from './access/offices.js';
import {type Level, levels} from './access/rights.js';
import {type AuthConfig, authConfigOf, authSchema, safeUrl} from './auth/auth-config.js';
import {type BridgesConfig, bridgesConfigOf, bridgesSchema} from './bridges-config.js';
import {ConfigError, type ConfigFault, faultsOf, pathText, takenIds, unknownKey} from './config-error.js';
import {jsonFaultAt} from './json-fault.js';
import type {BreakerConfig} from './limits/breaker.js';
import type {LimitsConfig} from './limits/overload.js';
import {type SecretPlaces, type TargetConfig, targetsOf} from './targets-config.js';

const text = (longest = 200) => z.string().check(z.minLength(1), z.maxLength(longest));
const wholeNumber = (least: number, most: number) => z.int().check(z.gte(least), z.lte(most));
/** Ids stand in URLs and database keys. */
const identifier = () =>
  z
    .string()
    .check(z.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'expected small letters, digits, ".", "_" or "-" (64 at most).'));

/** An address, or all that begin as it does: `10.0.0.0/8`. */
const addresses = () =>
  z.string().check(
    z.refine((given) => {
      const [address = '', bits, ...more] = given.split('/');
      const longest = isIP(address) === 4 ? 32 : 128;
      const isRange = bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= longest);
      return isIP(address) > 0 && isRange && more.length === 0;
    }, 'expected an IP address such as "10.1.2.3", or a range such as "10.0.0.0/8".'),
  );

/** As the client of PostgreSQL reads it, which takes an address without a host, too. */
const isDatabaseUrl = (given: string): boolean =>
  /^postgres(ql)?:\/\//.test(given) && (URL.canParse(given) || URL.canParse(given.replace('@/', '@localhost/')));
const databaseUrlText =
  'expected an address such as "postgres://user:password@host:5432/database"; signs such as # / ? @ in the password stand in it as %23 %2F %3F %40.';

const storageSchema = z.strictObject({
  directory: z.optional(text(4000)),
  url: z.optional(z.string().check(z.refine(isDatabaseUrl, databaseUrlText))),
  memory: z.optional(z.literal(true)),
  schema: z.optional(
    z.string().check(z.regex(/^[a-z_][a-z0-9_]{0,40}$/, 'expected small letters, digits and "_" (41 at most).')),
  ),
  keyFile: z.optional(text(4000)),
  anyAddress: z.optional(z.literal(true)),
  migrate: z.optional(z.enum(['start', 'command'])),
});

const operationsSchema = z.strictObject({
  port: z.optional(wholeNumber(0, 65_535)),
  host: z.optional(text()),
  drainSeconds: z.optional(wholeNumber(0, 600)),
  closeSeconds: z.optional(wholeNumber(1, 600)),
});

const natsAddress = /^(nats|tls):\/\/[^\s/?#]+$/;
const wakesSchema = z.strictObject({
  nats: z.optional(z.string().check(z.regex(natsAddress, 'expected an address such as "nats://host:4222".'))),
  lookSeconds: z.optional(wholeNumber(1, 3_600)),
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

const cvr = () => z.string().check(z.regex(/^\d{8}$/, 'expected a CVR number (8 digits).'));
const tenantShape = {id: identifier(), name: text(), cvr: z.optional(cvr()), claim: z.optional(text())};

/** What each tenant may have of its own. */
const ownShape = {
  targets: z.optional(z.array(z.looseObject({})).check(z.maxLength(200))),
  contextHours: z.optional(z.number().check(z.gt(0), z.lte(24))),
  contextRate: z.optional(z.strictObject({perMinute: wholeNumber(1, 100_000), burst: wholeNumber(1, 100_000)})),
  requestRate: z.optional(z.strictObject({perMinute: wholeNumber(1, 10_000_000), burst: wholeNumber(1, 10_000_000)})),
  purposes: z.optional(z.array(z.strictObject({id: identifier(), label: text()}))),
  journal: z.optional(
    z.strictObject({
      source: z.optional(identifier()),
      name: z.optional(text()),
      sensitivity: z.optional(z.enum(levels)),
      deliverTo: z.optional(identifier()),
    }),
  ),
  lookupLog: z.optional(lookupLogSchema),
  retention: z.optional(
    z.strictObject({
      eventDays: z.optional(wholeNumber(1, 36_500)),
      draftDays: z.optional(wholeNumber(1, 36_500)),
      handleDays: z.optional(wholeNumber(30, 36_500)),
    }),
  ),
  breakGlass: z.optional(
    z.strictObject({
      minutes: z.optional(wholeNumber(1, 480)),
      sensitivity: z.optional(z.enum(levels)),
      notify: safeUrl(),
      told: z.optional(text()),
    }),
  ),
  offices: z.optional(
    z.strictObject({
      front: z.optional(officeSchema),
      back: z.optional(officeSchema),
      support: z.optional(officeSchema),
    }),
  ),
};
const limitsShape = {
  reads: z.optional(wholeNumber(1, 1_000_000)),
  readsPerUser: z.optional(wholeNumber(1, 1_000_000)),
  streams: z.optional(wholeNumber(1, 1_000_000)),
  streamsPerUser: z.optional(wholeNumber(1, 1_000_000)),
  lateMs: z.optional(wholeNumber(10, 60_000)),
  stallSeconds: z.optional(wholeNumber(1, 3_600)),
};
const limitsSchema = z.strictObject(limitsShape);

const sourcesSchema = z.array(z.looseObject({})).check(z.maxLength(500));

const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
type LogLevel = (typeof logLevels)[number];
const isLogLevel = (text: string): text is LogLevel => (logLevels as readonly string[]).includes(text);

const configShape = {
  tenant: z.optional(z.strictObject(tenantShape)),
  demoUser: z.optional(
    z.strictObject({
      id: identifier(),
      name: text(),
      unit: z.optional(text()),
      office: z.optional(z.enum(['front', 'back', 'support'])),
    }),
  ),
  auth: z.optional(authSchema),
  prefix: z.optional(
    z.string().check(z.regex(/^(\/[A-Za-z0-9._~-]+)+$/, 'expected a path such as "/bsp", without a slash at the end.')),
  ),
  port: z.optional(wholeNumber(0, 65_535)),
  trustedProxies: z.optional(z.array(addresses()).check(z.minLength(1), z.maxLength(100))),
  storage: z.optional(storageSchema),
  operations: z.optional(operationsSchema),
  joinRetrySeconds: z.optional(wholeNumber(1, 86_400)),
  liveHeartbeatSeconds: z.optional(wholeNumber(1, 300)),
  bridges: z.optional(bridgesSchema),
  noticeHours: z.optional(wholeNumber(1, 24 * 31)),
  limits: z.optional(limitsSchema),
  wakes: z.optional(wakesSchema),
  logLevel: z.optional(z.enum(logLevels)),
  publicUrl: z.optional(
    z.string().check(z.regex(/^https?:\/\/[^\s?#]*[^\s?#/]$/, 'expected an address without a slash at the end.')),
  ),
  ...ownShape,
  sources: sourcesSchema,
};

/** A configuration of several tenants: what stands outside of them holds for those that say nothing else. */
const tenantsShape = {
  ...configShape,
  tenant: z.optional(z.custom<never>(() => false, 'a configuration with "tenants" has no "tenant"; remove it.')),
  demoUser: z.optional(z.custom<never>(() => false, 'a configuration with "tenants" has no "demoUser"; remove it.')),
  sources: z.optional(z.custom<never>(() => false, 'each of the "tenants" has its own "sources"; move them there.')),
  tenants: z
    .array(z.strictObject({...tenantShape, keyFile: z.optional(text(4000)), ...ownShape, sources: sourcesSchema}))
    .check(z.minLength(1), z.maxLength(98)),
};

const sourceShape = {
  id: identifier(),
  name: z.optional(text()),
  connector: text(500),
  resources: z.optional(z.array(text(100)).check(z.minLength(1))),
  deadlineMs: z.optional(wholeNumber(1, 120_000)),
  concurrency: z.optional(wholeNumber(1, 10_000)),
  queue: z.optional(wholeNumber(0, 100_000)),
  breaker: z.optional(
    z.union(
      [
        z.literal(false),
        z.strictObject({
          failures: z.optional(wholeNumber(1, 10_000)),
          pauseSeconds: z.optional(wholeNumber(1, 3_600)),
        }),
      ],
      'expected "failures" and "pauseSeconds", or false.',
    ),
  ),
  existence: z.optional(z.strictObject({unit: text(), phone: z.optional(text(50))})),
  push: z.optional(
    z.strictObject({
      secret: z.strictObject({
        env: z.string().check(z.regex(/^[A-Za-z_]\w*$/, 'expected the name of an environment variable.')),
      }),
    }),
  ),
  purposes: z.optional(z.array(identifier()).check(z.minLength(1))),
  access: z.optional(
    z.strictObject({
      owner: z.optional(cvr()),
      kle: z.optional(z.string().check(z.regex(/^\d\d\.\d\d\.\d\d$/, 'expected a KLE number such as "27.60.10".'))),
      sensitivity: z.optional(z.enum(levels)),
      unit: z.optional(text()),
      system: z.optional(text()),
      ownValues: z.optional(z.boolean()),
    }),
  ),
};
/** The keys of a source entry that are the gateway's; the others are its connector's. */
export const gatewaySourceKeys = Object.keys(sourceShape);
const gatewayKeys = Object.keys({...configShape, ...tenantsShape});

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
  /** How many reads may wait for their turn. Default 32 for each that is asked at a time. */
  readonly queue: number;
  /** When it is left alone because it does not answer. */
  readonly breaker: BreakerConfig | undefined;
  /** Its cases are never shown: only that there is something, and whom to ask. */
  readonly existence?: {readonly unit: string; readonly phone?: string};
  /** Whoever sends messages must know this secret; it stands in the environment. */
  readonly push?: {readonly secret: {readonly env: string}};
  /** It is asked only in a context with one of these purposes. */
  readonly purposes?: readonly string[];
  /** Who may see what its records say nothing else of. */
  readonly access: {
    readonly owner?: string | undefined;
    readonly kle?: string | undefined;
    readonly sensitivity?: Level | undefined;
    readonly unit?: string | undefined;
    readonly system?: string | undefined;
    /** Records that hang on cases of which the source says nothing more are decided by their own values. */
    readonly ownValues?: boolean | undefined;
  };
  readonly options: Readonly<Record<string, unknown>>;
}

/** Where the gateway keeps what it owns. */
export type StorageConfig =
  | {readonly kind: 'folder'; readonly directory: string; readonly key?: string; readonly keyFile?: string}
  | {
      readonly kind: 'postgres';
      readonly url: string;
      readonly schema: string;
      /** Who makes and changes the tables: each start, or only `bsp-gateway migrate`. */
      readonly migrate: 'start' | 'command';
      readonly key?: string;
      readonly keyFile?: string;
    }
  | {readonly kind: 'memory'; readonly key?: string};

/** How a process is looked after, and how it ends. */
export interface OperationsConfig {
  /** A port of its own for health and metrics. */
  readonly server: {readonly host: string; readonly port: number} | undefined;
  /** How long it says that it ends, and still takes requests, so that the balancer hears of it. */
  readonly drainSeconds: number;
  /** How long what is under way may take to end by itself. */
  readonly closeSeconds: number;
}

/** Wakes between processes over NATS. */
export interface NatsConfig {
  readonly url: string;
  /** How often each process looks by itself, because NATS may lose a wake. */
  readonly lookSeconds: number;
}

/** How long what a tenant has received or begun is kept; left out: without end. Notes are never dropped. */
export interface RetentionConfig {
  /** Received events, with their marks, so many days after they came. */
  readonly eventDays?: number | undefined;
  /** Drafts, so many days after they were last saved. */
  readonly draftDays?: number | undefined;
  /** Handles of persons, so many days after they were last given out; a host that still has one has to ask anew. */
  readonly handleDays?: number | undefined;
}

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

/** How the glass is broken. */
export interface BreakGlassConfig {
  readonly minutes: number;
  /** Up to how sensitive. */
  readonly sensitivity: Level;
  /** Who is told: an address that takes a POST. */
  readonly notify: string;
  /** Who that is, in words for the user. */
  readonly told: string | undefined;
}

/** A validated configuration, defaults filled in. Made by {@link loadConfig}. */
export interface GatewayConfig {
  /** The file that it came from, or `configuration`. */
  readonly origin: string;
  /** Where relative paths start. */
  readonly directory: string;
  readonly tenant: {
    readonly id: string;
    readonly name: string;
    /** Owner of the records that name none. */
    readonly cvr?: string | undefined;
    /** What the tenant's claim says of it, where that is not its id. */
    readonly claim?: string | undefined;
  };
  /** A tenant's own key; else one is derived for it from the installation's. */
  readonly tenantKeyFile?: string;
  /** Where several are served: each as a configuration of its own. */
  readonly tenants?: readonly GatewayConfig[];
  readonly auth: AuthConfig | undefined;
  readonly offices: OfficesGiven;
  /** Without it nobody breaks the glass. */
  readonly breakGlass: BreakGlassConfig | undefined;
  readonly demoUser: {
    readonly id: string;
    readonly name: string;
    readonly unit?: string | undefined;
    readonly office?: 'front' | 'back' | 'support' | undefined;
  };
  /** API paths are `<prefix>/v1/…`. */
  readonly prefix: string;
  readonly port: number;
  /** Proxies before the gateway, which say from where a request comes. Nobody else is believed. */
  readonly trustedProxies: readonly string[];
  readonly storage: StorageConfig;
  readonly operations: OperationsConfig;
  readonly contextHours: number;
  /** Token bucket on opening contexts, per user. */
  readonly contextRate: {readonly perMinute: number; readonly burst: number};
  /** Token bucket on everything that is asked in contexts, per user; without it there is none. */
  readonly requestRate: {readonly perMinute: number; readonly burst: number} | undefined;
  readonly purposes: readonly {readonly id: string; readonly label: string}[];
  /** The gateway's own source: its id and name. */
  readonly journal: {
    readonly source: string;
    readonly name: string;
    readonly sensitivity: Level;
    /** The source that notes are delivered to. */
    readonly deliverTo?: string | undefined;
  };
  readonly joinRetrySeconds: number;
  readonly liveHeartbeatSeconds: number;
  /** Between a user's pages and programs. */
  readonly bridges: BridgesConfig;
  readonly noticeHours: number;
  /** What a process takes in hand at a time. */
  readonly limits: LimitsConfig;
  /** Where wakes between processes go instead of over LISTEN and NOTIFY. */
  readonly nats: NatsConfig | undefined;
  readonly lookupLog: LookupLogConfig;
  readonly retention: RetentionConfig;
  /** The embedded database may be used behind any address. */
  readonly embeddedAnywhere: boolean;
  readonly logLevel: LogLevel;
  /** Where browsers find the API, where that is not `prefix` on the origin of the page. */
  readonly publicUrl?: string | undefined;
  /** Other systems that users go on to. */
  readonly targets: readonly TargetConfig[];
  readonly sources: readonly SourceConfig[];
}

/**
 * Environment variables that {@link loadConfig} reads: `PORT`, `BSP_DATABASE_URL`, `BSP_KEY`, `BSP_NATS_URL`, `BSP_LOG_LEVEL`.
 */
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
  const isMany = typeof raw === 'object' && raw !== null && 'tenants' in raw;
  const schema = z.strictObject(isMany ? tenantsShape : configShape);
  const parsed = schema.safeParse(raw);
  if (!parsed.success) return fail(missingNamed(faultsOf(parsed.error.issues, {known: gatewayKeys, schema}), raw));
  const value = parsed.data as z.infer<z.ZodMiniObject<typeof configShape>> & {tenants?: GivenTenant[]};
  const faults: ConfigFault[] = [];
  const storage = storageOf(value.storage, directory, env, faults);
  const port = env.PORT === undefined || env.PORT === '' ? (value.port ?? 8_080) : Number(env.PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    faults.push({path: '(environment) PORT', message: 'expected a port number from 0 to 65535.'});
  const nats = env.BSP_NATS_URL || value.wakes?.nats;
  if (value.wakes && nats === undefined)
    faults.push({path: 'wakes.nats', message: 'missing, and so is BSP_NATS_URL in the environment.'});
  if (nats !== undefined && storage && storage.kind !== 'postgres')
    faults.push({path: 'wakes.nats', message: 'only processes on PostgreSQL have anybody to wake; remove it.'});
  if (nats !== undefined && !(natsAddress.test(nats) && URL.canParse(nats)))
    faults.push({path: '(environment) BSP_NATS_URL', message: 'expected an address such as "nats://host:4222".'});
  const {operations} = value;
  if (operations?.host !== undefined && operations.port === undefined)
    faults.push({path: 'operations.port', message: 'missing; "operations.host" is the address of that port.'});
  const logLevel = env.BSP_LOG_LEVEL || value.logLevel || 'info';
  if (!isLogLevel(logLevel))
    faults.push({path: '(environment) BSP_LOG_LEVEL', message: `expected one of ${logLevels.join(', ')}.`});
  const shared = {
    origin,
    directory,
    auth: value.auth && authConfigOf(value.auth),
    demoUser: value.demoUser ?? {id: 'demo', name: 'Demobruger'},
    prefix: value.prefix ?? '/bsp',
    port,
    trustedProxies: value.trustedProxies ?? [],
    storage: storage ?? {kind: 'memory' as const},
    operations: {
      server:
        operations?.port === undefined ? undefined : {host: operations.host ?? '127.0.0.1', port: operations.port},
      drainSeconds: operations?.drainSeconds ?? 0,
      closeSeconds: operations?.closeSeconds ?? 8,
    },
    embeddedAnywhere: value.storage?.anyAddress ?? false,
    joinRetrySeconds: value.joinRetrySeconds ?? 60,
    liveHeartbeatSeconds: value.liveHeartbeatSeconds ?? 15,
    bridges: bridgesConfigOf(value.bridges),
    noticeHours: value.noticeHours ?? 48,
    limits: limitsOf(value.limits, value.auth !== undefined),
    nats: nats === undefined ? undefined : {url: nats, lookSeconds: value.wakes?.lookSeconds ?? 5},
    logLevel: isLogLevel(logLevel) ? logLevel : 'info',
    publicUrl: value.publicUrl,
  };
  faults.push(
    ...takenIds(value.auth?.systems, ['auth', 'systems']),
    ...takenIds(value.purposes, ['purposes']),
    ...(value.tenants ?? []).flatMap(({purposes}, index) => takenIds(purposes, ['tenants', index, 'purposes'])),
  );
  const configOf = (given: GivenTenant, base: readonly PropertyKey[]): GatewayConfig => {
    const {id, name, cvr: number, claim, keyFile, ...own} = given;
    const tenant = {id, name, ...(number === undefined ? {} : {cvr: number}), ...(claim === undefined ? {} : {claim})};
    if (shared.auth && number === undefined)
      faults.push({
        path: pathText([...base, ...(isMany ? [] : ['tenant']), 'cvr']),
        message: 'missing; with "auth" the CVR number says whose the records are that name no owner.',
      });
    return {
      ...shared,
      tenant,
      ...(keyFile === undefined ? {} : {tenantKeyFile: resolve(directory, keyFile)}),
      ...tenantValues({...value, ...own}, tenant, {base, directory, env}, faults),
      requestRate: own.requestRate ?? value.requestRate ?? (shared.auth && {perMinute: 3_000, burst: 1_000}),
    };
  };
  const tenants = value.tenants?.map((given, index) => configOf(given, ['tenants', index]));
  if (tenants) checkTenants(tenants, faults);
  const single = tenants?.[0] ?? configOf({...(value.tenant ?? {id: 'demo', name: 'Demo'}), ...value}, []);
  if (faults.length > 0 || !storage) return fail(faults);
  return {...single, ...(tenants ? {tenants} : {})};
}

type Own = {[key in keyof typeof ownShape]?: z.infer<(typeof ownShape)[key]>} & {sources: Record<string, unknown>[]};
type GivenTenant = z.infer<z.ZodMiniObject<typeof tenantShape>> & {keyFile?: string | undefined} & Own;

/** Each tenant of a configuration as a configuration of its own. */
export const tenantsOf = (config: GatewayConfig): readonly GatewayConfig[] => config.tenants ?? [config];

function checkTenants(tenants: readonly GatewayConfig[], faults: ConfigFault[]): void {
  const [{auth}] = tenants as [GatewayConfig];
  if (!auth)
    faults.push({
      path: 'auth',
      message: 'missing; with "tenants" it is the token that says whose data somebody may see.',
    });
  else if (auth.claims.tenant === undefined)
    faults.push({path: 'auth.claims.tenant', message: 'missing; name the claim that says which tenant a token is of.'});
  const said = ({tenant}: GatewayConfig) => ({...tenant, claim: tenant.claim ?? tenant.id});
  tenants.forEach((config, index) => {
    for (const key of ['id', 'claim', 'cvr'] as const) {
      const value = said(config)[key];
      if (value !== undefined && tenants.findIndex((other) => said(other)[key] === value) < index)
        faults.push({path: `tenants[${index}].${key}`, message: `"${value}" is taken; each tenant has its own.`});
    }
  });
}

/** Where nobody logs in, one user is everybody. */
function limitsOf(given: z.infer<typeof limitsSchema> = {}, hasUsers: boolean): LimitsConfig {
  const {reads = 1_000, streams = 20_000, lateMs = 1_000, stallSeconds = 60} = given;
  const readsPerUser = given.readsPerUser ?? (hasUsers ? 100 : reads);
  const streamsPerUser = given.streamsPerUser ?? (hasUsers ? 100 : streams);
  return {reads, readsPerUser, streams, streamsPerUser, lateMs, stallSeconds};
}

/** What a tenant has of its own. */
function tenantValues(
  value: Own,
  tenant: GatewayConfig['tenant'],
  {base, ...places}: SecretPlaces & {readonly base: readonly PropertyKey[]},
  faults: ConfigFault[],
) {
  const sources = value.sources.flatMap((entry, index) => sourceOf(entry, [...base, 'sources', index], tenant, faults));
  const own = {
    source: value.journal?.source ?? 'bsp',
    name: value.journal?.name ?? 'BSP',
    sensitivity: value.journal?.sensitivity ?? ('confidential' as const),
    deliverTo: value.journal?.deliverTo,
  };
  const purposes = value.purposes ?? [];
  sources.forEach((entry, index) => {
    const fault = (key: PropertyKey[], message: string) =>
      faults.push({path: pathText([...base, 'sources', index, ...key]), message});
    if (sources.findIndex((other) => other.id === entry.id) < index)
      fault(['id'], `"${entry.id}" is taken; give each source its own id.`);
    if (entry.id === own.source)
      fault(['id'], `"${entry.id}" is the gateway's own source; choose another id, or set "journal.source".`);
    entry.purposes?.forEach((purpose, at) => {
      if (!purposes.some(({id}) => id === purpose))
        fault(['purposes', at], `"${purpose}" is not one of the "purposes"; add it there, or remove it here.`);
    });
  });
  const sourceIds = [...sources.map(({id}) => id), own.source];
  return {
    sources,
    targets: targetsOf(value.targets ?? [], {...places, base, sourceIds}, faults),
    journal: own,
    purposes,
    retention: value.retention ?? {},
    contextHours: value.contextHours ?? 10,
    contextRate: value.contextRate ?? {perMinute: 300, burst: 300},
    offices: (value.offices ?? {}) as OfficesGiven,
    breakGlass: value.breakGlass && {
      minutes: value.breakGlass.minutes ?? 30,
      sensitivity: value.breakGlass.sensitivity ?? ('sensitive' as const),
      notify: value.breakGlass.notify,
      told: value.breakGlass.told,
    },
    lookupLog: {
      address: value.lookupLog?.address ?? ('kept' as const),
      callingSystem: value.lookupLog?.callingSystem,
      retentionMonths: value.lookupLog?.retentionMonths ?? 24,
      citizen: {
        staff: value.lookupLog?.citizen?.staff ?? ('unit' as const),
        withheldPurposes: value.lookupLog?.citizen?.withheldPurposes ?? [],
        withheldUnits: value.lookupLog?.citizen?.withheldUnits ?? [],
      },
    },
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

function sourceOf(
  entry: Record<string, unknown>,
  base: readonly PropertyKey[],
  tenant: GatewayConfig['tenant'],
  faults: ConfigFault[],
): SourceConfig[] {
  const own = Object.fromEntries(Object.entries(entry).filter(([key]) => gatewaySourceKeys.includes(key)));
  const options = Object.fromEntries(Object.entries(entry).filter(([key]) => !gatewaySourceKeys.includes(key)));
  const schema = z.strictObject(sourceShape);
  const parsed = schema.safeParse(own);
  if (!parsed.success) {
    faults.push(...missingNamed(faultsOf(parsed.error.issues, {base, schema}), nested(base, own)));
    for (const key of ['id', 'connector'])
      if (!(key in own))
        faults.push(
          ...Object.keys(options)
            .map((other) => unknownKey(base, other, [key]))
            .filter(isSuggestion),
        );
    return [];
  }
  const {
    name,
    resources,
    deadlineMs,
    concurrency = 8,
    queue,
    breaker,
    existence,
    access,
    purposes,
    push,
    ...rest
  } = parsed.data;
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
      concurrency,
      // With 125 ms an answer, the last of them is answered within the usual deadline.
      queue: queue ?? 32 * concurrency,
      breaker:
        breaker === false ? undefined : {failures: breaker?.failures ?? 5, pauseSeconds: breaker?.pauseSeconds ?? 5},
      ...(existence ? {existence: existence as NonNullable<SourceConfig['existence']>} : {}),
      ...(existence ? {resources: ['cases']} : resources ? {resources} : {}),
      ...(purposes ? {purposes} : {}),
      ...(push ? {push} : {}),
      access: {...(tenant.cvr === undefined ? {} : {owner: tenant.cvr}), ...access},
      options,
    },
  ];
}

/** A value where a path says. */
const nested = (path: readonly PropertyKey[], value: unknown): unknown =>
  path.reduceRight<unknown>((inner, key) => ({[key]: inner}), value);

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
  if (env.BSP_DATABASE_URL && !isDatabaseUrl(env.BSP_DATABASE_URL))
    faults.push({path: '(environment) BSP_DATABASE_URL', message: databaseUrlText});
  if (url !== undefined) {
    if (!('key' in key) && !('keyFile' in keyFile)) {
      faults.push({
        path: 'storage',
        message:
          'PostgreSQL needs a key of its own: set BSP_KEY (32 bytes in base64, e.g. from "openssl rand -base64 32"), or "keyFile".',
      });
      return undefined;
    }
    const migrate = given?.migrate ?? 'start';
    return {kind: 'postgres', url, schema: given?.schema ?? 'bsp', migrate, ...key, ...keyFile};
  }
  if (given?.migrate !== undefined)
    faults.push({path: 'storage.migrate', message: 'only PostgreSQL is migrated by hand; remove it.'});
  if (given?.memory) return {kind: 'memory', ...key};
  const folder = given?.directory === undefined ? resolve('var/bsp') : resolve(directory, given.directory);
  return {kind: 'folder', directory: folder, ...key, ...keyFile};
}
