import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import fc from 'fast-check';
import {maskCpr, maskCprInText, parseBfe, parseCpr, parseCvr} from './identifiers.js';
import {kleMatches, parseKle} from './kle.js';

/** The parsed number; fails the test when there is none. */
const cpr = (text: string) => {
  const parsed = parseCpr(text);
  assert.ok(parsed.ok, 'should parse');
  return parsed.value;
};
const refusal = (text: string) => {
  const parsed = parseCpr(text);
  return parsed.ok ? 'parsed' : parsed.reason;
};
const two = (value: number) => String(value).padStart(2, '0');

/** Synthetic numbers only: a real day plus 60, any serial. */
const syntheticCpr = fc
  .record({
    date: fc.date({min: new Date('1900-01-01T00:00:00Z'), max: new Date('2057-12-31T00:00:00Z'), noInvalidDate: true}),
    serial: fc.integer({min: 0, max: 9999}),
  })
  .map(({date, serial}) => ({
    day: date.getUTCDate(),
    month: date.getUTCMonth() + 1,
    shortYear: date.getUTCFullYear() % 100,
    serial: String(serial).padStart(4, '0'),
  }))
  // 29 February exists in some centuries only; the table below covers it.
  .filter(({day, month}) => !(day === 29 && month === 2))
  .map((parts) => ({
    ...parts,
    text: two(parts.day + 60) + two(parts.month) + two(parts.shortYear) + parts.serial,
  }));

describe('parseCpr', () => {
  it('reads every synthetic number, and its parts', () =>
    fc.assert(
      fc.property(syntheticCpr, ({text, day, month, shortYear, serial}) => {
        const parsed = cpr(text);
        assert.equal(parsed.value, text);
        assert.equal(parsed.replacement, true);
        assert.equal(parsed.sex, Number(serial) % 2 === 0 ? 'female' : 'male');
        assert.match(parsed.birthDate ?? '', new RegExp(`^(18|19|20)${two(shortYear)}-${two(month)}-${two(day)}$`));
      }),
    ));

  it('reads the same number however it is written', () =>
    fc.assert(
      fc.property(
        syntheticCpr,
        fc.constantFrom('-', ' ', '', ' - ', '\u2010', '\u2013', '\u00a0'),
        fc.constantFrom('', ' ', '\t', '\n'),
        ({text}, separator, around) => {
          const written = `${around}${text.slice(0, 6)}${separator}${text.slice(6)}${around}`;
          assert.equal(cpr(written).value, text);
        },
      ),
    ));

  it('shows nothing of the serial when masked', () =>
    fc.assert(
      fc.property(syntheticCpr, ({text}) => {
        assert.equal(cpr(text).masked, `${text.slice(0, 6)}-••••`);
        assert.equal(maskCpr(text), cpr(text).masked);
      }),
    ));

  it('never throws and never repeats what it was given', () =>
    fc.assert(
      fc.property(fc.string({unit: 'binary'}), (text) => {
        const parsed = parseCpr(text);
        if (!parsed.ok) assert.deepEqual(Object.keys(parsed).sort(), ['ok', 'reason']);
      }),
    ));

  it('accepts a number that fails modulus 11, and says so', () => {
    const serials = Array.from({length: 11}, (_, index) => String(4000 + index));
    const holds = serials.map((serial) => cpr(`610190-${serial}`).modulus11);
    assert.equal(holds.filter(Boolean).length, 1, 'modulus 11 holds for one in eleven consecutive serials');
  });

  it('computes modulus 11 with weights 4327654321', () => {
    // 6·4+4·3+1·2+2·7+8·6+4·5+0·4+0·3+0·2 = 120; the last digit makes it 121 = 11 · 11.
    assert.equal(cpr('641284-0001').modulus11, true);
    assert.equal(cpr('641284-0002').modulus11, false);
  });

  for (const [date, why] of [
    ['910280', '31 February'],
    ['900280', '30 February'],
    ['910480', '31 April'],
    ['610080', 'month 0'],
    ['611380', 'month 13'],
    ['600180', 'day 60, which is neither a day nor one plus 60'],
    ['000180', 'day 0'],
    ['320180', 'day 32'],
    ['920180', 'day 32 plus 60'],
  ])
    it(`refuses ${why}`, () => assert.equal(refusal(`${date}-1234`), 'date'));

  // 29 February + 60 = 89. Position 7 chooses the century, and the century whether the day exists.
  for (const [shortYear, seventh, expected] of [
    ['00', '0', 'date'],
    ['00', '4', '2000-02-29'],
    ['00', '9', '2000-02-29'],
    ['00', '5', '2000-02-29'],
    ['04', '0', '1904-02-29'],
    ['96', '3', '1996-02-29'],
    ['96', '8', '1896-02-29'],
    ['97', '0', 'date'],
    ['58', '5', 'date'],
    ['60', '6', '1860-02-29'],
  ] as const)
    it(`29 February of ${shortYear} with ${seventh} in position 7 is ${expected}`, () => {
      const text = `8902${shortYear}-${seventh}000`;
      if (expected === 'date') assert.equal(refusal(text), 'date');
      else assert.equal(cpr(text).birthDate, expected);
    });

  // CPR-kontoret, "Personnummeret i CPR": year and position 7 to century.
  for (const [shortYear, seventh, century] of [
    ['00', '0', 19],
    ['99', '3', 19],
    ['36', '4', 20],
    ['37', '4', 19],
    ['99', '4', 19],
    ['00', '5', 20],
    ['57', '5', 20],
    ['58', '5', 18],
    ['57', '8', 20],
    ['58', '8', 18],
    ['99', '8', 18],
    ['36', '9', 20],
    ['37', '9', 19],
  ] as const)
    it(`year ${shortYear} with ${seventh} in position 7 is ${century}${shortYear}`, () =>
      assert.equal(cpr(`6106${shortYear}-${seventh}000`).birthDate?.slice(0, 4), `${century}${shortYear}`));

  it('knows a number with a real day from a replacement number, without taking either for the other', () => {
    // No serial that could belong to somebody: the day of birth lies in the future.
    assert.equal(cpr(`${91 - 60}1236-9999`).replacement, false);
    assert.equal(cpr('911236-9999').replacement, true);
  });

  it('reads replacement numbers with letters', () => {
    const century = cpr('641284-4AB2');
    assert.deepEqual(
      [century.value, century.birthDate, century.sex, century.modulus11],
      ['6412844AB2', '1984-12-04', 'female', false],
    );
    const hidden = cpr('641284-abc1');
    assert.deepEqual([hidden.value, hidden.birthDate, hidden.sex], ['641284ABC1', undefined, 'male']);
    assert.equal(cpr('641284-123A').sex, undefined);
  });

  it('refuses letters in a number that is no replacement', () => assert.equal(refusal('041236-4AB2'), 'format'));

  for (const text of [
    '',
    '641284',
    '641284-000',
    '641284-00011',
    '64128A-0001',
    '641284/0001',
    '641284-00Æ1',
    '٦٤١٢٨٤0001',
  ])
    it(`refuses the form of “${text}”`, () => assert.equal(refusal(text), 'format'));
});

describe('maskCprInText', () => {
  it('leaves no serial of any number in any text around it', () =>
    fc.assert(
      fc.property(
        syntheticCpr,
        fc.constantFrom('-', ' ', '', '\u2013', '\u2212', '\u00a0', ' - ', '\u00a0\u2014 '),
        fc.constantFrom('', 'Borger ', 'cpr:', '(', 'æ ', '\n'),
        fc.constantFrom('', '.', ', og', ')', '\n'),
        ({text}, separator, before, after) => {
          const masked = maskCprInText(`${before}${text.slice(0, 6)}${separator}${text.slice(6)}${after}`);
          assert.equal(masked, `${before}${text.slice(0, 6)}-••••${after}`);
        },
      ),
    ));

  it('masks every number in a text', () =>
    assert.equal(
      maskCprInText('Mor 641284-0001 og barn 6101154AB2 ringede.'),
      'Mor 641284-•••• og barn 610115-•••• ringede.',
    ));

  it('masks a number that a word stands against', () =>
    assert.equal(maskCprInText('cpr641284-0001, CPR641284 0001'), 'cpr641284-••••, CPR641284-••••'));

  it('masks a number in the name of a file, whatever follows', () =>
    assert.equal(maskCprInText('ab641284-0001-2026-11-30.pdf'), 'ab641284-••••-2026-11-30.pdf'));

  it('leaves UUIDs, some of which hold what reads as a number', () =>
    fc.assert(
      fc.property(fc.uuid(), syntheticCpr, fc.constantFrom('a', 'F', '0'), (uuid, {text}, before) => {
        const holding = `${before}a${text.slice(0, 6)}-${text.slice(6)}${uuid.slice(13)}`;
        assert.equal(maskCprInText(`${uuid}, "${holding}"`), `${uuid}, "${holding}"`);
        assert.equal(maskCprInText(`${holding} ${text}`), `${holding} ${text.slice(0, 6)}-••••`);
      }),
    ));

  for (const text of [
    'Telefon 99887766',
    '8a630367-7434-4cfb-b60c-91a93427f21e',
    '8A630367-7434-4CFB-B60C-91A93427F21E',
    'Sag 27.60.10-G01-12-26',
    'Faktura 9999999999',
    'Konto 12345678901',
    'MessageId A6412840001',
    'ordret 641284-under',
  ])
    it(`leaves “${text}”`, () => assert.equal(maskCprInText(text), text));
});

describe('parseCvr', () => {
  it('accepts one last digit in ten at most, and only by the weights', () =>
    fc.assert(
      fc.property(fc.integer({min: 1_000_000, max: 9_999_999}), (stem) => {
        const accepted = Array.from({length: 10}, (_, digit) => `${stem}${digit}`).filter((text) => parseCvr(text).ok);
        assert.ok(accepted.length <= 1);
        for (const text of accepted) {
          const sum = [2, 7, 6, 5, 4, 3, 2, 1].reduce((total, weight, at) => total + weight * Number(text[at]), 0);
          assert.equal(sum % 11, 0);
        }
      }),
    ));
  it('reads it with spaces and country', () =>
    assert.deepEqual(parseCvr(' DK 29 18 98 46 '), {ok: true, value: '29189846'}));
  it('tells a wrong checksum from a wrong form', () => {
    assert.deepEqual(parseCvr('29189847'), {ok: false, reason: 'checksum'});
    assert.deepEqual(parseCvr('2918984'), {ok: false, reason: 'format'});
    // What a source writes for "none" is no company, though its check digit holds.
    assert.deepEqual(parseCvr('00000000'), {ok: false, reason: 'format'});
  });
});

describe('parseBfe', () => {
  it('reads any positive integer of ten digits', () =>
    fc.assert(
      fc.property(fc.integer({min: 1, max: 2_147_483_647}), (value) =>
        assert.deepEqual(parseBfe(String(value)), {ok: true, value: String(value)}),
      ),
    ));
  it('reads thousand separators', () => assert.deepEqual(parseBfe('5.312.478'), {ok: true, value: '5312478'}));
  for (const text of ['', '0', '0123', '-1', '1e3', '12345678901'])
    it(`refuses “${text}”`, () => assert.deepEqual(parseBfe(text), {ok: false, reason: 'format'}));
});

describe('KLE', () => {
  it('reads a subject, and its facet', () => {
    assert.deepEqual(parseKle('32.24.04'), {
      ok: true,
      value: {subject: '32.24.04', mainGroup: '32', group: '32.24'},
    });
    assert.deepEqual(parseKle(' 27.60.10-g01 '), {
      ok: true,
      value: {subject: '27.60.10', mainGroup: '27', group: '27.60', facet: 'G01'},
    });
    assert.ok(parseKle('27.60.10 Ø40').ok);
  });
  for (const text of ['', '27', '27.60', '27.6.10', '27.60.10-B01', '27.60.10-G1', '27.60.10-G011'])
    it(`refuses “${text}”`, () => assert.deepEqual(parseKle(text), {ok: false, reason: 'format'}));

  const part = fc.integer({min: 0, max: 99}).map(two);
  it('puts a subject under each of its own groups and under no other', () =>
    fc.assert(
      fc.property(part, part, part, part, (main, group, subject, other) => {
        fc.pre(other !== main);
        const number = `${main}.${group}.${subject}`;
        for (const pattern of ['*', `${main}.*`, `${main}.${group}.*`, number]) assert.ok(kleMatches(pattern, number));
        for (const pattern of [`${other}.*`, `${other}.${group}.*`, `${other}.${group}.${subject}`, '', `${main}*`])
          assert.ok(!kleMatches(pattern, number));
      }),
    ));
});
