import type {StringSource} from '@bsp/core';

/** Danish texts of the window. */
const danish = {
  title: 'Søg',
  label: 'Find person eller sag',
  hint: 'Navn, CPR, CVR eller sagsnr.',
  search: 'Søg',
  results: 'Søgeresultater',
  searching: 'Søger …',
  person: 'Person',
  company: 'Virksomhed',
  property: 'Ejendom',
  employee: 'Medarbejder',
  case: 'Sag',
  protected: 'Beskyttet',
  unknownNumber: 'Ingen kilder kender nummeret. Det kan åbnes alligevel.',
  found: (count: number) => `${count} fundet`,
  tooMany: (count: number) => `De første ${count} vises. Skriv mere for at finde færre.`,
  empty: 'Ingen fundet.',
  missing: (names: string) => `${names} svarede ikke.`,
  emptyMissing: (names: string) => `Ingen fundet, men ${names} svarede ikke.`,
  incomplete: (names: string) => `Ikke alt fra ${names} kunne læses.`,
  emptyIncomplete: (names: string) => `Ingen fundet, men ikke alt fra ${names} kunne læses.`,
  refused: (names: string) => `Du må ikke søge i ${names}.`,
  emptyRefused: (names: string) => `Ingen fundet, men du må ikke søge i ${names}.`,
  unreadable: 'Noget af svaret kan ikke læses.',
  mayBeMore: 'Der kan være flere.',
  error: 'Søgningen lykkedes ikke.',
  busy: 'Der er søgt mange gange på kort tid. Vent lidt, og prøv igen.',
  loggedOut: 'Du er ikke logget på. Log på igen i dit fagsystem.',
  forbidden: 'Du har ikke adgang til at søge.',
  unsupported: 'Der kan ikke søges her.',
  offline: 'Der er ingen forbindelse.',
  retry: 'Prøv igen',
  short: (count: number) => `Skriv mindst ${count} bogstaver eller et helt nummer.`,
  cprFormat: 'Et CPR-nummer har ti tegn. Skriv BFE foran nummeret på en ejendom.',
  cprDate: 'CPR-nummeret begynder med en dato, der ikke findes.',
  cvrFormat: 'Et CVR-nummer har otte cifre.',
  cvrChecksum: 'CVR-nummeret findes ikke. Er der byttet om på to cifre?',
  bfeFormat: 'Et BFE-nummer er et helt tal på højst ti cifre.',
};
/** The window's texts, by key. */
export type SearchTexts = typeof danish;

/** The window's texts: Danish at once, English when asked for. */
export const searchStrings: StringSource<SearchTexts> = {
  name: 'search',
  da: danish,
  en: async () => (await import('./search.strings.en.js')).searchEnglish,
};
