import type {OpeningOptions, Session, Translated} from '@bsp/core';
import {css, html, nothing, type TemplateResult} from 'lit';
import type {AccessTexts} from './access.strings.js';
import {closeDialog, dialog, dialogStyles} from './dialog.js';

export {accessStrings} from './access.strings.js';

/** What a user may ask for: more than they may see, or the same for a purpose. */
export type AccessKind = 'glass' | 'purpose';

/** What a window was asked for, and about whom. */
export interface Asked {
  readonly kind: AccessKind;
  readonly session: Session;
}

/** What the backend asks for at least. */
const shortestReason = 10;

/** How it stands with a question. */
interface Standing {
  /** Kept as what it is, not in words: the language may change, or come later than the fault. */
  fault: 'missing' | 'refused' | 'failed' | undefined;
  isOpening: boolean;
}

const standings = new WeakMap<Asked, Standing>();

/** See {@link accessDialog}. */
export interface AccessDialogOptions {
  readonly asked: Asked;
  /** Name and masked number. */
  readonly person: string;
  readonly texts: Translated<AccessTexts>;
  /** Renders the window again. */
  readonly changed: () => void;
  readonly onClose: () => void;
}

/** Asks for a reason, or a purpose, and opens the same person again with it. */
export function accessDialog({asked, person, texts, changed, onClose}: AccessDialogOptions): TemplateResult {
  const {kind, session} = asked;
  const standing = standings.get(asked) ?? {fault: undefined, isOpening: false};
  standings.set(asked, standing);
  const {isOpening} = standing;
  const isGlass = kind === 'glass';
  const fault = standing.fault && faultText(standing.fault, isGlass, texts);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (standing.isOpening) return;
    const form = event.currentTarget as HTMLFormElement;
    const field = form.querySelector<HTMLTextAreaElement | HTMLSelectElement>('#access-field');
    const value = field?.value.trim() ?? '';
    const isMissing = value.length < (isGlass ? shortestReason : 1);
    standing.fault = isMissing ? 'missing' : undefined;
    standing.isOpening = !isMissing;
    changed();
    if (isMissing) return field?.focus();
    const options: OpeningOptions = isGlass ? {breakGlass: true, reason: value} : {purpose: value};
    const problem = await session.renew(options);
    standing.isOpening = false;
    standing.fault = problem && (problem.status < 500 ? 'refused' : 'failed');
    if (!problem) closeDialog(form);
    changed();
  };
  return dialog({
    heading: isGlass ? texts.glassHeading : texts.purposeHeading,
    person,
    body: html`<form id="access" novalidate @submit=${submit}>
      ${isGlass ? glassWords(session, texts) : html`<p>${texts.purposeWhat}</p>`}
      <label for="access-field">${isGlass ? texts.reason : texts.purpose}</label>
      ${isGlass ? reasonField(fault) : purposeField(session, texts, fault)}
      <p id="access-fault" role="alert">
        ${fault && html`<span class="unseen">${person}: </span>${fault}`}
      </p>
    </form>`,
    actions: html`<button class="button" @click=${({currentTarget}: Event) => closeDialog(currentTarget as Element)}>
        ${texts.cancel}</button
      ><button class="button primary" form="access" aria-disabled=${isOpening ? 'true' : nothing}>
        ${isOpening ? texts.opening : isGlass ? texts.breakGlass : texts.openFor}
      </button>`,
    onClose,
  });
}

function faultText(fault: NonNullable<Standing['fault']>, isGlass: boolean, texts: Translated<AccessTexts>): string {
  if (fault !== 'missing') return texts[fault];
  return isGlass ? texts.reasonMissing(shortestReason) : texts.purposeMissing;
}

const glassWords = ({me}: Session, texts: Translated<AccessTexts>): TemplateResult =>
  html`<p>${texts.glassWhat(me?.breakGlass?.minutes)}</p>
    <p>${texts.glassTold(me?.breakGlass?.told)}</p>`;

const reasonField = (fault: string | undefined): TemplateResult =>
  html`<textarea
    id="access-field"
    rows="3"
    maxlength="2000"
    autocomplete="off"
    aria-required="true"
    aria-invalid=${fault ? 'true' : nothing}
    aria-describedby="access-fault"
  ></textarea>`;

const purposeField = ({me}: Session, texts: Translated<AccessTexts>, fault: string | undefined): TemplateResult =>
  html`<select
    id="access-field"
    aria-required="true"
    aria-invalid=${fault ? 'true' : nothing}
    aria-describedby="access-fault"
  >
    <option value="">${texts.purposeMissing}</option>
    ${me?.purposes.map(({id, label}) => html`<option value=${id}>${label}</option>`)}
  </select>`;

/** For {@link accessDialog}. */
export const styles = css`
  ${dialogStyles}
  #access {
    display: grid;
    gap: var(--_y);
  }
  #access > label {
    font-weight: 600;
  }
  #access-field {
    inline-size: 100%;
    min-block-size: var(--_control-height);
    padding: 6px 8px;
    font: inherit;
    color: inherit;
    background: var(--_surface);
    border: 1px solid var(--_control);
    border-radius: var(--_radius);
  }
  #access-fault {
    min-block-size: 1lh;
    color: var(--_error);
  }
`;
