// A backend, a source or a network that misbehaves: each gets a clear answer, and the rest of the page lives on.
import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';
import {fileURLToPath} from 'node:url';
import {
  character,
  choose,
  eventCount,
  launchBrowser,
  openPage,
  quickConfig,
  settled,
  startDemoProcess,
  windowStates,
  windowTexts,
} from './harness.mjs';

const scripted = fileURLToPath(new URL('scripted-connector.mjs', import.meta.url));
const opening = '**/v1/contexts';
const reading = '**/v1/contexts/*/read';

/** A case that must never be seen: it came about another person. */
const foreignCase = {
  ref: {source: '', id: 'foreign-1'},
  title: 'En andens sag',
  status: {phase: 'informed', native: 'Åben'},
  changedAt: '2026-11-01T10:00:00+01:00',
  sensitivity: 'ordinary',
};

/** Answers a read with its lines changed. */
const withLines = (change) => async (route) => {
  const answer = await route.fetch();
  const lines = (await answer.text()).trimEnd().split('\n');
  await route.fulfill({response: answer, body: `${change(lines).join('\n')}\n`});
};

describe('a backend that misbehaves', () => {
  let browser;
  let demo;
  before(async () => {
    [browser, demo] = await Promise.all([
      launchBrowser(),
      startDemoProcess(() =>
        quickConfig((own) => ({
          ...own,
          // Nobody is down: what fails here is the test's doing.
          sources: [
            ...own.sources.filter(({id}) => id !== 'kmd-aktiv'),
            {
              id: 'stray',
              name: 'Vildfarent System',
              connector: scripted,
              holds: {cases: [foreignCase]},
              about: character('holger').cpr,
            },
          ],
        })),
      ),
    ]);
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  for (const [what, answer] of [
    ['HTML', {status: 200, contentType: 'text/html', body: '<!doctype html><title>Log på</title>'}],
    ['401', {status: 401, contentType: 'application/json', body: '{}'}],
    ['403', {status: 403, contentType: 'text/html', body: 'nej'}],
    ['409', {status: 409, body: ''}],
    ['429', {status: 429, headers: {'retry-after': '1'}, body: ''}],
    ['500', {status: 500, contentType: 'text/html', body: '<h1>Internal Server Error</h1>'}],
    ['JSON of another shape', {status: 201, contentType: 'application/json', body: '{"hello":["world"]}'}],
  ])
    it(`answers ${what} when a person is opened: nobody is shown, and the next one works`, async () => {
      const page = await openPage(browser, demo);
      await choose(page, 'Maude Agerlund');
      await page.page.route(opening, (route) => route.fulfill(answer));
      await page.clientLink('Holger Skjern').click();
      await page.page.getByRole('alert').filter({hasText: 'kunne ikke åbnes'}).waitFor();
      const texts = await windowTexts(page.page);
      assert.ok(!texts.includes('Maude'), 'the person before is still there');
      for (const state of Object.values(await windowStates(page.page)))
        assert.ok(['error', 'forbidden', 'offline'].includes(state), state);
      await page.page.unroute(opening);
      await choose(page, 'Ulrik Vestervang');
      await page.person.getByText('Ulrik Vestervang').first().waitFor();
      assert.deepEqual(page.record.errors, []);
      await page.context.close();
    });

  for (const [what, answer] of [
    ['HTML', {status: 200, contentType: 'text/html', body: '<!doctype html><title>Log på</title>'}],
    ['500', {status: 500, body: ''}],
    ['lines that are no JSON', {status: 200, contentType: 'application/x-ndjson', body: 'hello\n{"kind":\n'}],
  ])
    it(`answers ${what} to a read: every window says that it has nothing, none says that there is nothing`, async () => {
      const page = await openPage(browser, demo);
      await page.page.route(reading, (route) => route.fulfill(answer));
      await page.clientLink('Maude Agerlund').click();
      await page.heading.filter({hasText: 'Maude Agerlund'}).waitFor();
      await settled(page.page);
      for (const state of Object.values(await windowStates(page.page))) assert.equal(state, 'error');
      await page.page.unroute(reading);
      await page.cases.getByRole('button', {name: 'Prøv igen'}).first().click();
      await page.cases.getByRole('row').nth(1).waitFor();
      assert.deepEqual(page.record.errors, []);
      await page.context.close();
    });

  it('a stream that breaks off leaves what came, and says that something is missing', async () => {
    const page = await openPage(browser, demo);
    await page.page.route(
      reading,
      withLines((lines) => {
        const cases = lines.findIndex((line) => /"kind":"frame".*"resource":"cases".*"status":"ok"/.test(line));
        return lines.slice(0, cases + 1);
      }),
    );
    await page.clientLink('Maude Agerlund').click();
    await settled(page.page);
    assert.equal((await windowStates(page.page))['bsp-case-list'], 'partial');
    assert.ok((await page.cases.getByRole('row').count()) > 1);
    for (const state of Object.values(await windowStates(page.page))) assert.notEqual(state, 'empty');
    await page.context.close();
  });

  it('duplicated and reordered frames change nothing', async () => {
    const page = await openPage(browser, demo);
    await choose(page, 'Maude Agerlund');
    const rows = await page.cases.getByRole('row').count();
    await page.page.route(
      reading,
      withLines(([plan, ...rest]) => {
        const end = rest.pop();
        return [...rest.reverse(), plan, ...rest, ...rest, end];
      }),
    );
    await choose(page, 'Holger Skjern');
    await choose(page, 'Maude Agerlund');
    assert.equal(await page.cases.getByRole('row').count(), rows);
    await page.context.close();
  });

  it('frames of another context are dropped', async () => {
    const page = await openPage(browser, demo);
    await page.page.route(
      reading,
      withLines((lines) =>
        lines.map((line) => {
          const message = JSON.parse(line);
          return message.resource === 'cases' ? JSON.stringify({...message, contextId: 'somebody-else'}) : line;
        }),
      ),
    );
    await page.clientLink('Maude Agerlund').click();
    await settled(page.page);
    assert.equal((await windowStates(page.page))['bsp-case-list'], 'error');
    assert.equal((await windowStates(page.page))['bsp-person'], 'ready');
    await page.context.close();
  });

  it('a source that answers about somebody else is named, and its answer never shown', async () => {
    const page = await openPage(browser, demo);
    await choose(page, 'Maude Agerlund');
    await page.cases.getByText('Vildfarent System').first().waitFor();
    assert.equal((await windowStates(page.page))['bsp-case-list'], 'partial');
    assert.ok(!(await windowTexts(page.page)).includes('En andens sag'));
    assert.ok((await page.cases.getByRole('row').count()) > 3);
    await page.context.close();
  });

  it('the network goes and comes back', async () => {
    const page = await openPage(browser, demo);
    await choose(page, 'Maude Agerlund');
    const notes = page.journal.getByRole('listitem');
    const shown = await notes.count();
    await page.context.setOffline(true);
    await page.journal.getByRole('button', {name: 'Hent notater igen'}).click();
    await page.journal
      .getByText(/svarede ikke/)
      .first()
      .waitFor();
    assert.equal(await notes.count(), shown, 'what was there stands');
    await page.context.setOffline(false);
    await page.journal.getByRole('button', {name: 'Hent notater igen'}).click();
    await page.journal
      .getByText(/svarede ikke/)
      .first()
      .waitFor({state: 'hidden'});
    assert.equal(await notes.count(), shown);
    await choose(page, 'Holger Skjern');
    await page.context.close();
  });

  it('markup, scripts and endless words in every text stay text', async () => {
    const page = await openPage(browser, demo);
    let dialogs = 0;
    page.page.on('dialog', (dialog) => {
      dialogs++;
      return dialog.dismiss();
    });
    await choose(page, 'Kasper');
    await page.person.getByText('<b>Kasper</b>').first().waitFor();
    assert.match(await page.page.title(), /Jobcenter Korsbæk/);
    const strange = await page.page.evaluate(() => {
      const found = [];
      const walk = (root) => {
        for (const element of root.querySelectorAll('*')) {
          if (element.matches('script:not([src]), img, b:not(.rail b), iframe, [onerror], [style*=url]'))
            found.push(element.outerHTML.slice(0, 80));
          if (element.shadowRoot) walk(element.shadowRoot);
        }
      };
      walk(document);
      return found;
    });
    assert.deepEqual(strange, []);
    assert.equal(dialogs, 0);
    const wider = await page.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wider <= 0, `the page is ${wider} px too wide`);
    assert.deepEqual(page.record.errors, []);
    await page.context.close();
  });

  it('a clock that is years wrong breaks nothing', async () => {
    const page = await openPage(browser, demo);
    await page.page.clock.setSystemTime(new Date('2031-01-01T00:00:00Z'));
    await choose(page, 'Maude Agerlund');
    for (const state of Object.values(await windowStates(page.page))) assert.ok(['ready', 'partial'].includes(state));
    await page.context.close();
  });
});

describe('a sender that misbehaves', () => {
  let browser;
  let demo;
  before(async () => {
    [browser, demo] = await Promise.all([launchBrowser(), startDemoProcess()]);
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  for (const [what, body] of [
    ['nothing', ''],
    ['no XML', 'hello'],
    ['a doctype with an entity', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'],
    ['a billion laughs', `<!DOCTYPE x [<!ENTITY a "${'ha'.repeat(50)}"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>`],
    ['XML of another kind', '<rss><channel/></rss>'],
    ['10 MB', `<x>${'a'.repeat(10 * 1024 * 1024)}</x>`],
  ])
    it(`${what} gets an error in Beskedfordeler’s own form, and the page lives on`, async () => {
      const page = await openPage(browser, demo);
      await choose(page, 'Maude Agerlund');
      const before = await eventCount(page.page);
      const answer = await fetch(`${demo.url}/beskedfordeler/modtag`, {
        method: 'POST',
        headers: {'content-type': 'application/xml'},
        body,
      });
      const text = await answer.text();
      assert.ok(
        answer.status === 200 ? /StatusKode>4[01]</.test(text) : answer.status === 413,
        `${answer.status} ${text}`,
      );
      assert.ok(!text.includes('root:'));
      assert.equal(await eventCount(page.page), before);
      await choose(page, 'Holger Skjern');
      await page.context.close();
    });
});
