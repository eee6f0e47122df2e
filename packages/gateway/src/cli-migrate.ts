import {parseArgs} from 'node:util';
import {Kysely, PostgresDialect} from 'kysely';
import pg from 'pg';
import {type CliStreams, CommandError, configOf, write} from './cli-streams.js';
import {applyMigrations} from './storage/migrate.js';

/** `bsp-gateway migrate`: makes and changes the tables, as a user who may, before the processes that only use them start. */
export async function runMigrate(argv: readonly string[], {out, env}: CliStreams): Promise<number> {
  const {values} = parseArgs({args: [...argv], options: {config: {type: 'string'}}});
  const {storage} = configOf(values.config, env);
  if (storage.kind !== 'postgres')
    throw new CommandError('Only PostgreSQL is migrated by a command; the embedded database is when it starts.');
  const database = new Kysely<never>({
    dialect: new PostgresDialect({
      pool: new pg.Pool({
        connectionString: storage.url,
        options: `-c search_path=${storage.schema}`,
        connectionTimeoutMillis: 5_000,
        application_name: 'bsp-gateway migrate',
        max: 1,
      }),
    }),
  });
  try {
    const applied = await applyMigrations(database, storage.schema);
    await write(out, applied.length === 0 ? 'Nothing was due.\n' : `Applied ${applied.join(', ')}.\n`);
    return 0;
  } finally {
    await database.destroy();
  }
}
