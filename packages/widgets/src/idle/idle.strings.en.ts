import type {Translated} from '@bsp/core';
import type {IdleTexts} from './idle.strings.js';

/** English texts of `<bsp-idle>`. */
export const idleEnglish: Translated<IdleTexts> = {
  heading: 'Are you still there?',
  warning: (seconds, person) =>
    `In ${seconds} seconds the details of ${person} are closed, so that nobody else can read along. Drafts are kept.`,
  thePerson: 'the chosen person',
  stay: 'Stay here',
  closeNow: 'Close now',
  closed: (time) =>
    `The details were closed at ${time} because the screen was not in use. Choose the person again in your own system. Drafts wait there.`,
  dismiss: 'Close the message',
};
