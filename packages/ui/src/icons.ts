import {html, type TemplateResult} from 'lit';

/** An icon of 16 × 16, drawn in the text's colour and hidden from assistive technology: a word stands beside it. */
export const icon = (path: string): TemplateResult =>
  html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d=${path}></path></svg>`;

export const reloadIcon = (): TemplateResult => icon('M13.2 8a5.2 5.2 0 1 1-1.6-3.7L13.3 6M13.3 2.6V6H9.9');
export const warningIcon = (): TemplateResult => icon('M8 2.2 14.6 13.6H1.4ZM8 6.4v3.4M8 11.7v.1');
export const infoIcon = (): TemplateResult => icon('M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8ZM8 7.4v3.6M8 5v.1');
export const lockIcon = (): TemplateResult => icon('M3.5 7.2h9v6.3h-9ZM5.4 7.2V5a2.6 2.6 0 0 1 5.2 0v2.2');
export const arrowUpIcon = (): TemplateResult => icon('M8 13.4V3M3.8 7 8 2.8 12.2 7');
export const arrowDownIcon = (): TemplateResult => icon('M8 2.6V13M3.8 9 8 13.2 12.2 9');
export const personIcon = (): TemplateResult =>
  icon('M8 2.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6ZM2.6 13.8a5.4 4.6 0 0 1 10.8 0');
export const emptyIcon = (): TemplateResult => icon('M1.8 9.2h3.6l1 2h3.2l1-2h3.6M1.8 9.2 4 3.2h8l2.2 6v4.2H1.8Z');
