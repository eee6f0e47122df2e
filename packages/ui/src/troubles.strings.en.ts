import type {Translated} from '@bsp/core';
import type {TroubleTexts} from './troubles.strings.js';

const sources = (count: number) => (count === 1 ? 'the source' : `the ${count} sources`);

/** English of what can be wrong. */
export const troublesEnglish: Translated<TroubleTexts> = {
  noAnswer: (names) => `${names} did not answer.`,
  badAnswer: (names) => `${names} sent an answer that cannot be read.`,
  noAccess: (names) => `${names} gives you no access.`,
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
  unsupported: (items) => `None of the connected systems delivers ${items}`,
  offline: 'There is no connection. The window fetches by itself when it is back.',
  forbidden: (items) => `You have no access to ${items} of this person`,
  purpose: (items) => `The purpose of the lookup must be stated before ${items} can be shown`,
  loggedOut: 'You are not logged on. Log on again in your own system.',
  error: (items) => `${items} cannot be shown: no source answered`,
  failed: (items) => `${items} cannot be fetched right now`,
  closed: 'The lookup of the person is closed. Choose the person again.',
  closedRenewable: 'The lookup of this person is closed.',
  renew: 'Open again',
  breakGlass: 'Emergency access …',
  mayBeMore: 'There may be more that you have no access to.',
  statePurpose: 'State the purpose …',
  busy: (items) => `${items} cannot be fetched right now: there are too many lookups. Wait a little, and try again.`,
  unknownSubject: 'The person could not be looked up',
  invalidSubject: 'The number is not valid',
  emptyPartial: (items, answered) => `No ${items} in what came from ${sources(answered)} that answered`,
};
