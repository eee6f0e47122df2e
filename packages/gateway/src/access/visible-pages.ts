import {maxFrameItems} from '@bsp/contract';
import type {SourcePage} from '@bsp/sources';
import type {Sieve} from './visible.js';

/** Where a page of visible items begins: in the read with this cursor of the source, after so many of its visible items. */
export interface Position {
  readonly at?: string | undefined;
  readonly skip: number;
}

/** Reads a position back from a cursor. */
export const positionOf = (text: string | undefined): Position =>
  text === undefined ? {skip: 0} : (JSON.parse(text) as Position);

/** A position as a cursor: of a length that does not tell where it is. */
export const cursorOf = (position: Position): string => {
  const text = JSON.stringify(position);
  return text.padEnd(Math.ceil(text.length / cursorStep) * cursorStep);
};
const cursorStep = 512;

/**
 * Gathers what may be seen of a source's pages into pages of its own. Where they end follows from what is visible alone, so
 * that hidden items show neither in the number of frames nor in a "there is more" that leads to nothing.
 */
export class VisiblePage {
  readonly items: unknown[] = [];
  /** Where the next one begins, if there is more to see. */
  next: Position | undefined;
  readonly #from: Position;
  readonly #sieve: Sieve;
  readonly #size: number;
  #at: string | undefined;
  #seen = 0;

  constructor(from: Position, sieve: Sieve, size = maxFrameItems) {
    this.#from = from;
    this.#sieve = sieve;
    this.#size = size;
    this.#at = from.at;
  }

  /**
   * Takes a page of the source's answer to the read with a cursor. True: it is full, and there is more to see.
   */
  take(page: SourcePage, at: string | undefined): boolean {
    if (at !== this.#at) {
      this.#at = at;
      this.#seen = 0;
    }
    for (const item of page.items) {
      const shown = this.#sieve(item);
      if (shown === undefined) continue;
      this.#seen++;
      if (at === this.#from.at && this.#seen <= this.#from.skip) continue;
      if (this.items.length === this.#size) {
        this.next = {at, skip: this.#seen - 1};
        return true;
      }
      this.items.push(shown);
    }
    return false;
  }
}

const stepMs = 2;

/**
 * Waits for the end of the step, counted from when the source had answered: what the gateway does with few or many hidden
 * items in between takes no time that could be measured from outside.
 */
export async function endOfStep(answeredAt: number): Promise<void> {
  const spent = performance.now() - answeredAt;
  await new Promise((done) => setTimeout(done, stepMs * Math.ceil((spent + 0.5) / stepMs) - spent));
}
