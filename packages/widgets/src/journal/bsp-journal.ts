import {
  type Draft,
  draftsResource,
  journalResource,
  maskCprInText,
  type Note,
  type RecordRef,
  refKey,
} from '@bsp/contract';
import {kitVersion, type Session} from '@bsp/core';
import {
  BspWindow,
  controlStyles,
  emptyIcon,
  freeText,
  message,
  notice,
  type PillKind,
  pill,
  searchField,
  timeline,
  timelineStyles,
  type WindowDefinition,
  windowStyles,
} from '@bsp/ui';
import {html, nothing, type TemplateResult} from 'lit';
import type {CaseOpenDetail} from '../case-list/bsp-case-list.js';
import {journalStyles} from './bsp-journal.styles.js';
import {type JournalConfig, journalConfig} from './journal.config.js';
import {type JournalTexts, journalStrings} from './journal.strings.js';
import type {JournalCompose} from './journal-compose.js';

/** What the caseworker has chosen and begun to write about one person. */
interface JournalLocal {
  text: string;
  /** Source id; empty for all. */
  source: string;
  /** Key of a case's reference; empty for all. */
  case: string;
  limit: number;
  /** Keys of the long notes that are unfolded. */
  whole: ReadonlySet<string>;
  /** Key of the note that was just saved. */
  saved: string;
  /** The forms, once they are loaded. */
  compose: JournalCompose | undefined;
  composeFailed: boolean;
}

const deliveryKinds: Partial<Record<NonNullable<Note['delivery']>['state'], PillKind>> = {
  accepted: 'ok',
  rejected: 'error',
  failed: 'error',
};

/** More than this between the event and its writing down is worth telling. */
const lateMs = 864e5;

/** A text is folded when it has more than eight lines of 72 characters: five of them show. */
const isLong = (body: string): boolean =>
  body.split('\n').reduce((lines, line) => lines + Math.max(1, Math.ceil(line.length / 72)), 0) > 8;

/**
 * What has been noted about a person in all connected systems, on one time line, newest first; and where the user may,
 * a form to write a note or an addendum. It reads the resources `journal` and `drafts` (and `cases` once the form is
 * open) and sends the actions `note.create`, `note.addendum` and `draft.save`. Nothing can be deleted.
 *
 * @tag bsp-journal
 * @summary A person's journal notes in all connected systems, and a form to write one.
 *
 * @attr {string} for - Id of the provider; absent: the nearest, else the page's only one.
 * @attr {string} config - {@link JournalConfig} as JSON.
 * @attr {number} heading-level - Level of the heading, 2–6.
 * @attr {'comfortable'|'compact'} density - Spacing.
 * @attr {'light'|'dark'} theme - Absent: the page's color scheme.
 *
 * @fires {CustomEvent<CaseOpenDetail>} bsp-case-open - The caseworker chose a note's case. Composed and cancelable; navigation is the host's.
 * @fires {CustomEvent<ConfigErrorDetail>} bsp-config-error - The config has values that cannot be used.
 *
 * @slot actions - The host's own buttons, at the right of the header.
 *
 * @csspart panel - The whole panel.
 * @csspart header - Title, count, actions.
 * @csspart title - The heading.
 * @csspart count - The count beside the heading.
 * @csspart actions - The write button, sources, reload and the host's buttons.
 * @csspart notice - A line that says what is missing.
 * @csspart compose - The form of a new note.
 * @csspart body - The time line, or what stands in its place.
 * @csspart foot - How much is shown, and how new it is.
 * @csspart dialog - The question before a switch while something is unsent.
 * @csspart outcome - What came of a note about a person who is no longer shown.
 *
 * @cssproperty [--bsp-surface] - Background of the panel.
 * @cssproperty [--bsp-surface-sunk] - Background of tools, form and foot.
 * @cssproperty [--bsp-ink] - Text.
 * @cssproperty [--bsp-accent] - Accent.
 * @cssproperty [--bsp-link] - Case titles.
 * @cssproperty [--bsp-radius=3px] - Corners.
 * @cssproperty [--bsp-unit=4px] - Unit of spacing.
 * @cssproperty [--bsp-font-size] - Size of the text; absent: 87.5 % of the host's.
 *
 * @cssstate no-subject - Nobody is chosen.
 * @cssstate unsupported - No connected system has notes.
 * @cssstate offline - The browser has no connection.
 * @cssstate forbidden - The user may not see notes.
 * @cssstate error - No source answered.
 * @cssstate loading - Nothing has come yet.
 * @cssstate partial - Something is missing.
 * @cssstate stale - Some of it is from an earlier answer.
 * @cssstate empty - Every source answered, and there are no notes.
 * @cssstate ready - All is there.
 * @cssstate busy - Somebody is still being waited for.
 */
export class BspJournal extends BspWindow<JournalTexts, JournalConfig, JournalLocal> {
  static readonly version: string = kitVersion;
  static override styles = [windowStyles, timelineStyles, controlStyles, journalStyles];

  protected override readonly definition: WindowDefinition<JournalTexts, JournalConfig> = {
    strings: journalStrings,
    resources: [journalResource],
    config: journalConfig,
  };

  /**
   * Outcomes of writes about persons who are no longer shown: all that outlives a switch, because the user must hear it.
   * Each names its person and holds nothing of the text.
   */
  #outcomes: readonly (() => unknown)[] = [];

  protected override createLocal(): JournalLocal {
    const {source, pageSize} = this.settings;
    return {
      text: '',
      source,
      case: '',
      limit: pageSize,
      whole: new Set(),
      saved: '',
      compose: undefined,
      composeFailed: false,
    };
  }

  override disconnectedCallback(): void {
    void this.local.compose?.leave();
    super.disconnectedCallback();
    this.#outcomes = [];
  }

  protected override renderCount(): string {
    const {items, sources} = this.viewOf(journalResource);
    if (items.length === 0) return '';
    return this.texts.count(
      this.formats.number(items.length),
      sources.some(({next}) => next !== undefined),
    );
  }

  protected override renderActions(): unknown {
    return this.#may('note.create') && !this.local.compose?.note
      ? html`<button id="write" class="button" @click=${() => this.#compose((compose) => compose.writeNote())}>
          ${this.texts.write}
        </button>`
      : nothing;
  }

  protected override renderTools(): unknown {
    const {texts, local, formats} = this;
    const {compose} = local;
    // Asked for from the first: so it goes with the window's own read and costs no other.
    const drafts = this.viewOf(draftsResource).items;
    const waiting = (name: string, action: string, text: (when: string) => string) => {
      const draft = this.#may(action) ? drafts.find(({window}) => window === name) : undefined;
      return draft && compose?.offers(name) !== false
        ? notice('info', text(formats.recent(draft.savedAt)), this.#resumeButton(draft))
        : nothing;
    };
    return html`${local.composeFailed ? notice('error', html`<span role="alert">${texts.noForm}</span>`) : nothing}${waiting(
      'journal',
      'note.create',
      texts.draft,
    )}${waiting('journal-addendum', 'note.addendum', texts.addendumDraft)}${compose?.renderNote()}${this.#renderFilters()}`;
  }

  protected override renderBody(): unknown {
    const {texts, local, formats} = this;
    const {items} = this.viewOf(journalResource);
    const matching = this.#matching();
    const notes = matching.slice(0, local.limit);
    const rest = matching.length - notes.length;
    const level = Math.trunc(this.headingLevel);
    if (notes.length === 0)
      return message(
        emptyIcon(),
        texts.filteredAway(formats.number(items.length)),
        html`<button class="button" @click=${() => this.#choose({text: '', source: '', case: ''})}>${texts.clear}</button>`,
      );
    return html`${timeline<Note>({
      items: notes,
      at: ({occurredAt}) => occurredAt,
      itemKey: ({ref}) => refKey(ref),
      entry: (note) => this.#entry(note),
      entryClass: ({ref}) => (refKey(ref) === local.saved ? 'new' : ''),
      formats,
      headingLevel: level >= 2 && level < 6 ? level + 1 : 3,
    })}${
      rest > 0
        ? html`<div class="more">
            <button class="button" @click=${() => this.setLocal({limit: local.limit + this.settings.pageSize})}>
              ${texts.showMore(formats.number(Math.min(rest, this.settings.pageSize)))}
            </button>
          </div>`
        : nothing
    }`;
  }

  protected override renderShown(): unknown {
    const matching = this.#matching().length;
    const {formats} = this;
    return matching
      ? this.texts.shown(formats.number(Math.min(matching, this.local.limit)), formats.number(matching))
      : nothing;
  }

  protected override renderQuestion(): unknown {
    return html`${this.local.compose?.renderQuestion()}${this.#outcomes.map((outcome) => outcome())}`;
  }

  #renderFilters(): unknown {
    const {texts, local} = this;
    const {items, sources} = this.viewOf(journalResource);
    if (items.length === 0 && this.state !== 'loading') return nothing;
    const cases = new Map(
      items.flatMap((note) =>
        note.case ? [[refKey(note.case.ref), maskCprInText(note.case.title ?? '')] as const] : [],
      ),
    );
    const choice = (
      key: 'source' | 'case',
      label: string,
      all: string,
      choices: readonly (readonly [value: string, text: string])[],
    ) =>
      choices.length > 1
        ? html`<select
            aria-label=${label}
            @change=${(event: Event) => this.#choose({[key]: (event.target as HTMLSelectElement).value})}
          >
            <option value="" ?selected=${local[key] === ''}>${all}</option>
            ${choices.map(([value, text]) => html`<option value=${value} ?selected=${local[key] === value}>${text}</option>`)}
          </select>`
        : nothing;
    return html`<div class="tools">
      ${searchField(texts.filter, local.text, (text) => this.#choose({text}))}
      ${choice(
        'source',
        texts.filterSource,
        texts.allSources,
        sources.filter(({count}) => count > 0).map(({id, name}) => [id, name]),
      )}
      ${choice(
        'case',
        texts.filterCase,
        texts.allCases,
        [...cases].filter(([, title]) => title).sort(([, one], [, other]) => one.localeCompare(other, this.language)),
      )}
    </div>`;
  }

  #entry(note: Note): TemplateResult {
    const {texts, formats, local} = this;
    const {ref, occurredAt, recordedAt, author, body, kle, delivery, addenda} = note;
    const key = refKey(ref);
    const shown = maskCprInText;
    const long = isLong(body);
    const whole = local.whole.has(key);
    const staff = ({name, unit}: Note['author']) => shown([name, unit].filter((text) => text?.trim()).join(' · '));
    const form = local.compose?.renderAddendum(ref);
    // A delivery says that it was written here: other systems take no addenda from us.
    const mayAdd = delivery && author.name === this.session?.me?.user.name && this.#may('note.addendum');
    const late = Date.parse(recordedAt) - Date.parse(occurredAt) > lateMs;
    return html`<time datetime=${occurredAt} title=${formats.moment(occurredAt)}>${formats.time(occurredAt)}</time>
      <div class="what">${shown(note.heading).trim() || texts.noHeading}</div>
      ${pill('neutral', this.#sourceName(note.ref.source))}
      <div class="wide">
        ${
          body.trim()
            ? html`<div class=${long && !whole ? 'folded' : ''}>${freeText(body)}</div>`
            : html`<i class="faint">${texts.noBody}</i>`
        }
        ${
          long
            ? html`<button
                class="link small"
                aria-expanded=${whole ? 'true' : 'false'}
                @click=${() => this.#unfold(key, !whole)}
              >
                ${whole ? texts.less : texts.whole}
              </button>`
            : nothing
        }
      </div>
      <div class="wide small faint meta">
        <span>${staff(author)}</span>${
          note.case
            ? html`<span
                ><button class="link small" @click=${() => this.#open(note.case)}>
                  ${shown(note.case.title ?? '').trim() || texts.case}
                </button></span
              >`
            : nothing
        }${kle ? html`<span>${[kle.number, shown(kle.title ?? '')].join(' ').trim()}</span>` : nothing}${
          late
            ? html`<span
                ><time datetime=${recordedAt} title=${formats.moment(recordedAt)}
                  >${texts.written(formats.recent(recordedAt))}</time
                ></span
              >`
            : nothing
        }
      </div>
      ${
        addenda?.length
          ? html`<ul class="wide addenda">
              ${addenda.map(
                (one) => html`<li>
                  <div class="small faint">
                    ${texts.addendum} · <time datetime=${one.at}>${formats.moment(one.at)}</time> · ${staff(one.author)}
                  </div>
                  ${freeText(one.body)}
                </li>`,
              )}
            </ul>`
          : nothing
      }
      ${
        form
          ? html`<div class="wide">${form}</div>`
          : delivery || mayAdd
            ? html`<div class="wide small meta">
                ${
                  delivery
                    ? html`<span
                        >${pill(deliveryKinds[delivery.state] ?? 'accent', texts[`delivery-${delivery.state}`])}
                        ${shown(delivery.reason ?? '')}</span
                      >`
                    : nothing
                }${
                  mayAdd
                    ? html`<span
                        ><button class="link small" @click=${() => this.#compose((compose) => compose.writeAddendum(ref))}>
                          ${texts.add}
                        </button></span
                      >`
                    : nothing
                }
              </div>`
            : nothing
      }`;
  }

  #resumeButton(draft: Draft): TemplateResult {
    return html`<button class="button" @click=${() => this.#compose((compose) => compose.resume(draft))}>
      ${this.texts.resume}
    </button>`;
  }

  /** Loads the forms where they are not there yet, and begins with one. */
  async #compose(begin: (compose: JournalCompose) => void): Promise<void> {
    const session = this.session;
    let {compose} = this.local;
    if (!session) return;
    if (!compose) {
      const loaded = await import('./journal-compose.js').catch(() => undefined);
      if (session !== this.session) return;
      if (!loaded) return this.setLocal({composeFailed: true});
      this.adopt(loaded.composeStyles);
      compose = this.local.compose ?? this.#composeOf(loaded);
    }
    this.setLocal({compose, composeFailed: false, saved: ''});
    begin(compose);
  }

  #composeOf({JournalCompose: Compose}: typeof import('./journal-compose.js')): JournalCompose {
    const session = this.session as Session;
    return new Compose({
      session,
      root: this.renderRoot,
      shows: () => this.session === session,
      render: () => this.requestUpdate(),
      rendered: () => this.updateComplete,
      textsOf: (source) => this.textsOf(source),
      viewOf: (resource) => this.viewOf(resource),
      formats: () => this.formats,
      settings: () => this.settings,
      caseKey: () => this.local.case,
      announce: (text) => this.announce(text),
      saved: (ref) => this.#saved(ref),
      reveal: (ref) => this.#reveal(ref),
      outcome: (outcome) => {
        const shown = () =>
          outcome(() => {
            this.#outcomes = this.#outcomes.filter((one) => one !== shown);
            this.requestUpdate();
          });
        this.#outcomes = [...this.#outcomes, shown];
        this.requestUpdate();
      },
    });
  }

  /** A write of ours is done: it is to stand on the time line, whatever is filtered. */
  #saved(ref: RecordRef | undefined): void {
    this.#choose({text: '', source: '', case: '', saved: ref ? refKey(ref) : ''});
    const store = this.storeOf(journalResource);
    if (ref) store?.refresh(ref.source);
    else store?.reload();
  }

  /** Clears the filters and shows as many as it takes. */
  #reveal(ref: RecordRef): void {
    this.setLocal({text: '', source: '', case: ''});
    const place = this.#matching().findIndex((note) => refKey(note.ref) === refKey(ref));
    if (place >= this.local.limit) this.setLocal({limit: place + 1});
  }

  #may(action: string): boolean {
    const {session} = this;
    return session?.state === 'open' && session.me?.capabilities.includes(`act:${action}`) === true;
  }

  /** Another choice starts on its first page. */
  #choose(change: Partial<JournalLocal>): void {
    this.setLocal({...change, limit: this.settings.pageSize});
  }

  #unfold(key: string, whole: boolean): void {
    const keys = new Set(this.local.whole);
    if (whole) keys.add(key);
    else keys.delete(key);
    this.setLocal({whole: keys});
  }

  #sourceName(id: string): string {
    return this.viewOf(journalResource).sources.find((source) => source.id === id)?.name ?? id;
  }

  /** The notes that the filters let through, newest first. */
  #matching(): Note[] {
    const {text, source, case: inCase} = this.local;
    const fold = (value: string) => value.normalize('NFC').toLocaleLowerCase('da');
    const words = fold(text).split(/\s+/).filter(Boolean);
    return this.viewOf(journalResource)
      .items.filter((note) => {
        if (source && note.ref.source !== source) return false;
        if (inCase && (!note.case || refKey(note.case.ref) !== inCase)) return false;
        if (words.length === 0) return true;
        const {heading, body, author, kle, addenda = []} = note;
        const searched = [
          heading,
          body,
          author.name,
          author.unit,
          note.case?.title,
          kle?.number,
          kle?.title,
          this.#sourceName(note.ref.source),
          ...addenda.flatMap((one) => [one.body, one.author.name]),
        ];
        const folded = fold(maskCprInText(searched.join('\n')));
        return words.every((word) => folded.includes(word));
      })
      .sort(
        (one, other) =>
          Date.parse(other.occurredAt) - Date.parse(one.occurredAt) ||
          Date.parse(other.recordedAt) - Date.parse(one.recordedAt),
      );
  }

  #open(of: Note['case']): void {
    if (!of) return;
    const detail: CaseOpenDetail = {ref: of.ref};
    this.dispatchEvent(new CustomEvent('bsp-case-open', {detail, bubbles: true, composed: true, cancelable: true}));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'bsp-journal': BspJournal;
  }
}
