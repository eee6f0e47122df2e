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
