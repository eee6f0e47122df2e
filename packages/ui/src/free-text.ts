import {maskCprInText} from '@bsp/contract';
import {html, type TemplateResult} from 'lit';

/** A text of several lines as a source wrote it: line breaks kept, CPR numbers masked, everything else shown as text. */
export const freeText = (text: string): TemplateResult => html`<div class="text">${maskCprInText(text)}</div>`;
