// npm run test:engines: the component tests in Chromium, Firefox and WebKit, side by side.
//   npm run test:engines [-- --repeat 20] [-- --files GLOB]     BROWSERS=firefox,webkit chooses
// Repeated, it runs them as often as said and ends with the runs that failed: a test that fails once in a while is a fault.
import {spawnSync} from 'node:child_process';
import {parseArgs} from 'node:util';
import {engines} from './engines.mjs';
import {checkNode, ensureEngines, ensureInstalled, fail, root} from './setup.mjs';

checkNode();
let options;
try {
  options = parseArgs({options: {repeat: {type: 'string', default: '1'}, files: {type: 'string'}}}).values;
} catch (error) {
  fail(`${error.message}\nUsage: npm run test:engines -- [--repeat TIMES] [--files GLOB]`);
}
const times = Number(options.repeat);
if (!Number.isInteger(times) || times < 1) fail(`--repeat is “${options.repeat}”; it must be a whole number from 1.`);

ensureInstalled();
const BROWSERS = process.env.BROWSERS || Object.keys(engines).join(',');
ensureEngines(BROWSERS.split(','));

const failures = [];
for (let time = 1; time <= times; time++) {
  const started = performance.now();
  const {status} = spawnSync(
    process.execPath,
    ['node_modules/@web/test-runner/dist/bin.js', ...(options.files ? ['--files', options.files] : [])],
    {cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: {...process.env, BROWSERS}},
  );
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`Run ${time} of ${times}: ${status === 0 ? 'green' : 'FAILED'}, ${seconds} s`);
  if (status !== 0) failures.push(time);
}
if (times > 1) console.log(`${times - failures.length} of ${times} runs green`);
if (failures.length > 0) fail(`Failed: run ${failures.join(', ')}.`);
