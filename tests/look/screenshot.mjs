// Pictures of a window in every scene: node tests/look/screenshot.mjs <window> [scene …] [--lang da,en] [--width 360,1200]
//   [--theme light,dark] [--forced-colors] [--sheet]
// Writes PNGs to tests/results/look/<window>/; --sheet puts the scenes of one width, theme and language on contact sheets.

import {mkdirSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {launchBrowser} from './browser.mjs';
import {serveScenes, windowNames} from './scene-server.mjs';

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
if (!windowName || !windowNames.includes(windowName)) {
  console.error(`Which window? There are ${windowNames.join(', ')}.`);
  process.exit(1);
}
const out = fileURLToPath(new URL(`../results/look/${windowName}`, import.meta.url));
mkdirSync(out, {recursive: true});

const {url, close} = await serveScenes();
const browser = await launchBrowser();
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
    await tab.goto(url);
    await tab.waitForFunction(() => 'sceneNames' in window);
    const names = await tab.evaluate((name) => window.sceneNames[name], windowName);
    for (const theme of values.theme.split(','))
      for (const lang of values.lang.split(',')) {
        const shots = [];
        for (const name of names.filter((one) => wanted.length === 0 || wanted.includes(one))) {
          await tab.evaluate((options) => window.showScene(...options), [windowName, name, {lang, theme}]);
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
  close();
}
