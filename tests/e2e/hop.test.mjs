// Two programs and one gateway: the caseworker hops to the care system and back, and stays with the same person.
import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';
import {
  character,
  choose,
  hyphenated,
  launchBrowser,
  numbersIn,
  openPage,
  partsOf,
  settled,
  startDemoProcess,
} from './harness.mjs';

const masked = (cpr) => `${cpr.slice(0, 6)}-••••`;

describe('a hop', () => {
  let browser;
  let demo;
  before(async () => {
    [browser, demo] = await Promise.all([launchBrowser(), startDemoProcess()]);
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  /** A page of the job centre, with all that its browser asks for, in whichever window. */
  async function begin() {
    const page = await openPage(browser, demo);
    const seen = {requests: [], console: [], codes: []};
    page.context.on('request', (request) => {
      seen.requests.push({method: request.method(), url: request.url(), body: request.postData() ?? '', request});
      const code = new URL(request.url()).searchParams.get('launch');
      if (code) seen.codes.push(code);
    });
    page.context.on('console', (message) => seen.console.push(message.text()));
    return {...page, seen};
  }
  const hopButton = (page, name) => page.locator('bsp-hop').getByRole('button', {name});
  /** Presses a target, and gives the window that opens. */
  async function press(page, context, name) {
    const [opened] = await Promise.all([context.waitForEvent('page'), hopButton(page, name).click()]);
    await opened.waitForURL(/^http/);
    return opened;
  }
  const shows = (page, cpr) => page.locator('bsp-person').getByText(masked(cpr)).first().waitFor();
  const stored = (page) =>
    page.evaluate(() =>
      JSON.stringify({
        local: {...localStorage},
        session: {...sessionStorage},
        cookies: document.cookie,
        history: history.state,
        name: window.name,
        referrer: document.referrer,
        title: document.title,
      }),
    );

  it('leads to the same person in the care system, and back to the same person', async () => {
    const jobcenter = await begin();
    const {context, page, seen} = jobcenter;
    const {cpr} = character('maude');
    await choose(jobcenter, 'Maude Agerlund');
    const care = await press(page, context, 'Omsorg Korsbæk');
    assert.equal(new URL(care.url()).origin, demo.careUrl);
    assert.notEqual(new URL(demo.careUrl).hostname, new URL(demo.url).hostname, 'two sites, two programs');
    await care.getByRole('heading', {name: 'Maude Agerlund', level: 1}).waitFor();
    await shows(care, cpr);
    assert.match(care.url(), /\/borger\/o-\d+$/, 'the code has left the address');
    assert.equal(await care.evaluate(() => window.opener), null);
    assert.equal(await care.evaluate(() => document.referrer), '');

    const back = await press(care, context, 'Jobcenter Korsbæk');
    assert.equal(new URL(back.url()).origin, demo.url);
    await partsOf(back).heading.filter({hasText: 'Maude Agerlund'}).waitFor();
    await shows(back, cpr);
    await settled(back);
    assert.equal(seen.codes.length, 2);

    // No number, and no code that is worth anything, in whatever was captured. What a job centre's page sends to open its
    // own client is the one body in which a number may stand.
    const opening = ({method, url}) => method === 'POST' && url === `${demo.url}/bsp/v1/contexts`;
    assert.deepEqual(numbersIn(seen.requests.map(({url}) => url).join('\n')), [], 'addresses');
    assert.deepEqual(
      numbersIn(
        seen.requests
          .filter((one) => !opening(one))
          .map(({body}) => body)
          .join('\n'),
      ),
      [],
      'bodies of requests',
    );
    assert.deepEqual(numbersIn(seen.console.join('\n')), [], 'console');
    for (const one of [page, care, back]) assert.deepEqual(numbersIn(await stored(one)), [], 'stores');
    assert.deepEqual(numbersIn(await care.content()), [], 'the care system’s markup');
    assert.deepEqual(numbersIn(JSON.stringify(await context.storageState())), [], 'cookies and origins');
    assert.deepEqual(numbersIn(demo.output), [], 'logs');
    for (const code of seen.codes) assert.ok(!demo.output.includes(code), 'no code is logged');
    const headers = await Promise.all(seen.requests.map(({request}) => request.allHeaders().catch(() => ({}))));
    const referrers = headers.flatMap(({referer}) => referer ?? []);
    assert.ok(!seen.codes.some((code) => referrers.join().includes(code)), 'nor told as a referrer');

    // Both codes have been used: whoever finds them has nothing.
    for (const [code, address] of [
      [seen.codes[0], `${demo.careUrl}/hop`],
      [seen.codes[1], `${demo.url}/jobcenter/hop`],
      [seen.codes[1], `${demo.careUrl}/hop`],
      ['A'.repeat(22), `${demo.careUrl}/hop`],
    ]) {
      const answer = await fetch(`${address}?launch=${code}`, {redirect: 'manual'});
      assert.equal(answer.status, 403);
      assert.deepEqual(numbersIn(await answer.text()), []);
    }
    await context.close();
  });

  it('leads to somebody whom the care system does not know, without a number either', async () => {
    const jobcenter = await begin();
    const {context, page, seen} = jobcenter;
    const {cpr} = character('jonas');
    await jobcenter.findField.fill(hyphenated(cpr));
    await jobcenter.findField.press('Enter');
    await shows(page, cpr);
    await settled(page);
    const care = await press(page, context, 'Omsorg Korsbæk');
    await care.getByRole('heading', {name: 'Ikke oprettet i omsorg'}).waitFor();
    await shows(care, cpr);
    await care.reload();
    await shows(care, cpr);
    assert.deepEqual(numbersIn(seen.requests.map(({url}) => url).join('\n')), []);
    await context.close();
  });

  it('sends nothing when another client is chosen before the window knows where to', async () => {
    const jobcenter = await begin();
    const {context, page, seen} = jobcenter;
    await choose(jobcenter, 'Maude Agerlund');
    let let_go;
    const held = new Promise((resolve) => {
      let_go = resolve;
    });
    await page.route('**/actions', async (route) => {
      await held;
      await route.continue().catch(() => undefined);
    });
    const [opened] = await Promise.all([context.waitForEvent('page'), hopButton(page, 'Omsorg Korsbæk').click()]);
    const closed = opened.waitForEvent('close');
    await choose(jobcenter, 'Holger Skjern');
    await closed;
    const answered = page.waitForResponse((response) => response.url().endsWith('/actions'));
    let_go();
    await answered;
    await settled(page);
    assert.equal(context.pages().length, 1);
    assert.deepEqual(seen.codes, []);
    await context.close();
  });

  it('is refused to a stranger’s page and a stranger’s secret', async () => {
    const redeem = (headers) =>
      fetch(`${demo.url}/bsp/v1/launches/redeem`, {
        method: 'POST',
        headers: {'content-type': 'application/json', ...headers},
        body: JSON.stringify({code: 'A'.repeat(22)}),
      });
    const basic = `Basic ${Buffer.from(`care:${'x'.repeat(40)}`).toString('base64')}`;
    assert.equal((await redeem({authorization: basic})).status, 401);
    assert.equal((await redeem({authorization: basic, origin: 'https://evil.example'})).status, 403);
    const through = await fetch(`${demo.careUrl}/bsp/v1/contexts`, {
      method: 'POST',
      headers: {'content-type': 'application/json', origin: 'https://evil.example'},
      body: '{}',
    });
    assert.equal(through.status, 403);
  });

  it('the care system works under the same strict policy', async () => {
    const {context} = await begin();
    const care = await context.newPage();
    await care.goto(demo.careUrl);
    await care.getByRole('link', {name: /Holger Skjern/}).click();
    await care.getByRole('heading', {name: 'Holger Skjern', level: 1}).waitFor();
    await shows(care, character('holger').cpr);
    const policy = (await fetch(demo.careUrl)).headers.get('content-security-policy');
    assert.ok(policy.includes("require-trusted-types-for 'script'") && policy.includes("default-src 'none'"));
    await context.close();
    assert.deepEqual(await (await fetch(`${demo.careUrl}/csp-report`)).json(), []);
  });
});
