// What the end-to-end tests stand on: a demo with its own storage, a real browser, and a record of all that passed.
import {fork} from 'node:child_process';
import {existsSync} from 'node:fs';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {connect, createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {characters, municipality} from '@bsp/korsbaek';
import {startFlags} from '../../scripts/start-flags.mjs';

export {launchBrowser} from '../look/browser.mjs';

/** Where the reference data lies beside a checkout; absent on most machines. */
export const sharedData = fileURLToPath(new URL('../../../shared/data/', import.meta.url));

/** Options of a test that needs the reference data: skipped with a line where it is absent, unless it must be there. */
export const needsSharedData = {
  skip:
    !existsSync(sharedData) && process.env.BSP_REQUIRE_SHARED_DATA !== '1'
      ? 'there is no ../shared/data beside this checkout'
      : false,
};

const patience = 15_000;

/** The demo's own config with a storage of its own. */
export async function demoConfig() {
  const config = JSON.parse(await readFile(new URL('../../demo/gateway.json', import.meta.url), 'utf8'));
  return {...config, storage: {directory: 'data'}, logLevel: 'debug'};
}

/** The same with systems that answer, or fail, at once; changed as a test wants it. */
export async function quickConfig(change = (config) => config) {
  const config = await demoConfig();
  const quick = ({latencyMs: _, ...source}) => (source.failure === 'slow' ? {...source, failure: 'down'} : source);
  return change({...config, sources: config.sources.map(quick)});
}

/**
 * Starts a demo. It may be killed and started again on the same port and storage.
 *
 * @param configOf - makes its config, given the folder that is its own; default {@link quickConfig}.
 */
export async function startDemoProcess(configOf = () => quickConfig()) {
  const folder = await mkdtemp(join(tmpdir(), 'bsp-e2e-'));
  const configFile = join(folder, 'gateway.json');
  await writeFile(configFile, JSON.stringify(await configOf(folder)));
  const demo = {folder, output: '', url: undefined, careUrl: undefined, child: undefined, start, kill, stop};
  async function start() {
    const port = demo.url ? new URL(demo.url).port : 0;
    const child = fork(new URL('demo-process.mjs', import.meta.url), [String(port), configFile], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // The demo runs as it does for a user: from the build.
      execArgv: startFlags,
    });
    demo.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (bytes) => {
        demo.output += bytes;
      });
    const {url, careUrl} = await new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', () => reject(new Error(`The demo did not start:\n${demo.output}`)));
    });
    Object.assign(demo, {url, careUrl});
  }
  async function kill(signal = 'SIGKILL') {
    if (demo.child.exitCode !== null || demo.child.signalCode !== null) return;
    const gone = new Promise((resolve) => demo.child.once('exit', resolve));
    demo.child.kill(signal);
    await gone;
  }
  async function stop() {
    await kill();
    await rm(folder, {recursive: true, force: true});
  }
  await start();
  return demo;
}

/** A line to a demo that can be cut: what was open breaks, and nothing new gets through until it is mended. */
export async function lineTo(demo) {
  const open = new Set();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) return near.destroy();
    const far = connect(Number(new URL(demo.url).port), '127.0.0.1');
    for (const [end, other] of [
      [near, far],
      [far, near],
    ]) {
      open.add(end);
      end.pipe(other);
      end.on('error', () => other.destroy());
      end.on('close', () => {
        open.delete(end);
        other.destroy();
      });
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${server.address().port}`,
    cut() {
      isCut = true;
      for (const end of open) end.destroy();
    },
    mend() {
      isCut = false;
    },
    close() {
      this.cut();
      server.close();
    },
  };
}

/**
 * Opens a page of the demo. `record` holds every request, console line and error of it.
 *
 * @param options - Playwright's options of a browser context, and `hash` of the address.
 */
export async function openPage(browser, demo, {path = '/', ...options} = {}) {
  const context = await browser.newContext({viewport: {width: 1360, height: 932}, locale: 'da-DK', ...options});
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  const record = {requests: [], console: [], errors: []};
  page.on('request', (request) =>
    record.requests.push({method: request.method(), url: request.url(), body: request.postData() ?? ''}),
  );
  page.on('console', (message) => record.console.push(message.text()));
  page.on('pageerror', (error) => record.errors.push(error.message));
  await page.goto(demo.url + path);
  await page.waitForFunction(() => document.querySelector('bsp-provider') && !document.querySelector(':not(:defined)'));
  return {context, page, record, ...partsOf(page)};
}

/** The parts of the job centre's page by what a user calls them. */
export function partsOf(page) {
  const rail = page.locator('.rail');
  return {
    rail,
    clientLink: (name) => rail.getByRole('link', {name: new RegExp(`^${name}`)}),
    person: page.locator('bsp-person'),
    cases: page.locator('bsp-case-list'),
    journal: page.locator('bsp-journal'),
    events: page.locator('bsp-events'),
    heading: page.getByRole('heading', {level: 1}),
    findField: rail.getByRole('textbox'),
    findError: rail.getByRole('alert'),
  };
}

export const windowTags = ['bsp-person', 'bsp-case-list', 'bsp-journal', 'bsp-events'];

/** All that is rendered inside the windows, shadow roots included, as one text; of some of them where tags are given. */
export const windowTexts = (page, tags = windowTags) =>
  page.evaluate((wanted) => {
    const textOf = (node) =>
      node.nodeType === Node.TEXT_NODE
        ? node.data
        : node.nodeName === 'STYLE'
          ? ''
          : [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes].map(textOf).join(' ');
    return wanted.map((tag) => [...document.querySelectorAll(tag)].map(textOf).join(' ')).join(' ');
  }, tags);

/** The states of the four windows, by tag. */
export const windowStates = (page) =>
  page.evaluate((tags) => Object.fromEntries(tags.map((tag) => [tag, document.querySelector(tag)?.state])), windowTags);

/** Waits until every window has shown what there is, and nobody is waited for. */
export const settled = (page) =>
  page.waitForFunction(
    (tags) =>
      tags.every((tag) => {
        const element = document.querySelector(tag);
        return element?.state && !['no-subject', 'loading'].includes(element.state) && !element.matches(':state(busy)');
      }),
    windowTags,
    {timeout: patience},
  );

/** A number as it is also written. */
export const hyphenated = (digits) => `${digits.slice(0, 6)}-${digits.slice(6)}`;

/** Numbers of the clients and of all who are named on their pages. */
const numbers = (() => {
  const korsbaek = municipality();
  const cast = Array.from({length: 40}, (_, index) => korsbaek.inhabitant(index).cpr);
  return [...new Set([...characters.map(({cpr}) => cpr), ...cast])];
})();

/** The numbers that stand in a text in any spelling; said by index, since this may end up in a log itself. */
export const numbersIn = (text) =>
  numbers.flatMap((digits, index) =>
    [
      digits,
      hyphenated(digits),
      `${digits.slice(0, 6)} ${digits.slice(6)}`,
      Buffer.from(digits).toString('base64').slice(0, 13),
    ].some((spelling) => text.includes(spelling))
      ? [`number ${index}`]
      : [],
  );

/** A character of Korsbæk by key. */
export const character = (key) => characters.find((one) => one.key === key);

/** Chooses a client in the host's list and waits until the windows have settled. */
export async function choose({page, clientLink, heading}, name) {
  await clientLink(name).click();
  await heading.filter({hasText: name}).waitFor();
  await settled(page);
}

/** The requests of a record to a path of the gateway. */
export const requestsTo = (record, method, pattern) =>
  record.requests.filter((request) => request.method === method && pattern.test(new URL(request.url).pathname));

/** How many events the window says there are, those that are folded too. */
export const eventCount = (page) =>
  page.evaluate(() => {
    const shown = document.querySelector('bsp-events').shadowRoot.querySelector('[part~=count]')?.textContent ?? '0';
    return Number(shown.match(/\d+/g)?.at(-1) ?? 0);
  });
