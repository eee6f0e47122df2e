// The lock must not say where a package came from: addresses of one machine's registry fail on another.
import {readFileSync} from 'node:fs';

const lock = readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8');
const addresses = lock.match(/"resolved": "http[^"]*"/g) ?? [];
if (addresses.length > 0) {
  console.error(`package-lock.json holds ${addresses.length} download addresses, e.g. ${addresses[0]}.`);
  console.error('Keep `omit-lockfile-registry-resolved=true` in .npmrc and run `npm install --package-lock-only`.');
  process.exit(1);
}
console.log('package-lock.json holds no download addresses.');
