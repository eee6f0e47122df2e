import {parseCpr, type Subject} from '@bsp/contract';
import type {ConnectorRead} from './connector.js';
import {fault} from './http/answer-problems.js';

/**
 * The ten digits of a person's number.
 *
 * @throws SourceProblem where the subject is no person, or its number none
 */
export function personNumberOf(subject: Subject): string {
  if (subject.type !== 'cpr') throw fault('invalid', 'not-applicable', 'The source knows persons only');
  const cpr = parseCpr(subject.value);
  if (!cpr.ok) throw fault('invalid', 'invalid-subject', 'Not a CPR number');
  return cpr.value.value;
}

/**
 * The number of the person of whom one of `resources` is asked for.
 *
 * @throws SourceProblem where something else is: to find nothing would be a claim
 */
export function askedNumber(
  {subject, resource}: Pick<ConnectorRead, 'subject' | 'resource'>,
  resources: readonly string[],
): string {
  if (!resources.includes(resource)) throw fault('invalid', 'not-applicable', 'The source has nothing of this kind');
  return personNumberOf(subject);
}
