import type {StringSource} from '@bsp/core';

/** Danish texts of the systems that a case can be opened in. */
const caseHopDanish = {
  hop: 'Åbn i',
  openIn: (title: string, system: string) => `Åbn ${title} i ${system} i et nyt vindue`,
  opening: (system: string) => `Åbner ${system} …`,
  blocked: 'Browseren åbnede ikke et vindue. Tillad nye vinduer fra denne side.',
  failed: 'Kunne ikke åbnes. Der er ikke sendt noget.',
};
/** See {@link caseHopDanish}. */
export type CaseHopTexts = typeof caseHopDanish;

/** The texts of the systems that a case can be opened in. */
export const caseHopStrings: StringSource<CaseHopTexts> = {
  name: 'case-list',
  da: caseHopDanish,
  en: async () => (await import('./case-hop.strings.en.js')).caseHopEnglish,
};
