// Part of npm run lint: holds every package.json and package-lock.json of the repository against dependency-rules.mjs.
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {licenceFaults, pinFaults} from './dependency-rules.mjs';
import {root} from './setup.mjs';

const readJson = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));

/** The files of a name in the repository, but for what was installed and the projects of vendors in tests. */
function filesCalled(name, folder = '.') {
  return readdirSync(join(root, folder), {withFileTypes: true}).flatMap((entry) => {
    if (/^(node_modules|dist|var|results|projects|\.git)$/.test(entry.name)) return [];
    const path = folder === '.' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return filesCalled(name, path);
    return entry.name === name ? [path] : [];
  });
}

const locks = filesCalled('package-lock.json');
const faults = [
  ...filesCalled('package.json').flatMap((path) => pinFaults(readJson(path)).map((fault) => `${path}: ${fault}`)),
  ...locks.flatMap((path) => licenceFaults(readJson(path).packages).map((fault) => `${path}: ${fault}`)),
];
for (const fault of faults) console.error(fault);
if (faults.length > 0) {
  console.error('\nTake another package, or add to scripts/dependency-rules.mjs what you have read.');
  process.exit(1);
}
console.log(`Every dependency of ${locks.join(' and ')} is pinned and licensed.`);
