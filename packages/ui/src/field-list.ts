import {html, nothing, type TemplateResult} from 'lit';

/** One field; left out when its value is undefined. */
export interface Field {
  readonly label: string;
  readonly value: unknown;
}

/** Labels and values as a definition list. */
export const fieldList = (fields: readonly Field[]): TemplateResult =>
  html`<dl class="fields">${fields.map(({label, value}) =>
    value === undefined ? nothing : html`<dt>${label}</dt><dd>${value}</dd>`,
  )}</dl>`;
