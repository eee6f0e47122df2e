import {
  type ActionType,
  type EventRecord,
  eventsResource,
  maskCprInText,
  ProblemError,
  type RecordRef,
  refKey,
} from '@bsp/contract';
import {kitVersion, randomKey} from '@bsp/core';
import {
  BspWindow,
  controlStyles,
  emptyIcon,
  freeText,
  message,
  type PillKind,
  pill,
  segmented,
  timeline,
  timelineStyles,
  type WindowDefinition,
  windowStyles,
} from '@bsp/ui';
import {html, nothing, type PropertyValues, type TemplateResult} from 'lit';
import type {CaseOpenDetail} from '../case-list/bsp-case-list.js';
import {eventsStyles} from './bsp-events.styles.js';
import {type EventGroup, groupsOf, newestFirst} from './event-groups.js';
import {type EventsConfig, type EventsFilter, eventsConfig} from './events.config.js';
import {type EventsTexts, eventsStrings} from './events.strings.js';
import type {SeenWatch} from './seen-watch.js';

/** A mark that the caseworker sets on one event. */
type Mark = Extract<ActionType, 'event.acknowledge' | 'event.done'>;

/** A mark on its way, or one that could not be set: the same key makes another try safe. */
interface Marking {
  readonly key: string;
  readonly problem?: string;
}

/** What the caseworker has chosen about one person's events. */
interface EventsLocal {
  filter: EventsFilter;
  /** Groups whose earlier events are unfolded. */
  unfolded: ReadonlySet<string>;
  limit: number;
  /** Marks by `<action> <event key>`. */
  marking: ReadonlyMap<string, Marking>;
  /** Events that were unseen when they came: they stay highlighted while this person is open. */
  fresh: ReadonlySet<string>;
  /** Events that have been on the list before; undefined until the first answer is complete. */
  known: ReadonlySet<string> | undefined;
  watch: SeenWatch | undefined;
}

/**
 * What has happened about a person in all connected systems, newest first, as it happens. Events about the same thing stand
 * together; seen, acknowledged and done are three different things.
 *
 * @tag bsp-events
 * @summary Events about a person, live, from all connected systems.
 *
 * @attr {string} for - Id of the provider; absent: the nearest, else the page's only one.
 * @attr {string} config - {@link EventsConfig} as JSON.
 * @attr {number} heading-level - Level of the heading, 2–6.
 * @attr {'comfortable'|'compact'} density - Height of the entries.
 * @attr {'light'|'dark'} theme - Absent: the page's color scheme.
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
 * @cssproperty [--bsp-surface] - Background of the panel.
 * @cssproperty [--bsp-ink] - Text.
 * @cssproperty [--bsp-accent] - Mark of what is new.
 * @cssproperty [--bsp-error] - What failed.
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
  static override styles = [windowStyles, controlStyles, timelineStyles, eventsStyles];

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
      marking: new Map(),
      fresh: new Set(),
      known: undefined,
      watch: undefined,
    };
  }

  protected override renderCount(): string {
    const events = this.#events;
    const unseen = events.filter((event) => !event.seenAt).length;
    return events.length ? this.texts.count(this.formats.number(unseen), this.formats.number(events.length)) : '';
  }

  protected override renderActions(): unknown {
    const {session, texts} = this;
    if (!session?.me?.capabilities.includes('live')) return nothing;
    return session.live
      ? html`<span class="live"><i class="dot"></i>${texts.live}</span>`
      : html`<span class="live" title=${texts.notLiveWhy}><i class="dot waiting"></i>${texts.notLive}</span>`;
  }

  protected override renderTools(): unknown {
    const {texts, local} = this;
    const events = this.#events;
    if (events.length === 0 && this.state !== 'loading') return nothing;
    const unseen = events.filter((event) => !event.seenAt);
    return html`<div class="tools">
      ${segmented<EventsFilter>({
        name: 'filter',
        label: texts.which,
        choices: (['all', 'new', 'open'] as const).map((value) => ({value, text: texts[value]})),
        value: local.filter,
        onChoose: (filter) => this.#choose(filter),
      })}
      ${
        this.settings.markSeen === 'manual' && unseen.length && this.#may('event.seen')
          ? html`<button class="button" @click=${() => void this.#see(unseen)}>${texts.markSeen}</button>`
          : nothing
      }
    </div>`;
  }

  protected override renderBody(): unknown {
    const {texts, local, formats} = this;
    const matching = this.#matching();
    const rest = matching.length - local.limit;
    if (matching.length === 0)
      return message(
        emptyIcon(),
        texts.filteredAway(formats.number(this.#events.length)),
        html`<button class="button" @click=${() => this.#choose('all')}>${texts.clear}</button>`,
      );
    return html`${timeline<EventGroup>({
      items: matching.slice(0, local.limit),
      at: ({newest}) => newest.occurredAt,
      itemKey: ({key}) => key,
      entry: (group) => this.#group(group),
      entryClass: ({newest, earlier}) =>
        [newest, ...earlier].some((event) => this.#isFresh(event)) ? 'new' : newest.done ? 'finished' : '',
      formats,
      headingLevel: this.headingLevel + 1,
    })}${
      rest > 0
        ? html`<div class="more">
            <button class="button" @click=${() => this.setLocal({limit: local.limit + this.settings.pageSize})}>
              ${texts.showMore(formats.number(Math.min(rest, this.settings.pageSize)))}
            </button>
          </div>`
        : nothing
    }`;
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
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    void this.#watch();
  }

  get #events(): readonly EventRecord[] {
    return this.viewOf(eventsResource).items;
  }

  #may(action: ActionType): boolean {
    return this.session?.me?.capabilities.includes(`act:${action}`) ?? false;
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

  #sourceName(id: string): string {
    return this.viewOf(eventsResource).sources.find((source) => source.id === id)?.name ?? id;
  }

  #title(event: EventRecord): string {
    return maskCprInText(event.title).trim() || this.texts.untitled;
  }

  #group({key, newest, earlier}: EventGroup): TemplateResult {
    const {texts, local, formats} = this;
    const unfolded = local.unfolded.has(key);
    const toggle = () => {
      const next = new Set(local.unfolded);
      if (!next.delete(key)) next.add(key);
      this.setLocal({unfolded: next});
    };
    const fold = earlier.length
      ? html`<button class="link small" aria-expanded=${unfolded ? 'true' : 'false'} @click=${toggle}>
          ${unfolded ? texts.hideEarlier : texts.earlier(formats.number(earlier.length))}
        </button>`
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
    const error = [reason, code && this.texts.errorCode(code)].filter(Boolean).join(' · ');
    return html`<time datetime=${occurredAt} title=${this.formats.moment(occurredAt)}>${time}</time>
      <span class="what">${this.#title(event)}</span>
      <span>${this.#status(event)}</span>
      ${error ? html`<div class="wide ${delivery?.state === 'failed' ? 'failure' : ''}">${maskCprInText(error)}</div>` : nothing}
      ${text?.trim() ? html`<div class="wide">${freeText(text)}</div>` : nothing}
      <div class="wide meta">${this.#meta(event, fold !== undefined).map((part) => html`<span>${part}</span>`)}</div>
      ${this.#bar(event, fold)}`;
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
    const parts: unknown[] = [this.#sourceName(ref.source)];
    if (delivery) {
      const native = delivery.native.trim() && texts.quoted(maskCprInText(delivery.native));
      const words = [delivery.channel, texts[`delivery-${delivery.state}`]].filter(Boolean).join(': ');
      parts.push(`${words} ${native}`);
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

  /** What may be done with an event, and what has become of it. */
  #bar(event: EventRecord, fold: unknown = nothing): unknown {
    const {texts} = this;
    const marks = [
      {mark: 'event.acknowledge', text: texts.acknowledge, offered: !event.acknowledged && !event.done},
      {mark: 'event.done', text: texts.finish, offered: !event.done},
    ] as const;
    const offered = marks
      .filter(({mark, offered}) => offered && this.#may(mark))
      .map(({mark, text}) => ({mark, text, marking: this.local.marking.get(`${mark} ${refKey(event.ref)}`)}));
    if (offered.length === 0 && fold === nothing) return nothing;
    const busy = offered.some(({marking}) => marking && !marking.problem);
    return html`<div class="wide do">
      ${offered.map(
        ({mark, text, marking}) => html`<button
          class="button"
          aria-label=${texts.of(text, this.#title(event))}
          aria-disabled=${busy ? 'true' : 'false'}
          @click=${() => busy || void this.#mark(mark, event)}
        >
          ${marking && !marking.problem ? texts.saving : text}
        </button>`,
      )}
      ${offered.map(({marking}) => (marking?.problem ? html`<span class="failure small">${marking.problem}</span>` : nothing))}
      ${fold}
    </div>`;
  }

  /** Sets a mark; what failed is said beside its button, and another try uses the same key. */
  async #mark(mark: Mark, event: EventRecord): Promise<void> {
    const {session, texts} = this;
    if (!session) return;
    const id = `${mark} ${refKey(event.ref)}`;
    const before = this.local.marking.get(id);
    // Pressed again before the button was rendered as busy.
    if (before && !before.problem) return;
    const key = before?.key ?? randomKey();
    const set = (marking: Marking | undefined) => {
      // The person may have changed while the backend worked.
      if (session !== this.session) return;
      const next = new Map(this.local.marking);
      if (marking) next.set(id, marking);
      else next.delete(id);
      this.setLocal({marking: next});
    };
    set({key});
    try {
      await session.act(mark, {events: [event.ref]}, {key});
      set(undefined);
      if (session !== this.session) return;
      this.announce(`${mark === 'event.done' ? texts.done : texts.acknowledged}: ${this.#title(event)}`);
      this.storeOf(eventsResource)?.refresh(event.ref.source);
    } catch (thrown) {
      const problem = this.#problemText(thrown);
      set({key, problem});
      if (session === this.session) this.announce(problem);
    }
  }

  #problemText(thrown: unknown): string {
    const {texts} = this;
    const code = thrown instanceof ProblemError ? thrown.problem.code : undefined;
    if (code === 'forbidden' || code === 'unauthorized') return texts.refused;
    return code === 'context-closed' || code === 'foreign-item' ? texts.elsewhere : texts.notSaved;
  }

  /** Tells the backend what the user has seen. A failure says nothing: the events stay new. */
  async #see(events: readonly EventRecord[]): Promise<void> {
    const {session} = this;
    const refs: RecordRef[] = events.map(({ref}) => ref);
    if (!session || refs.length === 0) return;
    try {
      await session.act('event.seen', {events: refs.slice(0, 500)});
    } catch {
      return;
    }
    if (session !== this.session) return;
    for (const source of new Set(refs.map((ref) => ref.source))) this.storeOf(eventsResource)?.refresh(source);
  }

  /** Remembers what came unseen, and says to a screen reader what comes later. */
  #notice(): void {
    const view = this.viewOf(eventsResource);
    if (!this.session || !view.planned || view.sources.some(({status}) => status === 'waiting')) return;
    const {local} = this;
    const keys = new Set(this.#events.map(({ref}) => refKey(ref)));
    const arrived = this.#events.filter(({ref}) => !local.known?.has(refKey(ref)));
    if (local.known && arrived.length === 0) return;
    const first = local.known === undefined;
    const unseen = arrived.filter((event) => !event.seenAt);
    this.setLocal({
      known: new Set([...(local.known ?? []), ...keys]),
      fresh: new Set([...local.fresh, ...unseen.map(({ref}) => refKey(ref))]),
    });
    const newest = newestFirst(unseen)[0];
    if (!first && newest) this.announce(this.texts.arrived(this.#title(newest)));
  }

  /** Watches which new events stand on the screen. */
  async #watch(): Promise<void> {
    const {session} = this;
    if (!session || this.settings.markSeen !== 'automatic' || !this.#may('event.seen')) return;
    if (!this.#events.some((event) => !event.seenAt)) return;
    const {SeenWatch} = await import('./seen-watch.js');
    // Another person, or another rendering, may have come while the module loaded.
    if (session !== this.session || session.signal.aborted || this.isUpdatePending) return;
    let {watch} = this.local;
    if (!watch) {
      watch = new SeenWatch(session.signal, (keys) => {
        if (session !== this.session) return;
        void this.#see(this.#events.filter((event) => !event.seenAt && keys.includes(refKey(event.ref))));
      });
      this.local.watch = watch;
    }
    const entries = this.renderRoot.querySelectorAll('.days > section > ol > .entry');
    const groups = this.#matching().slice(0, this.local.limit);
    for (const [index, entry] of entries.entries()) {
      const group = groups[index];
      const shown = group ? [group.newest, ...(this.local.unfolded.has(group.key) ? group.earlier : [])] : [];
      watch.watch(
        entry,
        shown.filter((event) => !event.seenAt).map(({ref}) => refKey(ref)),
      );
    }
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
