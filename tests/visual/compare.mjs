// Whether two pictures show the same.
import {Transformer} from '@napi-rs/image';
import pixelmatch from 'pixelmatch';
import {PNG} from 'pngjs';

/** Reads WebP or PNG: `{width, height, data}`, with red, green, blue and alpha of each pixel in `data`. */
export async function pixelsOf(picture) {
  const {width, height} = await new Transformer(picture).metadata();
  const raw = await new Transformer(picture).rawPixels();
  const channels = raw.length / (width * height);
  if (channels === 4) return {width, height, data: raw};
  const data = Buffer.alloc(width * height * 4, 255);
  for (let from = 0, to = 0; from < raw.length; from += channels, to += 4)
    for (let channel = 0; channel < channels; channel++) data[to + channel] = raw[from + channel];
  return {width, height, data};
}

/** The pixels as they are kept: WebP without loss, a third of a PNG's size. */
export const keptPicture = ({width, height, data}) => Transformer.fromRgbaPixels(data, width, height).webpLossless();

/**
 * Compares two pictures pixel by pixel. Only what antialiasing alone explains may differ.
 *
 * @returns undefined, if they show the same; else a sentence, and a PNG with the differences in red.
 */
export function differenceBetween(before, after) {
  const {width, height} = before;
  if (width !== after.width || height !== after.height)
    return {text: `was ${width} × ${height}, is ${after.width} × ${after.height}`};
  if (before.data.equals(after.data)) return undefined;
  const marked = new PNG({width, height});
  const count = pixelmatch(before.data, after.data, marked.data, width, height, {threshold: 0, includeAA: false});
  if (count === 0) return undefined;
  return {text: count === 1 ? '1 pixel differs' : `${count} pixels differ`, marked: PNG.sync.write(marked)};
}

/**
 * What counts as changed: a view that differs in the story as it is turned to, and again on a page that has shown nothing
 * else. Of each look `{view, …}`; gives those of the second.
 */
export function seenBothTimes(first, second) {
  const views = new Set(first.map(({view}) => view));
  return second.filter(({view}) => views.has(view));
}
