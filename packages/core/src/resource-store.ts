import {
  type Frame,
  type FrameStatus,
  maxFrameItems,
  type Plan,
  type Problem,
  problemOf,
  type Read,
  type RecordRef,
  type Resource,
  refKey,
  type SourceName,
} from '@bsp/contract';
import {callAll} from './contexts.js';
import type {ResourceStore, ResourceView, SourceView} from './session.js';

interface SourceEntry<T> extends Omit<SourceView, 'count' | 'refreshing'> {
  readonly items: readonly T[];
  /** Number of the read that wrote it: an older read that answers later must not undo a newer one. */
  readonly base: number;
}

/** A read of this store in flight. */
interface Flight<T> {
  readonly reads: readonly Read[];
  /** The sources that it is to bring an answer of. */
  readonly arrivals: Map<string, Arrival<T>>;
}

/** What one read in flight has brought of one source. */
interface Arrival<T> {
  /** For a read of more: the number of the read whose list it continues. */
  readonly continues: number | undefined;
  /** Of each frame what it says of its records, and these. */
  readonly seen: unknown[][];
  /** It has given its list, or said why it does not. */
  answered: boolean;
  /** It gave less than it has: what comes after does not make it whole. */
  refused: boolean;
  /** More of this answer may have been on its way. */
  open: boolean;
  /** Where each record of the source's list stands, as long as that grows. */
  places?: {readonly of: readonly T[]; readonly byKey: Map<unknown, number>};
  /** Frames that overtook the one which they add to. */
  early?: Pick<SourceEntry<T>, 'items' | 'invalid' | 'next'> | undefined;
}

const newArrival = <T>(continues?: number): Arrival<T> => ({
  continues,
  seen: [],
  answered: false,
  refused: false,
  open: false,
});

const newEntry = ({id, name}: SourceName): SourceEntry<never> => ({
  id,
  name,
  status: 'waiting',
  items: [],
  invalid: 0,
  stale: false,
  base: 0,
});

type Refusal = Exclude<FrameStatus, 'ok'>;

/** Answers after which nothing of the source may be shown any longer. */
const withdrawing: ReadonlySet<string> = new Set<FrameStatus>(['forbidden', 'needs-purpose', 'not-applicable']);

/** Problems of a read after which nothing at all may be shown. */
const endsAccess: ReadonlySet<string> = new Set(['unauthorized', 'context-closed']);

/** The records of one resource within one Session, by source. Written by the Session only. */
export class SessionResourceStore<T> implements ResourceStore<T> {
  readonly #resource: Resource<T>;
  readonly #request: (store: SessionResourceStore<T>) => boolean;
  readonly #listeners = new Set<() => void>();
  readonly #sources = new Map<string, SourceEntry<T>>();
  /** Asked for, and not yet sent. */
  #queued: Read[] = [];
  readonly #flights = new Map<number, Flight<T>>();
  /** Number of the read whose plan stands; 0 while there is none. */
  #plannedBy = 0;
  #planned = false;
  #asked = false;
  #problem: Problem | undefined;
  #view: ResourceView<T> | undefined;
  /** The sources' lists that {@link ResourceView.items} was made of, and what it was: as long as they stand, it does. */
  #made: {readonly of: readonly (readonly T[])[]; readonly items: readonly T[]} = {of: [], items: []};

  /** @param request - wants {@link take} to be called in this turn; false: the Session is over. */
  constructor(resource: Resource<T>, request: (store: SessionResourceStore<T>) => boolean) {
    this.#resource = resource;
    this.#request = request;
  }

  get name(): string {
    return this.#resource.name;
  }

  get view(): ResourceView<T> {
    this.#view ??= {
      items: this.#items,
      sources: [...this.#sources.values()].map((source) => this.#viewOf(source)),
      planned: this.#planned,
      busy: this.#queued.length + this.#flights.size > 0,
      problem: this.#problem,
    };
    return this.#view;
  }

  get #items(): readonly T[] {
    const lists = [...this.#sources.values()].map(({items}) => items);
    const {of} = this.#made;
    if (lists.length !== of.length || lists.some((list, place) => list !== of[place]))
      this.#made = {of: lists, items: lists.flat()};
    return this.#made.items;
  }

  #viewOf({items, ...told}: SourceEntry<T>): SourceView {
    return {...told, count: items.length, refreshing: told.status !== 'waiting' && this.#awaits(told.id)};
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
    if (cursor !== undefined && !this.#awaits(sourceId))
      this.#ask({resource: this.#resource.name, source: sourceId, cursor});
  }

  #awaits(sourceId: string): boolean {
    return (
      this.#queued.some(({source = sourceId}) => source === sourceId) ||
      [...this.#flights.values()].some(({arrivals}) => arrivals.get(sourceId)?.answered === false)
    );
  }

  #ask(read: Read): void {
    if (this.#queued.some((other) => covers(other, read)) || !this.#request(this)) return;
    this.#queued = [...this.#queued.filter((other) => !covers(read, other)), read];
    this.#changed();
  }

  /** What was asked for; it is on its way from now on, as part of the Session's read of this number. */
  take(number: number): readonly Read[] {
    const reads = this.#queued;
    this.#queued = [];
    const arrivals = new Map<string, Arrival<T>>();
    for (const {source, cursor} of reads)
      for (const [id, {base}] of this.#sources)
        if (source === undefined || source === id)
          arrivals.set(id, newArrival(cursor === undefined ? undefined : base));
    this.#flights.set(number, {reads, arrivals});
    return reads;
  }

  plan(number: number, plan: Plan): void {
    const flight = this.#flights.get(number);
    if (!flight || !isWhole(flight)) return;
    const sources = plan.resources[this.#resource.name]?.sources ?? [];
    flight.arrivals.clear();
    for (const {id} of sources) flight.arrivals.set(id, newArrival());
    if (number < this.#plannedBy) return;
    this.#plannedBy = number;
    this.#planned = true;
    this.#problem = undefined;
    const before = new Map(this.#sources);
    this.#sources.clear();
    for (const {id, name} of sources) this.#sources.set(id, {...(before.get(id) ?? newEntry({id, name})), name});
    this.#changed();
  }

  frame(number: number, frame: Frame): void {
    const {id} = frame.source;
    const arrival = this.#flights.get(number)?.arrivals.get(id);
    const before = this.#sources.get(id);
    if (!arrival || !before || overtaken(arrival, before, number)) return;
    const records: T[] = [];
    for (const item of frame.items) {
      const record = this.#recordOf(item);
      if (record !== undefined) records.push(record);
    }
    // The same frame twice adds nothing, and a repeated list must not wipe what was added to it.
    const {status} = frame;
    const told = [{...frame, items: [frame.items.length, records.length]}, ...records];
    // Frames of one answer mostly differ at the beginning: then nothing else is looked at.
    if (arrival.seen.some((one) => one.every((part, place) => textOf(part) === textOf(told[place])))) return;
    arrival.seen.push(told);
    if (status === 'ok') this.#write(number, arrival, this.#answered(before, frame, records, arrival));
    else {
      arrival.answered = arrival.refused = true;
      this.#write(number, arrival, refused(before, status, frame.problem));
    }
    this.#changed();
  }

  #write(number: number, {continues, answered}: Arrival<T>, entry: SourceEntry<T>): void {
    // A read that failed has given nothing that an older answer could undo.
    const stands = answered && (entry.status === 'ok' || withdrawing.has(entry.status));
    this.#sources.set(entry.id, stands && continues === undefined ? {...entry, base: number} : entry);
  }

  #recordOf(item: unknown): T | undefined {
    try {
      return this.#resource.parse(item);
    } catch {
      return undefined;
    }
  }

  #answered(before: SourceEntry<T>, frame: Frame, records: readonly T[], arrival: Arrival<T>): SourceEntry<T> {
    const invalid = frame.items.length - records.length + Math.max(0, frame.invalid ?? 0);
    arrival.open = frame.cached === true || frame.items.length >= maxFrameItems;
    const whole = {
      ...before,
      status: 'ok',
      asOf: frame.asOf,
      cached: frame.cached,
      next: frame.next,
      problem: frame.problem,
      stale: false,
    } as const;
    const {early, continues, answered} = arrival;
    // Whatever a read of more brings is added: its answer is never all that there is.
    if (frame.mode === 'replace' && continues === undefined) {
      arrival.answered = true;
      arrival.refused = false;
      arrival.early = undefined;
      return early
        ? {
            ...whole,
            items: unique(arrival, records, early.items),
            invalid: invalid + early.invalid,
            next: early.next ?? frame.next,
          }
        : {...whole, items: unique(arrival, records), invalid};
    }
    const added = {items: unique(arrival, before.items, records), invalid: before.invalid + invalid};
    if (continues !== undefined) arrival.answered = true;
    if (!arrival.answered)
      arrival.early = {
        items: unique({}, early?.items ?? [], records),
        invalid: (early?.invalid ?? 0) + invalid,
        next: frame.next ?? early?.next,
      };
    if (!arrival.answered || arrival.refused) return {...before, ...added};
    // What a part says of more holds for the answer: nobody has looked there yet.
    return {...whole, ...added, next: frame.next ?? (answered ? before.next : undefined)};
  }

  /** The stream of this read is over; `problem` when it broke off. Who has not answered did not answer. */
  settle(number: number, problem?: Problem): void {
    const flight = this.#flights.get(number);
    if (!flight) return;
    this.#flights.delete(number);
    const whole = isWhole(flight);
    const code = problem?.code ?? '';
    if (endsAccess.has(code) || (whole && withdrawing.has(code))) {
      // Refused as a whole: that is not a failure of each source, and nothing may stand.
      if (number >= this.#plannedBy) {
        this.#plannedBy = number;
        this.#planned = false;
        this.#problem = problem;
        this.#sources.clear();
      }
    } else {
      for (const [id, arrival] of flight.arrivals) {
        const entry = this.#sources.get(id);
        if (!entry || overtaken(arrival, entry, number)) continue;
        if (arrival.answered && !(problem && arrival.open)) continue;
        const status = withdrawing.has(code) ? (code as Refusal) : 'unavailable';
        arrival.answered = true;
        this.#write(number, arrival, refused(entry, status, problem ?? noAnswer()));
      }
      if (whole && !this.#planned) this.#problem = problem ?? noAnswer();
    }
    this.#changed();
  }

  /** The Session is over: nothing of the person stays here. */
  drop(): void {
    this.#sources.clear();
    this.#flights.clear();
    this.#queued = [];
    this.#planned = false;
    this.#made = {of: [], items: []};
    this.#changed();
  }

  #changed(): void {
    this.#view = undefined;
    callAll(this.#listeners);
  }
}

const noAnswer = (): Problem => problemOf('unavailable', 'The source did not answer.');

const isWhole = ({reads}: Flight<unknown>): boolean => reads.some(({source}) => source === undefined);

/** One read brings all that another would. */
const covers = (one: Read, other: Read): boolean =>
  one.source === undefined ||
  (one.source === other.source && (one.cursor === undefined || one.cursor === other.cursor));

/** A newer read has written the source, or the list that was to be continued is no more. */
const overtaken = ({continues}: Arrival<unknown>, {base}: SourceEntry<unknown>, number: number): boolean =>
  continues === undefined ? base > number : base !== continues;

function refused<T>(before: SourceEntry<T>, status: Refusal, problem: Problem | undefined): SourceEntry<T> {
  if (withdrawing.has(status)) return {...newEntry(before), base: before.base, status, problem};
  return {...before, status, problem, stale: before.items.length > 0};
}

const textOf = (value: unknown): unknown => {
  try {
    return JSON.stringify(value);
  } catch {
    return value;
  }
};

const keyOf = (item: unknown): unknown => {
  const ref = (item as {ref?: RecordRef} | null | undefined)?.ref;
  return ref ? refKey(ref) : textOf(item);
};

/** The records of both lists, each once; the later record of a reference stands in the earlier's place. */
function unique<T>(arrival: Partial<Arrival<T>>, first: readonly T[], then: readonly T[] = []): readonly T[] {
  const {places} = arrival;
  // A list of thousands comes in many frames: what is known of it is not looked at again for each.
  const isKnown = places?.of === first;
  const items = isKnown ? [...first] : [];
  const byKey = isKnown ? places.byKey : new Map<unknown, number>();
  for (const item of isKnown ? then : [...first, ...then]) {
    const key = keyOf(item);
    const place = byKey.get(key) ?? items.length;
    items[place] = item;
    byKey.set(key, place);
  }
  arrival.places = {of: items, byKey};
  return items;
}
