// The flags of Node that `npm start` runs the gateway with, for tests and benchmarks of just that.
import {readFileSync} from 'node:fs';

const {scripts} = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

export const startFlags = scripts.start.split(' ').filter((word) => word.startsWith('--'));
