import {type ActionType, type EventRecord, type RecordRef, refKey} from '@bsp/contract';
import {problemFrom, randomKey, type Session, type Translated} from '@bsp/core';
import {html, nothing} from 'lit';
import type {EventMarksTexts} from './event-marks.strings.js';
import {SeenWatch} from './seen-watch.js';

export {eventMarksStrings} from './event-marks.strings.js';

/** A mark that the caseworker sets on one event. */
type Mark = Extract<ActionType, 'event.acknowledge' | 'event.done'>;

/** A mark on its way, or one that could not be set: the same key makes another try safe. */
interface Marking {
  readonly key: string;
  readonly problem?: string;
}

/** What {@link EventMarks} needs of the window. */
export interface EventMarksHost {
  readonly session: Session;
  readonly texts: () => Translated<EventMarksTexts>;
  /** Events count as seen when they have stood on the screen. */
  readonly automatic: () => boolean;
  /** The events of this Session; none once it is over. */
  readonly events: () => readonly EventRecord[];
  readonly refresh: (source: string) => void;
  /** Renders again, and says something to a screen reader. Does nothing once the Session is over. */
  readonly changed: (said?: string) => void;
}

/** No action names more events. */
const mostEvents = 500;

/**
 * What the user may do with one person's events: see, acknowledge, finish. Belongs to a Session and goes with it; loaded when
 * the backend says that there is anything to do.
 */
export class EventMarks {
  readonly #host: EventMarksHost;
  readonly #seen: SeenWatch;
  /** Marks by `<action> <event key>`. */
  readonly #marking = new Map<string, Marking>();

  constructor(host: EventMarksHost) {
    this.#host = host;
    this.#seen = new SeenWatch(host.session.signal, (keys) => {
      void this.#see(host.events().filter(({seenAt, ref}) => !seenAt && keys.includes(refKey(ref))));
    });
  }

  /** Acknowledge and done, with what has become of them; nothing where there is nothing to do. */
  buttons(event: EventRecord, title: string): unknown {
    const texts = this.#host.texts();
    const marks = [
      {mark: 'event.acknowledge', text: texts.acknowledge, offered: !event.acknowledged && !event.done},
      {mark: 'event.done', text: texts.finish, offered: !event.done},
    ] as const;
    const offered = marks
      .filter(({mark, offered}) => offered && this.#may(mark))
      .map(({mark, text}) => ({mark, text, marking: this.#marking.get(`${mark} ${refKey(event.ref)}`)}));
    if (offered.length === 0) return nothing;
    const busy = offered.some(({marking}) => marking && !marking.problem);
    return html`${offered.map(
      ({mark, text, marking}) => html`<button
        class="button"
        aria-label=${texts.of(text, title)}
        aria-disabled=${busy ? 'true' : 'false'}
        @click=${() => busy || void this.#mark(mark, event, title)}
      >
        ${marking && !marking.problem ? texts.saving : text}
      </button>`,
    )}${offered.map(({marking}) => (marking?.problem ? html`<span class="failure small">${marking.problem}</span>` : nothing))}`;
  }

  /** A button that marks all as seen, where the user is to say so. */
  seenButton(events: readonly EventRecord[]): unknown {
    const unseen = events.filter(({seenAt}) => !seenAt);
    return unseen.length && !this.#host.automatic() && this.#may('event.seen')
      ? html`<button class="button" @click=${() => void this.#see(unseen)}>${this.#host.texts().markSeen}</button>`
      : nothing;
  }

  /** Marks an event as seen once its title has stood on the screen. */
  watch(title: Element, {seenAt, ref}: EventRecord): void {
    const watched = !seenAt && this.#host.automatic() && this.#may('event.seen');
    this.#seen.watch(title, watched ? refKey(ref) : undefined);
  }

  #may(action: ActionType): boolean {
    return this.#host.session.me?.capabilities.includes(`act:${action}`) ?? false;
  }

  /** Sets a mark; what failed is said beside its button, and another try uses the same key. */
  async #mark(mark: Mark, event: EventRecord, title: string): Promise<void> {
    const {session, texts, refresh, changed} = this.#host;
    const id = `${mark} ${refKey(event.ref)}`;
    const before = this.#marking.get(id);
    // Pressed again before the button was rendered as busy.
    if (before && !before.problem) return;
    const key = before?.key ?? randomKey();
    this.#marking.set(id, {key});
    changed();
    try {
      await session.act(mark, {events: [event.ref]}, {key});
      this.#marking.delete(id);
      refresh(event.ref.source);
      changed(`${mark === 'event.done' ? texts().done : texts().acknowledged}: ${title}`);
    } catch (thrown) {
      const problem = this.#problemText(thrown);
      this.#marking.set(id, {key, problem});
      changed(problem);
    }
  }

  #problemText(thrown: unknown): string {
    const texts = this.#host.texts();
    const {code} = problemFrom(thrown);
    if (code === 'forbidden' || code === 'unauthorized') return texts.refused;
    return code === 'context-closed' || code === 'foreign-item' ? texts.elsewhere : texts.notSaved;
  }

  /** Tells the backend what the user has seen. A failure says nothing: the events stay new, and are told of again. */
  async #see(events: readonly EventRecord[]): Promise<void> {
    const refs: RecordRef[] = events.slice(0, mostEvents).map(({ref}) => ref);
    if (refs.length === 0) return;
    const {session, refresh} = this.#host;
    try {
      await session.act('event.seen', {events: refs});
      // Every read is a logged lookup: where the line is open, its notice asks for one.
      if (!session.live) for (const source of new Set(refs.map((ref) => ref.source))) refresh(source);
    } catch {
      this.#seen.again();
    }
  }
}
