import {type DatabaseIntrospector, type Kysely, PostgresDialect, type PostgresPool, sql} from 'kysely';

/**
 * PostgreSQL as Kysely's migrations see it: only the gateway's own schema. Kysely's own look describes every column of every
 * schema, and fails where somebody drops one of theirs meanwhile.
 */
export class OneSchemaDialect extends PostgresDialect {
  readonly #schema: string;

  constructor(pool: PostgresPool, schema: string) {
    super({pool});
    this.#schema = schema;
  }

  override createIntrospector(database: Kysely<unknown>): DatabaseIntrospector {
    const schema = this.#schema;
    const getTables = async () => {
      const {rows} = await sql<{name: string}>`
        select c.relname as name from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where n.nspname = ${schema} and c.relkind = 'r'`.execute(database);
      return rows.map(({name}) => ({name, schema, isView: false, columns: []}));
    };
    return {
      getTables,
      getMetadata: async () => ({tables: await getTables()}),
      async getSchemas() {
        const {rows} = await sql<{name: string}>`
          select nspname as name from pg_catalog.pg_namespace where nspname = ${schema}`.execute(database);
        return rows;
      },
    };
  }
}
