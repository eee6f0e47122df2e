import type {StringSource} from '@bsp/core';

/** Danish texts of the popover about sources. */
export const sourceDetailsDanish = {
  title: 'Kilder',
  close: 'Luk',
  waiting: 'Venter på svar',
  refreshing: 'Henter igen',
  ok: 'Svarede',
  forbidden: 'Ingen adgang',
  'needs-purpose': 'Kræver et formål',
  'not-applicable': 'Leverer ikke dette',
  timeout: 'Svarede ikke i tide',
  unavailable: 'Svarede ikke',
  invalid: 'Svaret kan ikke læses',
  count: (count: string, more: boolean) => (more ? `${count} hentet, der er flere` : `${count} hentet`),
  asOf: (time: string) => `data fra ${time}`,
};

/** See {@link sourceDetailsDanish}. */
export type SourceDetailsTexts = typeof sourceDetailsDanish;

/** Overridden under the name `source-details`. */
export const detailsStrings: StringSource<SourceDetailsTexts> = {
  name: 'source-details',
  da: sourceDetailsDanish,
  en: async () => (await import('./source-details.strings.en.js')).sourceDetailsEnglish,
};
