import type {Translated} from '@bsp/core';
import type {AccessTexts} from './access.strings.js';

/** English of what is asked before more is opened. */
export const accessEnglish: Translated<AccessTexts> = {
  glassHeading: 'Emergency access',
  glassWhat: (minutes) =>
    `You get access to information about this person that you may otherwise not see${minutes ? `, for ${minutes} minutes` : ', for a short time'}. Use it only when it cannot wait.`,
  glassTold: (whom) =>
    `${whom ? `${whom.charAt(0).toUpperCase()}${whom.slice(1)}` : 'Your organisation'} will be told that you used it, and every lookup is logged with your reason.`,
  reason: 'Reason',
  reasonMissing: (least) => `Write why it is necessary, in at least ${least} characters`,
  breakGlass: 'Open with emergency access',
  purposeHeading: 'Purpose of the lookup',
  purposeWhat: 'Choose what the information is for. The purpose is logged.',
  purpose: 'Purpose',
  purposeMissing: 'Choose a purpose',
  openFor: 'Open for this purpose',
  opening: 'Opening …',
  cancel: 'Cancel',
  refused: 'It was refused. Nothing has been opened.',
  failed: 'It did not succeed. Nothing has been opened. Try again.',
};
