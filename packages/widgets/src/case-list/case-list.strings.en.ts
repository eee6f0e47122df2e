import type {Translated} from '@bsp/core';
import type {CaseListTexts} from './case-list.strings.js';

/** English texts of the case list. */
export const caseListEnglish: Translated<CaseListTexts> = {
  title: 'Cases',
  items: 'cases',
  count: (open, total, more) => `${open} open of ${more ? 'at least ' : ''}${total}`,
  shown: (shown, total) => `Showing ${shown} of ${total}`,
  case: 'Case',
  status: 'Status',
  responsible: 'Responsible',
  changed: 'Changed',
  source: 'Source',
  untitled: 'Case without a title',
  noResponsible: 'Nobody responsible',
  quoted: (word) => `“${word}”`,
  noNative: 'The source gives no status',
  exists: 'There are one or more cases that you have no access to. Contact',
  showMore: (count) => `Show ${count} more`,
  'phase-arisen': 'Arisen',
  'phase-informed': 'Informed',
  'phase-decided': 'Decided',
  'phase-ordered': 'Ordered',
  'phase-executed': 'Executed',
  'phase-closed': 'Closed',
  'phase-unknown': 'Unknown phase',
  'mark-confidential': 'Confidential',
  'mark-sensitive': 'Sensitive',
  'mark-vip': 'VIP case',
  'mark-unknown': 'Unknown sensitivity',
};
