/** The number of whom or what is asked for: in a request, in an answer, and in a URL. */
import type {Subject} from '@bsp/contract';
import {type NumberedSubject, numberInForm, type SubjectKey} from '../asked-subject.js';
import {text} from './field-readers.js';
import type {Values} from './placeholders.js';
import {numberIn} from './typed-number.js';

/** A subject that has a number. */
type WithNumber = Extract<Subject, {readonly value: string}>;

/** For which key a source reads. */
export const keyOf = ({subject = 'cpr'}: {readonly subject?: SubjectKey | undefined}): SubjectKey => subject;

/** The placeholders of the number that is asked for. */
export const numberNames = (type: SubjectKey): readonly [string, ...string[]] =>
  type === 'cpr' ? ['number', 'numberWithHyphen'] : ['number'];

/** What {@link numberNames} stand for. */
export const numberValues = ({type, value}: WithNumber): Values => ({
  number: value,
  ...(type === 'cpr' ? {numberWithHyphen: `${value.slice(0, 6)}-${value.slice(6)}`} : {}),
});

/** The longest number in an answer. */
const longest = 200;

function writtenOf(type: SubjectKey, said: unknown): unknown {
  if (typeof said !== 'number') return text(said);
  // A point separates thousands in a text; in a number it makes it none.
  if (!Number.isSafeInteger(said)) return undefined;
  // A number in JSON has lost its leading zero.
  return type === 'cpr' ? String(said).padStart(10, '0') : String(said);
}

/** Whom or what an answer names, however it writes the number; undefined where it is none of this type. */
export function subjectSaid(type: SubjectKey, said: unknown): NumberedSubject | undefined {
  const written = writtenOf(type, said);
  if (typeof written !== 'string' || written.length > longest) return undefined;
  const value = numberInForm(type, written);
  return value === undefined ? undefined : {type, value};
}

/** The number that no URL may hold. A company's and a property's may be there, unless they look like a person's. */
export const secretIn = ({type, value}: WithNumber): string | undefined => (type === 'cpr' ? value : numberIn(value));
