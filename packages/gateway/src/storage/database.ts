import {join} from 'node:path';
import {PGlite} from '@electric-sql/pglite';
import {
  type Kysely as Database,
  Kysely,
  Migrator,
  PostgresDialect,
  type PostgresPool,
  sql,
  type Transaction,
} from 'kysely';
import pg from 'pg';
import type {StorageConfig} from '../config.js';
import type {Log} from '../log.js';
import {lockFolder} from './folder-lock.js';
import {migrations} from './migrations.js';
import {pglitePool} from './pglite-pool.js';
import type {Tables} from './schema.js';
import {readMasterKey, type Secrets, secretsOf} from './secrets.js';

/** Whether a moment can be kept and told again: PostgreSQL has no year 0, and RFC 3339 none of five digits. */
export const canKeep = (moment: Date): boolean =>
  !Number.isNaN(moment.getTime()) && /^(?!0000)\d{4}-/.test(moment.toISOString());

/** A transaction on the gateway's tables. */
export type Tx = Transaction<Tables>;

/** What the gateway owns, and how its processes wake each other. */
export interface Storage {
  readonly database: Database<Tables>;
  readonly secrets: Secrets;
  /** Calls the listener with a tenant whose notices have grown; with undefined when any may have. */
  onWake(listener: (tenant: string | undefined) => void): void;
  /** Wakes all processes when the transaction commits. */
  wake(transaction: Tx, tenant: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the database, applies migrations and starts to listen for wakes.
 *
 * @param shared - an embedded database that somebody else started and ends.
 */
export function openStorage(config: StorageConfig, log: Log, shared?: Embedded): Promise<Storage> {
  return config.kind === 'postgres' ? openPostgres(config, log) : openEmbedded(config, shared);
}

/** An embedded database with the one line of users to its one connection. */
export interface Embedded {
  readonly lite: PGlite;
  readonly pool: PostgresPool;
}

/** Starts PGlite on a folder, or in memory. */
export async function startEmbedded(folder?: string): Promise<Embedded> {
  const lite = await PGlite.create(folder ?? 'memory://');
  return {lite, pool: pglitePool(lite)};
}

async function openEmbedded(
  config: Exclude<StorageConfig, {kind: 'postgres'}>,
  shared: Embedded | undefined,
): Promise<Storage> {
  const unlock = config.kind === 'folder' ? lockFolder(config.directory) : undefined;
  let own: Embedded | undefined;
  try {
    const secrets = secretsOf(readMasterKey(config));
    if (!shared) own = await startEmbedded(config.kind === 'folder' ? join(config.directory, 'database') : undefined);
    const {lite, pool} = shared ?? own!;
    const database = await prepared(pool, 'bsp');
    const listeners = wakeListeners();
    const unlisten = await lite.listen(channelOf('bsp'), listeners.call);
    return {
      database,
      secrets,
      onWake: listeners.add,
      wake: notifier('bsp'),
      async close() {
        await unlisten();
        await own?.lite.close();
        unlock?.();
      },
    };
  } catch (thrown) {
    await own?.lite.close().catch(() => undefined);
    unlock?.();
    throw thrown;
  }
}

async function openPostgres(config: Extract<StorageConfig, {kind: 'postgres'}>, log: Log): Promise<Storage> {
  const secrets = secretsOf(readMasterKey(config));
  const connection = {
    connectionString: config.url,
    options: `-c search_path=${config.schema}`,
    connectionTimeoutMillis: 5_000,
    application_name: 'bsp-gateway',
  };
  const pool = new pg.Pool({...connection, max: 10, statement_timeout: 30_000});
  pool.on('error', (error) => log.warn({code: (error as {code?: string}).code}, 'an idle database connection broke'));
  const listeners = wakeListeners();
  try {
    const database = await prepared(pool, config.schema);
    const line = await listenLine(connection, channelOf(config.schema), listeners.call, log);
    return {
      database,
      secrets,
      onWake: listeners.add,
      wake: notifier(config.schema),
      async close() {
        await line.close();
        await database.destroy();
      },
    };
  } catch (thrown) {
    await pool.end().catch(() => undefined);
    throw thrown;
  }
}

async function prepared(pool: PostgresPool, schema: string): Promise<Kysely<Tables>> {
  const database = new Kysely<Tables>({dialect: new PostgresDialect({pool})});
  // On PostgreSQL the connection options say the same; the embedded database has one connection, which keeps it.
  await sql`set search_path to ${sql.id(schema)}`.execute(database);
  const migrator = new Migrator({
    db: database,
    provider: {getMigrations: () => Promise.resolve({...migrations})},
    migrationTableSchema: schema,
  });
  const {error} = await migrator.migrateToLatest();
  if (error) throw error instanceof Error ? error : new Error('The migration failed.');
  return database;
}

const channelOf = (schema: string): string => `bsp_wake_${schema}`;

const notifier =
  (schema: string) =>
  async (transaction: Tx, tenant: string): Promise<void> => {
    await sql`select pg_notify(${channelOf(schema)}, ${tenant})`.execute(transaction);
  };

function wakeListeners() {
  const listeners: ((tenant: string | undefined) => void)[] = [];
  return {
    add: (listener: (tenant: string | undefined) => void) => void listeners.push(listener),
    call: (tenant: string | undefined) => {
      for (const listener of listeners) listener(tenant);
    },
  };
}

/** A connection of its own that hears wakes; when it breaks it is made again, and everybody looks what was missed. */
async function listenLine(
  connection: pg.ClientConfig,
  channel: string,
  heard: (tenant: string | undefined) => void,
  log: Log,
): Promise<{close(): Promise<void>}> {
  let closed = false;
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  const connect = async () => {
    const next = new pg.Client({...connection, keepAlive: true});
    const lost = () => {
      if (client !== next || closed) return;
      client = undefined;
      log.warn('the line for wakes between processes broke; connecting again');
      again();
    };
    next.on('error', lost);
    next.on('end', lost);
    next.on('notification', (message) => heard(message.payload));
    try {
      await next.connect();
      await next.query(`listen "${channel}"`);
    } catch (thrown) {
      await next.end().catch(() => undefined);
      throw thrown;
    }
    client = next;
  };
  const again = () => {
    retry = setTimeout(() => {
      connect().then(
        () => heard(undefined),
        () => closed || again(),
      );
    }, 1_000);
  };
  await connect();
  return {
    async close() {
      closed = true;
      clearTimeout(retry);
      await client?.end().catch(() => undefined);
    },
  };
}
