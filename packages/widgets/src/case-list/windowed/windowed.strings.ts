import type {StringSource} from '@bsp/core';

/** Danish texts of windowed rows. */
export const windowedDanish = {
  rows: (table: string) => `Rækker: ${table}`,
  range: (first: string, last: string, total: string) => `Viser ${first}–${last} af ${total}`,
  single: (row: string, total: string) => `Viser nummer ${row} af ${total}`,
  whole: (total: string) => `Viser ${total} af ${total}`,
  printed: (first: string, last: string, total: string, missing: string) =>
    `Udskriften har række ${first}–${last} af ${total}. ${missing} er ikke med.`,
};
/** See {@link windowedDanish}. */
export type WindowedTexts = typeof windowedDanish;

/** The texts of windowed rows; overridden like the case list's others. */
export const windowedStrings: StringSource<WindowedTexts> = {
  name: 'case-list',
  da: windowedDanish,
  en: async () => (await import('./windowed.strings.en.js')).windowedEnglish,
};
