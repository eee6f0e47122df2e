import type {Notice} from '@bsp/contract';
import type {Context} from './contexts.js';
import {errorDetails, type Log} from './log.js';
import {cursorText, headLookOf, headOf, parseCursor} from './notices.js';
import type {Storage} from './storage/database.js';

/** Where a stream's notices are written to. */
export interface LiveSink {
  /** Writes a notice. False: the client is behind; `onDrain` is called once when it has caught up. */
  send(notice: Notice): boolean;
  onDrain(listener: () => void): void;
  /** Ends the line: the client comes back with its last cursor. */
  end(): void;
}

/** One client's stream. */
export interface LiveStream {
  close(): void;
}

/** Tells open streams what has changed. One look at the database per wake, whatever the number of streams. */
export interface LiveHub {
  /**
   * Opens a stream: first what was missed since `lastEventId` (without one: since each context was opened), then what
   * comes. `gone` are context ids that are not open: each gets one `reset`, so that its Session asks and is told.
   */
  open(
    tenant: string,
    contexts: readonly Context[],
    options: {
      gone: readonly string[];
      lastEventId?: string;
      sink: LiveSink;
      /** Whether the user may hear, in a context, of what a notice is about. */
      hears?: (notice: HeldNotice, context: Context) => boolean;
    },
  ): Promise<LiveStream>;
  /** A context was closed: its notices stop. */
  contextClosed(tenant: string, contextId: string): void;
  /** Ends all streams, and those that are opened later. */
  close(): void;
}

/** A notice as the database holds it. */
export type HeldNotice = Pick<Row, 'resource' | 'source' | 'about_sealed'>;

interface Row {
  readonly cursor: number;
  readonly subject_index: string;
  readonly user_id: string;
  readonly resource: string;
  readonly source: string;
  readonly about_sealed: string | null;
}

interface Stream {
  readonly tenant: string;
  readonly sink: LiveSink;
  readonly hears: (notice: HeldNotice, context: Context) => boolean;
  /** Open contexts by subject; a page may hold two of the same person. */
  readonly watched: Map<string, Watched[]>;
  epoch: string;
  /** Everything up to here has been sent. */
  sentUpTo: number;
  /** Takes notices as they come; else it is catching up from the database. */
  current: boolean;
  /** Something came while it was catching up. */
  behind: boolean;
  closed: boolean;
}

interface Watched {
  readonly context: Context;
  /** Notices of before are not for this context. */
  readonly from: number;
}

/** A tenant that somebody listens to. */
interface Tenant {
  position: number;
  epoch: string;
  readonly streams: Map<string, Set<Stream>>;
  reading: Promise<void> | undefined;
  again: boolean;
}

const batch = 1_000;

/** Makes the hub of a process. */
export function liveHubOf(storage: Storage, log: Log): LiveHub {
  const {database} = storage;
  const tenants = new Map<string, Promise<Tenant>>();
  const streams = new Set<Stream>();
  let closed = false;
  /** Ids of the contexts of lines that are being opened. */
  const opening = new Set<Set<string>>();

  storage.onWake((name) => {
    for (const [tenant, state] of tenants)
      if (name === undefined || name === tenant)
        state.then(
          (known) => wake(tenant, known),
          () => undefined,
        );
  });

  const tenantOf = (name: string): Promise<Tenant> => {
    let state = tenants.get(name);
    if (!state) {
      state = headOf(database, name).then(({epoch, cursor}) => ({
        position: cursor,
        epoch,
        streams: new Map(),
        reading: undefined,
        again: false,
      }));
      tenants.set(name, state);
      state.catch(() => tenants.delete(name));
    }
    return state;
  };

  const noticesAfter = (tenant: string, cursor: number, subjects?: readonly string[]): Promise<Row[]> => {
    const query = database
      .selectFrom('notice')
      .select(['cursor', 'subject_index', 'user_id', 'resource', 'source', 'about_sealed'])
      .where('tenant', '=', tenant)
      .where('cursor', '>', cursor);
    return (subjects ? query.where('subject_index', 'in', subjects) : query)
      .orderBy('cursor')
      .limit(batch)
      .execute()
      .then((rows) => rows.map((row) => ({...row, cursor: Number(row.cursor)})));
  };

  const headNow = headLookOf(database);

  /** Reads what is new and hands it out; a wake in the meantime makes it read once more. */
  function wake(name: string, tenant: Tenant): void {
    tenant.again = true;
    tenant.reading ??= (async () => {
      try {
        while (tenant.again) {
          tenant.again = false;
          const rows = await noticesAfter(name, tenant.position);
          for (const row of rows) {
            tenant.position = row.cursor;
            for (const stream of tenant.streams.get(row.subject_index) ?? []) {
              if (stream.current) tell(stream, row);
              else stream.behind = true;
            }
          }
          if (rows.length === batch) tenant.again = true;
        }
      } catch (thrown) {
        log.error(errorDetails(thrown), 'live notices could not be read; streams end and resume');
        for (const group of tenant.streams.values()) for (const stream of group) finish(stream);
      } finally {
        tenant.reading = undefined;
      }
    })();
  }

  /** Sends a row to the contexts it is for. False when the client is behind. */
  function tell(stream: Stream, row: Row): void {
    if (row.cursor <= stream.sentUpTo) return;
    stream.sentUpTo = row.cursor;
    let ready = true;
    for (const {context, from} of stream.watched.get(row.subject_index) ?? []) {
      if (row.cursor <= from || (row.user_id !== '' && row.user_id !== context.userId)) continue;
      if (context.expiresAt.getTime() <= Date.now() || !stream.hears(row, context)) continue;
      ready = stream.sink.send({
        kind: 'notice',
        cursor: cursorText({epoch: stream.epoch, cursor: row.cursor}),
        contextId: context.id,
        resource: row.resource,
        source: row.source,
      });
    }
    if (!ready) hold(stream);
  }

  /** A slow client costs nothing: what it can't take stays in the database until it can. */
  function hold(stream: Stream): void {
    if (!stream.current) return;
    stream.current = false;
    stream.sink.onDrain(() => void catchUp(stream));
  }

  async function catchUp(stream: Stream): Promise<void> {
    try {
      while (!stream.closed) {
        stream.behind = false;
        const rows = await noticesAfter(stream.tenant, stream.sentUpTo, [...stream.watched.keys()]);
        if (stream.closed) return;
        if (rows.length === batch) {
          // Further behind than a batch: reading everything again is cheaper for both sides.
          const head = await headOf(database, stream.tenant);
          stream.sentUpTo = head.cursor;
          if (resetAll(stream, head)) continue;
          stream.sink.onDrain(() => void catchUp(stream));
          return;
        }
        stream.current = true;
        for (const row of rows) {
          tell(stream, row);
          // Held again: what is left comes when the client has caught up.
          if (!stream.current) return;
        }
        if (!stream.behind) return;
        stream.current = false;
      }
    } catch (thrown) {
      log.error(errorDetails(thrown), 'a live stream could not catch up; it ends and resumes');
      finish(stream);
    }
  }

  /** False when the client is behind. */
  function resetAll(stream: Stream, head: {epoch: string; cursor: number}): boolean {
    const cursor = cursorText(head);
    let ready = true;
    for (const group of stream.watched.values())
      for (const {context} of group) ready = stream.sink.send({kind: 'reset', cursor, contextId: context.id});
    return ready;
  }

  function finish(stream: Stream): void {
    if (stream.closed) return;
    stream.closed = true;
    streams.delete(stream);
    tenants
      .get(stream.tenant)
      ?.then((tenant) => {
        for (const index of stream.watched.keys()) {
          const group = tenant.streams.get(index);
          group?.delete(stream);
          if (group?.size === 0) tenant.streams.delete(index);
        }
      })
      .catch(() => undefined);
    stream.sink.end();
  }

  return {
    async open(name, contexts, {gone, lastEventId, sink, hears = () => true}) {
      // Closed while the line is being opened: nothing is told of it.
      const open = new Set(contexts.map(({id}) => id));
      opening.add(open);
      const [tenant, head] = await Promise.all([tenantOf(name), headNow(name)]).finally(() => opening.delete(open));
      const given = lastEventId === undefined ? undefined : parseCursor(lastEventId);
      const unusable = lastEventId !== undefined && (given?.epoch !== head.epoch || given.cursor > head.cursor);
      const stream: Stream = {
        tenant: name,
        sink,
        hears,
        watched: new Map(),
        epoch: head.epoch,
        sentUpTo: head.cursor,
        current: false,
        behind: false,
        closed: false,
      };
      const lost: string[] = [...gone];
      for (const context of contexts) {
        if (!open.has(context.id)) continue;
        const opened = parseCursor(context.cursor);
        let from = Math.max(given && !unusable ? given.cursor : 0, opened?.cursor ?? 0);
        if (unusable || opened?.epoch !== head.epoch || from < head.pruned) {
          lost.push(context.id);
          from = head.cursor;
        }
        stream.sentUpTo = Math.min(stream.sentUpTo, from);
        const group = stream.watched.get(context.subjectIndex) ?? [];
        group.push({context, from});
        stream.watched.set(context.subjectIndex, group);
      }
      streams.add(stream);
      for (const index of stream.watched.keys()) {
        const group = tenant.streams.get(index) ?? new Set();
        tenant.streams.set(index, group.add(stream));
      }
      for (const contextId of lost) sink.send({kind: 'reset', cursor: cursorText(head), contextId});
      // Nothing came since: whatever comes after the head comes with a wake, since nobody has read past it yet.
      if (stream.sentUpTo === head.cursor && tenant.position <= head.cursor) stream.current = true;
      else await catchUp(stream);
      if (closed) finish(stream);
      return {close: () => finish(stream)};
    },

    contextClosed(tenant, contextId) {
      for (const ids of opening) ids.delete(contextId);
      for (const stream of streams)
        if (stream.tenant === tenant)
          for (const [index, group] of stream.watched)
            stream.watched.set(
              index,
              group.filter(({context}) => context.id !== contextId),
            );
    },

    close() {
      closed = true;
      for (const stream of [...streams]) finish(stream);
    },
  };
}
