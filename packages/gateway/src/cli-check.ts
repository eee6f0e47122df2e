import {accessSync, constants, existsSync, statSync} from 'node:fs';
import {dirname} from 'node:path';
import {parseArgs} from 'node:util';
import pg from 'pg';
import {type CliStreams, configOf, logTo, plainText, UsageError, write} from './cli-streams.js';
import {type GatewayConfig, type StorageConfig, tenantsOf} from './config.js';
import {ConfigError, type ConfigFault} from './config-error.js';
import {type Connected, closeAll, connect, sharedIntakes} from './connectors.js';
import {refuseOpenAddress} from './gateway.js';
import {scrub} from './log.js';
import {isSealedBy, type OpenHead} from './lookup-log-chain.js';
import {unknownWithheld} from './lookup-log-citizen.js';
import {receiverOf} from './rooms.js';
import {requireGrants} from './storage/migrate.js';
import {migrations} from './storage/migrations.js';
import {derivedSecrets, makesItsKey, readKey, readTenantKey, type Secrets, secretsOf} from './storage/secrets.js';
import {installation, unwrappedKey, type WrappedKey} from './storage/wrapped-keys.js';

/** A look at one thing: what is well, or an error that says what is wrong and where. */
type Look = () => Promise<string> | string;

/**
 * `bsp-gateway check`: the configuration, the key, the storage and the connectors, each told on a line of its own. Changes
 * nothing: no migration, no key, no folder.
 */
export async function runCheck(argv: readonly string[], streams: CliStreams): Promise<number> {
  const {values} = parseArgs({args: [...argv], options: {config: {type: 'string'}}});
  let config: GatewayConfig;
  try {
    config = configOf(values.config, streams.env);
  } catch (thrown) {
    const text = plainText(thrown);
    if (text === undefined || thrown instanceof UsageError) throw thrown;
    await write(streams.out, `WRONG  configuration: ${text}\n`);
    return 1;
  }
  const looks: readonly (readonly [string, Look])[] = [
    ['configuration', () => lookAtConfiguration(config)],
    ['key', () => lookAtKeys(config)],
    ['storage', () => lookAtStorage(config)],
    ['connectors', () => lookAtConnectors(config, streams)],
  ];
  let wrong = 0;
  for (const [name, look] of looks)
    try {
      await write(streams.out, `ok     ${name}: ${await look()}\n`);
    } catch (thrown) {
      wrong++;
      const text = plainText(thrown) ?? scrub(thrown instanceof Error ? thrown.message : String(thrown));
      await write(streams.out, `WRONG  ${name}: ${text}\n`);
    }
  return wrong > 0 ? 1 : 0;
}

function lookAtConfiguration(config: GatewayConfig): string {
  const all = tenantsOf(config);
  const sources = all.reduce((sum, its) => sum + its.sources.length, 0);
  const odd = [...new Set(all.flatMap(unknownWithheld))].map((told) => `\n  ${told}`).join('');
  return `${config.origin}, ${config.tenants ? `${all.length} tenants, ` : ''}${sources} sources${odd}`;
}

function lookAtKeys(config: GatewayConfig): string {
  const {storage} = config;
  for (const {tenantKeyFile: file} of tenantsOf(config)) if (file !== undefined) readTenantKey(file);
  if (makesItsKey(storage)) return 'made at the first start';
  readKey(storage);
  return storage.key === undefined ? 'read from its file' : 'BSP_KEY';
}

function lookAtStorage(config: GatewayConfig): Promise<string> | string {
  const {storage} = config;
  if (storage.kind === 'memory') return 'in memory: nothing is kept';
  if (storage.kind === 'postgres') return lookAtPostgres(config, storage);
  let nearest = storage.directory;
  while (!existsSync(nearest)) nearest = dirname(nearest);
  if (!statSync(nearest).isDirectory())
    throw new Error(`${nearest} is not a directory; "storage.directory" wants one.`);
  accessSync(nearest, constants.W_OK);
  return `embedded, in ${storage.directory}`;
}

async function lookAtPostgres(
  config: GatewayConfig,
  storage: Extract<StorageConfig, {kind: 'postgres'}>,
): Promise<string> {
  const client = new pg.Client({
    connectionString: storage.url,
    options: `-c search_path=${storage.schema}`,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 10_000,
    application_name: 'bsp-gateway check',
  });
  try {
    await client.connect();
    const {rows} = await client.query<{version: string; migrated: boolean; create: boolean}>(
      `select current_setting('server_version') as version,
        to_regclass($1) is not null as migrated,
        has_database_privilege(current_database(), 'create') as create`,
      [`${storage.schema}.kysely_migration`],
    );
    const {version, migrated, create} = rows[0]!;
    const byCommand = storage.migrate === 'command';
    const when = byCommand ? 'by "bsp-gateway migrate"' : 'at the next start';
    if (!migrated) {
      if (!create && !byCommand) throw new Error(`the user may not create the schema "${storage.schema}"`);
      return `PostgreSQL ${version}; all tables are to be made ${when}`;
    }
    const done = (await client.query<{name: string}>('select name from kysely_migration')).rows.map(({name}) => name);
    const unknown = done.filter((name) => !(name in migrations));
    if (unknown.length > 0 && !byCommand)
      throw new Error(`the database was made by a newer version, which applied ${unknown.join(', ')}`);
    const due = Object.keys(migrations).filter((name) => !done.includes(name));
    if (due.length === 0)
      await requireGrants((text, values) => client.query<{name: string}>(text, values), storage.schema);
    await lookAtWrittenKeys(client, config, due);
    return `PostgreSQL ${version}${await waitingIn(client, due)}; ${due.length === 0 ? 'up to date' : `to be applied ${when}: ${due.join(', ')}`}`;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What waits: for somebody to look at it, or for a receiver. */
async function waitingIn(client: pg.Client, due: readonly string[]): Promise<string> {
  if (due.includes('0009-outbox')) return '';
  const {rows} = await client.query<{aside: number; queued: number; since: Date | null}>(
    `select (select count(*)::int from message_aside) as aside, count(*)::int as queued, min(state_at) as since
      from note_delivery where state = 'queued'`,
  );
  const {aside, queued, since} = rows[0]!;
  return [
    aside === 0 ? '' : `, ${aside} messages set aside (see "bsp-gateway events set-aside")`,
    queued === 0 ? '' : `, ${queued} notes not delivered yet, the first since ${since?.toISOString()}`,
  ].join('');
}

/** The keys must open what is in the database: the installation's, and where there are several each tenant's. */
async function lookAtWrittenKeys(client: pg.Client, config: GatewayConfig, due: readonly string[]): Promise<void> {
  if (due.includes('0002-lookup-log')) return;
  const {rows: heads} = await client.query<OpenHead & {seal: string}>('select * from lookup_head');
  const wrapped = due.includes('0010-wrapped-key')
    ? []
    : (await client.query<WrappedKey>('select owner, wrapped_by, wrapped from wrapped_key')).rows;
  const wrong = (whose: string) => new Error(`${whose} is not one that opens what is in this database`);
  /** Before there were keys in the database, it was written with the configured one. */
  const openedBy = (owner: string, key: Uint8Array): Secrets | undefined => {
    const dataKey = wrapped.some((one) => one.owner === owner) ? unwrappedKey(wrapped, owner, key) : key;
    return dataKey && secretsOf(dataKey);
  };
  const fits = (secrets: Secrets | undefined, its: typeof heads) =>
    secrets !== undefined && (its.length === 0 || its.some((head) => isSealedBy(secrets, head)));
  const shared = openedBy(installation, readKey(config.storage));
  if (!shared || (!config.tenants && !fits(shared, heads))) throw wrong('the key');
  for (const {tenant, tenantKeyFile: file} of config.tenants ?? []) {
    const secrets = file === undefined ? derivedSecrets(shared, tenant.id) : openedBy(tenant.id, readTenantKey(file));
    const its = heads.filter((head) => head.tenant === tenant.id);
    if (!fits(secrets, its)) throw wrong(`the key of the tenant "${tenant.id}"`);
  }
}

/** Every tenant's connectors are made, whatever is wrong with another's, and held against what a start holds them against. */
async function lookAtConnectors(config: GatewayConfig, {err, env}: CliStreams): Promise<string> {
  const told: string[] = [];
  const faults: ConfigFault[] = [];
  const made: {config: GatewayConfig; connected: Connected[]}[] = [];
  for (const [index, its] of tenantsOf(config).entries())
    try {
      const connected = await connect(its, logTo(err));
      await closeAll(connected);
      made.push({config: its, connected});
      await receiverOf(its, connected);
      const names = connected.map(({config: source}) => `${source.id} (${source.connector})`).join(', ') || 'none';
      told.push(config.tenants ? `${its.tenant.id}: ${names}` : names);
    } catch (thrown) {
      if (!(thrown instanceof ConfigError)) throw thrown;
      const place = config.tenants ? `tenants[${index}].` : '';
      faults.push(...thrown.faults.map(({path, message}) => ({path: place + path, message})));
    }
  faults.push(...sharedIntakes(config, made));
  if (faults.length > 0) throw new ConfigError(config.origin, faults);
  if (env.BSP_HOST) refuseOpenAddress(config, made, env.BSP_HOST);
  return told.join('; ');
}
