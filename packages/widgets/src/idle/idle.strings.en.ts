import type {Translated} from '@bsp/core';
import type {IdleTexts} from './idle.strings.js';

/** English texts of `<bsp-idle>`. */
export const idleEnglish: Translated<IdleTexts> = {
  heading: 'Are you still there?',
  warning: (seconds, person, drafts) =>
    `In ${seconds} seconds the details of ${person} are closed, so that nobody else can read along.${
      drafts ? ' Drafts are kept.' : drafts === false ? ' What you have written and not saved will be lost.' : ''
    }`,
  thePerson: 'the chosen person',
  stay: 'Stay here',
  closeNow: 'Close now',
  closed: (time, drafts) =>
    `The details were closed at ${time} because the screen was not in use. Choose the person again in your own system.${drafts ? ' Drafts wait there.' : ''}`,
  dismiss: 'Close the message',
};
