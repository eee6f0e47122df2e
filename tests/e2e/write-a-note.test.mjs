// A journal note: never lost, never sent twice.
import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';
import {choose, launchBrowser, openPage, requestsTo, settled, startDemoProcess, windowTexts} from './harness.mjs';

const actions = /\/v1\/contexts\/[^/]+\/actions$/;
const actionsRoute = '**/v1/contexts/*/actions';

/** The attempts to write a note; drafts go the same way. */
const sentNotes = (record) =>
  requestsTo(record, 'POST', actions).filter(({body}) => JSON.parse(body).type === 'note.create');
const isNote = (route) => route.request().postDataJSON().type === 'note.create';

let notes = 0;
/** A text that stands nowhere else. */
const uniqueText = () => `Aftalt nyt møde, løbenummer ${++notes}.`;

/** Opens the form and fills it in. */
async function compose({journal}, body) {
  await journal.getByRole('button', {name: 'Skriv notat'}).click();
  await journal.getByLabel('Overskrift', {exact: true}).selectOption('Telefonsamtale');
  await journal.getByLabel('Notat', {exact: true}).fill(body);
}

const saveButton = ({journal}) => journal.getByRole('button', {name: 'Gem notat'});

/** How often a text stands in the journal's list. */
const standing = ({journal}, body) => journal.getByRole('listitem').filter({hasText: body}).count();

describe('a journal note', () => {
  let browser;
  let demo;
  before(async () => {
    [browser, demo] = await Promise.all([launchBrowser(), startDemoProcess()]);
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  it('stands in the journal, after a reload and after the gateway was killed', async () => {
    const page = await openPage(browser, demo);
    const body = uniqueText();
    await choose(page, 'Maude Agerlund');
    await compose(page, body);
    await saveButton(page).click();
    await page.journal.getByText('Notatet er gemt på Maude Agerlund').first().waitFor();
    await page.journal.getByRole('listitem').filter({hasText: body}).waitFor();
    await page.page.reload();
    await settled(page.page);
    assert.equal(await standing(page, body), 1);

    await demo.kill();
    await demo.start();
    await page.page.reload();
    await settled(page.page);
    assert.equal(await standing(page, body), 1);

    await choose(page, 'Holger Skjern');
    assert.ok(!(await windowTexts(page.page)).includes(body), 'it stands on another person');
    await page.context.close();
  });

  it('is sent once however often the button is pressed', async () => {
    const page = await openPage(browser, demo);
    const body = uniqueText();
    await choose(page, 'Maude Agerlund');
    await compose(page, body);
    await saveButton(page).dblclick({noWaitAfter: true});
    await page.journal.getByRole('listitem').filter({hasText: body}).waitFor();
    assert.equal(sentNotes(page.record).length, 1);
    await page.page.reload();
    await settled(page.page);
    assert.equal(await standing(page, body), 1);
    await page.context.close();
  });

  it('whose answer was lost is neither lost nor doubled', async () => {
    const page = await openPage(browser, demo);
    const body = uniqueText();
    await choose(page, 'Maude Agerlund');
    await compose(page, body);
    await page.page.route(actionsRoute, async (route) => {
      if (!isNote(route)) return route.continue();
      // The gateway has it; its answer never comes.
      await route.fetch();
      await route.abort('connectionreset');
    });
    await saveButton(page).click();
    await page.journal.getByText('Vi ved ikke, om det blev gemt').first().waitFor();
    await page.page.unrouteAll({behavior: 'ignoreErrors'});
    // It is asked about again by itself.
    await page.journal.getByText('Notatet er gemt på Maude Agerlund').first().waitFor();
    const keys = sentNotes(page.record).map((request) => JSON.parse(request.body).key);
    assert.ok(keys.length > 1);
    assert.equal(new Set(keys).size, 1, 'tried again under the same key');
    await page.page.reload();
    await settled(page.page);
    assert.equal(await standing(page, body), 1);
    await page.context.close();
  });

  it('that never reached the gateway stays in the form until it does', async () => {
    const page = await openPage(browser, demo);
    const body = uniqueText();
    await choose(page, 'Maude Agerlund');
    await compose(page, body);
    await page.page.route(actionsRoute, (route) =>
      isNote(route) ? route.abort('internetdisconnected') : route.continue(),
    );
    await saveButton(page).click();
    await page.journal.getByRole('button', {name: 'Prøv igen'}).last().waitFor();
    assert.equal(await page.journal.getByLabel('Notat', {exact: true}).inputValue(), body);
    await page.page.unrouteAll({behavior: 'ignoreErrors'});
    await page.journal.getByText('Notatet er gemt på Maude Agerlund').first().waitFor();
    await page.page.reload();
    await settled(page.page);
    assert.equal(await standing(page, body), 1);
    await page.context.close();
  });

  it('of 200 kB is refused before it is sent, and kept', async () => {
    const page = await openPage(browser, demo);
    const body = 'x'.repeat(200_000);
    await choose(page, 'Maude Agerlund');
    await compose(page, body);
    await saveButton(page).click();
    await page.journal.getByText('Del den i flere notater').first().waitFor();
    assert.equal((await page.journal.getByLabel('Notat', {exact: true}).inputValue()).length, 200_000);
    assert.equal(sentNotes(page.record).length, 0);
    await page.context.close();
  });

  it('half written holds the person until the user lets go, and waits for the return', async () => {
    const page = await openPage(browser, demo);
    const body = uniqueText();
    await choose(page, 'Maude Agerlund');
    await compose(page, body);
    await page.clientLink('Holger Skjern').click();
    const stay = page.journal.getByRole('button', {name: 'Bliv hos Maude Agerlund', exact: true});
    await stay.waitFor();
    assert.equal(
      await page.heading.innerText(),
      'Skifter klient …',
      'the host names nobody while the question is open',
    );
    await stay.click();
    await page.heading.filter({hasText: 'Maude Agerlund'}).waitFor();
    assert.match(page.page.url(), /#klient-1$/);
    assert.equal(await page.journal.getByLabel('Notat', {exact: true}).inputValue(), body);

    await page.clientLink('Holger Skjern').click();
    await page.journal.getByRole('button', {name: /^Skift person/}).click();
    await page.person.getByText('Holger Skjern').first().waitFor();
    assert.ok(!(await windowTexts(page.page)).includes(body));
    await choose(page, 'Maude Agerlund');
    await page.journal.getByText('Du har en kladde').first().waitFor();
    await page.journal.getByRole('button', {name: 'Fortsæt'}).click();
    assert.equal(await page.journal.getByLabel('Notat', {exact: true}).inputValue(), body);
    await page.context.close();
  });

  it('left a moment after the last letter waits for the return', async () => {
    const page = await openPage(browser, demo);
    const body = uniqueText();
    await choose(page, 'Holger Skjern');
    await compose(page, body);
    // Sooner than a draft is kept by itself; a page with text asks before it is left.
    page.page.once('dialog', (dialog) => dialog.accept());
    await page.page.goto('about:blank');
    await page.page.goBack();
    await settled(page.page);
    await choose(page, 'Holger Skjern');
    await page.journal.getByRole('button', {name: 'Fortsæt'}).click();
    assert.equal(await page.journal.getByLabel('Notat', {exact: true}).inputValue(), body);
    await page.context.close();
  });

  it('in two tabs at once is overwritten in neither', async () => {
    const [first, second] = [await openPage(browser, demo), await openPage(browser, demo)];
    const bodies = [uniqueText(), uniqueText()];
    for (const page of [first, second]) await choose(page, 'Ulrik Vestervang');
    const field = ({journal}) => journal.getByLabel('Notat', {exact: true});
    for (const [at, page] of [first, second].entries()) {
      await compose(page, bodies[at]);
      await field(page).blur();
    }
    await first.journal.getByText('Kladde gemt').waitFor();
    await second.journal.getByText('Kladden er ændret i et andet vindue').first().waitFor();
    assert.equal(await field(second).inputValue(), bodies[1]);
    await saveButton(first).click();
    await first.journal.getByText('Notatet er gemt').first().waitFor();
    await saveButton(second).click();
    await second.journal.getByText('Notatet er gemt').first().waitFor();
    await first.page.reload();
    await settled(first.page);
    assert.deepEqual(await Promise.all(bodies.map((body) => standing(first, body))), [1, 1]);
    await first.journal.getByRole('button', {name: 'Skriv notat'}).waitFor();
    assert.equal(await first.journal.getByText('Du har en kladde').count(), 0);
    for (const page of [first, second]) await page.context.close();
  });
});
