// Runs tests under node:test:
//   node scripts/test-node.mjs [path fragment …]        the packages and tests/node
//   node scripts/test-node.mjs --e2e [path fragment …]  tests/e2e, over the build
import {spawnSync} from 'node:child_process';
import {readdirSync} from 'node:fs';
import {root} from './setup.mjs';

const fragments = process.argv.slice(2).filter((argument) => argument !== '--e2e');
const endToEnd = process.argv.includes('--e2e');
const folders = endToEnd
  ? ['tests/e2e']
  : [...['contract', 'korsbaek', 'sources', 'gateway', 'effect'].map((name) => `packages/${name}/src`), 'tests/node'];

const filesIn = (folder) => {
  try {
    return readdirSync(`${root}${folder}`, {recursive: true}).map((name) => `${folder}/${name.replaceAll('\\', '/')}`);
  } catch {
    return [];
  }
};
const files = folders
  .flatMap(filesIn)
  .filter((name) => (endToEnd ? /\.test\.(mjs|ts)$/ : /\.test\.ts$/).test(name))
  .filter((name) => fragments.length === 0 || fragments.some((part) => name.includes(part)))
  .sort();
if (files.length === 0) {
  console.error(`No test file matches ${fragments.join(', ') || folders.join(', ')}.`);
  process.exit(1);
}
const run = spawnSync(
  process.execPath,
  [
    ...(endToEnd ? ['--test-concurrency=1'] : ['--conditions=source']),
    '--import',
    'tsx',
    '--test',
    '--test-reporter=./scripts/test-reporter.mjs',
    '--test-reporter-destination=stdout',
    ...files,
  ],
  {cwd: root, stdio: 'inherit'},
);
process.exit(run.status ?? 1);
