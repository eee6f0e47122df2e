import type {Translated} from '@bsp/core';
import type {EventMarksTexts} from './event-marks.strings.js';

/** English texts of what may be done with an event. */
export const eventMarksEnglish: Translated<EventMarksTexts> = {
  acknowledged: 'Acknowledged',
  done: 'Done',
  acknowledge: 'Acknowledge',
  finish: 'Done',
  markSeen: 'Mark all as seen',
  of: (action, title) => `${action}: ${title}`,
  saving: 'Saving …',
  notSaved: 'It was not saved. Try again.',
  refused: 'You may not change this event.',
  elsewhere: 'The person is no longer open here. Choose the person again.',
};
