import {
  type Action,
  type ActionResult,
  type ActionType,
  actionPayloads,
  type Backend,
  type Draft,
  type DraftSave,
  type EventMark,
  type EventRecord,
  type Found,
  type Frame,
  type FrameStatus,
  type Hit,
  type Launch,
  type Launched,
  launchParameter,
  type Me,
  maxFrameItems,
  maxNoteBytes,
  maxSearchHits,
  type Note,
  type NoteAddendum,
  type NoteCreate,
  type Plan,
  type Problem,
  type ProblemCode,
  ProblemError,
  problemOf,
  type Read,
  type RecordRef,
  type Reveal,
  refKey,
  type Search,
  type SourceName,
  type StreamMessage,
  searchTerm,
  shownNumber,
} from '@bsp/contract';
import {
  type BackendMethod,
  type Behaviour,
  forSource,
  garbageMessages,
  goodBehaviour,
  unreadableItems,
} from './behaviour.js';
import {momentOfInstant} from './calendar.js';
import {type Clock, realClock, throwIfAborted, waitFor} from './clock.js';
import {Contexts, holderOf, type OpenContext} from './contexts.js';
import {
  casesOfOrganization,
  holds,
  itemsOf,
  knowsOrganizations,
  ownSources,
  sourcesOf,
  type Written,
  withoutNumbers,
  withUnknownWords,
} from './holdings.js';
import {LiveLine} from './live-line.js';
import {MessageQueue} from './message-queue.js';
import {type Municipality, type MunicipalityOptions, municipality, writtenCpr} from './municipality.js';
import {withoutUndefined} from './population.js';
import {chanceOf, hash32} from './random.js';
import {searchedIds, searchSystem} from './search.js';
import {type SystemId, systems} from './systems.js';
import {korsbaekTargets} from './targets.js';

/** What to make. */
export interface KorsbaekBackendOptions extends MunicipalityOptions {
  /** How it misbehaves from the start; {@link KorsbaekBackend.behaviour} changes it later. */
  readonly behaviour?: Partial<Behaviour>;
  /** Default: the machine's. See `manualClock`. */
  readonly clock?: Clock;
  /** Systems that tell only that they hold something. Default: DUBU. */
  readonly existenceOnly?: readonly SystemId[];
  readonly user?: Me['user'];
}

/** An event to be made. What is left out is filled in. */
export type EmittedEvent = Pick<EventRecord, 'title'> &
  Partial<Omit<EventRecord, 'ref' | 'title'>> & {
    /** An event is shown once per id. */
    readonly id?: string;
    /** Default: `beskedfordeler`. */
    readonly source?: string;
  };

/** A call that the Backend got: for tests that count. Holds no CPR number and no text. */
export interface BackendCall {
  readonly method: BackendMethod;
  readonly contextId?: string;
  readonly reads?: readonly Read[];
  readonly action?: string;
}

/** A synthetic municipality as a Backend. */
export interface KorsbaekBackend extends Required<Omit<Backend, 'bridge'>> {
  readonly municipality: Municipality;
  /** Change it at any time. */
  readonly behaviour: Behaviour;
  /** Every call so far, oldest first. */
  readonly calls: readonly BackendCall[];
  /** A source (`ky`) or a resource of it (`ky/cases`) does not answer until the returned function is called. */
  hold(source: string): () => void;
  /**
   * Makes an event happen to a person (CPR number or index): it stands in `events`, and a notice tells. The same id again
   * changes nothing.
   */
  emit(person: string | number, event: EmittedEvent): EventRecord;
  /** Moves a note that was written here on its way to its system. */
  deliverNote(ref: RecordRef, state: NonNullable<Note['delivery']>['state'], reason?: string): void;
  /** Drops the live line of everybody who listens. */
  dropLive(): void;
  /** Notices told so far can't be resumed: who comes back gets a `reset`. */
  forgetNotices(): void;
  /** Sends a `reset` to every open context of a person. */
  reset(person: string | number): void;
}

const tenant: Me['tenant'] = {id: 'korsbaek', name: 'Korsbæk Kommune'};
const purposes: Me['purposes'] = [
  {id: '171', label: 'Kontrol af bevillinger efter LAB'},
  {id: '172', label: 'Kontrol af bevillinger efter LAS m.fl.'},
];
const capabilities: readonly string[] = [
  ...['person', 'cases', 'journal', 'events', 'drafts', 'targets'].map((resource) => `read:${resource}`),
  ...Object.keys(actionPayloads).map((type) => `act:${type}`),
  'live',
];
/** Actions whose result is made anew each time. */
const neverKept: ReadonlySet<string> = new Set(['reveal', 'launch', 'search']);
const markFields = {'event.seen': 'seenAt', 'event.acknowledge': 'acknowledged', 'event.done': 'done'} as const;

const problem = (code: ProblemCode, title: string, more?: Parameters<typeof problemOf>[2]): ProblemError =>
  new ProblemError(problemOf(code, title, more));

/** Makes a Backend. Each has its own writes; two of the same seed hold the same people. */
export function korsbaekBackend(options: KorsbaekBackendOptions = {}): KorsbaekBackend {
  const clock = options.clock ?? realClock;
  const town = municipality({...options, today: options.today ?? momentOfInstant(clock.now())});
  const existenceOnly = options.existenceOnly ?? ['dubu'];
  const user = options.user ?? {id: 'kbru', name: 'Karla Bruun', unit: 'Jobcenter Korsbæk', office: 'front'};
  const behaviour: Behaviour = {...goodBehaviour(), ...options.behaviour};
  const calls: BackendCall[] = [];
  const contexts = new Contexts(town, () => clock.now());
  const line = new LiveLine(hash32(`${town.seed}/${clock.now()}`).toString(36));
  const writtenBy = new Map<string, Written>();
  const carriedOut = new Map<string, CarriedOut>();
  const held = new Map<string, {count: number; waiting: Set<() => void>}>();
  let written = 0;
  let reads = 0;
  let launches = 0;

  const now = (): string => momentOfInstant(clock.now());
  const can = (capability: string): boolean => !behaviour.withoutCapabilities.includes(capability);

  const writtenOf = (place: string): Written => {
    let own = writtenBy.get(place);
    if (!own) {
      own = {notes: [], addenda: new Map(), events: [], marks: new Map(), drafts: new Map()};
      writtenBy.set(place, own);
    }
    return own;
  };
  const cprOf = (person: string | number): string =>
    typeof person === 'number' ? town.inhabitant(person).cpr : (holderOf(town, {type: 'cpr', value: person}).cpr ?? '');
  const tell = (cpr: string, resource: string, source: string): void => {
    for (const {opened} of contexts.about(cpr)) line.notify(opened.contextId, resource, source);
  };

  /** The beginning of every call: it is noted, and fails when it is told to. */
  const begin = async (call: BackendCall, signal: AbortSignal | undefined, waitMs = 0): Promise<void> => {
    calls.push(call);
    const never = new AbortController().signal;
    if (signal) throwIfAborted(signal);
    if (waitMs > 0) await clock.wait(waitMs, signal ?? never);
    const failure = behaviour.requests[call.method];
    if (failure !== undefined) throw requestProblem(failure);
  };

  const free = async (key: string, signal: AbortSignal): Promise<void> => {
    for (let hold = held.get(key); hold && hold.count > 0; hold = held.get(key)) {
      const {waiting} = hold;
      await waitFor(signal, (done) => {
        waiting.add(done);
        return () => waiting.delete(done);
      });
    }
  };

  /** Waits as long as the source takes; tells whether it made it before the deadline. */
  const answersInTime = async (source: string, resource: string, signal: AbortSignal): Promise<boolean> => {
    const latency = forSource(behaviour.latency, source, resource) ?? behaviour.latencyMs;
    const deadline = behaviour.deadlineMs;
    if (latency > 0) await clock.wait(Math.min(latency, deadline), signal);
    await free(source, signal);
    await free(`${source}/${resource}`, signal);
    return latency <= deadline;
  };

  const framesOf = (context: OpenContext, read: Read, source: SourceName, readId: string, inTime: boolean): Frame[] => {
    const {resource} = read;
    const contextId = context.opened.contextId;
    const cachedMinutes = forSource(behaviour.cached, source.id, resource);
    const base = {
      kind: 'frame' as const,
      readId,
      contextId,
      resource,
      source,
      asOf: momentOfInstant(clock.now() - (cachedMinutes ?? 0) * 6e4),
      ...(cachedMinutes === undefined ? {} : {cached: true}),
    };
    /** Good in its own context, for its own source, and nowhere else. */
    const cursorAt = (offset: number): string =>
      `o${offset}.${hash32(`${town.seed}/${contextId}/${resource}/${source.id}/${offset}`).toString(36)}`;
    const failed = (status: FrameStatus, why: Problem): Frame => ({
      ...base,
      status,
      mode: 'replace',
      items: [],
      problem: why,
    });
    const isOfOrganization = knowsOrganizations(resource, source.id, context.subject.type);
    if (context.cpr === undefined && resource !== 'drafts' && !isOfOrganization) {
      return [failed('not-applicable', problemOf('not-applicable', 'This is about persons'))];
    }
    const failure = inTime ? forSource(behaviour.failures, source.id, resource) : 'timeout';
    if (failure) return [failed(failure, statusProblem(failure, source.name))];
    const start = read.cursor === undefined ? 0 : offsetOf(read.cursor, cursorAt);
    if (start === undefined) return [failed('invalid', problemOf('protocol', 'The cursor is none of ours'))];

    const wrong = behaviour.wrongPerson && resource === 'person';
    const index = wrong ? anotherThan(context.index) : context.index;
    const own = writtenBy.get(placeOf(context));
    const all = isOfOrganization
      ? casesOfOrganization(context.organization, source.id)
      : itemsOf(town, existenceOnly, index, own, resource, source.id);
    const pageSize = Math.max(1, Math.min(behaviour.pageSize ?? maxFrameItems, maxFrameItems));
    const frames: Frame[] = [];
    for (let from = start; from === start || from < all.length; from += pageSize) {
      const page = all.slice(from, from + pageSize).map(border);
      const more = behaviour.pageSize !== undefined && from + pageSize < all.length;
      const room = Math.max(0, Math.min(behaviour.unreadableItems, maxFrameItems - page.length));
      frames.push({
        ...base,
        status: 'ok',
        mode: from === 0 ? 'replace' : 'append',
        items: [...page, ...Array.from({length: room}, (_, i) => unreadableItems[i % unreadableItems.length])],
        ...(more ? {next: cursorAt(from + pageSize)} : {}),
        ...(behaviour.invalidItems > 0 ? {invalid: behaviour.invalidItems} : {}),
      });
      if (more) break;
    }
    return frames;
  };

  /** What every item goes through on its way out. */
  const border = (item: unknown): unknown => {
    const copy = behaviour.numbersInText ? structuredClone(item) : withoutNumbers(item);
    return behaviour.unknownWords ? withUnknownWords(copy) : copy;
  };

  const anotherThan = (index: number | undefined): number =>
    index === 0 || town.size === 1 ? Math.min(1, town.size - 1) : 0;

  const foreignFrame = (frame: Frame, context: OpenContext): Frame => ({
    ...frame,
    contextId: `${frame.contextId}-another`,
    status: 'ok',
    mode: 'replace',
    items: itemsOf(town, existenceOnly, anotherThan(context.index), undefined, frame.resource, frame.source.id)
      .slice(0, maxFrameItems)
      .map(border),
  });

  const answer = async (
    contextId: string,
    asked: readonly Read[],
    queue: MessageQueue<StreamMessage>,
    signal: AbortSignal,
  ): Promise<void> => {
    await begin({method: 'read', contextId, reads: asked}, signal);
    const context = contexts.get(contextId);
    const readId = `read-${++reads}`;
    const jobs: {read: Read; source: SourceName}[] = [];
    const plan: Plan['resources'] = {};
    for (const read of asked) {
      const known = can(`read:${read.resource}`) ? sourcesOf(read.resource, existenceOnly) : [];
      const sources = known.filter(({id}) => read.source === undefined || id === read.source);
      const planned = plan[read.resource] ?? {sources: [], deadlineMs: behaviour.deadlineMs};
      plan[read.resource] = planned;
      for (const source of sources) {
        if (!planned.sources.some(({id}) => id === source.id)) planned.sources.push(source);
        jobs.push({read, source});
      }
    }
    queue.push({kind: 'plan', readId, contextId, resources: plan});

    let sent = 0;
    const send = (frames: readonly Frame[]): void => {
      for (const frame of frames) {
        if (behaviour.breakAfterFrames !== undefined && sent >= behaviour.breakAfterFrames) throw new Broken();
        if (behaviour.garbage) queue.push(garbageMessages[sent % garbageMessages.length] as StreamMessage);
        if (behaviour.foreignFrames) queue.push(foreignFrame(frame, context));
        queue.push(frame);
        if (behaviour.duplicateFrames) queue.push(structuredClone(frame));
        sent++;
      }
    };
    const late: Frame[][] = [];
    const run = async ({read, source}: (typeof jobs)[number]): Promise<void> => {
      const inTime = await answersInTime(source.id, read.resource, signal);
      throwIfAborted(signal);
      const frames = framesOf(context, read, source, readId, inTime);
      if (behaviour.order === 'as-answered') send(frames);
      else late.push(frames);
    };
    try {
      if (behaviour.breakAfterFrames === 0) throw new Broken();
      await Promise.all(jobs.map(run));
      const inOrder =
        behaviour.order === 'shuffled' ? chanceOf(town.seed, 'order', readId).shuffled(late) : late.reverse();
      for (const frames of inOrder) send(frames);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      queue.end(behaviour.breakWith === 'error' ? {thrown: requestProblem('network')} : undefined);
      return;
    }
    queue.push({kind: 'end', readId});
    queue.end();
  };

  /** Carries out an action at once: no other call comes in between. */
  const effectOf = (
    context: OpenContext,
    type: Exclude<ActionType, 'search'>,
    payload: unknown,
    actionKey: string,
  ): unknown => {
    const {cpr} = context;
    if (cpr === undefined && type !== 'draft.save') throw problem('not-applicable', 'This context has no person');
    const own = writtenOf(placeOf(context));
    const belongs = (resource: 'person' | 'cases' | 'journal' | 'events', ref: RecordRef, pointer: string): void => {
      if (!holds(town, existenceOnly, context.index, own, resource, ref)) {
        throw problem('foreign-item', 'The record does not belong to this person', {pointer});
      }
    };
    switch (type) {
      case 'note.create': {
        const note = payload as NoteCreate;
        if (note.case) belongs('cases', note.case.ref, '/payload/case');
        tooLong(note.body);
        const ref = {source: ownSources.bsp.id, id: `w${++written}`};
        own.notes.push({
          ref,
          occurredAt: note.occurredAt ?? now(),
          recordedAt: now(),
          author: {name: user.name, ...(user.unit === undefined ? {} : {unit: user.unit})},
          heading: note.heading,
          body: note.body,
          ...(note.case ? {case: note.case} : {}),
          ...(note.kle ? {kle: note.kle} : {}),
          delivery: {state: 'kept', at: now()},
        });
        tell(cpr!, 'journal', ref.source);
        return {ref};
      }
      case 'note.addendum': {
        const {note, body} = payload as NoteAddendum;
        belongs('journal', note, '/payload/note');
        tooLong(body);
        const key = refKey(note);
        const author = {name: user.name, ...(user.unit === undefined ? {} : {unit: user.unit})};
        own.addenda.set(key, [...(own.addenda.get(key) ?? []), {at: now(), author, body}]);
        tell(cpr!, 'journal', note.source);
        return {ref: note};
      }
      case 'event.seen':
      case 'event.acknowledge':
      case 'event.done': {
        const {events} = payload as EventMark;
        events.forEach((ref, i) => {
          belongs('events', ref, `/payload/events/${i}`);
        });
        const field = markFields[type];
        const before = new Map(
          [...new Set(events.map(({source}) => source))].flatMap((source) =>
            itemsOf(town, existenceOnly, context.index, own, 'events', source).map(
              (event) => [refKey((event as EventRecord).ref), event as EventRecord] as const,
            ),
          ),
        );
        const changed = new Set<string>();
        for (const ref of events) {
          const key = refKey(ref);
          // The first mark stands.
          if (before.get(key)?.[field] !== undefined || own.marks.get(key)?.[field] !== undefined) continue;
          const mark = field === 'seenAt' ? now() : {at: now(), by: user.name};
          own.marks.set(key, {...own.marks.get(key), [field]: mark});
          changed.add(ref.source);
        }
        for (const source of changed) tell(cpr!, 'events', source);
        return undefined;
      }
      case 'launch': {
        const {target, record} = payload as Launch;
        const known = korsbaekTargets.find(({ref}) => refKey(ref) === refKey(target));
        if (!known) throw problem('not-applicable', 'There is no such target', {pointer: '/payload/target'});
        if ((known.for === 'person') !== (record === undefined))
          throw problem('invalid-request', 'The target is for something else', {pointer: '/payload/record'});
        if (record) {
          if (!known.sources?.includes(record.source))
            throw problem('foreign-item', 'The target does not know that system', {pointer: '/payload/record'});
          belongs('cases', record, '/payload/record');
        }
        const code = hash32(`${town.seed}/launch/${++launches}`).toString(36);
        return {url: `https://${target.id}.korsbaek.example/?${launchParameter}=${code}`} satisfies Launched;
      }
      case 'reveal': {
        const {ref, field} = payload as Reveal;
        belongs('person', ref, '/payload/ref');
        const person = town.inhabitant(context.index!);
        if (field === 'cpr') return {value: writtenCpr(person)};
        if (!person.address) throw problem('not-found', 'There is no address');
        return {lines: [...person.address.lines], since: person.address.since};
      }
      case 'draft.save': {
        const {window, content, over, key} = payload as DraftSave;
        const there = own.drafts.get(window);
        if (content === null && !there) return undefined;
        if (there?.version !== over)
          throw problem('conflict', there ? 'There is another version of the draft' : 'The draft is gone');
        if (key !== undefined && carriedOut.has(key)) throw problem('conflict', 'What the draft was to become is done');
        if (content === null) own.drafts.delete(window);
        else
          own.drafts.set(window, {
            window,
            savedAt: now(),
            version: actionKey,
            ...(key === undefined ? {} : {key}),
            content,
          } satisfies Draft);
        if (cpr !== undefined) tell(cpr, 'drafts', ownSources.bsp.id);
        return undefined;
      }
    }
  };

  /** Asks the systems that can search, each as long as it takes. */
  const searched = async (context: OpenContext, {query}: Search, signal: AbortSignal): Promise<Found> => {
    if (context.subject.type !== 'user') throw problem('not-applicable', 'A search is the user’s own');
    const term = searchTerm(query);
    if (term === 'short' || 'reason' in term)
      throw problem('invalid-request', 'Neither a number nor a name', {pointer: '/payload/query'});
    const asked = searchedIds.filter((id) => !(existenceOnly as readonly string[]).includes(id));
    const answers = await Promise.all(
      asked.map(async (id) => {
        const inTime = await answersInTime(id, 'search', signal);
        const failure = inTime ? forSource(behaviour.failures, id, 'search') : 'timeout';
        const given = failure ? 'unknown' : await searchSystem(town, id, {term, limit: maxSearchHits, signal});
        const source = {id, name: systems[id].name};
        if (given === 'unknown')
          return {hits: [], more: false, source: {...source, status: failure ?? ('unavailable' as const)}};
        return {...given, source: {...source, status: 'ok' as const}};
      }),
    );
    const hits = new Map<string, Hit>();
    for (const {kind, subject, handle, name, detail, protected: guarded, case: record} of answers.flatMap(
      (one) => one.hits,
    )) {
      const number = shownNumber(subject);
      const hit: Hit = {kind, subject: {type: 'ref', value: handle}, name, masked: number};
      hits.set(
        `${handle} ${record?.ref.id}`,
        withoutUndefined<Hit>(
          record
            ? {
                ...hit,
                name: record.title,
                masked: record.number,
                detail: [guarded ? undefined : name, number].filter(Boolean).join(', '),
                protected: guarded,
                record: record.ref,
              }
            : {...hit, detail, protected: guarded, record: undefined},
        ),
      );
    }
    const all = [...hits.values()].map(withoutNumbers) as Hit[];
    return {
      hits: all.slice(0, maxSearchHits),
      ...(all.length > maxSearchHits || answers.some(({more}) => more) ? {more: true} : {}),
      sources: answers.map(({source}) => source),
    };
  };

  /** What a draft was to become is done. */
  const dropDraftsOf = (context: OpenContext, key: string): void => {
    const {drafts} = writtenOf(placeOf(context));
    for (const [window, draft] of drafts) if (draft.key === key) drafts.delete(window);
  };

  const act: Backend['act'] = async (contextId, action, {signal}) => {
    await begin({method: 'act', contextId, action: action.type}, signal, behaviour.actingMs);
    // Of a person, not of a context: a retry may come after a switch and back.
    const owner = contexts.cprOf(contextId) ?? contextId;
    const fingerprint = JSON.stringify([owner, action.type, canonical(action.payload)]);
    const before = carriedOut.get(action.key);
    if (before && before.fingerprint !== fingerprint) {
      throw problem('key-reused', 'The key was used for something else', {pointer: '/key'});
    }
    if (before && !neverKept.has(action.type)) return structuredClone({...before.result, replayed: true});
    const context = contexts.get(contextId);
    const {type, payload} = checked(action);
    if (!can(`act:${type}`)) throw problem('forbidden', 'You may not do this');
    const effect =
      type === 'search'
        ? await searched(context, payload as Search, signal)
        : effectOf(context, type, payload, action.key);
    dropDraftsOf(context, action.key);
    const kept: ActionResult = {key: action.key, type, at: now()};
    const result: ActionResult = effect === undefined ? kept : {...kept, result: effect};
    carriedOut.set(action.key, {fingerprint, result: neverKept.has(type) ? kept : result});
    if (behaviour.loseAnswers > 0) {
      behaviour.loseAnswers--;
      throw requestProblem('network');
    }
    return structuredClone(before ? {...result, replayed: true} : result);
  };

  return {
    municipality: town,
    behaviour,
    calls,
    me: async ({signal}) => {
      await begin({method: 'me'}, signal);
      return {user: {...user}, tenant, capabilities: capabilities.filter(can), purposes};
    },
    openContext: async (subject, {purpose, signal}) => {
      await begin({method: 'openContext'}, signal, behaviour.openingMs);
      if (behaviour.purposeRequired && !purposes.some(({id}) => id === purpose)) {
        throw problem('needs-purpose', 'Say for what purpose', {pointer: '/purpose'});
      }
      return structuredClone(contexts.open(subject, line.cursor).opened);
    },
    adoptContext: async (contextId, {signal}) => {
      await begin({method: 'adoptContext', contextId}, signal, behaviour.openingMs);
      return structuredClone(contexts.get(contextId).opened);
    },
    closeContext: async (contextId) => {
      await begin({method: 'closeContext', contextId}, undefined);
      contexts.close(contextId);
    },
    read: (contextId, asked, {signal}) => {
      const left = new AbortController();
      const queue = new MessageQueue<StreamMessage>(signal, () => left.abort());
      answer(contextId, asked, queue, left.signal).catch((thrown: unknown) => {
        queue.end({thrown});
      });
      return queue;
    },
    act,
    content: async (contextId, _ref, {signal}) => {
      await begin({method: 'content', contextId}, signal);
      contexts.get(contextId);
      throw problem('not-found', 'Korsbæk keeps no documents');
    },
    live: async function* ({contexts: listened, lastEventId, signal, onOpen}) {
      await begin({method: 'live'}, signal);
      if (!can('live')) throw problem('forbidden', 'There is no live line for you');
      const open = listened.filter((contextId) => contexts.isOpen(contextId));
      if (open.length === 0) throw problem('context-closed', 'None of the contexts is open');
      const queue = line.listen(open, lastEventId, signal);
      // So that its Session asks, and is told.
      for (const contextId of listened)
        if (!open.includes(contextId)) queue.push({kind: 'reset', cursor: line.cursor, contextId});
      onOpen?.();
      yield* queue;
    },
    hold: (source) => {
      const hold = held.get(source) ?? {count: 0, waiting: new Set<() => void>()};
      held.set(source, hold);
      hold.count++;
      let released = false;
      return () => {
        if (released) return;
        released = true;
        hold.count--;
        if (hold.count > 0) return;
        for (const done of [...hold.waiting]) {
          hold.waiting.delete(done);
          done();
        }
      };
    },
    emit: (person, {id, source, ...event}) => {
      const cpr = cprOf(person);
      const own = writtenOf(cpr);
      const ref = {source: source ?? ownSources.beskedfordeler.id, id: id ?? `m${++written}`};
      if (!sourcesOf('events', existenceOnly).some((one) => one.id === ref.source)) {
        throw new RangeError(`${ref.source} has no events`);
      }
      const known = own.events.find((one) => refKey(one.ref) === refKey(ref));
      if (known) return structuredClone(known);
      const record: EventRecord = {type: 'message', occurredAt: now(), receivedAt: now(), ...event, ref};
      own.events.push(record);
      tell(cpr, 'events', ref.source);
      return structuredClone(record);
    },
    deliverNote: (ref, state, reason) => {
      for (const [cpr, own] of writtenBy) {
        const at = own.notes.findIndex((note) => refKey(note.ref) === refKey(ref));
        if (at < 0) continue;
        const delivery = {state, at: now(), ...(reason === undefined ? {} : {reason})};
        own.notes[at] = {...own.notes[at]!, delivery};
        tell(cpr, 'journal', ref.source);
        return;
      }
      throw new RangeError('no such note was written here');
    },
    dropLive: () => line.drop(),
    forgetNotices: () => line.forget(),
    reset: (person) => {
      for (const {opened} of contexts.about(cprOf(person))) line.reset(opened.contextId);
    },
  };
}

/** Under what that which is written in a context is kept: its person, else what it is about. */
const placeOf = ({cpr, subject}: OpenContext): string =>
  cpr ?? ('value' in subject ? `${subject.type} ${subject.value}` : subject.type);

/** An action that was carried out, and what was answered. */
interface CarriedOut {
  readonly fingerprint: string;
  readonly result: ActionResult;
}

class Broken extends Error {}

function checked(action: Action): {type: ActionType; payload: unknown} {
  if (!Object.hasOwn(actionPayloads, action.type)) {
    throw problem('invalid-request', 'There is no such action', {pointer: '/type'});
  }
  const type = action.type as ActionType;
  const parsed = actionPayloads[type].safeParse(action.payload);
  if (!parsed.success) {
    const path = parsed.error.issues[0]?.path ?? [];
    throw problem('invalid-request', 'The action can not be read', {
      pointer: ['/payload', ...path.map(String)].join('/'),
    });
  }
  return {type, payload: parsed.data};
}

function tooLong(body: string): void {
  if (new TextEncoder().encode(body).length > maxNoteBytes) {
    throw problem('too-large', `A note holds at most ${maxNoteBytes} bytes`, {pointer: '/payload/body'});
  }
}

/** The same value, with keys in one order. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, canonical(inner)]),
  );
}

/** Where a cursor goes on; undefined unless it is one that was given. */
function offsetOf(cursor: string, cursorAt: (offset: number) => string): number | undefined {
  const offset = Number(/^o(\d{1,9})\./.exec(cursor)?.[1] ?? Number.NaN);
  return cursorAt(offset) === cursor ? offset : undefined;
}

function requestProblem(failure: NonNullable<Behaviour['requests'][BackendMethod]>): ProblemError {
  switch (failure) {
    case 401:
      return problem('unauthorized', 'You are not logged in');
    case 403:
      return problem('forbidden', 'You may not do this');
    case 404:
      return problem('not-found', 'There is nothing here');
    case 409:
      return problem('context-closed', 'The context is not open');
    case 429:
      return problem('rate-limited', 'Too many requests', {retryAfter: 30});
    case 500:
      return problem('internal', 'Something went wrong');
    case 503:
      return problem('unavailable', 'The backend is down');
    case 'network':
      return problem('unavailable', 'The backend could not be reached');
  }
}

function statusProblem(status: Exclude<FrameStatus, 'ok'>, name: string): Problem {
  switch (status) {
    case 'forbidden':
      return problemOf('forbidden', `You may not see what ${name} holds`);
    case 'needs-purpose':
      return problemOf('needs-purpose', `${name} needs a purpose`);
    case 'not-applicable':
      return problemOf('not-applicable', `${name} does not answer this`);
    case 'timeout':
      return problemOf('timeout', `${name} did not answer in time`);
    case 'unavailable':
      return problemOf('unavailable', `${name} did not answer`);
    case 'invalid':
      return problemOf('protocol', `${name} answered with nonsense`);
  }
}
