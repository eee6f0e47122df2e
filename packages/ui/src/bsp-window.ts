import {maskCprInText, type Resource} from '@bsp/contract';
import {
  type Formats,
  formatsFor,
  type Language,
  languageOf,
  type ResourceStore,
  type ResourceView,
  type Session,
  SessionController,
  type StringSource,
  type StringTable,
  stringsOf,
  type Translated,
  type WindowState,
  windowState,
} from '@bsp/core';
import {
  type CSSResult,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import {keyed} from 'lit/directives/keyed.js';
import type {Asked} from './access.js';
import {type AskedSource, worthRetrying} from './asked-source.js';
import {type ConfigFault, type ConfigShape, readConfig} from './config.js';
import {emptyIcon, personIcon, reloadIcon} from './icons.js';
import {LanguageController} from './language-controller.js';
import {message} from './message.js';
import {notice} from './notice.js';
import {type PanelTexts, panelStrings} from './panel.strings.js';
import {skeleton} from './skeleton.js';
import type {Trouble} from './troubles.js';
import {windowStyles} from './window.styles.js';

/** The texts that every window has. */
export interface WindowTexts {
  readonly title: string;
  /** What it shows, as a plural noun in lower case: `sager`. */
  readonly items: string;
}

/** What a window is, besides how it renders. */
export interface WindowDefinition<Texts extends StringTable & WindowTexts, Config extends object> {
  /** Texts; the source's `name` is the window's name, e.g. `case-list`. */
  readonly strings: StringSource<Texts>;
  /** What it shows: these make its state, its sources and its notices. The first decides about emptiness. */
  readonly resources: readonly Resource<unknown>[];
  readonly config: ConfigShape<Config>;
}

/** Detail of `bsp-config-error`. */
export interface ConfigErrorDetail {
  readonly window: string;
  readonly faults: readonly ConfigFault[];
}

declare global {
  interface HTMLElementEventMap {
    'bsp-config-error': CustomEvent<ConfigErrorDetail>;
  }
}

/** Says in words what is wrong. Loaded once for all windows: when something is, or when the page has come to rest. */
let troubles: typeof import('./troubles.js') | undefined;
const loadTroubles = async (): Promise<NonNullable<typeof troubles>> => {
  troubles = await import('./troubles.js');
  return troubles;
};
const restMs = 1500;
/** Modules that came later, by what loads them: code, nothing about a person. The next window has them at once. */
const parts = new Map<() => Promise<object>, object>();
const loadSources = () => import('./panel-sources.js');
const loadAccess = () => import('./access.js');

/** Dialogs that were opened once: one that the user closed stays closed until it is rendered anew. */
const opened = new WeakSet<Element>();

/** What a window keeps about one person: it lies with the Session and goes with it. */
interface Kept<Local> {
  local: Local;
  said: string;
}

/** States in which the body holds what the window renders. */
const bodyStates: ReadonlySet<WindowState> = new Set(['partial', 'stale', 'ready', 'offline']);

/**
 * What every window is: it finds its Session, subscribes to the resources that its definition names, and renders one
 * panel around what the subclass gives. It fetches nothing and keeps nothing about a person outside the Session: all DOM
 * is keyed by the Session, so that nothing of it outlives a switch.
 *
 * A subclass gives `definition`, {@link renderBody}, and where it needs them {@link createLocal}, {@link renderCount},
 * {@link renderTools}, {@link renderShown}, {@link renderSkeleton}, {@link renderTitle}, {@link renderActions}.
 *
 * @typeParam Texts - the window's string table.
 * @typeParam Config - its checked config.
 * @typeParam Local - what the user has chosen, typed or selected: one per Session.
 *
 * @keyboard Tab / Shift+Tab - Moves through the window's buttons, fields and links in reading order.
 * @keyboard Enter / Space - On a button: presses it.
 * @keyboard Escape - Closes what lies above the window (sources, a dialog); focus returns to the button that opened it.
 *
 * @csspart dialog - A question: for what purpose, or for what reason, more is to be shown.
 *
 * @cssproperty [--bsp-surface] - Background of the panel.
 * @cssproperty [--bsp-surface-sunk] - Background of tools, forms, foot and veil.
 * @cssproperty [--bsp-ink] - Text.
 * @cssproperty [--bsp-ink-soft] - Text that comes second.
 * @cssproperty [--bsp-ink-faint] - Counts, column headings, placeholders.
 * @cssproperty [--bsp-line] - Lines between rows.
 * @cssproperty [--bsp-border] - Edge of the panel.
 * @cssproperty [--bsp-control] - Edge of buttons and fields.
 * @cssproperty [--bsp-accent] - Background of the primary button; mark of what is new.
 * @cssproperty [--bsp-on-accent] - Text of the primary button.
 * @cssproperty [--bsp-accent-soft] - Background of what is chosen.
 * @cssproperty [--bsp-link] - Links, and text of what is chosen.
 * @cssproperty [--bsp-neutral-soft] - Background of pills that say nothing special, and of a button under the pointer.
 * @cssproperty [--bsp-ok] - Text of what went well.
 * @cssproperty [--bsp-ok-soft] - Background of what went well.
 * @cssproperty [--bsp-warning] - Text of what is missing.
 * @cssproperty [--bsp-warning-soft] - Background of what is missing.
 * @cssproperty [--bsp-error] - Text of what failed.
 * @cssproperty [--bsp-error-soft] - Background of what failed.
 * @cssproperty [--bsp-focus] - Ring around what has focus.
 * @cssproperty [--bsp-radius] - Corners.
 * @cssproperty [--bsp-unit] - Unit of spacing; 3px where the density is compact.
 * @cssproperty [--bsp-font-size] - Size of the text; absent: 87.5 % of the host's, 81.25 % where the density is compact.
 */
export abstract class BspWindow<
  Texts extends StringTable & WindowTexts,
  Config extends object,
  Local extends object = Record<never, never>,
> extends LitElement {
  static override styles: CSSResult | CSSResult[] = windowStyles;

  // Not by decorators: they would be the only ones in what a page loads first.
  static override properties: PropertyDeclarations = {
    for: {},
    config: {converter: {fromAttribute: jsonOrText}},
    headingLevel: {type: Number, attribute: 'heading-level'},
    density: {reflect: true},
    theme: {reflect: true},
  };

  /** Id of the provider to follow; absent: the nearest around it, else the page's only one. */
  for: string | undefined;
  /** Config: an object, or JSON as an attribute. Unusable keys fall back, say so in the panel and fire `bsp-config-error`. */
  config: Partial<Config> | undefined;
  /** Level of the window's heading, 2 to 6. */
  headingLevel = 2;
  /** `compact` for more rows on a screen. */
  density: 'comfortable' | 'compact' | undefined;
  /** Absent: the color scheme of the page. */
  theme: 'light' | 'dark' | undefined;

  protected abstract readonly definition: WindowDefinition<Texts, Config>;

  /** Held on to: WebKit loses what is in a set of states whose object was collected, and then takes nothing out of it. */
  readonly #states = this.attachInternals().states;
  /** What stands in it. */
  readonly #told = new Set<string>();
  readonly #sessions = new SessionController(this, () => this.#follow());
  readonly #languages = new LanguageController(this);
  readonly #kept = new WeakMap<Session, Kept<Local>>();
  readonly #stores = new Map<Resource<unknown>, ResourceStore<unknown>>();
  #leave: (() => void)[] = [];
  #state: WindowState = 'no-subject';
  #busy = false;
  #settings: Config | undefined;
  #faults: readonly ConfigFault[] = [];
  /** Whose sources are listed one by one. */
  #detailsOf: Session | undefined;
  /** What the user was asked here, and about whom. */
  #question: Asked | undefined;
  readonly #coming = new Set<() => Promise<unknown>>();
  #pending: Promise<void> | undefined;

  /** The window's state, exclusive; also as `:state(…)` in CSS. */
  get state(): WindowState {
    return this.#state;
  }

  /** Somebody is still being waited for; also as `:state(busy)`. */
  get busy(): boolean {
    return this.#busy;
  }

  /** The window keeps its person, whoever the page is about; also as `:state(pinned)` in CSS. */
  get pinned(): boolean {
    return this.#sessions.pinned;
  }

  /** The Session that the window shows; undefined without a person. */
  protected get session(): Session | undefined {
    const {session} = this.#sessions;
    return session?.state === 'closed' ? undefined : session;
  }

  /** The config, checked, with its defaults. */
  protected get settings(): Config {
    if (!this.#settings) this.#readConfig();
    return this.#settings as Config;
  }

  protected get language(): Language {
    return languageOf(this.#languages.nearest ?? this.#sessions.environment?.lang ?? document.documentElement.lang);
  }

  protected get formats(): Formats {
    return formatsFor(this.language);
  }

  /** The window's texts in its language, with the host's overrides. */
  protected get texts(): Translated<Texts> {
    return this.textsOf(this.definition.strings);
  }

  /** The texts that all windows share. */
  protected get panelTexts(): Translated<PanelTexts> {
    return this.textsOf(panelStrings);
  }

  /** Another string source in the window's language: for parts that load later. */
  protected textsOf<T extends StringTable>(source: StringSource<T>): Translated<T> {
    return stringsOf(source, this.language, this.#sessions.environment?.strings[source.name], this.#changed);
  }

  /** Name and masked number, for everything that must say whose data it is. Empty while neither is known. */
  protected get person(): string {
    const session = this.session;
    return maskCprInText(
      [session?.name ?? session?.subject?.label, session?.subject?.masked].filter(Boolean).join(', '),
    );
  }

  /** What the user has chosen, typed or selected about this person. */
  protected get local(): Local {
    return this.#keptOf(this.session)?.local ?? this.createLocal();
  }

  /** Changes {@link local} and renders. Does nothing without a Session. */
  protected setLocal(change: Partial<Local>): void {
    const kept = this.#keptOf(this.session);
    if (!kept) return;
    kept.local = {...kept.local, ...change};
    this.requestUpdate();
  }

  /** What {@link local} is for a person who was just chosen. */
  protected createLocal(): Local {
    return {} as Local;
  }

  /** Breaks the link to the page: for the answer `{pin}` to a survey. The window says so, and offers to follow again. */
  protected pin(): void {
    this.#sessions.pin();
  }

  /** Before a pinned window lets go of its person. False: the user stays. */
  protected mayRejoin(): boolean | Promise<boolean> {
    return true;
  }

  /** Says to a screen reader what came of something, politely and with the person's name: `Notatet er gemt`. */
  protected announce(text: string): void {
    const kept = this.#keptOf(this.session);
    if (!kept) return;
    // The same once more is no change to a screen reader.
    kept.said = kept.said === text ? `${text}\u00a0` : text;
    this.requestUpdate();
  }

  /** A resource's store in the present Session. */
  protected storeOf<T>(resource: Resource<T>): ResourceStore<T> | undefined {
    const session = this.session;
    if (!session) return undefined;
    let store = this.#stores.get(resource) as ResourceStore<T> | undefined;
    if (!store) {
      store = session.resource(resource);
      this.#stores.set(resource, store);
      this.#leave.push(store.subscribe(() => this.resourceChanged()));
    }
    return store;
  }

  /** Something has come of a resource, or has gone: renders. What has only come may wait for the next frame. */
  protected resourceChanged(): void {
    this.requestUpdate();
  }

  /** What there is of a resource now. One that the definition does not name is read when first asked for. */
  protected viewOf<T>(resource: Resource<T>): ResourceView<T> {
    return this.storeOf(resource)?.view ?? nothingYet;
  }

  /**
   * A part that first rows do not need: undefined until its module is here, then the module; the window renders again.
   * Give the same function each time. Its `styles` are adopted. One that could not be had is asked for at the next render.
   */
  protected laterPart<M extends object>(load: () => Promise<M>): M | undefined {
    const part = parts.get(load) as M | undefined;
    if (part && 'styles' in part) this.adopt(part.styles as CSSResult);
    if (!part && !this.#coming.has(load)) {
      this.#coming.add(load);
      load().then(
        (come) => {
          parts.set(load, come);
          this.requestUpdate();
        },
        () => this.#coming.delete(load),
      );
    }
    return part;
  }

  /** Adds a style sheet that came with a part loaded later. */
  protected adopt({styleSheet}: CSSResult): void {
    const root = this.shadowRoot;
    if (root && styleSheet && !root.adoptedStyleSheets.includes(styleSheet))
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, styleSheet];
  }

  /** The rows, fields or entries. Called when there is something to show. */
  protected abstract renderBody(): unknown;

  /** What a source is called; its id where it is not known. */
  protected sourceName(id: string): string {
    return this.#asked.find(({source}) => source.id === id)?.source.name ?? id;
  }

  /** A button below the rows that shows more of those that are there; nothing when all are shown. */
  protected showMore(rest: number, text: (count: string) => string, show: () => void): unknown {
    const tell = () => {
      show();
      const shown = this.renderShown();
      if (typeof shown === 'string') this.announce(shown);
    };
    return rest > 0 ? this.laterPart(loadSources)?.moreButton(text(this.formats.number(rest)), tell) : nothing;
  }

  /** Content of the heading; a screen reader also hears whom it is about. */
  protected renderTitle(): unknown {
    const person = this.person;
    return html`${this.#names.title}${person ? html`<span class="unseen">, ${person}</span>` : nothing}`;
  }

  /** A few words beside the title, e.g. `7 åbne af 23`; also said to a screen reader when all have answered. */
  protected renderCount(): string {
    return '';
  }

  /** Beside the title and its count, without being part of the window's name: a number, a badge. */
  protected renderBeside(): unknown {
    return nothing;
  }

  /** More buttons before the sources. */
  protected renderActions(): unknown {
    return nothing;
  }

  /** A bar above the body, or a form; stands whenever there is a person, so look at {@link state}. */
  protected renderTools(): unknown {
    return nothing;
  }

  /** Left of the foot: how much of it is shown. */
  protected renderShown(): unknown {
    return nothing;
  }

  /** What the veil does not cover: a dialog that asks about a draft before a switch. It must name the person. */
  protected renderQuestion(): unknown {
    return nothing;
  }

  /** Placeholder with the height of what comes. */
  protected renderSkeleton(): unknown {
    return skeleton();
  }

  /** The body of the state `empty`. */
  protected renderEmpty(): unknown {
    return message(emptyIcon(), this.panelTexts.empty(this.#names.items, this.#answered));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('online', this.#reconnected);
    addEventListener('offline', this.#changed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('online', this.#reconnected);
    removeEventListener('offline', this.#changed);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('config')) this.#readConfig();
  }

  /** Reads the state here, after the controllers have looked which Session it is. */
  protected override update(changed: PropertyValues): void {
    const session = this.session;
    const views = this.definition.resources.map((resource) => this.viewOf(resource));
    const before = this.#state;
    this.#state = windowState({session, views, online: navigator.onLine});
    this.#busy = session?.state === 'opening' || views.some((view) => view.busy);
    if (before !== this.#state) this.#tell(before, false);
    this.#tell(this.#state, true);
    this.#tell('busy', this.#busy);
    this.#tell('pinned', this.pinned);
    super.update(changed);
    const root = this.renderRoot;
    for (const dialog of root.querySelectorAll<HTMLDialogElement>('dialog:not([open])'))
      if (!opened.has(dialog)) {
        opened.add(dialog);
        dialog.showModal();
      }
    this.laterPart(loadSources)?.openSourceDetails(root);
  }

  protected override firstUpdated(): void {
    setTimeout(() => void loadTroubles().catch(() => undefined), restMs);
  }

  /** Also waits for what the window loads to render how it stands. */
  protected override async getUpdateComplete(): Promise<boolean> {
    const done = await super.getUpdateComplete();
    if (!this.#pending) return done;
    await this.#pending;
    return super.getUpdateComplete();
  }

  protected override render(): TemplateResult {
    return html`${keyed(this.session?.id, this.#renderWindow())}`;
  }

  /** Says something in `:state(…)`, or no longer. Not what is said already: engines would look for its styles all the same. */
  #tell(state: string, isSo: boolean): void {
    if (this.#told.has(state) === isSo) return;
    for (const states of [this.#told, this.#states]) states[isSo ? 'add' : 'delete'](state);
  }

  readonly #changed = (): void => this.requestUpdate();

  /** The connection is back: what could not be had is asked for again. */
  readonly #reconnected = (): void => {
    if (this.#troubleOf(this.#asked).retry) this.#retry();
    this.requestUpdate();
  };

  get #names(): WindowTexts {
    return this.texts as WindowTexts;
  }

  #keptOf(session: Session | undefined): Kept<Local> | undefined {
    if (!session) return undefined;
    let kept = this.#kept.get(session);
    if (!kept) {
      kept = {local: this.createLocal(), said: ''};
      this.#kept.set(session, kept);
    }
    return kept;
  }

  /** Leaves the old Session's stores and takes the new one's. */
  #follow(): void {
    for (const leave of this.#leave.splice(0)) leave();
    this.#stores.clear();
    const session = this.session;
    if (!session) return;
    this.#leave.push(session.subscribe(this.#changed));
    for (const resource of this.definition.resources) this.storeOf(resource);
  }

  #readConfig(): void {
    const {config, faults} = readConfig(this.definition.config, this.config);
    this.#settings = config;
    this.#faults = faults;
    if (faults.length > 0) this.#withTroubles(({tellFaults}) => tellFaults(this, this.definition.strings.name, faults));
  }

  /** Renders anew once the words for what is wrong are there. Where they can't be had, the short ones stand. */
  #withTroubles(use?: (loaded: NonNullable<typeof troubles>) => void): void {
    this.#pending = loadTroubles().then(
      (loaded) => {
        use?.(loaded);
        this.requestUpdate();
      },
      () => undefined,
    );
  }

  get #troubles(): typeof troubles {
    if (!troubles) this.#withTroubles();
    return troubles;
  }

  get #asked(): AskedSource[] {
    return this.definition.resources.flatMap((resource) => {
      const store = this.storeOf(resource);
      return (store?.view.sources ?? []).flatMap((source) =>
        store && source.status !== 'not-applicable' ? {source, store} : [],
      );
    });
  }

  get #answered(): number {
    return this.#asked.filter(({source}) => source.status === 'ok').length;
  }

  #renderWindow(): TemplateResult {
    // Its styles are for all windows, whether or not there is a source to tell of.
    const part = this.laterPart(loadSources);
    part?.keepFocus(this.renderRoot);
    const session = this.session;
    const texts = this.panelTexts;
    const veiled = session?.veiled === true;
    const asked = this.#asked;
    const trouble = this.#troubleOf(asked);
    const level = Math.trunc(this.headingLevel);
    const said = this.#keptOf(session)?.said;
    return html`${veiled ? html`<p class="veil" role="status">${texts.veiled}</p>` : nothing}
      <section
        class="panel"
        part="panel"
        aria-labelledby="heading"
        ?inert=${veiled}
        aria-hidden=${veiled ? 'true' : nothing}
      >
        <header class="header" part="header">
          <div id="heading" class="title" part="title" role="heading" aria-level=${level >= 2 && level <= 6 ? level : 2}>
            ${this.renderTitle()}
          </div>
          <span class="count" part="count">${this.renderCount()}</span>
          ${session ? this.renderBeside() : nothing}
          <div class="actions" part="actions">
            ${this.renderActions()}<slot name="actions"></slot>${asked.length ? this.#renderSourceState(asked) : nothing}
            ${
              session?.state === 'open'
                ? html`<button
                    class="quiet ${this.#busy ? 'busy' : ''}"
                    aria-label=${texts.reload(this.#names.items)}
                    title=${texts.reload(this.#names.items)}
                    @click=${this.#reload}
                  >
                    ${reloadIcon()}
                  </button>`
                : nothing
            }
          </div>
        </header>
        ${this.#renderNotices(trouble)} ${session ? this.renderTools() : nothing}
        <div class="body" part="body" aria-busy=${this.#state === 'loading' ? 'true' : nothing}>${this.#renderContent(trouble)}</div>
        ${this.#renderFoot(asked)}
        <p class="unseen" role="status" aria-atomic="false">
          <span
            >${
              session &&
              part?.standing({
                ...trouble,
                title: [this.#names.title, this.person].filter(Boolean).join(', '),
                count: this.renderCount(),
                busy: this.#busy,
                panel: texts,
                pinned: this.pinned,
                texts: this.textsOf(part.panelSourcesStrings),
                saying: troubles?.troubleText({...trouble, texts: this.textsOf(troubles.troubleStrings)}),
              })
            }</span
          ><span>${said && `${this.person}: ${said}`}</span>
        </p>
        ${veiled || !this.#question || this.#question.session !== session ? nothing : this.#renderAccess(this.#question)}
      </section>
      ${this.#sessions.environment?.lens ? nothing : this.renderQuestion()}`;
  }

  /** In the panel, so that it goes with its person. */
  #renderAccess(asked: Asked): unknown {
    const part = this.laterPart(loadAccess);
    return part?.accessDialog({
      asked,
      person: this.person,
      texts: this.textsOf(part.accessStrings),
      changed: this.#changed,
      onClose: () => this.#ask(undefined),
    });
  }

  #ask(asked: Asked | undefined): void {
    this.#question = asked;
    this.requestUpdate();
  }

  async #rejoin(): Promise<void> {
    if (await this.mayRejoin()) this.#sessions.rejoin();
  }

  readonly #reload = (): void => {
    for (const resource of this.definition.resources) this.storeOf(resource)?.reload();
  };

  readonly #retry = (): void => {
    const failing = this.#asked.filter(({source}) => worthRetrying(source));
    if (failing.length === 0) this.#reload();
    for (const {source, store} of failing) store.refresh(source.id);
  };

  #troubleOf(asked: readonly AskedSource[]): Omit<Trouble, 'texts'> {
    const {session, formats} = this;
    const views = this.definition.resources.map((resource) => this.viewOf(resource));
    const code = (session?.problem ?? views.find((view) => view.problem)?.problem)?.code;
    const mayRetry =
      session?.state === 'open' &&
      (code !== undefined || asked.some(({source}) => worthRetrying(source) && !source.refreshing));
    return {
      state: this.#state,
      code,
      asked,
      items: this.#names.items,
      hasItems: views.some((view) => view.items.length > 0),
      session,
      ask: (kind) => session && this.#ask({kind, session}),
      formats,
      renew:
        session?.renewable && views.some((view) => view.problem?.code === 'context-closed')
          ? () => void session.renew()
          : undefined,
      retry: mayRetry
        ? html`<button class="button" @click=${this.#retry}>${this.panelTexts.retry}</button>`
        : undefined,
    };
  }

  #renderContent(trouble: Omit<Trouble, 'texts'>): unknown {
    const {state, hasItems, items, retry} = trouble;
    if (bodyStates.has(state) && hasItems) return this.renderBody();
    if (state === 'no-subject') return message(personIcon(), this.panelTexts.noSubject);
    if (state === 'loading') return this.renderSkeleton();
    if (state === 'empty') return this.renderEmpty();
    const told = this.#troubles;
    return told
      ? told.troubleMessage({...trouble, texts: this.textsOf(told.troubleStrings)})
      : message(emptyIcon(), this.panelTexts.failed(items), retry);
  }

  #renderNotices(trouble: Omit<Trouble, 'texts'>): unknown {
    const {session, panelTexts: texts} = this;
    const {state, hasItems, code, asked, formats, retry} = trouble;
    const wrong = asked.flatMap(({source: {status, name, invalid}}) =>
      (status === 'ok' || status === 'waiting') && !invalid ? [] : name,
    );
    const isWrong =
      (bodyStates.has(state) || state === 'loading') &&
      (wrong.length > 0 || (hasItems && (code !== undefined || state === 'offline')));
    const told = isWrong || this.#faults.length ? this.#troubles : undefined;
    const words = told && this.textsOf(told.troubleStrings);
    const part = this.laterPart(loadSources);
    return html`${
      session &&
      part?.switchNotices({
        session,
        pinned: this.pinned,
        person: this.person,
        texts: this.textsOf(part.panelSourcesStrings),
        formats,
        onRejoin: () => void this.#rejoin(),
      })
    }${words && this.#faults.length ? told.faultNotice(this.#faults, words, formats) : nothing}${
      isWrong
        ? words
          ? told.troubleNotice({...trouble, texts: words})
          : notice('warning', texts.incomplete(formats.list(wrong)), retry)
        : nothing
    }`;
  }

  #renderSourceState(asked: readonly AskedSource[]): unknown {
    const part = this.laterPart(loadSources);
    const {session} = this;
    const told = this.#troubles;
    const showOf = (opened: Session | undefined) => {
      this.#detailsOf = opened;
      this.requestUpdate();
    };
    return part?.sourceState({
      asked,
      texts: this.textsOf(part.panelSourcesStrings),
      onOpen: () => showOf(session),
      details:
        session && this.#detailsOf === session
          ? part.sourceDetails({
              sources: asked,
              texts: this.panelTexts,
              details: this.textsOf(part.detailsStrings),
              formats: this.formats,
              anchor: () => this.renderRoot.querySelector<HTMLElement>('#sources'),
              onClose: () => showOf(undefined),
              more: told?.moreAccess({
                session,
                texts: this.textsOf(told.troubleStrings),
                ask: (kind) => this.#ask({kind, session}),
              }),
            })
          : undefined,
    });
  }

  /** Reserves its place until what it says is loaded, so that nothing jumps. */
  #renderFoot(asked: readonly AskedSource[]): unknown {
    if (!asked.some(({source: {asOf}}) => asOf)) return nothing;
    const part = this.laterPart(loadSources);
    return (
      part?.panelFoot({
        asked,
        texts: this.textsOf(part.panelSourcesStrings),
        formats: this.formats,
        shown: this.renderShown(),
      }) ?? html`<div class="foot" part="foot">${' '}</div>`
    );
  }
}

const nothingYet: ResourceView<never> = {items: [], sources: [], planned: false, busy: false};

/** A config attribute; text that is no JSON stays text, which no shape accepts. */
function jsonOrText(value: string | null): unknown {
  if (value === null) return undefined;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
