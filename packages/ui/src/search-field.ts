import {html, type TemplateResult} from 'lit';
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
