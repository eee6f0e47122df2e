// npm run test:visual: every still story as it looks now, beside the picture that was accepted.
//   -- part of a story's id …   only these
//   -- --accept                 keeps what is seen now
//   -- --built                  takes storybook-static as it is
import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {join, relative} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {checkNode, ensureBrowser, ensureInstalled, fail, root, run} from '../../scripts/setup.mjs';

checkNode();
ensureInstalled();
process.env.CHROMIUM_BIN = ensureBrowser();
const {values: asked, positionals: parts} = parseArgs({
  allowPositionals: true,
  options: {accept: {type: 'boolean', default: false}, built: {type: 'boolean', default: false}},
});
if (!asked.built) run('Storybook (npm run build:storybook)', process.execPath, ['scripts/storybook.mjs', 'build']);

const {differenceBetween, keptPicture} = await import('./compare.mjs');
const {writeReport} = await import('./report.mjs');
const {launchForPictures, openBook, serveFolder, stillStories, storybookFolder, views} = await import(
  './story-book.mjs'
);

const accepted = fileURLToPath(new URL('./pictures/', import.meta.url));
const reportFolder = join(root, 'tests', 'results', 'visual');
const pathOf = (story, view) => join(accepted, story.id, `${view}.webp`);

const all = stillStories();
const stories = parts.length > 0 ? all.filter(({id}) => parts.some((part) => id.includes(part))) : all;
if (stories.length === 0) fail(`No still story has ${parts.join(' or ')} in its id.`);

const counts = {passed: 0, failed: 0, skipped: 0};
const changes = [];
let accepting = 0;

/** What was accepted of a story, and how that differs from what is seen: `{view, before, after, text, marked}`. */
async function differencesIn(story, pictures) {
  const differences = [];
  for (const [view, after] of pictures) {
    const path = pathOf(story, view);
    const before = existsSync(path) ? readFileSync(path) : undefined;
    const difference = before ? await differenceBetween(before, after) : {text: 'new'};
    if (difference) differences.push({story, view, before, after, ...difference});
  }
  return differences;
}

/** Looks at one story; what seems to differ is looked at again on a page that has shown nothing else. */
async function look(book, story) {
  let differences = await differencesIn(story, await book.picturesOf(story));
  if (differences.some(({before}) => before))
    differences = await differencesIn(story, await book.picturesAfterLoading(story));
  if (asked.accept) {
    for (const {view, after} of differences) {
      mkdirSync(join(accepted, story.id), {recursive: true});
      writeFileSync(pathOf(story, view), await keptPicture(after));
    }
    accepting += differences.length;
    counts.passed += views.length;
    return;
  }
  counts.passed += views.length - differences.length;
  counts.failed += differences.length;
  changes.push(...differences);
  for (const {view, text} of differences) console.log(`  ${story.title} / ${story.name}, ${view}: ${text}`);
}

/** Pictures of what is not in the book any more. */
function leftOver() {
  if (parts.length > 0 || !existsSync(accepted)) return [];
  const expected = new Set(all.flatMap((story) => views.map(({name}) => pathOf(story, name))));
  return readdirSync(accepted, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => !expected.has(path));
}

const server = await serveFolder(storybookFolder);
const browser = await launchForPictures();
const waiting = [...stories];
await Promise.all(
  Array.from({length: Math.min(4, availableParallelism())}, async () => {
    const book = await openBook(browser, server.url);
    for (let story = waiting.shift(); story; story = waiting.shift()) {
      try {
        await look(book, story);
      } catch (error) {
        counts.failed++;
        changes.push({story, text: error.message});
        console.log(`  ${story.title} / ${story.name}: ${error.message}`);
      }
    }
    await book.close();
  }),
);
await browser.close();
server.close();

for (const path of leftOver()) {
  if (asked.accept) {
    rmSync(path);
    accepting++;
  } else {
    counts.failed++;
    console.log(`  ${relative(accepted, path)} shows a story that is not there any more`);
  }
}

changes.sort((one, other) => one.story.id.localeCompare(other.story.id));
const page = writeReport(reportFolder, changes);
if (asked.accept) console.log(`${accepting} pictures accepted`);
if (changes.length > 0) console.log(`\nLook at ${relative(root, page)}; to accept: npm run accept:visual`);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
if (process.env.BSP_COUNTS_FILE) writeFileSync(process.env.BSP_COUNTS_FILE, JSON.stringify(counts));
process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0);
