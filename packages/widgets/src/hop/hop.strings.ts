import type {StringSource} from '@bsp/core';

/** Danish texts of the window. */
const danish = {
  title: 'Åbn i',
  items: 'genveje',
  other: 'Andet system',
  none: 'Der er ingen andre systemer at åbne.',
  newWindow: (name: string) => `Åbn ${name} i et nyt vindue`,
  opening: (name: string) => `Åbner ${name} …`,
  opened: (name: string) => `${name} er åbnet i et nyt vindue`,
  blocked: (name: string) => `Browseren åbnede ikke et vindue til ${name}. Tillad nye vinduer fra denne side.`,
  failed: (name: string) => `${name} kunne ikke åbnes. Der er ikke sendt noget.`,
  forbidden: (name: string) => `Du må ikke åbne ${name} herfra.`,
  again: 'Prøv igen',
};
/** The window's texts, by key. */
export type HopTexts = typeof danish;

/** The window's texts: Danish at once, English when asked for. */
export const hopStrings: StringSource<HopTexts> = {
  name: 'hop',
  da: danish,
  en: async () => (await import('./hop.strings.en.js')).hopEnglish,
};
