import {type Draft, type DraftSave, ProblemError, problemOf} from '@bsp/contract';
import {sql} from 'kysely';
import type {Context} from './contexts.js';
import {gatheredRows} from './gathered.js';
import type {OwnStore} from './sources.js';
import type {Storage, Tx} from './storage/database.js';
import type {Tables} from './storage/schema.js';

/** What a user has begun to write about a person; belongs to (tenant, user, subject, window). */
export interface Drafts {
  readonly read: OwnStore;
  /** Lets nobody else save, discard or drop a draft of this person by this user before the transaction ends. */
  lock(tx: Tx, context: Context): Promise<void>;
  /**
   * Saves a draft, or discards it where the content is null; `version` is the key of this action. Needs the lock.
   * @throws ProblemError `conflict` where there is another version than the one it takes the place of.
   */
  save(tx: Tx, context: Context, draft: DraftSave, version: string): Promise<void>;
  /** Drops the drafts of an action that is done. Needs the lock. */
  dropDone(tx: Tx, context: Context, key: string): Promise<void>;
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

  /** Those of several reads at once. */
  const draftsIn = gatheredRows((asked: readonly Context[]) =>
    sql<Tables['draft'] & {readonly position: number}>`
        select asked.position, draft.* from unnest(${asked.map((_, position) => position)}::integer[],
            ${asked.map(({tenant}) => tenant)}::text[], ${asked.map(({userId}) => userId)}::text[],
            ${asked.map(({subjectIndex}) => subjectIndex)}::text[])
          as asked (position, tenant, user_id, subject_index)
        join draft using (tenant, user_id, subject_index)
        order by asked.position, draft."window"`.execute(database),
  );

  return {
    async *read({context}) {
      const rows = await draftsIn(context);
      yield {
        about: context.subject,
        items: rows.map(
          (row): Draft => ({
            window: row.window,
            savedAt: row.saved_at.toISOString(),
            version: row.version,
            ...(row.action_key === null ? {} : {key: row.action_key}),
            content: JSON.parse(secrets.open(bound(context, row.window), row.content_sealed)) as Draft['content'],
          }),
        ),
      };
    },

    async lock(tx, {tenant, userId, subjectIndex}) {
      const name = JSON.stringify(['draft', tenant, userId, subjectIndex]);
      await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tx);
    },

    async save(tx, context, {window, content, over, key}, version) {
      const owner = {tenant: context.tenant, user_id: context.userId, subject_index: context.subjectIndex};
      const place = {...owner, window};
      const there = await tx
        .selectFrom('draft')
        .select('version')
        .where((eb) => eb.and(place))
        .executeTakeFirst();
      if (content === null && !there) return;
      if (there?.version !== over)
        throw conflict(there ? 'There is another version of the draft.' : 'The draft is gone.', '/payload/over');
      if (content === null) {
        await tx
          .deleteFrom('draft')
          .where((eb) => eb.and(place))
          .execute();
        return;
      }
      const done =
        key !== undefined &&
        (await tx
          .selectFrom('action')
          .select('key')
          .where((eb) => eb.and({...owner, key}))
          .executeTakeFirst());
      if (done) throw conflict('What the draft was to become is done.', '/payload/key');
      const value = {
        saved_at: new Date(),
        version,
        action_key: key ?? null,
        content_sealed: secrets.seal(bound(context, window), JSON.stringify(content)),
      };
      await tx
        .insertInto('draft')
        .values({...place, ...value})
        .onConflict((met) => met.columns(['tenant', 'user_id', 'subject_index', 'window']).doUpdateSet(value))
        .execute();
    },

    async dropDone(tx, {tenant, userId, subjectIndex}, key) {
      await tx
        .deleteFrom('draft')
        .where((eb) => eb.and({tenant, user_id: userId, subject_index: subjectIndex, action_key: key}))
        .execute();
    },
  };
}

const conflict = (title: string, pointer: string) => new ProblemError(problemOf('conflict', title, {pointer}));

/** Refuses a window's name that is not Unicode (kept as something else, it could not be opened again), and a strange key. */
export function checkDraft({window, key}: DraftSave): void {
  if (key !== undefined && !/^[!-~]+$/.test(key))
    throw new ProblemError(problemOf('invalid-request', 'The key is not a plain word.', {pointer: '/payload/key'}));
  if (Buffer.from(window).toString() !== window)
    throw new ProblemError(
      problemOf('invalid-request', 'The name of the window is not Unicode.', {pointer: '/payload/window'}),
    );
}
