import type {Translated} from '@bsp/core';
import type {EventsTexts} from './events.strings.js';

/** English texts of the events. */
export const eventsEnglish: Translated<EventsTexts> = {
  title: 'Events',
  items: 'events',
  count: (unseen, total) => `${unseen} new of ${total}`,
  shown: (shown, total) => `Showing ${shown} of ${total}`,
  untitled: 'Event without a title',
  failed: 'Failed',
  unseen: 'New',
  seen: 'Seen',
  acknowledged: 'Acknowledged',
  done: 'Done',
  acknowledgedBy: (by, at) => `Acknowledged by ${by} ${at}`,
  doneBy: (by, at) => `Marked done by ${by} ${at}`,
  quoted: (word) => `“${word}”`,
  errorCode: (code) => `Error ${code}`,
  about: (what) => `About ${what}`,
  belongsTo: 'Belongs to',
  received: (at) => `received ${at}`,
  showMore: (count) => `Show ${count} more`,
  'delivery-sent': 'Sent, not yet delivered',
  'delivery-delivered': 'Delivered to the recipient',
  'delivery-failed': 'Could not be delivered',
  'delivery-unknown': 'Unknown status',
};
