import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {danishDay, rfc3339} from './danish-time.js';

describe('Danish time', () => {
  for (const [text, expected] of [
    ['2016-03-15T08:00:00', '2016-03-15T08:00:00+01:00'],
    ['2016-07-15T08:00:00', '2016-07-15T08:00:00+02:00'],
    ['2023-02-13T11:22:05.154Z', '2023-02-13T11:22:05.154Z'],
    ['2023-02-13T12:22:31.9904567891+01:00', '2023-02-13T12:22:31.990456789+01:00'],
    // The clock goes forward at 02:00 and back at 03:00.
    ['2026-03-29T01:59:59', '2026-03-29T01:59:59+01:00'],
    ['2026-03-29T03:00:00', '2026-03-29T03:00:00+02:00'],
    ['2026-10-25T02:30:00', '2026-10-25T02:30:00+02:00'],
    ['2026-10-25T03:00:00', '2026-10-25T03:00:00+01:00'],
    // The end of a day (XML Schema 1.1, 3.3.7) is the beginning of the next.
    ['2026-12-31T24:00:00', '2027-01-01T00:00:00+01:00'],
    ['2026-02-28T24:00:00.000Z', '2026-03-01T00:00:00Z'],
    ['2026-02-28T24:00:01', undefined],
    ['2026-02-30T24:00:00', undefined],
    ['9999-12-31T24:00:00Z', undefined],
    ['2026-02-31T08:00:00', undefined],
    ['2026-02-03T25:00:00', undefined],
    ['2026-02-03T08:00:00+99:00', undefined],
    ['2026-02-03', undefined],
    // Seconds have two digits, and a year in UTC four.
    ['2026-02-03T08:00:0512Z', undefined],
    ['0000-01-01T00:00:00Z', undefined],
    ['0001-01-01T00:00:00+14:00', undefined],
    ['9999-12-31T23:59:59-14:00', undefined],
    ['0001-01-02T00:00:00Z', '0001-01-02T00:00:00Z'],
    ['', undefined],
  ] as const) {
    it(`reads ${JSON.stringify(text)}`, () => assert.equal(rfc3339(text), expected));
  }

  it('reads every minute of a year the same, whether its hour was read before or not', () => {
    const exact = new Intl.DateTimeFormat('en', {timeZone: 'Europe/Copenhagen', timeZoneName: 'longOffset'});
    const clock = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'Europe/Copenhagen',
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    for (let time = Date.UTC(2026, 0, 1); time < Date.UTC(2027, 0, 1); time += 17 * 60_000) {
      const local = clock.format(time).replace(' ', 'T');
      const read = rfc3339(local);
      const offset = exact
        .formatToParts(time)
        .find(({type}) => type === 'timeZoneName')!
        .value.slice(3);
      // The hour that there is twice reads as the first of the two.
      if (local.startsWith('2026-10-25T02')) assert.equal(read, `${local}+02:00`);
      else assert.equal(read, `${local}${offset}`);
    }
  });

  it('changes day at Danish midnight', () => {
    assert.equal(danishDay(new Date('2026-06-30T21:59:59Z')), '2026-06-30');
    assert.equal(danishDay(new Date('2026-06-30T22:00:00Z')), '2026-07-01');
  });
});
