// A strict content security policy and Trusted Types over the whole tour: nothing to report.
import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';
import {choose, launchBrowser, openPage, startDemoProcess} from './harness.mjs';

describe('under a strict policy', () => {
  let browser;
  let demo;
  before(async () => {
    [browser, demo] = await Promise.all([launchBrowser(), startDemoProcess()]);
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  const reports = async () => (await fetch(`${demo.url}/csp-report`)).json();

  it('every page has the policy', async () => {
    for (const path of ['/', '/vendor/']) {
      const policy = (await fetch(demo.url + path)).headers.get('content-security-policy');
      for (const directive of [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "require-trusted-types-for 'script'",
        "trusted-types lit-html 'allow-duplicates'",
        "frame-ancestors 'none'",
      ])
        assert.ok(policy.split('; ').includes(directive), `${path}: ${directive}`);
    }
  });

  it('the whole tour gives no report', async () => {
    const page = await openPage(browser, demo);
    await page.page.evaluate(() => {
      window.violations = [];
      addEventListener('securitypolicyviolation', (event) => window.violations.push(event.violatedDirective));
    });
    for (const name of ['Maude Agerlund', 'Bente Kragelund', 'Kasper', 'Rasmus Nyborg']) {
      await choose(page, name);
      // Every button that stands in a window, once: dialogs, forms, popovers, sorting, more rows.
      for (const tag of ['bsp-person', 'bsp-case-list', 'bsp-journal', 'bsp-events']) {
        const buttons = page.page.locator(`${tag} button:visible`);
        for (let index = 0; index < Math.min(await buttons.count(), 14); index++) {
          await buttons
            .nth(index)
            .click({timeout: 1_000, noWaitAfter: true})
            .catch(() => undefined);
          await page.page.keyboard.press('Escape');
        }
      }
    }
    await page.page.getByLabel('Sprog').selectOption('en');
    await page.cases.getByRole('heading', {name: 'Cases'}).waitFor();
    await page.page.getByLabel('Appearance').selectOption('dark');
    await page.page.getByLabel('Density').selectOption('compact');
    assert.deepEqual(await page.page.evaluate(() => window.violations), []);
    assert.deepEqual(
      page.record.console.filter((line) => /content security|trusted type/i.test(line)),
      [],
    );
    assert.deepEqual(page.record.errors, []);
    await page.context.close();
    assert.deepEqual(await reports(), []);
  });

  it('a report would have been heard', async () => {
    const page = await openPage(browser, demo);
    await page.page.evaluate(() => {
      const script = document.createElement('script');
      try {
        script.textContent = 'window.ran = true';
        document.head.append(script);
      } catch {
        // Trusted Types refuses before the policy does: that is a report as well.
      }
    });
    assert.equal(await page.page.evaluate(() => window.ran), undefined);
    let heard = [];
    for (let attempt = 0; heard.length === 0 && attempt < 100; attempt++) {
      heard = await reports();
      if (heard.length === 0) await page.page.waitForTimeout(50);
    }
    assert.ok(heard.length > 0);
    await page.context.close();
  });
});
