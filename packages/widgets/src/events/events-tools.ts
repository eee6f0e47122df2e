import {type EventRecord, refKey} from '@bsp/contract';
import type {Formats, Translated} from '@bsp/core';
import {emptyIcon, message, segmented} from '@bsp/ui';
import {html, type TemplateResult} from 'lit';
import type {EventsLocal} from './bsp-events.js';
import {newestFirst} from './event-groups.js';
import type {EventsFilter} from './events.config.js';
import type {EventsToolsTexts} from './events-tools.strings.js';

export {controlStyles as styles} from '@bsp/ui';
export {eventsToolsStrings} from './events-tools.strings.js';

/** What {@link EventsTools} works on. */
export interface EventsToolsOptions {
  readonly texts: Translated<EventsToolsTexts>;
  readonly formats: Formats;
  readonly choose: (filter: EventsFilter) => void;
}

/** What first rows of the events do not need: filters, the live mark, and what tells new events from old ones. */
export class EventsTools {
  readonly #options: EventsToolsOptions;

  constructor(options: EventsToolsOptions) {
    this.#options = options;
  }

  /** Whether events come as they happen. */
  live(live: boolean): TemplateResult {
    const {texts} = this.#options;
    return live
      ? html`<span class="live"><i class="dot"></i>${texts.live}</span>`
      : html`<span class="live" title=${texts.notLiveWhy}><i class="dot waiting"></i>${texts.notLive}</span>`;
  }

  filters(value: EventsFilter): TemplateResult {
    const {texts, choose} = this.#options;
    const choices = (['all', 'new', 'open'] as const).map((one) => ({value: one, text: texts[one]}));
    return segmented<EventsFilter>({name: 'filter', label: texts.which, choices, value, onChoose: choose});
  }

  /** Shows and hides the earlier events about the same thing. */
  fold(earlier: number, unfolded: boolean, toggle: () => void): TemplateResult {
    const {texts, formats} = this.#options;
    return html`<button class="link small" aria-expanded=${unfolded ? 'true' : 'false'} @click=${toggle}>
      ${unfolded ? texts.hideEarlier : texts.earlier(formats.number(earlier))}
    </button>`;
  }

  filteredAway(): TemplateResult {
    const {texts, choose} = this.#options;
    return message(
      emptyIcon(),
      texts.filteredAway,
      html`<button class="button" @click=${() => choose('all')}>${texts.clear}</button>`,
    );
  }

  /** Announces an event that has just come. */
  arrived(title: string): string {
    return this.#options.texts.arrived(title);
  }

  /**
   * What has come since the last look: the events known from now on, those that came unseen, and, unless it is the first
   * look, the newest of them, to be announced. Undefined when nothing has come.
   */
  newsOf(
    events: readonly EventRecord[],
    {known, fresh}: Pick<EventsLocal, 'known' | 'fresh'>,
  ): (Pick<EventsLocal, 'known' | 'fresh'> & {newest: EventRecord | undefined}) | undefined {
    const arrived = events.filter(({ref}) => !known?.has(refKey(ref)));
    if (known && arrived.length === 0) return undefined;
    const unseen = arrived.filter(({seenAt}) => !seenAt);
    return {
      known: new Set([...(known ?? []), ...arrived.map(({ref}) => refKey(ref))]),
      fresh: new Set([...fresh, ...unseen.map(({ref}) => refKey(ref))]),
      newest: known && newestFirst(unseen)[0],
    };
  }
}
