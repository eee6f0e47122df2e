// What is typed in the host's field: forgiven where it can be, told beside the field where not.
import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';
import {
  character,
  choose,
  launchBrowser,
  openPage,
  requestsTo,
  settled,
  startDemoProcess,
  windowStates,
} from './harness.mjs';

describe('the field for a name or a number', () => {
  let browser;
  let demo;
  before(async () => {
    [browser, demo] = await Promise.all([launchBrowser(), startDemoProcess()]);
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  for (const [typed, said] of [
    ['', 'Skriv et navn'],
    ['6412', 'ti tegn'],
    ['641284-10022', 'ti tegn'],
    ['641384-1002', 'ikke en dato'],
    ['001284-1002', 'ikke en dato'],
    ['Zacharias', 'Ingen af dine klienter'],
  ])
    it(`“${typed}” is told beside the field, and the person stays`, async () => {
      const page = await openPage(browser, demo);
      await choose(page, 'Maude Agerlund');
      page.record.requests.length = 0;
      await page.findField.fill(typed);
      await page.findField.press('Enter');
      await page.findError.filter({hasText: said}).waitFor();
      assert.equal(await page.findField.getAttribute('aria-invalid'), 'true');
      await page.person.getByText('Maude Agerlund').first().waitFor();
      assert.deepEqual(requestsTo(page.record, 'POST', /contexts/), []);
      await page.context.close();
    });

  it('a day that no month has is refused by the kit, and nobody is shown', async () => {
    const page = await openPage(browser, demo);
    await choose(page, 'Maude Agerlund');
    await page.findField.fill('910280-1002');
    await page.findField.press('Enter');
    await page.findError.filter({hasText: 'ikke en dato'}).waitFor();
    assert.deepEqual(Object.values(await windowStates(page.page)), Array(4).fill('no-subject'));
    assert.equal(await page.page.getByRole('alert').filter({hasText: 'kunne ikke åbnes'}).count(), 0);
    await page.context.close();
  });

  it('a number is found as people write it', async () => {
    const page = await openPage(browser, demo);
    const {cpr, name} = character('holger');
    for (const typed of [cpr, `${cpr.slice(0, 6)}-${cpr.slice(6)}`, ` ${cpr.slice(0, 6)} – ${cpr.slice(6)}`]) {
      await page.findField.fill(typed);
      await page.findField.press('Enter');
      await page.person.getByText(name).first().waitFor();
      await settled(page.page);
    }
    await page.context.close();
  });

  it('a name narrows the list, and Enter opens the first', async () => {
    const page = await openPage(browser, demo);
    await page.findField.fill('inge');
    assert.equal(await page.rail.locator('[data-client]:visible').count(), 1);
    await page.findField.press('Enter');
    await page.person.getByText('Ingeborg Friis').first().waitFor();
    assert.ok((await page.rail.locator('[data-client]:visible').count()) > 5);
    await page.context.close();
  });

  it('somebody whom no system knows is not shown as somebody without cases', async () => {
    const page = await openPage(browser, demo);
    await page.findField.fill('610199-0000');
    await page.findField.press('Enter');
    await settled(page.page);
    assert.notEqual((await windowStates(page.page))['bsp-person'], 'ready');
    assert.deepEqual(page.record.errors, []);
    await choose(page, 'Maude Agerlund');
    await page.context.close();
  });
});
