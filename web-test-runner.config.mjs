// The component tests, in the engines that BROWSERS names (`BROWSERS=firefox,webkit npx wtr`), else in Chromium.
import {fileURLToPath} from 'node:url';
import {esbuildPlugin} from '@web/dev-server-esbuild';
import {defaultReporter} from '@web/test-runner';
import {chromeLauncher, puppeteerCore} from '@web/test-runner-chrome';
import {bundledTests} from './scripts/bundled-tests.mjs';
import {askedEngines, engines, findEngine, quietChromium} from './scripts/engines.mjs';
import {keepPages} from './scripts/kept-pages.mjs';
import {countsReporter} from './scripts/test-counts.mjs';
import {webkitLauncher} from './scripts/webkit-launcher.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));
const tsconfig = fileURLToPath(new URL('tsconfig.base.json', import.meta.url));
const conditions = ['source', 'development', 'browser'];
// JavaScript is served as it is.
const target = 'esnext';

/**
 * What costs a second for each window or page, and shows nothing in a page: what a window offers below its address field, which
 * are two pages; a process for a page that may come; pages kept for a way back that nobody goes.
 */
const withoutFeatures = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'SpareRendererForSitePerProcess',
  'BackForwardCache',
];
const sparingFirefox = {'dom.ipc.processPrelaunch.enabled': false, 'browser.sessionhistory.max_total_viewers': 0};

const launchers = {
  chromium: (executablePath) =>
    keepPages(
      chromeLauncher({
        launchOptions: {executablePath, args: [...quietChromium, `--disable-features=${withoutFeatures}`]},
        // A window for each page: a tab behind another gets no animation frames, and its tests would wait for ever.
        createPage: async ({browser}) => (await browser.createBrowserContext()).newPage(),
      }),
    ),
  firefox: (executablePath) =>
    keepPages(
      chromeLauncher({
        puppeteer: puppeteerCore,
        launchOptions: {browser: 'firefox', executablePath, headless: true, extraPrefsFirefox: sparingFirefox},
        // Of several pages only one would have the focus.
        concurrency: 1,
      }),
    ),
  webkit: webkitLauncher,
};

function launch(engine) {
  const executable = findEngine(engine);
  const {title} = engines[engine];
  if (!executable) throw new Error(`${title} is not here. \`npm run test:engines\` installs it, or says how.`);
  return Object.assign(launchers[engine](executable), {name: title});
}

/** Several keys at once, in every engine: the runner's own command holds no key down in WebDriver. */
const pressTogether = {
  name: 'press-together',
  async executeCommand({command, payload, session: {browser, id}}) {
    if (command !== 'press-together') return undefined;
    if (browser.pressTogether) await browser.pressTogether(id, payload);
    else {
      const {keyboard} = browser.getPage(id);
      for (const key of payload) await keyboard.down(key);
      for (const key of payload.toReversed()) await keyboard.up(key);
    }
    return true;
  },
};

const chosen = askedEngines() ?? ['chromium'];

export default {
  // The longest first: begun last, it would run alone at the end.
  files: ['packages/widgets/src/**/windowed-rows.test.ts', 'packages/{core,ui,widgets,embed}/src/**/*.test.ts'],
  nodeResolve: {exportConditions: conditions},
  preserveSymlinks: false,
  plugins: [
    pressTogether,
    bundledTests({root, conditions, tsconfig, target}),
    esbuildPlugin({ts: true, target, tsconfig}),
  ],
  browsers: chosen.map(launch),
  concurrency: 2,
  concurrentBrowsers: chosen.length,
  // The tests run Lit's development build on purpose: it warns of more.
  filterBrowserLogs: ({args}) => !String(args[0]).includes('Lit is in dev mode'),
  // Ends of patience, for what hangs; a busy machine is no fault.
  testFramework: {config: {timeout: 30_000}},
  browserStartTimeout: 120_000,
  testsStartTimeout: 120_000,
  testsFinishTimeout: 600_000,
  reporters: [defaultReporter({reportTestProgress: process.stdout.isTTY === true}), countsReporter],
};
