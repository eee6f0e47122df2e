import {parseCpr} from '@bsp/contract';
import {type FieldLayout, type RecordLayout, type RecordOf, repeatedRecords, singleRecords} from './record-layouts.js';

type Singles = typeof singleRecords;
type Repeated = typeof repeatedRecords;

/** One person's extract, field by field. */
export interface Extract {
  /** The number that the file itself is about. */
  readonly cpr: string;
  readonly single: {readonly [K in keyof Singles]?: RecordOf<Singles[K]>};
  readonly repeated: {readonly [K in keyof Repeated]: readonly RecordOf<Repeated[K]>[]};
}

/** Why a file is not one person's extract. Says where and what, and never repeats what stands there. */
export class ExtractFault extends Error {
  readonly line: number;
  readonly column: number;
  constructor(line: number, column: number, what: string) {
    super(`CPR Direkte file, line ${line}, column ${column}: ${what}.`);
    this.name = 'ExtractFault';
    this.line = line;
    this.column = column;
  }
}

/** More than a long life of records; a file above this is no extract of one person. */
export const maxExtractBytes = 262_144;

const startRecord = '000';
const personRecord = '001';
const errorRecord = '910';
const endRecord = '999';

/** Decodes ISO-8859-1, and refuses what can only be something else. */
function textOf(bytes: Uint8Array): string {
  if (bytes.length === 0) throw new ExtractFault(1, 1, 'the file is empty');
  if (bytes.length > maxExtractBytes) throw new ExtractFault(1, 1, `the file is larger than ${maxExtractBytes} bytes`);
  let line = 1;
  let start = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    const next = bytes[i + 1] ?? 0;
    if (byte === 0x0a) {
      line++;
      start = i + 1;
    } else if (byte === 0x0d ? next !== 0x0a : byte < 0x20 || (byte >= 0x7f && byte < 0xa0)) {
      throw new ExtractFault(line, i - start + 1, 'a control character: the file is not ISO-8859-1');
    } else if (byte >= 0xc2 && byte < 0xe0 && next >= 0x80 && next < 0xc0) {
      // A letter followed by a sign such as ¸ or ¥: Danish text never has it, and UTF-8 shifts every later column.
      throw new ExtractFault(line, i - start + 1, 'the file is UTF-8, not ISO-8859-1');
    }
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

const isDay = (day: string): boolean => {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
};

/** A day that CPR knows only in part (`1961-00-00`) is none. */
const dayOf = (year: string, month: string, day: string): string | undefined => {
  const iso = `${year}-${month}-${day}`;
  return isDay(iso) ? iso : undefined;
};

/** Reads one field: undefined where it says nothing, a fault's text where it is not what its format says. */
function fieldValue(raw: string, [, length, format]: FieldLayout): {value?: string | undefined; fault?: string} {
  const text = raw.trim();
  if (text === '') return {};
  if (format === 'text' || format === 'mark') return {value: text};
  if (format === 'cpr') {
    if (/^0+$/.test(text)) return {};
    const cpr = parseCpr(text);
    return cpr.ok && cpr.value.value === text ? {value: text} : {fault: 'not a CPR number'};
  }
  if (format === 'code') {
    if (!/^\d+$/.test(text)) return {fault: 'not a number'};
    return /^0+$/.test(text) ? {} : {value: text.padStart(length, '0')};
  }
  const digits = {day: /^(\d{4})-(\d\d)-(\d\d)$/, day8: /^(\d{4})(\d\d)(\d\d)$/, moment: /^(\d{4})(\d\d)(\d\d)\d{4}$/};
  const match = digits[format].exec(text);
  return match ? {value: dayOf(match[1]!, match[2]!, match[3]!)} : {fault: 'not a date'};
}

function recordOf<L extends RecordLayout>(layout: L, type: string, text: string, line: number): RecordOf<L> {
  const record: {[K in keyof L]?: string} = {};
  for (const key in layout) {
    const field: FieldLayout = layout[key]!;
    const [position, length, , name] = field;
    const {value, fault} = fieldValue(text.slice(position - 1, position - 1 + length), field);
    if (fault !== undefined) throw new ExtractFault(line, position, `${fault} (record ${type}, ${name})`);
    if (value !== undefined) record[key] = value;
  }
  return record;
}

const cutOff = (line: number): ExtractFault =>
  new ExtractFault(line, 1, 'the end record (999) is missing: the file is cut off');

const isSingle = (type: string): type is keyof Singles => Object.hasOwn(singleRecords, type);
const isRepeated = (type: string): type is keyof Repeated => Object.hasOwn(repeatedRecords, type);

/** A record that begins within another's line would be lost with its line break: a protection, for one. */
function refuseLostLineBreaks(lines: readonly string[], cpr: string): void {
  const ownLength = 13;
  for (const [index, text] of lines.entries()) {
    const at = text.slice(ownLength).search(new RegExp(`\\d{3}${cpr}`));
    if (at >= 0) throw new ExtractFault(index + 1, ownLength + at + 1, 'a second record on the line');
  }
}

/**
 * Parses one person's CPR Direkte extract: a start record, the person's records in any order, an end record.
 *
 * @throws {@link ExtractFault} where the file is empty, too large, not ISO-8859-1, cut off, about two persons, or where a
 * field that we use is not what it should be. Record types and fields that we do not use are skipped.
 */
export function parseExtract(bytes: Uint8Array): Extract {
  const lines = textOf(bytes).split('\n');
  while (lines.at(-1)?.trim() === '') lines.pop();
  const single: Partial<Record<keyof Singles, RecordOf<RecordLayout>>> = {};
  const repeated: Record<keyof Repeated, RecordOf<RecordLayout>[]> = {'004': [], '014': [], '016': [], '022': []};
  let cpr: string | undefined;
  for (const [index, text] of lines.entries()) {
    const line = index + 1;
    const type = text.slice(0, 3);
    if (!/^\d{3}$/.test(type))
      throw line > 1 && line === lines.length ? cutOff(line) : new ExtractFault(line, 1, 'not a record type');
    if ((line === 1) !== (type === startRecord))
      throw new ExtractFault(line, 1, 'the start record (000) is not the first');
    if (type === errorRecord) throw new ExtractFault(line, 1, 'the register answered with an error record (910)');
    if (type === endRecord && line !== lines.length)
      throw new ExtractFault(line, 1, 'more stands after the end record');
    if (type !== startRecord && type !== endRecord) {
      const number = parseCpr(text.slice(3, 13));
      if (!number.ok || number.value.value !== text.slice(3, 13)) {
        throw new ExtractFault(line, 4, `not a CPR number (record ${type}, PNR)`);
      }
      cpr ??= number.value.value;
      if (cpr !== number.value.value) throw new ExtractFault(line, 4, 'the file is about more than one person');
    }
    if (isRepeated(type)) {
      repeated[type].push(recordOf<RecordLayout>(repeatedRecords[type], type, text, line));
    } else if (isSingle(type)) {
      if (single[type]) throw new ExtractFault(line, 1, `a second record ${type}`);
      single[type] = recordOf<RecordLayout>(singleRecords[type], type, text, line);
    }
  }
  if (lines.at(-1)?.slice(0, 3) !== endRecord) {
    throw cutOff(lines.length);
  }
  if (cpr !== undefined) refuseLostLineBreaks(lines, cpr);
  const person = single[personRecord];
  if (cpr === undefined || !person) throw new ExtractFault(lines.length, 1, 'the person record (001) is missing');
  if (person.status === undefined) {
    throw new ExtractFault(
      lines.findIndex((text) => text.startsWith(personRecord)) + 1,
      24,
      'no status (record 001, STATUS)',
    );
  }
  return {cpr, single, repeated};
}
