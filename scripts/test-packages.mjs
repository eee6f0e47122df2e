// npm run test:packages: packs every package and uses it from projects outside the workspace. Installs from the registry.
//   node scripts/test-packages.mjs [path fragment …]
import {spawnSync} from 'node:child_process';
import {readdirSync} from 'node:fs';
import {packAll} from './pack.mjs';
import {ensureBrowser, fail, root} from './setup.mjs';

const fragments = process.argv.slice(2);
const files = readdirSync(`${root}tests/packages`)
  .filter((name) => name.endsWith('.test.mjs'))
  .filter((name) => fragments.length === 0 || fragments.some((part) => name.includes(part)))
  .map((name) => `tests/packages/${name}`);
if (files.length === 0) fail(`No test file of tests/packages matches ${fragments.join(', ')}.`);
const CHROMIUM_BIN = ensureBrowser();
packAll();
const {status} = spawnSync(
  process.execPath,
  [
    '--test',
    '--test-concurrency=1',
    '--test-reporter=./scripts/test-reporter.mjs',
    '--test-reporter-destination=stdout',
    ...files,
  ],
  {cwd: root, stdio: 'inherit', env: {...process.env, CHROMIUM_BIN}},
);
process.exit(status ?? 1);
