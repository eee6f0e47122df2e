// npm test: sets up what is missing, builds, and runs every suite.
//   npm test [-- node browser e2e size]     only these suites
import {spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {checkNode, ensureBrowser, ensureBuilt, ensureInstalled, fail, root} from './setup.mjs';

const suites = {
  node: ['scripts/test-node.mjs'],
  browser: ['node_modules/@web/test-runner/dist/bin.js'],
  e2e: ['scripts/test-node.mjs', '--e2e'],
  size: ['scripts/size.mjs'],
};

checkNode();
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(suites);
const unknown = wanted.filter((name) => !(name in suites));
if (unknown.length > 0) fail(`There is no suite ${unknown.join(', ')}; there are ${Object.keys(suites).join(', ')}.`);

ensureInstalled();
const CHROMIUM_BIN = ensureBrowser();
ensureBuilt();

const folder = mkdtempSync(join(tmpdir(), 'bsp-test-'));
const line = ({passed, failed, skipped}) =>
  `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;

const results = wanted.map((name) => {
  console.log(`\n› ${name}`);
  const BSP_COUNTS_FILE = join(folder, `${name}.json`);
  const {status} = spawnSync(process.execPath, suites[name], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {...process.env, CHROMIUM_BIN, BSP_COUNTS_FILE},
  });
  const counts = existsSync(BSP_COUNTS_FILE)
    ? JSON.parse(readFileSync(BSP_COUNTS_FILE, 'utf8'))
    : {passed: 0, failed: 0, skipped: 0};
  // A suite that broke off, or that ran nothing, has failed whatever it counted.
  if (counts.failed === 0 && (status !== 0 || counts.passed === 0)) counts.failed = 1;
  return {name, ...counts};
});
rmSync(folder, {recursive: true, force: true});

console.log('\nSummary');
for (const result of results) console.log(`  ${result.name.padEnd(8)} ${line(result)}`);
const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
const all = {passed: total('passed'), failed: total('failed'), skipped: total('skipped')};
console.log(`\n${line(all)}`);
process.exit(all.failed > 0 || all.passed === 0 ? 1 : 0);
