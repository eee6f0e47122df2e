// npm run version: turns the changesets into versions and change logs. All packages have one version, and the code knows it.
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fail, root, run} from './setup.mjs';

run('Reading the changesets', process.execPath, ['node_modules/@changesets/cli/bin.js', 'version']);

const {version} = JSON.parse(readFileSync(join(root, 'packages/core/package.json'), 'utf8'));
const file = join(root, 'packages/core/src/define-element.ts');
const text = readFileSync(file, 'utf8');
const constant = /(export const kitVersion = ')[^']*'/;
if (!constant.test(text)) fail(`${file} has no kitVersion: elements could not tell which version they are of.`);
writeFileSync(file, text.replace(constant, `$1${version}'`));

run('Writing the lock', 'npm', ['install', '--package-lock-only', '--ignore-scripts'], {
  shell: process.platform === 'win32',
});
console.log(`All packages are ${version} now. Look at the change logs, and commit.`);
