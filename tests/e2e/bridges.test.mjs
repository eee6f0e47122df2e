// Bridges over the real gateway: a user's tabs and programs show the same person, and no number goes over what joins them.
import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';
import {contentSecurityPolicy} from '../../demo/server.mjs';
import {character, launchBrowser, numbersIn, quickConfig, settled, startDemoProcess, windowTags} from './harness.mjs';

const masked = (cpr) => `${cpr.slice(0, 6)}-••••`;

/** The program's script, as a vendor would bundle it. */
async function bundledProgram() {
  const {outputFiles} = await build({
    entryPoints: [fileURLToPath(new URL('bridged-page.mjs', import.meta.url))],
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0].text;
}

const documentOf = (transport, name) => `<!doctype html>
<html lang="da" data-transport="${transport}" data-name="${name}">
  <title>${name}</title>
  <script type="module" src="/bridged.js"></script>
  <bsp-provider backend="/bsp">${windowTags.map((tag) => `<${tag}></${tag}>`).join('')}</bsp-provider>
</html>`;

describe('bridges over the gateway', () => {
  let browser;
  let demo;
  let script;
  before(async () => {
    [browser, demo, script] = await Promise.all([
      launchBrowser(),
      startDemoProcess(() => quickConfig((config) => ({...config, bridges: {tabs: true, fhircast: {}}}))),
      bundledProgram(),
    ]);
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  // A page that the test itself answers counts as one of the internet's: its sockets to this machine want leave.
  const permissions = ['local-network-access'];
  const newContext = () => browser.newContext({viewport: {width: 1200, height: 900}, locale: 'da-DK', permissions});

  /** A program of the user's at the gateway's origin, with all that leaves it. */
  async function open(context, transport, name) {
    const page = await context.newPage();
    const sent = {addresses: [], bodies: [], between: [], errors: []};
    page.on('pageerror', (error) => sent.errors.push(error.message));
    page.on('console', (message) => message.type() === 'error' && sent.errors.push(message.text()));
    page.on('request', (request) => {
      sent.addresses.push(request.url());
      if (request.postData()) sent.bodies.push(request.postData());
    });
    page.on('websocket', (socket) => {
      for (const event of ['framesent', 'framereceived'])
        socket.on(event, ({payload}) => sent.between.push(String(payload)));
    });
    await page.exposeFunction('record', (message) => void sent.between.push(message));
    await page.addInitScript(() => {
      const {postMessage} = BroadcastChannel.prototype;
      BroadcastChannel.prototype.postMessage = function post(message) {
        void globalThis.record(JSON.stringify(message));
        postMessage.call(this, message);
      };
    });
    const answer = (contentType, body) => (route) =>
      route.fulfill({contentType, body, headers: {'content-security-policy': contentSecurityPolicy}});
    await page.route('**/bridged.html', answer('text/html; charset=utf-8', documentOf(transport, name)));
    await page.route('**/bridged.js', answer('text/javascript; charset=utf-8', script));
    await page.goto(`${demo.url}/bridged.html`);
    await page.waitForFunction(() => globalThis.program && globalThis.program.bridge.state !== 'unreachable');
    const stateIs = (state) => page.waitForFunction((wanted) => globalThis.program.bridge.state === wanted, state);
    return {
      page,
      sent,
      stateIs,
      change: (subject) =>
        page.evaluate(async (one) => {
          const provider = document.querySelector('bsp-provider');
          const {outcome} = await (one ? provider.setSubject(one) : provider.clearSubject());
          return outcome;
        }, subject),
      shows: (cpr) => page.locator('bsp-person').getByText(masked(cpr)).first().waitFor(),
      showsNobody: () =>
        page.waitForFunction(
          (tags) => tags.every((tag) => document.querySelector(tag).state === 'no-subject'),
          windowTags,
        ),
      setFollows: (follows) =>
        page.evaluate((one) => Object.assign(globalThis.program, {follows: one}).follows, follows),
    };
  }
  const person = (key) => ({type: 'cpr', value: character(key).cpr});
  const [first, second] = ['maude', 'holger'];

  for (const transport of ['tabs', 'fhircast'])
    it(`${transport === 'tabs' ? 'tabs' : 'programs'} follow each other without a number between them`, async () => {
      const context = await newContext();
      const others = transport === 'tabs' ? context : await newContext();
      const jobcenter = await open(context, transport, 'Jobcenteret');
      const care = await open(others, transport, 'Omsorg');

      assert.equal(await jobcenter.change(person(first)), 'committed');
      await care.shows(character(first).cpr);
      await settled(care.page);
      await jobcenter.stateIs('in-step');
      await care.stateIs('in-step');
      assert.equal(await care.change(person(second)), 'committed');
      await jobcenter.shows(character(second).cpr);
      await settled(jobcenter.page);

      // One whose host does not let it follow keeps its person, and both know.
      await care.setFollows(false);
      assert.equal(await jobcenter.change(person(first)), 'committed');
      await jobcenter.stateIs('apart');
      await care.stateIs('apart');
      await care.shows(character(second).cpr);
      await care.setFollows(true);
      await care.page.evaluate(() => void globalThis.program.bridge.follow());
      await care.shows(character(first).cpr);
      await care.stateIs('in-step');
      // FHIRcast has no word for somebody who has come after all: there it is known with the next change.
      if (transport === 'tabs') await jobcenter.stateIs('in-step');

      assert.equal(await jobcenter.change(undefined), 'committed');
      await care.showsNobody();

      for (const {sent} of [jobcenter, care]) {
        assert(sent.between.length > 0, 'what goes between them was seen');
        assert.deepEqual(numbersIn(sent.between.join('\n')), [], 'between the programs');
        assert.deepEqual(numbersIn(sent.addresses.join('\n')), [], 'addresses');
        assert.deepEqual(sent.errors, []);
      }
      // Each typed one number: whom it was shown by the other it asked for by a handle.
      assert.equal(new Set(numbersIn(care.sent.bodies.join('\n'))).size, 1);
      await context.close();
      await others.close();
    });
});
