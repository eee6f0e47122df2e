import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {text} from 'node:stream/consumers';
import {after, describe, it} from 'node:test';
import {authFor, korsbaek, startIssuer} from '../auth/issuer-harness.test.js';
import {anna, answering, caseOf, gateways, memoryStorage, problemIn, scripted} from '../harness.test.js';
import {exportLines} from '../lookup-log-export.js';

interface Hop {
  readonly what?: string;
  readonly breakGlass?: true;
  readonly outcomes?: readonly {readonly kle: readonly string[]}[];
}

const few = [{kle: ['32.*'], sensitivity: 'confidential'}];
const reason = 'Akut fare for barnet, vagten';

/** Takes notices; refuses as many as it is told to. */
async function receiver(refusals: number) {
  const told: string[] = [];
  let left = refusals;
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      if (left-- > 0) response.writeHead(503).end();
      else {
        told.push(body);
        response.writeHead(204).end();
      }
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  after(() => server.close());
  return {told, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`};
}

describe('break-the-glass', () => {
  const {run} = gateways(memoryStorage);
  const cases = [
    caseOf('open'),
    caseOf('other', {kle: {number: '27.60.10'}, sensitivity: 'sensitive'}),
    caseOf('vip', {sensitivity: 'vip'}),
  ];
  const source = scripted('kmd', answering('cases', cases));
  const running = async (more: object = {}, refusals = 0) => {
    const issuer = await startIssuer();
    const {told, url} = await receiver(refusals);
    const breakGlass = {minutes: 20, notify: url, told: 'lederen'};
    const {client, gateway, log} = await run([source], {tenant: korsbaek, auth: authFor(issuer), breakGlass, ...more});
    const as = async (claims: object) =>
      client.as(await issuer.token({bsp_rights: few, bsp_break_glass: true, ...claims}));
    return {as, gateway, log, told};
  };
  const opening = {subject: anna, breakGlass: true, reason};

  it('opens what is closed, up to its sensitivity, for its minutes; the log holds it with its reason', async () => {
    const {as, gateway, log} = await running();
    const client = await as({});
    const me = await client.me();
    assert(me.capabilities.includes('break-glass'));
    assert.deepEqual(me.breakGlass, {minutes: 20, told: 'lederen'});
    const plain = await client.open(anna);
    assert.equal((await client.items(plain.contextId, 'cases')).length, 1);
    const broken = await client.open(anna, {breakGlass: true, reason});
    assert.equal(plain.breakGlass, undefined);
    assert.equal(broken.breakGlass, true);
    assert.equal(Date.parse(broken.expiresAt) - Date.parse(broken.openedAt), 20 * 60_000);
    assert.deepEqual(
      (await client.items<{ref: {id: string}}>(broken.contextId, 'cases')).map(({ref}) => ref.id),
      ['open', 'other'],
    );
    // The context beside it stays as it was.
    assert.equal((await client.items(plain.contextId, 'cases')).length, 1);
    const rows = await gateway.storage.database
      .selectFrom('lookup_log')
      .selectAll()
      .where('kind', '=', 'lookup')
      .execute();
    const entries = rows.map(
      ({entry}) => JSON.parse(entry) as {what: string; breakGlass?: true; reasonSealed?: string},
    );
    assert.deepEqual(
      entries.map(({what, breakGlass}) => [what, breakGlass ?? false]),
      [
        ['read', false],
        ['break-glass', true],
        ['read', true],
        ['read', false],
      ],
    );
    assert(entries[1]!.reasonSealed && !rows[1]!.entry.includes('barnet'));
    const exported: string[] = [];
    for await (const line of exportLines(gateway.rooms[0]!.storage, {tenant: 'korsbaek'}, 'with-numbers'))
      exported.push(line);
    const [opened, ...others] = exported.filter((line) => line.includes('Nødadgang'));
    assert(opened?.includes(reason) && others.length === 0, exported.join(''));
    assert(log.some((line) => line.includes('somebody broke the glass')));
    assert(!/barnet|karla/i.test(log.join('')), 'the operational log holds no user');
  });

  it('lets its user hear of what it shows, and in no other context', {timeout: 30_000}, async () => {
    const {as} = await running();
    const [karla, knud] = [await as({}), await as({sub: 'knud', bsp_rights: [{kle: ['*'], sensitivity: 'sensitive'}]})];
    const plain = await karla.open(anna);
    const broken = await karla.open(anna, {breakGlass: true, reason});
    const live = await karla.live([plain.contextId, broken.contextId]);
    const {contextId} = await knud.open(anna);
    for (const number of ['27.60.10', '32.24.04']) {
      const note = {heading: 'H', body: 'x', kle: {number}};
      assert.equal((await knud.act(contextId, 'note.create', note)).status, 200);
    }
    const heard = [await live.next(), await live.next(), await live.next()].map(
      ({contextId: id, cursor}) => `${id === broken.contextId ? 'broken' : 'plain'} ${cursor.split('.')[1]}`,
    );
    live.close();
    assert.deepEqual(heard, ['broken 1', 'plain 2', 'broken 2']);
  });

  it('marks what is taken along to another system', async () => {
    const target = {id: 'esdh', name: 'ESDH', for: 'case', sources: ['kmd'], url: 'https://esdh.example/{record}'};
    const {as, gateway} = await running({targets: [{...target, kind: 'link'}]});
    const client = await as({});
    const {contextId} = await client.open(anna, {breakGlass: true, reason});
    const payload = {target: {source: 'bsp', id: 'esdh'}, record: {source: 'kmd', id: 'other'}};
    assert.equal((await client.act(contextId, 'launch', payload)).status, 200);
    const rows = await gateway.storage.database.selectFrom('lookup_log').select('entry').orderBy('sequence').execute();
    const [hop, outcome] = rows.slice(-2).map(({entry}) => JSON.parse(entry) as Hop);
    assert.deepEqual([hop?.what, hop?.breakGlass], ['hop', true]);
    assert.deepEqual(outcome?.outcomes?.[0]?.kle, ['27.60.10']);
  });

  it('is for whoever may, where it is set up, and with a reason', async () => {
    const {as} = await running();
    const refused = async (claims: object, body: object, status: number, code: string) =>
      problemIn(await (await as(claims)).post('/contexts', body), status, code);
    await refused({bsp_break_glass: undefined}, opening, 403, 'forbidden');
    await refused({bsp_break_glass: 'true'}, opening, 403, 'forbidden');
    await refused({office: 'front'}, opening, 403, 'forbidden');
    await refused({}, {...opening, reason: undefined}, 400, 'invalid-request');
    await refused({}, {...opening, reason: '  kort   '}, 400, 'invalid-request');
    await refused({}, {...opening, breakGlass: 'yes'}, 400, 'invalid-request');
    const {as: without} = await running({breakGlass: undefined});
    await problemIn(await (await without({})).post('/contexts', opening), 403, 'forbidden');
  });

  it('is for whoever has the privilege of this authority, not of another', async () => {
    const issuer = await startIssuer();
    const {url} = await receiver(0);
    const privilege = 'http://bsp.example/roles/noed/1';
    const {client} = await run([source], {
      ...{tenant: korsbaek, breakGlass: {notify: url}},
      auth: authFor(issuer, {privileges: {read: ['http://bsp.example/roles/laes/1'], breakGlass: [privilege]}}),
    });
    for (const [owner, status] of [
      [korsbaek.cvr, 201],
      ['22222222', 403],
    ] as const) {
      const list = `<l:PrivilegeList xmlns:l="http://itst.dk/oiosaml/basic_privilege_profile"><PrivilegeGroup Scope="urn:dk:gov:saml:cvrNumberIdentifier:${owner}"><Privilege>${privilege}</Privilege></PrivilegeGroup></l:PrivilegeList>`;
      const claims = {
        bsp_rights: few,
        'https://data.gov.dk/model/core/eid/privilegesIntermediate': Buffer.from(list).toString('base64'),
      };
      assert.equal((await client.as(await issuer.token(claims)).post('/contexts', opening)).status, status, owner);
    }
  });

  it('ends when the user may no longer', async () => {
    const {as} = await running();
    const {contextId} = await (await as({})).open(anna, {breakGlass: true, reason});
    const less = await as({bsp_break_glass: false});
    await problemIn(
      await less.post(`/contexts/${contextId}/read`, {reads: [{resource: 'cases'}]}),
      409,
      'context-closed',
    );
  });

  it('opens nothing when the log can’t be written', async () => {
    const {as, gateway} = await running();
    await gateway.storage.database.schema.dropTable('lookup_log').execute();
    await problemIn(await (await as({})).post('/contexts', opening), 503, 'unavailable');
    assert.deepEqual(await gateway.storage.database.selectFrom('context').select('id').execute(), []);
  });

  it('tells whoever is to know, without the person or the reason, until they have been told', async () => {
    const {as, gateway, told} = await running({}, 1);
    const {contextId} = await (await as({})).open(anna, {breakGlass: true, reason});
    const tell = () => gateway.rooms[0]!.glass.tell();
    await tell();
    assert.equal(told.length, 0);
    await tell();
    await tell();
    assert.equal(told.length, 1);
    const notice = JSON.parse(told[0]!) as {user: {id: string}; contextId: string; system: string};
    assert.deepEqual([notice.user.id, notice.contextId, notice.system], ['karla', contextId, 'Jobcentersystemet']);
    assert(!told[0]!.includes(anna.value) && !told[0]!.includes('barnet'));
  });
});
