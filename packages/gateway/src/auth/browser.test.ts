// What a browser's page may do: cookies with their proofs, and pages of other origins.
import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {anna, answering, caseOf, gateways, memoryStorage, problemIn, scripted} from '../harness.test.js';
import {authConfigOf} from './auth-config.js';
import {authFor, korsbaek, startIssuer} from './issuer-harness.test.js';
import {tokenOf} from './token-of.js';

const source = scripted('kmd', answering('cases', [caseOf('c1')]));
const vendor = 'https://vendor.example';

describe('a token in a cookie', () => {
  const config = authConfigOf({issuer: 'https://i.example', audience: 'bsp', cookie: {name: 'bsp'}, origins: [vendor]});
  const proof = {'x-requested-with': 'bsp'};
  const cookie = {cookie: 'other=1; bsp=abc; more=2', host: 'bsp.example'};
  const take = (method: string, headers: Record<string, string>) => tokenOf(config, {method, headers});
  it('counts with both proofs', () => {
    const ours: [string, Record<string, string>][] = [
      ['GET', {}],
      ['GET', {'sec-fetch-site': 'same-origin'}],
      ['POST', {'sec-fetch-site': 'same-origin'}],
      ['POST', {origin: 'https://bsp.example'}],
      ['DELETE', {origin: vendor, 'sec-fetch-site': 'cross-site'}],
    ];
    for (const [method, headers] of ours) assert.equal(take(method, {...cookie, ...proof, ...headers}), 'abc');
  });
  it('does not without them', () => {
    const foreign: [string, Record<string, string>][] = [
      ['POST', proof],
      ['POST', {...proof, 'sec-fetch-site': 'same-site'}],
      ['GET', {...proof, 'sec-fetch-site': 'cross-site'}],
      ['GET', {...proof, 'sec-fetch-site': 'none'}],
      ['POST', {...proof, origin: 'https://evil.example'}],
      ['POST', {...proof, origin: 'null'}],
      ['POST', {...proof, origin: 'https://bsp.example.evil.example'}],
      ['POST', {origin: 'https://bsp.example'}],
      ['POST', {origin: 'https://bsp.example', 'x-requested-with': 'XMLHttpRequest'}],
    ];
    for (const [method, headers] of foreign) assert.throws(() => take(method, {...cookie, ...headers}), /forbidden/);
  });
  it('gives way to a header, which no browser sends of itself', () => {
    assert.equal(take('POST', {...cookie, authorization: 'Bearer xyz'}), 'xyz');
    assert.throws(() => take('GET', {...proof, cookie: 'bsp='}), /A token is needed/);
    assert.throws(
      () => tokenOf({...config, cookie: undefined}, {method: 'GET', headers: {...cookie, ...proof}}),
      /needed/,
    );
  });
});

describe('over HTTP', () => {
  const {run} = gateways(memoryStorage);
  it('a cookie opens what a header does', async () => {
    const issuer = await startIssuer();
    const {client} = await run([source], {tenant: korsbaek, auth: authFor(issuer, {cookie: {name: 'bsp'}})});
    const headers = {
      cookie: `bsp=${await issuer.token()}`,
      'x-requested-with': 'bsp',
      origin: new URL(client.base).origin,
    };
    assert.equal((await client.post('/contexts', {subject: anna}, {headers})).status, 201);
    const {'x-requested-with': _, ...without} = headers;
    await problemIn(await client.post('/contexts', {subject: anna}, {headers: without}), 403, 'forbidden');
  });

  it('answers pages of the origins on the list, and names each to itself only', async () => {
    const issuer = await startIssuer();
    const {client} = await run([source], {
      tenant: korsbaek,
      auth: authFor(issuer, {origins: [vendor, 'https://b.example']}),
    });
    const authorization = `Bearer ${await issuer.token()}`;
    const allowed = (response: Response) => response.headers.get('access-control-allow-origin');
    const preflight = (origin: string) =>
      client.request('/contexts', {
        method: 'OPTIONS',
        headers: {origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization'},
      });
    const before = await preflight(vendor);
    assert.equal(before.status, 204);
    assert.equal(allowed(before), vendor);
    assert.match(before.headers.get('access-control-allow-methods')!, /POST/);
    assert.match(before.headers.get('access-control-allow-headers')!, /authorization, content-type, last-event-id/);
    assert.equal(before.headers.get('access-control-allow-credentials'), null);
    assert.equal(allowed(await preflight('https://evil.example')), null);
    const me = await client.request('/me', {headers: {origin: vendor, authorization}});
    assert.equal(allowed(me), vendor);
    assert.equal(me.headers.get('vary'), 'origin');
    assert.equal(
      allowed(await client.request('/me', {headers: {origin: 'https://evil.example', authorization}})),
      null,
    );
    // A page must be able to read that its token is over.
    const refused = await client.request('/me', {headers: {origin: vendor}});
    assert.equal(refused.status, 401);
    assert.equal(allowed(refused), vendor);
    const {contextId} = await client.as(await issuer.token()).open(anna);
    const abort = new AbortController();
    const live = await client.request(`/live?context=${contextId}`, {
      headers: {origin: vendor, authorization},
      signal: abort.signal,
    });
    assert.equal(allowed(live), vendor);
    abort.abort();
  });
});
