import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import fc from 'fast-check';
import {foundSchema, maxSearchHits, nameSearch, searchTerm} from './search.js';

describe('searchTerm', () => {
  const person = {subject: {type: 'cpr', value: '6412840001'}};
  const company = {subject: {type: 'cvr', value: '90000004'}};
  const property = {subject: {type: 'bfe', value: '990000001'}};
  for (const [typed, expected] of [
    ['6412840001', person],
    ['641284-0001', person],
    ['64 12 84 00 01', person],
    ['641284\u20130001', person],
    ['64.12.84-0001', person],
    ['CPR 641284-0001', person],
    ['cpr-nr.: 641284 0001', person],
    ['CPR nummer 6412840001', person],
    ['641284-a001', {subject: {type: 'cpr', value: '641284A001'}}],
    ['90000004', company],
    ['90 00 00 04', company],
    ['DK90000004', company],
    ['cvr: 90000004', company],
    ['CVR-nr DK 90000004', company],
    ['bfe 990000001', property],
    ['BFE-nr. 990.000.001', property],
    ['Ejendom 990000001', property],
    ['  Jens   Hansen ', {words: 'Jens Hansen'}],
    ['Åse', {words: 'Åse'}],
    ['27.60.10-G01-123-26', {words: '27.60.10-G01-123-26'}],
    ['2026/12345', {words: '2026/12345'}],
    ['CPR kontoret', {words: 'CPR kontoret'}],
  ] as const)
    it(`reads ${JSON.stringify(typed.replace(/\d/g, '0'))}`, () => assert.deepEqual(searchTerm(typed), expected));

  for (const [typed, expected] of [
    ['', 'short'],
    [' - ', 'short'],
    ['J', 'short'],
    // A number that is not whole goes nowhere: it could be most of a person's.
    ['641284-000', {type: 'cpr', reason: 'format'}],
    ['990000001', {type: 'cpr', reason: 'format'}],
    ['1', {type: 'cpr', reason: 'format'}],
    ['9913840001', {type: 'cpr', reason: 'date'}],
    ['cpr 12', {type: 'cpr', reason: 'format'}],
    ['90000008', {type: 'cvr', reason: 'checksum'}],
    ['cvr 9000', {type: 'cvr', reason: 'format'}],
    ['bfe 0', {type: 'bfe', reason: 'format'}],
  ] as const)
    it(`says what is wrong with ${JSON.stringify(typed.replace(/\d/g, '0'))}`, () =>
      assert.deepEqual(searchTerm(typed), expected));

  it('makes something of every text, and never words of digits alone', () =>
    fc.assert(
      fc.property(fc.string({unit: 'binary', maxLength: 40}), (typed) => {
        const term = searchTerm(typed);
        if (typeof term === 'object' && 'words' in term) assert.doesNotMatch(term.words, /^[\d\s.-]*$/);
      }),
    ));
});

describe('nameSearch', () => {
  for (const [words, name, found] of [
    ['jens hansen', 'Jens Peter Hansen', true],
    ['hansen, jens', 'Jens Peter Hansen', true],
    ['han jen', 'Jens Peter Hansen', true],
    ['ens', 'Jens Peter Hansen', false],
    ['jens olsen', 'Jens Peter Hansen', false],
    ['aagaard', 'Mette Ågård', true],
    ['agard', 'Mette Ågård', false],
    ['andre', 'André Holm', true],
    ['ØSTER', 'Karen Østergaard-Bech', true],
    ['bech', 'Karen Østergaard-Bech', true],
    ['.*', 'Jens Hansen', false],
  ] as const)
    it(`${words} ${found ? 'finds' : 'does not find'} ${name}`, () => assert.equal(nameSearch(words)(name), found));
});

describe('foundSchema', () => {
  const hit = {kind: 'person', subject: {type: 'ref', value: 'p-1'}, name: 'Anna'};
  it('takes handles, and no numbers', () => {
    assert(foundSchema.safeParse({hits: [hit], sources: []}).success);
    const numbered = {...hit, subject: {type: 'cpr', value: '6412840001'}};
    assert(!foundSchema.safeParse({hits: [numbered], sources: []}).success);
  });
  it('takes no more hits than there may be', () =>
    assert(!foundSchema.safeParse({hits: Array(maxSearchHits + 1).fill(hit), sources: []}).success));
});
