// The lock must say what a package is, by its digest, and not where it came from: addresses of one machine's registry fail
// on another.
import {readFileSync} from 'node:fs';

const lock = readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8');
const addresses = lock.match(/"resolved": "http[^"]*"/g) ?? [];
if (addresses.length > 0) {
  console.error(`package-lock.json holds ${addresses.length} download addresses, e.g. ${addresses[0]}.`);
  console.error('Keep `omit-lockfile-registry-resolved=true` in .npmrc and run `npm install --package-lock-only`.');
  process.exit(1);
}
const unverified = Object.entries(JSON.parse(lock).packages)
  .filter(([place, {link, integrity}]) => place.includes('node_modules/') && !link && !integrity)
  .map(([place]) => place);
if (unverified.length > 0) {
  console.error(
    `package-lock.json has no digest of ${unverified.length} packages, so that npm would take any content:`,
  );
  console.error(unverified.join('\n'));
  console.error(
    'npm leaves it out of what was installed already: remove node_modules and these entries, install, and compare.',
  );
  process.exit(1);
}
console.log('package-lock.json holds a digest of every package, and no download addresses.');
