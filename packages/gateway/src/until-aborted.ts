import {setTimeout as sleep} from 'node:timers/promises';

/** Waits for work no longer than a signal allows, whether or not the work heeds it. */
export const untilAborted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, {once: true});
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });

/** Waits so long, or until a signal aborts. */
export const abortableSleep = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, {signal, ref: false}).catch(() => undefined);
