/** Whoever waited for a source was told no more: its time was over. */
export class DeadlinePassed extends Error {}

/**
 * How long a source is waited for: so many milliseconds in all, of which only those count in which it is waited for, and no
 * longer than anybody wants its answer.
 *
 * A read has some twenty of these, and most sources answer long before. So there is one timer for all waits, which is set
 * anew only if it comes too soon, and a signal only for a connector that looks at its.
 */
export class Patience {
  #left: number;
  #since: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #halt: ((reason: unknown) => void) | undefined;
  #ended: {readonly reason: unknown} | undefined;
  #controller: AbortController | undefined;

  constructor(milliseconds: number) {
    this.#left = milliseconds;
  }

  /** Aborts when the time is over, and when nobody waits any more. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#ended) this.#controller.abort(this.#ended.reason);
    }
    return this.#controller.signal;
  }

  /**
   * Waits for one thing at a time.
   *
   * @throws DeadlinePassed
   * @throws the reason for which it ended, or whatever the work does.
   */
  async wait<T>(work: () => Promise<T>): Promise<T> {
    if (this.#ended) throw this.#ended.reason;
    this.#since = performance.now();
    this.#timer ??= this.#timerFor(this.#left);
    try {
      return await new Promise<T>((resolve, reject) => {
        this.#halt = reject;
        work().then(resolve, reject);
      });
    } finally {
      this.#left -= performance.now() - this.#since;
      this.#since = undefined;
      this.#halt = undefined;
    }
  }

  /** Nobody waits any more. */
  end(reason: unknown): void {
    if (this.#ended) return;
    this.#ended = {reason};
    clearTimeout(this.#timer);
    // Before whatever the connector does when it is stopped.
    this.#halt?.(reason);
    this.#controller?.abort(reason);
  }

  #timerFor(milliseconds: number): NodeJS.Timeout {
    // Whole milliseconds: timers of one length lie in one list.
    return setTimeout(() => this.#look(), Math.ceil(Math.max(0, milliseconds)));
  }

  #look(): void {
    this.#timer = undefined;
    // Who waits next sets it for what is left.
    if (this.#since === undefined) return;
    const left = this.#left - (performance.now() - this.#since);
    if (left > 0) this.#timer = this.#timerFor(left);
    else this.end(new DeadlinePassed());
  }
}

/** All that a read waits for, to be ended together: a signal that so many listen to would cost more than the listening. */
export class Patiences {
  readonly #all = new Set<Patience>();
  readonly #signal: AbortSignal;
  readonly #aborted = () => this.end(this.#signal.reason);
  #ended: {readonly reason: unknown} | undefined;

  /** @param signal - ends all when it aborts; it is listened to until they have ended. */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
    if (signal.aborted) this.#aborted();
    else signal.addEventListener('abort', this.#aborted, {once: true});
  }

  /** Nobody waits any more, for anything. */
  get isOver(): boolean {
    return this.#ended !== undefined;
  }

  begin(milliseconds: number): Patience {
    const patience = new Patience(milliseconds);
    if (this.#ended) patience.end(this.#ended.reason);
    else this.#all.add(patience);
    return patience;
  }

  /** One is waited for no more. */
  leave(patience: Patience, reason: unknown): void {
    this.#all.delete(patience);
    patience.end(reason);
  }

  end(reason: unknown): void {
    this.#ended ??= {reason};
    this.#signal.removeEventListener('abort', this.#aborted);
    for (const patience of this.#all) this.leave(patience, reason);
  }
}
