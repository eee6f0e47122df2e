import type {Notice} from '@bsp/contract';
import {MessageQueue} from './message-queue.js';

interface Listener {
  readonly contexts: ReadonlySet<string>;
  readonly queue: MessageQueue<Notice>;
}

const mostKept = 5000;

/** The notices of one Backend: kept for resume, and told to who listens. */
export class LiveLine {
  /** Tells cursors of this Backend from those of another, after a reload for example. */
  readonly #epoch: string;
  #last = 0;
  #kept: {number: number; notice: Notice}[] = [];
  /** Cursors before this one can't be resumed from. */
  #forgotten = 0;
  readonly #listeners = new Set<Listener>();

  constructor(epoch: string) {
    this.#epoch = epoch;
  }

  get cursor(): string {
    return `${this.#epoch}.${this.#last}`;
  }

  /** Tells the context's listeners to read a resource of a source again. */
  notify(contextId: string, resource: string, source: string): void {
    const number = ++this.#last;
    this.#tell(number, {kind: 'notice', cursor: this.cursor, contextId, resource, source});
  }

  /** Tells the context's listeners to read everything again. */
  reset(contextId: string): void {
    const number = ++this.#last;
    this.#tell(number, {kind: 'reset', cursor: this.cursor, contextId});
  }

  #tell(number: number, notice: Notice): void {
    this.#kept.push({number, notice});
    if (this.#kept.length > mostKept) this.#forgotten = this.#kept.shift()!.number;
    for (const {contexts, queue} of this.#listeners) if (contexts.has(notice.contextId)) queue.push(notice);
  }

  /** What has been told so far can't be resumed: who comes back gets a reset. */
  forget(): void {
    this.#kept = [];
    this.#forgotten = this.#last;
  }

  /** The line drops for everybody. */
  drop(): void {
    for (const {queue} of this.#listeners) queue.end();
    this.#listeners.clear();
  }

  listen(contexts: readonly string[], lastEventId: string | undefined, signal: AbortSignal): MessageQueue<Notice> {
    const listener: Listener = {
      contexts: new Set(contexts),
      queue: new MessageQueue<Notice>(signal, () => this.#listeners.delete(listener)),
    };
    if (signal.aborted) return listener.queue;
    if (lastEventId !== undefined) {
      const [epoch, number] = lastEventId.split('.');
      const after = Number(number);
      if (epoch === this.#epoch && after >= this.#forgotten && after <= this.#last) {
        for (const kept of this.#kept) {
          if (kept.number > after && listener.contexts.has(kept.notice.contextId)) listener.queue.push(kept.notice);
        }
      } else {
        for (const contextId of contexts) listener.queue.push({kind: 'reset', cursor: this.cursor, contextId});
      }
    }
    this.#listeners.add(listener);
    return listener.queue;
  }
}
