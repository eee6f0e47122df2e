import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {PNG} from 'pngjs';
import {differenceBetween as differenceBetweenPixels, keptPicture, pixelsOf, seenBothTimes} from './compare.mjs';

const white = 255;

/** A grey picture, drawn by what a pixel's place says. */
function picture(draw, width = 40, height = 30) {
  const image = new PNG({width, height});
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      image.data.fill(draw(x, y), at, at + 3);
      image.data[at + 3] = 255;
    }
  return PNG.sync.write(image);
}

const differenceBetween = async (before, after) =>
  differenceBetweenPixels(await pixelsOf(before), await pixelsOf(after));

const square = (x, y) => (x >= 10 && x < 20 && y >= 10 && y < 20 ? 0 : white);

describe('comparing pictures', () => {
  it('finds no difference between a picture and what is kept of it', async () => {
    const png = picture((x, y) => (x * 7 + y * 13) % 256);
    assert.equal(await differenceBetween(await keptPicture(await pixelsOf(png)), png), undefined);
  });

  it('sees a square that has moved by one pixel', async () => {
    const difference = await differenceBetween(
      picture(square),
      picture((x, y) => square(x - 1, y)),
    );
    assert.equal(difference.text, '20 pixels differ');
    assert.ok(difference.marked);
  });

  it('sees one pixel of another shade, however slight', async () => {
    const difference = await differenceBetween(
      picture(square),
      picture((x, y) => (x === 30 && y === 5 ? 254 : square(x, y))),
    );
    assert.equal(difference?.text, '1 pixel differs');
  });

  it('sees another size', async () => {
    const difference = await differenceBetween(picture(square), picture(square, 40, 31));
    assert.equal(difference.text, 'was 40 × 30, is 40 × 31');
  });

  it('takes the smooth edge of a slanting line for what it is', async () => {
    const edge = (shift) => (x, y) => Math.max(0, Math.min(white, Math.round((x - y * 0.5 - 10 + shift) * white)));
    assert.equal(await differenceBetween(picture(edge(0.5)), picture(edge(0.53))), undefined);
  });
});

describe('looking twice', () => {
  const same = picture(square);
  const changed = picture((x, y) => (x === 30 && y === 5 ? 254 : square(x, y)));

  /** The views that count as changed, when these pictures are seen in two looks. */
  async function changedViews(looks) {
    const differences = [];
    for (const look of looks) {
      const found = [];
      for (const [view, seen] of Object.entries(look)) {
        const difference = await differenceBetween(same, seen);
        if (difference) found.push({view, ...difference});
      }
      differences.push(found);
    }
    return seenBothTimes(...differences).map(({view, text}) => `${view}: ${text}`);
  }

  it('counts one pixel of another shade that is there both times', async () => {
    assert.deepEqual(await changedViews([{da: changed}, {da: changed}]), ['da: 1 pixel differs']);
  });

  it('does not count what is gone when looked at again', async () => {
    assert.deepEqual(await changedViews([{da: changed}, {da: same}]), []);
  });

  it('does not take the trouble of one view for that of another', async () => {
    assert.deepEqual(
      await changedViews([
        {da: changed, en: same},
        {da: same, en: changed},
      ]),
      [],
    );
  });
});
