import {type EventRecord, normalizedSubject, type RecordRef} from '@bsp/contract';
import type {IncomingEvent, SentDocument, SourcePage} from '@bsp/sources';
import {sql} from 'kysely';
import type {Access} from './access/access.js';
import {sieveOf} from './access/visible.js';
import type {Aliases} from './aliases.js';
import type {Context} from './contexts.js';
import {lacksPurpose, type Overlay} from './fan-out.js';
import {gathered, gatheredRows, isOfTheData} from './gathered.js';
import type {Identity} from './identity.js';
import {errorDetails, type Log} from './log.js';
import {headMovedBy, type NoticeDraft, sealedAbout, writeNotices} from './notices.js';
import {newestFirst, pageCursor} from './paging.js';
import type {OwnStore, Source, SourceRead} from './sources.js';
import {canKeep, type Storage, type Tx} from './storage/database.js';
import {subjectIndex} from './storage/secrets.js';
import {untilAborted} from './until-aborted.js';

/** Seen is the user's own; acknowledged and done are the tenant's. */
export type MarkKind = 'seen' | 'acknowledged' | 'done';

/** Events that the gateway received, and the marks on all events. */
export interface Events {
  /** What was received from one source, newest first. */
  storeOf(sourceId: string): OwnStore;
  /** Commits an event; once per (tenant, source, id). Then tries to find out whom it concerns, if it does not say. */
  keep(tenant: string, sourceId: string, event: IncomingEvent): Promise<'kept' | 'duplicate'>;
  /** Tries the events again whose person is not known yet. */
  joinWaiting(tenant: string): Promise<void>;
  /** Marks events of this context's subject. The first mark stands. */
  mark(tx: Tx, identity: Identity, context: Context, kind: MarkKind, refs: readonly RecordRef[]): Promise<void>;
  /** Adds the marks to records, and leaves out what they are about where that may not be seen. */
  readonly marked: Overlay;
}

type EventContent = Omit<IncomingEvent, 'id' | 'occurredAt'> & {
  readonly document?: Pick<SentDocument, 'ref' | 'title' | 'case' | 'access'>;
};

const pageSize = 500;
/** How long the sources are given to find the document of a post status. */
const joinMs = 2_000;
const joinBatch = 100;

/** Makes the room that owns events. `sources` is asked late: sources and events know each other. */
export function eventsOf(storage: Storage, aliases: Aliases, sources: () => readonly Source[], log: Log): Events {
  const {database, secrets} = storage;
  const bound = (tenant: string, source: string, id: string) => ['event', tenant, source, id];

  const opened = (tenant: string, source: string, id: string, sealed: string) =>
    JSON.parse(secrets.open(bound(tenant, source, id), sealed)) as EventContent;

  const joinFailed = (thrown: unknown) =>
    log.error(errorDetails(thrown), 'an event could not be joined to its person; it is kept and tried again');

  /** The document that a post status is about. Undefined when nobody knows it, or two sources name different persons. */
  async function sentDocument(content: EventContent): Promise<(SentDocument & {hidden: boolean}) | undefined> {
    const {message} = content;
    const asked = message ? sources().filter((source) => 'findSentDocument' in source) : [];
    const found = await Promise.all(
      asked.map(async (source) => {
        const signal = AbortSignal.timeout(joinMs);
        try {
          const document = await untilAborted(source.findSentDocument!(message!, signal), signal);
          const subject = document && normalizedSubject(document.subject);
          return subject?.ok
            ? [{...withSource(document!, source.id), subject: subject.value, hidden: source.existence !== undefined}]
            : [];
        } catch (thrown) {
          log.warn({source: source.id, ...errorDetails(thrown)}, 'a source could not be asked for a sent document');
          return [];
        }
      }),
    );
    const [first, ...others] = found.flat();
    if (first && others.some((other) => JSON.stringify(other.subject) !== JSON.stringify(first.subject))) {
      log.error({}, 'two sources name different persons for the same message: it stays unjoined');
      return undefined;
    }
    return first;
  }

  async function join(tenant: string, source: string, id: string, content: EventContent): Promise<void> {
    const document = await sentDocument(content);
    await storage.transact(async (tx) => {
      const unjoined = tx
        .updateTable('event')
        .where('tenant', '=', tenant)
        .where('source', '=', source)
        .where('id', '=', id)
        .where('subject_index', 'is', null);
      if (!document) {
        await unjoined.set({join_tried_at: new Date()}).execute();
        return;
      }
      const index = subjectIndex(secrets, tenant, '', document.subject);
      const {ref, title, access} = document;
      const joined: EventContent = document.hidden
        ? content
        : {
            ...content,
            document: {ref, title, ...(document.case ? {case: document.case} : {}), ...(access ? {access} : {})},
          };
      const result = await unjoined
        .set({
          subject_index: index,
          join_tried_at: null,
          content_sealed: secrets.seal(bound(tenant, source, id), JSON.stringify(joined)),
        })
        .executeTakeFirst();
      if (result.numUpdatedRows > 0n)
        await writeNotices(storage, tx, tenant, [{subjectIndex: index, resource: 'events', source, about: [joined]}]);
    });
  }

  /**
   * Commits events of a tenant with their notices: one statement, and so one round trip and one commit, which takes the lock
   * of the head last (see {@link writeNotices}). Gives those that were not there.
   */
  const insert = (tenant: string, incoming: readonly Incoming[]) => {
    const receivedAt = new Date();
    // In one order everywhere: two replicas that are given the same messages wait for each other, but not in a ring.
    const rows = incoming.toSorted(byPlace).map(({source, id, index, occurred, content}) => ({
      source,
      id,
      index,
      occurred: (canKeep(occurred) ? occurred : receivedAt).toISOString(),
      content: secrets.seal(bound(tenant, source, id), JSON.stringify(content)),
    }));
    const told = incoming.flatMap(({source, id, index, content}) => {
      if (index === null) return [];
      const draft: NoticeDraft = {subjectIndex: index, resource: 'events', source, about: [content]};
      return [{source, id, index, about: sealedAbout(storage, tenant, draft)}];
    });
    const column = <Row>(of: readonly Row[], name: keyof Row) => of.map((row) => row[name]);
    return storage.waking(
      tenant,
      async (wake) => {
        const result = await sql<{source: string; id: string}>`
          with kept as (
            insert into event (tenant, source, id, subject_index, occurred_at, content_sealed, received_at)
            select ${tenant}, given.*, ${receivedAt.toISOString()}::timestamptz
            from unnest(${column(rows, 'source')}::text[], ${column(rows, 'id')}::text[],
                ${column(rows, 'index')}::text[], ${column(rows, 'occurred')}::timestamptz[],
                ${column(rows, 'content')}::text[]) as given
            on conflict do nothing returning source, id),
          told as (
            select given.*, row_number() over (order by place) as nth, count(*) over () as total
            from unnest(${column(told, 'source')}::text[], ${column(told, 'id')}::text[],
                ${column(told, 'index')}::text[], ${column(told, 'about')}::text[])
              with ordinality as given (source, id, subject_index, about_sealed, place)
            join kept using (source, id)),
          head as (${headMovedBy(tenant, sql`select count(*) as more from told having count(*) > 0`, wake)}),
          noted as (
            insert into notice (tenant, cursor, subject_index, user_id, resource, source, about_sealed)
            select ${tenant}, head.cursor - total + nth, subject_index, '', 'events', source, about_sealed
            from head, told)
          select source, id from kept`.execute(database);
        return result.rows;
      },
      (kept) => kept.length > 0,
    );
  };

  /** Commits events that come at about the same time together. True for each that was not there. */
  const commit = gathered(
    async (incoming: readonly Incoming[]) => {
      // Of several of one id the first is the one.
      const firsts = new Map<string, Incoming>();
      for (const one of incoming) if (!firsts.has(placeOf(one))) firsts.set(placeOf(one), one);
      const places = new Set<string>();
      for (const tenant of new Set(incoming.map((one) => one.tenant))) {
        const its = [...firsts.values()].filter((one) => one.tenant === tenant);
        for (const row of await insert(tenant, its)) places.add(placeOf({tenant, ...row}));
      }
      return incoming.map((one) => places.delete(placeOf(one)));
    },
    {isOnes: isOfTheData},
  );

  /**
   * Whether a user may see what an event is about: who may see the event need not see the document of another source that it
   * was joined to. That is decided as the document itself is.
   */
  function mayShowAbout(
    access: Access,
    context: Context,
    {about}: EventRecord,
    from: {readonly source: string; readonly origin: unknown},
  ): boolean {
    if (!about || about.ref.source === from.source) return true;
    const its = sources().find(({id}) => id === about.ref.source);
    if (its && lacksPurpose(its, context)) return false;
    if (access.unbounded) return true;
    const {access: deciding} = (from.origin as {about?: {access?: unknown}} | undefined)?.about ?? {};
    const resource = about.kind === 'case' ? 'cases' : 'documents';
    const given = {access: deciding, case: about.case};
    return its !== undefined && access.reads(resource) && sieveOf(access, resource, its.access)(given) !== undefined;
  }

  /** Marks of several reads at once. */
  const marksOf = gatheredRows(async (asked: readonly Marked[]) => {
    const wanted = asked.flatMap(({ids}, position) => ids.map((id) => ({position, id})));
    return sql<MarkRow>`
        select position, event_id, kind, event_mark.at, by_name
        from unnest(${asked.map((_, position) => position)}::integer[], ${asked.map(({tenant}) => tenant)}::text[],
            ${asked.map(({index}) => index)}::text[], ${asked.map(({source}) => source)}::text[],
            ${asked.map(({user}) => user)}::text[])
          as asked (position, tenant, subject_index, source, reader)
        join unnest(${wanted.map(({position}) => position)}::integer[], ${wanted.map(({id}) => id)}::text[])
          as wanted (position, event_id) using (position)
        join event_mark using (tenant, subject_index, source, event_id)
        where event_mark.user_id in ('', asked.reader)`.execute(database);
  });

  return {
    storeOf: (source) =>
      async function* ({context: {tenant, subject, subjectIndex: index}, cursor}: SourceRead) {
        const rows = await newestFirst(
          database
            .selectFrom('event')
            .selectAll()
            .where('tenant', '=', tenant)
            .where('source', '=', source)
            .where('subject_index', '=', index),
          cursor,
          pageSize,
        ).execute();
        const page: SourcePage = {
          about: subject,
          items: rows.map((row) => {
            const {document, ...content} = opened(tenant, source, row.id, row.content_sealed);
            return {
              ref: {source, id: row.id},
              ...content,
              occurredAt: row.occurred_at.toISOString(),
              receivedAt: row.received_at.toISOString(),
              ...(document ? {about: {kind: 'document', ...document}} : {}),
            };
          }),
          ...pageCursor(rows, pageSize),
        };
        yield page;
      },

    async keep(tenant, source, {id: givenId, occurredAt, ...content}) {
      const id = /^[!-~]{1,200}$/.test(givenId)
        ? aliases.publicId(tenant, {source, id: givenId})
        : secrets.fingerprint('event', [tenant, source, givenId]);
      const subject = content.subject && normalizedSubject(content.subject);
      const index = subject?.ok ? subjectIndex(secrets, tenant, '', subject.value) : null;
      if (!(await commit({tenant, source, id, index, occurred: new Date(occurredAt), content}))) return 'duplicate';
      if (index === null) await join(tenant, source, id, content).catch(joinFailed);
      return 'kept';
    },

    async joinWaiting(tenant) {
      const rows = await database
        .selectFrom('event')
        .select(['source', 'id', 'content_sealed'])
        .where('tenant', '=', tenant)
        .where('subject_index', 'is', null)
        .orderBy(sql`join_tried_at asc nulls first`)
        .limit(joinBatch)
        .execute();
      for (const {source, id, content_sealed} of rows)
        await join(tenant, source, id, opened(tenant, source, id, content_sealed)).catch(joinFailed);
    },

    async mark(tx, {user}, {tenant, subjectIndex: index}, kind, refs) {
      // Always in the same order: two who mark the same ones at once would wait for each other.
      const ordered = refs.map(({source, id}) => ({tenant, source, id})).toSorted(byPlace);
      await tx
        .insertInto('event_mark')
        .values(
          ordered.map(({tenant, source, id}) => ({
            tenant,
            subject_index: index,
            source,
            event_id: id,
            kind,
            user_id: kind === 'seen' ? user.id : '',
            at: new Date(),
            by_id: user.id,
            by_name: user.name,
          })),
        )
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },

    async marked({user, access}, context, source, items, origins) {
      const {tenant, subjectIndex: index} = context;
      if (items.length === 0) return items;
      const records = (items as readonly EventRecord[]).map((record, place) =>
        mayShowAbout(access, context, record, {source, origin: origins[place]}) ? record : withoutAbout(record),
      );
      const ids = records.map(({ref}) => ref.id);
      const rows = await marksOf({tenant, index, source, user: user.id, ids});
      const marks = new Map(rows.map((row) => [`${row.kind} ${row.event_id}`, row]));
      return records.map((record): EventRecord => {
        const mark = (kind: MarkKind) => marks.get(`${kind} ${record.ref.id}`);
        const seen = mark('seen');
        const acknowledged = mark('acknowledged');
        const done = mark('done');
        return {
          ...record,
          ...(seen ? {seenAt: seen.at.toISOString()} : {}),
          ...(acknowledged ? {acknowledged: {at: acknowledged.at.toISOString(), by: acknowledged.by_name}} : {}),
          ...(done ? {done: {at: done.at.toISOString(), by: done.by_name}} : {}),
        };
      });
    },
  };
}

/** An event that is to be committed. */
interface Incoming {
  readonly tenant: string;
  readonly source: string;
  readonly id: string;
  readonly index: string | null;
  readonly occurred: Date;
  readonly content: EventContent;
}

type Place = Pick<Incoming, 'tenant' | 'source' | 'id'>;

const placeOf = ({tenant, source, id}: Place): string => JSON.stringify([tenant, source, id]);

const byPlace = (left: Place, right: Place): number =>
  placeOf(left) < placeOf(right) ? -1 : Number(placeOf(left) > placeOf(right));

/** Events whose marks are asked for. */
interface Marked {
  readonly tenant: string;
  readonly index: string;
  readonly source: string;
  readonly user: string;
  readonly ids: readonly string[];
}

interface MarkRow {
  readonly position: number;
  readonly event_id: string;
  readonly kind: string;
  readonly at: Date;
  readonly by_name: string;
}

const withoutAbout = ({about: _, ...record}: EventRecord): EventRecord => record;

const withSource = (document: SentDocument, source: string): SentDocument => ({
  ...document,
  ref: {source: document.ref.source || source, id: document.ref.id},
  ...(document.case
    ? {case: {...document.case, ref: {source: document.case.ref.source || source, id: document.case.ref.id}}}
    : {}),
});
