import {sql} from 'kysely';
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

interface Waiting {
  readonly row: NewRow;
  readonly committed: () => void;
  readonly failed: (reason: unknown) => void;
}

const largestBatch = 200;

/**
 * Makes the writer of the chains. Rows that come while others of the tenant are being committed go together in the next
 * transaction.
 *
 * @param clock - by default the database's, which all replicas share.
 */
export function chainWriterOf({database, secrets}: Storage, log: Log, clock?: () => Date): ChainWriter {
  const queues = new Map<string, Waiting[]>();

  async function write(tenant: string, rows: readonly NewRow[]): Promise<void> {
    await database.transaction().execute(async (tx) => {
      const locked = await lockedHead(tx, secrets, tenant, clock);
      const {at} = locked;
      if (!locked.sound)
        log.error({tenant, month: locked.head.month}, 'the head of the lookup log was tampered with: verify the log');
      const sameChain = monthOf(at) === locked.head.month;
      let head = sameChain ? locked.head : await nextHead(tx, secrets, locked, at);
      const chained = rows.map((row): StoredRow => {
        const next = {...row, tenant, month: head.month, sequence: head.sequence + 1, at, previous_hash: head.hash};
        const hash = rowHash(secrets, next);
        head = {...head, sequence: next.sequence, hash, at};
        return {...next, hash};
      });
      await tx.insertInto('lookup_log').values(chained).execute();
      await tx
        .updateTable('lookup_head')
        // A new seal on a head that somebody changed would hide that.
        .set({...head, seal: sameChain && !locked.sound ? brokenSeal : openSeal(secrets, head)})
        .where('tenant', '=', tenant)
        .execute();
    });
  }

  async function drain(tenant: string, queue: Waiting[]): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.slice(0, largestBatch);
      try {
        await write(
          tenant,
          batch.map(({row}) => row),
        );
        for (const {committed} of batch) committed();
      } catch (thrown) {
        for (const {failed} of batch) failed(thrown);
      }
      queue.splice(0, batch.length);
    }
    queues.delete(tenant);
  }

  return {
    append: (tenant, row) =>
      new Promise((committed, failed) => {
        const waiting = {row, committed, failed};
        const queue = queues.get(tenant);
        if (queue) {
          queue.push(waiting);
          return;
        }
        const begun = [waiting];
        queues.set(tenant, begun);
        void drain(tenant, begun);
      }),
  };
}

/** A tenant's head, locked until the transaction ends. */
interface LockedHead {
  readonly head: OpenHead;
  /** Whether its seal is the gateway's. */
  readonly sound: boolean;
  /** The moment of what is written now. */
  readonly at: string;
}

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
  const time = (clock?.() ?? now).toISOString();
  // A clock that was set back must not lead into a month that has ended.
  return {head, sound: openSeal(secrets, head) === seal, at: time > head.at ? time : head.at};
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
