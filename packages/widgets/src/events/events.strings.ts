import type {EventRecord} from '@bsp/contract';
import type {StringSource} from '@bsp/core';

/** A text for each state of a message to the citizen, under a prefixed key so that a host may override any of them. */
type DeliveryTexts = Record<`delivery-${NonNullable<EventRecord['delivery']>['state']}`, string>;

const deliveries: DeliveryTexts = {
  'delivery-sent': 'Sendt, men endnu ikke afleveret',
  'delivery-delivered': 'Afleveret til modtageren',
  'delivery-failed': 'Kunne ikke leveres',
  'delivery-unknown': 'Ukendt status',
};

/** Danish texts of the events. */
export const eventsDanish = {
  title: 'Hændelser',
  items: 'hændelser',
  count: (unseen: string, total: string) => `${unseen} ${unseen === '1' ? 'ny' : 'nye'} af ${total}`,
  shown: (shown: string, total: string) => `Viser ${shown} af ${total}`,
  untitled: 'Hændelse uden titel',
  failed: 'Fejlet',
  unseen: 'Ny',
  seen: 'Set',
  acknowledged: 'Kvitteret',
  done: 'Færdig',
  acknowledgedBy: (by: string, at: string) => `Kvitteret af ${by} ${at}`,
  doneBy: (by: string, at: string) => `Markeret færdig af ${by} ${at}`,
  quoted: (word: string) => `”${word}”`,
  errorCode: (code: string) => `Fejl ${code}`,
  about: (what: string) => `Vedrører ${what}`,
  belongsTo: 'Hører til',
  received: (at: string) => `modtaget ${at}`,
  showMore: (count: string) => `Vis ${count} flere`,
  ...deliveries,
};
/** See {@link eventsDanish}. */
export type EventsTexts = typeof eventsDanish;

/** The events' texts. */
export const eventsStrings: StringSource<EventsTexts> = {
  name: 'events',
  da: eventsDanish,
  en: async () => (await import('./events.strings.en.js')).eventsEnglish,
};
