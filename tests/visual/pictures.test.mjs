import assert from 'node:assert/strict';
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, it} from 'node:test';
import {openPictures} from './pictures.mjs';
import {putTogether, takeApart} from './strips.mjs';

const width = 12;

/** A picture whose rows are of these shades; a row of one shade is like any other of it. */
function pictureOf(shades) {
  const rows = shades.map((shade) => {
    const row = Buffer.alloc(width * 4, shade);
    for (let x = 0; x < width; x++) {
      row[x * 4] = (shade * 7 + x * (shade % 3)) % 256;
      row[x * 4 + 3] = 255;
    }
    return row;
  });
  return {width, height: shades.length, data: Buffer.concat(rows)};
}

const shades = (first, count) => Array.from({length: count}, (_, y) => first + y);

describe('taking pictures apart', () => {
  const head = shades(0, 20);
  const blank = Array.from({length: 40}, () => 7);
  const pictures = [
    pictureOf([...head, ...shades(50, 30)]),
    pictureOf([...head, ...shades(100, 9), ...shades(50, 30)]),
    pictureOf(head),
    pictureOf(blank),
    pictureOf(blank),
    pictureOf(shades(53, 6)),
  ];
  const apart = takeApart(pictures);
  const all = {
    width,
    height: apart.reduce((sum, {rows}) => sum + rows.height, 0),
    data: Buffer.concat(apart.map(({rows}) => rows.data)),
  };

  it('puts each together as it was', () => {
    for (const [number, picture] of pictures.entries())
      assert.deepEqual(putTogether(all, apart[number].parts), picture, `picture ${number}`);
  });

  it('keeps rows once that several pictures show, wherever they stand', () => {
    assert.deepEqual(
      apart.slice(0, 3).map(({rows}) => rows.height),
      [50, 9, 0],
    );
    assert.deepEqual(apart[1].parts, [0, 20, 50, 9, 20, 30]);
  });

  it('does not refer to what is blank, or to less than eight rows', () => {
    assert.deepEqual(
      apart.slice(3).map(({rows}) => rows.height),
      [40, 40, 6],
    );
  });

  it('says so when rows are wanted that are not kept', () => {
    assert.throws(
      () => putTogether(all, [all.height - 1, 2]),
      /^Error: Of 145 rows that are kept, row 145 is wanted\.$/,
    );
  });
});

describe('accepted pictures', () => {
  const shape = {languages: ['da', 'en'], sheets: [{theme: 'light', width}]};
  const order = ['window--one', 'window--two', 'part--one'];
  /** A story's pictures: English has another last part. */
  const story = (first) => {
    const pictures = new Map([
      ['da-light-12', pictureOf([...shades(0, 20), ...shades(first, 12)])],
      ['en-light-12', pictureOf([...shades(0, 20), ...shades(first + 20, 15)])],
    ]);
    return async () => pictures;
  };
  const one = story(40);
  const two = story(80);
  const part = story(120);
  let folder;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bsp-pictures-'));
    const kept = new Map([
      ['window--one', one],
      ['window--two', two],
      ['part--one', part],
    ]);
    await openPictures(folder, shape).keep(kept, order);
  });
  afterEach(() => rmSync(folder, {recursive: true}));

  const pathOf = (id) => join(folder, id, 'light-12.webp');

  it('are read as they were kept', async () => {
    const accepted = openPictures(folder, shape);
    assert.deepEqual(accepted.stories(), order);
    assert.deepEqual(await accepted.of('window--one'), await one());
    assert.deepEqual(await accepted.of('window--two'), await two());
    assert.deepEqual(await accepted.of('part--one'), await part());
    assert.deepEqual(await accepted.of('part--other'), new Map());
  });

  it('change one by one, and others of the family stay', async () => {
    const other = readFileSync(pathOf('part--one'));
    const changed = story(160);
    await openPictures(folder, shape).keep(new Map([['window--one', changed]]), order);
    const accepted = openPictures(folder, shape);
    assert.deepEqual(await accepted.of('window--one'), await changed());
    assert.deepEqual(await accepted.of('window--two'), await two());
    assert.deepEqual(readFileSync(pathOf('part--one')), other);
  });

  it('go with their story, and what others took from it stays', async () => {
    await openPictures(folder, shape).keep(new Map(), ['window--two']);
    const accepted = openPictures(folder, shape);
    assert.deepEqual(accepted.stories(), ['window--two']);
    assert.deepEqual(await accepted.of('window--two'), await two());
    assert.deepEqual(readdirSync(folder).sort(), ['index.json', 'window--two']);
  });

  it('follow another order of the stories', async () => {
    await openPictures(folder, shape).keep(new Map(), order.toReversed());
    const accepted = openPictures(folder, shape);
    assert.deepEqual(await accepted.of('window--one'), await one());
    assert.deepEqual(await accepted.of('window--two'), await two());
  });

  it('are written alike, whatever was accepted first', async () => {
    const index = readFileSync(join(folder, 'index.json'), 'utf8');
    const strip = readFileSync(pathOf('window--two'));
    for (const first of [story(160), one])
      await openPictures(folder, shape).keep(new Map([['window--one', first]]), order);
    assert.equal(readFileSync(join(folder, 'index.json'), 'utf8'), index);
    assert.deepEqual(readFileSync(pathOf('window--two')), strip);
  });

  it('are told to be missing, by name', async () => {
    rmSync(pathOf('window--one'));
    await assert.rejects(openPictures(folder, shape).of('window--two'), /window--one.light-12\.webp is missing/);
  });

  it('are told from files that belong to none', () => {
    writeFileSync(join(folder, 'part--one', 'dark-12.webp'), '');
    assert.deepEqual(openPictures(folder, shape).leftOver(), [join('part--one', 'dark-12.webp')]);
    assert.ok(existsSync(pathOf('part--one')));
  });
});
