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
    ['2026-02-31T08:00:00', undefined],
    ['2026-02-03T25:00:00', undefined],
    ['2026-02-03T08:00:00+99:00', undefined],
    ['2026-02-03', undefined],
    ['', undefined],
  ] as const) {
    it(`reads ${JSON.stringify(text)}`, () => assert.equal(rfc3339(text), expected));
  }

  it('changes day at Danish midnight', () => {
    assert.equal(danishDay(new Date('2026-06-30T21:59:59Z')), '2026-06-30');
    assert.equal(danishDay(new Date('2026-06-30T22:00:00Z')), '2026-07-01');
  });
});
