import {randomUUID} from 'node:crypto';
import {ProblemError, problemOf} from '@bsp/contract';
import type {Context} from './contexts.js';
import {errorDetails, type Log} from './log.js';
import type {Storage} from './storage/database.js';
import type {Secrets} from './storage/secrets.js';

/** What is going to be looked up. */
export interface Lookup {
  readonly what: 'read' | 'reveal' | 'content';
  /** Which sources are asked, by resource. */
  readonly resources: Readonly<Record<string, readonly string[]>>;
  /** For a reveal: which field. */
  readonly field?: string;
  /** Who asks from where: a network address. */
  readonly from: string;
}

/** What one source answered to one resource. */
export interface LookupOutcome {
  readonly resource: string;
  readonly source: string;
  readonly status: string;
  readonly count: number;
  readonly invalid: number;
  readonly kle: readonly string[];
  readonly sensitivities: readonly string[];
}

/** A lookup whose row has been committed. */
export interface OpenLookup {
  /** Writes the outcome. Never throws: a missing outcome counts as full disclosure. */
  close(outcomes: readonly LookupOutcome[], complete: boolean): Promise<void>;
}

/** Writes what was looked up, before it is. */
export interface LookupLog {
  /**
   * Commits a `lookup` row: "all this may have been seen".
   * @throws ProblemError `unavailable` when it can't be written: no log, no data.
   */
  open(context: Context, lookup: Lookup): Promise<OpenLookup>;
}

/** What a row says; its hash covers all of it and the row before. */
export interface LogRow {
  readonly tenant: string;
  readonly month: string;
  readonly sequence: number;
  readonly kind: string;
  readonly lookup_id: string;
  readonly at: string;
  readonly user_id: string;
  readonly context_id: string;
  readonly subject_index: string;
  readonly subject_sealed: string;
  readonly entry: string;
  readonly previous_hash: string;
}

/** The keyed hash of a row. The first row of a month follows an empty hash. */
export const rowHash = (secrets: Secrets, row: LogRow): string =>
  secrets.chainHash(
    JSON.stringify([
      row.tenant,
      row.month,
      row.sequence,
      row.kind,
      row.lookup_id,
      row.at,
      row.user_id,
      row.context_id,
      row.subject_index,
      row.subject_sealed,
      row.entry,
      row.previous_hash,
    ]),
  );

/** Makes the room that owns the lookup log: a chain per tenant and month. */
export function lookupLogOf({database, secrets}: Storage, log: Log): LookupLog {
  async function append(context: Context, kind: 'lookup' | 'outcome', lookupId: string, entry: object): Promise<void> {
    const {tenant} = context;
    await database.transaction().execute(async (tx) => {
      const at = new Date().toISOString();
      const month = at.slice(0, 7);
      // The row of the chain's head is the lock that puts a tenant's rows in order.
      await tx
        .insertInto('lookup_chain')
        .values({tenant, month, sequence: 0, hash: ''})
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const head = await tx
        .selectFrom('lookup_chain')
        .select(['sequence', 'hash'])
        .where('tenant', '=', tenant)
        .where('month', '=', month)
        .forUpdate()
        .executeTakeFirstOrThrow();
      const row: LogRow = {
        tenant,
        month,
        sequence: Number(head.sequence) + 1,
        kind,
        lookup_id: lookupId,
        at,
        user_id: context.userId,
        context_id: context.id,
        subject_index: context.subjectIndex,
        subject_sealed:
          kind === 'lookup' ? secrets.seal(['lookup', tenant, lookupId], JSON.stringify(context.subject)) : '',
        entry: JSON.stringify(entry),
        previous_hash: head.hash,
      };
      const hash = rowHash(secrets, row);
      await tx
        .insertInto('lookup_log')
        .values({...row, hash})
        .execute();
      await tx
        .updateTable('lookup_chain')
        .set({sequence: row.sequence, hash})
        .where('tenant', '=', tenant)
        .where('month', '=', month)
        .execute();
    });
  }

  return {
    async open(context, lookup) {
      const lookupId = randomUUID();
      try {
        await append(context, 'lookup', lookupId, {purpose: context.purpose, ...lookup});
      } catch (thrown) {
        log.error(errorDetails(thrown), 'the lookup log can not be written: nothing is shown');
        throw new ProblemError(
          problemOf('unavailable', 'The lookup log can not be written, so nothing may be shown.', {retryAfter: 5}),
        );
      }
      return {
        async close(outcomes, complete) {
          try {
            await append(context, 'outcome', lookupId, {complete, outcomes});
          } catch (thrown) {
            log.error(errorDetails(thrown), 'the outcome of a lookup could not be written');
          }
        },
      };
    },
  };
}
