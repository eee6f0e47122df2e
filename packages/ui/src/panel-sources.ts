import type {Formats, Translated, WindowState} from '@bsp/core';
import {html, nothing, type TemplateResult} from 'lit';
import type {AskedSource} from './asked-source.js';
import {succeed} from './keep-focus.js';
import type {PanelTexts} from './panel.strings.js';
import type {PanelSourcesTexts} from './panel-sources.strings.js';

export {keepFocus} from './keep-focus.js';
export {lateWindowStyles as styles} from './late-window.styles.js';
export {panelSourcesStrings} from './panel-sources.strings.js';
export {detailsStrings, openSourceDetails, sourceDetails} from './source-details.js';
export {switchNotices} from './switch-notices.js';

/** Data this much older than another source's is told. */
const olderMs = 600_000;

/** The button beside the heading that says how many sources have answered; it opens {@link SourceStateOptions.details}. */
export function sourceState({asked, texts, details, onOpen}: SourceStateOptions): TemplateResult {
  const waiting = asked.filter(({source}) => source.status === 'waiting').length;
  const answered = asked.filter(({source}) => source.status === 'ok').length;
  const one = asked.length === 1 ? asked[0]?.source.name : undefined;
  const text = waiting
    ? one
      ? texts.waitingFor(one)
      : texts.sourcesWaiting(waiting, asked.length)
    : (one ?? texts.sourcesAnswered(answered, asked.length));
  const dot = waiting ? 'waiting' : answered === asked.length ? '' : answered ? 'some' : 'none';
  // Not the engine's doing: it would close what is open by the time that the click has run its course.
  const open = (event: Event) => {
    event.preventDefault();
    onOpen();
  };
  return html`<button
      class="quiet"
      id="sources"
      aria-haspopup="dialog"
      aria-expanded=${details ? 'true' : 'false'}
      popovertarget=${details ? 'source-details' : nothing}
      @click=${details ? nothing : open}
    >
      <i class="dot ${dot}"></i>${text}</button
    >${details}`;
}

/** What the live region says: whose window it is, and what its body and notices show. */
export function standing({
  asked,
  busy,
  count,
  formats,
  hasItems,
  items,
  panel,
  pinned,
  saying,
  state,
  texts,
  title,
}: Standing): string {
  const wrong = asked.flatMap(({source: {status, name, invalid}}) => (status === 'ok' && !invalid ? [] : name));
  const answered = asked.filter(({source}) => source.status === 'ok').length;
  const how = () => {
    if (state === 'loading' || (busy && state !== 'offline')) return texts.loading(items);
    if (state === 'empty') return panel.empty(items, answered);
    if (!hasItems) return saying ?? panel.failed(items);
    return [count, wrong.length ? panel.incomplete(formats.list(wrong)) : texts.sourcesAnswered(answered, asked.length)]
      .filter(Boolean)
      .join('. ');
  };
  return `${title}: ${pinned ? `${texts.pinned}. ` : ''}${how()}`;
}

/** See {@link standing}. */
export interface Standing {
  readonly asked: readonly AskedSource[];
  /** Somebody is being waited for. */
  readonly busy: boolean;
  /** The words beside the heading. */
  readonly count: string;
  readonly formats: Formats;
  readonly hasItems: boolean;
  /** The window's plural noun. */
  readonly items: string;
  readonly panel: Translated<PanelTexts>;
  /** The window keeps its person, whoever the page is about. */
  readonly pinned: boolean;
  /** What the body says that has nothing to show, once the words are there. */
  readonly saying: string | undefined;
  readonly state: WindowState;
  readonly texts: Translated<PanelSourcesTexts>;
  /** The window's title and its person. */
  readonly title: string;
}

/** See {@link sourceState}. */
export interface SourceStateOptions {
  readonly asked: readonly AskedSource[];
  readonly texts: Translated<PanelSourcesTexts>;
  /** The list of sources; undefined while it is closed. */
  readonly details: unknown;
  readonly onOpen: () => void;
}

/** Below the body: buttons for what sources still hold, how much is shown, and how new it is. Loaded after first rows. */
export function panelFoot({
  asked,
  texts,
  formats,
  shown,
}: {
  readonly asked: readonly AskedSource[];
  readonly texts: Translated<PanelSourcesTexts>;
  readonly formats: Formats;
  readonly shown: unknown;
}): TemplateResult {
  return html`${moreButtons(asked, texts)}${foot(asked, texts, formats, shown)}`;
}

/** A button that shows more of what is there; when that is all, the focus goes to the first that came. */
export const moreButton = (text: string, show: () => void): TemplateResult =>
  html`<div class="more"><button class="button" @click=${({currentTarget}: Event) => {
    const button = currentTarget as HTMLElement;
    const body = button.closest('.body');
    const rows = () => body?.querySelectorAll<HTMLElement>('tbody > tr:not(.apart), section > ol > li');
    const shown = rows()?.length ?? 0;
    succeed(button, () => {
      const first = rows()?.[shown];
      return first?.querySelector('button') ?? first;
    });
    show();
  }}>${text}</button></div>`;

function moreButtons(asked: readonly AskedSource[], texts: Translated<PanelSourcesTexts>): unknown {
  const open = asked.filter(({source}) => source.next !== undefined);
  if (open.length === 0) return nothing;
  return html`<div class="more">${open.map(
    ({source, store}) =>
      html`<button
        class="button"
        aria-disabled=${source.refreshing ? 'true' : nothing}
        @click=${() => source.refreshing || store.more(source.id)}
      >
        ${texts.more(source.name)}
      </button>`,
  )}</div>`;
}

function foot(
  asked: readonly AskedSource[],
  texts: Translated<PanelSourcesTexts>,
  formats: Formats,
  shown: unknown,
): unknown {
  const times = asked
    .flatMap(({source: {asOf, name, status, stale}}) =>
      asOf && (status === 'ok' || stale) ? {asOf, name, at: Date.parse(asOf)} : [],
    )
    .sort((one, other) => one.at - other.at);
  const oldest = times[0];
  const newest = times.at(-1);
  if (!oldest || !newest) return nothing;
  const waiting = asked.flatMap(({source}) => (source.status === 'waiting' ? source.name : []));
  const near = formats.dayKey(newest.asOf) === formats.dayKey(new Date().toISOString());
  const waitingFor = waiting.length && ` ·\u00a0${texts.waitingFor(formats.list(waiting))}`;
  const older =
    newest.at - oldest.at > olderMs && `${texts.olderData(oldest.name, formats.recent(oldest.asOf))} ·\u00a0`;
  return html`<div class="foot" part="foot"><span>${shown}${waitingFor || nothing}</span><span
      >${older || nothing}${texts.updated(near ? formats.timeWithSeconds(newest.asOf) : formats.recent(newest.asOf))}</span
    ></div>`;
}
