// Identifiers under anything that people and systems write: what is taken is what was written, in canonical form.
import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import fc from 'fast-check';
import {bites, fuzz, type Target} from '../../../tests/fuzz/fuzz.js';
import {maskCprInText, parseBfe, parseCpr, parseCvr} from './identifiers.js';
import {kleMatches, parseKle} from './kle.js';
import {normalizedSubject, type Subject, subjectSchema} from './subject.js';

const samples = [
  '6405851002',
  '640585-1002',
  '640585 1002',
  '610184AB12',
  '29189846',
  'DK 29 18 98 46',
  '00000000',
  '100.234.567',
];
const kleSamples = ['32.24.04', '32.24.04-G01', '27.60.10 Ø12', '00.00.00'];
const oddCharacter = fc.constantFrom(
  '0',
  '9',
  '-',
  '–',
  ' ',
  '\u00a0',
  '\n',
  'ß',
  'ﬀ',
  'ı',
  'ſ',
  'K',
  '٣',
  '３',
  'x',
  'Å',
  '\u0000',
  '\ud800',
  '.',
  '',
);

interface Written {
  readonly text: string;
  readonly at: number;
  readonly by: string;
  readonly length: number;
}
const writtenOf = (texts: readonly string[]): fc.Arbitrary<Written> =>
  fc.record({
    text: fc.oneof(
      fc.constantFrom(...texts),
      fc.constantFrom(...texts),
      fc.stringMatching(/^\d{6}-?\d{4}$/),
      fc.stringMatching(/^[0-9A-Z]{8,10}$/),
    ),
    at: fc.nat(12),
    by: fc.oneof(oddCharacter, fc.string({maxLength: 3}), fc.constant('')),
    length: fc.nat(2),
  });
const textOf = ({text, at, by, length}: Written): string => text.slice(0, at) + by + text.slice(at + length);

/** What is left of a text once the ways to divide a number are taken out, in capitals of ASCII only. */
const bare = (text: string): string =>
  text.replace(/[\s.\-\u2010-\u2015\u2212]/g, '').replace(/[a-z]/g, (letter) => letter.toUpperCase());

const persons = (parse: typeof parseCpr = parseCpr): Target<Written> => ({
  inputs: writtenOf(samples),
  check(written) {
    const text = textOf(written);
    const result = parse(text);
    assertNoneLeft(`Sag om ${text} og mere`);
    if (!result.ok) {
      assert(['format', 'date'].includes(result.reason));
      assert.equal(JSON.stringify(result).includes(text) && text.length > 6, false, 'a fault repeats what was read');
      return 'refused';
    }
    const {value, masked, birthDate} = result.value;
    assert.equal(value, bare(text), 'another number than was written');
    assert.match(value, /^\d{6}[\dA-Z]{4}$/);
    assert.equal(masked, `${value.slice(0, 6)}-••••`);
    assert.deepEqual(parse(value), result, 'the canonical form reads otherwise');
    if (birthDate !== undefined) {
      const [year = '', month, day] = birthDate.split('-');
      assert.equal(new Date(`${birthDate}T00:00:00Z`).toISOString().slice(0, 10), birthDate);
      assert.equal(value.slice(2, 6), `${month}${year.slice(2)}`);
      assert.equal(Number(value.slice(0, 2)) % 60, Number(day) % 60);
    }
    return 'taken';
  },
});

/** No number stands any longer, and what was masked once is not changed by masking it again. */
function assertNoneLeft(text: string): void {
  const masked = maskCprInText(text);
  assert.equal(maskCprInText(masked), masked);
  for (const [found] of masked.matchAll(/(?<![\dA-Za-z])\d{6}-?[\dA-Z]{4}(?![\dA-Za-z])/g))
    assert(!parseCpr(found).ok, 'a number stands in a masked text');
}

const subjects: Target<Written & {type: Subject['type']}> = {
  inputs: fc
    .tuple(writtenOf(samples), fc.constantFrom('cpr', 'cvr', 'bfe', 'employee', 'ref', 'user', 'self'))
    .map(([written, type]) => ({...written, type}) as Written & {type: Subject['type']}),
  check({type, ...written}) {
    const text = textOf(written);
    const shape = subjectSchema.safeParse({type, value: text});
    if (!shape.success) return 'refused';
    const result = normalizedSubject(shape.data as Subject);
    if (!result.ok) return 'refused';
    const {value} = result;
    assert.equal(value.type, type);
    assert.deepEqual(normalizedSubject(value), result, 'the canonical form reads otherwise');
    if (!('value' in value)) return 'taken';
    if (type === 'cvr') {
      assert.equal(value.value, bare(text).replace(/^DK/, ''));
      assert(Number(value.value) >= 10_000_000, 'a company number that nobody has');
      assert.deepEqual(parseCvr(value.value), {ok: true, value: value.value});
    }
    if (type === 'bfe') assert.equal(value.value, bare(text));
    if (type === 'bfe') assert(parseBfe(value.value).ok && Number(value.value) > 0);
    return 'taken';
  },
};

const classifications: Target<Written> = {
  inputs: writtenOf(kleSamples),
  check(written) {
    const text = textOf(written);
    const result = parseKle(text);
    if (!result.ok) return 'refused';
    const {subject, group, mainGroup, facet} = result.value;
    const again = facet === undefined ? subject : `${subject}-${facet}`;
    assert.equal(again.replace('-', ''), text.trim().replace(/[-\s]/, '').toUpperCase());
    assert.deepEqual(parseKle(again), result);
    for (const pattern of ['*', `${mainGroup}.*`, `${group}.*`, subject]) assert(kleMatches(pattern, subject));
    assert(!kleMatches('', subject) && !kleMatches(`${group}.`, subject));
    return 'taken';
  },
};

describe('identifiers, spoiled', () => {
  it('of persons are those that were written', () => fuzz('CPR numbers', persons(), {share: 10}));
  it('of subjects have one form', () => fuzz('subjects', subjects, {share: 10}));
  it('of KLE are those that were written', () => fuzz('KLE numbers', classifications, {share: 4}));
});

describe('the oracle of identifiers would find a reader that', () => {
  const faulty: Readonly<Record<string, typeof parseCpr>> = {
    'leaves out what it does not know': (text) => parseCpr(text.replace(/[^\dA-Z]/g, '')),
    'reads an O as a nought': (text) => parseCpr(text.replace(/x/gi, '0')),
    'cuts what is too long': (text) => parseCpr(text.slice(0, 10)),
  };
  for (const [fault, parse] of Object.entries(faulty)) it(fault, () => bites(fault, persons(parse), persons(), 3_000));
});
