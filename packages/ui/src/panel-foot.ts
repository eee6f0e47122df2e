import type {Formats, Translated} from '@bsp/core';
import {html, nothing, type TemplateResult} from 'lit';
import type {AskedSource} from './asked-source.js';
import type {PanelTexts} from './panel.strings.js';

/** Data this much older than another source's is told. */
const olderMs = 600_000;

/** Below the body: buttons for what sources still hold, how much is shown, and how new it is. Loaded after first rows. */
export function panelFoot({
  asked,
  texts,
  formats,
  shown,
}: {
  readonly asked: readonly AskedSource[];
  readonly texts: Translated<PanelTexts>;
  readonly formats: Formats;
  readonly shown: unknown;
}): TemplateResult {
  return html`${moreButtons(asked, texts)}${foot(asked, texts, formats, shown)}`;
}

function moreButtons(asked: readonly AskedSource[], texts: Translated<PanelTexts>): unknown {
  const open = asked.filter(({source}) => source.next !== undefined);
  if (open.length === 0) return nothing;
  return html`<div class="more">${open.map(
    ({source, store}) =>
      html`<button class="button" ?disabled=${source.refreshing} @click=${() => store.more(source.id)}>
        ${texts.more(source.name)}
      </button>`,
  )}</div>`;
}

function foot(asked: readonly AskedSource[], texts: Translated<PanelTexts>, formats: Formats, shown: unknown): unknown {
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
  const waitingFor = waiting.length && ` · ${texts.waitingFor(formats.list(waiting))}`;
  const older = newest.at - oldest.at > olderMs && `${texts.olderData(oldest.name, formats.recent(oldest.asOf))} · `;
  return html`<footer class="foot" part="foot"><span>${shown}${waitingFor || nothing}</span><span
      >${older || nothing}${texts.updated(near ? formats.timeWithSeconds(newest.asOf) : formats.recent(newest.asOf))}</span
    ></footer>`;
}
