import type {Translated} from '@bsp/core';
import type {CaseListToolsTexts} from './case-list-tools.strings.js';

/** English texts of the filters. */
export const caseListToolsEnglish: Translated<CaseListToolsTexts> = {
  phase: 'Show cases by phase',
  open: 'Open',
  closed: 'Closed',
  all: 'All',
  filter: 'Filter cases',
  filterSource: 'Show cases from',
  allSources: 'All sources',
  filteredAway: 'None of the fetched cases match',
  noOpen: (total) => `No open cases, ${total} closed.`,
  clear: 'Show all cases',
};
