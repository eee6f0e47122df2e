// What first rows of the events do not need.
import {type EventRecord, refKey} from '@bsp/contract';
import type {EventsLocal} from './bsp-events.js';
import {newestFirst} from './event-groups.js';

export {controlStyles as styles, segmented} from '@bsp/ui';

/**
 * What has come since the last look: the events known from now on, those that came unseen, and, unless it is the first look,
 * the newest of them, to be announced. Undefined when nothing has come.
 */
export function newsOf(
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
