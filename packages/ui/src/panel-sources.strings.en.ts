import type {Translated} from '@bsp/core';
import type {PanelSourcesTexts} from './panel-sources.strings.js';

/** English texts of how the sources stand. */
export const panelSourcesEnglish: Translated<PanelSourcesTexts> = {
  sourcesAnswered: (answered, asked) => `${answered} of ${asked} sources`,
  loading: (items) => `Fetching ${items}`,
  sourcesWaiting: (waiting, asked) => `Waiting for ${waiting} of ${asked}`,
  waitingFor: (names) => `Waiting for ${names}`,
  updated: (time) => `Updated ${time}`,
  olderData: (name, time) => `${name} as of ${time}`,
  more: (name) => `Fetch more from ${name}`,
  kept: (person) => `The windows still show ${person}. The change to somebody else was not carried out.`,
  objects: (program) => `${program} cannot change person right now.`,
  pinned: 'Pinned',
  pinnedTo: (person) => `Pinned to ${person}`,
  pinnedApart: 'The rest of the page may show somebody else.',
  rejoin: 'Follow the page again',
  aProgram: 'another program',
  cutOff: (programs, person) =>
    `${programs} did not answer when you changed person, and may show somebody else. Do not write there until you see ${person}.`,
  broughtBy: (program) => `The person was chosen in ${program}.`,
  partedFrom: (programs, person) => `${programs} may show somebody other than ${person}.`,
  partedHere: (person) => `Your other programs have changed person. ${person} is still shown here.`,
  follow: 'Change here too',
  glass: (time) =>
    `Emergency access until ${time}: you also see what you otherwise have no access to. Every lookup is logged, and somebody has been told.`,
  thePerson: 'the person who is chosen here',
};
