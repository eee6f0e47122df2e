import {type RecordRef, refKey} from '@bsp/contract';

/**
 * Remembers, per context, which records went out in it, so that a write that refers to one need not ask its source again.
 * A context is one subject for good, so what was true stays true. Who is not remembered is asked for.
 */
export class HandedOut {
  readonly #contexts = new Map<string, Set<string>>();
  readonly #mostContexts: number;
  readonly #mostRecords: number;

  constructor(mostContexts = 500, mostRecords = 5_000) {
    this.#mostContexts = mostContexts;
    this.#mostRecords = mostRecords;
  }

  add(contextId: string, resource: string, items: readonly unknown[]): void {
    const records = this.#contexts.get(contextId) ?? new Set();
    // The context that was used last is dropped last.
    this.#contexts.delete(contextId);
    this.#contexts.set(contextId, records);
    for (const {ref} of items as readonly {ref?: RecordRef}[])
      if (ref && records.size < this.#mostRecords) records.add(`${resource}\u0000${refKey(ref)}`);
    for (const oldest of this.#contexts.keys()) {
      if (this.#contexts.size <= this.#mostContexts) return;
      this.#contexts.delete(oldest);
    }
  }

  has(contextId: string, resource: string, ref: RecordRef): boolean {
    return this.#contexts.get(contextId)?.has(`${resource}\u0000${refKey(ref)}`) ?? false;
  }
}
