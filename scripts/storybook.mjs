// Storybook: node scripts/storybook.mjs dev | build | test [arguments of the tool]
import {checkNode, ensureBrowser, ensureInstalled, fail, root, run} from './setup.mjs';

const [command = 'dev', ...given] = process.argv.slice(2);
const tools = {
  dev: ['Storybook', 'node_modules/storybook/dist/bin/dispatcher.js', 'dev', '--no-open', '--port', '6006'],
  build: [
    'Building Storybook',
    'node_modules/storybook/dist/bin/dispatcher.js',
    'build',
    '--output-dir',
    'storybook-static',
  ],
  test: ['Stories', 'node_modules/vitest/vitest.mjs', 'run', '--config', '.storybook/vitest.config.mjs'],
};
const tool = tools[command];
if (!tool) fail(`There is no ${command}; there are ${Object.keys(tools).join(', ')}.`);

checkNode();
ensureInstalled();
const env = {...process.env, STORYBOOK_DISABLE_TELEMETRY: '1'};
if (command === 'test') env.CHROMIUM_BIN = ensureBrowser();
const [title, ...call] = tool;
run('Describing the elements (npm run manifest)', process.execPath, [
  'node_modules/@custom-elements-manifest/analyzer/cem.js',
  'analyze',
  '--quiet',
]);
run(title, process.execPath, [...call, ...given], {cwd: root, env});
