import {type Backend, noticeSchema} from '@bsp/contract';
import {problemOfBackend, type SubjectSession} from './subject-session.js';

const firstRetryMs = 1_000;
const longestRetryMs = 30_000;

/** One live line per backend and page, all open contexts multiplexed on it; closed while the page is hidden. */
class LiveHub {
  readonly #backend: Backend;
  readonly #sessions = new Set<SubjectSession>();
  /** Sessions that heard of changes once: what they miss while there is no line, a line without a cursor can't tell. */
  readonly #heard = new WeakSet<SubjectSession>();
  #line: AbortController | undefined;
  /** Of the last notice, else where the context began that was opened first. */
  #cursor: string | undefined;
  #cursorFrom: string | undefined;
  #retryMs = firstRetryMs;
  #scheduled = false;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  join(session: SubjectSession): void {
    const opened = session.opened;
    if (!opened || session.signal.aborted) return;
    this.#sessions.add(session);
    if (this.#sessions.size === 1 || (this.#cursorFrom && Date.parse(opened.openedAt) < Date.parse(this.#cursorFrom))) {
      this.#cursor = opened.cursor;
      this.#cursorFrom = opened.openedAt;
    }
    let {contextId} = session;
    session.subscribe(() => {
      if (session.contextId === contextId) return;
      contextId = session.contextId;
      this.#renew();
    });
    document.addEventListener('visibilitychange', this.#renew);
    addEventListener('online', this.#renew);
    session.signal.addEventListener('abort', () => {
      this.#sessions.delete(session);
      if (this.#sessions.size === 0) {
        document.removeEventListener('visibilitychange', this.#renew);
        removeEventListener('online', this.#renew);
      }
      this.#renew();
    });
    this.#renew();
  }

  /** Contexts came or went, or the page woke: the line is made anew, once for all changes of one turn. */
  readonly #renew = (): void => {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#line?.abort();
      this.#tell(false);
      if (this.#sessions.size > 0 && document.visibilityState !== 'hidden') void this.#listen();
    });
  };

  async #listen(): Promise<void> {
    const line = new AbortController();
    const {signal} = line;
    this.#line = line;
    while (!signal.aborted) {
      const began = Date.now();
      // One that no header can carry would have every try fail. Without one, what was missed is read again.
      if (/[^ -~]/.test(this.#cursor ?? '')) this.#cursor = undefined;
      try {
        const notices = this.#backend.live({
          contexts: [...new Set([...this.#sessions].flatMap(({contextId}) => contextId ?? []))],
          ...(this.#cursor === undefined ? {} : {lastEventId: this.#cursor}),
          signal,
          onOpen: () => {
            if (!signal.aborted) this.#stands();
          },
        });
        for await (const raw of notices) {
          if (signal.aborted) return;
          this.#take(raw);
        }
      } catch (thrown) {
        if (signal.aborted) return;
        const {status} = problemOfBackend(this.#backend, thrown);
        // Refused for good: asking again would be refused again.
        if (status < 500 && status !== 429 && status !== 408) return this.#tell(false);
      }
      if (signal.aborted) return;
      this.#tell(false);
      if (Date.now() - began > longestRetryMs) this.#retryMs = firstRetryMs;
      const wait = this.#retryMs * (0.5 + Math.random());
      this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  #stands(): void {
    for (const session of this.#sessions) {
      if (this.#cursor === undefined && this.#heard.has(session)) session.reset();
      this.#heard.add(session);
    }
    this.#tell(true);
  }

  #take(raw: unknown): void {
    const {data: notice} = noticeSchema.safeParse(raw);
    // An unreadable notice is none: the next resume or reload brings what it meant.
    if (!notice) return;
    this.#retryMs = firstRetryMs;
    this.#cursor = notice.cursor;
    this.#cursorFrom = undefined;
    this.#tell(true);
    for (const session of this.#sessions) {
      if (session.contextId !== notice.contextId) continue;
      if (notice.kind === 'reset') session.reset();
      else session.notice(notice.resource, notice.source);
    }
  }

  #tell(live: boolean): void {
    for (const session of this.#sessions) if (session.live !== live) session.set({live});
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
