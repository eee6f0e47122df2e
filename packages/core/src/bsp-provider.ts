import {
  type Backend,
  maskCpr,
  normalizedSubject,
  type OpenedContext,
  type Problem,
  ProblemError,
  problemOf,
  type ShownSubject,
  type Subject,
  subjectSchema,
} from '@bsp/contract';
import {ReactiveElement} from 'lit';
import {
  ContextSource,
  callAll,
  connectedProviders,
  environmentContext,
  providersChanged,
  sessionContext,
} from './contexts.js';
import {kitVersion} from './define-element.js';
import {httpBackend} from './http-backend.js';
import type {Environment, OpeningOptions, Session, SessionLens} from './session.js';
import {type ActionSettled, birthDateIn, SubjectSession, users} from './subject-session.js';
import type {ProgramAnswer, SurveyOutcome} from './survey.js';

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

/** What a program says to {@link SubjectSurveyDetail.waitUntil}. Nothing is as good as `agree`. */
export type SubjectSurveyAnswer = 'agree' | {readonly stay: string} | undefined;

/**
 * Detail of `bsp-subject-survey`. A listener that prevents the event keeps the person. One that gives a reason, or must look
 * first, answers by `waitUntil`:
 *
 * ```ts
 * provider.addEventListener('bsp-subject-survey', ({detail}) => {
 *   if (form.isDirty) detail.waitUntil({stay: 'Ansøgningen er ikke gemt.'}, 'Ydelsessystemet');
 * });
 * ```
 */
export interface SubjectSurveyDetail {
  /** Who comes, as far as it is known: never a number. Undefined: nobody. */
  readonly to: Partial<ShownSubject> | undefined;
  /** Aborts when the switch has come to nothing: a later call has overtaken it, or the person stays. */
  readonly signal: AbortSignal;
  /**
   * Answers, now or later; call it while the event is being dispatched. A promise that fails is no objection, and one that
   * is not there in time ({@link BspProvider.surveyTimeout}) is left behind: see `bsp-subject-cutoff`.
   *
   * @param program - what the user knows the program by; shown with its reason.
   */
  waitUntil(answer: SubjectSurveyAnswer | Promise<SubjectSurveyAnswer>, program?: string): void;
  waitUntil(saved: Promise<void>, program?: string): void;
}

/** Detail of `bsp-subject-commit`. */
export interface SubjectCommitDetail {
  /** Id of the Session that begins; undefined: nobody is open. */
  readonly sessionId: string | undefined;
}

/** Detail of `bsp-subject-cutoff`. */
export interface SubjectCutoffDetail {
  /** The name that it gave. */
  readonly program: string | undefined;
}

/** Backends made from a URL: two providers with one URL share one live line. */
const backendsByUrl = new Map<string, Backend>();

function backendOf(given: string | Backend | undefined): Backend | undefined {
  if (!given) return undefined;
  if (typeof given !== 'string') return given;
  let backend = backendsByUrl.get(given);
  if (!backend) {
    backend = httpBackend(given);
    backendsByUrl.set(given, backend);
  }
  return backend;
}

let late: typeof import('./provider-late.js') | undefined;
const lateParts = async (): Promise<NonNullable<typeof late>> => {
  late ??= await import('./provider-late.js');
  return late;
};

/**
 * Holds who the page is about, and gives the windows their Session. It draws nothing.
 *
 * @tag bsp-provider
 * @summary The subject and the backend of all windows inside it, or that name it with `for`.
 *
 * @attr {string} backend - URL of the backend, e.g. `/bsp`. As a property also a Backend object.
 * @attr {string} lang - Language of the windows, `da` or `en`.
 *
 * @fires {CustomEvent<SubjectSurveyDetail>} bsp-subject-survey - Somebody else is to be shown. Cancelable: who prevents it, keeps the person.
 * @fires {CustomEvent<SubjectCommitDetail>} bsp-subject-commit - The person before is gone, in this very task: blank what you show of them.
 * @fires {CustomEvent<SubjectCutoffDetail>} bsp-subject-cutoff - A program did not answer the survey in time. It must not write until it has taken the person who is open now.
 * @fires {CustomEvent<SubjectChangeDetail>} bsp-subject-change - Another subject is open, or none.
 * @fires {CustomEvent<{problem: Problem}>} bsp-error - A subject could not be opened.
 * @fires {CustomEvent<ActionSettled>} bsp-action-settled - A write has come to its end, possibly after a switch.
 * @fires {CustomEvent<BridgeChangeDetail>} bsp-bridge-change - Where the page stands with the user's other pages has changed, where a bridge is connected (`@bsp/core/bridge`).
 *
 * @slot - The host's own markup with the windows in it.
 */
export class BspProvider extends ReactiveElement {
  static readonly version = kitVersion;
  static override properties = {backend: {}, strings: {attribute: false}, lens: {attribute: false}};

  /** The backend: a URL for the HTTP backend, or a Backend. Another backend ends the Session at once. */
  get backend(): string | Backend | undefined {
    return this.#given;
  }
  set backend(given: string | Backend | undefined) {
    const backend = backendOf(given);
    if (this.#backend && backend !== this.#backend) {
      // A subject that has not been handed to the backend yet goes to the new one.
      if (this.#session?.begun === false) this.#endUserSession();
      else this.#endLogin();
    }
    this.#given = given;
    this.#backend = backend;
    this.#wake();
  }

  /** Overrides of UI texts by window name: `{'case-list': {title: 'Mine sager'}}`. */
  strings: Environment['strings'] = {};

  /** How the windows see Sessions: for modes like `@bsp/core/screen-sharing`. */
  lens: SessionLens | undefined;

  /** How many milliseconds a switch waits for a program that has not answered. The user is waited for as long as it takes. */
  surveyTimeout = 10_000;

  readonly #sessions = new ContextSource<Session | undefined>(this, sessionContext, undefined);
  readonly #environment = new ContextSource<Environment>(this, environmentContext, this.#describe());
  #session: SubjectSession | undefined;
  #userSession: SubjectSession | undefined;
  #login = new AbortController();
  #given: string | Backend | undefined;
  #backend: Backend | undefined;
  #turn = 0;
  #whenReady: (() => void)[] = [];
  /** Ends the survey of a switch that a later one has overtaken. */
  #survey: AbortController | undefined;
  /** Sessions that the page has left, and pinned windows hold. */
  #held: SubjectSession[] = [];

  /** The open Session, for windows of a host's own making. */
  get session(): Session | undefined {
    return this.#session;
  }

  /**
   * Shows another subject in all windows. The windows are blank in the same task as the commit; the last call wins. The
   * number is forgotten as soon as the backend has it.
   *
   * `{breakGlass: true, reason}` opens what is closed to the user, where the backend says that they may.
   */
  async setSubject(subject: Subject, options?: OpeningOptions): Promise<SwitchOutcome> {
    const asked = subjectSchema.safeParse(subject);
    const normalized = asked.success ? normalizedSubject(asked.data) : ({ok: false, reason: 'format'} as const);
    if (!normalized.ok)
      return this.#switchTo(problemOf('invalid-subject', `The subject is not valid: ${normalized.reason}.`));
    return this.#switchTo(openingOf(normalized.value, options));
  }

  /** Shows a context that the host's server has opened for this user. */
  setContext(contextId: string): Promise<SwitchOutcome> {
    return this.#switchTo({
      shown: {},
      open: (backend, signal) =>
        backend.adoptContext?.(contextId, {signal}) ??
        Promise.reject(new ProblemError(problemOf('not-applicable', 'The backend takes over no contexts.'))),
      fits: (context) => context.contextId === contextId,
    });
  }

  /** Shows nobody. */
  clearSubject(): Promise<SwitchOutcome> {
    return this.#switchTo();
  }

  /** Shows nobody, at once and whatever anybody has begun: the user is gone. Drafts that are kept wait with their person. */
  readonly logout = (): void => {
    if (this.#backend) users.delete(this.#backend);
    this.#endLogin();
  };

  async #switchTo(to?: Opening | Problem): Promise<SwitchOutcome> {
    const turn = ++this.#turn;
    this.#survey?.abort();
    const before = this.#session;
    const asking = before && this.#ask(before, to);
    const surveyed = asking && (await asking);
    if (turn !== this.#turn) return {outcome: 'superseded'};
    if (before && surveyed?.objections) {
      this.#survey?.abort();
      before.set({veiled: false, kept: true, objections: surveyed.objections});
      return {outcome: 'kept'};
    }
    const session = to && new SubjectSession(this.#hooks());
    const cutOff = surveyed?.cutOff ?? [];
    session?.set({cutOff});
    callAll(surveyed?.pins ?? []);
    this.#commit(session);
    this.#fire('bsp-subject-commit', {sessionId: session?.id});
    for (const program of cutOff) this.#fire('bsp-subject-cutoff', {program});
    let problem: Problem | undefined;
    if (session && 'open' in to) {
      await this.#ready();
      if (turn === this.#turn) problem = await this.#open(session, to);
    } else if (to && 'code' in to) {
      problem = to;
      session?.fail(to);
    }
    if (turn !== this.#turn) return {outcome: 'superseded'};
    this.#fire('bsp-subject-change', {contextId: session?.contextId, subject: session?.subject});
    if (!problem) return {outcome: 'committed'};
    this.#fire('bsp-error', {problem});
    return {outcome: 'failed', problem};
  }

  /**
   * Asks whoever may object; the person is veiled as long as anybody thinks. Undefined, in the same task, where nobody has
   * anything to say.
   */
  #ask(before: SubjectSession, to: Opening | Problem | undefined): Promise<SurveyOutcome> | undefined {
    const survey = new AbortController();
    const {signal} = survey;
    this.#survey = survey;
    const answers: ProgramAnswer[] = [];
    const waitUntil: SubjectSurveyDetail['waitUntil'] = (answer: unknown, program?: string) => {
      if (answer !== 'agree') answers.push({answer, program});
    };
    const shown = to && 'shown' in to ? to.shown : undefined;
    const refused = !this.#fire('bsp-subject-survey', {to: shown, signal, waitUntil}, true);
    // A listener may have called for another switch.
    const {participants} = before;
    if (signal.aborted || (!refused && answers.length + participants.size === 0)) return undefined;
    const veil = () => before.set({veiled: true});
    let soon: ReturnType<typeof setTimeout> | undefined;
    if (participants.size > 0) veil();
    // Programs that agree within this task are not waited for: twenty windows need not be drawn once more.
    else soon = setTimeout(veil);
    const ask = ({survey: of}: NonNullable<typeof late>) =>
      of({answers, participants, patienceMs: this.surveyTimeout, refused, signal});
    // Where nobody could be asked, nothing that is written may go.
    const asked = late ? ask(late) : lateParts().then(ask, () => ({objections: [], pins: [], cutOff: []}));
    return asked.finally(() => clearTimeout(soon));
  }

  /** From here on the person before is gone: every window hears it synchronously and renders within this task. */
  #commit(next: SubjectSession | undefined): void {
    const before = this.#session;
    this.#session = next;
    this.#sessions.set(next);
    before?.leave();
    this.#held = [...this.#held, ...(before ? [before] : [])].filter(({state}) => state !== 'closed');
  }

  /** Opens a context for a Session, and lets it know its user and hear of changes. */
  async #open(session: SubjectSession, {open, fits, options, shown}: Opening): Promise<Problem | undefined> {
    const backend = this.#backend;
    if (!backend) return undefined;
    const problem = await session.open(backend, (signal) => open(backend, signal), fits, options, shown);
    if (session.state === 'open')
      lateParts()
        .then(({knowUser, watchGlass}) => {
          watchGlass(session);
          return knowUser(backend, session);
        })
        // Without it windows offer no writes and no live line; reads tell their own problems.
        .catch(() => undefined);
    return problem;
  }

  /** Resolves once the element stands in a page and has a backend: hosts may set things in any order. */
  async #ready(): Promise<void> {
    // What was set before the upgrade comes with the first update.
    if (this.isConnected) await this.updateComplete;
    if (!this.isConnected || !this.#backend) await new Promise<void>((resolve) => this.#whenReady.push(resolve));
  }

  #wake(): void {
    if (this.isConnected && this.#backend) for (const resolve of this.#whenReady.splice(0)) resolve();
  }

  readonly #hooks = () => ({
    login: this.#login.signal,
    actionSettled: (settled: ActionSettled) => this.#fire('bsp-action-settled', settled),
  });

  /** False: a listener has prevented it. */
  #fire(type: string, detail: unknown, cancelable = false): boolean {
    return this.dispatchEvent(new CustomEvent(type, {detail, bubbles: true, composed: true, cancelable}));
  }

  #describe(): Environment {
    const {lang, strings, lens} = this;
    return {
      lang: lang || undefined,
      strings: strings ?? {},
      lens,
      logout: this.logout,
      setSubject: (subject) => this.setSubject(subject),
      userSession: () => {
        const session = this.#openUserSession();
        return session && (lens?.(session) ?? session);
      },
    };
  }

  #openUserSession(): Session | undefined {
    if (!this.isConnected || !this.#backend) return undefined;
    // What could not be opened then may be had now.
    if (this.#userSession?.state === 'failed') this.#endUserSession();
    if (!this.#userSession) {
      this.#userSession = new SubjectSession(this.#hooks());
      void this.#open(this.#userSession, openingOf({type: 'user'}));
    }
    return this.#userSession;
  }

  /** Ends all Sessions. Nobody is asked. */
  #end(): void {
    this.#turn++;
    this.#survey?.abort();
    const had = this.#session;
    this.#commit(undefined);
    for (const session of this.#held) session.close();
    this.#endUserSession();
    for (const resolve of this.#whenReady.splice(0)) resolve();
    if (had) this.#fire('bsp-subject-commit', {sessionId: undefined});
    if (had) this.#fire('bsp-subject-change', {contextId: undefined, subject: undefined});
  }

  #endUserSession(): void {
    this.#userSession?.close();
    this.#userSession = undefined;
    // Windows that show the user's own lists are to ask for a new Session.
    this.requestUpdate();
  }

  /** The user is gone, or may be another from now on. */
  readonly #endLogin = (): void => {
    this.#forget();
    this.#end();
  };

  #forget(): void {
    this.#login.abort();
    this.#login = new AbortController();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.style.display ||= 'contents';
    connectedProviders().add(this);
    addEventListener('pagehide', this.#endLogin);
    document.dispatchEvent(new Event(providersChanged));
    this.#wake();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    connectedProviders().delete(this);
    removeEventListener('pagehide', this.#endLogin);
    this.#end();
    document.dispatchEvent(new Event(providersChanged));
    // A host that only moves it is not gone.
    queueMicrotask(() => this.isConnected || this.#forget());
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
    this.#environment.set(this.#describe());
  }
}

/** How a context comes to be, and whether it is about the subject that was asked for. */
interface Opening {
  /** What may be said of the subject before it is open. */
  readonly shown: Partial<ShownSubject>;
  readonly open: (backend: Backend, signal: AbortSignal) => Promise<OpenedContext>;
  readonly fits: (context: OpenedContext) => boolean;
  readonly options?: OpeningOptions | undefined;
}

const openingOf = (asked: Subject, options?: OpeningOptions): Opening => ({
  shown: {type: asked.type, ...(asked.type === 'cpr' ? {masked: maskCpr(asked.value)} : {})},
  options,
  open: (backend, signal) => backend.openContext(asked, {...options, signal}),
  fits: ({subject: {type, masked}}) => {
    // What a handle or a token stands for only the backend knows.
    if (asked.type === 'ref' || asked.type === 'self') return true;
    return type === asked.type && (asked.type !== 'cpr' || asked.value.startsWith(birthDateIn(masked) ?? ''));
  },
});

declare global {
  interface HTMLElementTagNameMap {
    'bsp-provider': BspProvider;
  }
  interface HTMLElementEventMap {
    'bsp-subject-change': CustomEvent<SubjectChangeDetail>;
    'bsp-subject-survey': CustomEvent<SubjectSurveyDetail>;
    'bsp-subject-commit': CustomEvent<SubjectCommitDetail>;
    'bsp-subject-cutoff': CustomEvent<SubjectCutoffDetail>;
    'bsp-error': CustomEvent<{problem: Problem}>;
    'bsp-action-settled': CustomEvent<ActionSettled>;
  }
}
