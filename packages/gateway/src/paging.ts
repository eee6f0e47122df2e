import {ProblemError, problemOf} from '@bsp/contract';
import type {SelectQueryBuilder} from 'kysely';

/** Orders rows newest first and goes on where a cursor left off. Two rows of the same moment are told apart by id. */
export function newestFirst<Db, Table extends keyof Db, Row>(
  query: SelectQueryBuilder<Db, Table, Row>,
  cursor: string | undefined,
  size: number,
): SelectQueryBuilder<Db, Table, Row> {
  // Kysely can't know that every table that is paged has these two columns; the caller does.
  const plain = query as unknown as SelectQueryBuilder<PagedTables, 'paged', Row>;
  const after = cursor === undefined ? undefined : positionOf(cursor);
  const paged = after
    ? plain.where((eb) =>
        eb.or([eb('occurred_at', '<', after.at), eb.and([eb('occurred_at', '=', after.at), eb('id', '<', after.id)])]),
      )
    : plain;
  return paged.orderBy('occurred_at', 'desc').orderBy('id', 'desc').limit(size) as unknown as SelectQueryBuilder<
    Db,
    Table,
    Row
  >;
}

interface PagedTables {
  paged: {occurred_at: Date; id: string};
}

/** The cursor of the next page, when this one is full. */
export function pageCursor(rows: readonly {occurred_at: Date; id: string}[], size: number): {next?: string} {
  const last = rows[size - 1];
  return last ? {next: JSON.stringify([last.occurred_at.toISOString(), last.id])} : {};
}

/** Where a cursor left off. */
export function positionOf(cursor: string): {at: Date; id: string} {
  try {
    const [at, id] = JSON.parse(cursor) as [string, string];
    return {at: new Date(at), id};
  } catch {
    throw new ProblemError(problemOf('invalid-request', 'The cursor is not one of this source.'));
  }
}
