import type {Translated} from '@bsp/core';
import type {JournalTexts} from './journal.strings.js';

/** English texts of the time line. */
export const journalEnglish: Translated<JournalTexts> = {
  title: 'Journal',
  items: 'notes',
  count: (total, more) => `${more ? 'at least ' : ''}${total} ${total === '1' ? 'note' : 'notes'}`,
  shown: (shown, total) => `Showing ${shown} of ${total}`,
  showMore: (count) => `Show ${count} more`,
  noHeading: 'Note without a heading',
  noBody: 'The note has no text',
  case: 'Open the case',
  written: (when) => `Written down ${when}`,
  addendum: 'Addendum',
  noTools: 'Filters and forms could not be fetched. Reload the page to write notes.',
};
