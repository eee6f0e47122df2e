import type {Translated} from '@bsp/core';
import type {PanelTexts} from './panel.strings.js';

/** English of the texts that all windows need at once. */
export const panelEnglish: Translated<PanelTexts> = {
  reload: (items) => `Fetch ${items} again`,
  retry: 'Try again',
  incomplete: (names) => `Something is missing or out of date: ${names}`,
  veiled: 'Changing person …',
  noSubject: 'No person is chosen',
  failed: (items) => `${items} cannot be fetched right now`,
  empty: (items, answered) =>
    `No ${items} registered in the ${answered === 1 ? 'source' : `${answered} sources`} that answered`,
};
