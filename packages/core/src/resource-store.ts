import {
  type Frame,
  type FrameStatus,
  type Plan,
  type Problem,
  problemOf,
  type Read,
  type RecordRef,
  type Resource,
  refKey,
} from '@bsp/contract';
import type {ResourceStore, ResourceView, SourceView} from './session.js';

interface SourceEntry<T> extends SourceView {
  readonly items: readonly T[];
  /** Which read wrote it last: an older read that answers later must not undo a newer one. */
  readonly writtenBy: number;
}

/** A read of this store in flight. */
interface Flight<T> {
  readonly sequence: number;
  readonly reads: readonly Read[];
  readonly arrivals: Map<string, Arrival<T>>;
}

/** What one read in flight has brought for one source: to tell a repeated frame and one that came too early. */
interface Arrival<T> {
  readonly seen: Set<string>;
  replaced: boolean;
  answered: boolean;
  early: readonly T[];
}

const newArrival = <T>(replaced: boolean): Arrival<T> => ({seen: new Set(), replaced, answered: false, early: []});

/** Answers after which nothing of the source may be shown any longer. */
const withdrawing: ReadonlySet<FrameStatus> = new Set(['forbidden', 'needs-purpose', 'not-applicable']);

const waiting = {
  items: [],
  writtenBy: 0,
  status: 'waiting',
  count: 0,
  invalid: 0,
  refreshing: false,
  stale: false,
} as const;

/** The records of one resource within one Session, by source. Written by the Session only. */
export class SessionResourceStore<T> implements ResourceStore<T> {
  readonly #resource: Resource<T>;
  readonly #request: (read: Read) => void;
  readonly #listeners = new Set<() => void>();
  readonly #sources = new Map<string, SourceEntry<T>>();
  /** Asked for, and not yet sent. */
  readonly #queued = new Set<Read>();
  readonly #flights = new Map<readonly Read[], Flight<T>>();
  #sequence = 0;
  #planned = false;
  #asked = false;
  #problem: Problem | undefined;
  #view: ResourceView<T> | undefined;

  constructor(resource: Resource<T>, request: (read: Read) => void) {
    this.#resource = resource;
    this.#request = request;
  }

  get view(): ResourceView<T> {
    this.#view ??= {
      items: [...this.#sources.values()].flatMap((source) => source.items),
      sources: [...this.#sources.values()].map(viewOf),
      planned: this.#planned,
      busy: this.#queued.size + this.#flights.size > 0,
      problem: this.#problem,
    };
    return this.#view;
  }

  /** Somebody has asked for this resource. */
  get asked(): boolean {
    return this.#asked;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    if (!this.#asked) {
      this.#asked = true;
      this.reload();
    }
    return () => this.#listeners.delete(listener);
  }

  reload(): void {
    this.#ask({resource: this.#resource.name});
  }

  refresh(sourceId: string): void {
    if (this.#sources.has(sourceId)) this.#ask({resource: this.#resource.name, source: sourceId});
    else this.reload();
  }

  more(sourceId: string): void {
    const cursor = this.#sources.get(sourceId)?.next;
    if (cursor !== undefined) this.#ask({resource: this.#resource.name, source: sourceId, cursor});
  }

  #ask(read: Read): void {
    for (const other of this.#queued) if (other.source === read.source && other.cursor === read.cursor) return;
    this.#queued.add(read);
    for (const [id, entry] of this.#sources)
      if (read.source === undefined || read.source === id) this.#sources.set(id, {...entry, refreshing: true});
    this.#request(read);
    this.#changed();
  }

  /** These reads (of this store and others) are on their way. */
  sent(reads: readonly Read[]): void {
    const own = reads.filter((read) => read.resource === this.#resource.name);
    for (const read of own) this.#queued.delete(read);
    this.#flights.set(reads, {sequence: ++this.#sequence, reads: own, arrivals: new Map()});
  }

  plan(reads: readonly Read[], plan: Plan): void {
    const flight = this.#flights.get(reads);
    if (!flight) return;
    const planned = plan.resources[this.#resource.name]?.sources ?? [];
    if (isWhole(flight)) {
      const before = new Map(this.#sources);
      this.#sources.clear();
      for (const {id, name} of planned)
        this.#sources.set(id, {...waiting, ...before.get(id), id, name, refreshing: before.has(id)});
      this.#planned = true;
      this.#problem = undefined;
    } else {
      for (const {id, name} of planned) if (!this.#sources.has(id)) this.#sources.set(id, {...waiting, id, name});
    }
    this.#changed();
  }

  frame(reads: readonly Read[], frame: Frame): void {
    const flight = this.#flights.get(reads);
    if (!flight) return;
    const {id, name} = frame.source;
    const arrival = arrivalOf(flight, id);
    const fingerprint = fingerprintOf(frame);
    if (arrival.seen.has(fingerprint)) return;
    arrival.seen.add(fingerprint);
    arrival.answered = true;
    const before = this.#sources.get(id) ?? {...waiting, id, name};
    if (before.writtenBy > flight.sequence) return;
    const after = frame.status === 'ok' ? this.#answered(before, frame, arrival) : refused(before, frame);
    this.#sources.set(id, {...after, writtenBy: flight.sequence});
    this.#changed();
  }

  #answered(before: SourceEntry<T>, frame: Frame, arrival: Arrival<T>): SourceEntry<T> {
    const read: T[] = [];
    for (const item of frame.items) {
      const record = this.#resource.parse(item);
      if (record !== undefined) read.push(record);
    }
    const invalid = frame.items.length - read.length + (frame.invalid ?? 0);
    const replace = frame.mode === 'replace';
    const items = replace ? unique(read, arrival.early) : unique(before.items, read);
    // An append that overtook its replace must not be wiped by it.
    if (!replace && !arrival.replaced) arrival.early = unique(arrival.early, read);
    if (replace) {
      arrival.replaced = true;
      arrival.early = [];
    }
    return {
      ...before,
      items,
      status: 'ok',
      invalid: replace ? invalid : before.invalid + invalid,
      asOf: frame.asOf,
      cached: frame.cached,
      next: frame.next,
      problem: frame.problem,
      refreshing: false,
      stale: false,
    };
  }

  /** The stream of these reads is over; `problem` when it broke off. Who has not answered did not answer. */
  settle(reads: readonly Read[], problem?: Problem): void {
    const flight = this.#flights.get(reads);
    if (!flight) return;
    this.#flights.delete(reads);
    const whole = isWhole(flight);
    if (whole && problem && endsAccess.has(problem.code)) {
      // Refused as a whole: that is not a failure of each source, and nothing may stand.
      this.#sources.clear();
      this.#planned = false;
      this.#problem = problem;
    } else {
      for (const [id, entry] of this.#sources) {
        const concerned = whole || flight.reads.some((read) => read.source === id);
        if (!concerned || entry.writtenBy > flight.sequence || arrivalOf(flight, id).answered) continue;
        this.#sources.set(id, refused(entry, {status: 'unavailable', problem: problem ?? noAnswer()}));
      }
      if (whole && !this.#planned) this.#problem = problem ?? noAnswer();
    }
    this.#changed();
  }

  /** The Session is over: nothing of the person stays here. */
  drop(): void {
    this.#sources.clear();
    this.#queued.clear();
    this.#flights.clear();
    this.#planned = false;
    this.#changed();
  }

  #changed(): void {
    this.#view = undefined;
    for (const listener of [...this.#listeners]) listener();
  }
}

/** An entry without what only the store needs. */
const viewOf = ({
  id,
  name,
  status,
  items,
  invalid,
  asOf,
  cached,
  next,
  problem,
  refreshing,
  stale,
}: SourceEntry<unknown>) => ({
  id,
  name,
  status,
  count: items.length,
  invalid,
  asOf,
  cached,
  next,
  problem,
  refreshing,
  stale,
});

const noAnswer = (): Problem => problemOf('unavailable', 'The stream ended before the source answered.');

/** Problems of a read as a whole after which nothing may be shown. */
const endsAccess: ReadonlySet<string> = new Set(['unauthorized', 'forbidden', 'needs-purpose', 'context-closed']);

const isWhole = (flight: {reads: readonly Read[]}): boolean => flight.reads.some((read) => read.source === undefined);

function arrivalOf<T>(flight: Flight<T>, sourceId: string): Arrival<T> {
  let arrival = flight.arrivals.get(sourceId);
  if (!arrival) {
    // A read of more starts behind a replace that an earlier read brought.
    arrival = newArrival(flight.reads.some((read) => read.source === sourceId && read.cursor !== undefined));
    flight.arrivals.set(sourceId, arrival);
  }
  return arrival;
}

const refused = <T>(
  before: SourceEntry<T>,
  {status, problem}: {status: FrameStatus; problem?: Problem | undefined},
): SourceEntry<T> => {
  const items = withdrawing.has(status) ? [] : before.items;
  return {...before, items, status, problem, refreshing: false, stale: items.length > 0};
};

const hasRef = (item: unknown): item is {ref: RecordRef} => typeof item === 'object' && item !== null && 'ref' in item;

const keyOf = (item: unknown): unknown => (hasRef(item) ? refKey(item.ref) : item);

/** The records of both lists, each reference once; the later record of a reference stands in the earlier's place. */
function unique<T>(first: readonly T[], then: readonly T[]): readonly T[] {
  const byKey = new Map<unknown, T>();
  for (const item of first) byKey.set(keyOf(item), item);
  for (const item of then) byKey.set(keyOf(item), item);
  return [...byKey.values()];
}

/** Tells a frame that came twice from one that brings something new. */
const fingerprintOf = ({mode, status, asOf, next, items}: Frame): string => {
  const ends = [items[0], items.at(-1)].map((item) => (hasRef(item) ? `${item.ref?.source}\u0000${item.ref?.id}` : ''));
  return [mode, status, asOf, next, items.length, ...ends].join('\u0001');
};
