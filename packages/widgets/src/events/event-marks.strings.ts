import type {StringSource} from '@bsp/core';

/** Danish texts of what may be done with an event. */
export const eventMarksDanish = {
  acknowledged: 'Kvitteret',
  done: 'Færdig',
  acknowledge: 'Kvittér',
  finish: 'Færdig',
  markSeen: 'Markér alle som set',
  of: (action: string, title: string) => `${action}: ${title}`,
  saving: 'Gemmer …',
  notSaved: 'Det blev ikke gemt. Prøv igen.',
  refused: 'Du har ikke adgang til at ændre hændelsen.',
  elsewhere: 'Personen er ikke længere åben her. Vælg personen igen.',
};
/** See {@link eventMarksDanish}. */
export type EventMarksTexts = typeof eventMarksDanish;

/** The texts of what may be done with an event; overridden like the window's others. */
export const eventMarksStrings: StringSource<EventMarksTexts> = {
  name: 'events',
  da: eventMarksDanish,
  en: async () => (await import('./event-marks.strings.en.js')).eventMarksEnglish,
};
