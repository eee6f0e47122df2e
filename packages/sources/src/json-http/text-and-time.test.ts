import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {dayOf, isNoMoment, momentOf} from './moments.js';
import {plainText} from './plain-text.js';

describe('moments as source systems write them', () => {
  for (const [written, moment] of [
    ['2026-11-20T09:42:00+01:00', '2026-11-20T09:42:00+01:00'],
    ['2026-11-20T09:42:00Z', '2026-11-20T09:42:00Z'],
    ['2026-11-20T09:42:00', '2026-11-20T09:42:00+01:00'],
    ['2026-06-20 09:42', '2026-06-20T09:42:00+02:00'],
    ['2024-03-18T11:53:12.000+0000', '2024-03-18T11:53:12.000+00:00'],
    ['2024-03-18T11:53:12+02', '2024-03-18T11:53:12+02:00'],
    ['2026-06-20', '2026-06-20T00:00:00+02:00'],
    ['20-06-2026', '2026-06-20T00:00:00+02:00'],
    ['3.6.2026 9.05', '2026-06-03T09:05:00+02:00'],
    ['20/06/2026, 13:05:59', '2026-06-20T13:05:59+02:00'],
    ['/Date(1781949720000)/', '2026-06-20T10:02:00.000Z'],
    [1_781_949_720_000, '2026-06-20T10:02:00.000Z'],
    ['31-02-2026', undefined],
    ['2026-13-01', undefined],
    ['2026-06-20T25:00:00', undefined],
    ['i morgen', undefined],
    ['', undefined],
    [20_260_620, undefined],
    [Number.NaN, undefined],
    [true, undefined],
    ['9'.repeat(100), undefined],
    ['0001-01-01T00:00:00', undefined],
  ] as const)
    it(`reads ${JSON.stringify(written).slice(0, 40)} as ${moment ?? 'none'}`, () => {
      assert.equal(momentOf(written), moment);
    });

  it('knows how systems say that there is no date', () => {
    for (const none of [
      undefined,
      null,
      '',
      '0001-01-01T00:00:00',
      '01-01-0001',
      '/Date(-62135596800000)/',
      '9999-12-31',
      '31.12.9999 23.59',
    ])
      assert(isNoMoment(none));
    for (const some of ['2026-06-20', '1899-12-30', '9998-12-31', 'i morgen', 0, -1, false])
      assert(!isNoMoment(some), String(some));
  });

  it('gives the day as it was in Denmark', () => {
    assert.equal(dayOf('2024-03-18T23:30:00Z'), '2024-03-19');
    assert.equal(dayOf('20-06-2026'), '2026-06-20');
    assert.equal(dayOf('i morgen'), undefined);
  });
});

describe('text out of HTML', () => {
  for (const [html, text] of [
    ['Almindelig tekst\nto linjer', 'Almindelig tekst\nto linjer'],
    ['<p>En</p><p>To &amp; tre</p>', 'En\n\nTo & tre'],
    ['a<br/>b<BR>c', 'a\nb\nc'],
    ['<script>alert(1)</script><style>p{}</style>rest', 'rest'],
    ['&lt;b&gt; &#230; &#xF8; &aring; &ukendt; &#x110000; &#xd800;', '<b> æ ø å &ukendt;'],
    ['5 < 7', '5 < 7'],
    ['<img src=x onerror="alert(1)">', ''],
    ['<script>aldrig lukket', ''],
  ] as const)
    it(`of ${JSON.stringify(html)}`, () => assert.equal(plainText(html), text));

  it('takes time in proportion to the length', () => {
    const length = 400_000;
    assert.equal(plainText('<'.repeat(length)), '<'.repeat(length));
    assert.equal(plainText('<>'.repeat(length)), '');
    assert.equal(plainText('&'.repeat(length)), '&'.repeat(length));
    assert.equal(plainText('\n '.repeat(length)), '');
  });
});
