import type {StringSource} from '@bsp/core';
import {upperFirst} from './upper-first.js';

/** What is asked before more is opened. */
export const accessDanish = {
  glassHeading: 'Nødadgang',
  glassWhat: (minutes: number | undefined) =>
    `Du får adgang til oplysninger om personen, som du ellers ikke må se${minutes ? `, i ${minutes} minutter` : ', for en kort tid'}. Brug den kun, når det ikke kan vente.`,
  glassTold: (whom: string | undefined) =>
    `${whom ? `${upperFirst(whom)} får` : 'Der gives'} besked om, at du har brugt den, og hvert opslag bliver logget med din begrundelse.`,
  reason: 'Begrundelse',
  reasonMissing: (least: number) => `Skriv, hvorfor det er nødvendigt, med mindst ${least} tegn`,
  breakGlass: 'Åbn med nødadgang',
  purposeHeading: 'Formål med opslaget',
  purposeWhat: 'Vælg, hvad oplysningerne skal bruges til. Formålet bliver logget.',
  purpose: 'Formål',
  purposeMissing: 'Vælg et formål',
  openFor: 'Åbn til formålet',
  opening: 'Åbner …',
  cancel: 'Fortryd',
  refused: 'Det blev afvist. Intet er åbnet.',
  failed: 'Det lykkedes ikke. Intet er åbnet. Prøv igen.',
};
/** See {@link accessDanish}. */
export type AccessTexts = typeof accessDanish;

/** Overridden under the name `panel`, as the panel's other texts. */
export const accessStrings: StringSource<AccessTexts> = {
  name: 'panel',
  da: accessDanish,
  en: async () => (await import('./access.strings.en.js')).accessEnglish,
};
