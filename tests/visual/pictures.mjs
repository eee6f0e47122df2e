// The pictures that were accepted: strips of them in `<story>/<theme>-<width>.webp`, and index.json, which says of which
// rows each is made.
import {existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join, relative} from 'node:path';
import {keptPicture, pixelsOf} from './compare.mjs';
import {putTogether, takeApart} from './strips.mjs';

/** Windows and parts: their stories share rows. */
const familyOf = (storyId) => storyId.split('--')[0];

/** WebP cannot be higher. */
const highest = 16_383;

/**
 * The accepted pictures in a folder.
 *
 * @param languages - What one strip holds, in this order.
 * @param sheets - `{theme, width}` of each strip of a story.
 */
export function openPictures(folder, {languages, sheets}) {
  const indexPath = join(folder, 'index.json');
  const index = existsSync(indexPath) ? JSON.parse(readFileSync(indexPath, 'utf8')) : {};
  const nameOf = ({theme, width}) => `${theme}-${width}`;
  const pathOf = (storyId, sheet) => join(folder, storyId, `${nameOf(sheet)}.webp`);
  const idsOf = (family) => Object.keys(index).filter((id) => familyOf(id) === family);

  async function readRows(storyId, sheet) {
    const {rows} = index[storyId][nameOf(sheet)];
    if (rows === 0) return Buffer.alloc(0);
    const path = pathOf(storyId, sheet);
    if (!existsSync(path))
      throw new Error(`${relative(folder, path)} is missing; take it from the repository, or accept all anew.`);
    const {width, height, data} = await pixelsOf(readFileSync(path));
    if (width !== sheet.width || height !== rows)
      throw new Error(`${relative(folder, path)} is ${width} × ${height}, not ${sheet.width} × ${rows}.`);
    return data;
  }

  /** All rows of a family, by the name of the sheet. */
  async function readFamily(family) {
    const all = new Map();
    for (const sheet of sheets) {
      const data = Buffer.concat(await Promise.all(idsOf(family).map((id) => readRows(id, sheet))));
      all.set(nameOf(sheet), {width: sheet.width, height: data.length / (sheet.width * 4), data});
    }
    return all;
  }

  // Stories come family by family: the last two that were asked for are at hand.
  const families = new Map();
  function familyAtHand(family) {
    const reading = families.get(family) ?? readFamily(family);
    families.delete(family);
    families.set(family, reading);
    for (const other of [...families.keys()].slice(0, -2)) families.delete(other);
    return reading;
  }

  /** What was accepted of a story, by the name of the view; nothing, where nothing was. */
  async function of(storyId) {
    const pictures = new Map();
    if (!index[storyId]) return pictures;
    const family = await familyAtHand(familyOf(storyId));
    for (const sheet of sheets)
      for (const lang of languages) {
        const parts = index[storyId][nameOf(sheet)]?.[lang];
        if (parts) pictures.set(`${lang}-${nameOf(sheet)}`, putTogether(family.get(nameOf(sheet)), parts));
      }
    return pictures;
  }

  /**
   * Keeps pictures in place of those that were accepted.
   *
   * @param changed - By the id of the story: a function that gives its pictures by the name of the view.
   * @param order - All stories that there are, in order; those of others are dropped.
   */
  async function keep(changed, order) {
    const ids = order.filter((id) => changed.has(id) || index[id]);
    const familyIn = (family) => ids.filter((id) => familyOf(id) === family);
    const isTouched = (family) =>
      familyIn(family).some((id) => changed.has(id)) || String(familyIn(family)) !== String(idsOf(family));
    const touched = new Set([...Object.keys(index), ...ids].map(familyOf).filter(isTouched));
    const entries = new Map(ids.filter((id) => !touched.has(familyOf(id))).map((id) => [id, index[id]]));
    for (const family of touched) {
      const inFamily = familyIn(family);
      const strips = [];
      for (const sheet of sheets) {
        const pictures = [];
        for (const id of inFamily) {
          const ofStory = await (changed.get(id)?.() ?? of(id));
          for (const lang of languages) pictures.push(ofStory.get(`${lang}-${nameOf(sheet)}`));
        }
        const apart = takeApart(pictures);
        for (const id of inFamily) {
          const ofStory = apart.splice(0, languages.length);
          const data = Buffer.concat(ofStory.map(({rows}) => rows.data));
          const rows = {width: sheet.width, height: data.length / (sheet.width * 4), data};
          if (rows.height > highest) throw new Error(`${id} is too high to be kept: ${rows.height} rows.`);
          strips.push({path: pathOf(id, sheet), rows});
          const parts = Object.fromEntries(languages.map((lang, at) => [lang, ofStory[at].parts]));
          entries.set(id, {...entries.get(id), [nameOf(sheet)]: {rows: rows.height, ...parts}});
        }
      }
      for (const {path, rows} of strips)
        if (rows.height > 0) {
          mkdirSync(dirname(path), {recursive: true});
          writeFileSync(path, await keptPicture(rows));
        }
    }
    for (const id of Object.keys(index)) delete index[id];
    for (const id of ids) index[id] = entries.get(id);
    families.clear();
    mkdirSync(folder, {recursive: true});
    writeFileSync(indexPath, textOf(index));
    for (const path of leftOver()) rmSync(join(folder, path));
    for (const entry of readdirSync(folder, {withFileTypes: true}))
      if (entry.isDirectory() && readdirSync(join(folder, entry.name)).length === 0)
        rmdirSync(join(folder, entry.name));
  }

  /** Files in the folder that no picture is made of. */
  function leftOver() {
    if (!existsSync(folder)) return [];
    const expected = new Set([indexPath]);
    for (const [id, entry] of Object.entries(index))
      for (const sheet of sheets) if (entry[nameOf(sheet)]?.rows > 0) expected.add(pathOf(id, sheet));
    return readdirSync(folder, {recursive: true, withFileTypes: true})
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
      .filter((path) => !expected.has(path))
      .map((path) => relative(folder, path));
  }

  return {of, keep, leftOver, stories: () => Object.keys(index)};
}

/** A line for each strip. */
function textOf(index) {
  const stories = Object.entries(index).map(([id, sheets]) => {
    const lines = Object.entries(sheets).map(([name, sheet]) => `  ${JSON.stringify(name)}: ${JSON.stringify(sheet)}`);
    return `${JSON.stringify(id)}: {\n${lines.join(',\n')}\n}`;
  });
  return `{\n${stories.join(',\n')}\n}\n`;
}
