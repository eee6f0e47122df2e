/** More wait for their turn than may. */
export class QueueFull extends Error {}

/**
 * Lets so many in at a time; others wait their turn, as many as may. Users take turns: whoever has a hundred waiting holds nobody
 * else up by more than one.
 */
export class Slots {
  #free: number;
  readonly #queue: number;
  /**
   * Whose turn is next comes first. Sets, so that whoever leaves from the middle of a long queue costs no more than the first.
   */
  readonly #waiting = new Map<unknown, Set<() => void>>();
  #count = 0;

  constructor({concurrency, queue}: {readonly concurrency: number; readonly queue: number}) {
    this.#free = concurrency;
    this.#queue = queue;
  }

  /** How many wait for their turn. */
  get waiting(): number {
    return this.#count;
  }

  /** Gives the function that gives the slot back; undefined where none is free. */
  takeNow(): (() => void) | undefined {
    if (this.#free === 0) return undefined;
    this.#free--;
    return this.#giveBackOnce();
  }

  /**
   * Resolves with the function that gives the slot back. Rejects with the signal's reason if it aborts first.
   *
   * @param user - who waits; without one it takes turns by itself.
   */
  async take(signal: AbortSignal, user: unknown = Symbol('nobody')): Promise<() => void> {
    signal.throwIfAborted();
    const free = this.takeNow();
    if (free) return free;
    if (this.#count >= this.#queue) throw new QueueFull();
    await new Promise<void>((resolve, reject) => {
      const turn = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        this.#remove(user, turn);
        reject(signal.reason as Error);
      };
      this.#add(user, turn);
      signal.addEventListener('abort', leave, {once: true});
    });
    return this.#giveBackOnce();
  }

  #giveBackOnce(): () => void {
    let given = false;
    return () => {
      if (given) return;
      given = true;
      const next = this.#next();
      if (next) next();
      else this.#free++;
    };
  }

  /** Takes out whose turn it is; what else that user waits for goes behind everybody else's. */
  #next(): (() => void) | undefined {
    const [first] = this.#waiting;
    if (!first) return undefined;
    const [user, turns] = first;
    const [turn] = turns;
    this.#waiting.delete(user);
    this.#count--;
    turns.delete(turn!);
    if (turns.size > 0) this.#waiting.set(user, turns);
    return turn;
  }

  #add(user: unknown, turn: () => void): void {
    const before = this.#waiting.get(user);
    if (before) before.add(turn);
    else this.#waiting.set(user, new Set([turn]));
    this.#count++;
  }

  #remove(user: unknown, turn: () => void): void {
    const turns = this.#waiting.get(user);
    if (!turns?.delete(turn)) return;
    this.#count--;
    if (turns.size === 0) this.#waiting.delete(user);
  }
}
