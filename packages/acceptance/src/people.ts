import {cprValue, maskCpr} from '@bsp/contract';

/** Test persons: never real ones. */
export interface TestPeople {
  /** Ten digits each. The backend has records of the first two. */
  readonly first: string;
  readonly second: string;
  /** One that no source knows; absent: what needs it is left out. */
  readonly unknown?: string;
}

/** The file of test persons is not usable; the message never holds a number. */
export class PeopleError extends Error {}

/**
 * Reads test persons, one CPR number to a line: two that the backend knows, and one that it does not. Empty lines and lines
 * that begin with `#` are left out.
 *
 * @throws PeopleError
 */
export function peopleOf(text: string): TestPeople {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const numbers: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const parsed = cprValue(line);
    if (!parsed.ok) throw new PeopleError(`Line ${index + 1} is no CPR number: ${parsed.reason}.`);
    numbers.push(parsed.value);
  }
  const [first, second, unknown] = numbers;
  if (first === undefined || second === undefined)
    throw new PeopleError('Give two test persons, one CPR number to a line.');
  if (numbers.length > 3) throw new PeopleError('Give three test persons at most.');
  if (new Set(numbers).size < numbers.length) throw new PeopleError('The test persons must be different ones.');
  if (first.slice(0, 6) === second.slice(0, 6))
    throw new PeopleError('The two test persons must have different birth dates: masked numbers tell them apart.');
  return {first, second, ...(unknown === undefined ? {} : {unknown})};
}

/** The numbers of all test persons. */
export const numbersOf = ({first, second, unknown}: TestPeople): string[] => [
  first,
  second,
  ...(unknown === undefined ? [] : [unknown]),
];

/** A text in which the test persons' numbers are masked, whatever stands between their parts. */
export const withoutNumbers = (text: string, people: TestPeople): string =>
  numbersOf(people).reduce(
    (rest, number) => rest.replace(new RegExp(`${number.slice(0, 6)}.?${number.slice(6)}`, 'gi'), maskCpr(number)),
    text,
  );
