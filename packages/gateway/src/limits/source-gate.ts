import {type Problem, problemOf} from '@bsp/contract';
import {SourceProblem} from '@bsp/sources';
import type {Patience} from '../patience.js';
import {untilAborted} from '../until-aborted.js';
import {type Breaker, BreakerOpen, type ReadEnd} from './breaker.js';
import {QueueFull, type Slots} from './slots.js';

/** A source was not asked: it is left alone for a while, or too many wait for it already. */
export class SourceNotAsked extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.title);
    this.problem = problem;
  }
}

/** Somebody who asks a source. */
export interface Pass {
  /** Gives the place to the next. Once. */
  leave(end: ReadEnd): void;
}

/** The way to a source: so many at a time, so many waiting, and nobody while it does not answer. */
export class SourceGate {
  readonly #slots: Slots;
  readonly #breaker: Breaker | undefined;

  constructor(slots: Slots, breaker?: Breaker) {
    this.#slots = slots;
    this.#breaker = breaker;
  }

  /** How many wait for their turn. */
  get waiting(): number {
    return this.#slots.waiting;
  }

  /** Whether nobody is let through, because it does not answer. */
  get isLeftAlone(): boolean {
    return this.#breaker !== undefined && this.#breaker.state !== 'closed';
  }

  /**
   * Waits for a turn as long as the patience lasts. One that comes when nobody waits any more goes to the next.
   *
   * @param user - who waits: users take turns.
   * @throws SourceNotAsked - at once.
   * @throws what the patience ends with.
   */
  async enterWithin(patience: Patience, user?: string): Promise<Pass> {
    const release = this.#slots.takeNow();
    if (release) return this.#passWith(release);
    const turn = this.enter(patience.signal, user);
    try {
      return await patience.wait(() => turn);
    } catch (thrown) {
      turn.then(
        (pass) => pass.leave('left'),
        () => undefined,
      );
      throw thrown;
    }
  }

  /**
   * Waits for a turn.
   *
   * @throws SourceNotAsked - at once.
   * @throws the signal's reason if it aborts first.
   */
  async enter(signal: AbortSignal, user?: string): Promise<Pass> {
    try {
      this.#breaker?.check();
      return this.#passWith(await this.#slots.take(signal, user));
    } catch (thrown) {
      throw notAsked(thrown);
    }
  }

  #passWith(release: () => void): Pass {
    try {
      // Whoever waited while it stopped answering is told so now.
      const ended = this.#breaker?.enter();
      const leave = (end: ReadEnd) => {
        // In this order: who comes next must know of it.
        ended?.(end);
        release();
      };
      return {leave};
    } catch (thrown) {
      release();
      throw notAsked(thrown);
    }
  }

  /**
   * Asks for one thing, no longer than the signal allows.
   *
   * @throws SourceNotAsked
   * @throws whatever the work or the signal does.
   */
  async ask<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const pass = await this.enter(signal);
    let end: ReadEnd = 'answered';
    try {
      return await untilAborted(work(), signal);
    } catch (thrown) {
      end = signal.aborted ? endOfAborted(signal) : isOutage(thrown) ? 'failed' : 'answered';
      throw thrown;
    } finally {
      pass.leave(end);
    }
  }
}

/** What a reader is told who was not let in. */
function notAsked(thrown: unknown): unknown {
  if (thrown instanceof BreakerOpen)
    return new SourceNotAsked(
      problemOf('unavailable', 'The source has not answered for a while, and is asked again later.', {
        retryAfter: thrown.seconds,
      }),
    );
  if (thrown instanceof QueueFull)
    return new SourceNotAsked(problemOf('unavailable', 'Too many reads wait for the source already.', {retryAfter: 1}));
  return thrown;
}

/** It was too slow, or somebody went away. */
const endOfAborted = ({reason}: AbortSignal): ReadEnd =>
  (reason as {name?: unknown}).name === 'TimeoutError' ? 'failed' : 'left';

/** Whether a connector's error means that there was no answer: one that refuses us, or can not be read, is an answer. */
export function isOutage(thrown: unknown): boolean {
  if (!isSourceProblem(thrown)) return true;
  return thrown.status === 'unavailable' || thrown.status === 'timeout';
}

/** By name, too: a connector may bring its own copy of the class. */
export const isSourceProblem = (thrown: unknown): thrown is SourceProblem =>
  thrown instanceof SourceProblem || (thrown instanceof Error && thrown.name === 'SourceProblem');
