import {type Case, maskCprInText} from '@bsp/contract';
import type {SourceView, Translated} from '@bsp/core';
import {searchField, segmented} from '@bsp/ui';
import {html, nothing, type TemplateResult} from 'lit';
import {live} from 'lit/directives/live.js';
import {repeat} from 'lit/directives/repeat.js';
import type {CaseListLocal} from './bsp-case-list.js';
import type {CaseListFilter} from './case-list.config.js';
import type {CaseListTexts} from './case-list.strings.js';

export {controlStyles as styles} from '@bsp/ui';

/** See {@link caseListTools}. */
export interface CaseListToolsOptions {
  readonly texts: Translated<CaseListTexts>;
  readonly local: CaseListLocal;
  readonly sources: readonly SourceView[];
  readonly choose: (change: Partial<CaseListLocal>) => void;
}

/** Filters: by phase, by text, by source. Loaded beside the first read, so that rows do not wait for them. */
export function caseListTools({texts, local, sources, choose}: CaseListToolsOptions): TemplateResult {
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
