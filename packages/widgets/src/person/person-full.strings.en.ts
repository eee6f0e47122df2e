import type {Translated} from '@bsp/core';
import type {FullTexts} from './person-full.strings.js';

/** English texts of the full form. */
export const fullEnglish: Translated<FullTexts> = {
  none: 'None',
  notYet: 'not yet in force',
  status: 'CPR status',
  sex: 'Sex',
  female: 'Female',
  male: 'Male',
  citizenship: 'Citizenship',
  spouse: 'Spouse or partner',
  parents: 'Parents',
  previousNumbers: 'Earlier numbers',
  protections: 'Protections',
  'protection-name-address': 'Name and address protection',
  'protection-directory': 'Directory protection',
  'protection-marketing': 'Marketing protection',
  'protection-research': 'Research protection',
};
