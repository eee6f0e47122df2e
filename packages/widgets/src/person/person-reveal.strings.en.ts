import type {Translated} from '@bsp/core';
import type {RevealTexts} from './person-reveal.strings.js';

/** English texts of what a reveal says. */
export const revealEnglish: Translated<RevealTexts> = {
  'shown-cpr': (seconds) => `The CPR number is shown for ${seconds} seconds`,
  'shown-address': (seconds) => `The address is shown for ${seconds} seconds`,
  'covered-cpr': 'The CPR number is hidden again',
  'covered-address': 'The address is hidden again',
  copy: 'The address is protected. Do you want to copy it?',
  'field-cpr': 'The CPR number',
  'field-address': 'The address',
  forbidden: (field) => `${field} cannot be shown: you may not see it.`,
  purpose: (field) => `${field} cannot be shown before the purpose of the lookup is stated.`,
  loggedOut: (field) => `${field} cannot be shown: you are not logged on. Log on again in your own system.`,
  closed: (field) => `${field} cannot be shown: the lookup of this person is closed. Choose the person again.`,
  nothing: (field) => `${field} cannot be shown: the source does not have it.`,
  slow: (field) => `${field} cannot be shown right now: the source did not answer. Try again.`,
  often: (field) =>
    `${field} cannot be shown right now: many were shown in a short time. Wait a little, and try again.`,
  unusable: (field) => `${field} cannot be shown: the answer does not belong to this person.`,
  failed: (field) => `${field} cannot be shown right now. Try again.`,
};
