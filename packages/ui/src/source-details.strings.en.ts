import type {Translated} from '@bsp/core';
import type {SourceDetailsTexts} from './source-details.strings.js';

/** English texts of the popover about sources. */
export const sourceDetailsEnglish: Translated<SourceDetailsTexts> = {
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
  count: (count, more) => (more ? `${count} fetched, there are more` : `${count} fetched`),
  asOf: (time) => `data from ${time}`,
};
