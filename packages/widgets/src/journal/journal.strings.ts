import type {StringSource} from '@bsp/core';

/** Danish texts of the time line. */
export const journalDanish = {
  title: 'Journal',
  items: 'notater',
  count: (total: string, more: boolean) => `${more ? 'mindst ' : ''}${total} ${total === '1' ? 'notat' : 'notater'}`,
  shown: (shown: string, total: string) => `Viser ${shown} af ${total}`,
  showMore: (count: string) => `Vis ${count} flere`,
  noHeading: 'Notat uden overskrift',
  noBody: 'Notatet har ingen tekst',
  case: 'Åbn sagen',
  written: (when: string) => `Skrevet ned ${when}`,
  addendum: 'Tillæg',
  noTools: 'Filtre og formularer kunne ikke hentes. Genindlæs siden for at skrive notater.',
};
/** See {@link journalDanish}. */
export type JournalTexts = typeof journalDanish;

/** The time line's texts. */
export const journalStrings: StringSource<JournalTexts> = {
  name: 'journal',
  da: journalDanish,
  en: async () => (await import('./journal.strings.en.js')).journalEnglish,
};
