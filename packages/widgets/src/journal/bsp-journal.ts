import {draftsResource, journalResource, maskCprInText, type Note, refKey} from '@bsp/contract';
import {kitVersion} from '@bsp/core';
import {
  BspWindow,
  freeText,
  notice,
  pill,
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
import type {JournalTools, JournalWindow} from './journal-tools.js';

/** What the caseworker has chosen and begun to write about one person. */
interface JournalLocal {
  limit: number;
  /** Filters, drafts and forms, once they are loaded. */
  tools: JournalTools | undefined;
}

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
 * @csspart dialog - A question: before a switch while something is unsent, or why more is to be shown.
 * @csspart outcome - What came of a note about a person who is no longer shown.
 *
 * @keyboard Enter / Space - On a case: opens it. On a folded note: unfolds it.
 * @keyboard Ctrl+Enter / ⌘+Enter - While writing: saves the note. Enter alone never saves.
 * @keyboard Escape - Where a question about unsent text is asked: stays with the person, and goes on writing.
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
 * @cssstate pinned - It keeps its person, whoever the page is about.
 * @cssstate busy - Somebody is still being waited for.
 */
export class BspJournal extends BspWindow<JournalTexts, JournalConfig, JournalLocal> {
  static readonly version: string = kitVersion;
  static override styles = [windowStyles, timelineStyles, journalStyles];

  protected override readonly definition: WindowDefinition<JournalTexts, JournalConfig> = {
    strings: journalStrings,
    resources: [journalResource],
    config: journalConfig,
  };

  /**
   * Outcomes of writes about persons who are no longer shown: all that outlives a switch, because the user must hear it.
   * Each names its person and holds nothing of the text.
   */
  readonly #outcomes = new Set<() => unknown>();
  #parts: typeof import('./journal-tools.js') | 'asked' | 'missing' | undefined;

  protected override createLocal(): JournalLocal {
    return {limit: this.settings.pageSize, tools: undefined};
  }

  override disconnectedCallback(): void {
    this.#tools?.leave();
    super.disconnectedCallback();
    this.#outcomes.clear();
  }

  protected override mayRejoin(): boolean | Promise<boolean> {
    return this.#tools?.mayRejoin() ?? true;
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
    return this.#tools?.renderActions();
  }

  protected override renderTools(): unknown {
    // Asked for from the first: so it goes with the window's own read and costs no other.
    this.viewOf(draftsResource);
    if (this.#parts === 'missing') return notice('warning', this.texts.noTools);
    return this.#tools?.renderTools() ?? html`<div class="tools coming"></div>`;
  }

  protected override renderBody(): unknown {
    const {texts, local, formats} = this;
    const matching = this.#matching();
    const notes = matching.slice(0, local.limit);
    const rest = matching.length - notes.length;
    const level = Math.trunc(this.headingLevel);
    if (notes.length === 0) return this.#tools?.renderFilteredAway();
    return html`${timeline<Note>({
      items: notes,
      at: ({occurredAt}) => occurredAt,
      itemKey: ({ref}) => refKey(ref),
      entry: (note) => this.#entry(note),
      entryClass: ({ref}) => (refKey(ref) === this.#tools?.saved ? 'new' : ''),
      formats,
      headingLevel: level >= 2 && level < 6 ? level + 1 : 3,
    })}${this.showMore(Math.min(rest, this.settings.pageSize), texts.showMore, () =>
      this.setLocal({limit: local.limit + this.settings.pageSize}),
    )}`;
  }

  protected override renderShown(): unknown {
    const matching = this.#matching().length;
    const {formats} = this;
    return matching
      ? this.texts.shown(formats.number(Math.min(matching, this.local.limit)), formats.number(matching))
      : nothing;
  }

  protected override renderQuestion(): unknown {
    return html`${this.#tools?.renderQuestion()}${[...this.#outcomes].map((outcome) => outcome())}`;
  }

  /** Filters, drafts and forms of this Session; loaded beside the first read, so that rows do not wait for them. */
  get #tools(): JournalTools | undefined {
    const {session, local} = this;
    if (!session) return undefined;
    if (!this.#parts) {
      this.#parts = 'asked';
      import('./journal-tools.js')
        .then(
          (parts) => {
            this.#parts = parts;
            this.adopt(parts.controlStyles);
            this.adopt(parts.toolsStyles);
          },
          () => {
            this.#parts = 'missing';
          },
        )
        .finally(() => this.requestUpdate());
    }
    if (typeof this.#parts === 'object')
      // They are parts of this window that come later, so they see what is protected.
      local.tools ??= new this.#parts.JournalTools(this as unknown as JournalWindow, session, this.#outcomes);
    return local.tools;
  }

  #entry(note: Note): TemplateResult {
    const {texts, formats} = this;
    const {ref, occurredAt, recordedAt, author, body, kle, addenda} = note;
    const shown = maskCprInText;
    const long = isLong(body);
    const tools = this.#tools;
    const staff = ({name, unit}: Note['author']) =>
      [name, unit].map((text) => (text?.trim() ? html`<span>${shown(text)}</span>` : nothing));
    const time = (at: string, text: string) => html`<time datetime=${at} title=${formats.moment(at)}>${text}</time>`;
    return html`${time(occurredAt, formats.time(occurredAt))}
      <div class="what">${shown(note.heading).trim() || texts.noHeading}</div>
      ${pill('neutral', this.sourceName(ref.source))}
      <div class="wide">
        ${
          body.trim()
            ? html`<div class=${long ? 'folded' : ''}>${freeText(body)}</div>`
            : html`<i class="faint">${texts.noBody}</i>`
        }
        ${long ? tools?.renderUnfold() : nothing}
      </div>
      <div class="wide small faint meta">
        ${staff(author)}${
          note.case
            ? html`<span
                ><button class="link small" @click=${() => this.#open(note.case)}>
                  ${shown(note.case.title ?? '').trim() || texts.case}
                </button></span
              >`
            : nothing
        }${kle ? html`<span>${shown([kle.number, kle.title].join(' ')).trim()}</span>` : nothing}${
          Date.parse(recordedAt) - Date.parse(occurredAt) > lateMs
            ? html`<span>${time(recordedAt, texts.written(formats.recent(recordedAt)))}</span>`
            : nothing
        }
      </div>
      ${
        addenda?.length
          ? html`<ul class="wide addenda">
              ${addenda.map(
                (one) => html`<li>
                  <div class="small faint meta">
                    <span>${texts.addendum}</span>${time(one.at, formats.moment(one.at))}${staff(one.author)}
                  </div>
                  ${freeText(one.body)}
                </li>`,
              )}
            </ul>`
          : nothing
      }
      ${
        // A delivery says that it was written here: only then there is more to it.
        note.delivery ? html`<div class="wide own">${tools?.renderOwn(note, note.delivery)}</div>` : nothing
      }`;
  }

  /** Shows the first page, and as many more as it takes to show the note with this key. */
  protected reveal(key: string): void {
    const place = this.#matching().findIndex(({ref}) => refKey(ref) === key);
    this.setLocal({limit: Math.max(this.settings.pageSize, place + 1)});
  }

  /** The notes that the filters let through, newest first. */
  #matching(): Note[] {
    const {source} = this.settings;
    const passes = this.#tools?.filter() ?? (({ref}: Note) => !source || ref.source === source);
    const byTime = (key: 'occurredAt' | 'recordedAt', one: Note, other: Note) =>
      Date.parse(other[key]) - Date.parse(one[key]);
    return this.viewOf(journalResource)
      .items.filter(passes)
      .sort((one, other) => byTime('occurredAt', one, other) || byTime('recordedAt', one, other));
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
