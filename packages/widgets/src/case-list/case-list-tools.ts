import {type Case, maskCprInText} from '@bsp/contract';
import type {Formats, SourceView, Translated} from '@bsp/core';
import {emptyIcon, message, searchField, segmented} from '@bsp/ui';
import {html, nothing, type TemplateResult} from 'lit';
import {live} from 'lit/directives/live.js';
import {repeat} from 'lit/directives/repeat.js';
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
    const giving = sources.filter(({id, count}) => count > 0 || id === local.source);
    return html`${segmented<CaseListFilter>({
      name: 'filter',
      label: texts.phase,
      choices: (['open', 'closed', 'all'] as const).map((value) => ({value, text: texts[value]})),
      value: local.filter,
      onChoose: (filter) => choose({filter}),
    })}
    ${searchField(texts.filter, local.text, (text) => choose({text}))}
    ${
      giving.length > 1
        ? html`<select
            aria-label=${texts.filterSource}
            .value=${live(local.source)}
            @change=${(event: Event) => choose({source: (event.target as HTMLSelectElement).value})}
          >
            <option value="">${texts.allSources}</option>
            ${repeat(
              giving,
              ({id}) => id,
              ({id, name}) => html`<option value=${id}>${name}</option>`,
            )}
          </select>`
        : nothing
    }`;
  }

  /** @param total - how many cases the filters hide. */
  filteredAway(total: number): TemplateResult {
    const {texts, formats, local, choose} = this.#options;
    const onlyClosed = local.filter === 'open' && !local.text && !local.source;
    return message(
      emptyIcon(),
      texts[onlyClosed ? 'noOpen' : 'filteredAway'](formats.number(total)),
      html`<button class="button" @click=${() => choose({filter: 'all', text: '', source: ''})}>${texts.clear}</button>`,
    );
  }
}

const fold = (value: string): string => value.normalize('NFC').toLocaleLowerCase('da');

/** Whether a case holds every word of a text somewhere in what its row shows. */
export function textFilter(text: string, sourceName: (id: string) => string): (one: Case) => boolean {
  const words = fold(text).split(/\s+/).filter(Boolean);
  if (words.length === 0) return () => true;
  return ({title, number, kle, responsible, status, ref}) => {
    const texts = [title, number, kle?.number, kle?.title, responsible?.name, responsible?.unit, status.native];
    const searched = fold(maskCprInText([...texts, sourceName(ref.source)].join('\n')));
    return words.every((word) => searched.includes(word));
  };
}
