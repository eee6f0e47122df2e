import {existsSync, writeFileSync} from 'node:fs';
import {esbuildPlugin} from '@web/dev-server-esbuild';
import {defaultReporter} from '@web/test-runner';
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

/** Prints the counts, and writes them to BSP_COUNTS_FILE for `npm test`. A file that does not load is one failure. */
const countsReporter = {
  onTestRunFinished({sessions}) {
    const counts = {passed: 0, failed: 0, skipped: 0};
    const count = ({suites, tests}) => {
      for (const {passed, skipped} of tests) counts[skipped ? 'skipped' : passed ? 'passed' : 'failed']++;
      suites.forEach(count);
    };
    for (const {testResults, errors} of sessions) {
      if (testResults) count(testResults);
      if (errors.length > 0) counts.failed++;
    }
    console.log(
      `${counts.passed} passed, ${counts.failed} failed${counts.skipped ? `, ${counts.skipped} skipped` : ''}`,
    );
    if (process.env.BSP_COUNTS_FILE) writeFileSync(process.env.BSP_COUNTS_FILE, JSON.stringify(counts));
  },
};

export default {
  files: ['packages/{core,ui,widgets,embed}/src/**/*.test.ts', 'tests/browser/**/*.test.ts'],
  nodeResolve: {exportConditions: ['source', 'development', 'browser']},
  preserveSymlinks: false,
  plugins: [
    esbuildPlugin({ts: true, target: 'es2022', tsconfig: new URL('./tsconfig.base.json', import.meta.url).pathname}),
  ],
  browsers: [
    chromeLauncher({
      launchOptions: {executablePath: chromium, args: quiet},
      // A window for each page: a tab behind another gets no animation frames, and its tests would wait for ever.
      createPage: async ({browser}) => (await browser.createBrowserContext()).newPage(),
    }),
  ],
  concurrency: 2,
  // The tests run Lit's development build on purpose: it warns of more.
  filterBrowserLogs: ({args}) => !String(args[0]).includes('Lit is in dev mode'),
  testFramework: {config: {timeout: 10_000}},
  reporters: [defaultReporter({reportTestProgress: process.stdout.isTTY === true}), countsReporter],
};
