import {type ConfigShape, flag, oneOf, wholeNumber} from '@bsp/ui';

/** Which events are shown: those nobody has finished, those this user has not seen, or all. */
export type EventsFilter = 'open' | 'new' | 'all';

/** Config of `<bsp-events>`. */
export interface EventsConfig {
  /** Filter to start with. */
  filter: EventsFilter;
  /** Events about the same thing stand as one entry, the earlier ones folded. */
  group: boolean;
  /** An event counts as seen when it has stood on the screen; otherwise the user says so with a button. */
  markSeen: 'automatic' | 'manual';
  /** Entries before "show more". */
  pageSize: number;
}

/** See {@link EventsConfig}. */
export const eventsConfig: ConfigShape<EventsConfig> = {
  filter: oneOf(['open', 'new', 'all'], 'all'),
  group: flag(true),
  markSeen: oneOf(['automatic', 'manual'], 'automatic'),
  pageSize: wholeNumber(1, 2000, 200),
};
