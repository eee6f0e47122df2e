import {parseKle} from '@bsp/contract';
import {isExact} from './exact-number.js';
import {compileExpression, type Expression} from './expression.js';
import {dayOf, isNoMoment, momentOf} from './moments.js';
import {plainText} from './plain-text.js';

/** What a value is that is not what it should be. */
export const unreadable = Symbol('unreadable');

/** How a value is read: `undefined` where there is none. */
type Reader<T> = (value: unknown) => T | undefined | typeof unreadable;

const isNothing = (value: unknown): boolean => value === undefined || value === null;

/** A text, which may be empty. */
export const text: Reader<string> = (value) => {
  if (isNothing(value)) return undefined;
  if (typeof value === 'string') return value.trim();
  return isExact(value) ? String(value) : unreadable;
};
/** A text that says something. */
export const name: Reader<string> = (value) => (value === '' ? undefined : text(value) || undefined);
export const moment: Reader<string> = (value) => (isNoMoment(value) ? undefined : (momentOf(value) ?? unreadable));
export const day: Reader<string> = (value) => (isNoMoment(value) ? undefined : (dayOf(value) ?? unreadable));
export const flag: Reader<boolean> = (value) =>
  isNothing(value) ? undefined : typeof value === 'boolean' ? value : unreadable;
export const lines: Reader<readonly unknown[]> = (value) => {
  if (isNothing(value)) return undefined;
  const all = (Array.isArray(value) ? value : [value]).map(name).filter((line) => line !== undefined);
  return all.includes(unreadable) ? unreadable : all;
};
/** A number that is none would be a class that nobody may see, or everybody. */
export const kle: Reader<string> = (value) => {
  const number = name(value);
  return typeof number === 'string' && !parseKle(number).ok ? undefined : number;
};

/** Compiles an expression that finds a value in an entry. */
export const compileField = (expression: string, place: string): Expression =>
  compileExpression(expression, place, {
    functions: {plain: (html) => (typeof html === 'string' ? plainText(html) : html)},
  });
