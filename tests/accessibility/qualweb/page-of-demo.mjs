// A page of the demo as QualWeb evaluates it, in a state that is brought about first.
import {createRequire} from 'node:module';
import puppeteer from 'puppeteer-core';
import {flatten} from './flatten.mjs';

const require = createRequire(import.meta.url);
const {EvaluationManager, PluginManager, QualwebPage} = require('@qualweb/core/lib');
const {ACTRules} = require('@qualweb/act-rules');
const {WCAGTechniques} = require('@qualweb/wcag-techniques');
const {BestPractices} = require('@qualweb/best-practices');

export const launchPuppeteer = () =>
  puppeteer.launch({
    executablePath: process.env.CHROMIUM_BIN ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });

/** QualWeb's own way of loading a page gives nobody time to do something on it: this one is handed a page as it stands. */
class ReadyPage extends QualwebPage {
  async getTestingData() {
    const sourceHtml = await (await fetch(this.getInputUrl())).text();
    await this.addNecessaryScripts();
    return {sourceHtml, newTabWasOpen: false};
  }
}

/**
 * Evaluates a page.
 *
 * @param reach - brings about the state that is to be evaluated, given puppeteer's page.
 * @returns by way of looking (`as it is`, with the shadow roots that QualWeb finds by itself; `flattened`): rules that
 *   failed, with their elements, and rules that warn.
 */
export async function evaluate(browser, url, reach) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  try {
    await page.setBypassCSP(true);
    await page.setViewport({width: 1360, height: 932});
    await page.goto(url, {waitUntil: 'load'});
    await reach(page);
    const asItIs = await run(page, url);
    await page.evaluate(flatten);
    // A copy has the size that it has now, in px: what the style sheets say is seen as it is.
    return {'as it is': asItIs, flattened: await run(page, url, ['QW-WCAG-T28'])};
  } finally {
    await context.close();
  }
}

/**
 * Runs the ACT rules and WCAG techniques of levels A and AA, by which a page fails, and the best practices, which warn.
 *
 * @param exclude - rules that say nothing about this way of looking.
 */
async function run(page, url, exclude = []) {
  const options = {levels: ['A', 'AA']};
  const manager = new EvaluationManager(new ReadyPage(new PluginManager(), page, url));
  const {modules} = await manager.evaluate({
    translate: 'en',
    modules: [new ACTRules(options), new WCAGTechniques(options), new BestPractices()],
  });
  const failed = [];
  const warned = [];
  let looked = 0;
  for (const [module, {assertions}] of Object.entries(modules))
    for (const {code, name, metadata, results} of Object.values(assertions)) {
      if (metadata.outcome === 'inapplicable' || exclude.includes(code)) continue;
      looked += results.length;
      if (metadata.outcome === 'warning' || (metadata.outcome === 'failed' && module === 'best-practices'))
        warned.push(`${code} ${name} (${metadata.outcome})`);
      else if (metadata.outcome === 'failed')
        for (const {verdict, description, elements} of results)
          if (verdict === 'failed')
            failed.push(`${code} ${name}: ${description} ${elements.map(({htmlCode}) => htmlCode).join(' ')}`);
    }
  return {failed, warned, looked};
}
