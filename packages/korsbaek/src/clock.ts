/** Time, as Korsbæk's Backend sees it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after so many milliseconds; rejects with the signal's reason when it aborts. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** What an aborted call rejects with. */
export const abortReason = (signal: AbortSignal): Error =>
  signal.reason instanceof Error && signal.reason.name === 'AbortError'
    ? signal.reason
    : new DOMException('The call was aborted.', 'AbortError');

/** Throws an `AbortError` when the signal has aborted. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw abortReason(signal);
}

/** The machine's own time. */
export const realClock: Clock = {
  now: () => Date.now(),
  wait: (milliseconds, signal) =>
    waitFor(signal, (done) => {
      const timer = setTimeout(done, milliseconds);
      return () => clearTimeout(timer);
    }),
};

/** Waits for something that `start` begins; leaves it when the signal aborts. */
export function waitFor(signal: AbortSignal, start: (done: () => void) => () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(abortReason(signal));
      return;
    }
    const forget = whenAborted(signal, () => {
      leave();
      reject(abortReason(signal));
    });
    const leave = start(() => {
      forget();
      resolve();
    });
  });
}

const aborting = new WeakMap<AbortSignal, Set<() => void>>();

/** One listener per signal, however many sources wait on it. Returns what takes the callback away. */
function whenAborted(signal: AbortSignal, callback: () => void): () => void {
  let callbacks = aborting.get(signal);
  if (!callbacks) {
    const all = new Set<() => void>();
    signal.addEventListener(
      'abort',
      () => {
        for (const one of all) one();
      },
      {once: true},
    );
    aborting.set(signal, all);
    callbacks = all;
  }
  callbacks.add(callback);
  return () => callbacks.delete(callback);
}

/** A clock that moves only when told to: for tests and stories. */
export interface ManualClock extends Clock {
  /** Moves time, and lets everything that was due happen in order. */
  advance(milliseconds: number): Promise<void>;
  /** How many wait. */
  readonly waiting: number;
}

/** Makes a {@link ManualClock}. */
export function manualClock(start = '2026-11-20T10:15:00+01:00'): ManualClock {
  let now = Date.parse(start);
  const due = new Set<{at: number; done: () => void}>();
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
  return {
    now: () => now,
    get waiting() {
      return due.size;
    },
    wait: (milliseconds, signal) =>
      waitFor(signal, (done) => {
        const entry = {at: now + milliseconds, done};
        due.add(entry);
        return () => due.delete(entry);
      }),
    advance: async (milliseconds) => {
      const until = now + milliseconds;
      await settle();
      for (;;) {
        const [next] = [...due].filter(({at}) => at <= until).sort((a, b) => a.at - b.at);
        if (!next) break;
        now = Math.max(now, next.at);
        due.delete(next);
        next.done();
        await settle();
      }
      now = until;
    },
  };
}
