import type {Subject} from '@bsp/contract';
import {type LookupEntry, type LookupParty, type OutcomeEntry, sealBounds} from './lookup-log.js';
import type {Storage} from './storage/database.js';

/** Which lookups are read. */
export interface LookupRange {
  readonly tenant: string;
  /** Moments in ISO 8601, UTC; `to` is not included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Only those about this subject. */
  readonly subjectIndex?: string;
}

/** What may have been seen of one resource of one source. */
export interface Seen {
  readonly resource: string;
  readonly source: string;
  /** `unknown` where the outcome is missing: all of it may have been seen. */
  readonly status: string;
  readonly count: number;
  readonly kle: readonly string[];
  readonly sensitivities: readonly string[];
}

/** A lookup with its outcome. */
export interface LoggedLookup {
  readonly tenant: string;
  readonly month: string;
  readonly sequence: number;
  readonly lookupId: string;
  readonly at: string;
  readonly userId: string;
  readonly subjectIndex: string;
  readonly entry: LookupEntry;
  /** Whether there is an outcome; without one everything that was asked for counts as seen. */
  readonly hasOutcome: boolean;
  readonly seen: readonly Seen[];
  /** Decrypts whose data it was. */
  subject(): Subject;
  /** Decrypts the user's own words. */
  reason(): string | undefined;
  /** Decrypts what the answer told about the person. */
  party(): LookupParty | undefined;
}

const pageSize = 500;

/** Lookups in the order in which they were written, a page at a time. Outcomes may stand in a later month. */
export async function* lookupsOf({database, secrets}: Storage, range: LookupRange): AsyncGenerator<LoggedLookup> {
  const {tenant, from, to, subjectIndex} = range;
  let after = {month: '', sequence: 0};
  for (;;) {
    let query = database
      .selectFrom('lookup_log')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('kind', '=', 'lookup')
      .where((where) => where(where.refTuple('month', 'sequence'), '>', where.tuple(after.month, after.sequence)))
      .orderBy('month')
      .orderBy('sequence')
      .limit(pageSize);
    if (from !== undefined) query = query.where('month', '>=', from.slice(0, 7)).where('at', '>=', from);
    if (to !== undefined) query = query.where('month', '<=', to.slice(0, 7)).where('at', '<', to);
    if (subjectIndex !== undefined) query = query.where('subject_index', '=', subjectIndex);
    const page = await query.execute();
    const last = page.at(-1);
    if (!last) return;
    const outcomes = new Map(
      (
        await database
          .selectFrom('lookup_log')
          .select(['lookup_id', 'subject_sealed', 'entry'])
          .where('tenant', '=', tenant)
          .where('kind', '=', 'outcome')
          .where(
            'lookup_id',
            'in',
            page.map((row) => row.lookup_id),
          )
          .execute()
      ).map((row) => [row.lookup_id, row]),
    );
    for (const row of page) {
      const {lookup_id: lookupId} = row;
      const entry = JSON.parse(row.entry) as LookupEntry;
      const outcome = outcomes.get(lookupId);
      yield {
        tenant,
        month: row.month,
        sequence: Number(row.sequence),
        lookupId,
        at: row.at,
        userId: row.user_id,
        subjectIndex: row.subject_index,
        entry,
        hasOutcome: outcome !== undefined,
        seen: outcome ? (JSON.parse(outcome.entry) as OutcomeEntry).outcomes : askedFor(entry, 'unknown'),
        subject: () => JSON.parse(secrets.open(sealBounds.subject(tenant, lookupId), row.subject_sealed)) as Subject,
        reason: () =>
          entry.reasonSealed === undefined
            ? undefined
            : secrets.open(sealBounds.reason(tenant, lookupId), entry.reasonSealed),
        party: () =>
          outcome?.subject_sealed
            ? (JSON.parse(secrets.open(sealBounds.party(tenant, lookupId), outcome.subject_sealed)) as LookupParty)
            : undefined,
      };
    }
    after = {month: last.month, sequence: Number(last.sequence)};
  }
}

/** All that a lookup asked for. */
export const askedFor = ({resources}: LookupEntry, status: string): Seen[] =>
  Object.entries(resources).flatMap(([resource, sources]) =>
    sources.map((source) => ({resource, source, status, count: 0, kle: [], sensitivities: []})),
  );

/** Whether something may have been seen. */
export const maybeSeen = ({status, count}: Seen): boolean => status === 'unknown' || count > 0;

/** The name of a lookup in lists for people: month and number in the chain. */
export const logId = ({month, sequence}: Pick<LoggedLookup, 'month' | 'sequence'>): string => `${month}-${sequence}`;
