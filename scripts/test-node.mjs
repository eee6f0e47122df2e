// Runs tests under node:test:
//   node scripts/test-node.mjs [path fragment …]        the packages, tests/node, tests/fuzz and tests/visual
//   node scripts/test-node.mjs --e2e [path fragment …]  tests/e2e, over the build
//   node scripts/test-node.mjs --accessibility [path fragment …]  tests/accessibility, over the sources
import {spawnSync} from 'node:child_process';
import {readdirSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {root} from './setup.mjs';

const inBrowser = {'--e2e': 'tests/e2e', '--accessibility': 'tests/accessibility'};
const fragments = process.argv.slice(2).filter((argument) => !(argument in inBrowser));
const crossing = process.argv.slice(2).find((argument) => argument in inBrowser);
const folders = crossing
  ? [inBrowser[crossing]]
  : [
      ...['contract', 'korsbaek', 'sources', 'gateway', 'acceptance', 'effect'].map((name) => `packages/${name}/src`),
      'tests/node',
      'tests/fuzz',
      'tests/visual',
    ];

const filesIn = (folder) => {
  try {
    return readdirSync(`${root}${folder}`, {recursive: true}).map((name) => `${folder}/${name.replaceAll('\\', '/')}`);
  } catch {
    return [];
  }
};
const files = folders
  .flatMap(filesIn)
  .filter((name) => /\.test\.(mjs|ts)$/.test(name) && !name.includes('/node_modules/'))
  .filter((name) => fragments.length === 0 || fragments.some((part) => name.includes(part)))
  .sort();
if (files.length === 0) {
  console.error(`No test file matches ${fragments.join(', ') || folders.join(', ')}.`);
  process.exit(1);
}
const run = spawnSync(
  process.execPath,
  [
    // Node would leave a processor free, and on two run one file at a time.
    `--test-concurrency=${crossing ? 1 : Math.max(2, availableParallelism() - 1)}`,
    ...(crossing ? [] : ['--conditions=source']),
    '--import',
    'tsx',
    '--import',
    './scripts/seeded-properties.mjs',
    '--test',
    // What hangs is to be named, not to hold up everything.
    '--test-timeout=600000',
    '--test-reporter=./scripts/test-reporter.mjs',
    '--test-reporter-destination=stdout',
    ...files,
  ],
  {cwd: root, stdio: 'inherit'},
);
process.exit(run.status ?? 1);
