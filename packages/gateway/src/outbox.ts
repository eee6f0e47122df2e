import {randomBytes} from 'node:crypto';
import {maskCprInText, type Note} from '@bsp/contract';
import type {IncomingReceipt, NoteReceipt, OutgoingNote} from '@bsp/sources';
import {sql} from 'kysely';
import type {Aliases} from './aliases.js';
import type {Connected} from './connectors.js';
import type {Context} from './contexts.js';
import {decidingNote} from './journal.js';
import {errorDetails, type Log} from './log.js';
import {writeNotices} from './notices.js';
import {canKeep, type Storage, type Tx} from './storage/database.js';
import {untilAborted} from './until-aborted.js';

/** Where a note is on its way. */
export type NoteDelivery = NonNullable<Note['delivery']>;

/** A note, part 0, or one of its addenda. */
export interface NotePart {
  readonly noteId: string;
  readonly part: number;
}

/**
 * Notes on their way to a source system. What is put here is committed with the note, is tried until it has arrived, and
 * goes with the same key each time, so that the receiver knows it again.
 */
export interface Outbox {
  /** Puts a note on its way, where notes are delivered at all, in the transaction that keeps it. */
  put(tx: Tx, context: Context, part: NotePart, note: Omit<OutgoingNote, 'subject' | 'addendumTo'>): Promise<void>;
  /** Where notes are that were put here. */
  deliveriesOf(tenant: string, noteIds: readonly string[]): Promise<ReadonlyMap<string, NoteDelivery>>;
  /** Delivers what is due, until nothing is. Never rejects for a receiver's sake. */
  deliverDue(tenant: string, closing: AbortSignal): Promise<void>;
  /** Takes a receipt that came later. */
  receive(tenant: string, source: string, receipt: IncomingReceipt): Promise<'kept' | 'duplicate' | 'unknown'>;
}

interface Row extends NotePart {
  /** By what the target knows it. */
  readonly key: string;
  readonly subjectIndex: string;
  readonly state: string;
  readonly stateAt: Date;
  readonly reasonSealed: string | null;
  readonly attempts: number;
  readonly noteSealed: string;
}

/** The words of SF2900's receipts, as far as they are on the way. What has ended stays so. */
const progress: Readonly<Record<string, number>> = {
  queued: 0,
  received: 1,
  delivered: 2,
  accepted: 3,
  rejected: 3,
  failed: 3,
};
const isLost = (state: string): boolean => state === 'rejected' || state === 'failed';

const batch = 8;
const longestPauseSeconds = 15 * 60;
/** How long after its deadline a delivery counts as given up by a process that has ended. */
const leaseSeconds = 5;

/** The name of a part: the key of a note, and of an addendum that has none of its own. */
const nameOf = ({noteId, part}: NotePart): string => (part === 0 ? noteId : `${noteId}.${part}`);

/** The key of a new addendum: as long as that of a note, because a receiver's own ids may have no room for more (SF2900). */
const newAddendumKey = (): string => randomBytes(16).toString('hex');

function partNamed(key: string): NotePart | undefined {
  const [, noteId, part] = /^([0-9a-f]{32})(?:\.([1-9]\d{0,8}))?$/.exec(key) ?? [];
  return noteId === undefined ? undefined : {noteId, part: Number(part ?? 0)};
}

/** Makes the room that owns notes on their way. `target` is the source that they go to. */
export function outboxOf(parts: {
  readonly storage: Storage;
  readonly aliases: Aliases;
  readonly ownSourceId: string;
  readonly target: Connected | undefined;
  readonly log: Log;
}): Outbox {
  const {storage, aliases, ownSourceId, target, log} = parts;
  const {database, secrets} = storage;
  const bound = (what: 'outgoing' | 'receipt', tenant: string, part: NotePart) => [what, tenant, nameOf(part)];

  /** Takes due parts in hand, for as long as a delivery may take. An addendum waits until its note has gone. */
  async function taken(tenant: string, {config}: Connected): Promise<Row[]> {
    const lease = sql<Date>`now() + make_interval(secs => ${config.deadlineMs / 1_000 + leaseSeconds})`;
    const due = sql<boolean>`(note_id, part) in (
      select note_id, part from note_delivery as one
      where tenant = ${tenant} and target = ${config.id} and due_at <= now() and not exists (
        select 1 from note_delivery as earlier where earlier.tenant = one.tenant
        and earlier.note_id = one.note_id and earlier.part < one.part and earlier.state = 'queued')
      order by due_at limit ${batch} for update skip locked)`;
    const rows = await database
      .updateTable('note_delivery')
      .set((eb) => ({due_at: lease, attempts: eb('attempts', '+', 1)}))
      .where('tenant', '=', tenant)
      .where(due)
      .returningAll()
      .execute();
    return rows.map(rowOf);
  }

  async function deliver(tenant: string, row: Row, {config, connector}: Connected, closing: AbortSignal) {
    const signal = AbortSignal.any([closing, AbortSignal.timeout(config.deadlineMs)]);
    const {key} = row;
    try {
      const note = JSON.parse(secrets.open(bound('outgoing', tenant, row), row.noteSealed)) as OutgoingNote;
      const given = await withSourcesCase(tenant, note);
      const receipt = await untilAborted(connector.deliverNote!(given, {key, signal}), signal);
      await settle(tenant, row, config.id, receipt);
      log.info({source: config.id, state: receipt.state, attempts: row.attempts}, 'a note was delivered');
    } catch (thrown) {
      const pause = Math.min(longestPauseSeconds, 2 ** Math.min(row.attempts, 20)) * (0.75 + Math.random() / 2);
      log.warn({source: config.id, attempts: row.attempts, ...errorDetails(thrown)}, 'a note is to be delivered again');
      await database
        .updateTable('note_delivery')
        .set({due_at: sql`now() + make_interval(secs => ${pause})`})
        .where('tenant', '=', tenant)
        .where('note_id', '=', row.noteId)
        .where('part', '=', row.part)
        .where('state', '=', 'queued')
        .execute();
    }
  }

  async function withSourcesCase(tenant: string, note: OutgoingNote): Promise<OutgoingNote> {
    if (!note.case) return note;
    const {source} = note.case.ref;
    return {...note, case: {...note.case, ref: {source, id: await aliases.sourceId(tenant, note.case.ref)}}};
  }

  function settle(
    tenant: string,
    part: NotePart,
    source: string,
    {state, at, reason}: NoteReceipt,
  ): Promise<'kept' | 'duplicate' | 'unknown'> {
    return storage.transact(async (tx) => {
      const row = await tx
        .selectFrom('note_delivery')
        .select(['state', 'subject_index'])
        .where('tenant', '=', tenant)
        .where('note_id', '=', part.noteId)
        .where('part', '=', part.part)
        .where('target', '=', source)
        .forUpdate()
        .executeTakeFirst();
      if (!row) return 'unknown';
      if (!(progress[state]! > progress[row.state]!)) return 'duplicate';
      const said = at === undefined ? undefined : new Date(at);
      await tx
        .updateTable('note_delivery')
        .set({
          state,
          state_at: said && canKeep(said) ? said : new Date(),
          reason_sealed:
            reason === undefined
              ? null
              : secrets.seal(bound('receipt', tenant, part), maskCprInText(reason).slice(0, 500)),
          due_at: null,
        })
        .where('tenant', '=', tenant)
        .where('note_id', '=', part.noteId)
        .where('part', '=', part.part)
        .execute();
      // That something of a note has changed is for whoever may see the note.
      const about = [await decidingNote(tx, secrets, tenant, part.noteId)];
      await writeNotices(storage, tx, tenant, [
        {subjectIndex: row.subject_index, resource: 'journal', source: ownSourceId, about},
      ]);
      return 'kept';
    });
  }

  async function addendumWith(tenant: string, source: string, key: string): Promise<NotePart | undefined> {
    if (!/^[0-9a-f]{32}$/.test(key)) return undefined;
    const row = await database
      .selectFrom('note_delivery')
      .select(['note_id', 'part'])
      .where('tenant', '=', tenant)
      .where('key', '=', key)
      .where('target', '=', source)
      .executeTakeFirst();
    return row && {noteId: row.note_id, part: row.part};
  }

  /**
   * An addendum follows its note: one that was kept before notes were delivered, or that another receiver has, stays here
   * with all that is added to it.
   */
  async function isOnItsWayTo(source: string, tx: Tx, tenant: string, noteId: string): Promise<boolean> {
    const row = await tx
      .selectFrom('note_delivery')
      .select('part')
      .where('tenant', '=', tenant)
      .where('note_id', '=', noteId)
      .where('part', '=', 0)
      .where('target', '=', source)
      .executeTakeFirst();
    return row !== undefined;
  }

  return {
    async put(tx, {tenant, subject, subjectIndex}, part, note) {
      if (!target || (part.part > 0 && !(await isOnItsWayTo(target.config.id, tx, tenant, part.noteId)))) return;
      const outgoing: OutgoingNote = {
        ...note,
        subject,
        ...(part.part === 0 ? {} : {addendumTo: nameOf({...part, part: 0})}),
      };
      const now = new Date();
      await tx
        .insertInto('note_delivery')
        .values({
          tenant,
          note_id: part.noteId,
          part: part.part,
          subject_index: subjectIndex,
          target: target.config.id,
          state: 'queued',
          state_at: now,
          reason_sealed: null,
          attempts: 0,
          due_at: now,
          note_sealed: secrets.seal(bound('outgoing', tenant, part), JSON.stringify(outgoing)),
          key: part.part === 0 ? null : newAddendumKey(),
        })
        .execute();
    },

    async deliveriesOf(tenant, noteIds) {
      if (noteIds.length === 0) return new Map();
      const rows = await database
        .selectFrom('note_delivery')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('note_id', 'in', noteIds)
        .orderBy('part')
        .execute();
      const told = new Map<string, Row>();
      for (const row of rows.map(rowOf)) {
        const before = told.get(row.noteId);
        // A note is as far as the last of its parts, and what one of them lost is lost.
        const behind = before && !isLost(before.state) && progress[row.state]! < progress[before.state]!;
        if (!before || behind || (isLost(row.state) && !isLost(before.state))) told.set(row.noteId, row);
      }
      return new Map(
        [...told].map(([id, row]) => [
          id,
          {
            state: row.state as NoteDelivery['state'],
            at: row.stateAt.toISOString(),
            ...(row.reasonSealed === null
              ? {}
              : {reason: secrets.open(bound('receipt', tenant, row), row.reasonSealed)}),
          },
        ]),
      );
    },

    async deliverDue(tenant, closing) {
      while (target && !closing.aborted) {
        const rows = await taken(tenant, target);
        if (rows.length === 0) return;
        await Promise.all(rows.map((row) => deliver(tenant, row, target, closing)));
      }
    },

    async receive(tenant, source, {key, ...receipt}) {
      const part = (await addendumWith(tenant, source, key)) ?? partNamed(key);
      return part ? settle(tenant, part, source, receipt) : 'unknown';
    },
  };
}

const rowOf = (row: {
  note_id: string;
  part: number;
  subject_index: string;
  state: string;
  state_at: Date;
  reason_sealed: string | null;
  attempts: number;
  note_sealed: string;
  key: string | null;
}): Row => ({
  noteId: row.note_id,
  part: row.part,
  key: row.key ?? nameOf({noteId: row.note_id, part: row.part}),
  subjectIndex: row.subject_index,
  state: row.state,
  stateAt: row.state_at,
  reasonSealed: row.reason_sealed,
  attempts: row.attempts,
  noteSealed: row.note_sealed,
});
