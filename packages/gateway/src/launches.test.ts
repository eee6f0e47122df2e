import assert from 'node:assert/strict';
import {it, mock} from 'node:test';
import {type Launched, type Redeemed, redeemedSchema, type Target} from '@bsp/contract';
import {sql} from 'kysely';
import {
  anna,
  answering,
  bo,
  type Client,
  caseOf,
  gateways,
  numbers,
  onEachStorage,
  postgresStorage,
  problemIn,
  type Started,
  scripted,
} from './harness.test.js';

const careSecret = 'the secret of the care system, 32 or more';
const otherSecret = 'the secret of another system, 32 or more';
const targets = [
  {id: 'care', name: 'Omsorg', kind: 'code', url: 'https://care.example/hop?from=bsp', secret: careSecret},
  {id: 'other', name: 'Andet', kind: 'code', url: 'https://other.example/', secret: otherSecret},
  {
    id: 'esdh',
    name: 'ESDH',
    kind: 'code',
    for: 'case',
    sources: ['kmd'],
    url: 'https://esdh.example/',
    secret: otherSecret,
  },
  {id: 'link', name: 'Link', kind: 'link', for: 'case', sources: ['kmd'], url: 'https://esdh.example/sag/{record}?v=1'},
  {id: 'front', name: 'Forside', kind: 'link', url: 'https://front.example/start'},
  {
    id: 'legacy',
    name: 'Gammel <b>',
    kind: 'form',
    url: 'https://legacy.example/cgi?a=1',
    fields: {CPRNR: '{cpr}', BRUGER: '{user}', TEKST: '"><script>'},
  },
];

const launch = (client: Client, contextId: string, target: string, record?: object): Promise<Response> =>
  client.act(contextId, 'launch', {target: {source: 'bsp', id: target}, ...(record ? {record} : {})});
const urlOf = async (response: Response): Promise<string> => {
  assert.equal(response.status, 200, await response.clone().text());
  return ((await response.json()) as {result: Launched}).result.url;
};
const codeOf = async (response: Response): Promise<string> => {
  const code = new URL(await urlOf(response)).searchParams.get('launch') ?? '';
  assert.match(code, /^[\w-]{22}$/);
  return code;
};
const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
const redeem = (client: Client, code: unknown, authorization = basic('care', careSecret)): Promise<Response> =>
  client.post('/launches/redeem', {code}, {headers: {authorization}});
const refused = (response: Response) => problemIn(response, 404, 'not-found');

/** Lookups of the kind, with their outcomes. */
const hops = async ({gateway}: Started) =>
  (await gateway.storage.database.selectFrom('lookup_log').selectAll().orderBy('sequence').execute())
    .map(({kind, user_id, context_id, entry}) => ({kind, user_id, context_id, entry: JSON.parse(entry) as HopEntry}))
    .filter(({entry}) => entry.what === 'hop' || entry.outcomes?.some(({resource}) => resource === 'hop'));
interface HopEntry {
  readonly what?: string;
  readonly record?: string;
  readonly outcomes?: {readonly resource: string; readonly source: string}[];
}

onEachStorage('going on to another system', (storageFor) => {
  const {run} = gateways(storageFor);
  const kmd = () => scripted('kmd', answering('cases', [caseOf('c 1/2'), caseOf(`SAG-${anna.value}`), caseOf('..')]));
  const start = (more: Record<string, unknown> = {}) =>
    run([kmd()], {
      targets,
      tenant: {id: 'korsbaek', name: 'Korsbæk'},
      demoUser: {id: 'karla', name: 'Karla', unit: 'Jobcenter'},
      purposes: [{id: 'sag', label: 'Sag'}],
      ...more,
    });
  const age = ({gateway}: Started, by: string) =>
    gateway.storage.database
      .updateTable('launch')
      .set({expires_at: sql`expires_at - ${by}::interval`})
      .execute();

  it('offers what the configuration lists, and nothing where it lists nothing', async () => {
    const {client} = await start();
    assert.ok((await client.me()).capabilities.includes('act:launch'));
    const {contextId} = await client.open(anna);
    const offered = await client.items<Target>(contextId, 'targets');
    assert.deepEqual(offered[0], {ref: {source: 'bsp', id: 'care'}, name: 'Omsorg', for: 'person'});
    assert.deepEqual(offered[2], {ref: {source: 'bsp', id: 'esdh'}, name: 'ESDH', for: 'case', sources: ['kmd']});
    assert.equal(offered.length, targets.length);
    assert.ok(!JSON.stringify(offered).includes('secret'));

    const none = await start({targets: []});
    assert.deepEqual(
      (await none.client.me()).capabilities.filter((name) => /launch|targets/.test(name)),
      [],
    );
    const bare = await none.client.open(anna);
    await problemIn(await launch(none.client, bare.contextId, 'care'), 404, 'not-applicable');
  });

  it('trades a code for the person, the user and nothing else; a logged lookup', async () => {
    const one = await start();
    const {contextId} = await one.client.open(anna, {purpose: 'sag'});
    const url = new URL(await urlOf(await launch(one.client, contextId, 'care')));
    assert.equal(url.origin + url.pathname, 'https://care.example/hop');
    assert.equal(url.searchParams.get('from'), 'bsp');
    assert.deepEqual(await hops(one), [], 'nothing has been told yet');

    const response = await redeem(one.client, url.searchParams.get('launch'));
    assert.equal(response.headers.get('cache-control'), 'no-store');
    const {launchedAt, ...redeemed} = redeemedSchema.parse(await response.json());
    assert.deepEqual(redeemed, {
      subject: anna,
      user: {id: 'karla', name: 'Karla', unit: 'Jobcenter'},
      tenant: {id: 'korsbaek', name: 'Korsbæk'},
      purpose: 'sag',
    });
    assert.ok(Math.abs(Date.parse(launchedAt) - Date.now()) < 60_000);
    const [lookup, outcome, ...more] = await hops(one);
    assert.deepEqual([lookup?.kind, outcome?.kind, more.length], ['lookup', 'outcome', 0]);
    assert.deepEqual([lookup?.user_id, lookup?.context_id], ['karla', contextId]);
    assert.deepEqual(lookup?.entry, {
      what: 'hop',
      purpose: 'sag',
      who: {name: 'Karla', unit: 'Jobcenter', system: 'care'},
      resources: {hop: ['care']},
      from: '127.0.0.1',
    });
  });

  it('opens the person who was shown, also when the user has gone on to another', async () => {
    const {client} = await start();
    const {contextId} = await client.open(anna);
    const code = await codeOf(await launch(client, contextId, 'care'));
    await client.request(`/contexts/${contextId}`, {method: 'DELETE'});
    await client.open(bo);
    assert.deepEqual(((await (await redeem(client, code)).json()) as Redeemed).subject, anna);
    await problemIn(await launch(client, contextId, 'care'), 409, 'context-closed');
  });

  it('makes another code each time, also for the same key', async () => {
    const {client} = await start();
    const {contextId} = await client.open(anna);
    const payload = {target: {source: 'bsp', id: 'care'}};
    const codes = await Promise.all(
      [1, 2, 3].map(async () => codeOf(await client.act(contextId, 'launch', payload, 'one-and-the-same'))),
    );
    assert.equal(new Set(codes).size, 3);
  });

  it('refuses a code that was redeemed before, on every replica', async () => {
    const [one, two] = [await start(), await start()];
    const {contextId} = await one.client.open(anna);
    const code = await codeOf(await launch(one.client, contextId, 'care'));
    const answers = await Promise.all([one, two, one, two, two].map(({client}) => redeem(client, code)));
    assert.deepEqual(answers.map(({status}) => status).sort(), [200, 404, 404, 404, 404]);
    const late = await refused(await redeem(two.client, code));
    assert.ok(!numbers.some((number) => JSON.stringify(late).includes(number)));
    assert.equal((await hops(one)).length, 2);
  });

  it('refuses a code that is too old, another target’s, unknown or none, all alike', async () => {
    const one = await start();
    const {client} = one;
    const {contextId} = await client.open(anna);
    const mint = async () => codeOf(await launch(client, contextId, 'care'));
    const answers = new Set<string>();
    const stolen = await mint();
    for (const code of [stolen, 'A'.repeat(22), 'x', `${await mint()}A`])
      answers.add(JSON.stringify(await refused(await redeem(client, code, basic('other', otherSecret)))));
    assert.equal((await redeem(client, stolen)).status, 200, 'a thief does not use it up');
    const old = await mint();
    await age(one, '61 seconds');
    answers.add(JSON.stringify(await refused(await redeem(client, old))));
    assert.equal(answers.size, 1);
    assert.equal((await hops(one)).length, 2, 'only the one that was answered');
  });

  it('lets nobody redeem without the target’s own id and secret', async () => {
    const {client} = await start();
    const {contextId} = await client.open(anna);
    const code = await codeOf(await launch(client, contextId, 'care'));
    for (const authorization of [
      '',
      'Bearer x',
      'Basic !',
      basic('care', ''),
      basic('care', otherSecret),
      basic('care', `${careSecret} `),
      basic('nobody', careSecret),
      basic('nobody', ''),
      basic('legacy', ''),
      basic('front', ''),
      basic('constructor', careSecret),
    ]) {
      const response = await redeem(client, code, authorization);
      assert.ok(!authorization.startsWith('Basic Y') || response.headers.has('www-authenticate'));
      await problemIn(response, 401, 'unauthorized');
    }
    for (const code of [undefined, 7, '', 'x'.repeat(201), {}])
      await problemIn(await redeem(client, code), 400, 'invalid-request');
    await problemIn(
      await client.post('/launches/redeem', {code}, {headers: {origin: 'https://evil.example', authorization: 'x'}}),
      403,
      'forbidden',
    );
    assert.equal((await redeem(client, code)).status, 200);
  });

  // The embedded database has the clock of its process.
  const onServer = storageFor === postgresStorage ? it : () => undefined;
  onServer('judges the time by the database’s clock alone', async () => {
    const one = await start();
    const {client} = one;
    const {contextId} = await client.open(anna);
    const at = async <T>(hours: number, work: () => Promise<T>): Promise<T> => {
      mock.timers.enable({apis: ['Date'], now: Date.now() + hours * 3_600_000});
      try {
        return await work();
      } finally {
        mock.timers.reset();
      }
    };
    for (const hours of [-1, 1]) {
      const minted = await at(hours, async () => codeOf(await launch(client, contextId, 'care')));
      const {launchedAt} = (await (await redeem(client, minted)).json()) as Redeemed;
      assert.ok(Math.abs(Date.parse(launchedAt) - Date.now()) < 60_000);
      const fresh = await codeOf(await launch(client, contextId, 'care'));
      assert.equal(await at(hours, async () => (await redeem(client, fresh)).status), 200);
      const old = await codeOf(await launch(client, contextId, 'care'));
      await age(one, '61 seconds');
      await refused(await at(hours, () => redeem(client, old)));
    }
  });

  it('tells nothing where the lookup can not be logged', async () => {
    const one = await start();
    const {client} = one;
    const {contextId} = await client.open(anna);
    const code = await codeOf(await launch(client, contextId, 'care'));
    const form = await launch(client, contextId, 'legacy');
    const cookie = form.headers.get('set-cookie')!.split(';')[0]!;
    const page = new URL(await urlOf(form), client.base).href;
    const record = {source: 'kmd', id: 'c 1/2'};
    await sql`alter table lookup_log rename to lookup_log_away`.execute(one.gateway.storage.database);
    for (const response of [await redeem(client, code), await launch(client, contextId, 'link', record)])
      await problemIn(response, 503, 'unavailable');
    const shown = await client.request(page, {headers: {cookie}});
    assert.equal(shown.status, 503);
    assert.ok(!numbers.some((number) => shown.url.includes(number)));
    assert.match(await shown.text(), /Der er ikke sendt noget/);
    await sql`alter table lookup_log_away rename to lookup_log`.execute(one.gateway.storage.database);
    await refused(await redeem(client, code));
  });

  it('takes along a case of this person, and no other', async () => {
    const one = await start();
    const {client} = one;
    const {contextId} = await client.open(anna);
    const [plain, numbered] = await client.items<{ref: {source: string; id: string}}>(contextId, 'cases');
    assert.match(numbered!.ref.id, /^~/);
    const code = await codeOf(await launch(client, contextId, 'esdh', numbered!.ref));
    const redeemed = (await (await redeem(client, code, basic('esdh', otherSecret))).json()) as Redeemed;
    assert.deepEqual(redeemed.record, {source: 'kmd', id: `SAG-${anna.value}`}, 'its own id, from server to server');
    const [lookup] = await hops(one);
    assert.equal(lookup?.entry.record, numbered!.ref.id, 'the log has the opaque one');

    const foreign = {source: 'kmd', id: 'somebody-elses'};
    await problemIn(await launch(client, contextId, 'esdh', foreign), 409, 'foreign-item');
    await problemIn(await launch(client, contextId, 'esdh', {source: 'bsp', id: 'x'}), 409, 'foreign-item');
    await problemIn(await launch(client, contextId, 'esdh'), 400, 'invalid-request');
    await problemIn(await launch(client, contextId, 'care', plain!.ref), 400, 'invalid-request');
    await problemIn(
      await client.act(contextId, 'launch', {target: {source: 'kmd', id: 'care'}}),
      404,
      'not-applicable',
    );
  });

  it('takes no case along whose source does not say that it is this person’s', async () => {
    const {client} = await run([scripted('kmd', {read: () => neverAnswering()}, {deadlineMs: 50})], {targets});
    const {contextId} = await client.open(anna);
    await problemIn(await launch(client, contextId, 'esdh', {source: 'kmd', id: 'c1'}), 503, 'unavailable');
  });

  it('links to a case by an id that names nobody and leads nowhere else, and without any id', async () => {
    const one = await start();
    const {client} = one;
    const {contextId} = await client.open(anna);
    const [plain, numbered, dots] = await client.items<{ref: {source: string; id: string}}>(contextId, 'cases');
    assert.equal(
      await urlOf(await launch(client, contextId, 'link', plain!.ref)),
      'https://esdh.example/sag/c%201%2F2?v=1',
    );
    assert.equal((await hops(one)).length, 2, 'a link with an id is a lookup');
    await problemIn(await launch(client, contextId, 'link', numbered!.ref), 404, 'not-applicable');
    await problemIn(await launch(client, contextId, 'link', dots!.ref), 404, 'not-applicable');
    assert.equal(await urlOf(await launch(client, contextId, 'front')), 'https://front.example/start');
    assert.equal((await hops(one)).length, 2, 'one without tells nobody anything');
  });

  it('posts a form to a system that takes nothing else: once, in the browser that launched it', async () => {
    const one = await start();
    const {client} = one;
    const {contextId} = await client.open(anna);
    const launched = await launch(client, contextId, 'legacy');
    const cookie = launched.headers.get('set-cookie')!;
    const path = await urlOf(launched);
    assert.match(path, /^\/bsp\/v1\/launches\/[\w-]{22}$/);
    assert.match(cookie, new RegExp(`^bsp-launch=[\\w-]{22}; Path=${path}; Max-Age=60; HttpOnly; SameSite=Strict$`));
    const page = new URL(path, client.base).href;

    const noCookie = await client.request(page);
    const wrongCookie = await client.request(page, {headers: {cookie: `bsp-launch=${'A'.repeat(22)}`}});
    for (const thief of [noCookie, wrongCookie]) {
      assert.equal(thief.status, 404);
      assert.match(await thief.text(), /Linket er brugt/);
    }
    assert.deepEqual(await hops(one), []);

    const shown = await client.request(page, {headers: {cookie: cookie.split(';')[0]!}});
    assert.equal(shown.status, 200);
    const html = await shown.text();
    assert.match(html, /<form method="post" action="https:\/\/legacy\.example\/cgi\?a=1"/);
    assert.match(html, new RegExp(`name="CPRNR" value="${anna.value}"`));
    assert.match(html, /name="BRUGER" value="karla"/);
    assert.match(html, /value="&quot;&gt;&lt;script&gt;"/);
    assert.match(html, /Gammel &lt;b&gt;/);
    assert.equal(shown.headers.get('cache-control'), 'no-store');
    assert.equal(shown.headers.get('referrer-policy'), 'no-referrer');
    assert.equal(shown.headers.get('cross-origin-opener-policy'), 'same-origin');
    assert.match(
      shown.headers.get('content-security-policy')!,
      /^default-src 'none'; script-src 'sha256-[\w+/]+='; form-action https:\/\/legacy\.example\/cgi; base-uri 'none'; frame-ancestors 'none'$/,
    );
    assert.equal((await hops(one)).length, 2);

    const again = await client.request(page, {headers: {cookie: cookie.split(';')[0]!}});
    assert.equal(again.status, 404);
    assert.ok(!(await again.text()).includes(anna.value));
    await refused(await redeem(client, path.split('/').at(-1)!));
  });

  it('marks the cookie for encrypted lines where there is one, and leads to where browsers find the gateway', async () => {
    const {client} = await start({publicUrl: 'https://bsp.example/api/bsp'});
    const {contextId} = await client.open(anna);
    const launched = await launch(client, contextId, 'legacy');
    const url = new URL(await urlOf(launched));
    assert.match(url.href, /^https:\/\/bsp\.example\/api\/bsp\/v1\/launches\/[\w-]{22}$/);
    assert.match(launched.headers.get('set-cookie')!, new RegExp(`Path=${url.pathname}; .*; Secure$`));
  });

  it('puts no number in an address, a log or the table, and keeps no code', async () => {
    const one = await start();
    const {client} = one;
    const {contextId} = await client.open(anna);
    const code = await codeOf(await launch(client, contextId, 'care'));
    const unused = await codeOf(await launch(client, contextId, 'care'));
    await redeem(client, code);
    await redeem(client, code);
    const path = await urlOf(await launch(client, contextId, 'legacy'));
    const {rows} = await sql<{row: string}>`select l::text as row from launch l`.execute(one.gateway.storage.database);
    assert.equal(rows.length, 3);
    const kept = [...rows.map(({row}) => row), ...one.log, ...client.asked].join('\n');
    for (const secret of [...numbers, code, unused, path.split('/').at(-1)!, careSecret])
      assert.ok(!kept.includes(secret));
    assert.ok(
      one.log.some((line) => line.includes('was not valid')),
      'a second redemption is told to the operator',
    );
  });

  it('forgets what is over', async () => {
    const one = await start();
    const {contextId} = await one.client.open(anna);
    await codeOf(await launch(one.client, contextId, 'care'));
    await age(one, '2 hours');
    const standing = await codeOf(await launch(one.client, contextId, 'care'));
    await one.gateway.rooms[0]!.launches.sweep();
    assert.equal((await one.gateway.storage.database.selectFrom('launch').selectAll().execute()).length, 1);
    assert.equal((await redeem(one.client, standing)).status, 200);
  });
});

async function* neverAnswering() {
  await new Promise(() => {});
}
