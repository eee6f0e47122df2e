import {
  type Action,
  type ActionResult,
  type ActionType,
  actionPayloads,
  actionSchema,
  type DraftSave,
  type EventMark,
  type Launch,
  type NoteAddendum,
  type NoteCreate,
  ProblemError,
  problemOf,
  type RecordRef,
  type Search,
} from '@bsp/contract';
import {decidingOf} from './access/visible.js';
import type {Context} from './contexts.js';
import {checkDraft, type Drafts} from './drafts.js';
import type {Events, MarkKind} from './events.js';
import type {FanOut} from './fan-out.js';
import type {Identity} from './identity.js';
import {checkNote, type Journal, type NoteAccess, notOurNote} from './journal.js';
import type {Launches} from './launches.js';
import {type NoticeDraft, writeNotices} from './notices.js';
import {requestPart} from './problems.js';
import type {Revealing} from './reveal.js';
import type {Searching} from './search.js';
import type {Storage, Tx} from './storage/database.js';

/** What an action needs of the request. */
export interface ActionRequest {
  readonly identity: Identity;
  readonly context: Context;
  readonly from: string;
  readonly signal: AbortSignal;
  /** Has the browser show that it is the one that launched, when it comes for the form. */
  readonly rememberLaunch?: (cookie: {readonly path: string; readonly value: string; readonly seconds: number}) => void;
}

/** Writes in a context. */
export interface Actions {
  /**
   * Does an action once per (tenant, user, subject, key): its result is committed with its effect.
   * @throws ProblemError `key-reused` for the same key with another payload.
   */
  perform(request: ActionRequest, body: unknown): Promise<ActionResult>;
  /** Forgets the keys of actions older than 30 days. */
  sweep(tenant: string): Promise<void>;
}

/** What one kind of action does. */
interface Deed {
  /** Checks that need other systems, before the transaction. */
  prepare?(request: ActionRequest, payload: unknown): Promise<void>;
  effect(
    tx: Tx,
    request: ActionRequest,
    payload: unknown,
    key: string,
  ): Promise<{result?: unknown; notices?: NoticeDraft[]}>;
}

/** The rooms that actions write in. */
export interface ActionParts {
  readonly storage: Storage;
  readonly fanOut: FanOut;
  readonly journal: Journal;
  readonly events: Events;
  readonly drafts: Drafts;
  readonly revealing: Revealing;
  readonly launches: Launches;
  readonly searching: Searching;
  readonly ownSourceId: string;
}

/** Makes the room that does actions. */
export function actionsOf(parts: ActionParts): Actions {
  const {storage, fanOut, journal, events, drafts, revealing, launches, searching, ownSourceId} = parts;
  const {database, secrets} = storage;

  const journalNotice = ({context}: ActionRequest, note: object): NoticeDraft => ({
    subjectIndex: context.subjectIndex,
    resource: 'journal',
    source: ownSourceId,
    about: [note],
  });

  const marking = (kind: MarkKind): Deed => ({
    async prepare({identity, context, signal}, payload) {
      for (const [source, ids] of bySource((payload as EventMark).events)) {
        const held = await fanOut.holds(identity, context, {resource: 'events', source, ids}, signal);
        if (held === 'no') throw foreign('An event is not one of this person.', '/payload/events');
        if (held === 'unknown')
          throw new ProblemError(problemOf('unavailable', 'The source of the event does not answer.', {retryAfter: 5}));
      }
    },
    async effect(tx, {identity, context}, payload) {
      const refs = (payload as EventMark).events;
      await events.mark(tx, identity, context, kind, refs);
      const mine = kind === 'seen' ? {userId: identity.user.id} : {};
      const notices = [...bySource(refs).keys()].map((source) => ({
        subjectIndex: context.subjectIndex,
        resource: 'events',
        source,
        about: refs
          .filter((ref) => ref.source === source)
          .map((ref) => fanOut.deciding(identity, context, 'events', ref)),
        ...mine,
      }));
      return {notices};
    },
  });

  const deeds: Record<Exclude<ActionType, 'reveal' | 'launch' | 'search'>, Deed> = {
    'note.create': {
      async prepare({identity, context, signal}, payload) {
        const note = payload as NoteCreate;
        checkNote(note);
        if (!note.case) return;
        const {source, id} = note.case.ref;
        // A source that does not answer now does not cost the note: it still belongs to this person.
        if ((await fanOut.holds(identity, context, {resource: 'cases', source, ids: [id]}, signal)) === 'no')
          throw foreign('The case is not one of this person.', '/payload/case/ref');
      },
      async effect(tx, request, payload) {
        const {identity, context} = request;
        const note = payload as NoteCreate;
        const through = note.case && [fanOut.accessTo(identity, context, 'cases', note.case.ref)];
        const access: NoteAccess = {writer: identity.user.id, ...(through ? {through} : {})};
        const id = await journal.create(tx, identity, context, note, access);
        const notice = journalNotice(request, decidingOf({...note, access}));
        return {result: {ref: {source: ownSourceId, id}}, notices: [notice]};
      },
    },
    'note.addendum': {
      async prepare({identity, context, signal}, payload) {
        checkNote(payload as NoteAddendum);
        const {source, id} = (payload as NoteAddendum).note;
        if (source !== ownSourceId) throw notOurNote();
        if ((await fanOut.holds(identity, context, {resource: 'journal', source, ids: [id]}, signal)) !== 'yes')
          throw notOurNote();
      },
      async effect(tx, request, payload) {
        const {identity, context} = request;
        const {note} = payload as NoteAddendum;
        await journal.addendum(tx, identity, context, payload as NoteAddendum);
        return {notices: [journalNotice(request, fanOut.deciding(identity, context, 'journal', note))]};
      },
    },
    'event.seen': marking('seen'),
    'event.acknowledge': marking('acknowledged'),
    'event.done': marking('done'),
    'draft.save': {
      prepare: (_, payload) => Promise.resolve(checkDraft(payload as DraftSave)),
      async effect(tx, {context}, payload, key) {
        // No notice: the window that writes a draft knows it, and every re-read would be a logged lookup.
        await drafts.save(tx, context, payload as DraftSave, key);
        return {};
      },
    },
  };

  async function earlier(request: ActionRequest, {type, key}: Action, hash: string, reader: Tx | Storage['database']) {
    const {identity, context} = request;
    const row = await reader
      .selectFrom('action')
      .select(['payload_hash', 'at', 'result'])
      .where('tenant', '=', context.tenant)
      .where('user_id', '=', identity.user.id)
      .where('subject_index', '=', context.subjectIndex)
      .where('key', '=', key)
      .executeTakeFirst();
    if (!row) return undefined;
    if (row.payload_hash !== hash)
      throw new ProblemError(problemOf('key-reused', 'The key was used for something else.', {pointer: '/key'}));
    return {...answer(type, key, row.at, row.result), replayed: true};
  }

  return {
    async perform(request, body) {
      const {identity, context} = request;
      const action = requestPart(actionSchema, body);
      const {type, key} = action;
      if (!Object.hasOwn(actionPayloads, type))
        throw new ProblemError(problemOf('not-applicable', 'There is no such action here.', {pointer: '/type'}));
      if (!/^[!-~]+$/.test(key))
        throw new ProblemError(problemOf('invalid-request', 'The key is not a plain word.', {pointer: '/key'}));
      if (!identity.access.acts(type))
        throw new ProblemError(problemOf('forbidden', 'Your office does not do this.', {pointer: '/type'}));
      const payload: unknown = requestPart<unknown>(actionPayloads[type as ActionType], action.payload, '/payload');
      if (type === 'reveal') {
        const result = await revealing.reveal(request, payload);
        return {key, type, at: new Date().toISOString(), result};
      }
      if (type === 'search') {
        const result = await searching.search(request, payload as Search);
        return {key, type, at: new Date().toISOString(), result};
      }
      if (type === 'launch') {
        const result = await launches.launch(request, payload as Launch);
        return {key, type, at: new Date().toISOString(), result};
      }
      const deed = deeds[type as keyof typeof deeds];
      // Of what was understood: what was not has no effect, and may be of any depth.
      const hash = secrets.fingerprint('action', [type, canonical(payload)]);
      const before = await earlier(request, action, hash, database);
      if (before) return before;
      await deed.prepare?.(request, payload);
      return storage.transact(async (tx) => {
        const at = new Date();
        const owner = {tenant: context.tenant, user_id: identity.user.id, subject_index: context.subjectIndex, key};
        // A draft that is saved while its action is done must not be there afterwards.
        await drafts.lock(tx, context);
        // The same key at the same time waits here until the other one has committed.
        const first = await tx
          .insertInto('action')
          .values({...owner, type, payload_hash: hash, at, result: null})
          .onConflict((conflict) => conflict.doNothing())
          .returning('key')
          .executeTakeFirst();
        if (!first) {
          const done = await earlier(request, action, hash, tx);
          if (done) return done;
          throw new ProblemError(problemOf('conflict', 'The action is being done elsewhere.', {retryAfter: 1}));
        }
        const {result, notices = []} = await deed.effect(tx, request, payload, key);
        await drafts.dropDone(tx, context, key);
        const stored = result === undefined ? null : JSON.stringify(result);
        if (stored !== null)
          await tx
            .updateTable('action')
            .set({result: stored})
            .where((eb) => eb.and(owner))
            .execute();
        await writeNotices(storage, tx, context.tenant, notices);
        return answer(type, key, at, stored);
      });
    },

    async sweep(tenant) {
      await database
        .deleteFrom('action')
        .where('tenant', '=', tenant)
        .where('at', '<', new Date(Date.now() - 30 * 86_400_000))
        .execute();
    },
  };
}

const answer = (type: string, key: string, at: Date, result: string | null): ActionResult => ({
  key,
  type,
  at: at.toISOString(),
  ...(result === null ? {} : {result: JSON.parse(result) as unknown}),
});

const foreign = (title: string, pointer: string) => new ProblemError(problemOf('foreign-item', title, {pointer}));

function bySource(refs: readonly RecordRef[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const {source, id} of refs) {
    const ids = groups.get(source) ?? [];
    if (!ids.includes(id)) ids.push(id);
    groups.set(source, ids);
  }
  return groups;
}

/** JSON with the keys of every object in order: two spellings of one payload are one payload. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`).join(',')}}`;
}
