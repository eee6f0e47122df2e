import {
  type Found,
  type FrameStatus,
  foundSchema,
  type Hit,
  hitSchema,
  maskCprInText,
  minSearchLength,
  type ProblemCode,
  ProblemError,
  problemOf,
  type SearchFault,
  searchTerm,
  shownNumber,
} from '@bsp/contract';
import {
  type Environment,
  formatsFor,
  kitVersion,
  type Language,
  languageOf,
  longestTimerMs,
  problemFrom,
  type Session,
  SessionController,
  stringsOf,
  type Translated,
} from '@bsp/core';
import {LanguageController, lockIcon, searchIcon, windowStyles} from '@bsp/ui';
import {html, LitElement, nothing, type PropertyDeclarations, type PropertyValues} from 'lit';
import {live} from 'lit/directives/live.js';
import type {CaseOpenDetail} from '../case-list/bsp-case-list.js';
import {searchStyles} from './bsp-search.styles.js';
import {type SearchTexts, searchStrings} from './search.strings.js';

/** Detail of `bsp-subject-open`: whom or what the caseworker chose. Never a person's number. */
export interface SubjectOpenDetail {
  readonly kind: Hit['kind'];
  /** A handle of the backend's: `provider.setSubject(detail.subject)`. A case's is that of its person. */
  readonly subject: Hit['subject'];
  readonly name?: string;
  readonly masked?: string;
  /** The case that was chosen. */
  readonly record?: NonNullable<Hit['record']>;
}

/** States of the window, exclusive. */
const searchStates = [
  'idle',
  'too-short',
  'invalid',
  'searching',
  'ready',
  'too-many',
  'partial',
  'empty',
  'error',
  'forbidden',
  'unsupported',
  'offline',
] as const;
/** One of them. */
export type SearchState = (typeof searchStates)[number];

type Standing =
  | {readonly at: 'idle' | 'searching'}
  | {readonly at: 'fault'; readonly fault: SearchFault}
  | {readonly at: 'failed'; readonly code: ProblemCode | 'offline'}
  | {readonly at: 'found'; readonly found: Found; readonly unreadable: boolean};

const idle: Standing = {at: 'idle'};
const defaultForgetMinutes = 10;
const refusals: ReadonlySet<string> = new Set(['forbidden', 'needs-purpose', 'unauthorized']);
const absences: ReadonlySet<string> = new Set(['not-applicable', 'not-found']);

/**
 * Finds somebody or something by a number or a name, and opens it: a field with a list of hits. It sends the action `search`
 * in a context of the user's own. Each search is a logged lookup, so it is made when the user asks for it, not while she types.
 *
 * A number may be written as people do (`CPR-nr. 641284 0001`, `DK90000004`, `BFE 990000001`); a whole number that a source knows
 * opens at once. What was typed and found goes as soon as something opens, and with the person, the log-out and the page; and
 * when nobody has touched the window for a while, since it stands there where nobody is open too.
 *
 * @tag bsp-search
 * @summary Finds a person, company, property or case, and opens it.
 *
 * @fires {CustomEvent<SubjectOpenDetail>} bsp-subject-open - The caseworker chose a hit. Composed and cancelable: the provider opens it, unless the host prevents that and does it itself.
 * @fires {CustomEvent<CaseOpenDetail>} bsp-case-open - The person of the case that was chosen is open now. Composed and cancelable; navigation is the host's.
 *
 * @csspart panel - Field and list.
 * @csspart label - The label of the field.
 * @csspart field - The field and its button.
 * @csspart popup - What was found, or why nothing.
 * @csspart hit - One hit.
 *
 * @keyboard Enter - In the field: searches, or opens the hit that is marked.
 * @keyboard Down / Up - Marks the next or previous hit; from the field, the first or last.
 * @keyboard Home / End - Where a hit is marked: marks the first or last.
 * @keyboard Escape - Closes the list; once more empties the field.
 *
 * @cssstate idle - Nothing is searched.
 * @cssstate too-short - Too little is typed.
 * @cssstate invalid - What is typed is no whole number.
 * @cssstate searching - Somebody is being waited for.
 * @cssstate ready - All that there is was found.
 * @cssstate too-many - There is more than is shown.
 * @cssstate partial - A source did not answer, not in whole, or not to this user: there may be more.
 * @cssstate empty - Every source answered, and there is nothing.
 * @cssstate error - No source answered.
 * @cssstate forbidden - The user may not search.
 * @cssstate unsupported - There is nobody who could search.
 * @cssstate offline - The browser has no connection.
 */
export class BspSearch extends LitElement {
  static readonly version: string = kitVersion;
  static override styles = [windowStyles, searchStyles];
  static override properties: PropertyDeclarations = {
    for: {},
    density: {reflect: true},
    theme: {reflect: true},
    forgetMinutes: {type: Number, attribute: 'forget-minutes'},
  };

  /** Id of the provider to follow; absent: the nearest around it, else the page's only one. */
  for: string | undefined;
  /** `compact` for a lower field. */
  density: 'comfortable' | 'compact' | undefined;
  /** Absent: the color scheme of the page. */
  theme: 'light' | 'dark' | undefined;
  /** After how many minutes without a key or a press in it what was typed and found goes; above 0. */
  forgetMinutes = defaultForgetMinutes;

  readonly #states = this.attachInternals().states;
  readonly #sessions = new SessionController(this, () => this.#forget());
  readonly #languages = new LanguageController(this);
  #typed = '';
  #standing = idle;
  #isOpen = false;
  /** Place of the hit that is marked; -1: none. */
  #marked = -1;
  /** Goes on with each search, and with all that makes an earlier one of no interest. */
  #turn = 0;
  #user: Session | undefined;
  #forgetting: ReturnType<typeof setTimeout> | undefined;
  /** By it one provider is told from another. */
  #providersLogout: Environment['logout'];

  /** The window's state; also as `:state(…)` in CSS. */
  get state(): SearchState {
    const {me} = this.#user ?? {};
    const state = stateOf(this.#standing);
    return state === 'idle' && me && !me.capabilities.includes('act:search') ? 'unsupported' : state;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#forget();
  }

  protected override update(changed: PropertyValues): void {
    // What one provider's backend has found is not for another to open.
    const {logout} = this.#sessions.environment ?? {};
    if (this.#providersLogout && logout !== this.#providersLogout) this.#forget();
    this.#providersLogout = logout;
    const {state} = this;
    for (const one of searchStates) this.#states[one === state ? 'add' : 'delete'](one);
    super.update(changed);
    this.renderRoot.querySelector('[aria-selected=true]')?.scrollIntoView?.({block: 'nearest'});
  }

  protected override render(): unknown {
    const texts = this.#texts;
    const fault = this.#standing.at === 'fault' ? faultText(this.#standing.fault, texts) : '';
    const hits = this.#isOpen ? this.#hits : [];
    const isExpanded = hits.length > 0;
    return html`<div class="panel" part="panel" role="search" aria-label=${texts.title} @focusout=${this.#onFocusOut} @pointerdown=${this.#touched} @keydown=${this.#touched}>
      <label class="label" part="label" id="label" for="query">${texts.label}</label>
      <div class="line" part="field">
        <input
          id="query"
          type="text"
          role="combobox"
          aria-labelledby="label"
          aria-autocomplete="list"
          aria-expanded=${isExpanded}
          aria-controls=${isExpanded ? 'hits' : nothing}
          aria-activedescendant=${isExpanded && this.#marked >= 0 ? `hit-${this.#marked}` : nothing}
          aria-invalid=${fault ? 'true' : nothing}
          aria-describedby="fault"
          placeholder=${texts.hint}
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          maxlength="100"
          .value=${live(this.#typed)}
          @focus=${this.#know}
          @input=${this.#onInput}
          @keydown=${this.#onKey}
        /><button class="button" @click=${() => void this.#search()}>${searchIcon()}${texts.search}</button>
      </div>
      <p class="fault" id="fault" role="alert" ?hidden=${!fault}>${fault}</p>
      ${this.#isOpen || this.state === 'unsupported' ? this.#renderPopup(hits) : nothing}
      <p class="unseen" role="status">${this.#standingText()}</p>
    </div>`;
  }

  #renderPopup(hits: readonly Hit[]): unknown {
    const {state} = this;
    const texts = this.#texts;
    const said = state === 'ready' ? '' : this.#standingText();
    if (!said && hits.length === 0) return nothing;
    const tone = state === 'partial' ? 'warning' : state === 'error' || state === 'offline' ? 'error' : '';
    return html`<div class="popup" part="popup">
      ${
        said
          ? html`<div class="said ${tone}">
              <span>${said}</span>
              ${this.#mayRetry ? html`<button class="button" @click=${() => void this.#search()}>${texts.retry}</button>` : nothing}
            </div>`
          : nothing
      }
      ${
        hits.length > 0
          ? html`<ul class="hits" id="hits" role="listbox" aria-label=${texts.results}>
              ${hits.map((hit, place) => this.#renderHit(hit, place))}
            </ul>`
          : nothing
      }
    </div>`;
  }

  #renderHit(hit: Hit, place: number): unknown {
    const texts = this.#texts;
    const text = (given: string | undefined) => given && maskCprInText(given);
    const {kind} = hit;
    const number = text(hit.masked);
    const detail = text(hit.detail) ?? (hit.name === undefined ? texts.unknownNumber : undefined);
    // eslint-disable-next-line lit-a11y/click-events-have-key-events -- the keys are the field's, which keeps the focus
    return html`<li
      class="hit ${kind}"
      part="hit"
      id="hit-${place}"
      role="option"
      aria-selected=${place === this.#marked}
      @mousedown=${keepFocus}
      @click=${() => void this.#choose(hit)}
    >
      <span class="name"
        >${kind === 'person' ? nothing : html`<span class="mark kind">${texts[kind]}</span>`}<bdi
          >${text(hit.name) ?? number}</bdi
        >${hit.protected ? html` <span class="mark">${lockIcon()} ${texts.protected}</span>` : nothing}</span
      >
      <span class="number">${hit.name === undefined ? nothing : number}</span>
      ${detail ? html`<span class="detail"><bdi>${detail}</bdi></span>` : nothing}
    </li>`;
  }

  /** What the window says of how it stands, also to a screen reader. */
  #standingText(): string {
    const texts = this.#texts;
    const standing = this.#standing;
    const {state} = this;
    switch (state) {
      case 'idle':
      case 'too-short':
      case 'invalid':
        return '';
      case 'error':
        return standing.at === 'failed' && standing.code === 'rate-limited' ? texts.busy : texts.error;
      case 'forbidden':
        return standing.at === 'failed' && standing.code === 'unauthorized' ? texts.loggedOut : texts.forbidden;
      case 'ready':
        return texts.found(this.#hits.length);
      case 'too-many':
        return texts.tooMany(this.#hits.length);
      case 'partial':
        return standing.at === 'found' ? this.#gapsText(standing) : '';
      default:
        return texts[state];
    }
  }

  /** Whose hits are missing and why, and what that means for what was found. */
  #gapsText({found: {hits, sources}, unreadable}: Extract<Standing, {at: 'found'}>): string {
    const texts = this.#texts;
    const isEmpty = hits.length === 0;
    const said: string[] = [];
    for (const [gap, withNothing] of gaps) {
      const names = sources.filter(({status}) => gapOf(status) === gap).map(({name}) => maskCprInText(name));
      if (names.length === 0) continue;
      const text = texts[isEmpty && said.length === 0 ? withNothing : gap];
      said.push(text(formatsFor(this.#language).list(names)));
    }
    if (said.length === 0 && unreadable) said.push(texts.unreadable);
    else if (isEmpty) return said.join(' ');
    return [...said, texts.mayBeMore].join(' ');
  }

  /** Asking again may bring more: not from a source that has refused. */
  get #mayRetry(): boolean {
    const standing = this.#standing;
    if (standing.at !== 'found') return this.state === 'error' || this.state === 'offline';
    const {unreadable, found} = standing;
    return unreadable || found.sources.some((source) => isFailing(source) && !refusals.has(source.status));
  }

  get #hits(): readonly Hit[] {
    return this.#standing.at === 'found' ? this.#standing.found.hits : [];
  }

  get #language(): Language {
    return languageOf(this.#languages.nearest ?? this.#sessions.environment?.lang ?? document.documentElement.lang);
  }

  get #texts(): Translated<SearchTexts> {
    return stringsOf(searchStrings, this.#language, this.#sessions.environment?.strings.search, this.#changed);
  }

  readonly #changed = (): void => this.requestUpdate();

  /** The user's own Session: opened when the field is first used, and known while it lasts. */
  readonly #know = (): Session | undefined => {
    const user = this.#sessions.environment?.userSession();
    if (user !== this.#user) {
      this.#user = user;
      user?.subscribe(() => user === this.#user && this.requestUpdate());
      user?.signal.addEventListener('abort', () => user === this.#user && this.#forget());
    }
    return user;
  };

  /** It is in use: what stands in it may stand for a while longer. */
  readonly #touched = (): void => {
    clearTimeout(this.#forgetting);
    if (!this.isConnected || (this.#typed === '' && this.#standing === idle)) return;
    const minutes = this.forgetMinutes > 0 ? this.forgetMinutes : defaultForgetMinutes;
    this.#forgetting = setTimeout(() => this.#forget(), Math.min(minutes * 60_000, longestTimerMs));
  };

  /** Nothing of what was typed or found is left, and nothing that is on its way will be shown. */
  #forget(): void {
    this.#turn++;
    this.#typed = '';
    this.#user = undefined;
    this.#stand(idle, false);
  }

  #stand(standing: Standing, isOpen: boolean): void {
    this.#standing = standing;
    this.#isOpen = isOpen;
    this.#marked = -1;
    this.#touched();
    this.requestUpdate();
  }

  readonly #onInput = (event: Event): void => {
    this.#typed = (event.target as HTMLInputElement).value;
    this.#turn++;
    this.#stand(idle, false);
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const hits = this.#isOpen ? this.#hits : [];
    const last = hits.length - 1;
    switch (event.key) {
      case 'Enter': {
        const hit = hits[this.#marked];
        void (hit ? this.#choose(hit) : this.#search());
        break;
      }
      case 'ArrowDown':
      case 'ArrowUp':
        if (this.#hits.length === 0) return;
        if (!this.#isOpen) this.#isOpen = true;
        else if (event.key === 'ArrowDown') this.#marked = this.#marked >= last ? 0 : this.#marked + 1;
        else this.#marked = this.#marked <= 0 ? last : this.#marked - 1;
        break;
      case 'Home':
      case 'End':
        if (this.#marked < 0) return;
        this.#marked = event.key === 'Home' ? 0 : last;
        break;
      case 'Escape':
        if (this.#isOpen) this.#isOpen = false;
        else if (this.#typed || this.#standing !== idle) this.#forget();
        else return;
        this.#marked = -1;
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
    this.requestUpdate();
  };

  readonly #onFocusOut = ({relatedTarget}: FocusEvent): void => {
    if (relatedTarget instanceof Node && this.renderRoot.contains(relatedTarget)) return;
    this.#isOpen = false;
    this.#marked = -1;
    this.requestUpdate();
  };

  async #search(): Promise<void> {
    const turn = ++this.#turn;
    // Also from a button that goes while it is searched: what was found is reached from the field.
    this.renderRoot.querySelector('input')?.focus();
    const term = searchTerm(this.#typed);
    if (term === 'short' || 'reason' in term) return this.#stand({at: 'fault', fault: term}, false);
    if (!navigator.onLine) return this.#stand({at: 'failed', code: 'offline'}, true);
    this.#stand({at: 'searching'}, true);
    try {
      const {found, unreadable} = await this.#found(this.#typed.trim());
      if (turn !== this.#turn) return;
      const [only, another] = found.hits;
      // A number that was typed whole means this one and no other: a hit with another is for the user to judge.
      const isMeant = 'subject' in term && only?.masked === shownNumber(term.subject);
      if (isMeant && only?.name !== undefined && !another) return await this.#choose(only);
      this.#stand({at: 'found', found, unreadable}, true);
    } catch (thrown) {
      if (turn === this.#turn) this.#stand({at: 'failed', code: problemFrom(thrown).code}, true);
    }
  }

  /** @throws ProblemError */
  async #found(query: string): Promise<{found: Found; unreadable: boolean}> {
    const session = this.#know();
    if (!session) throw new ProblemError(problemOf('not-applicable', 'There is no provider.'));
    await opened(session);
    if (session.problem) throw new ProblemError(session.problem);
    const ask = () => session.act('search', {query});
    const {result} = await ask().catch(async (thrown: unknown) => {
      // The context has come to its end while the page stood open.
      if (problemFrom(thrown).code !== 'context-closed' || !session.renewable || (await session.renew())) throw thrown;
      return ask();
    });
    const given = (result ?? {}) as {hits?: unknown};
    const all: readonly unknown[] = Array.isArray(given.hits) ? given.hits : [];
    const hits = all.filter((hit) => hitSchema.safeParse(hit).success);
    const {data} = foundSchema.safeParse({...given, hits});
    if (!data) throw new ProblemError(problemOf('protocol', 'The backend gave an unexpected answer.'));
    return {found: data, unreadable: hits.length < all.length};
  }

  async #choose({kind, subject, name, masked, record}: Hit): Promise<void> {
    const detail: SubjectOpenDetail = {
      kind,
      subject,
      ...(name === undefined ? {} : {name: maskCprInText(name)}),
      ...(masked === undefined ? {} : {masked: maskCprInText(masked)}),
      ...(record === undefined ? {} : {record}),
    };
    const {environment} = this.#sessions;
    this.#forget();
    if (!this.#fire('bsp-subject-open', detail, true)) return;
    const switched = await environment?.setSubject?.(subject);
    if (record && switched?.outcome === 'committed')
      this.#fire('bsp-case-open', {ref: record} satisfies CaseOpenDetail, true);
  }

  #fire(type: string, detail: unknown, cancelable: boolean): boolean {
    return this.dispatchEvent(new CustomEvent(type, {detail, bubbles: true, composed: true, cancelable}));
  }
}

/** A press on a hit must not take the focus out of the field: the list would close before the click. */
const keepFocus = (event: Event): void => event.preventDefault();

/** Why hits of a source may be missing, with the text where nothing was found at all. */
const gaps = [
  ['missing', 'emptyMissing'],
  ['incomplete', 'emptyIncomplete'],
  ['refused', 'emptyRefused'],
] as const;

/** Undefined: a source has given all that it has. */
const gapOf = (status: FrameStatus): (typeof gaps)[number][0] | undefined =>
  status === 'ok' || status === 'not-applicable'
    ? undefined
    : refusals.has(status)
      ? 'refused'
      : status === 'invalid'
        ? 'incomplete'
        : 'missing';

const isFailing = ({status}: Found['sources'][number]): boolean => gapOf(status) !== undefined;

function stateOf(standing: Standing): SearchState {
  if (standing.at === 'found') return foundState(standing.found, standing.unreadable);
  if (standing.at === 'fault') return standing.fault === 'short' ? 'too-short' : 'invalid';
  if (standing.at !== 'failed') return standing.at;
  const {code} = standing;
  if (code === 'offline') return code;
  return refusals.has(code) ? 'forbidden' : absences.has(code) ? 'unsupported' : 'error';
}

/** That there is nothing is a claim: every source that was asked must have answered. */
function foundState({hits, more, sources}: Found, unreadable: boolean): SearchState {
  const asked = sources.filter(({status}) => status !== 'not-applicable');
  const failing = asked.filter(isFailing);
  if (hits.length === 0) {
    if (asked.length === 0) return 'unsupported';
    if (failing.length === asked.length)
      return failing.every(({status}) => refusals.has(status)) ? 'forbidden' : 'error';
  }
  if (failing.length > 0 || unreadable) return 'partial';
  return hits.length === 0 ? 'empty' : more ? 'too-many' : 'ready';
}

function faultText(fault: SearchFault, texts: Translated<SearchTexts>): string {
  if (fault === 'short') return texts.short(minSearchLength);
  const {type, reason} = fault;
  if (type === 'bfe') return texts.bfeFormat;
  if (type === 'cvr') return reason === 'checksum' ? texts.cvrChecksum : texts.cvrFormat;
  return reason === 'date' ? texts.cprDate : texts.cprFormat;
}

/** Resolves when a Session has its context, or cannot have it. */
const opened = (session: Session): Promise<void> =>
  new Promise((resolve) => {
    const leave = session.subscribe(() => look());
    const look = (): void => {
      if (session.state === 'opening') return;
      leave();
      resolve();
    };
    look();
  });

declare global {
  interface HTMLElementTagNameMap {
    'bsp-search': BspSearch;
  }
  interface HTMLElementEventMap {
    'bsp-subject-open': CustomEvent<SubjectOpenDetail>;
  }
}
