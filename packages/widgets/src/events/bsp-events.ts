import {type EventRecord, eventsResource, maskCprInText, type RecordRef, refKey} from '@bsp/contract';
import {kitVersion} from '@bsp/core';
import {
  BspWindow,
  freeText,
  type PillKind,
  pill,
  timeline,
  timelineStyles,
  type WindowDefinition,
  windowStyles,
} from '@bsp/ui';
import {html, nothing, type PropertyValues, type TemplateResult} from 'lit';
import type {CaseOpenDetail} from '../case-list/bsp-case-list.js';
import {eventsStyles} from './bsp-events.styles.js';
import {type EventGroup, groupsOf, newestFirst} from './event-groups.js';
import type {EventMarks} from './event-marks.js';
import {type EventsConfig, type EventsFilter, eventsConfig} from './events.config.js';
import {type EventsTexts, eventsStrings} from './events.strings.js';
import type {EventsTools} from './events-tools.js';

const loadTools = () => import('./events-tools.js');
const loadMarks = () => import('./event-marks.js');

/** What the caseworker has chosen about one person's events. */
export interface EventsLocal {
  filter: EventsFilter;
  /** Groups whose earlier events are unfolded. */
  unfolded: ReadonlySet<string>;
  limit: number;
  /** Events that were unseen when they came: they stay highlighted while this person is open. */
  fresh: ReadonlySet<string>;
  /** Events that have been on the list before; undefined until the first answer is complete. */
  known: ReadonlySet<string> | undefined;
  /** What the user may do with the events; undefined until it is loaded, and where there is nothing that they may do. */
  marks: EventMarks | undefined;
}

/**
 * What has happened about a person in all connected systems, newest first, as it happens. Events about the same thing stand
 * together; seen, acknowledged and done are three different things.
 *
 * @tag bsp-events
 * @summary Events about a person, live, from all connected systems.
 *
 * @fires {CustomEvent<CaseOpenDetail>} bsp-case-open - The caseworker chose the case that an event belongs to. Composed and cancelable; navigation is the host's.
 * @fires {CustomEvent<ConfigErrorDetail>} bsp-config-error - The config has values that cannot be used.
 *
 * @slot actions - The host's own buttons, at the right of the header.
 *
 * @csspart panel - The whole panel.
 * @csspart header - Title, count, actions.
 * @csspart title - The heading.
 * @csspart count - The count beside the heading.
 * @csspart actions - Live mark, sources, reload and the host's buttons.
 * @csspart notice - A line that says what is missing.
 * @csspart body - The events, or what stands in their place.
 * @csspart foot - How much is shown, and how new it is.
 *
 * @keyboard Enter / Space - On a case: opens it. On what is folded: unfolds it. On acknowledge or done: marks the event.
 * @keyboard Arrow keys - In the filter: choose open, new or all.
 *
 * @cssstate no-subject - Nobody is chosen.
 * @cssstate unsupported - No connected system has events.
 * @cssstate offline - The browser has no connection.
 * @cssstate forbidden - The user may not see events.
 * @cssstate error - No source answered.
 * @cssstate loading - Nothing has come yet.
 * @cssstate partial - Something is missing.
 * @cssstate stale - Some of it is from an earlier answer.
 * @cssstate empty - Every source answered, and there are no events.
 * @cssstate ready - All is there.
 * @cssstate busy - Somebody is still being waited for.
 */
export class BspEvents extends BspWindow<EventsTexts, EventsConfig, EventsLocal> {
  static readonly version: string = kitVersion;
  static override styles = [windowStyles, timelineStyles, eventsStyles];

  protected override readonly definition: WindowDefinition<EventsTexts, EventsConfig> = {
    strings: eventsStrings,
    resources: [eventsResource],
    config: eventsConfig,
  };

  protected override createLocal(): EventsLocal {
    return {
      filter: this.settings.filter,
      unfolded: new Set(),
      limit: this.settings.pageSize,
      fresh: new Set(),
      known: undefined,
      marks: undefined,
    };
  }

  protected override renderCount(): string {
    const events = this.#events;
    const unseen = events.filter((event) => !event.seenAt).length;
    return events.length ? this.texts.count(this.formats.number(unseen), this.formats.number(events.length)) : '';
  }

  protected override renderActions(): unknown {
    const {session} = this;
    return session?.me?.capabilities.includes('live') && this.state !== 'unsupported'
      ? this.#tools?.live(session.live)
      : nothing;
  }

  protected override renderTools(): unknown {
    const events = this.#events;
    if (events.length === 0 && this.state !== 'loading') return nothing;
    const {local} = this;
    return html`<div class="tools">${this.#tools?.filters(local.filter)}${local.marks?.seenButton(events)}</div>`;
  }

  protected override renderBody(): unknown {
    const {texts, local, formats} = this;
    const matching = this.#matching();
    const rest = matching.length - local.limit;
    if (matching.length === 0) return this.#tools?.filteredAway();
    return html`${timeline<EventGroup>({
      items: matching.slice(0, local.limit),
      at: ({newest}) => newest.occurredAt,
      itemKey: ({key}) => key,
      entry: (group) => this.#group(group),
      entryClass: ({newest, earlier}) =>
        [newest, ...earlier].some((event) => this.#isFresh(event)) ? 'new' : newest.done ? 'finished' : '',
      formats,
      headingLevel: this.headingLevel + 1,
    })}${this.showMore(Math.min(rest, this.settings.pageSize), texts.showMore, () =>
      this.setLocal({limit: local.limit + this.settings.pageSize}),
    )}`;
  }

  protected override renderShown(): unknown {
    const shown = this.#matching()
      .slice(0, this.local.limit)
      .reduce((sum, {earlier}) => sum + 1 + earlier.length, 0);
    const {formats} = this;
    return shown ? this.texts.shown(formats.number(shown), formats.number(this.#events.length)) : nothing;
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    this.#notice();
    if (!this.local.marks) this.#begin();
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (this.local.marks) this.#watch();
  }

  get #tools(): EventsTools | undefined {
    const part = this.laterPart(loadTools);
    return (
      part &&
      new part.EventsTools({
        texts: this.textsOf(part.eventsToolsStrings),
        formats: this.formats,
        choose: (filter) => this.#choose(filter),
      })
    );
  }

  get #events(): readonly EventRecord[] {
    return this.viewOf(eventsResource).items;
  }

  #isFresh(event: EventRecord): boolean {
    return !event.seenAt || this.local.fresh.has(refKey(event.ref));
  }

  #matching(): EventGroup[] {
    const {filter} = this.local;
    return groupsOf(
      newestFirst(this.#events).filter((event) =>
        filter === 'all' ? true : filter === 'new' ? this.#isFresh(event) : !event.done,
      ),
      this.settings.group,
    );
  }

  #choose(filter: EventsFilter): void {
    this.setLocal({filter, limit: this.settings.pageSize});
    const {texts, formats} = this;
    const shown = this.#matching().reduce((sum, {earlier}) => sum + 1 + earlier.length, 0);
    this.announce(texts.shown(formats.number(shown), formats.number(this.#events.length)));
  }

  #title(event: EventRecord): string {
    return maskCprInText(event.title).trim() || this.texts.untitled;
  }

  #group({key, newest, earlier}: EventGroup): TemplateResult {
    const {local, formats} = this;
    const unfolded = local.unfolded.has(key);
    const fold = earlier.length
      ? (this.#tools?.fold(earlier.length, unfolded, () => {
          const next = new Set(local.unfolded);
          if (!next.delete(key)) next.add(key);
          this.setLocal({unfolded: next});
        }) ?? nothing)
      : nothing;
    return html`${this.#event(newest, formats.time(newest.occurredAt), fold)}${
      unfolded
        ? html`<ol class="wide earlier">
            ${earlier.map(
              (event) => html`<li class="entry">${this.#event(event, formats.recent(event.occurredAt))}</li>`,
            )}
          </ol>`
        : nothing
    }`;
  }

  /** One event; `fold` opens the earlier ones about the same thing, and is absent on those themselves. */
  #event(event: EventRecord, time: string, fold?: unknown): TemplateResult {
    const {occurredAt, text, delivery} = event;
    const {code, text: reason} = delivery?.error ?? {};
    const error = [reason, code && this.texts.errorCode(code)].filter(Boolean).join(' ·\u00a0');
    return html`<time datetime=${occurredAt} title=${this.formats.moment(occurredAt)}>${time}</time>
      <span class="what">${this.#title(event)}</span>
      <span>${this.#status(event)}</span>
      ${error ? html`<div class="wide ${delivery?.state === 'failed' ? 'failure' : ''}">${maskCprInText(error)}</div>` : nothing}
      ${text?.trim() ? html`<div class="wide">${freeText(text)}</div>` : nothing}
      <div class="wide meta">${this.#meta(event, fold !== undefined).map((part) => html`<span>${part}</span>`)}</div>
      ${this.#bar(this.local.marks?.buttons(event, this.#title(event)) ?? nothing, fold)}`;
  }

  /** One pill: what needs attention first. */
  #status(event: EventRecord): TemplateResult {
    const {texts} = this;
    const [kind, text]: [PillKind, string] = event.done
      ? ['neutral', texts.done]
      : event.delivery?.state === 'failed'
        ? ['error', texts.failed]
        : event.acknowledged
          ? ['ok', texts.acknowledged]
          : event.seenAt
            ? ['neutral', texts.seen]
            : ['accent', texts.unseen];
    return pill(kind, text);
  }

  /** The source, where the message is, what it is about, and who has done what. */
  #meta(event: EventRecord, withAbout: boolean): unknown[] {
    const {texts, formats} = this;
    const {about, acknowledged, delivery, done, occurredAt, receivedAt, ref} = event;
    const parts: unknown[] = [this.sourceName(ref.source)];
    if (delivery) {
      const native = delivery.native.trim() && texts.quoted(delivery.native);
      const words = [delivery.channel, texts[`delivery-${delivery.state}`]].filter(Boolean).join(': ');
      parts.push(maskCprInText(`${words} ${native}`));
    }
    if (Date.parse(receivedAt) - Date.parse(occurredAt) > 864e5) parts.push(texts.received(formats.recent(receivedAt)));
    if (about?.title && withAbout) parts.push(texts.about(maskCprInText(about.title)));
    if (about?.case && withAbout) {
      const {ref, title} = about.case;
      parts.push(
        html`${texts.belongsTo}
          <button class="link" @click=${() => this.#openCase(ref)}>${maskCprInText(title ?? ref.id)}</button>`,
      );
    }
    if (acknowledged) parts.push(maskCprInText(texts.acknowledgedBy(acknowledged.by, formats.recent(acknowledged.at))));
    if (done) parts.push(maskCprInText(texts.doneBy(done.by, formats.recent(done.at))));
    return parts;
  }

  /** What may be done with an event. */
  #bar(buttons: unknown, fold: unknown = nothing): unknown {
    return buttons === nothing && fold === nothing ? nothing : html`<div class="wide do">${buttons} ${fold}</div>`;
  }

  /** Remembers what came unseen, and says to a screen reader what comes later. */
  #notice(): void {
    const view = this.viewOf(eventsResource);
    if (!this.session || !view.planned || view.sources.some(({status}) => status === 'waiting')) return;
    const news = this.#tools?.newsOf(view.items, this.local);
    if (!news) return;
    const {newest, ...change} = news;
    this.setLocal(change);
    if (newest) this.announce(this.#tools?.arrived(this.#title(newest)) ?? '');
  }

  /** Lets the user do what they may do with events, where there is anything. */
  #begin(): void {
    const {session} = this;
    if (!session?.me?.capabilities.some((capability) => capability.startsWith('act:event.'))) return;
    const part = this.laterPart(loadMarks);
    if (!part) return;
    const {EventMarks, eventMarksStrings} = part;
    const store = this.storeOf(eventsResource);
    this.setLocal({
      marks: new EventMarks({
        session,
        texts: () => this.textsOf(eventMarksStrings),
        automatic: () => this.settings.markSeen === 'automatic',
        events: () => (session === this.session ? this.#events : []),
        refresh: (source) => store?.refresh(source),
        changed: (said) => {
          if (session !== this.session) return;
          if (said) this.announce(said);
          this.requestUpdate();
        },
      }),
    });
  }

  /** Watches which new events stand on the screen: their titles stand in the order of their groups. */
  #watch(): void {
    const {marks, limit, unfolded} = this.local;
    const events = this.#matching()
      .slice(0, limit)
      .flatMap(({key, newest, earlier}) => [newest, ...(unfolded.has(key) ? earlier : [])]);
    this.renderRoot.querySelectorAll('.what').forEach((title, index) => {
      const event = events[index];
      if (event) marks?.watch(title, event);
    });
  }

  #openCase(ref: RecordRef): void {
    const detail: CaseOpenDetail = {ref};
    this.dispatchEvent(new CustomEvent('bsp-case-open', {detail, bubbles: true, composed: true, cancelable: true}));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'bsp-events': BspEvents;
  }
}
