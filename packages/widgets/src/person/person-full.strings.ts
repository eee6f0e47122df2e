import type {Person} from '@bsp/contract';
import type {StringSource} from '@bsp/core';

type ProtectionTexts = Record<`protection-${NonNullable<Person['protections']>[number]['kind']}`, string>;

const protections: ProtectionTexts = {
  'protection-name-address': 'Navne- og adressebeskyttelse',
  'protection-directory': 'Lokal vejviserbeskyttelse',
  'protection-marketing': 'Markedsføringsbeskyttelse',
  'protection-research': 'Forskerbeskyttelse',
};

/** Danish texts of the full form. */
export const fullDanish = {
  none: 'Ingen',
  notYet: 'endnu ikke i kraft',
  status: 'CPR-status',
  sex: 'Køn',
  female: 'Kvinde',
  male: 'Mand',
  citizenship: 'Statsborgerskab',
  spouse: 'Ægtefælle eller partner',
  parents: 'Forældre',
  previousNumbers: 'Tidligere numre',
  protections: 'Beskyttelser',
  ...protections,
};
/** See {@link fullDanish}. */
export type FullTexts = typeof fullDanish;

/** Overridden under the name `person-full`. */
export const fullStrings: StringSource<FullTexts> = {
  name: 'person-full',
  da: fullDanish,
  en: async () => (await import('./person-full.strings.en.js')).fullEnglish,
};
