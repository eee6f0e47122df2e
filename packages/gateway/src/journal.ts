import {randomBytes} from 'node:crypto';
import {
  maxNoteBytes,
  type Note,
  type NoteAddendum,
  type NoteCreate,
  ProblemError,
  parseKle,
  problemOf,
  type Staff,
} from '@bsp/contract';
import type {RecordAccess} from '@bsp/sources';
import {sql} from 'kysely';
import {decidingOf} from './access/visible.js';
import {containsCpr} from './aliases.js';
import type {Context} from './contexts.js';
import {gatheredRows} from './gathered.js';
import type {Identity} from './identity.js';
import type {Outbox} from './outbox.js';
import {pageCursor, positionOf} from './paging.js';
import type {OwnStore} from './sources.js';
import {canKeep, type Storage, type Tx} from './storage/database.js';
import type {Tables} from './storage/schema.js';
import type {Secrets} from './storage/secrets.js';

/** Notes that are written here. Nothing is deleted: a correction is an addendum. */
export interface Journal {
  /** Newest first. */
  readonly read: OwnStore;
  /** Writes a note and gives its id. */
  create(tx: Tx, identity: Identity, context: Context, note: NoteCreate, access: NoteAccess): Promise<string>;
  /** @throws ProblemError `foreign-item` for a note that is not one of ours about this subject. */
  addendum(tx: Tx, identity: Identity, context: Context, addendum: NoteAddendum): Promise<void>;
}

/** Who may see a note: its writer, and who may see its case. */
export interface NoteAccess {
  readonly writer: string;
  readonly through?: readonly RecordAccess[];
}

type NoteContent = {readonly access?: NoteAccess} & Pick<Note, 'author' | 'heading' | 'body' | 'kle' | 'case'>;
type AddendumContent = {author: Staff; body: string};

interface AskedNotes {
  readonly tenant: string;
  readonly index: string;
  /** They are older than this one. */
  readonly before: {readonly at: Date; readonly id: string} | undefined;
}

const pageSize = 500;

const noteBound = (tenant: string, id: string) => ['note', tenant, id];

/** What is kept of a note, with what decides who may see it. */
const noteContent = (
  secrets: Secrets,
  tenant: string,
  {id, author_id, content_sealed}: Pick<Tables['note'], 'id' | 'author_id' | 'content_sealed'>,
): NoteContent & {readonly access: NoteAccess} => ({
  access: {writer: author_id},
  ...(JSON.parse(secrets.open(noteBound(tenant, id), content_sealed)) as NoteContent),
});

/** What decides who may hear of a note. */
export async function decidingNote(tx: Tx, secrets: Secrets, tenant: string, noteId: string): Promise<object> {
  const row = await tx
    .selectFrom('note')
    .select(['id', 'author_id', 'content_sealed'])
    .where('tenant', '=', tenant)
    .where('id', '=', noteId)
    .executeTakeFirstOrThrow();
  return decidingOf(noteContent(secrets, tenant, row));
}

/** Makes the room that owns notes. */
export function journalOf({database, secrets}: Storage, ownSourceId: string, outbox: Outbox): Journal {
  const addendumBound = (tenant: string, noteId: string, sequence: number) => [
    'addendum',
    tenant,
    noteId,
    String(sequence),
  ];

  /** A page of notes, newest first, for each of several reads at once. */
  const notesOf = gatheredRows((asked: readonly AskedNotes[]) =>
    sql<Tables['note'] & {readonly position: number}>`
        select asked.position, page.* from unnest(${asked.map((_, position) => position)}::integer[],
            ${asked.map(({tenant}) => tenant)}::text[], ${asked.map(({index}) => index)}::text[],
            ${asked.map(({before}) => before?.at.toISOString() ?? null)}::timestamptz[],
            ${asked.map(({before}) => before?.id ?? null)}::text[])
          as asked (position, tenant, subject_index, before_at, before_id)
        cross join lateral (
          select * from note where note.tenant = asked.tenant and note.subject_index = asked.subject_index
            and (asked.before_at is null or (note.occurred_at, note.id) < (asked.before_at, asked.before_id))
          order by note.occurred_at desc, note.id desc limit ${pageSize}) as page
        order by asked.position, page.occurred_at desc, page.id desc`.execute(database),
  );

  return {
    async *read({context: {tenant, subject, subjectIndex: index}, cursor}) {
      const before = cursor === undefined ? undefined : positionOf(cursor);
      const rows = await notesOf({tenant, index, before});
      const addenda =
        rows.length === 0
          ? []
          : await database
              .selectFrom('note_addendum')
              .selectAll()
              .where('tenant', '=', tenant)
              .where(
                'note_id',
                'in',
                rows.map(({id}) => id),
              )
              .orderBy('sequence')
              .execute();
      const deliveries = await outbox.deliveriesOf(
        tenant,
        rows.map(({id}) => id),
      );
      yield {
        about: subject,
        items: rows.map((row): Note & {readonly access: NoteAccess} => {
          const added = addenda.filter(({note_id}) => note_id === row.id);
          return {
            ref: {source: ownSourceId, id: row.id},
            occurredAt: row.occurred_at.toISOString(),
            recordedAt: row.recorded_at.toISOString(),
            delivery: deliveries.get(row.id) ?? {state: 'kept', at: row.recorded_at.toISOString()},
            ...noteContent(secrets, tenant, row),
            ...(added.length === 0
              ? {}
              : {
                  addenda: added.map(({at, sequence, content_sealed}) => ({
                    at: at.toISOString(),
                    ...(JSON.parse(
                      secrets.open(addendumBound(tenant, row.id, sequence), content_sealed),
                    ) as AddendumContent),
                  })),
                }),
          };
        }),
        ...pageCursor(rows, pageSize),
      };
    },

    async create(tx, identity, context, {occurredAt, ...content}, access) {
      const {tenant, subjectIndex} = context;
      const id = newNoteId();
      const now = new Date();
      const occurred = occurredAt === undefined ? now : new Date(occurredAt);
      const told = {author: authorOf(identity), ...content};
      const sealed: NoteContent = {...told, access};
      await tx
        .insertInto('note')
        .values({
          tenant,
          id,
          subject_index: subjectIndex,
          occurred_at: occurred,
          recorded_at: now,
          author_id: identity.user.id,
          content_sealed: secrets.seal(noteBound(tenant, id), JSON.stringify(sealed)),
        })
        .execute();
      const note = {...told, occurredAt: occurred.toISOString(), recordedAt: now.toISOString()};
      await outbox.put(tx, context, {noteId: id, part: 0}, note);
      return id;
    },

    async addendum(tx, identity, context, {note, body}) {
      const {tenant, subjectIndex} = context;
      // Locking the note puts two addenda at the same time in order.
      const found =
        note.source === ownSourceId &&
        (await tx
          .selectFrom('note')
          .select(['occurred_at', 'content_sealed'])
          .where('tenant', '=', tenant)
          .where('id', '=', note.id)
          .where('subject_index', '=', subjectIndex)
          .forUpdate()
          .executeTakeFirst());
      if (!found) throw notOurNote();
      const {last} = await tx
        .selectFrom('note_addendum')
        .select(sql<number>`coalesce(max(sequence), 0)`.as('last'))
        .where('tenant', '=', tenant)
        .where('note_id', '=', note.id)
        .executeTakeFirstOrThrow();
      const sequence = last + 1;
      const content: AddendumContent = {author: authorOf(identity), body};
      const now = new Date();
      await tx
        .insertInto('note_addendum')
        .values({
          tenant,
          note_id: note.id,
          sequence,
          at: now,
          author_id: identity.user.id,
          content_sealed: secrets.seal(addendumBound(tenant, note.id, sequence), JSON.stringify(content)),
        })
        .execute();
      const whole = JSON.parse(secrets.open(noteBound(tenant, note.id), found.content_sealed)) as NoteContent;
      // Who may read it here is nothing to the receiver.
      delete (whole as {access?: NoteAccess}).access;
      const times = {occurredAt: found.occurred_at.toISOString(), recordedAt: now.toISOString()};
      await outbox.put(tx, context, {noteId: note.id, part: sequence}, {...whole, ...content, ...times});
    },
  };
}

/**
 * 128 random bits in hex. None in which a CPR number could be read: the border gives such an id another name, by which the
 * note would not be found here.
 */
export function newNoteId(): string {
  for (;;) {
    const id = randomBytes(16).toString('hex');
    if (!containsCpr(id)) return id;
  }
}

/** The same for a note that is not there, not ours, not this person's or not for this user's eyes. */
export const notOurNote = (): ProblemError =>
  new ProblemError(
    problemOf('foreign-item', 'Only a note that was written here, about this person, takes an addendum.', {
      pointer: '/payload/note',
    }),
  );

const authorOf = ({user}: Identity): Staff => ({
  name: user.name,
  ...(user.unit === undefined ? {} : {unit: user.unit}),
});

/**
 * Refuses a body that is longer than a case system takes (SF2900: 100 KB), a KLE number that is none, and a time that
 * can't be kept.
 */
export function checkNote({
  body,
  kle,
  occurredAt,
}: Pick<NoteCreate, 'body' | 'occurredAt'> & {kle?: NoteCreate['kle']}): void {
  const bytes = Buffer.byteLength(body);
  if (bytes > maxNoteBytes)
    throw new ProblemError(
      problemOf('too-large', `The note is too long: ${bytes} bytes, and at most ${maxNoteBytes} can be kept.`, {
        pointer: '/payload/body',
      }),
    );
  if (occurredAt !== undefined && !canKeep(new Date(occurredAt)))
    throw new ProblemError(
      problemOf('invalid-request', 'The time is not in the years 1 to 9999.', {pointer: '/payload/occurredAt'}),
    );
  if (kle && !parseKle(kle.number).ok)
    throw new ProblemError(
      problemOf('invalid-request', 'That is not a KLE number such as 32.24.04.', {pointer: '/payload/kle/number'}),
    );
}
