// Many spoiled inputs for every parser at a border:
//   npm run test:fuzz [-- path fragment …]   FUZZ_RUNS inputs each (1000), the ones of FUZZ_SEED (drawn)
import {spawnSync} from 'node:child_process';
import {readdirSync} from 'node:fs';
import {checkNode, ensureInstalled, root} from './setup.mjs';

checkNode();
ensureInstalled();
const env = {
  ...process.env,
  FUZZ_RUNS: process.env.FUZZ_RUNS || '1000',
  FUZZ_SEED: process.env.FUZZ_SEED || String(Math.floor(Math.random() * 2 ** 31)),
};
console.log(`FUZZ_RUNS=${env.FUZZ_RUNS} FUZZ_SEED=${env.FUZZ_SEED}`);
const wanted = process.argv.slice(2);
const fragments = ['.fuzz.test.ts', ...readdirSync(`${root}tests/fuzz`).map((name) => `tests/fuzz/${name}`)];
const {status} = spawnSync(process.execPath, ['scripts/test-node.mjs', ...(wanted.length > 0 ? wanted : fragments)], {
  cwd: root,
  env,
  stdio: 'inherit',
});
process.exit(status ?? 1);
