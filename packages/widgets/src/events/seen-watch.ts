/** How long a title must have stood on the screen to count as seen. */
const dwellMs = 1_500;
/** Those that come on the screen together are told together. */
const gatherMs = 100;

/**
 * Tells of which events the title has stood on a visible screen for a while: an entry may be higher than the screen. Holds
 * elements weakly and keys only: no person data.
 */
export class SeenWatch {
  readonly #onSeen: (keys: readonly string[]) => void;
  #keys = new WeakMap<Element, string | undefined>();
  readonly #timers = new Map<Element, ReturnType<typeof setTimeout>>();
  readonly #observer: IntersectionObserver;
  #gathered: string[] = [];
  #telling: ReturnType<typeof setTimeout> | undefined;

  constructor(signal: AbortSignal, onSeen: (keys: readonly string[]) => void) {
    this.#onSeen = onSeen;
    this.#observer = new IntersectionObserver((entries) => this.#look(entries), {threshold: 0.5});
    signal.addEventListener('abort', () => this.#stop(), {once: true});
  }

  /** Watches the title of an unseen event; none ends the watch. */
  watch(element: Element, key: string | undefined): void {
    if (this.#keys.get(element) === key) return;
    this.#forget(element);
    this.#keys.set(element, key);
    if (key) this.#observer.observe(element);
  }

  /** What was told did not arrive: all that is watched next is told again. */
  again(): void {
    this.#keys = new WeakMap();
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
        const key = this.#keys.get(element);
        // A page in the background shows nobody anything.
        if (document.visibilityState === 'hidden') this.#wait(element);
        else {
          this.#forget(element);
          if (key) this.#gathered.push(key);
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
