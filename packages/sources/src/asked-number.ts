import {parseCpr, problemOf} from '@bsp/contract';
import {type ConnectorRead, SourceProblem} from './connector.js';

/** The number of the person who is asked for; undefined where the subject is none. */
export function numberOf({subject}: Pick<ConnectorRead, 'subject'>): string | undefined {
  if (subject.type !== 'cpr') return undefined;
  const cpr = parseCpr(subject.value);
  if (!cpr.ok) throw new SourceProblem('invalid', problemOf('invalid-subject', 'Not a CPR number'));
  return cpr.value.value;
}
