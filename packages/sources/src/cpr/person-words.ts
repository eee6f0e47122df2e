/** Codes of CPR in our words. */
import type {Person} from '@bsp/contract';

/** By status code, two digits. */
export const statusKinds: Readonly<Record<string, Person['status']['kind']>> = {
  '01': 'active',
  '03': 'active',
  '05': 'active',
  '07': 'active',
  '20': 'inactive',
  '30': 'annulled',
  '50': 'annulled',
  '60': 'changed-number',
  '70': 'missing',
  '80': 'emigrated',
  '90': 'dead',
};

/** By civil status. */
export const civilStatusKinds: Readonly<Record<string, NonNullable<Person['civilStatus']>['kind']>> = {
  U: 'unmarried',
  G: 'married',
  F: 'divorced',
  E: 'widowed',
  P: 'registered-partnership',
  O: 'dissolved-partnership',
  L: 'surviving-partner',
  D: 'deceased',
};

const couples: ReadonlySet<string | undefined> = new Set(['married', 'separated', 'registered-partnership']);

/** Whether a civil status has a spouse in it. CPR keeps the other one's number after a divorce and a death. */
export const isCouple = (kind: NonNullable<Person['civilStatus']>['kind'] | undefined): boolean => couples.has(kind);

/** Whether a rule with these days holds today; it holds on its last day too. */
export const holds = (today: string, from: string | undefined, to: string | undefined): boolean =>
  (from === undefined || from <= today) && (to === undefined || to >= today);
