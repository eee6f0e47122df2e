import {html, type TemplateResult} from 'lit';

/** Placeholder rows with the height of the two-line rows that come. */
export const skeleton = (rows = 4): TemplateResult =>
  html`<div aria-hidden="true">${Array.from(
    {length: rows},
    () => html`<div class="skeleton"><i></i><i></i></div>`,
  )}</div>`;
