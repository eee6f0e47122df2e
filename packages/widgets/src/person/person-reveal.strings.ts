import type {StringSource} from '@bsp/core';

/** Danish texts of what a reveal says. */
export const revealDanish = {
  'shown-cpr': (seconds: number) => `CPR-nummeret vises i ${seconds} sekunder`,
  'shown-address': (seconds: number) => `Adressen vises i ${seconds} sekunder`,
  'covered-cpr': 'CPR-nummeret er skjult igen',
  'covered-address': 'Adressen er skjult igen',
  copy: 'Adressen er beskyttet. Vil du kopiere den?',
  'field-cpr': 'CPR-nummeret',
  'field-address': 'Adressen',
  forbidden: (field: string) => `${field} kan ikke vises: du har ikke ret til at se den oplysning.`,
  purpose: (field: string) => `${field} kan ikke vises, før formålet med opslaget er oplyst.`,
  loggedOut: (field: string) => `${field} kan ikke vises: du er ikke logget på. Log på igen i dit fagsystem.`,
  closed: (field: string) => `${field} kan ikke vises: opslaget på personen er lukket. Vælg personen igen.`,
  nothing: (field: string) => `${field} kan ikke vises: kilden har ikke oplysningen.`,
  slow: (field: string) => `${field} kan ikke vises lige nu: kilden svarede ikke. Prøv igen.`,
  often: (field: string) => `${field} kan ikke vises lige nu: der er vist mange på kort tid. Vent lidt, og prøv igen.`,
  unusable: (field: string) => `${field} kan ikke vises: svaret passer ikke til personen.`,
  failed: (field: string) => `${field} kan ikke vises lige nu. Prøv igen.`,
};
/** See {@link revealDanish}. */
export type RevealTexts = typeof revealDanish;

/** Overridden under the name `person-reveal`. */
export const revealStrings: StringSource<RevealTexts> = {
  name: 'person-reveal',
  da: revealDanish,
  en: async () => (await import('./person-reveal.strings.en.js')).revealEnglish,
};
