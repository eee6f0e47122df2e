// The host's page with the windows in it: axe, the keyboard alone, and narrow screens.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {after, before, describe, it} from 'node:test';
import {choose, launchBrowser, openPage, startDemoProcess} from './harness.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds on the page, one line each. */
async function faults(page) {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const {violations} = await window.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
    });
    return violations.flatMap(({id, nodes}) =>
      nodes.map(({target, failureSummary}) => `${id} ${target.flat().join(' ')} ${failureSummary}`),
    );
  });
}

describe('the job centre’s page', () => {
  let browser;
  let demo;
  before(async () => {
    [browser, demo] = await Promise.all([launchBrowser(), startDemoProcess()]);
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  for (const colorScheme of ['light', 'dark'])
    for (const lang of ['da', 'en'])
      for (const width of [360, 1200])
        it(`axe finds nothing: ${colorScheme}, ${lang}, ${width} px`, async () => {
          const page = await openPage(browser, demo, {
            colorScheme,
            viewport: {width, height: 900},
            reducedMotion: 'reduce',
          });
          await page.page.locator('select[name=lang]').selectOption(lang);
          assert.deepEqual(await faults(page.page), [], 'Min dag');
          if (width < 800) await page.page.locator('.menu').click();
          await choose(page, 'Maude Agerlund');
          assert.deepEqual(await faults(page.page), [], 'a client');
          await page.context.close();
        });

  for (const width of [320, 360, 768, 1024, 1360])
    it(`nothing sticks out at ${width} px`, async () => {
      const page = await openPage(browser, demo, {viewport: {width, height: 900}, path: '/#klient-1'});
      await page.heading.filter({hasText: 'Maude Agerlund'}).waitFor();
      await page.cases.getByRole('row').nth(1).waitFor();
      const wider = await page.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wider <= 0, `${wider} px too wide`);
      await page.context.close();
    });

  it('can be used with the keyboard alone', async () => {
    const {page, person, context} = await openPage(browser, demo);
    /** The focused element, through shadow roots, and whether its focus can be seen. */
    const focused = () =>
      page.evaluate(() => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        // A field may show its focus on the box around it.
        const isOutlined = (one) => {
          const {outlineStyle, outlineWidth} = getComputedStyle(one);
          return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
        };
        return {
          text: (element.innerText || element.getAttribute('aria-label') || '').trim(),
          tag: element.localName,
          host: element.getRootNode().host?.localName ?? '',
          seen: isOutlined(element) || (element.parentElement !== null && isOutlined(element.parentElement)),
        };
      });
    await page.keyboard.press('Tab');
    assert.match((await focused()).text, /Gå til indholdet/);
    const tabTo = async (wanted, most = 120) => {
      for (let step = 0; step < most; step++) {
        await page.keyboard.press('Tab');
        const now = await focused();
        if (now.tag !== 'body') assert.ok(now.seen, `focus can't be seen on ${now.host} ${now.tag} ${now.text}`);
        if (wanted(now)) return now;
      }
      throw new Error('The Tab key never came there.');
    };
    await tabTo(({text}) => text.startsWith('Maude Agerlund'));
    await page.keyboard.press('Enter');
    await person.getByText('Maude Agerlund').first().waitFor();
    for (const tag of ['bsp-case-list', 'bsp-journal', 'bsp-events']) await tabTo(({host}) => host.startsWith(tag));
    await page.keyboard.press('Home');
    await page.evaluate(() => document.querySelector('.skip').focus());
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.localName), 'main');
    assert.match(page.url(), /#klient-1$/, 'the address keeps its client');
    await context.close();
  });

  it('regions and headings name what they are', async () => {
    const page = await openPage(browser, demo);
    await choose(page, 'Maude Agerlund');
    assert.equal(await page.page.getByRole('main').count(), 1);
    assert.equal(await page.page.getByRole('banner').count(), 1);
    assert.equal(await page.page.getByRole('navigation').count(), 1);
    assert.equal(await page.heading.count(), 1);
    for (const name of ['Sager', 'Journal', 'Hændelser'])
      await page.page
        .getByRole('heading', {name: new RegExp(`^${name}`)})
        .first()
        .waitFor();
    await page.context.close();
  });
});
