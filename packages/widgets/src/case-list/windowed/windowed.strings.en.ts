import type {Translated} from '@bsp/core';
import type {WindowedTexts} from './windowed.strings.js';

/** English texts of windowed rows. */
export const windowedEnglish: Translated<WindowedTexts> = {
  rows: (table) => `Rows: ${table}`,
  range: (first, last, total) => `Showing ${first}–${last} of ${total}`,
  single: (row, total) => `Showing number ${row} of ${total}`,
  whole: (total) => `Showing ${total} of ${total}`,
  printed: (first, last, total, missing) =>
    `This print has rows ${first}–${last} of ${total}. ${missing} are not on it.`,
};
