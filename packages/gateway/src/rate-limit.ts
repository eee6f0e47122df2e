import {ProblemError, problemOf} from '@bsp/contract';
import type {Identity} from './identity.js';

/** A token bucket per name: `burst` at once, then `perMinute`. In this process only. */
export class RateLimit {
  readonly #perMs: number;
  readonly #burst: number;
  readonly #buckets = new Map<string, {tokens: number; at: number}>();

  constructor({perMinute, burst}: {readonly perMinute: number; readonly burst: number}) {
    this.#perMs = perMinute / 60_000;
    this.#burst = burst;
  }

  /** Takes a token; undefined when there was one, else the seconds until there is. */
  take(name: string, now = performance.now()): number | undefined {
    const bucket = this.#buckets.get(name) ?? {tokens: this.#burst, at: now};
    bucket.tokens = Math.min(this.#burst, bucket.tokens + (now - bucket.at) * this.#perMs);
    bucket.at = now;
    if (this.#buckets.size > 10_000) this.#dropFull(now);
    this.#buckets.set(name, bucket);
    if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / this.#perMs / 1_000));
    bucket.tokens--;
    return undefined;
  }

  /** Who has not asked for so long that the bucket is full again is forgotten. */
  #dropFull(now: number): void {
    for (const [name, {tokens, at}] of this.#buckets)
      if (tokens + (now - at) * this.#perMs >= this.#burst) this.#buckets.delete(name);
  }
}

/** Names a user of a tenant. */
export const userKey = ({tenant, user}: Identity): string => `${tenant.id} ${user.id}`;

/**
 * Asks no more of anything than a user may in a short time.
 *
 * @throws ProblemError - 429 with this title.
 */
export function inRate(rate: RateLimit | undefined, identity: Identity, title: string): void {
  const wait = rate?.take(userKey(identity));
  if (wait !== undefined) throw new ProblemError(problemOf('rate-limited', title, {retryAfter: wait}));
}

/** Said to who asked too much of anything but persons. */
export const askedTooMuch = 'Too much was asked in a short time.';
