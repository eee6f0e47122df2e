import {
  type Backend,
  type Me,
  normalizedSubject,
  type OpenedContext,
  type Problem,
  ProblemError,
  problemOf,
  type ShownSubject,
  type Subject,
} from '@bsp/contract';
import {ContextProvider} from '@lit/context';
import {ReactiveElement} from 'lit';
import {property} from 'lit/decorators.js';
import {connectedProviders, environmentContext, providersChanged, sessionContext} from './contexts.js';
import {kitVersion} from './define-element.js';
import {httpBackend} from './http-backend.js';
import type {Environment, Session} from './session.js';
import {type ActionSettled, SubjectSession} from './subject-session.js';

/**
 * What came of `setSubject`, `setContext` or `clearSubject`.
 *
 * `committed`: the windows show it · `kept`: the user stayed with the person before · `superseded`: a later call won ·
 * `failed`: the windows are blank, see `problem`.
 */
export interface SwitchOutcome {
  readonly outcome: 'committed' | 'kept' | 'superseded' | 'failed';
  readonly problem?: Problem;
}

/** Detail of `bsp-subject-change`: never the number itself. */
export interface SubjectChangeDetail {
  readonly contextId: string | undefined;
  readonly subject: ShownSubject | undefined;
}

/** Backends made from a URL: two providers with one URL share one live line. */
const backendsByUrl = new Map<string, Backend>();

function backendOf(given: string | Backend | undefined): Backend | undefined {
  if (typeof given !== 'string') return given;
  let backend = backendsByUrl.get(given);
  if (!backend) {
    backend = httpBackend(given);
    backendsByUrl.set(given, backend);
  }
  return backend;
}

/**
 * Holds who the page is about, and gives the windows their Session. It draws nothing.
 *
 * @summary The subject and the backend of all windows inside it, or that name it with `for`.
 *
 * @attr {string} backend - URL of the backend, e.g. `/bsp`. As a property also a Backend object.
 * @attr {string} lang - Language of the windows, `da` or `en`.
 *
 * @fires {CustomEvent<SubjectChangeDetail>} bsp-subject-change - Another subject is open, or none.
 * @fires {CustomEvent<{problem: Problem}>} bsp-error - A subject could not be opened.
 * @fires {CustomEvent<ActionSettled>} bsp-action-settled - A write has come to its end, possibly after a switch.
 *
 * @slot - The host's own markup with the windows in it.
 */
export class BspProvider extends ReactiveElement {
  static readonly version = kitVersion;

  /** The backend: a URL for the HTTP backend, or a Backend. Another backend ends the Session. */
  @property() backend: string | Backend | undefined;

  /** Overrides of UI texts by window name: `{'case-list': {title: 'Mine sager'}}`. */
  @property({attribute: false}) strings: Environment['strings'] = {};

  readonly #sessions = new ContextProvider(this, {context: sessionContext});
  readonly #environment = new ContextProvider(this, {context: environmentContext, initialValue: this.#describe()});
  #session: SubjectSession | undefined;
  #userSession: SubjectSession | undefined;
  #backend: Backend | undefined;
  #turn = 0;
  #whenReady: (() => void)[] = [];
  /** Ends the survey of a switch that a later one has overtaken. */
  #survey: AbortController | undefined;

  /** The open Session, for windows of a host's own making. */
  get session(): Session | undefined {
    return this.#session;
  }

  /**
   * Shows another subject in all windows. The windows are blank in the same task as the commit; the last call wins. The
   * number is forgotten as soon as the backend has it.
   */
  async setSubject(subject: Subject, options: {purpose?: string; reason?: string} = {}): Promise<SwitchOutcome> {
    const normalized = normalizedSubject(subject);
    if (!normalized.ok) {
      const title = {
        format: 'The number does not have the form of its kind.',
        date: 'The number does not begin with a date.',
        checksum: 'The number has an error: its check digit does not fit.',
      }[normalized.reason];
      return this.#switchTo({problem: problemOf('invalid-subject', title)});
    }
    return this.#switchTo({open: (backend, signal) => backend.openContext(normalized.value, {...options, signal})});
  }

  /** Shows a context that the host's server has opened for this user. */
  setContext(contextId: string): Promise<SwitchOutcome> {
    return this.#switchTo({
      open: (backend, signal) =>
        backend.adoptContext?.(contextId, {signal}) ??
        Promise.reject(new ProblemError(problemOf('not-applicable', 'The backend takes over no contexts.'))),
    });
  }

  /** Shows nobody. */
  clearSubject(): Promise<SwitchOutcome> {
    return this.#switchTo({});
  }

  async #switchTo(to: {
    problem?: Problem;
    open?: (backend: Backend, signal: AbortSignal) => Promise<OpenedContext>;
  }): Promise<SwitchOutcome> {
    const turn = ++this.#turn;
    this.#survey?.abort();
    if (this.#session && this.#session.participants.size > 0) {
      const agreed = await this.#surveyed(this.#session);
      if (turn !== this.#turn) return {outcome: 'superseded'};
      this.#session?.set({veiled: false, kept: !agreed});
      if (!agreed) return {outcome: 'kept'};
    }
    const session = this.#commit(to.open || to.problem ? new SubjectSession(this.#hooks) : undefined);
    if (to.problem) session?.fail(to.problem);
    let problem = to.problem;
    if (session && to.open) {
      await this.#ready();
      if (turn !== this.#turn) return {outcome: 'superseded'};
      problem = await this.#open(session, to.open);
      if (turn !== this.#turn) return {outcome: 'superseded'};
    }
    this.#fire('bsp-subject-change', {contextId: session?.contextId, subject: session?.subject});
    if (!problem) return {outcome: 'committed'};
    this.#fire('bsp-error', {problem});
    return {outcome: 'failed', problem};
  }

  /** Asks the windows that object; the person is veiled meanwhile. */
  async #surveyed(session: SubjectSession): Promise<boolean> {
    const survey = new AbortController();
    this.#survey = survey;
    session.set({veiled: true});
    const overtaken = new Promise<'overtaken'>((resolve) =>
      survey.signal.addEventListener('abort', () => resolve('overtaken'), {once: true}),
    );
    for (const participant of [...session.participants]) {
      // One question at a time; a window that fails to ask has no objection.
      const answer = await Promise.race([overtaken, participant(survey.signal).catch(() => 'agree' as const)]);
      if (answer !== 'agree') return false;
    }
    return true;
  }

  /** From here on the person before is gone: every window hears it synchronously and renders within this task. */
  #commit(next: SubjectSession | undefined): SubjectSession | undefined {
    const before = this.#session;
    this.#session = next;
    this.#sessions.setValue(next);
    before?.close();
    return next;
  }

  /** Opens a context for a Session, and lets it know its user and hear of changes. */
  async #open(
    session: SubjectSession,
    opening: (backend: Backend, signal: AbortSignal) => Promise<OpenedContext>,
  ): Promise<Problem | undefined> {
    const backend = this.#currentBackend();
    if (!backend) return undefined;
    const problem = await session.open(backend, (signal) => opening(backend, signal));
    if (session.state === 'open')
      meOf(backend).then(
        (me) => {
          session.set({me});
          if (me.capabilities.includes('live'))
            void import('./live-hub.js').then(({joinLive}) => joinLive(backend, session));
        },
        // Without it windows offer no writes; reads tell their own problems.
        () => undefined,
      );
    return problem;
  }

  #currentBackend(): Backend | undefined {
    this.#backend ??= backendOf(this.backend);
    return this.#backend;
  }

  /** Resolves once the element stands in a page and has a backend: hosts may set things in any order. */
  async #ready(): Promise<void> {
    if (this.isConnected && this.backend) return;
    await new Promise<void>((resolve) => this.#whenReady.push(resolve));
  }

  #wake(): void {
    if (this.isConnected && this.backend) for (const resolve of this.#whenReady.splice(0)) resolve();
  }

  readonly #hooks = {
    actionSettled: (settled: ActionSettled) => this.#fire('bsp-action-settled', settled),
  };

  #fire(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, {detail, bubbles: true, composed: true}));
  }

  #describe(): Environment {
    return {lang: this.lang || undefined, strings: this.strings ?? {}, userSession: () => this.#openUserSession()};
  }

  #openUserSession(): Session | undefined {
    if (!this.isConnected || !this.backend) return undefined;
    if (!this.#userSession) {
      this.#userSession = new SubjectSession(this.#hooks);
      void this.#open(this.#userSession, (backend, signal) => backend.openContext({type: 'user'}, {signal}));
    }
    return this.#userSession;
  }

  /** Ends everything: logout, disconnect, page left, another backend. Nobody is asked. */
  #end(): void {
    this.#turn++;
    this.#survey?.abort();
    const had = this.#session;
    this.#commit(undefined);
    this.#userSession?.close();
    this.#userSession = undefined;
    for (const resolve of this.#whenReady.splice(0)) resolve();
    if (had) this.#fire('bsp-subject-change', {contextId: undefined, subject: undefined});
  }

  readonly #onPageHide = (): void => this.#end();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.style.display ||= 'contents';
    connectedProviders().add(this);
    addEventListener('pagehide', this.#onPageHide);
    document.dispatchEvent(new Event(providersChanged));
    this.#wake();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    connectedProviders().delete(this);
    removeEventListener('pagehide', this.#onPageHide);
    this.#end();
    document.dispatchEvent(new Event(providersChanged));
  }

  override attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    super.attributeChangedCallback(name, before, after);
    if (name === 'lang' && this.hasUpdated) this.requestUpdate('strings');
  }

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, 'lang'];
  }

  protected override update(changed: Map<PropertyKey, unknown>): void {
    super.update(changed);
    if (changed.has('backend')) {
      const backend = backendOf(this.backend);
      if (this.#backend && backend !== this.#backend) this.#end();
      this.#backend = backend;
      this.#wake();
    }
    this.#environment.setValue(this.#describe());
  }
}

const users = new WeakMap<Backend, Promise<Me>>();

/** Who the user is: asked once per backend and page, again after a failure. */
function meOf(backend: Backend): Promise<Me> {
  let me = users.get(backend);
  if (!me) {
    me = backend.me({signal: new AbortController().signal});
    me.catch(() => users.delete(backend));
    users.set(backend, me);
  }
  return me;
}

declare global {
  interface HTMLElementTagNameMap {
    'bsp-provider': BspProvider;
  }
  interface HTMLElementEventMap {
    'bsp-subject-change': CustomEvent<SubjectChangeDetail>;
    'bsp-error': CustomEvent<{problem: Problem}>;
    'bsp-action-settled': CustomEvent<ActionSettled>;
  }
}
