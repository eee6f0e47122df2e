import type {Translated} from '@bsp/core';
import type {CaseHopTexts} from './case-hop.strings.js';

/** English texts of the systems that a case can be opened in. */
export const caseHopEnglish: Translated<CaseHopTexts> = {
  hop: 'Open in',
  openIn: (title, system) => `Open ${title} in ${system} in a new window`,
  opening: (system) => `Opening ${system} …`,
  blocked: 'The browser opened no window. Allow new windows from this page.',
  failed: 'Could not be opened. Nothing has been sent.',
};
