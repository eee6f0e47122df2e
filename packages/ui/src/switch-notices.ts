import {maskCprInText} from '@bsp/contract';
import type {Formats, Session, Translated} from '@bsp/core';
import {html, nothing, type TemplateResult} from 'lit';
import {notice} from './notice.js';
import type {PanelSourcesTexts} from './panel-sources.strings.js';
import {upperFirst} from './upper-first.js';

/** Programs say who they are and why they object: their text is nobody's to trust, and no longer than this. */
const longestSaying = 300;

const saying = (text: string): string => {
  const shown = maskCprInText(text).trim();
  return shown.length > longestSaying ? `${shown.slice(0, longestSaying)} …` : shown;
};

/**
 * That the glass was broken, and what a switch of persons has left behind: the window is pinned, the person was kept, a
 * program did not follow, another program has brought the person.
 */
export function switchNotices({session, pinned, person, texts, formats, onRejoin}: SwitchNotices): TemplateResult {
  const whom = person || texts.thePerson;
  const list = (names: readonly (string | undefined)[]): string =>
    formats.list([...new Set(names.map((name) => saying(name ?? '') || texts.aProgram))]);
  const programs = list(session.cutOff);
  // A pinned window stands alone, whatever the page is joined to.
  const bridges = pinned ? [] : session.bridges;
  const brought = list(bridges.flatMap(({broughtBy}) => broughtBy ?? []));
  const apart = list(bridges.flatMap((bridge) => bridge.apart));
  const follow = bridges.find((bridge) => bridge.follow)?.follow;
  return html`${session.glass ? notice('error', texts.glass(formats.time(session.glass.until))) : nothing}${
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
  }${programs && notice('warning', texts.cutOff(upperFirst(programs), whom))}${
    follow
      ? notice(
          'warning',
          texts.partedHere(whom),
          html`<button class="button" @click=${follow}>${texts.follow}</button>`,
        )
      : nothing
  }${apart && notice('warning', texts.partedFrom(upperFirst(apart), whom))}${
    brought && notice('info', texts.broughtBy(brought))
  }`;
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
