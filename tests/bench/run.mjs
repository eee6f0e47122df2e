// npm run bench [-- NAME …] [--json] [--quick]: how fast the kit is, beside what is possible and beside others.
import {existsSync, readFileSync} from 'node:fs';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {checkNode, ensureBrowser, ensureBuilt, ensureInstalled, fail, run} from '../../scripts/setup.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const names = [
  'case-list',
  'windowed-rows',
  'switch',
  'survey',
  'bridge',
  'live',
  'many-windows',
  'first-load',
  'gateway',
  'live-streams',
  'intake',
  'memory',
  'disk',
  'json-http',
  'soap',
];

checkNode();
const {values: options, positionals: wanted} = parseArgs({
  options: {json: {type: 'boolean'}, quick: {type: 'boolean'}},
  allowPositionals: true,
});
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) fail(`There is no benchmark ${unknown.join(', ')}. There are: ${names.join(', ')}.`);

ensureInstalled();
ensureBuilt();
process.env.CHROMIUM_BIN = ensureBrowser();

/** Whether the grids stand here in the versions that the lock names. */
function hasGrids() {
  const account = join(here, 'node_modules/.package-lock.json');
  if (!existsSync(account)) return false;
  const versions = (file) =>
    Object.entries(JSON.parse(readFileSync(file, 'utf8')).packages)
      .filter(([path]) => path !== '')
      .map(([path, {version}]) => `${path} ${version}`)
      .sort()
      .join();
  return versions(account) === versions(join(here, 'package-lock.json'));
}
if (!hasGrids())
  run('Installing the grids to compare with (npm ci)', 'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: here,
  });

const {launchBrowser} = await import('./browser.mjs');
const {bundlePages} = await import('./bundles.mjs');
const {servePages} = await import('./server.mjs');
const {caseStream} = await import('./streams.mjs');
const {table} = await import('./report.mjs');

const kit = join(here, '../../packages/embed/dist/cdn');
const pages = await mkdtemp(join(tmpdir(), 'bsp-bench-'));
const {quick = false} = options;
const repetitions = quick ? 2 : 15;
const warmUps = quick ? 1 : 3;

/** Gives a benchmark a browser of its own. */
async function inBrowser(use, launch) {
  const browser = await launchBrowser(launch);
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
}

/** Gives a benchmark a browser of its own and the pages of its contenders. */
async function onPages(use, streams = {}) {
  const server = await servePages({kit, pages, streams});
  try {
    return await inBrowser((browser) => use({browser, url: server.url, repetitions, warmUps}));
  } finally {
    await server.close();
  }
}

const benchmarks = {
  async 'case-list'() {
    const {caseList} = await import('./benchmarks/case-list.mjs');
    return onPages(caseList(200), {'200.ndjson': caseStream('c1', 200)});
  },
  async 'windowed-rows'() {
    const {caseList} = await import('./benchmarks/case-list.mjs');
    return onPages(caseList(10_000), {'10000.ndjson': caseStream('c1', 10_000)});
  },
  async switch() {
    const {switchOfSubject} = await import('./benchmarks/switch.mjs');
    return onPages(switchOfSubject);
  },
  async survey() {
    const {survey} = await import('./benchmarks/survey.mjs');
    return onPages(survey);
  },
  async bridge() {
    const {bridge} = await import('./benchmarks/bridge.mjs');
    return onPages(bridge);
  },
  async live() {
    const {live} = await import('./benchmarks/live.mjs');
    return onPages(live, {'200.ndjson': caseStream('c1', 200)});
  },
  async 'many-windows'() {
    const {casesEach, manyWindows} = await import('./benchmarks/many-windows.mjs');
    return onPages(manyWindows, {[`${casesEach}.ndjson`]: caseStream('c1', casesEach)});
  },
  async 'first-load'() {
    const {firstLoad} = await import('./benchmarks/first-load.mjs');
    const stream = caseStream('c1', 40);
    return inBrowser((browser) => firstLoad({browser, kit, pages, stream, repetitions}), {frameRate: 'of the screen'});
  },
  async gateway() {
    const {gateway} = await import('./benchmarks/gateway.mjs');
    return gateway({repetitions: quick ? 1 : 7, quick});
  },
  async 'live-streams'() {
    const {liveStreams} = await import('./benchmarks/live-streams.mjs');
    return liveStreams({quick});
  },
  async intake() {
    const {intake} = await import('./benchmarks/intake.mjs');
    return intake({repetitions: quick ? 1 : 7, quick});
  },
  async memory() {
    const {memory} = await import('./benchmarks/memory.mjs');
    return memory({quick});
  },
  async disk() {
    const {disk} = await import('./benchmarks/disk.mjs');
    return disk({quick});
  },
  async 'json-http'() {
    const {jsonHttpConnector} = await import('./benchmarks/json-http.mjs');
    return jsonHttpConnector({repetitions: quick ? 1 : 7, quick});
  },
  async soap() {
    const {soapConnectors} = await import('./benchmarks/soap.mjs');
    return soapConnectors({repetitions: quick ? 1 : 7, quick});
  },
};

try {
  await bundlePages(pages);
  const figures = [];
  for (const name of wanted.length > 0 ? wanted : names) {
    if (!options.json) console.log(`› ${name}`);
    figures.push(...(await benchmarks[name]()));
  }
  console.log(options.json ? JSON.stringify(figures, null, 2) : `\n${table(figures)}`);
} finally {
  await rm(pages, {recursive: true});
}
