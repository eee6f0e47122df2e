// `npm start -- --config FILE` with files of CPR Direkte: those persons show in the windows by typing their number.
import assert from 'node:assert/strict';
import {readdirSync} from 'node:fs';
import {after, before, describe, it} from 'node:test';
import {
  launchBrowser,
  needsSharedData,
  openPage,
  settled,
  sharedData,
  startDemoProcess,
  windowStates,
} from './harness.mjs';

describe('a config with CPR Direkte files and nothing else', needsSharedData, () => {
  const directory = `${sharedData}cpr-lookup/cpr-direkte-demo`;
  let numbers;
  let browser;
  let demo;
  before(async () => {
    numbers = readdirSync(directory).flatMap((name) => /^PNR_(\d{10})\.txt$/.exec(name)?.[1] ?? []);
    [browser, demo] = await Promise.all([
      launchBrowser(),
      startDemoProcess(() => ({
        storage: {memory: true},
        sources: [{id: 'cpr', connector: 'cpr-direkte', directory}],
      })),
    ]);
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  it('has no clients, and says what to do', async () => {
    const {rail, context, page} = await openPage(browser, demo);
    await rail.getByText('Denne opsætning har ingen klienter').waitFor();
    assert.equal(await rail.locator('[data-client]').count(), 0);
    assert.ok(await page.getByText('Slå en borger op på CPR-nummer').first().isVisible());
    await context.close();
  });

  it('shows the persons whose numbers are typed, however they are written', async () => {
    const {page, findField, person, heading, context, record} = await openPage(browser, demo);
    const written = [
      (digits) => digits,
      (digits) => `${digits.slice(0, 6)}-${digits.slice(6)}`,
      (digits) => ` ${digits.slice(0, 6)} ${digits.slice(6)} `,
    ];
    let before;
    for (const [turn, digits] of numbers.slice(0, 6).entries()) {
      await findField.fill(written[turn % written.length](digits));
      await findField.press('Enter');
      await person
        .getByText(`${digits.slice(0, 6)}-••••`)
        .first()
        .waitFor();
      await settled(page);
      const states = await windowStates(page);
      assert.equal(states['bsp-person'], 'ready');
      // Nobody delivers cases or a journal here; that is not the same as none.
      assert.equal(states['bsp-case-list'], 'unsupported');
      const name = await person.locator('h2, h1, [part~=title]').first().innerText();
      assert.notEqual(name, before);
      before = name;
      assert.equal(await findField.inputValue(), '', 'the number does not stay in the field');
      assert.equal(await heading.innerText(), name.split('\n')[0], 'the host says who was looked up');
    }
    assert.ok(page.url().endsWith('#opslag'));
    assert.deepEqual(record.errors, []);
    await context.close();
  });

  it('shows every one of them without a fault', async () => {
    const {page, findField, person, context, record} = await openPage(browser, demo);
    for (const digits of numbers) {
      await findField.fill(digits);
      await findField.press('Enter');
      await person
        .getByText(`${digits.slice(0, 6)}-••••`)
        .first()
        .waitFor();
    }
    await settled(page);
    assert.deepEqual(record.errors, []);
    assert.ok(!demo.output.includes('"level":50'), 'the log has errors');
    await context.close();
  });
});
