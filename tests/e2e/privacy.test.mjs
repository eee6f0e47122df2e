// After a tour of everything, no CPR number stands anywhere but where the caseworker asked to see one.
import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {after, before, describe, it} from 'node:test';
import {characters} from '@bsp/korsbaek';
import {
  character,
  choose,
  hyphenated,
  launchBrowser,
  numbersIn,
  openPage,
  settled,
  startDemoProcess,
} from './harness.mjs';

/** Every attribute of the page, shadow roots included, and every text outside fields. */
const markup = (page) =>
  page.evaluate(() => {
    const attributes = [];
    const texts = [];
    const walk = (root) => {
      for (const element of root.querySelectorAll('*')) {
        for (const {name, value} of element.attributes) attributes.push(`${name}=${value}`);
        if (element.shadowRoot) {
          texts.push(element.shadowRoot.textContent);
          walk(element.shadowRoot);
        }
      }
    };
    walk(document);
    texts.push(document.body.textContent, document.title);
    return {attributes: attributes.join('\n'), texts: texts.join('\n')};
  });

/** All that the browser keeps for the site. */
const stored = (page) =>
  page.evaluate(async () => {
    const databases = (await indexedDB.databases?.()) ?? [];
    const kept = await caches.keys();
    return JSON.stringify({
      local: {...localStorage},
      session: {...sessionStorage},
      cookies: document.cookie,
      databases,
      kept,
      history: history.state,
      name: window.name,
    });
  });

describe('over a whole tour', () => {
  let browser;
  let demo;
  before(async () => {
    [browser, demo] = await Promise.all([launchBrowser(), startDemoProcess()]);
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  it('no CPR number is in an address, an attribute, a log, a store or a line of the console', async () => {
    const page = await openPage(browser, demo);
    const {record} = page;
    const seen = [];
    for (const {name} of characters) {
      await choose(page, name.split('\u2019')[0]);
      const {attributes, texts} = await markup(page.page);
      assert.deepEqual(numbersIn(attributes), [], `attributes of ${name}`);
      assert.deepEqual(numbersIn(texts), [], `texts of ${name}`);
      seen.push(page.page.url());
    }

    // Typed, well and badly.
    for (const typed of [character('holger').cpr, hyphenated(character('ulrik').cpr), `${character('maude').cpr}0`]) {
      await page.findField.fill(typed);
      await page.findField.press('Enter');
      await page.page.waitForTimeout(100);
      assert.deepEqual(numbersIn((await markup(page.page)).attributes), [], 'attributes after typing');
    }
    await page.findField.fill('');

    // Revealed: on the screen, because the caseworker asked, and nowhere else.
    await choose(page, 'Maude Agerlund');
    await page.person.getByRole('button', {name: /CPR/}).first().click();
    await page.person
      .getByText(hyphenated(character('maude').cpr))
      .first()
      .waitFor();
    assert.deepEqual(numbersIn((await markup(page.page)).attributes), [], 'attributes after revealing');

    // A gateway that fails, and one that is gone.
    await page.page.route('**/v1/contexts', (route) => route.fulfill({status: 500, body: ''}));
    await page.clientLink('Holger Skjern').click();
    await page.page.getByRole('alert').filter({hasText: 'kunne ikke åbnes'}).waitFor();
    await page.page.unroute('**/v1/contexts');
    await choose(page, 'Maude Agerlund');
    await page.page.reload();
    await settled(page.page);
    assert.deepEqual(numbersIn((await markup(page.page)).texts), [], 'a revealed number is not kept');

    assert.deepEqual(numbersIn([...seen, ...record.requests.map(({url}) => url)].join('\n')), [], 'addresses');
    assert.deepEqual(numbersIn(record.console.join('\n')), [], 'console');
    assert.deepEqual(numbersIn(record.errors.join('\n')), [], 'errors');
    assert.deepEqual(numbersIn(await stored(page.page)), [], 'stores of the browser');
    assert.deepEqual(numbersIn(JSON.stringify(await page.context.storageState())), [], 'cookies and origins');
    assert.ok(demo.output.includes('"route":'), 'the log tells of requests');
    assert.deepEqual(numbersIn(demo.output), [], 'log of the gateway');
    await page.context.close();
  });

  it('the number leaves the browser in the body that opens a context, and in no other', async () => {
    const page = await openPage(browser, demo);
    await choose(page, 'Maude Agerlund');
    await page.findField.fill(hyphenated(character('holger').cpr));
    await page.findField.press('Enter');
    await page.person.getByText('Holger Skjern').first().waitFor();
    await settled(page.page);
    const carriers = page.record.requests.filter(({body}) => numbersIn(body).length > 0);
    assert.deepEqual(
      carriers.map(({method, url}) => `${method} ${new URL(url).pathname}`),
      ['POST /bsp/v1/contexts', 'POST /bsp/v1/contexts'],
    );
    await page.context.close();
  });

  it('the host’s page comes without numbers', async () => {
    assert.deepEqual(numbersIn(await (await fetch(demo.url)).text()), []);
  });
});

describe('the privacy test itself', () => {
  it('would see a number', () => {
    const {cpr} = character('maude');
    for (const text of [`/x/${cpr}`, `nr. ${hyphenated(cpr)}.`, encodeURIComponent(cpr)])
      assert.equal(numbersIn(text).length, 1);
  });
  it('is no place for numbers either', async () => {
    assert.deepEqual(numbersIn(await readFile(new URL(import.meta.url), 'utf8')), []);
  });
});
