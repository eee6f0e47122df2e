/**
 * Danish identifiers: CPR, CVR and BFE. Pure functions, no I/O.
 *
 * @packageDocumentation
 */

/** A parsed CPR number. */
export interface Cpr {
  /** Ten characters without a separator. Never put this in a URL, an attribute, a log or storage. */
  readonly value: string;
  /** `DDMMYY-••••`: what may be shown. */
  readonly masked: string;
  /** ISO date of birth; absent when a letter in position 7 hides the century. */
  readonly birthDate?: string;
  /** From the parity of position 10; absent when that is a letter. */
  readonly sex?: 'female' | 'male';
  /** A replacement number (erstatnings-CPR): day + 60. */
  readonly replacement: boolean;
  /** Whether modulus 11 holds. It does not for all numbers issued since 2007-10-01: warn, never reject. */
  readonly modulus11: boolean;
}

/** Why a text is not the identifier that it should be. `reason` is stable; the text that was read is never repeated. */
export interface IdentifierFault {
  readonly ok: false;
  readonly reason: 'format' | 'date' | 'checksum';
}

/** A parsed identifier or the reason why there is none. */
export type Parsed<T> = {readonly ok: true; readonly value: T} | IdentifierFault;

const fault = (reason: IdentifierFault['reason']): IdentifierFault => ({ok: false, reason});

const weightedSum = (digits: string, weights: string): number => {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += Number(digits[i]) * Number(weights[i]);
  return sum;
};

const daysInMonth = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** Century of a CPR number after its seventh digit (CPR-kontoret, "Personnummeret i CPR", section 1). */
const cprCentury = (year: number, seventh: number): number => {
  if (seventh <= 3) return 1900;
  if (seventh === 4 || seventh === 9) return year <= 36 ? 2000 : 1900;
  return year <= 57 ? 2000 : 1800;
};

/** What a CPR number says when it is read. */
interface CprReading {
  readonly value: string;
  /** Day of the month. */
  readonly day: number;
  /** Absent when a letter in position 7 hides the century. */
  readonly year: number | undefined;
  readonly replacement: boolean;
}

function readCpr(text: string): Parsed<CprReading> {
  const match = /^(\d\d)(\d\d)(\d\d)[-\u2010-\u2015\u2212]?([\dA-Z]{4})$/i.exec(text.replace(/\s/g, ''));
  if (!match) return fault('format');
  const [, dd, mm, yy, written] = match as unknown as [string, string, string, string, string];
  const serial = written.toUpperCase();
  const replacement = Number(dd) > 60;
  if (/\D/.test(serial) && !replacement) return fault('format');
  const day = Number(dd) - (replacement ? 60 : 0);
  const month = Number(mm);
  const shortYear = Number(yy);
  const seventh = serial.charCodeAt(0) < 58 ? Number(serial[0]) : undefined;
  const year = seventh === undefined ? undefined : cprCentury(shortYear, seventh) + shortYear;
  const longestFebruary = year ?? (shortYear === 0 ? 2000 : 1900 + shortYear);
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(longestFebruary, month)) return fault('date');
  return {ok: true, value: {value: dd + mm + yy + serial, day, year, replacement}};
}

/** A CPR number as {@link parseCpr} reads it, as ten characters: all that windows need of it. */
export function cprValue(text: string): Parsed<string> {
  const reading = readCpr(text);
  return reading.ok ? {ok: true, value: reading.value.value} : reading;
}

/**
 * Parses a CPR number as people write it: with or without hyphen or spaces.
 *
 * A number that fails modulus 11 is valid; 31 February is not. Replacement numbers have 60 added to the day, and some of
 * them letters in positions 7–10.
 */
export function parseCpr(text: string): Parsed<Cpr> {
  const reading = readCpr(text);
  if (!reading.ok) return reading;
  const {value, day, year, replacement} = reading.value;
  const last = value.charCodeAt(9) < 58 ? Number(value[9]) : undefined;
  return {
    ok: true,
    value: {
      value,
      masked: maskCpr(value),
      ...(year === undefined ? {} : {birthDate: `${year}-${value.slice(2, 4)}-${String(day).padStart(2, '0')}`}),
      ...(last === undefined ? {} : {sex: last % 2 === 0 ? 'female' : 'male'}),
      replacement,
      modulus11: !/\D/.test(value) && weightedSum(value, '4327654321') % 11 === 0,
    },
  };
}

/** `DDMMYY-••••` of ten characters. */
export const maskCpr = (value: string): string => `${value.slice(0, 6)}-••••`;

/**
 * Masks every CPR number that stands in a free text, for display. Other ten-digit numbers stay, and so does what follows letters
 * without a hyphen in it: an id. So does what has the form of a UUID, which holds what reads as a number once in four
 * thousand.
 */
export const maskCprInText = (text: string): string =>
  text.replace(
    /\w{8}(?:-\w{4}){3}-\w{12}|(?<!\d|[A-Za-z](?=\d{7}))\d{6}[^\S\n]?[-\u2010-\u2015\u2212]?[^\S\n]?[\dA-Z]{4}(?![\dA-Za-z])/g,
    (found) => {
      const parsed = cprValue(found);
      return parsed.ok ? maskCpr(parsed.value) : found;
    },
  );

/** Parses a CVR number: eight digits, the first not 0, weights 2,7,6,5,4,3,2,1, modulus 11. */
export function parseCvr(text: string): Parsed<string> {
  const value = text.replace(/\s/g, '').replace(/^DK/i, '');
  if (!/^[1-9]\d{7}$/.test(value)) return fault('format');
  return weightedSum(value, '27654321') % 11 === 0 ? {ok: true, value} : fault('checksum');
}

/** Parses a BFE number (property): a positive integer of at most ten digits, without leading zeros. */
export function parseBfe(text: string): Parsed<string> {
  const value = text.replace(/[\s.]/g, '');
  return /^[1-9]\d{0,9}$/.test(value) ? {ok: true, value} : fault('format');
}
