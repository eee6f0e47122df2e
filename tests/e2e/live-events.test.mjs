// What arrives at the gateway appears in the window by itself, once.
import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';
import {postStatusMessage} from '../../demo/jobcenter/post-status.mjs';
import {
  character,
  choose,
  eventCount,
  launchBrowser,
  lineTo,
  openPage,
  requestsTo,
  settled,
  startDemoProcess,
} from './harness.mjs';

const push = (demo, xml) =>
  fetch(`${demo.url}/beskedfordeler/modtag`, {
    method: 'POST',
    headers: {'content-type': 'application/xml'},
    body: xml,
  }).then((answer) => answer.text());

/** Waits until the window says that there are so many. */
async function reaches(page, count) {
  let shown;
  for (let attempt = 0; attempt < 300; attempt++) {
    shown = await eventCount(page);
    if (shown >= count) break;
    await page.waitForTimeout(100);
  }
  assert.equal(shown, count);
}

describe('an event', () => {
  let browser;
  let demo;
  before(async () => {
    [browser, demo] = await Promise.all([launchBrowser(), startDemoProcess()]);
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  it('from Beskedfordeler appears without a reload, on the right person, once per BeskedId', async () => {
    const maude = await openPage(browser, demo);
    const holger = await openPage(browser, demo);
    await choose(maude, 'Maude Agerlund');
    await choose(holger, 'Holger Skjern');
    await maude.events.getByText('Direkte', {exact: true}).first().waitFor();
    const [before, elsewhere] = [await eventCount(maude.page), await eventCount(holger.page)];
    maude.record.requests.length = 0;

    const xml = postStatusMessage(character('maude').cpr, true);
    assert.ok(!xml.includes(character('maude').cpr));
    assert.match(await push(demo, xml), /StatusKode>20</);
    await reaches(maude.page, before + 1);
    assert.equal(await eventCount(holger.page), elsewhere);
    // One notice, one read of what it is about.
    const read = requestsTo(maude.record, 'POST', /\/read$/);
    assert.ok(read.length >= 1);
    for (const {body} of read)
      assert.deepEqual([...new Set(JSON.parse(body).reads.map((one) => one.resource))], ['events']);

    assert.match(await push(demo, xml), /StatusKode>20</, 'a message that came before is accepted again');
    const another = postStatusMessage(character('maude').cpr, true);
    await push(demo, another);
    await reaches(maude.page, before + 2);
    await maude.page.reload();
    await settled(maude.page);
    assert.equal(await eventCount(maude.page), before + 2);
    await maude.context.close();
    await holger.context.close();
  });

  it('that came while the connection was lost appears when it is back', async () => {
    const line = await lineTo(demo);
    const page = await openPage(browser, line);
    await choose(page, 'Maude Agerlund');
    await page.events.getByText('Direkte', {exact: true}).first().waitFor();
    const before = await eventCount(page.page);
    line.cut();
    await page.events.getByText('Ikke direkte').first().waitFor();
    await push(demo, postStatusMessage(character('maude').cpr, true));
    line.mend();
    await reaches(page.page, before + 1);
    await page.events.getByText('Direkte', {exact: true}).first().waitFor();
    await page.context.close();
    line.close();
  });

  it('comes through a gateway that was killed and started again', async () => {
    const page = await openPage(browser, demo);
    await choose(page, 'Maude Agerlund');
    await page.events.getByText('Direkte', {exact: true}).first().waitFor();
    const before = await eventCount(page.page);
    await demo.kill();
    await demo.start();
    await push(demo, postStatusMessage(character('maude').cpr, true));
    await reaches(page.page, before + 1);
    await page.context.close();
  });

  it('can be sent from the demo’s own corner', async () => {
    const page = await openPage(browser, demo);
    await page.page.getByText('Demo: send en besked').click();
    await page.page.getByRole('button', {name: 'Brevet er afleveret'}).click();
    await page.page.getByText('Vælg først en klient').waitFor();
    await choose(page, 'Maude Agerlund');
    await page.page.getByRole('button', {name: 'Brevet kunne ikke leveres'}).click();
    await page.page.getByText('Gatewayen svarede 20').waitFor();
    await page.page.getByRole('button', {name: 'Samme besked igen'}).click();
    await page.page.getByText('stadig kun én gang').waitFor();
    await page.context.close();
  });
});
