/** Long work in one process: others get their turn in between. */
import {setImmediate as turn} from 'node:timers/promises';

/** How long work may go on before others get their turn, in milliseconds. */
const longestTurnMs = 10;
/** So many bytes or characters of something long at a time. */
const portion = 65_536;

/** Lets others have their turn when work has taken a while, and stops when nobody waits any more. */
export class Turns {
  private readonly signal: AbortSignal | undefined;
  private began = performance.now();

  constructor(signal?: AbortSignal) {
    this.signal = signal;
  }

  /** A promise where others get their turn first. */
  offer(): Promise<void> | undefined {
    return performance.now() - this.began < longestTurnMs ? undefined : this.give();
  }

  private async give(): Promise<void> {
    await turn();
    this.signal?.throwIfAborted();
    this.began = performance.now();
  }
}

/** Something long in portions, with a turn for others before each but the first. @param slice - gives what lies between two places. */
export async function* portionsOf<T>(length: number, slice: (from: number, to: number) => T): AsyncGenerator<T> {
  for (let at = 0; at < length; at += portion) {
    if (at > 0) await turn();
    yield slice(at, at + portion);
  }
}
