import type {Environment, Session} from './session.js';

/** A key of the community context protocol, as `createContext` of `@lit/context` makes it. */
export type ContextKey<T> = symbol & {readonly __context__: T};

const keyOf = <T>(name: string): ContextKey<T> => Symbol.for(name) as unknown as ContextKey<T>;

/** Context key of the Session; undefined while the provider has no subject. */
export const sessionContext: ContextKey<Session | undefined> = keyOf('bsp/session@1');

/** Context key of what a provider says besides. */
export const environmentContext: ContextKey<Environment> = keyOf('bsp/environment@1');

/** Fired on the document when a provider comes or goes, so that windows look again. */
export const providersChanged = 'bsp-providers-changed';

const providersKey = Symbol.for('bsp/providers@1');

/** The connected providers of the page: shared by all copies of the kit, holds elements only. */
export const connectedProviders = (): Set<Element> => {
  const page = globalThis as unknown as Record<symbol, Set<Element> | undefined>;
  page[providersKey] ??= new Set();
  return page[providersKey];
};

type Take<T> = (value: T, leave?: () => void) => void;

/** What `context-request` carries. */
interface ContextRequest<T> {
  readonly context: unknown;
  readonly contextTarget: Element;
  readonly callback: Take<T>;
  readonly subscribe: boolean;
}

/** Asks for a context at an element: `take` is called at once if somebody provides it there, and after each change. */
export function requestContext<T>(at: Element, context: ContextKey<T>, contextTarget: Element, take: Take<T>): void {
  const request: ContextRequest<T> = {context, contextTarget, callback: take, subscribe: true};
  at.dispatchEvent(Object.assign(new Event('context-request', {bubbles: true, composed: true}), request));
}

/** Provides a context at an element. */
export class ContextSource<T> {
  #value: T;
  readonly #subscribers = new Map<Take<T>, () => void>();

  constructor(element: Element, key: ContextKey<T>, value: T) {
    this.#value = value;
    element.addEventListener('context-request', (event) => {
      const {context, callback, subscribe} = event as Event & ContextRequest<T>;
      if (context !== key) return;
      event.stopPropagation();
      if (!subscribe) return callback(this.#value);
      const leave = (): void => {
        this.#subscribers.delete(callback);
      };
      this.#subscribers.set(callback, leave);
      callback(this.#value, leave);
    });
  }

  /** Tells everybody at once, whatever one of them throws. */
  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    callAll(
      [...this.#subscribers].map(
        ([take, leave]) =>
          () =>
            take(this.#value, leave),
      ),
    );
  }
}

/** Calls all of them, whatever one throws: one broken window must not leave a person standing in another. */
export function callAll(calls: Iterable<() => void>): void {
  for (const call of [...calls]) {
    try {
      call();
    } catch (thrown) {
      reportError(thrown);
    }
  }
}
