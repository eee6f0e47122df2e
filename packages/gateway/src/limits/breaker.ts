/**
 * How a read of a source ended: it answered, whatever it said, also that it refuses us or knows nobody; it did not; or
 * nobody waited for it any more.
 */
export type ReadEnd = 'answered' | 'failed' | 'left';

/** When a source is left alone, and for how long. */
export interface BreakerConfig {
  /** So many failures within half a minute, when they are at least half of the reads. */
  readonly failures: number;
  /** Then nobody asks it for so long; twice as long after each try that fails, eight times as long at most. */
  readonly pauseSeconds: number;
}

/** Where a breaker is: it lets everybody in, nobody, or one who tries. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** What became of a breaker: for the operational log. */
export interface BreakerChange {
  readonly state: BreakerState;
  /** When open: until somebody may try. */
  readonly seconds?: number;
}

/** Nobody is let in for so many seconds. */
export class BreakerOpen extends Error {
  readonly seconds: number;
  constructor(seconds: number) {
    super('The breaker is open.');
    this.seconds = seconds;
  }
}

/** How long failures are remembered: between one and two of these. */
const memoryMs = 15_000;
const longestPause = 8;
/** Somebody tries, and it is not known yet how that ends. */
const whileTrying = 1;

/** What was counted in a stretch of time. */
class Tally {
  answered = 0;
  failed = 0;
}

/**
 * Keeps readers from a source that does not answer, so that they are told at once and it can come back to its feet. Looks
 * only at whether there was an answer: what it says of a person changes nothing.
 */
export class Breaker {
  readonly #config: BreakerConfig;
  readonly #told: (change: BreakerChange) => void;
  readonly #now: () => number;
  #state: BreakerState = 'closed';
  #recent = new Tally();
  #before = new Tally();
  #since: number;
  #openUntil = 0;
  #pauses = 0;
  /** What began before the state changed says nothing of it. */
  #generation = 0;

  constructor(config: BreakerConfig, told: (change: BreakerChange) => void, now = () => performance.now()) {
    this.#config = config;
    this.#told = told;
    this.#now = now;
    this.#since = now();
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** @throws BreakerOpen - when {@link Breaker.enter} would. */
  check(): void {
    if (this.#state === 'half-open') throw new BreakerOpen(whileTrying);
    const left = this.#openUntil - this.#now();
    if (this.#state === 'open' && left > 0) throw new BreakerOpen(Math.ceil(left / 1_000));
  }

  /**
   * Lets a reader in, who says how it ended, once. After a pause the first is the one who tries.
   *
   * @throws BreakerOpen
   */
  enter(): (end: ReadEnd) => void {
    this.check();
    if (this.#state === 'open') this.#become('half-open');
    const generation = this.#generation;
    let told = false;
    return (end) => {
      if (told || generation !== this.#generation) return;
      told = true;
      if (this.#state === 'half-open') this.#tried(end);
      else this.#counted(end);
    };
  }

  #tried(end: ReadEnd): void {
    if (end === 'answered') {
      this.#pauses = 0;
      this.#recent = new Tally();
      this.#before = new Tally();
      this.#become('closed');
    } else if (end === 'failed') this.#open();
    // Nobody knows yet: the next one tries.
    else this.#become('open');
  }

  #counted(end: ReadEnd): void {
    if (end === 'left') return;
    const passed = this.#now() - this.#since;
    if (passed >= memoryMs) {
      this.#before = passed < 2 * memoryMs ? this.#recent : new Tally();
      this.#recent = new Tally();
      this.#since = this.#now();
    }
    this.#recent[end]++;
    const failed = this.#recent.failed + this.#before.failed;
    const answered = this.#recent.answered + this.#before.answered;
    if (failed >= this.#config.failures && failed >= answered) this.#open();
  }

  #open(): void {
    const pause = this.#config.pauseSeconds * Math.min(longestPause, 2 ** this.#pauses++);
    this.#openUntil = this.#now() + pause * 1_000;
    this.#become('open', pause);
  }

  #become(state: BreakerState, seconds?: number): void {
    this.#state = state;
    this.#generation++;
    this.#told({state, ...(seconds === undefined ? {} : {seconds})});
  }
}
