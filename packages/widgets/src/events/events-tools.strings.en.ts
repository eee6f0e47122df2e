import type {Translated} from '@bsp/core';
import type {EventsToolsTexts} from './events-tools.strings.js';

/** English texts of the filters, and of what is live. */
export const eventsToolsEnglish: Translated<EventsToolsTexts> = {
  notLive: 'Not live',
  notLiveWhy: 'New events appear when you reload, or when the connection is back',
  which: 'Show events',
  open: 'Not done',
  new: 'New',
  all: 'All',
  earlier: (count) => `${count} earlier about the same`,
  hideEarlier: 'Hide earlier',
  filteredAway: 'None of the fetched events match',
  clear: 'Show all events',
  arrived: (title) => `New event: ${title}`,
  live: 'Live',
};
