/** More wait for their turn than may. */
export class QueueFull extends Error {}

/** Lets so many in at a time; others wait their turn, as many as may. */
export class Slots {
  #free: number;
  readonly #queue: number;
  /** A set, so that whoever leaves from the middle of a long queue costs no more than the first. */
  readonly #waiting = new Set<() => void>();

  constructor({concurrency, queue}: {readonly concurrency: number; readonly queue: number}) {
    this.#free = concurrency;
    this.#queue = queue;
  }

  /** How many wait for their turn. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Gives the function that gives the slot back; undefined where none is free. */
  takeNow(): (() => void) | undefined {
    if (this.#free === 0) return undefined;
    this.#free--;
    return this.#giveBackOnce();
  }

  /** Resolves with the function that gives the slot back. Rejects with the signal's reason if it aborts first. */
  async take(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    const free = this.takeNow();
    if (free) return free;
    if (this.#waiting.size >= this.#queue) throw new QueueFull();
    await new Promise<void>((resolve, reject) => {
      const turn = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        this.#waiting.delete(turn);
        reject(signal.reason as Error);
      };
      this.#waiting.add(turn);
      signal.addEventListener('abort', leave, {once: true});
    });
    return this.#giveBackOnce();
  }

  #giveBackOnce(): () => void {
    let given = false;
    return () => {
      if (given) return;
      given = true;
      const [next] = this.#waiting;
      if (next) {
        this.#waiting.delete(next);
        next();
      } else this.#free++;
    };
  }
}
