import type {Translated} from '@bsp/core';
import type {ToolsTexts} from './journal-tools.strings.js';

/** English texts of filters, deliveries and drafts. */
export const toolsEnglish: Translated<ToolsTexts> = {
  filter: 'Filter notes',
  filterSource: 'Show notes from',
  allSources: 'All sources',
  filterCase: 'Show notes on the case',
  allCases: 'All cases',
  filteredAway: 'None of the fetched notes match',
  clear: 'Show all notes',
  whole: 'Show the whole note',
  less: 'Show less',
  add: 'Add to the note',
  write: 'Write note',
  draft: (when) => `You have a draft from ${when}`,
  addendumDraft: (when) => `You have begun an addendum, ${when}`,
  resume: 'Continue',
  noForm: 'The form could not be fetched. Try again in a moment.',
  'delivery-kept': (source) => `Saved in ${source}`,
  'delivery-queued': 'Saved, waiting to be sent to the case system',
  'delivery-received': 'Received for distribution',
  'delivery-delivered': 'Delivered to the case system',
  'delivery-accepted': 'Filed in the case system',
  'delivery-rejected': 'Rejected by the case system',
  'delivery-failed': 'Could not be delivered to the case system',
};
