import {normalizedSubject, type Subject} from '@bsp/contract';
import type {Connector, ConnectorRead} from './connector.js';
import {fault} from './http/answer-problems.js';

/** Whom records are about, by a number in the contract's form. */
export interface Numbered<T extends Subject['type']> {
  readonly type: T;
  readonly value: string;
}

/**
 * A subject that is one of these types, with its number in the contract's form.
 *
 * @throws SourceProblem where it is none of them, or its number none
 */
export function numberedAs<T extends Subject['type']>(subject: Subject, types: readonly T[]): Numbered<T> {
  const type = types.find((one) => one === subject.type);
  if (type === undefined) throw fault('invalid', 'not-applicable', 'The source knows nothing of this kind of subject');
  const normalized = normalizedSubject(subject);
  if (!normalized.ok || !('value' in normalized.value))
    throw fault('invalid', 'invalid-subject', `Not a whole ${type.toUpperCase()} number`);
  return {type, value: normalized.value.value};
}

/**
 * Whom a connector is asked about.
 *
 * @throws SourceProblem where it names neither the resource nor the subject: to find nothing would be a claim
 */
export function askedSubject<T extends Subject['type']>(
  {subject, resource}: Pick<ConnectorRead, 'subject' | 'resource'>,
  {resources, subjects}: Pick<Connector, 'resources'> & {readonly subjects: readonly T[]},
): Numbered<T> {
  if (!resources.includes(resource)) throw fault('invalid', 'not-applicable', 'The source has nothing of this kind');
  return numberedAs(subject, subjects);
}
