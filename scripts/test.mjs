// npm test: sets up what is missing, builds, and runs every suite.
//   npm test [-- node browser race accessibility stories e2e size]     only these suites
// BROWSERS=chromium,firefox,webkit says which engines `browser` and `race` run in; else all that are here.
import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {checkNode, enginesToTest, ensureBrowser, ensureBuilt, ensureInstalled, fail, root} from './setup.mjs';
import {countsOfSuite, printCounts, tellCounts} from './test-counts.mjs';

const componentTests = 'node_modules/@web/test-runner/dist/bin.js';
const suites = {
  node: ['scripts/test-node.mjs'],
  browser: [componentTests],
  race: [componentTests, '--config', 'tests/browser/race/web-test-runner.config.mjs'],
  accessibility: ['scripts/test-node.mjs', '--accessibility'],
  stories: ['scripts/storybook.mjs', 'test'],
  e2e: ['scripts/test-node.mjs', '--e2e'],
  size: ['scripts/size.mjs'],
};
/** What runs in the engines that are asked for, and what needs a Chromium in any case. */
const inEngines = ['browser', 'race'];
const inChromium = ['accessibility', 'stories', 'e2e'];
const wantsOneOf = (names) => names.some((name) => wanted.includes(name));

checkNode();
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(suites);
const unknown = wanted.filter((name) => !(name in suites));
if (unknown.length > 0) fail(`There is no suite ${unknown.join(', ')}; there are ${Object.keys(suites).join(', ')}.`);

ensureInstalled();
const chosen = wantsOneOf(inEngines) ? enginesToTest() : [];
const chromium = wantsOneOf(inChromium) ? {CHROMIUM_BIN: ensureBrowser()} : {};
ensureBuilt();

const folder = mkdtempSync(join(tmpdir(), 'bsp-test-'));
const rows = wanted.flatMap((name) => {
  console.log(`\n› ${name}`);
  const BSP_COUNTS_FILE = join(folder, `${name}.json`);
  const {status} = spawnSync(process.execPath, suites[name], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      ...chromium,
      BROWSERS: inEngines.includes(name) ? chosen.join(',') : 'chromium',
      // As many stories as fit into a test, unless RACE_STEPS says more; `npm run test:race` plays a thousand.
      RACE_RUNS: process.env.RACE_RUNS ?? '30',
      BSP_COUNTS_FILE,
    },
  });
  return countsOfSuite(name, BSP_COUNTS_FILE, status);
});
rmSync(folder, {recursive: true, force: true});

tellCounts(Object.fromEntries(rows.map(({title, ...counts}) => [title, counts])));
process.exit(printCounts(rows) ? 0 : 1);
