import type {ReactiveController, ReactiveControllerHost} from 'lit';
import {
  type ContextKey,
  connectedProviders,
  environmentContext,
  providersChanged,
  requestContext,
  sessionContext,
} from './contexts.js';
import type {Environment, Session} from './session.js';

type Host = ReactiveControllerHost & HTMLElement & {for?: string | undefined};

/**
 * Finds the Session for a window: the provider that `for` names, else the nearest one around it, else the page's only
 * one. It looks again when providers come or go, so the order of attaching and upgrading does not matter.
 */
export class SessionController implements ReactiveController {
  readonly #host: Host;
  readonly #onSession: (() => void) | undefined;
  #session: Session | undefined;
  /** The provider's. */
  #offered: Session | undefined;
  /** Lets go of the Session that the window is pinned to. */
  #unpin: (() => void) | undefined;
  #environment: Environment | undefined;
  #leave: (() => void)[] = [];
  #for: string | undefined;
  #asking = 0;

  /** @param onSession - called at once when another Session (or none) takes its place, before the host renders. */
  constructor(host: Host, onSession?: () => void) {
    this.#host = host;
    this.#onSession = onSession;
    host.addController(this);
  }

  /** Through the provider's lens, where it has one. */
  get session(): Session | undefined {
    const session = this.#session;
    return session && (this.#environment?.lens?.(session) ?? session);
  }

  /** The window keeps its Session, whoever the page is about. */
  get pinned(): boolean {
    return this.#unpin !== undefined;
  }

  /**
   * Breaks the link: the window keeps its Session over switches, until {@link rejoin}, it leaves the page, or the provider
   * ends all of them. For an answer `{pin}` to the survey. The window must say that it is pinned, and to whom.
   */
  pin(): void {
    const session = this.#session;
    if (!session || this.#unpin) return;
    this.#unpin = session.hold();
    session.signal.addEventListener('abort', () => session === this.#session && this.rejoin());
    this.#host.requestUpdate();
  }

  /** Follows the page again: the person before is gone in the same task. */
  rejoin(): void {
    const unpin = this.#unpin;
    this.#unpin = undefined;
    this.#take(this.#offered);
    unpin?.();
  }

  get environment(): Environment | undefined {
    return this.#environment;
  }

  hostConnected(): void {
    document.addEventListener(providersChanged, this.#resolve);
    this.#resolve();
  }

  hostDisconnected(): void {
    document.removeEventListener(providersChanged, this.#resolve);
    this.#unsubscribe();
    this.#offered = undefined;
    this.rejoin();
  }

  hostUpdate(): void {
    if (!this.#host.isConnected || this.#for === this.#host.for) return;
    this.#resolve();
    // What the host has derived before this, it derives anew.
    void this.#host.updateComplete.then(() => this.#host.requestUpdate());
  }

  readonly #resolve = (): void => {
    this.#unsubscribe();
    this.#for = this.#host.for;
    if (!this.#answered()) {
      this.#environment = undefined;
      this.#take(undefined);
    }
  };

  #answered(): boolean {
    const host = this.#host;
    if (this.#for) {
      const root = host.getRootNode() as Document | ShadowRoot;
      const named = root.getElementById?.(this.#for) ?? document.getElementById(this.#for);
      // Asking any other element would be answered by a provider around it.
      return named !== null && connectedProviders().has(named) && this.#request(named);
    }
    if (this.#request(host)) return true;
    // With two providers on the page there is no telling which one is meant.
    const [only, another] = connectedProviders();
    return only !== undefined && !another && this.#request(only);
  }

  #request(target: Element): boolean {
    const asking = ++this.#asking;
    const ask = <T>(context: ContextKey<T>, take: (value: T) => void): boolean => {
      let answered = false;
      requestContext(target, context, this.#host, (value, leave) => {
        // A provider that was left may still call.
        if (asking !== this.#asking) return leave?.();
        if (!answered && leave) this.#leave.push(leave);
        answered = true;
        take(value);
      });
      return answered;
    };
    ask(environmentContext, (environment) => {
      const {lens} = this.#environment ?? {};
      this.#environment = environment;
      if (lens !== environment.lens) this.#onSession?.();
      this.#host.requestUpdate();
    });
    return ask(sessionContext, (session) => this.#take(session));
  }

  #unsubscribe(): void {
    this.#asking++;
    for (const leave of this.#leave.splice(0)) leave();
  }

  #take(session: Session | undefined): void {
    this.#offered = session;
    if (this.#unpin || session === this.#session) return;
    this.#session = session;
    this.#onSession?.();
    this.#host.requestUpdate();
  }
}
