const oneRetry = 100;
/** So many in a row, before any share of what was asked has been saved up. */
const mostSaved = 10 * oneRetry;

/**
 * Second tries, as a share of what a source is asked: one that is going down must not be asked twice by everybody. Shared by
 * all who ask it.
 */
export class RetryShare {
  readonly #percent: number;
  #saved: number;

  constructor(percent: number) {
    this.#percent = percent;
    this.#saved = percent > 0 ? mostSaved : 0;
  }

  /** Something is asked for the first time. */
  asked(): void {
    this.#saved = Math.min(mostSaved, this.#saved + this.#percent);
  }

  /** Whether it may be asked once more. */
  take(): boolean {
    if (this.#saved < oneRetry) return false;
    this.#saved -= oneRetry;
    return true;
  }
}
