import type {StringSource} from '@bsp/core';

/** Danish texts of the filters. */
export const caseListToolsDanish = {
  phase: 'Vis sager efter fase',
  open: 'Åbne',
  closed: 'Afsluttede',
  all: 'Alle',
  filter: 'Filtrér sager',
  filterSource: 'Vis sager fra',
  allSources: 'Alle kilder',
  filteredAway: 'Ingen af de hentede sager passer til det valgte',
  noOpen: (total: string) => `Ingen åbne sager. Der er ${total} ${total === '1' ? 'afsluttet' : 'afsluttede'}.`,
  clear: 'Vis alle sager',
};
/** See {@link caseListToolsDanish}. */
export type CaseListToolsTexts = typeof caseListToolsDanish;

/** The filters' texts; overridden like the window's others. */
export const caseListToolsStrings: StringSource<CaseListToolsTexts> = {
  name: 'case-list',
  da: caseListToolsDanish,
  en: async () => (await import('./case-list-tools.strings.en.js')).caseListToolsEnglish,
};
