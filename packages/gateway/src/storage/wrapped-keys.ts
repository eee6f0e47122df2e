import {randomBytes} from 'node:crypto';
import {type Kysely as Database, sql, type Transaction} from 'kysely';
import {ConfigError} from '../config-error.js';
import type {Tables} from './schema.js';
import {secretsOf} from './secrets.js';

/**
 * The data's own key never changes and never leaves the database: it lies there wrapped in the key that the configuration names,
 * or in several while one takes the place of another. So that one can be changed without anything being written again.
 */
export interface WrappedKey {
  readonly owner: string;
  readonly wrapped_by: string;
  readonly wrapped: string;
}

/** The owner of all data but those of tenants whose key has a file of its own: these are owned by the tenant's id. */
export const installation = '';

const boundTo = (owner: string): readonly string[] => ['wrapped key', owner];

/** By what a key that wraps is known; it tells nothing of the key. */
export const keyIdOf = (owner: string, key: Uint8Array): string => secretsOf(key).fingerprint('wrapping key', [owner]);

/** The data's key, or undefined where this key is none that it is wrapped in. */
export function unwrappedKey(rows: readonly WrappedKey[], owner: string, key: Uint8Array): Uint8Array | undefined {
  const id = keyIdOf(owner, key);
  const row = rows.find((one) => one.owner === owner && one.wrapped_by === id);
  return row && Buffer.from(secretsOf(key).open(boundTo(owner), row.wrapped), 'base64');
}

const wrappedKey = (owner: string, key: Uint8Array, dataKey: Uint8Array): WrappedKey => ({
  owner,
  wrapped_by: keyIdOf(owner, key),
  wrapped: secretsOf(key).seal(boundTo(owner), Buffer.from(dataKey).toString('base64')),
});

const rowsOf = (database: Database<Tables>, owner: string) =>
  database
    .selectFrom('wrapped_key')
    .selectAll()
    .where('owner', '=', owner)
    .orderBy('at')
    .orderBy('wrapped_by')
    .execute();

/** Nobody adds or drops a key before the transaction ends. */
async function lockedRowsOf(tx: Transaction<Tables>, owner: string): Promise<readonly WrappedKey[]> {
  await sql`lock table wrapped_key in share row exclusive mode`.execute(tx);
  return rowsOf(tx, owner);
}

/**
 * Opens the key with which an owner's data are written. Makes one where nothing is written yet; data from before there were such
 * keys were written with the configured key itself.
 *
 * @throws ConfigError - when the configured key is none that it can be opened with: nothing that is kept could be read.
 */
export async function openDataKey(database: Database<Tables>, owner: string, key: Uint8Array): Promise<Uint8Array> {
  const rows = await rowsOf(database, owner);
  return rows.length > 0 ? opened(rows, owner, key) : makeDataKey(database, owner, key);
}

function opened(rows: readonly WrappedKey[], owner: string, key: Uint8Array): Uint8Array {
  const dataKey = unwrappedKey(rows, owner, key);
  if (!dataKey)
    throw new ConfigError('The key', [
      {
        path: owner === installation ? 'BSP_KEY or storage.keyFile' : 'keyFile',
        message: `the key ${keyIdOf(owner, key)} opens nothing${owner === installation ? '' : ` of the tenant "${owner}"`} in this database; ${rows.map(({wrapped_by: id}) => id).join(' or ')} would.`,
      },
    ]);
  return dataKey;
}

/** Processes that start at the same time make one between them. */
function makeDataKey(database: Database<Tables>, owner: string, key: Uint8Array): Promise<Uint8Array> {
  return database.transaction().execute(async (tx) => {
    const rows = await lockedRowsOf(tx, owner);
    if (rows.length > 0) return opened(rows, owner, key);
    const dataKey = (await isWritten(tx, owner)) ? key : randomBytes(32);
    await tx
      .insertInto('wrapped_key')
      .values(wrappedKey(owner, key, dataKey))
      .execute();
    return dataKey;
  });
}

/** Tables of which no gateway that has done anything leaves all empty. */
const telling = ['lookup_head', 'lookup_watch', 'context', 'event', 'message_aside', 'handle', 'record_alias'] as const;

async function isWritten(tx: Transaction<Tables>, owner: string): Promise<boolean> {
  for (const table of telling) {
    const rows = tx.selectFrom(table).select('tenant').limit(1);
    if (await (owner === installation ? rows : rows.where('tenant', '=', owner)).executeTakeFirst()) return true;
  }
  return false;
}

/** A key that opens an owner's data. */
export interface OpeningKey {
  readonly id: string;
  readonly since: Date;
  /** It is the one that was given. */
  readonly isThis: boolean;
}

/** The keys that open an owner's data, the oldest first. */
export async function openingKeys(
  database: Database<Tables>,
  owner: string,
  key: Uint8Array,
): Promise<readonly OpeningKey[]> {
  const own = keyIdOf(owner, key);
  return (await rowsOf(database, owner)).map(({wrapped_by: id, at}) => ({id, since: at, isThis: id === own}));
}

/** Lets another key open the data, too. Gives its id. */
export async function addKey(
  database: Database<Tables>,
  owner: string,
  {key, added}: {readonly key: Uint8Array; readonly added: Uint8Array},
): Promise<string> {
  const row = wrappedKey(owner, added, await openDataKey(database, owner, key));
  await database
    .insertInto('wrapped_key')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return row.wrapped_by;
}

/**
 * Lets no key but this one open the data any more. Gives the ids of those that did.
 *
 * @throws ConfigError - when this key opens nothing: also when somebody has dropped it at the same moment, since without the last
 * one everything would be lost.
 */
export function dropOtherKeys(database: Database<Tables>, owner: string, key: Uint8Array): Promise<readonly string[]> {
  return database.transaction().execute(async (tx) => {
    opened(await lockedRowsOf(tx, owner), owner, key);
    const dropped = await tx
      .deleteFrom('wrapped_key')
      .where('owner', '=', owner)
      .where('wrapped_by', '!=', keyIdOf(owner, key))
      .returning('wrapped_by')
      .execute();
    return dropped.map(({wrapped_by: id}) => id);
  });
}
