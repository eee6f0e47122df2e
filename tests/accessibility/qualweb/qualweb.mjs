// QualWeb, the regulator's tool, on the pages of the demo: npm run test:qualweb
import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';
import {startDemoProcess} from '../../e2e/harness.mjs';
import {evaluate, launchPuppeteer} from './page-of-demo.mjs';

/** What fails by QualWeb and stands all the same, and why; where, unless on any page. A line that no longer fails must go. */
const accepted = {
  'QW-WCAG-T17': {
    why: 'it compares the place of a label among labels with that of a field among fields, and takes equal for wrong: the label stands before its field, above it, and names it',
  },
  'QW-WCAG-T23': {on: 'vendor: one window', why: 'a page that is one window has nothing before it to skip'},
};
const codeOf = (line) => line.split(' ')[0];

const windows = 'bsp-person, bsp-case-list, bsp-journal, bsp-events';
const settled = (page) =>
  page.waitForFunction(
    (selector) =>
      [...document.querySelectorAll(selector)].every(
        (one) => one.state && !['no-subject', 'loading'].includes(one.state) && !one.matches(':state(busy)'),
      ),
    {timeout: 20_000},
    windows,
  );
/** Presses a button in a window, and waits until something stands there. */
const press = async (page, button, brings) => {
  await (await page.waitForSelector(button)).click();
  await page.waitForSelector(brings, {visible: true});
};
const inEnglish = async (page) => {
  await page.select('select[name=lang]', 'en');
  await page.waitForFunction(() => document.querySelector('bsp-case-list').shadowRoot.textContent.includes('Cases'));
};

/** By page: the path, and the states that are brought about on it. */
const pages = {
  jobcenter: {
    'my day': ['/', async (page) => page.waitForSelector('bsp-case-list')],
    'my day, English': ['/', inEnglish],
    'a client': ['/#klient-1', settled],
    'a client, English': [
      '/#klient-1',
      async (page) => {
        await settled(page);
        await inEnglish(page);
      },
    ],
    'a note being written': [
      '/#klient-1',
      async (page) => {
        await settled(page);
        await press(page, 'bsp-journal >>> #write', 'bsp-journal >>> #note-body');
      },
    ],
    'the list of sources': [
      '/#klient-1',
      async (page) => {
        await settled(page);
        await press(page, 'bsp-case-list >>> #sources', 'bsp-case-list >>> #source-details');
      },
    ],
    'a client without cases': ['/#klient-6', settled],
  },
  vendor: {'one window': ['/vendor/', settled]},
};

describe('QualWeb finds no failure', () => {
  let browser;
  let demo;
  const warnings = new Set();
  const met = new Set();
  before(async () => {
    [browser, demo] = await Promise.all([launchPuppeteer(), startDemoProcess()]);
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
    for (const warning of [...warnings].sort()) console.error(`  warns: ${warning}`);
  });

  for (const [name, states] of Object.entries(pages))
    for (const [state, [path, reach]] of Object.entries(states))
      it(`${name}: ${state}`, async () => {
        const found = await evaluate(browser, demo.url + path, reach);
        const stands = Object.entries(accepted).flatMap(([code, {on = `${name}: ${state}`}]) =>
          on === `${name}: ${state}` ? code : [],
        );
        for (const [way, {failed, warned, looked}] of Object.entries(found)) {
          assert.ok(looked > 50, `${way}: QualWeb looked at ${looked} things only`);
          for (const code of failed.map(codeOf)) met.add(code);
          const faults = failed.filter((line) => !stands.includes(codeOf(line)));
          assert.deepEqual(faults, [], way);
          for (const warning of warned) warnings.add(warning);
        }
      });

  it('nothing is accepted in vain', () => {
    assert.deepEqual(
      Object.keys(accepted).filter((code) => !met.has(code)),
      [],
    );
  });

  it('sees a fault inside a window', async () => {
    const {'as it is': asItIs, flattened} = await evaluate(browser, `${demo.url}/#klient-1`, async (page) => {
      await settled(page);
      await page.evaluate(() => {
        const {shadowRoot} = document.querySelector('bsp-case-list');
        const button = shadowRoot.querySelector('td button');
        button.textContent = '';
        shadowRoot.querySelector('.count').style.color = '#eee';
      });
    });
    const codes = ({failed}) => failed.map(codeOf);
    assert.ok(codes(asItIs).includes('QW-ACT-R11'), 'a button without a name');
    assert.ok(codes(flattened).includes('QW-ACT-R11'), 'a button without a name, flattened');
    assert.ok(codes(flattened).includes('QW-ACT-R37'), 'a text without contrast, flattened');
  });
});
