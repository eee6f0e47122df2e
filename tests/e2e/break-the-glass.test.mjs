// Break-the-glass: whoever may not see a person's cases opens them for a reason, and for a while; nobody else is offered that.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {generateKeyPairSync, sign} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {after, before, describe, it} from 'node:test';
import {promisify} from 'node:util';
import {choose, launchBrowser, numbersIn, openPage, quickConfig, startDemoProcess, windowTexts} from './harness.mjs';

/** What the package has for `bsp-gateway`. */
const manifest = createRequire(import.meta.url).resolve('@bsp/gateway/package.json');
const program = join(dirname(manifest), JSON.parse(readFileSync(manifest, 'utf8')).bin['bsp-gateway']);

const reason = 'Akut bekymring for en borger, vagten har ringet';
const cookie = 'bsp_token';
const minutes = 20;

const listen = async (answer) => {
  const server = createServer(answer);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {url: `http://127.0.0.1:${server.address().port}`, close: () => server.close()};
};

/** Signs users in, as the municipality's own login does. */
async function startIssuer() {
  const {privateKey, publicKey} = generateKeyPairSync('ec', {namedCurve: 'P-256'});
  const jwk = {...publicKey.export({format: 'jwk'}), kid: 'one', alg: 'ES256', use: 'sig'};
  const {url, close} = await listen((request, response) =>
    response.end(JSON.stringify(request.url === '/keys' ? {keys: [jwk]} : {issuer: url, jwks_uri: `${url}/keys`})),
  );
  const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = (claims) => {
    const now = Math.floor(Date.now() / 1000);
    const times = {iat: now, exp: now + 1800};
    const user = {sub: 'karla', name: 'Karla Bruun', office: 'back', azp: 'jobcenter'};
    const signed = `${encoded({alg: 'ES256', kid: 'one', typ: 'at+jwt'})}.${encoded({iss: url, aud: 'bsp', ...times, ...user, ...claims})}`;
    const signature = sign('sha256', Buffer.from(signed), {key: privateKey, dsaEncoding: 'ieee-p1363'});
    return `${signed}.${signature.toString('base64url')}`;
  };
  return {url, close, token};
}

describe('break-the-glass', () => {
  let browser;
  let demo;
  let issuer;
  let receiver;
  const told = [];
  before(async () => {
    issuer = await startIssuer();
    receiver = await listen(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      told.push(body);
      response.writeHead(204).end();
    });
    [browser, demo] = await Promise.all([
      launchBrowser(),
      startDemoProcess(() =>
        quickConfig((own) => ({
          ...own,
          tenant: {...own.tenant, cvr: '11111111'},
          auth: {
            issuer: issuer.url,
            audience: 'bsp',
            cookie: {name: cookie},
            systems: [{id: 'jobcenter', name: 'Jobcentersystemet', rights: [{kle: ['*'], sensitivity: 'vip'}]}],
          },
          breakGlass: {minutes, notify: receiver.url, told: 'lederen'},
          // Those that answer, and that tell what they hold: "there are some" is told to everybody.
          sources: own.sources.filter(({id}) => ['cpr', 'ky', 'nexus', 'momentum', 'sbsys'].includes(id)),
          targets: [],
        })),
      ),
    ]);
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
    issuer?.close();
    receiver?.close();
  });

  /** A page of a user with these claims, with whoever is shown there. */
  async function pageOf(claims, name) {
    const storageState = {
      cookies: [
        {
          name: cookie,
          value: issuer.token(claims),
          domain: 'localhost',
          path: '/',
          expires: -1,
          httpOnly: true,
          secure: false,
          sameSite: 'Strict',
        },
      ],
      origins: [],
    };
    const page = await openPage(browser, demo, {storageState});
    await choose(page, name);
    return page;
  }
  const offers = ({page}) => page.getByRole('button', {name: 'Nødadgang …'});
  const stateOf = ({page}, tag) => page.evaluate((one) => document.querySelector(one).state, tag);

  /** What `bsp-gateway log export` says, from the storage of the demo, which has ended. */
  async function exportedLog() {
    const argv = ['log', 'export', '--config', `${demo.folder}/gateway.json`, '--with-numbers'];
    const who = ['--by', 'revisor', '--reason', 'Kontrol af nødadgang'];
    const {stdout} = await promisify(execFile)(process.execPath, [program, ...argv, ...who]);
    return stdout;
  }

  it('is offered to nobody who may not', async () => {
    const page = await pageOf({bsp_rights: []}, 'Maude Agerlund');
    assert.equal(await stateOf(page, 'bsp-case-list'), 'forbidden');
    assert.equal(await offers(page).count(), 0);
    await page.context.close();
  });

  it('opens the cases for a reason, says until when, is told of and logged, and names no number', async () => {
    const page = await pageOf({bsp_rights: [], bsp_break_glass: true}, 'Maude Agerlund');
    assert.equal(await stateOf(page, 'bsp-case-list'), 'forbidden');
    assert.equal(await page.cases.getByRole('row').count(), 0);
    await offers({page: page.cases}).click();
    const dialog = page.cases.getByRole('dialog');
    await dialog.getByText('Lederen får besked').waitFor();
    await dialog.getByText(`i ${minutes} minutter`).waitFor();
    assert.match(await dialog.innerText(), /Maude Agerlund/);

    // Without a reason nothing opens.
    await dialog.getByRole('button', {name: 'Åbn med nødadgang'}).click();
    await dialog.getByText('med mindst 10 tegn').waitFor();
    assert.deepEqual(told, []);

    await dialog.getByLabel('Begrundelse').fill(reason);
    const opening = Date.now();
    await dialog.getByRole('button', {name: 'Åbn med nødadgang'}).click();
    await page.cases.getByRole('row').nth(1).waitFor();
    await dialog.waitFor({state: 'hidden'});
    const banner = page.cases.getByText('Nødadgang til kl.').first();
    await banner.waitFor();
    const [, hours, mins] = /kl\. (\d\d)\.(\d\d)/.exec(await banner.innerText());
    const clock = new Intl.DateTimeFormat('da-DK', {
      hour: '2-digit',
      minute: '2-digit',
      timeZone: 'Europe/Copenhagen',
    });
    const ends = [0, 1, 2].map((late) => clock.format(new Date(opening + (minutes + late) * 60_000)));
    assert.ok(ends.includes(`${hours}.${mins}`), `${hours}.${mins} is none of ${ends}`);
    assert.equal(await offers(page).count(), 0, 'what is open is not offered again');

    // The next person is closed as before.
    await choose(page, 'Holger Skjern');
    assert.equal(await stateOf(page, 'bsp-case-list'), 'forbidden');
    assert.ok(!(await windowTexts(page.page)).includes('Nødadgang til kl.'));

    const {requests, console: lines, errors} = page.record;
    assert.deepEqual(numbersIn(requests.map(({url}) => url).join('\n')), [], 'addresses');
    assert.deepEqual(numbersIn(lines.join('\n')), [], 'console');
    assert.deepEqual(errors, []);
    await page.context.close();

    for (let tries = 0; told.length === 0 && tries < 200; tries++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(told.length, 1);
    assert.ok(!told[0].includes('bekymring') && numbersIn(told[0]).length === 0);
    await demo.kill('SIGTERM');
    assert.ok(demo.output.includes('"route":'), 'the log tells of requests');
    assert.deepEqual(numbersIn(demo.output), [], 'log of the gateway');
    assert.ok(!demo.output.includes('bekymring'));

    const rows = (await exportedLog()).split('\n').filter((line) => line.includes(reason));
    assert.ok(rows.length > 1, 'the reason stands with the opening and with what was read');
    assert.ok(rows.every((line) => line.includes('karla')));
  });
});
