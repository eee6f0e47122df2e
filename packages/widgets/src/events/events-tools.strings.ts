import type {StringSource} from '@bsp/core';

/** Danish texts of the filters, and of what is live. */
export const eventsToolsDanish = {
  notLive: 'Ikke direkte',
  notLiveWhy: 'Nye hændelser kommer først, når du henter igen eller forbindelsen er tilbage',
  which: 'Vis hændelser',
  open: 'Ikke færdige',
  new: 'Nye',
  all: 'Alle',
  earlier: (count: string) => `${count} tidligere om det samme`,
  hideEarlier: 'Skjul tidligere',
  filteredAway: 'Ingen af de hentede hændelser passer til det valgte',
  clear: 'Vis alle hændelser',
  arrived: (title: string) => `Ny hændelse: ${title}`,
  live: 'Direkte',
};
/** See {@link eventsToolsDanish}. */
export type EventsToolsTexts = typeof eventsToolsDanish;

/** Overridden like the window's other texts. */
export const eventsToolsStrings: StringSource<EventsToolsTexts> = {
  name: 'events',
  da: eventsToolsDanish,
  en: async () => (await import('./events-tools.strings.en.js')).eventsToolsEnglish,
};
