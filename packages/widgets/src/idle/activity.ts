/** What a user does when she is there. Not scrolling: pages scroll by themselves too. */
const signs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchmove'] as const;

/** How often it is told to other tabs. */
const tellEveryMs = 5_000;

/** What an {@link Activity} tells, each time before {@link Activity.last} changes. */
export interface ActivityListener {
  /** The user has done something here. */
  readonly here: () => void;
  /** She has done something in another tab. */
  readonly elsewhere: () => void;
}

/**
 * Knows when the user was last there, in this tab or in another of the same origin. What goes between tabs says nothing but
 * that.
 */
export class Activity {
  readonly #listener: ActivityListener;
  readonly #tabs = new BroadcastChannel('bsp-activity');
  readonly #stop = new AbortController();
  #told = 0;
  #last = Date.now();

  constructor(listener: ActivityListener) {
    this.#listener = listener;
    const {signal} = this.#stop;
    for (const sign of signs) addEventListener(sign, this.#see, {signal, capture: true, passive: true});
    this.#tabs.onmessage = () => {
      listener.elsewhere();
      this.#last = Date.now();
    };
  }

  /** When that was, in milliseconds since 1970. */
  get last(): number {
    return this.#last;
  }

  /** She is there: said by whoever knows. */
  here(): void {
    this.#last = Date.now();
    if (this.#last - this.#told < tellEveryMs) return;
    this.#told = this.#last;
    this.#tabs.postMessage(null);
  }

  stop(): void {
    this.#stop.abort();
    this.#tabs.close();
  }

  /** A pointer that lies still is told of too, when the page moves below it. */
  readonly #see = (event: Event): void => {
    const {type, movementX, movementY} = event as PointerEvent;
    if (type === 'pointermove' && movementX === 0 && movementY === 0) return;
    this.#listener.here();
    this.here();
  };
}
