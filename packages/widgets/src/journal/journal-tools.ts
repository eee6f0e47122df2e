import {
  type Draft,
  draftsResource,
  journalResource,
  maskCprInText,
  type Note,
  type RecordRef,
  type Resource,
  refKey,
} from '@bsp/contract';
import type {Formats, ResourceView, Session, StringSource, StringTable, Translated} from '@bsp/core';
import {choiceField, emptyIcon, message, notice, type PillKind, pill, searchField, wordSearch} from '@bsp/ui';
import {type CSSResult, html, nothing, type TemplateResult} from 'lit';
import type {JournalConfig} from './journal.config.js';
import type {JournalCompose} from './journal-compose.js';
import {type ToolsTexts, toolsStrings} from './journal-tools.strings.js';

export {controlStyles} from '@bsp/ui';
export {toolsStyles} from './journal-tools.styles.js';

/** The window as its later parts see it. */
export interface JournalWindow {
  readonly renderRoot: ShadowRoot;
  readonly updateComplete: Promise<unknown>;
  /** The Session that it shows now. */
  readonly session: Session | undefined;
  readonly formats: Formats;
  readonly settings: JournalConfig;
  requestUpdate(): void;
  adopt(styles: CSSResult): void;
  textsOf<T extends StringTable>(source: StringSource<T>): Translated<T>;
  viewOf<T>(resource: Resource<T>): ResourceView<T>;
  sourceName(id: string): string;
  announce(text: string): void;
  reveal(key: string): void;
  /** It keeps its person, whoever the page is about. */
  readonly pinned: boolean;
  pin(): void;
}

type Delivery = NonNullable<Note['delivery']>;

const deliveryKinds: Partial<Record<Delivery['state'], PillKind>> = {
  accepted: 'ok',
  rejected: 'error',
  failed: 'error',
};

/** What stands around the time line of one Session: filters, deliveries, drafts, and the way to the forms. */
export class JournalTools {
  readonly window: JournalWindow;
  readonly session: Session;
  /** What came of writes about persons who are no longer shown: each renders itself. Outlives the Session. */
  readonly outcomes: Set<() => unknown>;
  #text = '';
  /** Source id; empty for all. */
  #source: string;
  /** Key of a case's reference; empty for all. */
  #case = '';
  #compose: JournalCompose | undefined;
  #composeMissing = false;
  #saved = '';

  constructor(window: JournalWindow, session: Session, outcomes: Set<() => unknown>) {
    this.window = window;
    this.session = session;
    this.outcomes = outcomes;
    this.#source = window.settings.source;
  }

  /** Whether the user lets go of the person that the window is pinned to. */
  mayRejoin(): boolean | Promise<boolean> {
    return this.#compose?.mayRejoin() ?? true;
  }

  /** Whether the window still shows this Session. */
  get shown(): boolean {
    return this.window.session === this.session;
  }

  /** Key of the note that was just saved. */
  get saved(): string {
    return this.#saved;
  }

  /** Key of the case that the time line is filtered by; empty for none. */
  get caseKey(): string {
    return this.#case;
  }

  /** The window goes out of the page. */
  leave(): void {
    void this.#compose?.leave();
  }

  renderActions(): unknown {
    return this.#may('note.create') && !this.#compose?.note
      ? html`<button id="write" class="button" @click=${() => this.#begin((compose) => compose.writeNote())}>
          ${this.#texts.write}
        </button>`
      : nothing;
  }

  renderTools(): unknown {
    const texts = this.#texts;
    return html`${
      this.#composeMissing ? notice('error', html`<span role="alert">${texts.noForm}</span>`) : nothing
    }${this.#renderDraft('journal', 'note.create', texts.draft)}${this.#renderDraft(
      'journal-addendum',
      'note.addendum',
      texts.addendumDraft,
    )}${this.#compose?.renderNote()}${this.#renderFilters()}`;
  }

  /** The button under a long text. */
  renderUnfold(): TemplateResult {
    const texts = this.#texts;
    return html`<button class="link small fold" aria-expanded="false" @click=${unfold}>
      <span>${texts.whole}</span><span>${texts.less}</span>
    </button>`;
  }

  /** How far a note of ours has come, and the way to add to it. */
  renderOwn(note: Note, {state, reason = ''}: Delivery): unknown {
    const {ref, author} = note;
    const form = this.#compose?.renderAddendum(ref);
    const texts = this.#texts;
    const how =
      state === 'kept' ? texts['delivery-kept'](this.window.sourceName(ref.source)) : texts[`delivery-${state}`];
    const mine = author.name === this.session.me?.user.name;
    return html`<div class="small meta">
        <span>${pill(deliveryKinds[state] ?? 'accent', how)} ${maskCprInText(reason)}</span>
        ${
          mine && !form && this.#may('note.addendum')
            ? html`<span
                ><button class="link small" @click=${() => this.#begin((compose) => compose.writeAddendum(ref))}>
                  ${texts.add}
                </button></span
              >`
            : nothing
        }
      </div>
      ${form}`;
  }

  renderFilteredAway(): TemplateResult {
    const texts = this.#texts;
    return message(
      emptyIcon(),
      texts.filteredAway,
      html`<button class="button" @click=${() => this.#choose('', '', '')}>${texts.clear}</button>`,
    );
  }

  renderQuestion(): unknown {
    return this.#compose?.renderQuestion();
  }

  /** Whether the filters let a note through. */
  filter(): (note: Note) => boolean {
    const holds = wordSearch(this.#text);
    return (note) => {
      const {ref, heading, body, author, kle, addenda = []} = note;
      if (this.#source && ref.source !== this.#source) return false;
      if (this.#case && (!note.case || refKey(note.case.ref) !== this.#case)) return false;
      if (!holds) return true;
      return holds([
        heading,
        body,
        author.name,
        author.unit,
        note.case?.title,
        kle?.number,
        kle?.title,
        this.window.sourceName(ref.source),
        ...addenda.flatMap((one) => [one.body, one.author.name]),
      ]);
    };
  }

  /** Shows a note whatever is filtered. */
  reveal(ref: RecordRef): void {
    this.#choose('', '', '', refKey(ref));
  }

  /** A write of ours is done: it is to stand on the time line, whatever is filtered. */
  stands(ref: RecordRef | undefined): void {
    this.#saved = ref ? refKey(ref) : '';
    this.#choose('', '', '');
    const journal = this.session.resource(journalResource);
    if (ref) journal.refresh(ref.source);
    else journal.reload();
  }

  get #texts(): Translated<ToolsTexts> {
    return this.window.textsOf(toolsStrings);
  }

  #may(action: string): boolean {
    const {state, me} = this.session;
    return state === 'open' && me?.capabilities.includes(`act:${action}`) === true;
  }

  /** Another choice starts on its first page. */
  #choose(text: string, source: string, inCase: string, reveal = ''): void {
    this.#text = text;
    this.#source = source;
    this.#case = inCase;
    this.window.reveal(reveal);
  }

  #renderDraft(name: string, action: string, text: (when: string) => string): unknown {
    const draft = this.#may(action)
      ? this.window.viewOf(draftsResource).items.find((one) => one.window === name)
      : undefined;
    return draft && this.#compose?.offers(name) !== false
      ? notice('info', text(this.window.formats.recent(draft.savedAt)), this.#renderResume(draft))
      : nothing;
  }

  #renderResume(draft: Draft): TemplateResult {
    return html`<button class="button" @click=${() => this.#begin((compose) => compose.resume(draft))}>
      ${this.#texts.resume}
    </button>`;
  }

  #renderFilters(): unknown {
    const texts = this.#texts;
    const {items, sources, busy} = this.window.viewOf(journalResource);
    if (items.length === 0 && !busy) return nothing;
    const cases = new Map(
      items.flatMap((note) =>
        note.case?.title ? [[refKey(note.case.ref), maskCprInText(note.case.title)] as const] : [],
      ),
    );
    // One that has gone has no title to be chosen by: the choice would say all, and hold the rest back.
    if (!cases.has(this.#case)) this.#case = '';
    // Also the one that is chosen: else it would say that all are.
    const giving = sources
      .filter(({id, count}) => count > 0 || id === this.#source)
      .map(({id, name}) => [id, name] as const);
    return html`<div class="tools">
      ${searchField(texts.filter, this.#text, (text) => this.#choose(text, this.#source, this.#case))}
      ${choiceField(texts.filterSource, texts.allSources, giving, this.#source, (source) =>
        this.#choose(this.#text, source, this.#case),
      )}
      ${choiceField(
        texts.filterCase,
        texts.allCases,
        [...cases].sort(([, one], [, other]) => one.localeCompare(other, 'da')),
        this.#case,
        (inCase) => this.#choose(this.#text, this.#source, inCase),
      )}
    </div>`;
  }

  /** Loads the forms where they are not there yet, and begins with one. */
  async #begin(begin: (compose: JournalCompose) => void): Promise<void> {
    const {window} = this;
    if (!this.#compose) {
      const loaded = await import('./journal-compose.js').catch(() => undefined);
      if (!this.shown) return;
      this.#composeMissing = !loaded;
      window.requestUpdate();
      if (!loaded) return;
      window.adopt(loaded.composeStyles);
      this.#compose ??= new loaded.JournalCompose(this);
    }
    this.#saved = '';
    begin(this.#compose);
  }
}

/** Unfolds a long text, or folds it again. It is a matter of the page alone, and goes with it. */
function unfold({currentTarget}: Event): void {
  const button = currentTarget as HTMLElement;
  button.ariaExpanded = `${button.previousElementSibling?.classList.toggle('folded') === false}`;
}
