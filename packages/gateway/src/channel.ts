/** Carries messages from many writers to one reader; writers wait while `capacity` messages lie unread. */
export class Channel<T> {
  readonly #capacity: number;
  readonly #messages: T[] = [];
  readonly #writers: (() => void)[] = [];
  #reader: (() => void) | undefined;
  #closed = false;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  async write(message: T): Promise<void> {
    while (this.#messages.length >= this.#capacity && !this.#closed)
      await new Promise<void>((resolve) => this.#writers.push(resolve));
    if (this.#closed) return;
    this.#messages.push(message);
    this.#wakeReader();
  }

  /** No more messages are taken; those that lie here can still be read. */
  close(): void {
    this.#closed = true;
    for (const writer of this.#writers.splice(0)) writer();
    this.#wakeReader();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    for (;;) {
      if (this.#messages.length > 0) {
        const message = this.#messages.shift()!;
        this.#writers.shift()?.();
        yield message;
      } else if (this.#closed) return;
      else
        await new Promise<void>((resolve) => {
          this.#reader = resolve;
        });
    }
  }

  #wakeReader(): void {
    this.#reader?.();
    this.#reader = undefined;
  }
}
