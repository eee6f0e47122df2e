import {sql} from 'kysely';
import {gathered} from './gathered.js';
import type {Log} from './log.js';
import {
  closedSeal,
  monthOf,
  type OpenHead,
  openSeal,
  rowHash,
  type StoredRow,
  withNumericPlaces,
} from './lookup-log-chain.js';
import type {Storage, Tx} from './storage/database.js';
import type {Secrets} from './storage/secrets.js';

/** A row that has no place in a chain yet. */
export type NewRow = Pick<
  StoredRow,
  'kind' | 'lookup_id' | 'user_id' | 'context_id' | 'subject_index' | 'subject_sealed' | 'entry'
>;

/** Adds rows to the chains: one chain per tenant and month, also with several processes at work. */
export interface ChainWriter {
  /** Resolves when the row is committed. */
  append(tenant: string, row: NewRow): Promise<void>;
}

/** Where a process left a tenant's chain: it can go on from there without looking, as long as nobody else has written. */
interface Left {
  readonly head: OpenHead;
  readonly seal: string;
  /** The database's clock less this process's own, which nobody sets. */
  readonly ahead: number;
}

/** How far a row's moment may be from the database's clock when it is written. */
const clockToleranceSeconds = 1;

/**
 * Makes the writer of the chains. Rows that come while others of the tenant are being committed go together next.
 *
 * A batch is one statement, and so one round trip and one commit, where the head stands as this process left it. Else, and
 * over a change of month, it is a transaction that locks the head first.
 *
 * @param clock - by default the database's, which all replicas share.
 */
export function chainWriterOf({database, secrets}: Storage, log: Log, clock?: () => Date): ChainWriter {
  const queues = new Map<string, (row: NewRow) => Promise<void>>();
  const leftAt = new Map<string, Left>();

  function chainedTo(from: OpenHead, at: string, rows: readonly NewRow[]): {head: OpenHead; chained: StoredRow[]} {
    let head = from;
    const chained = rows.map((row): StoredRow => {
      const {tenant, month} = head;
      const next = {...row, tenant, month, sequence: head.sequence + 1, at, previous_hash: head.hash};
      const hash = rowHash(secrets, next);
      head = {...head, sequence: next.sequence, hash, at};
      return {...next, hash};
    });
    return {head, chained};
  }

  async function write(tenant: string, rows: readonly NewRow[]): Promise<undefined[]> {
    const left = leftAt.get(tenant);
    // Whatever breaks now, where the head stands is not known any more.
    leftAt.delete(tenant);
    const now = (left && (await continued(left, rows))) ?? (await locked(tenant, rows));
    if (now) leftAt.set(tenant, now);
    return rows.map(() => undefined);
  }

  /** Undefined, and nothing is written, when the head has moved or was changed, or the month or the clock is another. */
  async function continued({head: before, seal, ahead}: Left, rows: readonly NewRow[]): Promise<Left | undefined> {
    const at = later((clock?.() ?? new Date(performance.now() + ahead)).toISOString(), before.at);
    if (monthOf(at) !== before.month) return undefined;
    const {head, chained} = chainedTo(before, at, rows);
    const newSeal = openSeal(secrets, head);
    const column = (name: keyof StoredRow) => chained.map((row) => row[name]);
    const {rows: written} = await sql`
      with moved as (
        update lookup_head set sequence = ${head.sequence}, hash = ${head.hash}, at = ${at}, seal = ${newSeal}
        where tenant = ${before.tenant} and ordinal = ${before.ordinal} and month = ${before.month}
          and previous_hash = ${before.previous_hash} and sequence = ${before.sequence} and hash = ${before.hash}
          and at = ${before.at} and seal = ${seal}
          and (${clock !== undefined} or abs(extract(epoch from clock_timestamp() - ${at}::timestamptz)) < ${clockToleranceSeconds})
        returning tenant)
      insert into lookup_log (tenant, month, at, sequence, kind, lookup_id, user_id, context_id, subject_index,
        subject_sealed, entry, previous_hash, hash)
      select moved.tenant, ${head.month}, ${at}, added.* from moved, unnest(${column('sequence')}::bigint[],
        ${column('kind')}::text[], ${column('lookup_id')}::text[], ${column('user_id')}::text[],
        ${column('context_id')}::text[], ${column('subject_index')}::text[], ${column('subject_sealed')}::text[],
        ${column('entry')}::text[], ${column('previous_hash')}::text[], ${column('hash')}::text[]) as added
      returning sequence`.execute(database);
    return written.length > 0 ? {head, seal: newSeal, ahead} : undefined;
  }

  /** Undefined when nobody can go on from there without looking. */
  function locked(tenant: string, rows: readonly NewRow[]): Promise<Left | undefined> {
    return database.transaction().execute(async (tx) => {
      const before = await lockedHead(tx, secrets, tenant, clock);
      const {at} = before;
      if (!before.sound)
        log.error({tenant, month: before.head.month}, 'the head of the lookup log was tampered with: verify the log');
      const sameChain = monthOf(at) === before.head.month;
      const {head, chained} = chainedTo(sameChain ? before.head : await nextHead(tx, secrets, before, at), at, rows);
      // A new seal on a head that somebody changed would hide that.
      const broken = sameChain && !before.sound;
      const seal = broken ? brokenSeal : openSeal(secrets, head);
      await tx.insertInto('lookup_log').values(chained).execute();
      await tx
        .updateTable('lookup_head')
        .set({...head, seal})
        .where('tenant', '=', tenant)
        .execute();
      return broken ? undefined : {head, seal, ahead: before.ahead};
    });
  }

  return {
    append(tenant, row) {
      const append = queues.get(tenant) ?? gathered((rows) => write(tenant, rows));
      queues.set(tenant, append);
      return append(row);
    },
  };
}

/** A tenant's head, locked until the transaction ends. */
interface LockedHead {
  readonly head: OpenHead;
  /** Whether its seal is the gateway's. */
  readonly sound: boolean;
  /** The moment of what is written now. */
  readonly at: string;
  /** See {@link Left}. */
  readonly ahead: number;
}

/** A clock that was set back must not lead into a month that has ended. */
const later = (time: string, than: string): string => (time > than ? time : than);

const brokenSeal = 'broken';

async function lockedHead(tx: Tx, secrets: Secrets, tenant: string, clock?: () => Date): Promise<LockedHead> {
  const lock = () =>
    tx
      .selectFrom('lookup_head')
      .selectAll()
      .select(sql<Date>`clock_timestamp()`.as('now'))
      .where('tenant', '=', tenant)
      .forUpdate()
      .executeTakeFirst();
  let locked = await lock();
  if (!locked) {
    const first: OpenHead = {tenant, ordinal: 1, month: '', previous_hash: '', sequence: 0, hash: '', at: ''};
    await tx
      .insertInto('lookup_head')
      .values({...first, seal: openSeal(secrets, first)})
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    locked = (await lock())!;
  }
  const {now, seal, ...row} = locked;
  const head = withNumericPlaces(row);
  return {
    head,
    sound: openSeal(secrets, head) === seal,
    at: later((clock?.() ?? now).toISOString(), head.at),
    ahead: now.getTime() - performance.now(),
  };
}

/** Ends a chain, and gives the head of the one after. */
async function nextHead(tx: Tx, secrets: Secrets, {head, sound}: LockedHead, at: string): Promise<OpenHead> {
  const month = monthOf(at);
  if (head.month === '') return {...head, month, at};
  const {tenant, ordinal, previous_hash, sequence, hash} = head;
  const ended = {tenant, ordinal, month: head.month, previous_hash, sequence, hash, sealed_at: at, dropped_at: ''};
  await tx
    .insertInto('lookup_chain')
    .values({...ended, seal: sound ? closedSeal(secrets, ended) : brokenSeal})
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return {...head, ordinal: head.ordinal + 1, month, previous_hash: head.hash, sequence: 0, at};
}

/**
 * Ends the tenant's open chain when its month is over, so that a month without lookups since does not stay open.
 * @returns whether there is nothing of that month that could still grow.
 */
export async function endChain({database, secrets}: Storage, tenant: string, month: string): Promise<boolean> {
  return database.transaction().execute(async (tx) => {
    const locked = await lockedHead(tx, secrets, tenant);
    const {head, at} = locked;
    if (head.month !== month) return true;
    if (monthOf(at) === month) return false;
    await nextHead(tx, secrets, locked, at);
    return true;
  });
}
