import {type Draft, type DraftSave, ProblemError, problemOf} from '@bsp/contract';
import type {Context} from './contexts.js';
import type {OwnStore} from './sources.js';
import type {Storage, Tx} from './storage/database.js';

/** What a user has begun to write about a person; belongs to (tenant, user, subject, window). */
export interface Drafts {
  readonly read: OwnStore;
  /** Saves, or discards where the content is null. */
  save(tx: Tx, context: Context, draft: DraftSave): Promise<void>;
}

/** Makes the room that owns drafts. */
export function draftsOf({database, secrets}: Storage): Drafts {
  const bound = ({tenant, userId, subjectIndex}: Context, window: string) => [
    'draft',
    tenant,
    userId,
    subjectIndex,
    window,
  ];
  return {
    async *read({context}) {
      const rows = await database
        .selectFrom('draft')
        .selectAll()
        .where('tenant', '=', context.tenant)
        .where('user_id', '=', context.userId)
        .where('subject_index', '=', context.subjectIndex)
        .orderBy('window')
        .execute();
      yield {
        about: context.subject,
        items: rows.map(
          (row): Draft => ({
            window: row.window,
            savedAt: row.saved_at.toISOString(),
            content: JSON.parse(secrets.open(bound(context, row.window), row.content_sealed)) as Draft['content'],
          }),
        ),
      };
    },

    async save(tx, context, {window, content}) {
      const key = {
        tenant: context.tenant,
        user_id: context.userId,
        subject_index: context.subjectIndex,
        window,
      };
      if (content === null) {
        await tx
          .deleteFrom('draft')
          .where((eb) => eb.and(key))
          .execute();
        return;
      }
      const value = {
        saved_at: new Date(),
        content_sealed: secrets.seal(bound(context, window), JSON.stringify(content)),
      };
      await tx
        .insertInto('draft')
        .values({...key, ...value})
        .onConflict((conflict) => conflict.columns(['tenant', 'user_id', 'subject_index', 'window']).doUpdateSet(value))
        .execute();
    },
  };
}

/** Refuses a window's name that is not Unicode: kept as something else, it could not be opened again. */
export function checkDraft({window}: DraftSave): void {
  if (Buffer.from(window).toString() !== window)
    throw new ProblemError(
      problemOf('invalid-request', 'The name of the window is not Unicode.', {pointer: '/payload/window'}),
    );
}
