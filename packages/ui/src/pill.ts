import {html, type TemplateResult} from 'lit';

/** What a pill's colour says; `unknown` is a dashed outline. The text always says the same in words. */
export type PillKind = 'neutral' | 'accent' | 'ok' | 'warning' | 'error' | 'unknown';

/** A short status in words. */
export const pill = (kind: PillKind, text: string): TemplateResult => html`<span class="pill ${kind}">${text}</span>`;
