import {expect} from '@open-wc/testing';
import {ageInYears, formatsFor, languageOf} from './index.js';

const da = formatsFor('da');
const en = formatsFor('en');
const now = new Date('2026-11-20T11:00:00Z');

describe('formats', () => {
  it('says days and times as Danes do, in Danish time', () => {
    expect(da.day('2026-11-20')).to.equal('20.11.2026');
    expect(da.day('2026-11-20T23:30:00Z')).to.equal('21.11.2026');
    expect(da.time('2026-11-20T08:42:07Z')).to.equal('09.42');
    expect(da.timeWithSeconds('2026-11-20T08:42:07Z')).to.equal('09.42.07');
    expect(da.moment('2026-11-20T08:42:07Z')).to.match(/^20\.11\.2026,? 09\.42$/);
    expect(da.day('1884-12-04')).to.equal('04.12.1884');
    expect([da.number(1_234.5), da.list(['A', 'B', 'C'])]).to.deep.equal(['1.234,5', 'A, B og C']);
  });

  it('says them in English', () => {
    expect([en.day('2026-11-20'), en.time('2026-11-20T08:42:07Z')]).to.deep.equal(['20/11/2026', '09:42']);
    expect([en.number(1_234.5), en.list(['A', 'B', 'C'])]).to.deep.equal(['1,234.5', 'A, B and C']);
  });

  it('says days that are near by their name, also where the clocks are changed', () => {
    expect(da.recent('2026-11-20T08:42:00Z', now)).to.equal('i dag 09.42');
    expect(da.recent('2026-11-19T22:59:00Z', now)).to.equal('i går 23.59');
    expect(da.recent('2026-11-18T22:59:00Z', now)).to.equal('18.11.2026');
    expect(da.recent('2026-11-21T08:00:00Z', now)).to.equal('21.11.2026');
    // 29 March 2026 has 23 hours, 25 October 2026 has 25.
    expect(da.recent('2026-03-28T23:30:00Z', new Date('2026-03-29T21:30:00Z'))).to.equal('i dag 00.30');
    expect(da.recent('2026-03-28T22:30:00Z', new Date('2026-03-29T21:30:00Z'))).to.equal('i går 23.30');
    expect(da.recent('2026-10-24T22:30:00Z', new Date('2026-10-25T22:30:00Z'))).to.equal('i dag 00.30');
    expect(da.recent('2026-10-24T21:30:00Z', new Date('2026-10-25T22:30:00Z'))).to.equal('i går 23.30');
    expect(en.recent('2026-11-20T08:42:00Z', now)).to.equal('today 09:42');
  });

  it('heads a day', () => {
    expect(da.dayHeading('2026-11-20', now)).to.equal('I dag');
    expect(da.dayHeading('2026-11-19T10:00:00Z', now)).to.equal('I går');
    expect(da.dayHeading('2026-11-16', now)).to.equal('Mandag 16. november');
    expect(da.dayHeading('2025-12-31T23:30:00Z', now)).to.equal('Torsdag 1. januar');
    expect(da.dayHeading('2025-11-16', now)).to.include('2025').and.include('november');
    expect(en.dayHeading('2026-11-16', now)).to.include('16 November');
  });

  it('shows a date that it cannot read as it came', () => {
    for (const text of ['', 'snart', '2026-13-45'])
      expect([da.day(text), da.time(text), da.recent(text, now), da.dayKey(text)]).to.deep.equal(Array(4).fill(text));
    expect(da.dayHeading('snart', now)).to.equal('Snart');
  });

  it('counts whole years to today in Denmark', () => {
    const on = (day: string) => new Date(`${day}T12:00:00Z`);
    expect(ageInYears('1984-11-20', now)).to.equal(42);
    expect(ageInYears('1984-11-21', now)).to.equal(41);
    expect(ageInYears('2000-02-29', on('2026-02-28'))).to.equal(25);
    expect(ageInYears('2000-02-29', on('2026-03-01'))).to.equal(26);
    expect(ageInYears('2000-02-29', on('2028-02-29'))).to.equal(28);
    expect(ageInYears('1984-11-21', new Date('2026-11-20T23:30:00Z'))).to.equal(42);
  });

  it('speaks Danish unless asked for English', () => {
    for (const tag of ['da', 'da-DK', '', undefined, null, 'de', 'enx']) expect(languageOf(tag)).to.equal('da');
    for (const tag of ['en', 'en-GB', 'EN-us']) expect(languageOf(tag)).to.equal('en');
  });
});
