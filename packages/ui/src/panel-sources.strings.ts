import type {StringSource} from '@bsp/core';

/** How the sources stand: beside the heading, in the foot, and for a screen reader. `names` is a list of sources. */
export const panelSourcesDanish = {
  sourcesAnswered: (answered: number, asked: number) => `${answered} af ${asked} kilder`,
  loading: (items: string) => `Henter ${items}`,
  sourcesWaiting: (waiting: number, asked: number) => `Venter på ${waiting} af ${asked}`,
  waitingFor: (names: string) => `Venter på ${names}`,
  updated: (time: string) => `Opdateret ${time}`,
  olderData: (name: string, time: string) => `${name} pr. ${time}`,
  more: (name: string) => `Hent flere fra ${name}`,
  kept: (person: string) => `Vinduerne viser fortsat ${person}. Skiftet til en anden blev ikke gennemført.`,
  objects: (program: string) => `${program} kan ikke skifte person lige nu.`,
  pinned: 'Fastholdt',
  pinnedTo: (person: string) => `Fastholdt på ${person}`,
  pinnedApart: 'Resten af siden kan vise en anden person.',
  rejoin: 'Følg siden igen',
  aProgram: 'et andet program',
  cutOff: (programs: string, person: string) =>
    `${programs} svarede ikke, da du skiftede person, og viser måske en anden. Skriv ikke dér, før du ser ${person}.`,
  broughtBy: (program: string) => `Personen er valgt i ${program}.`,
  partedFrom: (programs: string, person: string) => `${programs} viser måske en anden end ${person}.`,
  partedHere: (person: string) => `Dine andre programmer har skiftet person. Her vises fortsat ${person}.`,
  follow: 'Skift også her',
  glass: (time: string) =>
    `Nødadgang til kl. ${time}: du ser også det, du ellers ikke har adgang til. Hvert opslag bliver logget, og der er givet besked om det.`,
  thePerson: 'den person, der er valgt her',
};
/** See {@link panelSourcesDanish}. */
export type PanelSourcesTexts = typeof panelSourcesDanish;

/** Overridden under the name `panel`, as the panel's other texts. */
export const panelSourcesStrings: StringSource<PanelSourcesTexts> = {
  name: 'panel',
  da: panelSourcesDanish,
  en: async () => (await import('./panel-sources.strings.en.js')).panelSourcesEnglish,
};
