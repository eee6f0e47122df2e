import {type RecordRef, refKey} from '@bsp/contract';

/**
 * Remembers, per context and rights, which records went out in it, so that a write that refers to one need not ask its
 * source again.
 * A context is one subject for good, so what was true stays true. Who is not remembered is asked for.
 */
export class HandedOut {
  readonly #contexts = new Map<string, Map<string, object>>();
  readonly #mostContexts: number;
  readonly #mostRecords: number;
  readonly #mostInAll: number;
  #inAll = 0;

  constructor(mostContexts = 500, mostRecords = 5_000, mostInAll = 100_000) {
    this.#mostContexts = mostContexts;
    this.#mostRecords = mostRecords;
    this.#mostInAll = mostInAll;
  }

  /** @param deciding - what decides who may see each of the items. */
  add(contextId: string, resource: string, items: readonly unknown[], deciding: readonly object[]): void {
    const records = this.#contexts.get(contextId) ?? new Map<string, object>();
    // The context that was used last is dropped last.
    this.#contexts.delete(contextId);
    this.#contexts.set(contextId, records);
    const before = records.size;
    for (const [index, {ref}] of (items as readonly {ref?: RecordRef}[]).entries())
      if (ref && records.size < this.#mostRecords)
        records.set(`${resource}\u0000${refKey(ref)}`, deciding[index] ?? {});
    this.#inAll += records.size - before;
    for (const [oldest, {size}] of this.#contexts) {
      if (this.#contexts.size <= this.#mostContexts && this.#inAll <= this.#mostInAll) return;
      this.#contexts.delete(oldest);
      this.#inAll -= size;
    }
  }

  has(contextId: string, resource: string, ref: RecordRef): boolean {
    return this.deciding(contextId, resource, ref) !== undefined;
  }

  /** What decides who may see a record that went out. */
  deciding(contextId: string, resource: string, ref: RecordRef): object | undefined {
    return this.#contexts.get(contextId)?.get(`${resource}\u0000${refKey(ref)}`);
  }
}
