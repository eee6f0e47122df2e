import type {StringSource} from '@bsp/core';

/** How the sources stand: beside the heading and in the foot. `names` is a list of sources. */
export const panelSourcesDanish = {
  sourcesAnswered: (answered: number, asked: number) => `${answered} af ${asked} kilder`,
  sourcesWaiting: (waiting: number, asked: number) => `Venter på ${waiting} af ${asked}`,
  waitingFor: (names: string) => `Venter på ${names}`,
  updated: (time: string) => `Opdateret ${time}`,
  olderData: (name: string, time: string) => `${name} pr. ${time}`,
  more: (name: string) => `Hent flere fra ${name}`,
};
/** See {@link panelSourcesDanish}. */
export type PanelSourcesTexts = typeof panelSourcesDanish;

/** Overridden under the name `panel`, as the panel's other texts. */
export const panelSourcesStrings: StringSource<PanelSourcesTexts> = {
  name: 'panel',
  da: panelSourcesDanish,
  en: async () => (await import('./panel-sources.strings.en.js')).panelSourcesEnglish,
};
