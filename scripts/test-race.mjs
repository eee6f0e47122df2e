// npm run test:race: random stories on a page, against an oracle that looks.
//   npm run test:race [-- --steps 1000000] [-- --port N]     BROWSERS=chromium,firefox,webkit chooses; see CONTRIBUTING.md
import {spawnSync} from 'node:child_process';
import {parseArgs} from 'node:util';
import {checkNode, ensureEngines, ensureInstalled, fail, root} from './setup.mjs';

checkNode();
let options;
try {
  options = parseArgs({options: {steps: {type: 'string'}, port: {type: 'string'}}}).values;
} catch (error) {
  fail(`${error.message}\nUsage: npm run test:race -- [--steps STEPS] [--port PORT]`);
}
const {steps, port} = options;
if (steps !== undefined && !/^[1-9]\d*$/.test(steps)) fail(`--steps is “${steps}”; it must be a whole number from 1.`);

ensureInstalled();
const BROWSERS = process.env.BROWSERS || 'chromium';
ensureEngines(BROWSERS.split(','));
const {status} = spawnSync(
  process.execPath,
  [
    'node_modules/@web/test-runner/dist/bin.js',
    '--config',
    'tests/browser/race/web-test-runner.config.mjs',
    ...(port ? ['--port', port] : []),
  ],
  {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {...process.env, BROWSERS, ...(steps ? {RACE_STEPS: steps} : {})},
  },
);
process.exit(status ?? 1);
