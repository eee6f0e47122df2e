/** A token, and when it is to be fetched anew (milliseconds since 1970). */
export interface FetchedToken<T> {
  readonly value: T;
  readonly until: number;
}

/** A token that runs out on its way is refused: it is renewed a little earlier, a minute or a fifth of its life. */
export const renewalOf = (now: number, expires: number): number => expires - Math.min(60_000, (expires - now) / 5);

/** A token that is fetched once for all who wait, kept until shortly before it ends, and fetched anew where it is refused. */
export class KeptToken<T> {
  private readonly fetched: () => Promise<FetchedToken<T>>;
  private readonly now: () => number;
  private kept: FetchedToken<T> | undefined;
  private underWay: Promise<T> | undefined;

  constructor(fetched: () => Promise<FetchedToken<T>>, now: () => number) {
    this.fetched = fetched;
    this.now = now;
  }

  async value(signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    if (this.kept && this.now() < this.kept.until) return this.kept.value;
    // Not under the reader's signal: others may wait for the same token.
    this.underWay ??= this.renewed().finally(() => {
      this.underWay = undefined;
    });
    const {underWay} = this;
    let stop: () => void = () => undefined;
    const stopped = new Promise<never>((_, reject) => {
      stop = () => reject(signal.reason as Error);
      signal.addEventListener('abort', stop, {once: true});
    });
    try {
      return await Promise.race([underWay, stopped]);
    } finally {
      signal.removeEventListener('abort', stop);
      underWay.catch(() => undefined);
    }
  }

  /** Forgets a token that was refused, unless it is another by now. */
  forget(isRefused: (value: T) => boolean): void {
    if (this.kept && isRefused(this.kept.value)) this.kept = undefined;
  }

  private async renewed(): Promise<T> {
    this.kept = await this.fetched();
    return this.kept.value;
  }
}
