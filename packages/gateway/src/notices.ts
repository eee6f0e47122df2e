import {randomUUID} from 'node:crypto';
import type {Kysely} from 'kysely';
import type {Storage, Tx} from './storage/database.js';
import type {Tables} from './storage/schema.js';

/** Says that a resource of a subject has changed. */
export interface NoticeDraft {
  readonly subjectIndex: string;
  readonly resource: string;
  readonly source: string;
  /** Only this user's contexts hear of it. */
  readonly userId?: string;
}

/** A cursor as it goes out: which database, and how far. */
export const cursorText = (head: {epoch: string; cursor: number}): string => `${head.epoch}.${head.cursor}`;

/** Reads a cursor back. */
export function parseCursor(text: string): {epoch: string; cursor: number} | undefined {
  const match = /^([\w-]{1,64})\.(\d{1,15})$/.exec(text);
  return match ? {epoch: match[1]!, cursor: Number(match[2])} : undefined;
}

/** Where a tenant's notices stand. */
export async function headOf(
  database: Kysely<Tables>,
  tenant: string,
): Promise<{epoch: string; cursor: number; pruned: number}> {
  const select = () => database.selectFrom('notice_head').selectAll().where('tenant', '=', tenant).executeTakeFirst();
  let head = await select();
  if (!head) {
    await database
      .insertInto('notice_head')
      .values({tenant, epoch: randomUUID().slice(0, 8), cursor: 0, pruned: 0})
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    head = await select();
  }
  if (!head) throw new Error('The head of the notices is gone.');
  return {epoch: head.epoch, cursor: Number(head.cursor), pruned: Number(head.pruned)};
}

/** The cursor of the newest committed notice. */
export const currentCursor = async (database: Kysely<Tables>, tenant: string): Promise<string> =>
  cursorText(await headOf(database, tenant));

/**
 * Writes notices in the transaction of what they tell of. To be the last thing that a transaction does: the head's row is
 * locked until the commit, so cursors come in commit order and a reader never passes one that is still to appear.
 */
export async function writeNotices(
  storage: Storage,
  tx: Tx,
  tenant: string,
  drafts: readonly NoticeDraft[],
): Promise<void> {
  if (drafts.length === 0) return;
  await headOf(tx, tenant);
  const head = await tx
    .updateTable('notice_head')
    .set((eb) => ({cursor: eb('cursor', '+', drafts.length)}))
    .where('tenant', '=', tenant)
    .returning('cursor')
    .executeTakeFirstOrThrow();
  const first = Number(head.cursor) - drafts.length + 1;
  await tx
    .insertInto('notice')
    .values(
      drafts.map((draft, index) => ({
        tenant,
        cursor: first + index,
        subject_index: draft.subjectIndex,
        user_id: draft.userId ?? '',
        resource: draft.resource,
        source: draft.source,
      })),
    )
    .execute();
  await storage.wake(tx, tenant);
}

/** Drops a tenant's notices that are older; who resumes from before them is told to read everything again. */
export async function pruneNotices(storage: Storage, tenant: string, olderThan: Date): Promise<void> {
  await storage.database.transaction().execute(async (tx) => {
    const newest = await tx
      .selectFrom('notice')
      .select((eb) => eb.fn.max('cursor').as('cursor'))
      .where('tenant', '=', tenant)
      .where('at', '<', olderThan)
      .executeTakeFirst();
    if (newest?.cursor === null || newest?.cursor === undefined) return;
    await tx.updateTable('notice_head').set({pruned: newest.cursor}).where('tenant', '=', tenant).execute();
    await tx.deleteFrom('notice').where('tenant', '=', tenant).where('cursor', '<=', newest.cursor).execute();
  });
}
