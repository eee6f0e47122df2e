import type {Case} from '@bsp/contract';
import type {Formats, SourceView, Translated} from '@bsp/core';
import {choiceField, emptyIcon, message, searchField, segmented, wordSearch} from '@bsp/ui';
import {html, type TemplateResult} from 'lit';
import type {CaseListLocal} from './bsp-case-list.js';
import type {CaseListFilter} from './case-list.config.js';
import type {CaseListToolsTexts} from './case-list-tools.strings.js';

export {controlStyles as styles} from '@bsp/ui';
export {caseListToolsStrings} from './case-list-tools.strings.js';

/** What {@link CaseListTools} works on. */
export interface CaseListToolsOptions {
  readonly texts: Translated<CaseListToolsTexts>;
  readonly formats: Formats;
  readonly local: CaseListLocal;
  readonly choose: (change: Partial<CaseListLocal>) => void;
}

/** Filters: by phase, by text, by source; and what says that they hide everything. One for each rendering. */
export class CaseListTools {
  readonly #options: CaseListToolsOptions;

  constructor(options: CaseListToolsOptions) {
    this.#options = options;
  }

  bar(sources: readonly SourceView[]): TemplateResult {
    const {texts, local, choose} = this.#options;
    const giving = sources
      .filter(({id, count}) => count > 0 || id === local.source)
      .map(({id, name}) => [id, name] as const);
    return html`${segmented<CaseListFilter>({
      name: 'filter',
      label: texts.phase,
      choices: (['open', 'closed', 'all'] as const).map((value) => ({value, text: texts[value]})),
      value: local.filter,
      onChoose: (filter) => choose({filter}),
    })}
    ${searchField(texts.filter, local.text, (text) => choose({text}))}
    ${choiceField(texts.filterSource, texts.allSources, giving, local.source, (source) => choose({source}))}`;
  }

  /** @param total - how many cases there are, all of them hidden by the filters; 0 where there may be more. */
  filteredAway(total: number): TemplateResult {
    const {texts, formats, local, choose} = this.#options;
    const onlyClosed = total && local.filter === 'open' && !local.text && !local.source;
    return message(
      emptyIcon(),
      onlyClosed ? texts.noOpen(formats.number(total)) : texts.filteredAway,
      html`<button class="button" @click=${() => choose({filter: 'all', text: '', source: ''})}>${texts.clear}</button>`,
    );
  }
}

/** Whether a case holds every word of a text somewhere in what its row shows. */
export function textFilter(text: string, sourceName: (id: string) => string): (one: Case) => boolean {
  const holds = wordSearch(text);
  return ({title, number, kle, responsible, status, ref}) => {
    const texts = [title, number, kle?.number, kle?.title, responsible?.name, responsible?.unit, status.native];
    return !holds || holds([...texts, sourceName(ref.source)]);
  };
}
