// Whether two pictures show the same.
import {Transformer} from '@napi-rs/image';
import pixelmatch from 'pixelmatch';
import {PNG} from 'pngjs';

/** Red, green, blue and alpha of each pixel, from WebP or PNG. */
async function pixelsOf(picture) {
  const {width, height} = await new Transformer(picture).metadata();
  const raw = await new Transformer(picture).rawPixels();
  const channels = raw.length / (width * height);
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++)
    for (let channel = 0; channel < channels; channel++) data[pixel * 4 + channel] = raw[pixel * channels + channel];
  return {width, height, data};
}

/** The picture as it is kept: WebP without loss, a third of a PNG's size. */
export const keptPicture = (png) => new Transformer(png).webpLossless();

/**
 * Compares two pictures pixel by pixel. Only what antialiasing alone explains may differ.
 *
 * @returns undefined, if they show the same; else a sentence, and a PNG with the differences in red.
 */
export async function differenceBetween(before, after) {
  const [one, other] = await Promise.all([pixelsOf(before), pixelsOf(after)]);
  if (one.width !== other.width || one.height !== other.height)
    return {text: `was ${one.width} × ${one.height}, is ${other.width} × ${other.height}`};
  if (Buffer.compare(one.data, other.data) === 0) return undefined;
  const {width, height} = one;
  const marked = new PNG({width, height});
  const count = pixelmatch(one.data, other.data, marked.data, width, height, {threshold: 0, includeAA: false});
  if (count === 0) return undefined;
  return {text: count === 1 ? '1 pixel differs' : `${count} pixels differ`, marked: PNG.sync.write(marked)};
}
