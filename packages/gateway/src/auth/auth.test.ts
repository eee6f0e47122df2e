import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {ProblemError} from '@bsp/contract';
import {generateSecret, SignJWT} from 'jose';
import {anna, answering, caseOf, gateways, memoryStorage, problemIn, scripted} from '../harness.test.js';
import {quiet} from '../quiet-log.test.js';
import {authConfigOf} from './auth-config.js';
import {authFor, everything, type Issuer, korsbaek, now, startIssuer} from './issuer-harness.test.js';
import {TokenRefused, tokenVerifierOf} from './verifier.js';

const source = scripted('kmd', answering('cases', [caseOf('c1')]));
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('tokens', () => {
  const {run} = gateways(memoryStorage);
  const running = async (more: object = {}) => {
    const issuer = await startIssuer();
    const {client, log} = await run([source], {tenant: korsbaek, auth: authFor(issuer, more)});
    const me = async (token: string) => client.as(token).request('/me');
    return {issuer, client, me, log};
  };

  it('says who the token says', async () => {
    const {issuer, client, me} = await running();
    const response = await me(await issuer.token());
    const {user, tenant} = (await response.json()) as {user: object; tenant: object};
    assert.deepEqual(user, {id: 'karla', name: 'Karla Kirk', unit: 'Jobcenter', office: 'back'});
    assert.deepEqual(tenant, {id: 'korsbaek', name: 'Korsbæk'});
    const {contextId} = await client.as(await issuer.token()).open(anna);
    assert.equal((await client.as(await issuer.token()).items(contextId, 'cases')).length, 1);
  });

  const refused: [string, (issuer: Issuer) => Promise<string>, string?][] = [
    ['signed by nobody', async () => `${base64({alg: 'none'})}.${base64({...everything, aud: 'bsp'})}.`],
    ['that is none', async () => 'abc'],
    ['signed by a key of somebody else', (issuer) => issuer.forged()],
    [
      'signed with a shared secret',
      async (issuer) =>
        new SignJWT({...everything, iss: issuer.url, aud: 'bsp', iat: now(), exp: now() + 60})
          .setProtectedHeader({alg: 'HS256', kid: 'key-1'})
          .sign(await generateSecret('HS256')),
    ],
    ['for another audience', (issuer) => issuer.token({aud: 'other'})],
    ['for no audience', (issuer) => issuer.token({aud: undefined})],
    ['of another issuer', (issuer) => issuer.token({iss: 'https://other.example'})],
    ['that has expired', (issuer) => issuer.token({}, {exp: now() - 60}), 'The token has expired.'],
    ['that never ends', (issuer) => issuer.token({exp: undefined})],
    ['that does not hold yet', (issuer) => issuer.token({}, {nbf: now() + 60})],
    ['made in the future', (issuer) => issuer.token({}, {iat: now() + 60})],
    ['made long ago', (issuer) => issuer.token({}, {iat: now() - 90_000}), 'The token has expired.'],
    ['that names no user', (issuer) => issuer.token({sub: undefined}), 'The token names no user.'],
  ];
  it('refuses what does not hold, on every route, and says no more than that', async () => {
    const {issuer, client} = await running();
    const {contextId} = await client.as(await issuer.token()).open(anna);
    for (const [what, make, title = 'The token is not accepted.'] of refused) {
      const token = await make(issuer);
      const asker = client.as(token);
      const path = `/contexts/${contextId}`;
      for (const response of [
        await asker.request('/me'),
        await asker.post('/contexts', {subject: anna}),
        await asker.request(path),
        await asker.request(path, {method: 'DELETE'}),
        await asker.post(`${path}/read`, {reads: [{resource: 'cases'}]}),
        await asker.act(contextId, 'reveal', {}),
        await asker.request(`${path}/content/kmd/1`),
        await asker.request(`/live?context=${contextId}`),
      ]) {
        const challenge = response.headers.get('www-authenticate');
        assert.equal(challenge, `Bearer realm="bsp", error="invalid_token", error_description="${title}"`, what);
        const problem = await problemIn(response, 401, 'unauthorized');
        assert.equal(problem.title, title, what);
      }
    }
    for (const headers of [{}, {authorization: 'Basic a2FybGE6a2FybGE='}] as Record<string, string>[]) {
      const response = await client.request('/me', {headers});
      assert.match(response.headers.get('www-authenticate')!, /^Bearer realm="bsp"/);
      await problemIn(response, 401, 'unauthorized');
    }
  });

  it('takes clocks that differ a little', async () => {
    const {issuer, me} = await running();
    assert.equal((await me(await issuer.token({}, {exp: now() - 10}))).status, 200);
    assert.equal((await me(await issuer.token({}, {nbf: now() + 10, iat: now() + 10}))).status, 200);
  });

  it('gives nothing to a system without an agreement, and to a user without a known office', async () => {
    const {issuer, me} = await running();
    await problemIn(await me(await issuer.token({azp: 'other'})), 403, 'forbidden');
    await problemIn(await me(await issuer.token({azp: undefined})), 403, 'forbidden');
    await problemIn(await me(await issuer.token({office: undefined})), 403, 'forbidden');
    await problemIn(await me(await issuer.token({office: 'attic'})), 403, 'forbidden');
    await problemIn(await me(await issuer.token({bsp_rights: [{kle: ['27'], sensitivity: 'vip'}]})), 403, 'forbidden');
    await problemIn(await me(await issuer.token({bsp_rights: 'all'})), 403, 'forbidden');
    assert.equal((await me(await issuer.token({azp: undefined, client_id: 'jobcenter'}))).status, 200);
  });

  it('follows the issuer’s keys: a new one is fetched for, nonsense only once in a while', async () => {
    const {issuer, me} = await running();
    const first = await issuer.token();
    assert.equal((await me(first)).status, 200);
    assert.equal(issuer.fetches(), 1);
    for (const _ of [1, 2, 3]) assert.equal((await me(await issuer.forged())).status, 401);
    await issuer.rotate({keep: true});
    for (const _ of [1, 2, 3]) await me(await issuer.token());
    assert(issuer.fetches() <= 2, `${issuer.fetches()} fetches`);
  });

  it('takes a new key at once, and drops one that was withdrawn when it looks again', async () => {
    const issuer = await startIssuer();
    const config = authConfigOf({issuer: issuer.url, audience: ['other', 'bsp'], jwksUri: `${issuer.url}/keys`});
    const verifier = tokenVerifierOf(config, quiet, 0);
    const old = await issuer.token();
    assert.equal((await verifier.verify(old)).sub, 'karla');
    await issuer.rotate();
    assert.equal((await verifier.verify(await issuer.token())).sub, 'karla');
    assert.equal(issuer.fetches(), 2);
    await assert.rejects(verifier.verify(old), TokenRefused);
  });

  it('lets nobody in while the issuer’s keys can’t be had, and says so without a word on the token', async () => {
    for (const answer of ['down', 'nonsense'] as const) {
      const {issuer, me, log} = await running();
      issuer.answer = answer;
      const token = await issuer.token();
      await problemIn(await me(token), 503, 'unavailable');
      assert(log.some((line) => line.includes('the keys of the issuer can not be had')));
      assert(!log.join('').includes(token.slice(0, 30)));
    }
  });

  it('lets others in while a key that is not known can’t be looked for', async () => {
    const issuer = await startIssuer();
    const config = authConfigOf({issuer: issuer.url, audience: 'bsp'});
    const verifier = tokenVerifierOf(config, quiet, 0);
    const known = await issuer.token();
    await verifier.verify(known);
    issuer.answer = 'down';
    await issuer.rotate();
    const unknown = await issuer.token();
    for (const _ of [1, 2, 3]) {
      await assert.rejects(verifier.verify(unknown), ProblemError);
      assert.equal((await verifier.verify(known)).sub, 'karla');
    }
    assert.equal(issuer.refusals(), 1, 'it is not asked for each such token');
  });

  it('keeps a user whose login is a number under another name', async () => {
    const {issuer, client} = await running();
    for (const sub of [anna.value, '700690-0126']) {
      const {user} = await client.as(await issuer.token({sub, name: undefined})).me();
      assert.match(user.id, /^u-[\w-]{22}$/);
      assert.equal(user.name, user.id);
    }
  });

  it('binds a context to its user', async () => {
    const {issuer, client} = await running();
    const {contextId} = await client.as(await issuer.token()).open(anna);
    const other = client.as(await issuer.token({sub: 'other'}));
    await problemIn(await other.request(`/contexts/${contextId}`), 409, 'context-closed');
    await problemIn(
      await other.post(`/contexts/${contextId}/read`, {reads: [{resource: 'cases'}]}),
      409,
      'context-closed',
    );
  });

  it('ends a live stream with its token', async () => {
    const {issuer, client} = await running({clockToleranceSeconds: 0});
    const asker = client.as(await issuer.token({}, {exp: now() + 2}));
    const {contextId} = await asker.open(anna);
    const {response} = await asker.live([contextId]);
    // Reads to the end, which would not come.
    for await (const _ of response.body!);
    await problemIn(await asker.request('/me'), 401, 'unauthorized');
  });

  it('writes the calling system into the lookup log', async () => {
    const issuer = await startIssuer();
    const {client, gateway} = await run([source], {tenant: korsbaek, auth: authFor(issuer)});
    const asker = client.as(await issuer.token());
    const {contextId} = await asker.open(anna);
    await asker.items(contextId, 'cases');
    const {entry} = await gateway.storage.database
      .selectFrom('lookup_log')
      .select('entry')
      .where('kind', '=', 'lookup')
      .executeTakeFirstOrThrow();
    assert.equal((JSON.parse(entry) as {who: {system: string}}).who.system, 'Jobcentersystemet');
  });

  it('listens where it is told, with a database that is made for it', async () => {
    const issuer = await startIssuer();
    const embedded = await run([source], {tenant: korsbaek, auth: authFor(issuer)});
    await assert.rejects(
      embedded.gateway.listen({host: '0.0.0.0', port: 0}),
      /embedded database .* "storage\.anyAddress"/,
    );
  });
});
