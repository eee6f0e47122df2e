// Pictures of a window in every scene: node tests/look/screenshot.mjs <window> [scene …] [--lang da,en] [--width 360,1200]
//   [--theme light,dark] [--forced-colors] [--sheet]
// Writes PNGs to tests/results/look/<window>/; --sheet puts the scenes of one width, theme and language on contact sheets.

import {existsSync, mkdirSync} from 'node:fs';
import {createServer} from 'node:http';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {build} from 'esbuild';
import {chromium} from 'playwright-core';

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    lang: {type: 'string', default: 'da'},
    width: {type: 'string', default: '360,900'},
    theme: {type: 'string', default: 'light'},
    'forced-colors': {type: 'boolean', default: false},
    sheet: {type: 'boolean', default: false},
  },
});
const forced = values['forced-colors'] ? '-forced' : '';
const [windowName, ...wanted] = positionals;
const root = fileURLToPath(new URL('../../', import.meta.url));
const scenesFile = `${root}tests/browser/scenes/${windowName}.ts`;
if (!windowName || !existsSync(scenesFile)) {
  console.error('Which window? There must be a tests/browser/scenes/<window>.ts.');
  process.exit(1);
}
const out = `${root}tests/results/look/${windowName}`;
mkdirSync(out, {recursive: true});

const bundle = await build({
  stdin: {
    contents: `import {showOn} from './tests/look/page.ts'; import * as scenes from ${JSON.stringify(scenesFile)}; showOn(scenes);`,
    resolveDir: root,
    loader: 'ts',
  },
  bundle: true,
  write: false,
  format: 'esm',
  splitting: true,
  outdir: '/',
  conditions: ['source'],
  target: 'es2022',
  tsconfig: `${root}tsconfig.base.json`,
});
const files = new Map(bundle.outputFiles.map((file) => [file.path, file.contents]));
const page = `<!doctype html><html lang="da"><meta charset="utf-8"><title>${windowName}</title><style>
:root{color-scheme:light;--page:light-dark(#e9edf0,#12161a)}
body{margin:16px;background:var(--page);font:16px/1.5 "IBM Plex Sans","Segoe UI",system-ui,sans-serif}
</style><script type="module" src="/stdin.js"></script>`;
const server = createServer((request, response) => {
  const file = files.get(request.url ?? '');
  response.setHeader('content-type', file ? 'text/javascript' : 'text/html');
  response.setHeader(
    'content-security-policy',
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; require-trusted-types-for 'script'; trusted-types lit-html 'allow-duplicates'",
  );
  response.end(file ?? page);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_BIN ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
});
try {
  for (const width of values.width.split(',').map(Number)) {
    const context = await browser.newContext({
      viewport: {width, height: 700},
      timezoneId: 'Europe/Copenhagen',
      ...(values['forced-colors'] ? {forcedColors: 'active'} : {}),
    });
    const tab = await context.newPage();
    tab.on('console', (message) => message.type() === 'error' && console.error(message.text()));
    tab.on('pageerror', (error) => console.error(error));
    await tab.goto(`http://127.0.0.1:${server.address().port}/`);
    await tab.waitForFunction(() => 'showScene' in window);
    const names = await tab.evaluate(() => window.sceneNames);
    for (const theme of values.theme.split(','))
      for (const lang of values.lang.split(',')) {
        const shots = [];
        for (const name of names.filter((one) => wanted.length === 0 || wanted.includes(one))) {
          await tab.evaluate(([scene, options]) => window.showScene(scene, options), [name, {lang, theme}]);
          const height = await tab.evaluate(() => document.body.getBoundingClientRect().height + 32);
          await tab.setViewportSize({width, height: Math.max(200, Math.ceil(height))});
          const path = `${out}/${name}-${width}-${theme}-${lang}${forced}.png`;
          const png = await tab.screenshot(values.sheet ? {} : {path});
          shots.push({name, png});
          if (!values.sheet) console.log(path);
        }
        const columns = Math.max(1, Math.floor(1900 / (width + 12)));
        for (let first = 0; values.sheet && first < shots.length; first += columns * 2) {
          const sheet = await context.newPage();
          await sheet.setViewportSize({width: columns * (width + 12), height: 200});
          const cells = shots
            .slice(first, first + columns * 2)
            .map(({name, png}) => `<div>${name}<br><img src="data:image/png;base64,${png.toString('base64')}"></div>`);
          await sheet.setContent(
            `<body style="margin:0;display:grid;grid-template-columns:repeat(${columns},${width}px);gap:12px;font:12px sans-serif;background:#888">${cells.join('')}`,
          );
          const path = `${out}/sheet-${first / columns / 2 + 1}-${width}-${theme}-${lang}${forced}.png`;
          await sheet.screenshot({path, fullPage: true});
          await sheet.close();
          console.log(path);
        }
      }
    await context.close();
  }
} finally {
  await browser.close();
  server.close();
}
