import type {Backend, Notice} from '@bsp/contract';
import type {SubjectSession} from './subject-session.js';

const firstRetryMs = 1_000;
const longestRetryMs = 30_000;

/** One live line per backend and page, all open contexts multiplexed on it; closed while the page is hidden. */
class LiveHub {
  readonly #backend: Backend;
  readonly #sessions = new Map<string, SubjectSession>();
  #line: AbortController | undefined;
  #cursor: string | undefined;
  #retryMs = firstRetryMs;
  #scheduled = false;

  constructor(backend: Backend) {
    this.#backend = backend;
    document.addEventListener('visibilitychange', () => this.#renew());
    addEventListener('online', () => this.#renew());
  }

  join(session: SubjectSession): void {
    const contextId = session.contextId;
    if (contextId === undefined || session.signal.aborted) return;
    this.#sessions.set(contextId, session);
    this.#cursor ??= session.cursor;
    session.signal.addEventListener('abort', () => {
      this.#sessions.delete(contextId);
      this.#renew();
    });
    this.#renew();
  }

  /** Contexts came or went, or the page woke: the line is made anew, once for all changes of one turn. */
  #renew(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#line?.abort();
      this.#line = undefined;
      this.#tell(false);
      if (this.#sessions.size === 0) this.#cursor = undefined;
      else if (document.visibilityState !== 'hidden') void this.#listen();
    });
  }

  async #listen(): Promise<void> {
    const line = new AbortController();
    this.#line = line;
    while (!line.signal.aborted) {
      try {
        const notices = this.#backend.live({
          contexts: [...this.#sessions.keys()],
          ...(this.#cursor === undefined ? {} : {lastEventId: this.#cursor}),
          signal: line.signal,
          onOpen: () => this.#tell(!line.signal.aborted),
        });
        for await (const notice of notices) {
          if (line.signal.aborted) return;
          this.#take(notice);
        }
      } catch (thrown) {
        const status = (thrown as {problem?: {status?: number}}).problem?.status ?? 503;
        // Refused for good: asking again would be refused again.
        if (status < 500 && status !== 429 && status !== 408) {
          this.#tell(false);
          return;
        }
      }
      if (line.signal.aborted) return;
      this.#tell(false);
      const wait = this.#retryMs * (0.5 + Math.random());
      this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  #take(notice: Notice): void {
    this.#retryMs = firstRetryMs;
    this.#cursor = notice.cursor;
    this.#tell(true);
    const session = this.#sessions.get(notice.contextId);
    if (!session) return;
    if (notice.kind === 'reset') session.reset();
    else session.notice(notice.resource, notice.source);
  }

  #tell(live: boolean): void {
    for (const session of this.#sessions.values()) if (session.live !== live) session.set({live});
  }
}

const hubs = new WeakMap<Backend, LiveHub>();

/** Lets an open Session hear of changes for as long as it lives. */
export function joinLive(backend: Backend, session: SubjectSession): void {
  let hub = hubs.get(backend);
  if (!hub) {
    hub = new LiveHub(backend);
    hubs.set(backend, hub);
  }
  hub.join(session);
}
