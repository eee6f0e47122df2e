import {maskCprInText} from '@bsp/contract';
import {html, nothing, type TemplateResult} from 'lit';
import {live} from 'lit/directives/live.js';
import {searchIcon} from './late-icons.js';

/** A filter as one types. Needs {@link controlStyles}. */
export const searchField = (label: string, value: string, onInput: (text: string) => void): TemplateResult =>
  html`<label class="field search">${searchIcon()}<input
      type="search"
      aria-label=${label}
      placeholder=${label}
      autocomplete="off"
      .value=${value}
      @input=${(event: Event) => onInput((event.target as HTMLInputElement).value)}
  /></label>`;

/** One of several, or all: `''`. Nothing where there is no choice. */
export const choiceField = (
  label: string,
  all: string,
  choices: readonly (readonly [value: string, text: string])[],
  chosen: string,
  onChoose: (value: string) => void,
): unknown =>
  choices.length > 1
    ? html`<select
        aria-label=${label}
        @change=${(event: Event) => onChoose((event.target as HTMLSelectElement).value)}
      >
        <option value="" .selected=${live(chosen === '')}>${all}</option>
        ${choices.map(
          ([value, text]) => html`<option value=${value} .selected=${live(chosen === value)}>${text}</option>`,
        )}
      </select>`
    : nothing;

const fold = (text: string): string => text.normalize('NFC').toLocaleLowerCase('da');

/** Whether texts hold every word of what was typed; undefined where nothing was. */
export function wordSearch(typed: string): ((texts: readonly unknown[]) => boolean) | undefined {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  if (words.length === 0) return undefined;
  return (texts) => {
    const searched = fold(maskCprInText(texts.join('\n')));
    return words.every((word) => searched.includes(word));
  };
}
