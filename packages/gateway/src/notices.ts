import {randomUUID} from 'node:crypto';
import {type Kysely, type RawBuilder, sql} from 'kysely';
import {decidingOf} from './access/visible.js';
import {gathered} from './gathered.js';
import type {Storage, Tx} from './storage/database.js';
import type {Tables} from './storage/schema.js';

/** What sealed parts of a notice are bound to. */
export const noticeBound = (tenant: string, {resource, source}: {resource: string; source: string}) => [
  'notice',
  tenant,
  resource,
  source,
];

/** Says that a resource of a subject has changed. */
export interface NoticeDraft {
  readonly subjectIndex: string;
  readonly resource: string;
  readonly source: string;
  /** The records that it is about: whoever may see none of them does not hear of it. Without it everybody does. */
  readonly about?: readonly object[];
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

const newEpoch = (): string => randomUUID().slice(0, 8);

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
      .values({tenant, epoch: newEpoch(), cursor: 0, pruned: 0})
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    head = await select();
  }
  if (!head) throw new Error('The head of the notices is gone.');
  return {epoch: head.epoch, cursor: Number(head.cursor), pruned: Number(head.pruned)};
}

/** {@link headOf}, with one look for all who ask at the same moment: it is made after they ask. */
export const headLookOf = (database: Kysely<Tables>): ((tenant: string) => ReturnType<typeof headOf>) =>
  gathered(async (tenants) => {
    const heads = new Map<string, Awaited<ReturnType<typeof headOf>>>();
    for (const tenant of new Set(tenants)) heads.set(tenant, await headOf(database, tenant));
    return tenants.map((tenant) => heads.get(tenant)!);
  });

/**
 * Moves a tenant's head by so many, and makes it where there is none: a statement that gives the new `cursor`.
 *
 * @param more - a query for one row or none, whose `more` says by how many.
 * @param returning - what else is evaluated, once, where the head was moved.
 */
export const headMovedBy = (
  tenant: string,
  more: RawBuilder<unknown>,
  returning: RawBuilder<unknown> = sql`null`,
): RawBuilder<unknown> => sql`
  insert into notice_head as head (tenant, epoch, cursor, pruned)
  select ${tenant}, ${newEpoch()}, more, 0 from (${more}) as moved
  on conflict (tenant) do update set cursor = head.cursor + excluded.cursor
  returning cursor, ${returning}`;

/** What a notice is about, as it is kept. */
export const sealedAbout = ({secrets}: Storage, tenant: string, draft: NoticeDraft): string | null =>
  draft.about ? secrets.seal(noticeBound(tenant, draft), JSON.stringify(draft.about.map(decidingOf))) : null;

/**
 * Writes notices in the transaction of what they tell of, one of `storage.transact`. To be the last thing that a transaction does: the head's row is
 * locked until the commit, so cursors come in commit order and a reader never passes one that is still to appear.
 */
export async function writeNotices(
  storage: Storage,
  tx: Tx,
  tenant: string,
  drafts: readonly NoticeDraft[],
): Promise<void> {
  if (drafts.length === 0) return;
  const sealed = drafts.map((draft) => sealedAbout(storage, tenant, draft));
  const column = (name: 'subjectIndex' | 'resource' | 'source') => drafts.map((draft) => draft[name]);
  await sql`
    with head as (${headMovedBy(tenant, sql`select ${drafts.length}::bigint as more`)})
    insert into notice (tenant, cursor, subject_index, user_id, resource, source, about_sealed)
    select ${tenant}, head.cursor - ${drafts.length} + place, subject_index, user_id, resource, source, about_sealed
    from head, unnest(${column('subjectIndex')}::text[], ${drafts.map(({userId}) => userId ?? '')}::text[],
        ${column('resource')}::text[], ${column('source')}::text[], ${sealed}::text[])
      with ordinality as added (subject_index, user_id, resource, source, about_sealed, place)`.execute(tx);
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
