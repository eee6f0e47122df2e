// Takes the README's picture of the demo: npm run picture. Needs a build and a Chromium.
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {chromium} from 'playwright-core';
import {startDemo} from './server.mjs';

const target = fileURLToPath(new URL('../docs/demo.png', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'bsp-picture-'));
const configFile = join(folder, 'gateway.json');
const config = JSON.parse(await readFile(new URL('gateway.json', import.meta.url), 'utf8'));
await writeFile(configFile, JSON.stringify({...config, storage: {directory: 'data'}, logLevel: 'error'}));

const demo = await startDemo({port: 0, configFile});
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_BIN ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
try {
  const page = await browser.newPage({viewport: {width: 1440, height: 1240}, deviceScaleFactor: 1.5});
  await page.goto(demo.url);
  await page
    .getByRole('navigation')
    .getByRole('link', {name: /^Maude Agerlund/})
    .click();
  await page.locator('bsp-events').getByRole('listitem').first().waitFor();
  // The one that is down has been waited for.
  await page
    .locator('bsp-case-list')
    .getByText(/svarede ikke/)
    .first()
    .waitFor();
  await page.screenshot({path: target});
  console.log(`Wrote ${target}`);
} finally {
  await browser.close();
  await demo.close();
  await rm(folder, {recursive: true, force: true});
}
