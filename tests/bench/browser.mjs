// One Chromium for a whole run, one page for each contender in it.
import {chromium} from 'playwright-core';
import {quietChromium} from '../../scripts/engines.mjs';

/** No frame waits for a screen: what draws in frames is not held up by their rate. */
const frameFlags = ['--disable-frame-rate-limit', '--disable-gpu-vsync'];
const quietFlags = [
  ...quietChromium,
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
];

export const launchBrowser = ({frameRate = 'unlimited'} = {}) =>
  chromium.launch({
    executablePath: process.env.CHROMIUM_BIN ?? '/usr/bin/chromium',
    args: [...quietFlags, ...(frameRate === 'unlimited' ? frameFlags : [])],
  });

/** Opens a contender's page, in a browser context of its own or beside another's. What goes wrong in it ends the run. */
export async function openContender(browser, url, name, beside) {
  const context = beside ?? (await browser.newContext({viewport: {width: 1240, height: 900}, locale: 'da-DK'}));
  const page = await context.newPage();
  page.on('pageerror', (error) => {
    throw new Error(`The page ${name} failed: ${error.message}`);
  });
  const devtools = await context.newCDPSession(page);
  await devtools.send('HeapProfiler.enable');
  // In time that the thread ran, not that passed: what else the machine does counts for nobody.
  await devtools.send('Performance.enable', {timeDomain: 'threadTicks'});
  const processorTime = async () => {
    const {metrics} = await devtools.send('Performance.getMetrics');
    return metrics.find(({name: metric}) => metric === 'TaskDuration').value * 1000;
  };
  await page.goto(`${url}/${name}.html`);
  await page.waitForFunction(() => globalThis.contender !== undefined);
  return {
    name,
    page,
    /** Calls a method of the page's contender. */
    call: (method, ...values) =>
      page.evaluate(([called, given]) => globalThis.contender[called](...given), [method, values]),
    /** Calls a method that answers how long it took; adds the milliseconds that the page's main thread worked. */
    async timed(method, ...values) {
      const before = await processorTime();
      const passed = await this.call(method, ...values);
      return {passed, worked: (await processorTime()) - before};
    },
    /** So that no garbage of the run before is swept in the next. */
    sweep: () => devtools.send('HeapProfiler.collectGarbage'),
    /** Bytes that scripts and the document hold, after sweeping. */
    async memory() {
      await devtools.send('HeapProfiler.collectGarbage');
      const {usedSize, embedderHeapUsedSize, backingStorageSize} = await devtools.send('Runtime.getHeapUsage');
      return usedSize + (embedderHeapUsedSize ?? 0) + (backingStorageSize ?? 0);
    },
    close: () => context.close(),
  };
}
