import {accessSync, constants, existsSync} from 'node:fs';
import {dirname} from 'node:path';
import {parseArgs} from 'node:util';
import pg from 'pg';
import {type CliStreams, configOf, logTo, plainText, write} from './cli-streams.js';
import type {GatewayConfig, StorageConfig} from './config.js';
import {closeAll, connect} from './connectors.js';
import {scrub} from './log.js';
import {type OpenHead, openSeal, withNumericPlaces} from './lookup-log-chain.js';
import {migrations} from './storage/migrations.js';
import {readMasterKey, secretsOf} from './storage/secrets.js';

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
    if (text === undefined || values.config === undefined) throw thrown;
    await write(streams.out, `WRONG  configuration: ${text}\n`);
    return 1;
  }
  const looks: readonly (readonly [string, Look])[] = [
    ['configuration', () => `${config.origin}, ${config.sources.length} sources`],
    ['key', () => lookAtKey(config.storage)],
    ['storage', () => lookAtStorage(config.storage)],
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

/** Whether the embedded database will make itself a key when it starts. */
const makesItsKey = (storage: StorageConfig): boolean =>
  storage.kind === 'memory' ||
  (storage.kind === 'folder' &&
    storage.key === undefined &&
    storage.keyFile === undefined &&
    !existsSync(keyFile(storage)));
const keyFile = ({directory}: {directory: string}) => `${directory}/key`;

function lookAtKey(storage: StorageConfig): string {
  if (makesItsKey(storage)) return storage.key === undefined ? 'made at the first start' : 'BSP_KEY';
  readMasterKey(storage);
  return storage.key === undefined ? 'read from its file' : 'BSP_KEY';
}

function lookAtStorage(storage: StorageConfig): Promise<string> | string {
  if (storage.kind === 'memory') return 'in memory: nothing is kept';
  if (storage.kind === 'postgres') return lookAtPostgres(storage);
  let nearest = storage.directory;
  while (!existsSync(nearest)) nearest = dirname(nearest);
  accessSync(nearest, constants.W_OK);
  return `embedded, in ${storage.directory}`;
}

async function lookAtPostgres(storage: Extract<StorageConfig, {kind: 'postgres'}>): Promise<string> {
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
    if (!migrated) {
      if (!create) throw new Error(`the user may not create the schema "${storage.schema}"`);
      return `PostgreSQL ${version}; all tables will be made at the first start`;
    }
    const done = (await client.query<{name: string}>('select name from kysely_migration')).rows.map(({name}) => name);
    const unknown = done.filter((name) => !(name in migrations));
    if (unknown.length > 0)
      throw new Error(`the database was made by a newer version, which applied ${unknown.join(', ')}`);
    const due = Object.keys(migrations).filter((name) => !done.includes(name));
    await lookAtWrittenKey(client, storage, due);
    return `PostgreSQL ${version}; ${due.length === 0 ? 'up to date' : `to be applied at the next start: ${due.join(', ')}`}`;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The key must be the one with which the log was sealed. */
async function lookAtWrittenKey(
  client: pg.Client,
  storage: Extract<StorageConfig, {kind: 'postgres'}>,
  due: readonly string[],
): Promise<void> {
  if (due.includes('0002-lookup-log')) return;
  const {rows} = await client.query<OpenHead & {seal: string}>('select * from lookup_head');
  if (rows.length === 0) return;
  const secrets = secretsOf(readMasterKey(storage));
  const isOurs = rows.some(({seal, ...head}) => openSeal(secrets, withNumericPlaces(head)) === seal);
  if (!isOurs)
    throw new Error('the key is not the one with which this database was written (no head of the log fits it)');
}

async function lookAtConnectors(config: GatewayConfig, {err}: CliStreams): Promise<string> {
  const connected = await connect(config, logTo(err));
  await closeAll(connected);
  return connected.map(({config: source}) => `${source.id} (${source.connector})`).join(', ') || 'none';
}
