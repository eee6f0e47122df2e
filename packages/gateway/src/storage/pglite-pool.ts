import type {PGlite} from '@electric-sql/pglite';
import type {PostgresPool, PostgresPoolClient, PostgresQueryResult} from 'kysely';

/**
 * Lets Kysely's PostgreSQL dialect run on PGlite: one connection, handed to one user at a time.
 *
 * Nothing inside a transaction may ask for a second connection: it would wait for itself.
 */
export function pglitePool(lite: PGlite): PostgresPool {
  let tail: Promise<void> = Promise.resolve();
  return {
    async connect() {
      const before = tail;
      let release: () => void = () => {};
      tail = new Promise((resolve) => {
        release = resolve;
      });
      await before;
      const query = async <R>(sql: unknown, parameters?: readonly unknown[]): Promise<PostgresQueryResult<R>> => {
        if (typeof sql !== 'string') throw new Error('PGlite has no cursors.');
        const result = await lite.query<R>(sql, parameters ? [...parameters] : undefined);
        const command = /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase() as PostgresQueryResult<R>['command'];
        return {command, rowCount: result.affectedRows ?? result.rows.length, rows: result.rows};
      };
      return {query, release} as PostgresPoolClient;
    },
    end: () => lite.close(),
  };
}
