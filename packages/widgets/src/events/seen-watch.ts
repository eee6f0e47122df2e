/** How long an entry must have stood on the screen to count as seen. */
const dwellMs = 1_500;
/** Entries that come on the screen together are told together. */
const gatherMs = 100;

/**
 * Tells which entries have stood at least half on a visible screen for a while. Holds elements weakly and keys only: no
 * person data.
 */
export class SeenWatch {
  readonly #onSeen: (keys: readonly string[]) => void;
  readonly #keys = new WeakMap<Element, readonly string[]>();
  readonly #timers = new Map<Element, ReturnType<typeof setTimeout>>();
  readonly #observer: IntersectionObserver;
  #gathered: string[] = [];
  #telling: ReturnType<typeof setTimeout> | undefined;

  constructor(signal: AbortSignal, onSeen: (keys: readonly string[]) => void) {
    this.#onSeen = onSeen;
    this.#observer = new IntersectionObserver((entries) => this.#look(entries), {threshold: 0.5});
    signal.addEventListener('abort', () => this.#stop(), {once: true});
  }

  /** Watches an entry for the unseen events that it shows; none ends the watch. */
  watch(element: Element, keys: readonly string[]): void {
    if (this.#keys.get(element)?.join() === keys.join()) return;
    this.#forget(element);
    this.#keys.set(element, keys);
    if (keys.length > 0) this.#observer.observe(element);
  }

  #look(entries: readonly IntersectionObserverEntry[]): void {
    for (const {target, isIntersecting} of entries) {
      clearTimeout(this.#timers.get(target));
      this.#timers.delete(target);
      if (isIntersecting) this.#wait(target);
    }
  }

  #wait(element: Element): void {
    this.#timers.set(
      element,
      setTimeout(() => {
        const keys = this.#keys.get(element) ?? [];
        // A page in the background shows nobody anything.
        if (document.visibilityState === 'hidden') this.#wait(element);
        else {
          this.#forget(element);
          this.#gathered.push(...keys);
          this.#telling ??= setTimeout(() => this.#tell(), gatherMs);
        }
      }, dwellMs),
    );
  }

  #tell(): void {
    const keys = this.#gathered;
    this.#gathered = [];
    this.#telling = undefined;
    this.#onSeen(keys);
  }

  #forget(element: Element): void {
    this.#observer.unobserve(element);
    clearTimeout(this.#timers.get(element));
    this.#timers.delete(element);
  }

  #stop(): void {
    this.#observer.disconnect();
    clearTimeout(this.#telling);
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
