import {existsSync} from 'node:fs';
import {esbuildPlugin} from '@web/dev-server-esbuild';
import {chromeLauncher} from '@web/test-runner-chrome';

const chromium =
  process.env.CHROMIUM_BIN ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export default {
  files: ['packages/{core,ui,widgets,embed}/src/**/*.test.ts', 'tests/browser/**/*.test.ts'],
  nodeResolve: {exportConditions: ['source', 'development', 'browser']},
  preserveSymlinks: false,
  plugins: [
    esbuildPlugin({ts: true, target: 'es2022', tsconfig: new URL('./tsconfig.base.json', import.meta.url).pathname}),
  ],
  browsers: [chromeLauncher({launchOptions: {executablePath: chromium, args: quiet}})],
  concurrency: 2,
  testFramework: {config: {timeout: 10_000}},
};
