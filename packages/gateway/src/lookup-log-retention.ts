import {randomUUID} from 'node:crypto';
import type {Log} from './log.js';
import type {AdministrationEntry} from './lookup-log.js';
import {closedSeal, type SealedHead, withNumericPlaces} from './lookup-log-chain.js';
import {type Finding, verifyEndedChain} from './lookup-log-verify.js';
import {chainWriterOf, endChain} from './lookup-log-writer.js';
import type {Storage, Tx} from './storage/database.js';

/** What became of a month. */
export interface Dropped {
  readonly month: string;
  readonly rows: number;
  /** Why it was kept; absent when it was dropped. */
  readonly refused?: string;
}

/** Rows are deleted so many at a time: no statement takes long. */
const portion = 5_000;

/** The first month that is kept: the one that runs and so many whole ones before. */
export function firstKeptMonth(now: Date, months: number): string {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1)).toISOString().slice(0, 7);
}

/**
 * Drops the rows of sealed months and keeps their heads, so that the chain still verifies. A month that is not sealed, or that
 * does not verify, is refused and stays. What was dropped, and by whom, goes into the log itself.
 *
 * @param which - all months before this one, or this very month.
 */
export async function dropMonths(
  storage: Storage,
  tenant: string,
  which: {readonly before: string} | {readonly month: string},
  by: Pick<AdministrationEntry, 'by' | 'reason'>,
  log: Log,
): Promise<Dropped[]> {
  const {database} = storage;
  const open = await database.selectFrom('lookup_head').select('month').where('tenant', '=', tenant).executeTakeFirst();
  const isMeant = (month: string) => ('before' in which ? month < which.before : month === which.month);
  if (open && isMeant(open.month) && !(await endChain(storage, tenant, open.month)))
    return [{month: open.month, rows: 0, refused: 'the month is not over: its chain is not sealed'}];
  const ended = await database
    .selectFrom('lookup_chain')
    .select('month')
    .where('tenant', '=', tenant)
    .where('dropped_at', '=', '')
    .orderBy('month')
    .execute();
  const meant = ended.map(({month}) => month).filter(isMeant);
  if ('month' in which && meant.length === 0)
    return [{month: which.month, rows: 0, refused: 'there is no sealed chain of this month that still has its rows'}];
  const results: Dropped[] = [];
  for (const month of meant) {
    const result = await dropMonth(storage, tenant, month);
    results.push(result);
    if (result.refused === undefined)
      await logAdministration(storage, tenant, {what: 'retention', ...by, month, rows: result.rows}, log);
  }
  return results;
}

async function dropMonth({database, secrets}: Storage, tenant: string, month: string): Promise<Dropped> {
  return database.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('lookup_chain')
      .select(['tenant', 'ordinal', 'month', 'previous_hash', 'sequence', 'hash', 'sealed_at'])
      .where('tenant', '=', tenant)
      .where('month', '=', month)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const findings: Finding[] = [];
    await verifyEndedChain(tx, secrets, {tenant, month}, (finding) => findings.push(finding));
    const [first] = findings;
    if (first) return {month, rows: 0, refused: `it does not verify (${first.kind}: ${first.detail})`};
    const head: SealedHead = {...withNumericPlaces(row), dropped_at: new Date().toISOString()};
    await tx
      .updateTable('lookup_chain')
      .set({dropped_at: head.dropped_at, seal: closedSeal(secrets, head)})
      .where('tenant', '=', tenant)
      .where('month', '=', month)
      .execute();
    await deleteRows(tx, tenant, month, head.sequence);
    return {month, rows: head.sequence};
  });
}

async function deleteRows(tx: Tx, tenant: string, month: string, last: number): Promise<void> {
  for (let upTo = portion; upTo - portion < last; upTo += portion)
    await tx
      .deleteFrom('lookup_log')
      .where('tenant', '=', tenant)
      .where('month', '=', month)
      .where('sequence', '<=', upTo)
      .execute();
}

/** Writes into the log that somebody dropped rows of it or took persons' numbers out of it. */
export function logAdministration(
  storage: Storage,
  tenant: string,
  entry: AdministrationEntry,
  log: Log,
): Promise<void> {
  return chainWriterOf(storage, log).append(tenant, {
    kind: 'administration',
    lookup_id: randomUUID(),
    user_id: entry.by,
    context_id: '',
    subject_index: '',
    subject_sealed: '',
    entry: JSON.stringify(entry),
  });
}
