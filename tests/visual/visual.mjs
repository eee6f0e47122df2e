// npm run test:visual: every still story as it looks now, beside the picture that was accepted.
//   -- part of a story's id …   only these
//   -- --accept                 keeps what is seen now
//   -- --show                   writes the accepted pictures, whole, to tests/results/visual-accepted; looks at nothing
//   -- --book FOLDER            a built Storybook, instead of building it
//   -- --pictures FOLDER        other accepted pictures than those of the repository
import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {join, relative, resolve} from 'node:path';
import {parseArgs} from 'node:util';
import {checkNode, ensureBrowser, ensureInstalled, fail, root, run} from '../../scripts/setup.mjs';
import {countsLine, tellCounts} from '../../scripts/test-counts.mjs';

checkNode();
ensureInstalled();
const {values: asked, positionals: parts} = parseArgs({
  allowPositionals: true,
  options: {
    accept: {type: 'boolean', default: false},
    show: {type: 'boolean', default: false},
    book: {type: 'string'},
    pictures: {type: 'string', default: join(root, 'tests', 'visual', 'pictures')},
  },
});
const isAskedFor = (id) => parts.length === 0 || parts.some((part) => id.includes(part));

const {differenceBetween, keptPicture, pixelsOf, seenBothTimes} = await import('./compare.mjs');
const {openPictures} = await import('./pictures.mjs');
const {writeReport} = await import('./report.mjs');
const {languages, launchForPictures, openBook, serveFolder, sheets, stillStories, views} = await import(
  './story-book.mjs'
);

const results = join(root, 'tests', 'results');
const accepted = openPictures(resolve(asked.pictures), {languages, sheets});

if (asked.show) {
  const folder = join(results, 'visual-accepted');
  rmSync(folder, {recursive: true, force: true});
  for (const id of accepted.stories().filter(isAskedFor)) {
    mkdirSync(join(folder, id), {recursive: true});
    for (const [view, pixels] of await accepted.of(id))
      writeFileSync(join(folder, id, `${view}.webp`), await keptPicture(pixels));
  }
  console.log(`Look into ${relative(root, folder)}`);
  process.exit();
}

process.env.CHROMIUM_BIN = ensureBrowser();
if (!asked.book) run('Storybook (npm run build:storybook)', process.execPath, ['scripts/storybook.mjs', 'build']);
const book = resolve(asked.book ?? join(root, 'storybook-static'));
const all = stillStories(book);
const stories = all.filter(({id}) => isAskedFor(id));
if (stories.length === 0) fail(`No still story has ${parts.join(' or ')} in its id.`);

let passed = 0;
/** A line for each thing that failed, as it is told at the end. */
const failures = [];
const tellFailure = (text) => {
  failures.push(text);
  console.log(`  ${text}`);
};
const changes = [];
/** What is to be kept, by the id of the story: what gives its pictures. */
const toKeep = new Map();
let accepting = 0;

/** How pictures differ from others: `{story, view, before, after, text, marked}`. */
async function differencesIn(story, before, pictures) {
  const differences = [];
  for (const view of views) {
    const after = pictures.get(view);
    const pixels = before.get(view);
    const difference = pixels ? differenceBetween(pixels, await pixelsOf(after)) : {text: 'new'};
    if (difference) differences.push({story, view, before: pixels, after, ...difference});
  }
  return differences;
}

/** Looks at one story; what differs from what was accepted is looked at again on a page that has shown nothing else. */
async function look(pages, story) {
  const before = await accepted.of(story.id);
  const pictures = await pages.picturesOf(story);
  const first = await differencesIn(story, before, pictures);
  if (first.length === 0) {
    passed += views.length;
    return;
  }
  const again = before.size > 0 ? await pages.picturesAfterLoading(story) : pictures;
  const differences = seenBothTimes(first, await differencesIn(story, before, again));
  for (const {view, text} of first)
    if (!differences.some((difference) => difference.view === view))
      console.log(`  ${story.title} / ${story.name}, ${view}: ${text}, but not when looked at again`);
  if (asked.accept) await accept(story, {differences, pictures, again});
  else {
    passed += views.length - differences.length;
    changes.push(...differences);
    for (const {view, text} of differences) tellFailure(`${story.title} / ${story.name}, ${view}: ${text}`);
  }
}

/** Accepts what is seen; in place of an accepted picture only what was seen twice. */
async function accept(story, {differences, pictures, again}) {
  for (const {view} of differences) {
    const moved = differenceBetween(await pixelsOf(pictures.get(view)), await pixelsOf(again.get(view)));
    if (moved) throw new Error(`${view} does not stand still: ${moved.text} from one look to the next.`);
  }
  passed += views.length;
  if (differences.length === 0) return;
  accepting += differences.length;
  const isNew = new Set(differences.map(({view}) => view));
  toKeep.set(story.id, async () => {
    const kept = await accepted.of(story.id);
    for (const view of isNew) kept.set(view, await pixelsOf(again.get(view)));
    return kept;
  });
}

const server = await serveFolder(book);
const browser = await launchForPictures();
const waiting = [...stories];
await Promise.all(
  Array.from({length: Math.min(4, availableParallelism())}, async () => {
    const pages = await openBook(browser, server.url);
    for (let story = waiting.shift(); story; story = waiting.shift()) {
      try {
        await look(pages, story);
      } catch (error) {
        changes.push({story, text: error.message});
        tellFailure(`${story.title} / ${story.name}: ${error.message}`);
      }
    }
    await pages.close();
  }),
);
await browser.close();
server.close();

if (asked.accept)
  await accepted.keep(
    toKeep,
    all.map(({id}) => id),
  );
else if (parts.length === 0) {
  const ids = new Set(all.map(({id}) => id));
  const stale = accepted.stories().filter((id) => !ids.has(id));
  for (const text of [
    ...stale.map((id) => `${id}: the story is not there any more`),
    ...accepted.leftOver().map((path) => `${path}: no accepted picture is made of it`),
  ])
    tellFailure(text);
}

changes.sort((one, other) => one.story.id.localeCompare(other.story.id));
const page = await writeReport(join(results, 'visual'), changes);
if (asked.accept) console.log(`${accepting} pictures accepted`);
if (changes.length > 0) console.log(`\nLook at ${relative(root, page)}; to accept: npm run accept:visual`);
const counts = {passed, failed: failures.length, skipped: 0, failures};
console.log(countsLine(counts));
tellCounts(counts);
process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0);
