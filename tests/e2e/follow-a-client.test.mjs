// Choosing a client in the host's own list moves all four windows at once.
import assert from 'node:assert/strict';
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {after, before, describe, it} from 'node:test';
import {fileURLToPath} from 'node:url';
import {
  character,
  choose,
  demoConfig,
  launchBrowser,
  openPage,
  quickConfig,
  requestsTo,
  settled,
  startDemoProcess,
  windowStates,
  windowTags,
  windowTexts,
} from './harness.mjs';

const scripted = fileURLToPath(new URL('scripted-connector.mjs', import.meta.url));
const contexts = /\/v1\/contexts$/;
const reads = /\/v1\/contexts\/[^/]+\/read$/;

/** Reads of whole resources; a notice of a change makes one of a single source. */
const wholeReads = (record) =>
  requestsTo(record, 'POST', reads).filter(({body}) => JSON.parse(body).reads.some(({source}) => source === undefined));

/** Texts that stand in one rendering and not in the other. */
const only = (texts, others) =>
  [...new Set(texts.split(/\s{2,}|\n/).map((text) => text.trim()))].filter(
    (text) => text.length > 5 && !others.includes(text),
  );

describe('a client is chosen', () => {
  let browser;
  let demo;
  before(async () => {
    [browser, demo] = await Promise.all([launchBrowser(), startDemoProcess()]);
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  it('all four windows show the person, with one context and one read', async () => {
    const page = await openPage(browser, demo);
    assert.deepEqual(Object.values(await windowStates(page.page)), Array(4).fill('no-subject'));
    for (const name of ['Maude Agerlund', 'Holger Skjern']) {
      page.record.requests.length = 0;
      await choose(page, name);
      assert.equal(requestsTo(page.record, 'POST', contexts).length, 1, `contexts for ${name}`);
      assert.equal(wholeReads(page.record).length, 1, `reads for ${name}`);
      await page.person.getByText(name).first().waitFor();
      for (const state of Object.values(await windowStates(page.page)))
        assert.ok(['ready', 'partial', 'empty'].includes(state), state);
    }
    assert.deepEqual(page.record.errors, []);
    await page.context.close();
  });

  it('nothing of the person before is left in the same task', async () => {
    const page = await openPage(browser, demo);
    await choose(page, 'Holger Skjern');
    let others = await windowTexts(page.page);
    // She has something of everything: what stands there too is the windows' own.
    await choose(page, 'Bente Kragelund');
    others += await windowTexts(page.page);
    await choose(page, 'Maude Agerlund');
    const maude = await windowTexts(page.page);
    const markers = only(maude, others);
    assert.ok(markers.length > 20, `too few texts of her own: ${markers.length}`);
    const after = await page.page.evaluate(
      async ([value, tags]) => {
        document.querySelector('bsp-provider').setSubject({type: 'cpr', value});
        // Microtasks only: still the same task.
        for (let turn = 0; turn < 50; turn++) await undefined;
        const textOf = (node) =>
          node.nodeType === Node.TEXT_NODE
            ? node.data
            : [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes].map(textOf).join('  ');
        return tags.map((tag) => textOf(document.querySelector(tag))).join('  ');
      },
      [character('holger').cpr, windowTags],
    );
    assert.deepEqual(
      markers.filter((marker) => after.includes(marker)),
      [],
    );
    await page.context.close();
  });

  it('the address follows by the host’s own id, back and forward too, without a reload', async () => {
    const page = await openPage(browser, demo);
    await page.page.evaluate(() => {
      window.sameDocument = true;
    });
    await choose(page, 'Maude Agerlund');
    const first = page.page.url();
    await choose(page, 'Ulrik Vestervang');
    await page.page.goBack();
    await page.heading.filter({hasText: 'Maude Agerlund'}).waitFor();
    await settled(page.page);
    await page.person.getByText('Maude Agerlund').first().waitFor();
    assert.equal(page.page.url(), first);
    assert.match(first, /#klient-\d+$/);
    await page.page.goForward();
    await page.heading.filter({hasText: 'Ulrik Vestervang'}).waitFor();
    await page.person.getByText('Ulrik Vestervang').first().waitFor();
    await page.page.goBack();
    await page.page.goBack();
    await page.heading.filter({hasText: 'Min dag'}).waitFor();
    assert.deepEqual(Object.values(await windowStates(page.page)), Array(4).fill('no-subject'));
    assert.ok(await page.page.evaluate(() => window.sameDocument));
    await page.context.close();
  });

  it('the last of many quick choices wins', async () => {
    const page = await openPage(browser, demo);
    for (const name of ['Maude', 'Holger', 'Ulrik', 'Ingeborg', 'Bente', 'Holger'])
      await page.clientLink(name).click({noWaitAfter: true});
    await page.heading.filter({hasText: 'Holger Skjern'}).waitFor();
    await settled(page.page);
    await page.person.getByText('Holger Skjern').first().waitFor();
    const texts = await windowTexts(page.page);
    for (const other of ['Maude Agerlund', 'Ulrik Vestervang', 'Ingeborg Friis', 'Bente Kragelund'])
      assert.ok(!texts.includes(other), other);
    await page.context.close();
  });

  it('leaving the page and coming back shows the client of the address again', async () => {
    const page = await openPage(browser, demo);
    await choose(page, 'Maude Agerlund');
    await page.page.goto('about:blank');
    await page.page.goBack();
    await page.heading.filter({hasText: 'Maude Agerlund'}).waitFor();
    await settled(page.page);
    await page.person.getByText('Maude Agerlund').first().waitFor();
    await page.context.close();
  });

  it('a case is handed to the host, which opens it', async () => {
    const page = await openPage(browser, demo);
    await choose(page, 'Maude Agerlund');
    const title = await page.cases.getByRole('row').nth(1).getByRole('button').first().innerText();
    await page.cases.getByRole('button', {name: title}).first().click();
    const dialog = page.page.getByRole('dialog');
    await dialog.getByRole('heading', {name: title}).waitFor();
    await page.page.keyboard.press('Escape');
    await dialog.waitFor({state: 'hidden'});
    await page.context.close();
  });

  it('a person whom a window names is opened by the host, which never sees a number', async () => {
    const page = await openPage(browser, demo);
    await choose(page, 'Sasja Holm');
    await page.person
      .getByRole('button', {name: /det nye nummer/})
      .first()
      .click();
    await page.page.waitForURL(/#opslag$/);
    await settled(page.page);
    const text = await windowTexts(page.page, ['bsp-person']);
    assert.match(text, /Sasja/);
    assert.doesNotMatch(text, /det nye nummer/);
    assert.ok(Object.values(await windowStates(page.page)).every((state) => state !== 'no-subject'));
    await page.context.close();
  });

  it('the host’s own form is saved in the host', async () => {
    const page = await openPage(browser, demo);
    await choose(page, 'Rasmus Nyborg');
    await page.page.getByLabel('Aftalt fokus').fill('Starter på HF til august.');
    await page.page.getByRole('button', {name: 'Gem opfølgning'}).click();
    await page.page.getByText('Gemt i Jobcenter Korsbæk').waitFor();
    await page.page.reload();
    await settled(page.page);
    assert.equal(await page.page.getByLabel('Aftalt fokus').inputValue(), 'Starter på HF til august.');
    await page.context.close();
  });
});

describe('one system is down', () => {
  it('says so in every window that it matters to, and in no other', async () => {
    const [browser, demo] = await Promise.all([launchBrowser(), startDemoProcess(demoConfig)]);
    try {
      const page = await openPage(browser, demo);
      await choose(page, 'Maude Agerlund');
      await page.cases.getByText('KMD Aktiv').first().waitFor();
      assert.match(await windowTexts(page.page, ['bsp-case-list']), /KMD Aktiv\s+svarede ikke/);
      assert.doesNotMatch(await windowTexts(page.page, ['bsp-person']), /svarede ikke/);
      const states = await windowStates(page.page);
      assert.equal(states['bsp-case-list'], 'partial');
      assert.notEqual(states['bsp-person'], 'partial');
    } finally {
      await browser.close();
      await demo.stop();
    }
  });
});

describe('one system is slow', () => {
  it('the fast ones show at once, and it comes when it comes', async () => {
    const slowCase = {
      ref: {source: '', id: 'slow-1'},
      title: 'Sag fra det langsomme system',
      status: {phase: 'informed', native: 'Under behandling'},
      changedAt: new Date().toISOString(),
      sensitivity: 'ordinary',
    };
    const slowly = (folder) => ({
      id: 'slow',
      name: 'Langsomt System',
      connector: scripted,
      deadlineMs: 60_000,
      holds: {cases: [slowCase]},
      once: join(folder, 'answer-now'),
    });
    const [browser, demo] = await Promise.all([
      launchBrowser(),
      startDemoProcess((folder) => quickConfig((own) => ({...own, sources: [...own.sources, slowly(folder)]}))),
    ]);
    try {
      const page = await openPage(browser, demo);
      await page.clientLink('Maude Agerlund').click();
      await page.person.getByText('Maude Agerlund').first().waitFor();
      await page.cases.getByRole('row').nth(2).waitFor();
      await page.cases
        .getByText(/Venter på/)
        .first()
        .waitFor();
      assert.equal(await page.cases.getByText('Sag fra det langsomme system').count(), 0);
      await writeFile(join(demo.folder, 'answer-now'), '');
      await page.cases.getByText('Sag fra det langsomme system').waitFor();
      await settled(page.page);
    } finally {
      await browser.close();
      await demo.stop();
    }
  });
});
