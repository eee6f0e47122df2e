import {normalizedSubject, type Subject} from '@bsp/contract';
import type {Connector, ConnectorRead} from './connector.js';
import {fault} from './http/answer-problems.js';

/** The keys by which a source system can know anybody or anything. */
export const subjectKeys = ['cpr', 'cvr', 'bfe', 'employee'] as const satisfies readonly Subject['type'][];
/** One of {@link subjectKeys}. */
export type SubjectKey = (typeof subjectKeys)[number];

/** Whom or what is asked for, by the real number in the contract's form. */
export interface NumberedSubject<K extends SubjectKey = SubjectKey> {
  readonly type: K;
  readonly value: string;
}

/** What a key is called in problems. */
const nameOf: Readonly<Record<SubjectKey, string>> = {
  cpr: 'CPR number',
  cvr: 'CVR number',
  bfe: 'BFE number',
  employee: 'employee’s key',
};

/** A number in the contract's form; undefined where it is none of this key. */
export function numberInForm(type: Extract<Subject, {value: string}>['type'], value: string): string | undefined {
  const parsed = normalizedSubject({type, value});
  return parsed.ok && 'value' in parsed.value ? parsed.value.value : undefined;
}

/**
 * A subject of one of these keys, with its number in the contract's form.
 *
 * @throws SourceProblem where it is of none of them, or its number none
 */
export function numberedAs<K extends SubjectKey>(subject: Subject, keys: readonly K[]): NumberedSubject<K> {
  const type = keys.find((key) => key === subject.type);
  if (type === undefined || !('value' in subject))
    throw fault('invalid', 'not-applicable', 'The source knows nothing of this kind of subject');
  const value = numberInForm(type, subject.value);
  if (value === undefined) throw fault('invalid', 'invalid-subject', `Not a valid ${nameOf[type]}`);
  return {type, value};
}

/**
 * Whom or what a connector is asked about.
 *
 * @throws SourceProblem where it names neither the resource nor the subject: to find nothing would be a claim
 */
export function askedSubject<K extends SubjectKey>(
  {subject, resource}: Pick<ConnectorRead, 'subject' | 'resource'>,
  {resources, subjects}: Pick<Connector, 'resources'> & {readonly subjects: readonly K[]},
): NumberedSubject<K> {
  if (!resources.includes(resource)) throw fault('invalid', 'not-applicable', 'The source has nothing of this kind');
  return numberedAs(subject, subjects);
}
