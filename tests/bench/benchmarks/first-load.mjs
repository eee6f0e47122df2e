// First load on a slow line: what comes over it, and when the first rows stand, beside a page that loads as many bytes in
// one file and shows hand-written rows from the same answers.

import {randomBytes} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {figure} from '../report.mjs';

/** A slow line and a slow machine: 1.6 Mbit/s down, 750 kbit/s up, 150 ms there and back, a processor four times as slow. */
const line = {offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8};
const slowdown = 4;

const windows = ['case-list', 'journal', 'events'];
const rows = 40;

const html = (head) => `<!doctype html>
<html lang="da">
<meta charset="utf-8">
<title>Slow</title>
<link rel="icon" href="data:,">
${head}
<body></body>
</html>
`;

const kitBody = `<script type="module" src="/kit/bsp.js"></script>
<script type="module" src="/start.js"></script>
<bsp-provider backend="/bsp">${windows.map((name) => `<bsp-${name}${name === 'case-list' ? ` config='{"filter":"all"}'` : ''}></bsp-${name}>`).join('')}</bsp-provider>`;

const startWhenDefined = `await customElements.whenDefined('bsp-provider');
document.querySelector('bsp-provider').setSubject({type: 'cpr', value: '641284-1002'});`;

/** The files that first rows need, as a host's page may name them in advance. */
function preloads(kit) {
  const parts = JSON.parse(readFileSync(join(kit, 'integrity.json'), 'utf8'));
  const needed = new Set();
  const visit = (name) => {
    if (needed.has(name)) return;
    needed.add(name);
    parts[name].imports.forEach(visit);
  };
  ['bsp.js', ...windows.map((name) => `widgets/${name}/define.js`)].forEach(visit);
  return [...needed].map((name) => `<link rel="modulepreload" href="/kit/${name}">`).join('\n');
}

const json = 'application/json';

/** A server of its own for each page, compressing as a host's does. */
async function serve({kit, stream, page, script}) {
  const compressed = new Map();
  const gzip = (name, bytes) => {
    if (!compressed.has(name)) compressed.set(name, gzipSync(bytes, {level: 9}));
    return compressed.get(name);
  };
  const opened = JSON.stringify({
    contextId: 'c1',
    subject: {type: 'cpr', masked: '641284-••••', label: 'Maude Agerlund'},
    openedAt: '2026-11-20T09:42:00Z',
    expiresAt: '2026-11-21T09:42:00Z',
  });
  const me = JSON.stringify({
    user: {id: 'karla', name: 'Karla Bruun'},
    tenant: {id: 'korsbaek', name: 'Korsbæk Kommune'},
    capabilities: ['read:cases'],
    purposes: [],
  });
  const server = createServer((request, response) => {
    const {pathname} = new URL(request.url, 'http://localhost');
    request.resume();
    const send = (type, bytes) =>
      response
        .writeHead(200, {'content-type': type, 'content-encoding': 'gzip', 'cache-control': 'no-store'})
        .end(gzip(pathname, bytes));
    const scriptType = 'text/javascript';
    if (pathname === '/') return send('text/html; charset=utf-8', page);
    if (pathname === '/start.js') return send(scriptType, startWhenDefined);
    if (pathname === '/one-file.js')
      return response.writeHead(200, {'content-type': scriptType, 'cache-control': 'no-store'}).end(script);
    if (pathname.startsWith('/kit/')) return send(scriptType, readFileSync(join(kit, pathname.slice('/kit/'.length))));
    if (pathname.endsWith('/me')) return send(json, me);
    if (pathname.endsWith('/contexts')) return send(json, opened);
    if (pathname.endsWith('/read')) return send('application/x-ndjson', stream);
    response.writeHead(404).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

/** The hand-written page as one script of exactly so many bytes: random text fills it up, and is parsed as a comment. */
function paddedTo(script, bytes) {
  const rest = bytes - script.length - 4;
  if (rest < 0) throw new Error(`The hand-written page takes ${script.length} bytes, the kit only ${bytes}.`);
  return Buffer.concat([script, Buffer.from(`/*${randomBytes(rest).toString('base64').slice(0, rest)}*/`)]);
}

/** Opens a page anew with an empty cache; when its rows stood, and what it had loaded by then. */
async function load(browser, url, tag) {
  const context = await browser.newContext({viewport: {width: 1240, height: 900}, locale: 'da-DK'});
  try {
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Network.enable');
    await devtools.send('Network.emulateNetworkConditions', line);
    await devtools.send('Emulation.setCPUThrottlingRate', {rate: slowdown});
    await page.addInitScript(
      (wanted) => {
        const look = () => {
          const found = document.querySelector(wanted.tag)?.shadowRoot?.querySelectorAll('tbody tr').length ?? 0;
          if (found < wanted.rows) return requestAnimationFrame(look);
          document.body.getBoundingClientRect();
          globalThis.firstRowsAt = performance.now();
        };
        requestAnimationFrame(look);
      },
      {tag, rows},
    );
    await page.goto(url, {waitUntil: 'commit'});
    await page.waitForFunction(() => globalThis.firstRowsAt !== undefined, undefined, {timeout: 60_000});
    const firstRows = await page.evaluate(() => globalThis.firstRowsAt);
    const before = await page.evaluate(() =>
      [...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')]
        .filter(({responseEnd}) => responseEnd > 0 && responseEnd <= globalThis.firstRowsAt)
        .map(({name, transferSize, responseEnd}) => ({name, transferSize, responseEnd})),
    );
    return {firstRows, loaded: before};
  } finally {
    await context.close();
  }
}

/** Three windows, the first of them with rows. */
export async function firstLoad({browser, kit, pages, stream, repetitions}) {
  const plain = readFileSync(join(pages, 'first-load-limit.js'));
  const shared = {kit, stream};
  const preloading = await serve({...shared, page: html(`${preloads(kit)}\n${kitBody}`)});
  const chained = await serve({...shared, page: html(kitBody)});
  const scripts = (loaded) => loaded.filter(({name}) => /\.js$/.test(new URL(name).pathname));
  const first = await load(browser, preloading.url, 'bsp-case-list');
  const bytes = scripts(first.loaded).reduce((sum, {transferSize}) => sum + transferSize, 0);
  const limit = await serve({
    ...shared,
    page: html('<bsp-limit></bsp-limit><script type="module" src="/one-file.js"></script>'),
    script: paddedTo(plain, Math.max(bytes - 300, plain.length + 4)),
  });
  const samples = {};
  const take = (what, name, value) => {
    samples[what] ??= {};
    samples[what][name] ??= [];
    samples[what][name].push(value);
  };
  for (let run = 0; run < repetitions; run++)
    for (const [name, url, tag] of [
      ['kit', preloading.url, 'bsp-case-list'],
      ['limit', limit.url, 'bsp-limit'],
      ['kit without preloads', chained.url, 'bsp-case-list'],
    ]) {
      const {firstRows, loaded} = await load(browser, url, tag);
      take('time to first rows', name, firstRows);
      take('bytes until then', name, loaded.reduce((sum, {transferSize}) => sum + transferSize, 0) / 1000);
      take('requests until then', name, loaded.length);
    }
  for (const server of [preloading, chained, limit]) await server.close();
  const units = {'time to first rows': 'ms', 'bytes until then': 'kB'};
  return Object.entries(samples).map(([what, values]) =>
    figure({
      benchmark: 'first load, slow line',
      what,
      unit: units[what] ?? 'number',
      samples: values,
      ...(what === 'time to first rows' ? {atMost: 1.15} : {}),
    }),
  );
}
