import type {Translated} from '@bsp/core';
import type {PanelTexts} from './panel.strings.js';

/** English of the texts that all windows need at once. */
export const panelEnglish: Translated<PanelTexts> = {
  reload: (items) => `Fetch ${items} again`,
  retry: 'Try again',
  sourcesAnswered: (answered, asked) => `${answered} of ${asked} sources`,
  incomplete: (names) => `Something is missing or out of date: ${names}`,
  kept: (person) => `The windows still show ${person}. The change to somebody else was not carried out.`,
  veiled: 'Changing person …',
  noSubject: 'No person is chosen',
  failed: (items) => `${items} cannot be fetched right now`,
  loading: (items) => `Fetching ${items}`,
  empty: (items, answered) =>
    `No ${items} registered in the ${answered === 1 ? 'source' : `${answered} sources`} that answered`,
};
