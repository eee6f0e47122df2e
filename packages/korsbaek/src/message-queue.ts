import {abortReason} from './clock.js';

/**
 * An async iterable that is filled from outside. When the signal aborts, what has not been taken is dropped, and the next
 * take rejects with an `AbortError`. `onLeave` is called when nobody takes any more.
 */
export class MessageQueue<T> implements AsyncIterableIterator<T, undefined> {
  readonly #onLeave: () => void;
  readonly #signal: AbortSignal;
  readonly #waiting: {resolve: (result: IteratorResult<T, undefined>) => void; reject: (error: unknown) => void}[] = [];
  #messages: T[] = [];
  #state: 'open' | 'ended' | 'left' = 'open';
  #error: {readonly thrown: unknown} | undefined;

  constructor(signal: AbortSignal, onLeave: () => void) {
    this.#signal = signal;
    this.#onLeave = onLeave;
    signal.addEventListener('abort', this.#abort, {once: true});
    if (signal.aborted) this.#abort();
  }

  push(message: T): void {
    if (this.#state !== 'open') return;
    const next = this.#waiting.shift();
    if (next) next.resolve({value: message, done: false});
    else this.#messages.push(message);
  }

  /** Ends, with an error if one is given, after what has been pushed. */
  end(error?: {readonly thrown: unknown}): void {
    if (this.#state !== 'open') return;
    this.#state = 'ended';
    this.#error = error;
    if (this.#waiting.length > 0) this.#finish();
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const message = this.#messages.shift();
    if (message !== undefined) return Promise.resolve({value: message, done: false});
    return new Promise((resolve, reject) => {
      this.#waiting.push({resolve, reject});
      if (this.#state !== 'open') this.#finish();
    });
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#messages = [];
    this.#error = undefined;
    this.#finish();
    return Promise.resolve({value: undefined, done: true});
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  readonly #abort = (): void => {
    if (this.#state === 'left') return;
    this.#messages = [];
    this.#error = {thrown: abortReason(this.#signal)};
    this.#state = 'ended';
    if (this.#waiting.length > 0) this.#finish();
    else this.#onLeave();
  };

  /** Tells those who wait that it is over; the error is told once. */
  #finish(): void {
    for (const {resolve, reject} of this.#waiting.splice(0)) {
      const error = this.#error;
      this.#error = undefined;
      if (error) reject(error.thrown);
      else resolve({value: undefined, done: true});
    }
    if (this.#state === 'left') return;
    this.#state = 'left';
    this.#signal.removeEventListener('abort', this.#abort);
    this.#onLeave();
  }
}
