import type {Translated} from '@bsp/core';
import type {HopTexts} from './hop.strings.js';

/** English texts of the window. */
export const hopEnglish: Translated<HopTexts> = {
  title: 'Open in',
  items: 'shortcuts',
  other: 'Another system',
  none: 'There are no other systems to open.',
  newWindow: (name) => `Open ${name} in a new window`,
  opening: (name) => `Opening ${name} …`,
  opened: (name) => `${name} has been opened in a new window`,
  blocked: (name) => `The browser opened no window for ${name}. Allow new windows from this page.`,
  failed: (name) => `${name} could not be opened. Nothing has been sent.`,
  forbidden: (name) => `You may not open ${name} from here.`,
  again: 'Try again',
};
