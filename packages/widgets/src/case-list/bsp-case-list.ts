import {
  type Case,
  type CaseItem,
  casePhases,
  casesResource,
  type Existence,
  isClosedCase,
  isExistence,
  maskCprInText,
  type RecordRef,
  refKey,
} from '@bsp/contract';
import {kitVersion} from '@bsp/core';
import {
  BspWindow,
  type DataTableOptions,
  dataTable,
  lockIcon,
  markStyles,
  type Sort,
  skeleton,
  tableStyles,
  type WindowDefinition,
  windowStyles,
} from '@bsp/ui';
import {html, nothing, type TemplateResult} from 'lit';
import {caseListStyles} from './bsp-case-list.styles.js';
import {caseColumns} from './case-columns.js';
import {type CaseListConfig, type CaseListFilter, caseListConfig} from './case-list.config.js';
import {type CaseListTexts, caseListStrings} from './case-list.strings.js';
import type {CaseListTools} from './case-list-tools.js';
import {moreColumns} from './more-columns.js';
import type {WindowedRows} from './windowed/windowed-rows.js';
import {loadWindowedRows} from './windowed/windowed-rows-arrival.js';

/** Detail of `bsp-case-open`: the case that the caseworker wants to work on. */
export interface CaseOpenDetail {
  readonly ref: RecordRef;
  /** Absent where the window knows no more than the reference. */
  readonly case?: Case;
}

/** What the caseworker has chosen about one person's cases. */
export interface CaseListLocal {
  filter: CaseListFilter;
  text: string;
  /** Source id; empty for all. */
  source: string;
  sort: Sort<CaseListConfig['sort']>;
  limit: number;
}

const latestFirst = ['changed'] as const;

const loadTools = () => import('./case-list-tools.js');

/** A list of a Session's store as it was last wanted. */
interface Arranged {
  readonly cases: readonly Case[];
  /** All of them in the order that was chosen, and what that was. */
  sorted?: {readonly by: readonly unknown[]; readonly cases: readonly Case[]};
  /** Those that the filters let through, and what was chosen. */
  matching?: {readonly local: CaseListLocal; readonly cases: readonly Case[]};
}

/** By the list, with which they go. */
const arranged = new WeakMap<readonly CaseItem[], Arranged>();

/**
 * A person's cases in all connected systems, in one table: our phase beside the source's own word, who is responsible,
 * when it changed, and where it lies. It reads the resource `cases` and writes nothing.
 *
 * @tag bsp-case-list
 * @summary A person's cases in all connected systems.
 *
 * @fires {CustomEvent<CaseOpenDetail>} bsp-case-open - The caseworker chose a case. Composed and cancelable; navigation is the host's.
 * @fires {CustomEvent<ConfigErrorDetail>} bsp-config-error - The config has values that cannot be used.
 *
 * @slot actions - The host's own buttons, at the right of the header.
 *
 * @csspart panel - The whole panel.
 * @csspart header - Title, count, actions.
 * @csspart title - The heading.
 * @csspart count - The count beside the heading.
 * @csspart actions - Sources, reload and the host's buttons.
 * @csspart notice - A line that says what is missing.
 * @csspart body - The table, or what stands in its place.
 * @csspart foot - How much is shown, and how new it is.
 * @csspart rows - What scrolls by itself where the config says `windowed`.
 *
 * @cssproperty [--bsp-rows-size=min(36em, 80vh)] - How high the part `rows` may become.
 *
 * @keyboard Enter / Space - On a case: opens it. On a column heading: sorts by it; once more turns the order round.
 * @keyboard Arrow keys - In the filter: choose open, closed or all.
 * @keyboard Page Up / Page Down / Home / End - In windowed rows: a screenful on or back, the first rows, the last.
 *
 * @cssstate no-subject - Nobody is chosen.
 * @cssstate unsupported - No connected system has cases.
 * @cssstate offline - The browser has no connection.
 * @cssstate forbidden - The user may not see cases.
 * @cssstate error - No source answered.
 * @cssstate loading - Nothing has come yet.
 * @cssstate partial - Something is missing.
 * @cssstate stale - Some of it is from an earlier answer.
 * @cssstate empty - Every source answered, and there are no cases.
 * @cssstate ready - All is there.
 * @cssstate busy - Somebody is still being waited for.
 */
export class BspCaseList extends BspWindow<CaseListTexts, CaseListConfig, CaseListLocal> {
  static readonly version: string = kitVersion;
  static override styles = [windowStyles, tableStyles, markStyles, caseListStyles];

  protected override readonly definition: WindowDefinition<CaseListTexts, CaseListConfig> = {
    strings: caseListStrings,
    resources: [casesResource],
    config: caseListConfig,
  };

  #made: {readonly dependsOn: readonly unknown[]; readonly columns: ReturnType<typeof caseColumns>} | undefined;

  protected override createLocal(): CaseListLocal {
    const {filter, sort, pageSize} = this.settings;
    return {filter, text: '', source: '', sort: {key: sort, descending: sort === 'changed'}, limit: pageSize};
  }

  protected override resourceChanged(): void {
    if (!this.#windowed?.defers(this.viewOf(casesResource), () => this.requestUpdate())) this.requestUpdate();
  }

  protected override renderCount(): string {
    const cases = this.#cases;
    if (cases.length === 0) return '';
    const {formats} = this;
    const more = this.viewOf(casesResource).sources.some(({next}) => next !== undefined);
    return this.texts.count(
      formats.number(cases.filter((one) => !isClosedCase(one)).length),
      formats.number(cases.length),
      more,
    );
  }

  protected override renderTools(): unknown {
    const {items, sources} = this.viewOf(casesResource);
    if (items.length === 0 && this.state !== 'loading') return nothing;
    return html`<div class="tools">${this.#tools?.bar(sources)}</div>`;
  }

  protected override renderBody(): unknown {
    const {texts, local} = this;
    const {items, sources} = this.viewOf(casesResource);
    const cases = this.#cases;
    const matching = this.#matching();
    const rows = this.#windowed ? matching : matching.slice(0, local.limit);
    const apart = items.filter(isExistence).filter(({source}) => !local.source || local.source === source);
    const rest = matching.length - rows.length;
    // That there are no others is a claim, as emptiness is.
    const isAll =
      this.state === 'ready' &&
      apart.length === 0 &&
      !sources.some(({status, next}) => status === 'waiting' || next !== undefined);
    return html`${rows.length || apart.length ? this.#table(rows, apart) : nothing}${
      cases.length && rows.length === 0 ? this.#tools?.filteredAway(isAll ? cases.length : 0) : nothing
    }${this.showMore(Math.min(rest, this.settings.pageSize), texts.showMore, () =>
      this.setLocal({limit: local.limit + this.settings.pageSize}),
    )}`;
  }

  protected override renderSkeleton(): unknown {
    return html`${this.#table([], [])}${skeleton()}`;
  }

  protected override renderShown(): unknown {
    const matching = this.#matching().length;
    const {texts, formats, local} = this;
    return matching
      ? (this.#windowed?.shown() ??
          texts.shown(formats.number(Math.min(matching, local.limit)), formats.number(matching)))
      : nothing;
  }

  /** Only the rows in sight, where the config asks for it and the page has loaded what that needs. */
  get #windowed(): WindowedRows | undefined {
    const part = this.settings.rows === 'windowed' ? this.laterPart(loadWindowedRows) : undefined;
    return part?.windowedRowsOf(this, this.session, this.local, this.formats, this.textsOf(part.windowedStrings));
  }

  /** Filters and what says that they hide everything: loaded beside the first read, so that rows do not wait for them. */
  get #tools(): CaseListTools | undefined {
    const part = this.laterPart(loadTools);
    return (
      part &&
      new part.CaseListTools({
        texts: this.textsOf(part.caseListToolsStrings),
        formats: this.formats,
        local: this.local,
        choose: (change) => this.#choose(change),
      })
    );
  }

  get #arranged(): Arranged {
    const {items} = this.viewOf(casesResource);
    let known = arranged.get(items);
    if (!known) {
      known = {cases: items.filter((item: CaseItem): item is Case => !isExistence(item))};
      arranged.set(items, known);
    }
    return known;
  }

  get #cases(): readonly Case[] {
    return this.#arranged.cases;
  }

  /** Another choice starts on its first page. */
  #choose(change: Partial<CaseListLocal>): void {
    this.setLocal({...change, limit: this.settings.pageSize});
    const {texts, formats} = this;
    this.announce(texts.shown(formats.number(this.#matching().length), formats.number(this.#cases.length)));
  }

  #table(rows: readonly Case[], apart: readonly Existence[]): TemplateResult {
    const columns = this.#columns();
    const options: DataTableOptions<Case, CaseListConfig['sort']> = {
      label: [this.texts.title, this.person].filter(Boolean).join(', '),
      columns,
      rows,
      rowKey: ({ref}) => refKey(ref),
      onOpen: (one) => this.#open(one),
      sort: this.local.sort,
      onSort: (sort) => this.setLocal({sort}),
      descendingFirst: latestFirst,
      apart: apart.map(
        ({ask, source}) => html`<tr role="row" class="apart">
          <td role="cell" colspan=${columns.length - 1}>
            ${lockIcon()} ${this.texts.exists} <strong>${maskCprInText(ask.unit)}</strong>${
              ask.phone ? html`, <span class="nowrap">${ask.phone}</span>` : nothing
            }
          </td>
          <td role="cell">${this.sourceName(source)}</td>
        </tr>`,
      ),
    };
    return this.#windowed?.table(options) ?? dataTable(options);
  }

  /** The cases that the filters let through, sorted: once for each list and choice. */
  #matching(): readonly Case[] {
    const known = this.#arranged;
    const {local} = this;
    if (known.matching?.local !== local) {
      const {filter, text, source} = local;
      const passes = text ? this.laterPart(loadTools)?.textFilter(text, (id) => this.sourceName(id)) : undefined;
      const cases = this.#sorted().filter((one) => {
        if (filter !== 'all' && isClosedCase(one) !== (filter === 'closed')) return false;
        if (source && one.ref.source !== source) return false;
        return !passes || passes(one);
      });
      known.matching = {local, cases};
    }
    return known.matching?.cases ?? [];
  }

  /** All cases in the chosen order: what is filtered is not sorted again. */
  #sorted(): readonly Case[] {
    const known = this.#arranged;
    const {key, descending} = this.local.sort;
    const by = [key, descending, this.language];
    if (known.sorted?.by.join() !== by.join()) {
      const {compare} = new Intl.Collator(this.language, {numeric: true});
      const sortText: Record<Exclude<CaseListConfig['sort'], 'changed'>, (one: Case) => string> = {
        case: ({title}) => title,
        status: ({status: {phase, native}}) => `${phase ? casePhases.indexOf(phase) : 9} ${native}`,
        responsible: ({responsible}) => responsible?.name ?? '',
        source: ({ref}) => this.sourceName(ref.source),
      };
      const cases = known.cases
        .map((one) => ({one, by: key === 'changed' ? Date.parse(one.changedAt) : sortText[key](one)}))
        .sort(
          (first, second) =>
            (typeof first.by === 'number' ? first.by - Number(second.by) : compare(first.by, String(second.by))) *
            (descending ? -1 : 1),
        )
        .map(({one}) => one);
      known.sorted = {by, cases};
    }
    return known.sorted?.cases ?? [];
  }

  /** Anew only when something has changed that cells depend on besides their case. */
  #columns(): ReturnType<typeof caseColumns> {
    const {texts, formats, settings} = this;
    const names = new Map(this.viewOf(casesResource).sources.map(({id, name}) => [id, name]));
    const more = moreColumns.of?.(this, this.session, this.language) ?? [];
    const dependsOn = [texts, settings, formats.dayKey(new Date().toISOString()), String([...names]), more[0]];
    if (!this.#made || dependsOn.some((value, place) => value !== this.#made?.dependsOn[place])) {
      const sourceName = (id: string) => names.get(id) ?? id;
      this.#made = {
        dependsOn,
        columns: [...caseColumns({keys: settings.columns, texts, formats, sourceName}), ...more] as ReturnType<
          typeof caseColumns
        >,
      };
    }
    return this.#made.columns;
  }

  #open(one: Case): void {
    const detail: CaseOpenDetail = {ref: one.ref, case: one};
    this.dispatchEvent(new CustomEvent('bsp-case-open', {detail, bubbles: true, composed: true, cancelable: true}));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'bsp-case-list': BspCaseList;
  }
  interface HTMLElementEventMap {
    'bsp-case-open': CustomEvent<CaseOpenDetail>;
  }
}
