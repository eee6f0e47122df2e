import type {Translated} from '@bsp/core';
import type {PanelSourcesTexts} from './panel-sources.strings.js';

/** English texts of how the sources stand. */
export const panelSourcesEnglish: Translated<PanelSourcesTexts> = {
  sourcesAnswered: (answered, asked) => `${answered} of ${asked} sources`,
  sourcesWaiting: (waiting, asked) => `Waiting for ${waiting} of ${asked}`,
  waitingFor: (names) => `Waiting for ${names}`,
  updated: (time) => `Updated ${time}`,
  olderData: (name, time) => `${name} as of ${time}`,
  more: (name) => `Fetch more from ${name}`,
};
