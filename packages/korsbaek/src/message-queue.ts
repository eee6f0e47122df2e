/** An async iterable that is filled from outside. Leaving it early calls `onLeave`. */
export class MessageQueue<T> implements AsyncIterableIterator<T, undefined> {
  readonly #onLeave: () => void;
  readonly #waiting: {resolve: (result: IteratorResult<T, undefined>) => void; reject: (error: unknown) => void}[] = [];
  #messages: T[] = [];
  #closed: {readonly error?: unknown} | undefined;

  constructor(onLeave: () => void) {
    this.#onLeave = onLeave;
  }

  get closed(): boolean {
    return this.#closed !== undefined;
  }

  push(message: T): void {
    if (this.#closed) return;
    const next = this.#waiting.shift();
    if (next) next.resolve({value: message, done: false});
    else this.#messages.push(message);
  }

  /** Ends after what has been pushed. */
  end(): void {
    if (this.#closed) return;
    this.#closed = {};
    for (const {resolve} of this.#waiting.splice(0)) resolve({value: undefined, done: true});
  }

  /** Fails at once: what has been pushed and not yet taken is dropped. */
  fail(error: unknown, keepMessages = false): void {
    if (this.#closed && 'error' in this.#closed) return;
    this.#closed = {error};
    if (!keepMessages) this.#messages = [];
    for (const {reject} of this.#waiting.splice(0)) {
      reject(error);
      // Only the first waiter learns of it; after that the iteration is over.
      this.#closed = {};
    }
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const message = this.#messages.shift();
    if (message !== undefined) return Promise.resolve({value: message, done: false});
    if (!this.#closed) return new Promise((resolve, reject) => this.#waiting.push({resolve, reject}));
    if ('error' in this.#closed) {
      const {error} = this.#closed;
      this.#closed = {};
      return Promise.reject(error as Error);
    }
    return Promise.resolve({value: undefined, done: true});
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#messages = [];
    this.end();
    this.#onLeave();
    return Promise.resolve({value: undefined, done: true});
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
