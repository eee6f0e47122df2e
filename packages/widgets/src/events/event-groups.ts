import {type EventRecord, refKey} from '@bsp/contract';

/** Events about the same thing, newest first; at least one. */
export interface EventGroup {
  readonly key: string;
  readonly newest: EventRecord;
  readonly earlier: readonly EventRecord[];
}

/** Newest first; of two at one moment, the one received last. An unreadable moment stands last. */
export const newestFirst = (events: readonly EventRecord[]): EventRecord[] =>
  [...events].sort(
    (one, other) =>
      (Date.parse(other.occurredAt) || 0) - (Date.parse(one.occurredAt) || 0) ||
      (Date.parse(other.receivedAt) || 0) - (Date.parse(one.receivedAt) || 0),
  );

/**
 * What belongs together as one entry, which stands where its newest event does. Events belong together when they are about
 * the same record; an event about nothing stands alone.
 */
export function groupsOf(sorted: readonly EventRecord[], group: boolean): EventGroup[] {
  const byKey = new Map<string, EventRecord[]>();
  for (const event of sorted) {
    const key = group && event.about ? `about ${refKey(event.about.ref)}` : `event ${refKey(event.ref)}`;
    const events = byKey.get(key);
    if (events) events.push(event);
    else byKey.set(key, [event]);
  }
  return [...byKey].map(([key, [newest, ...earlier]]) => ({key, newest: newest as EventRecord, earlier}));
}
