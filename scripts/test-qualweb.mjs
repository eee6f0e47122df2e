// npm run test:qualweb: QualWeb on the pages of the demo. It has many packages of its own, so it is installed apart.
import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {checkNode, ensureBrowser, ensureBuilt, ensureInstalled, root, run} from './setup.mjs';

checkNode();
ensureInstalled();
const CHROMIUM_BIN = ensureBrowser();
ensureBuilt();
const folder = `${root}tests/accessibility/qualweb`;
if (!existsSync(`${folder}/node_modules/.package-lock.json`))
  run('Installing QualWeb (npm ci)', process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci'], {
    cwd: folder,
    shell: process.platform === 'win32',
  });
const {status} = spawnSync(
  process.execPath,
  [
    '--test',
    '--test-reporter=./scripts/test-reporter.mjs',
    '--test-reporter-destination=stdout',
    'tests/accessibility/qualweb/qualweb.mjs',
  ],
  {cwd: root, stdio: 'inherit', env: {...process.env, CHROMIUM_BIN}},
);
process.exit(status ?? 1);
