import {Socket} from 'node:net';
import {join} from 'node:path';
import {type Kysely as Database, Kysely, type PostgresPool, type RawBuilder, sql, type Transaction} from 'kysely';
import pg from 'pg';
import type {NatsConfig, StorageConfig} from '../config.js';
import type {Log} from '../log.js';
import {untilAborted} from '../until-aborted.js';
import {type Embedded, startEmbedded} from './embedded.js';
import {lockFolder} from './folder-lock.js';
import {applyMigrations, requireMigrations} from './migrate.js';
import {type NatsWakes, natsWakes} from './nats-wakes.js';
import {OneSchemaDialect} from './one-schema.js';
import {answeringSocket, listenLine} from './postgres-lines.js';
import type {Tables} from './schema.js';
import {readKey, type Secrets, secretsOf} from './secrets.js';
import {installation, openDataKey} from './wrapped-keys.js';

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
  /** A transaction in which {@link Storage.wake} may be called. */
  transact<T>(work: (transaction: Tx) => Promise<T>): Promise<T>;
  /** Wakes all processes when the transaction commits. */
  wake(transaction: Tx, tenant: string): Promise<void>;
  /**
   * Runs one statement that commits by itself. Where what it is given is evaluated in it, all processes are woken when it has:
   * for work that need not be a transaction of several.
   *
   * @param woken - whether it was, as its result tells.
   */
  waking<T>(
    tenant: string,
    statement: (wake: RawBuilder<unknown>) => Promise<T>,
    woken: (result: T) => boolean,
  ): Promise<T>;
  /**
   * Makes the room of rows that were deleted or changed free for others, and counts what there is for the planner. PostgreSQL does
   * so by itself; the embedded database has nobody who would, and its folder would grow for ever.
   */
  reclaim(): Promise<void>;
  close(): Promise<void>;
}

/** What the storage gets besides its configuration. */
interface StorageParts {
  /** An embedded database that somebody else started and ends. */
  readonly shared?: Embedded | undefined;
  /** Where wakes go instead of over LISTEN and NOTIFY; PostgreSQL only. */
  readonly nats?: NatsConfig | undefined;
  /** Looks at what goes over the connections. */
  readonly watched?: (pool: PostgresPool) => PostgresPool;
}

/**
 * Opens the database, applies migrations, or looks whether somebody has, and starts to listen for wakes.
 *
 * @throws MigrationError - when the tables are not those that this version needs.
 * @throws ConfigError - when the key is not one that opens what is in the database.
 */
export function openStorage(config: StorageConfig, log: Log, parts: StorageParts = {}): Promise<Storage> {
  return config.kind === 'postgres' ? openPostgres(config, log, parts) : openEmbedded(config, parts);
}

async function openEmbedded(
  config: Exclude<StorageConfig, {kind: 'postgres'}>,
  {shared, watched = unwatched}: StorageParts,
): Promise<Storage> {
  const unlock = config.kind === 'folder' ? lockFolder(config.directory) : undefined;
  let own: Embedded | undefined;
  try {
    const key = readKey(config);
    if (!shared) own = await startEmbedded(config.kind === 'folder' ? join(config.directory, 'database') : undefined);
    const {lite, pool} = shared ?? own!;
    const database = await databaseOn(watched(pool), 'bsp');
    await applyMigrations(database as Database<never>, 'bsp');
    // What lies in memory ends with its process, and so does its key.
    const secrets = secretsOf(config.kind === 'memory' ? key : await openDataKey(database, installation, key));
    const listeners = wakeListeners();
    const unlisten = await lite.listen(channelOf('bsp'), listeners.call);
    return {
      database,
      secrets,
      onWake: listeners.add,
      transact: (work) => database.transaction().execute(work),
      ...notifier('bsp'),
      async reclaim() {
        await sql`vacuum (analyze)`.execute(database);
      },
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

const statementMs = 30_000;
/** How long the database has to say goodbye: one that hangs must not keep a process that ends. */
const farewellMs = 2_000;

async function openPostgres(
  config: Extract<StorageConfig, {kind: 'postgres'}>,
  log: Log,
  {nats, watched = unwatched}: StorageParts,
): Promise<Storage> {
  const key = readKey(config);
  const sockets = new Set<Socket>();
  const kept = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.once('close', () => sockets.delete(socket));
  };
  const connection = {
    connectionString: config.url,
    options: `-c search_path=${config.schema}`,
    connectionTimeoutMillis: 5_000,
    application_name: 'bsp-gateway',
    stream: () => kept(new Socket()),
  };
  const pool = new pg.Pool({
    ...connection,
    max: 10,
    statement_timeout: statementMs,
    stream: () => kept(answeringSocket(statementMs + 10_000)),
  });
  pool.on('error', (error) => log.warn({code: (error as {code?: string}).code}, 'an idle database connection broke'));
  // One that breaks while it is in use fails its query; without a listener it would end the process, too.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const listeners = wakeListeners();
  /** Closes what there is, and lets go of whatever the database keeps open. */
  const closing = async (work: readonly Promise<void>[]) => {
    await untilAborted(Promise.all(work), AbortSignal.timeout(farewellMs)).catch(() => undefined);
    for (const socket of sockets) socket.destroy();
  };
  try {
    const database = await databaseOn(watched(pool), config.schema);
    if (config.migrate === 'start') await applyMigrations(database as Database<never>, config.schema);
    else await requireMigrations(database as Database<never>, config.schema, log);
    const secrets = secretsOf(await openDataKey(database, installation, key));
    const transact: Storage['transact'] = (work) => database.transaction().execute(work);
    if (nats !== undefined) {
      const wakes = await natsWakes(nats, channelOf(config.schema), listeners.call, log);
      return {
        database,
        secrets,
        onWake: listeners.add,
        ...toldAfterCommit(transact, wakes),
        reclaim: leftToPostgres,
        async close() {
          await wakes.close();
          await closing([database.destroy()]);
        },
      };
    }
    const line = await listenLine(connection, channelOf(config.schema), listeners.call, log);
    return {
      database,
      secrets,
      onWake: listeners.add,
      transact,
      ...notifier(config.schema),
      reclaim: leftToPostgres,
      close: () => closing([line.close(), database.destroy()]),
    };
  } catch (thrown) {
    await pool.end().catch(() => undefined);
    throw thrown;
  }
}

async function databaseOn(pool: PostgresPool, schema: string): Promise<Kysely<Tables>> {
  const database = new Kysely<Tables>({dialect: new OneSchemaDialect(pool, schema)});
  // On PostgreSQL the connection options say the same; the embedded database has one connection, which keeps it.
  await sql`set search_path to ${sql.id(schema)}`.execute(database);
  return database;
}

const leftToPostgres = (): Promise<void> => Promise.resolve();

const unwatched = (pool: PostgresPool): PostgresPool => pool;

const channelOf = (schema: string): string => `bsp_wake_${schema}`;

function notifier(schema: string): Pick<Storage, 'wake' | 'waking'> {
  const wake = (tenant: string) => sql`pg_notify(${channelOf(schema)}, ${tenant})`;
  return {
    async wake(transaction, tenant) {
      await sql`select ${wake(tenant)}`.execute(transaction);
    },
    waking: (tenant, statement) => statement(wake(tenant)),
  };
}

/** NATS knows no transactions: what a transaction is to wake is told when it has committed. */
function toldAfterCommit(
  transact: Storage['transact'],
  wakes: NatsWakes,
): Pick<Storage, 'transact' | 'wake' | 'waking'> {
  const told = new WeakMap<Tx, Set<string>>();
  return {
    async transact(work) {
      const tenants = new Set<string>();
      const result = await transact((tx) => {
        told.set(tx, tenants);
        return work(tx);
      });
      for (const tenant of tenants) wakes.tell(tenant);
      return result;
    },
    wake(tx, tenant) {
      const tenants = told.get(tx);
      if (!tenants) throw new Error('Only a transaction of the storage can wake.');
      tenants.add(tenant);
      return Promise.resolve();
    },
    async waking(tenant, statement, woken) {
      const result = await statement(sql`null`);
      if (woken(result)) wakes.tell(tenant);
      return result;
    },
  };
}

function wakeListeners() {
  const listeners: ((tenant: string | undefined) => void)[] = [];
  return {
    add: (listener: (tenant: string | undefined) => void) => void listeners.push(listener),
    call: (tenant: string | undefined) => {
      for (const listener of listeners) listener(tenant);
    },
  };
}
