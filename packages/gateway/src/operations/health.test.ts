import assert from 'node:assert/strict';
import {it} from 'node:test';
import {gateways, onEachStorage, postgresStorage, type Started} from '../harness.test.js';

const place = ({client}: Started, path: string): string => client.base.replace('/bsp/v1', path);
const auth = {
  issuer: 'https://login.korsbaek.example',
  audience: 'bsp',
  systems: [{id: 'jobcenter', name: 'J', rights: []}],
};

onEachStorage('health', (storageFor) => {
  const {run} = gateways(storageFor);

  it('is told without a log-in, outside of the API', async () => {
    const one = await run([], {auth, tenant: {id: 'korsbaek', name: 'Korsbæk', cvr: '11111111'}});
    assert.equal((await one.client.request('/me')).status, 401);
    const alive = await one.client.request(place(one, '/healthz'));
    assert.deepEqual([alive.status, await alive.json()], [200, {alive: true}]);
    const ready = await one.client.request(place(one, '/readyz'));
    assert.deepEqual(
      [ready.status, await ready.json()],
      [200, {ready: true, gateway: 'serving', database: 'answers', migrations: 'applied'}],
    );
    for (const {headers} of [alive, ready]) {
      assert.equal(headers.get('cache-control'), 'no-store');
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
    }
    assert.equal((await one.client.request(place(one, '/metrics'))).status, 404);
  });

  it('says which part is wrong: the gateway ends', async () => {
    const one = await run([]);
    await one.gateway.drain();
    const ready = await one.client.request(place(one, '/readyz'));
    assert.equal(ready.status, 503);
    assert.equal(((await ready.json()) as {gateway: string}).gateway, 'draining');
    // Whoever still comes is served.
    assert.equal((await one.client.request('/me')).status, 200);
  });

  // The embedded database does not go away.
  if (storageFor === postgresStorage)
    it('says which part is wrong: the database, without its secrets', async () => {
      const one = await run([]);
      await one.gateway.storage.database.destroy();
      const ready = await one.client.request(place(one, '/readyz'));
      assert.deepEqual(
        [ready.status, await ready.json()],
        [503, {ready: false, gateway: 'serving', database: 'does not answer', migrations: 'unknown'}],
      );
      assert.equal((await one.client.request(place(one, '/healthz'))).status, 200);
    });

  it('stands on the port of operations too, with nothing else', async () => {
    const one = await run([], {operations: {port: 0}});
    const [, address] = /"address":"(http:[^"]+)"/.exec(one.log.join('')) ?? [];
    assert(address?.startsWith('http://127.0.0.1:'));
    assert.equal((await fetch(`${address}/readyz`)).status, 200);
    assert.equal((await fetch(`${address}/healthz`)).status, 200);
    for (const path of ['/bsp/v1/me', '/', '/metrics?x', '/../metrics']) {
      const {status} = await fetch(address + path);
      assert.equal(status, path === '/../metrics' ? 200 : 404, path);
    }
    assert.equal((await fetch(`${address}/metrics`, {method: 'POST'})).status, 404);
  });
});
