import type {ReactiveController, ReactiveControllerHost} from 'lit';

/**
 * Follows the `lang` attributes around an element, across shadow roots, and renders it again when one changes.
 */
export class LanguageController implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #observer: MutationObserver;

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
    this.#observer = new MutationObserver(() => host.requestUpdate());
    host.addController(this);
  }

  hostConnected(): void {
    let root: Node = this.#host.getRootNode();
    for (;;) {
      this.#observer.observe(root, {subtree: true, attributeFilter: ['lang']});
      if (!(root instanceof ShadowRoot)) return;
      root = root.host.getRootNode();
    }
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
  }

  /** The nearest `lang` on or around the element, the document's own left out. */
  get nearest(): string | undefined {
    let element: Element | null = this.#host;
    while (element) {
      const found: Element | null = element.closest('[lang]');
      if (found) return found === document.documentElement ? undefined : (found.getAttribute('lang') ?? undefined);
      const root: Node = element.getRootNode();
      element = root instanceof ShadowRoot ? root.host : null;
    }
    return undefined;
  }
}
