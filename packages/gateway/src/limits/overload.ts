import {type Problem, ProblemError, problemOf} from '@bsp/contract';
import type {Log} from '../log.js';

/** How much a process takes in hand, of all tenants together. */
export interface LimitsConfig {
  /** Reads and documents at a time. */
  readonly reads: number;
  /** Reads and documents of one user at a time. */
  readonly readsPerUser: number;
  /** Live streams at a time. */
  readonly streams: number;
  /** Live streams of one user at a time. */
  readonly streamsPerUser: number;
  /** How late the process may be with its own work. */
  readonly lateMs: number;
  /** How long a client may read nothing of what is sent to it. */
  readonly stallSeconds: number;
}

const lookMs = 500;
/** How much of how late it was before stays: one pause, e.g. of the garbage collector, is no overload. */
const kept = 2 / 3;
const soonestRetry = 1;
const retrySpread = 5;
const silenceMs = 10_000;

/** How late timers are: what every answer waits for besides its own work. */
export class Lateness {
  #ms = 0;
  #due: number;

  constructor(now: number) {
    this.#due = now + lookMs;
  }

  get ms(): number {
    return this.#ms;
  }

  /** To be called every half second. */
  look(now: number): void {
    this.#ms = kept * this.#ms + (1 - kept) * Math.max(0, now - this.#due);
    this.#due = now + lookMs;
  }
}

/**
 * Refuses new work while there is too much in hand: before it has cost anything, so that what is in hand gets done. What
 * writes or ends something is not refused here.
 */
export class Overload {
  readonly #limits: LimitsConfig;
  readonly #readsPerTenant: number;
  readonly #log: Log;
  readonly #lateness: Lateness;
  readonly #reads = new Map<string, number>();
  readonly #readsOfUsers = new Map<string, number>();
  readonly #streams = new Map<string, number>();
  #readsInHand = 0;
  #streamsOpen = 0;
  #timer: NodeJS.Timeout | undefined;
  #refused = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(limits: LimitsConfig, tenants: number, log: Log, lateness = new Lateness(performance.now())) {
    this.#limits = limits;
    this.#lateness = lateness;
    // One municipality's rush must leave room for the others.
    this.#readsPerTenant = tenants > 1 ? Math.ceil(limits.reads / 2) : limits.reads;
    this.#log = log;
  }

  /** Begins to look how late the process is. */
  watch(): void {
    this.#timer ??= setInterval(() => this.#lateness.look(performance.now()), lookMs).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /**
   * Something small that is new: e.g. a context.
   *
   * @throws ProblemError - 503.
   */
  admit(): void {
    if (this.#lateness.ms > this.#limits.lateMs) this.#refuse('it is late with its own work');
  }

  /**
   * Takes a read of a tenant's user in hand; gives the function that lets go of it.
   *
   * @throws ProblemError - 503, or 429 where it is this user's reads that are too many.
   */
  read(tenant: string, user: string): () => void {
    this.admit();
    if (this.#readsInHand >= this.#limits.reads || countIn(this.#reads, tenant) >= this.#readsPerTenant)
      this.#refuse('too many reads are in hand');
    if (countIn(this.#readsOfUsers, user) >= this.#limits.readsPerUser)
      throw new ProblemError(
        problemOf('rate-limited', 'Too many reads are in hand already.', {retryAfter: soonestRetry}),
      );
    this.#readsInHand++;
    return once(add(this.#reads, tenant), add(this.#readsOfUsers, user), () => void this.#readsInHand--);
  }

  /**
   * Takes a user's live stream in hand; gives the function that lets go of it.
   *
   * @throws ProblemError - 503, or 429 where it is this user's streams that are too many.
   */
  stream(user: string): () => void {
    this.admit();
    if (this.#streamsOpen >= this.#limits.streams) this.#refuse('too many live streams are open');
    if (countIn(this.#streams, user) >= this.#limits.streamsPerUser)
      throw new ProblemError(
        problemOf('rate-limited', 'Too many live streams are open already.', {retryAfter: retrySpread}),
      );
    this.#streamsOpen++;
    return once(add(this.#streams, user), () => void this.#streamsOpen--);
  }

  #refuse(why: string): never {
    this.#refused++;
    const now = performance.now();
    if (now - this.#toldAt >= silenceMs) {
      this.#log.warn({refused: this.#refused, lateMs: Math.round(this.#lateness.ms)}, `new work is refused: ${why}`);
      this.#refused = 0;
      this.#toldAt = now;
    }
    throw new ProblemError(overloaded());
  }
}

/** Not all at the same moment again. */
const overloaded = (): Problem =>
  problemOf('unavailable', 'The gateway has too much in hand just now.', {
    retryAfter: soonestRetry + Math.floor(Math.random() * retrySpread),
  });

const countIn = (counts: ReadonlyMap<string, number>, name: string): number => counts.get(name) ?? 0;

/** Counts one more; gives the function that takes it off again. */
function add(counts: Map<string, number>, name: string): () => void {
  counts.set(name, countIn(counts, name) + 1);
  return () => {
    const left = countIn(counts, name) - 1;
    if (left > 0) counts.set(name, left);
    else counts.delete(name);
  };
}

/** All of these, the first time only. */
function once(...all: (() => void)[]): () => void {
  return () => {
    for (const one of all.splice(0)) one();
  };
}
