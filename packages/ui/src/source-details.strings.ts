import type {StringSource} from '@bsp/core';

const sourceDetailsDanish = {
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

/** Texts of the popover about sources; overridden under the name `source-details`. */
export const detailsStrings: StringSource<typeof sourceDetailsDanish> = {
  name: 'source-details',
  da: sourceDetailsDanish,
  en: () =>
    Promise.resolve({
      title: 'Sources',
      close: 'Close',
      waiting: 'Waiting for an answer',
      refreshing: 'Fetching again',
      ok: 'Answered',
      forbidden: 'No access',
      'needs-purpose': 'Requires a purpose',
      'not-applicable': 'Does not deliver this',
      timeout: 'Did not answer in time',
      unavailable: 'Did not answer',
      invalid: 'The answer cannot be read',
      count: (count: string, more: boolean) => (more ? `${count} fetched, there are more` : `${count} fetched`),
      asOf: (time: string) => `data from ${time}`,
    }),
};
