import {maskCprInText} from '@bsp/contract';
import type {Formats, Session, Translated} from '@bsp/core';
import {closeDialog, closeIcon, dialog, dialogStyles, lateWindowStyles, notice} from '@bsp/ui';
import {html, type TemplateResult} from 'lit';
import type {IdleTexts} from './idle.strings.js';

export {idleStrings} from './idle.strings.js';

/** Style sheets of what `<bsp-idle>` says. */
export const styles = [lateWindowStyles, dialogStyles];

/** The question whether the user is there. */
export function question(options: {
  readonly session: Session | undefined;
  readonly texts: Translated<IdleTexts>;
  /** How long there is in all, and how long there still is. */
  readonly warnMs: number;
  readonly leftMs: number;
  /** Whether what is begun is kept; undefined where nothing is written. */
  readonly drafts: boolean | undefined;
  readonly onStay: () => void;
  readonly onClose: () => void;
}): TemplateResult {
  const {session, texts, warnMs, leftMs, drafts, onStay, onClose} = options;
  const name = maskCprInText(session?.name ?? texts.thePerson);
  const warning = (ms: number) => texts.warning(String(Math.max(0, Math.ceil(ms / 1000))), name, drafts);
  return dialog({
    heading: texts.heading,
    person: maskCprInText([session?.name, session?.subject?.masked].filter(Boolean).join(', ')),
    // A screen reader hears how long there is when it is asked, and not every second.
    body: html`<span aria-hidden="true">${warning(leftMs)}</span><span class="unseen">${warning(warnMs)}</span>`,
    actions: html`<button class="button" @click=${onClose}>${texts.closeNow}</button
      ><button
        class="button primary"
        @click=${({currentTarget}: Event) => closeDialog(currentTarget as Element)}
      >
        ${texts.stay}
      </button>`,
    onClose: onStay,
  });
}

/** Why nobody is open any more. */
export const closedNotice = ({
  at,
  drafts,
  texts,
  formats,
  onDismiss,
}: {
  readonly at: string;
  readonly drafts: boolean | undefined;
  readonly texts: Translated<IdleTexts>;
  readonly formats: Formats;
  readonly onDismiss: () => void;
}): TemplateResult =>
  notice(
    'info',
    texts.closed(formats.time(at), drafts),
    html`<button class="quiet" aria-label=${texts.dismiss} @click=${onDismiss}>${closeIcon()}</button>`,
  );
