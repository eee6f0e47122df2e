import {
  formatsFor,
  kitVersion,
  type Language,
  languageOf,
  longestTimerMs,
  type Session,
  SessionController,
  stringsOf,
} from '@bsp/core';
import {LanguageController, windowStyles} from '@bsp/ui';
import {html, LitElement, nothing, type PropertyDeclarations, type PropertyValues} from 'lit';
import {Activity} from './activity.js';

/** How long a user must have to say that she is there (WCAG 2.2.1). */
const leastWarnSeconds = 20;
const idleMinutes = 15;

const isAbove = (least: number, value: unknown, orEqual = false): value is number =>
  typeof value === 'number' && Number.isFinite(value) && (value > least || (orEqual && value === least));

/**
 * Closes the person when nobody has used the page for a while, so that a screen that stands alone tells nothing. It asks
 * first; one press is enough to stay. Being there in another tab of the same origin counts. A person whom a window is pinned to
 * is closed too. Drafts wait with their person where the backend keeps them; it says when they are lost. It draws nothing
 * until it asks.
 *
 * @tag bsp-idle
 * @summary Asks whether the user is still there, and closes the person if not.
 *
 * @fires {CustomEvent<undefined>} bsp-idle-end - Nobody was there. Cancelable: who prevents it closes the person themselves, e.g. by a logout.
 *
 * @csspart dialog - The question.
 * @csspart notice - Why nobody is open any more.
 *
 * @keyboard Enter / Space / Escape - Where it asks: the user is there. On "Luk nu" the first two close the person.
 *
 * @cssstate asking - It asks whether the user is there.
 * @cssstate closed - It has closed the person, and says so.
 */
export class BspIdle extends LitElement {
  static readonly version: string = kitVersion;
  static override styles = windowStyles;
  static override properties: PropertyDeclarations = {
    for: {},
    minutes: {type: Number},
    warnSeconds: {type: Number, attribute: 'warn-seconds'},
    theme: {reflect: true},
  };

  /** Id of the provider to follow; absent: the nearest around it, else the page's only one. */
  for: string | undefined;
  /** How long nobody may be there until the person is closed. */
  minutes = idleMinutes;
  /** How long before that it asks, in seconds; 20 at least. */
  warnSeconds = 60;
  /** Absent: the color scheme of the page. */
  theme: 'light' | 'dark' | undefined;

  readonly #states = this.attachInternals().states;
  readonly #sessions = new SessionController(this, () => this.#follow());
  readonly #languages = new LanguageController(this);
  /** Persons who stand open: the page's, and those whom the page has left and a window is pinned to. */
  readonly #open = new Set<Session>();
  #activity: Activity | undefined;
  /** What it says, once that is loaded: beside the first person, so that it is there when the line is not. */
  #messages: typeof import('./idle-messages.js') | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #leave: (() => void) | undefined;
  /** Until when the user has time to answer; undefined: she is not asked. */
  #askedUntil: number | undefined;
  /** When it closed the person, and whether what had been begun was kept then. */
  #closed: {readonly at: string; readonly drafts: boolean | undefined} | undefined;

  /** Asks now, e.g. before the host's own session ends. Does nothing while nobody is open. */
  ask(): void {
    if (!this.#isOpen || this.#askedUntil !== undefined) return;
    this.#askedUntil = Date.now() + this.#warnMs;
    this.#look();
  }

  /** The user is there, as somebody knows who sees her otherwise, e.g. in a frame. */
  keep(): void {
    this.#askedUntil = undefined;
    this.#activity?.here();
    this.#look();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#activity = new Activity({here: () => this.#onSign(), elsewhere: () => this.#onSign(true)});
    document.addEventListener('visibilitychange', this.#look);
    this.#look();
  }

  override disconnectedCallback(): void {
    this.#open.clear();
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#look);
    this.#activity?.stop();
    this.#activity = undefined;
    clearTimeout(this.#timer);
    this.#askedUntil = undefined;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('minutes') && !changed.has('warnSeconds')) return;
    if (!isAbove(0, this.minutes)) console.warn(`<${this.localName}>: minutes must be above 0; it is ${idleMinutes}.`);
    if (!isAbove(leastWarnSeconds, this.warnSeconds, true))
      console.warn(
        `<${this.localName}>: warn-seconds must be ${leastWarnSeconds} at least; it is ${leastWarnSeconds}.`,
      );
    this.#later();
  }

  protected override update(changed: PropertyValues): void {
    for (const [state, isSo] of [
      ['asking', this.#askedUntil !== undefined],
      ['closed', this.#closed !== undefined],
    ] as const)
      this.#states[isSo ? 'add' : 'delete'](state);
    // Closed first, it gives the focus back.
    if (this.#askedUntil === undefined) this.renderRoot.querySelector('dialog')?.close();
    super.update(changed);
    const shown = this.renderRoot.querySelector('dialog');
    if (!shown || shown.open) return;
    shown.showModal();
    // Not on what closes the person, where Enter would press it.
    shown.querySelector<HTMLElement>('.primary')?.focus();
  }

  protected override render(): unknown {
    const messages = this.#messages;
    if (!messages) return nothing;
    const texts = stringsOf(messages.idleStrings, this.#language, this.#sessions.environment?.strings.idle, () =>
      this.requestUpdate(),
    );
    const asked = this.#askedUntil;
    return html`${
      asked === undefined
        ? nothing
        : messages.question({
            session: this.#sessions.session,
            texts,
            warnMs: this.#warnMs,
            leftMs: asked - Date.now(),
            drafts: this.#keepsDrafts,
            onStay: () => this.#askedUntil !== undefined && this.keep(),
            onClose: () => this.#end(),
          })
    }
      <div role="status">${
        this.#closed
          ? messages.closedNotice({
              ...this.#closed,
              texts,
              formats: formatsFor(this.#language),
              onDismiss: () => {
                this.#closed = undefined;
                this.requestUpdate();
              },
            })
          : nothing
      }</div>`;
  }

  get #language(): Language {
    return languageOf(this.#languages.nearest ?? this.#sessions.environment?.lang ?? document.documentElement.lang);
  }

  get #isOpen(): boolean {
    return this.#open.size > 0;
  }

  /** Whether what is begun is kept; undefined where nothing is written, or nobody knows. */
  get #keepsDrafts(): boolean | undefined {
    const capabilities = [...this.#open].flatMap(({me}) => me?.capabilities ?? []);
    return capabilities.includes('act:draft.save') || (capabilities.includes('act:note.create') ? false : undefined);
  }

  get #warnMs(): number {
    return (isAbove(leastWarnSeconds, this.warnSeconds, true) ? this.warnSeconds : leastWarnSeconds) * 1000;
  }

  /** When it asks, unless the user does something. */
  get #asksAt(): number {
    const idleMs = (isAbove(0, this.minutes) ? this.minutes : idleMinutes) * 60_000;
    return (this.#activity?.last ?? Date.now()) + Math.max(0, idleMs - this.#warnMs);
  }

  async #load(): Promise<void> {
    if (this.#messages) return;
    try {
      this.#messages = await import('./idle-messages.js');
    } catch {
      // It closes the person all the same; with the next one it tries again.
      return;
    }
    const root = this.renderRoot as ShadowRoot;
    const sheets = this.#messages.styles.flatMap(({styleSheet}) => styleSheet ?? []);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, ...sheets];
    this.requestUpdate();
  }

  /** Another person, or nobody: what was said of the one before is no longer so. */
  #follow(): void {
    const {session} = this.#sessions;
    this.#leave?.();
    this.#leave = session?.subscribe(() => this.requestUpdate());
    this.#askedUntil = undefined;
    if (session && session.state !== 'closed') {
      this.#open.add(session);
      session.signal.addEventListener('abort', () => {
        this.#open.delete(session);
        this.#look();
      });
      void this.#load();
      this.#closed = undefined;
      this.#activity?.here();
    }
    this.#look();
  }

  /** Where time was up while the machine slept, what the user does on waking comes too late. */
  #onSign(answers = false): void {
    if (this.#isOpen && Date.now() >= (this.#askedUntil ?? this.#asksAt + this.#warnMs)) this.#end();
    else if (answers && this.#askedUntil !== undefined) this.#answer();
  }

  #answer(): void {
    this.#askedUntil = undefined;
    this.requestUpdate();
  }

  /** Does what is due by now, and sees to it that this is called again in time. */
  readonly #look = (): void => {
    const now = Date.now();
    if (this.#isOpen && this.#activity) {
      if (this.#askedUntil === undefined && now >= this.#asksAt) this.#askedUntil = this.#asksAt + this.#warnMs;
      if (this.#askedUntil !== undefined && now >= this.#askedUntil) this.#end();
    }
    this.#later();
    this.requestUpdate();
  };

  #later(): void {
    clearTimeout(this.#timer);
    if (!this.#isOpen || !this.isConnected) return;
    const ms = this.#askedUntil === undefined ? this.#asksAt - Date.now() : 1000;
    this.#timer = setTimeout(this.#look, Math.min(Math.max(0, ms), longestTimerMs));
  }

  #end(): void {
    this.#askedUntil = undefined;
    const event = new CustomEvent('bsp-idle-end', {bubbles: true, composed: true, cancelable: true});
    if (this.dispatchEvent(event)) {
      this.#closed = {at: new Date(Date.now()).toISOString(), drafts: this.#keepsDrafts};
      this.#open.clear();
      this.#sessions.environment?.logout?.();
      // Whoever prevented it sees to the rest; where the person stays all the same, it begins anew.
    } else this.#activity?.here();
    this.requestUpdate();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'bsp-idle': BspIdle;
  }
  interface HTMLElementEventMap {
    'bsp-idle-end': CustomEvent<undefined>;
  }
}
