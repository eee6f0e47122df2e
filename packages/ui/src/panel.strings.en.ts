import type {Translated} from '@bsp/core';
import type {PanelTexts} from './panel.strings.js';

const sources = (count: number) => (count === 1 ? 'the source' : `the ${count} sources`);

/** English of the texts that all windows share. */
export const panelEnglish: Translated<PanelTexts> = {
  reload: (items) => `Fetch ${items} again`,
  retry: 'Try again',
  sourcesAnswered: (answered, asked) => `${answered} of ${asked} sources`,
  sourcesWaiting: (waiting, asked) => `Waiting for ${waiting} of ${asked}`,
  waitingFor: (name) => `Waiting for ${name}`,
  sourcesTitle: 'Sources',
  updated: (time) => `Updated ${time}`,
  olderData: (name, time) => `${name} as of ${time}`,
  more: (name) => `Fetch more from ${name}`,
  moreToFetch: (names) => `${names} has more that is not fetched.`,
  noAnswer: (names) => `${names} did not answer.`,
  badAnswer: (names) => `${names} sent an answer that cannot be read.`,
  noAccess: (names) => `You have no access to ${names}.`,
  needsPurpose: (names) => `${names} requires a stated purpose.`,
  missing: (items) => `${items} from there are missing.`,
  stale: (time) => `What is shown from there is from ${time}.`,
  unreadable: (count, name) =>
    count === 1
      ? `1 record from ${name} cannot be read and is missing.`
      : `${count} records from ${name} cannot be read and are missing.`,
  interrupted: 'Fetching was interrupted. Something may be missing.',
  offlineKept: 'There is no connection. What is shown may be out of date.',
  configFault: (keys) => `The setup of this window cannot be used (${keys}). The default applies.`,
  kept: (person) => `The windows still show ${person}. The change to somebody else was not carried out.`,
  veiled: 'Changing person …',
  noSubject: 'No person is chosen',
  unsupported: (items) => `None of the connected systems delivers ${items}`,
  offline: 'There is no connection. The window fetches by itself when it is back.',
  forbidden: (items) => `You have no access to ${items} of this person`,
  purpose: (items) => `The purpose of the lookup must be stated before ${items} can be shown`,
  loggedOut: 'You are not logged on. Log on again in your own system.',
  error: (items) => `${items} cannot be shown: no source answered`,
  failed: (items) => `${items} cannot be fetched right now`,
  unknownSubject: 'The person is not in the sources',
  invalidSubject: 'The number is not valid',
  loading: (items) => `Fetching ${items}`,
  empty: (items, answered) => `No ${items} registered in ${sources(answered)} that answered`,
  emptyPartial: (items, answered) => `No ${items} in what came from ${sources(answered)} that answered`,
};
