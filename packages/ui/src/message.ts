import {html, type TemplateResult} from 'lit';

/** What stands in a body that has no rows: why, and a next step where there is one. */
export const message = (icon: unknown, text: unknown, action?: unknown): TemplateResult =>
  html`<div class="message">${icon}<p>${text}</p>${action}</div>`;
