import {maskCprInText} from '@bsp/contract';
import type {Formats, Session, Translated} from '@bsp/core';
import {html, nothing, type TemplateResult} from 'lit';
import {notice} from './notice.js';
import type {PanelSourcesTexts} from './panel-sources.strings.js';

/** Programs say who they are and why they object: their text is nobody's to trust, and no longer than this. */
const longestSaying = 300;

const saying = (text: string): string => {
  const shown = maskCprInText(text).trim();
  return shown.length > longestSaying ? `${shown.slice(0, longestSaying)} …` : shown;
};

/** What a switch of persons has left behind: the window is pinned, the person was kept, a program did not follow. */
export function switchNotices({session, pinned, person, texts, formats, onRejoin}: SwitchNotices): TemplateResult {
  const whom = person || texts.thePerson;
  const programs = formats.list([...new Set(session.cutOff.map((program) => saying(program ?? '') || texts.aProgram))]);
  return html`${
    pinned
      ? notice(
          'warning',
          html`<strong>${texts.pinnedTo(whom)}.</strong> ${texts.pinnedApart}`,
          html`<button class="button" id="rejoin" @click=${onRejoin}>${texts.rejoin}</button>`,
        )
      : nothing
  }${
    session.kept
      ? notice(
          'error',
          html`<p>${texts.kept(whom)}</p>${session.objections.map(({program = '', reason = ''}) => {
            const [who, why] = [saying(program), saying(reason)];
            return who || why
              ? html`<p dir="auto">${why ? [who, why].filter(Boolean).join(': ') : texts.objects(who)}</p>`
              : nothing;
          })}`,
        )
      : nothing
  }${programs && notice('warning', texts.cutOff(programs.charAt(0).toUpperCase() + programs.slice(1), whom))}`;
}

/** See {@link switchNotices}. */
export interface SwitchNotices {
  readonly session: Session;
  /** The window keeps its person, whoever the page is about. */
  readonly pinned: boolean;
  /** Name and masked number; empty while neither is known. */
  readonly person: string;
  readonly texts: Translated<PanelSourcesTexts>;
  readonly formats: Formats;
  readonly onRejoin: () => void;
}
