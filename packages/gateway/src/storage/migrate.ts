import {type Kysely, Migrator, sql} from 'kysely';
import type {Log} from '../log.js';
import {migrations} from './migrations.js';

/** The tables are not those that this version needs; the message says what to do. */
export class MigrationError extends Error {}

/** Which migrations this version lacks in the database, and which it does not know. */
async function standingOf(database: Kysely<never>, schema: string): Promise<{due: string[]; newer: string[]}> {
  const there = await sql<{there: boolean}>`
    select to_regclass(${`${schema}.kysely_migration`}) is not null as there`.execute(database);
  const {rows} = there.rows[0]?.there
    ? await sql<{name: string}>`select name from ${sql.id(schema, 'kysely_migration')} order by name`.execute(database)
    : {rows: []};
  const applied = rows.map(({name}) => name);
  return {
    due: Object.keys(migrations).filter((name) => !applied.includes(name)),
    newer: applied.filter((name) => !(name in migrations)),
  };
}

/**
 * Applies what is due; gives its names. Processes that do so at the same time wait for each other.
 *
 * @throws MigrationError - when a newer version has changed the database: it is left as it is.
 */
export async function applyMigrations(database: Kysely<never>, schema: string): Promise<string[]> {
  const {newer} = await standingOf(database, schema);
  if (newer.length > 0)
    throw new MigrationError(
      `A newer version changed the database (${newer.join(', ')}). Run that version; or, to go back to this one on its tables, set "storage.migrate": "command".`,
    );
  const migrator = new Migrator({
    db: database,
    provider: {getMigrations: () => Promise.resolve({...migrations})},
    migrationTableSchema: schema,
  });
  const {error, results} = await migrator.migrateToLatest();
  if (error) throw error instanceof Error ? error : new Error('The migration failed.');
  return results?.map(({migrationName}) => migrationName) ?? [];
}

/**
 * Looks whether somebody else has applied what is due. Tables of a newer version serve: a migration that is released adds,
 * and takes nothing away that the version before uses.
 *
 * @throws MigrationError - when something is due.
 */
export async function requireMigrations(database: Kysely<never>, schema: string, log: Log): Promise<void> {
  const {due, newer} = await standingOf(database, schema);
  if (due.length > 0)
    throw new MigrationError(
      `The database lacks ${due.join(', ')}: run "bsp-gateway migrate" first, as a user who may change its tables.`,
    );
  if (newer.length > 0) log.warn({newer}, 'a newer version changed the database; this one runs on its tables');
}

/** The tables of a schema ($1) with which a role can not do all that the processes do. Of the lookup log no row is changed. */
const ungranted = `
  select c.relname as name from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and c.relkind = 'r' and c.relname not like 'kysely%' and not (
    has_table_privilege(c.oid, 'select') and has_table_privilege(c.oid, 'insert') and
    (c.relname = 'lookup_log' or (has_table_privilege(c.oid, 'update') and has_table_privilege(c.oid, 'delete'))))
  order by 1`;

/**
 * Looks whether a role may use the tables as the processes do: whoever makes them has to grant each new one. Those of a newer
 * version are not needed.
 *
 * @param query - asks over that role's connection.
 * @throws MigrationError - when it may not.
 */
export async function requireGrants(
  query: (text: string, values: unknown[]) => Promise<{readonly rows: readonly {readonly name: string}[]}>,
  schema: string,
): Promise<void> {
  const {rows: applied} = await query('select name from kysely_migration', []);
  if (applied.some(({name}) => !(name in migrations))) return;
  const {rows} = await query(ungranted, [schema]);
  if (rows.length === 0) return;
  const tables = rows.map(({name}) => `${schema}.${name}`).join(', ');
  throw new MigrationError(
    `This role may not use ${tables}: grant select, insert, update and delete, as their owner, after each "bsp-gateway migrate".`,
  );
}
