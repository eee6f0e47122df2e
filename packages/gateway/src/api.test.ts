import assert from 'node:assert/strict';
import {request as httpRequest} from 'node:http';
import {connect} from 'node:net';
import {text} from 'node:stream/consumers';
import {describe, it} from 'node:test';
import {promisify} from 'node:util';
import {meSchema, openedContextSchema} from '@bsp/contract';
import {loadConfig} from './config.js';
import {createGateway} from './gateway.js';
import {anna, answering, bo, caseOf, gateways, onEachStorage, problemIn, scripted} from './harness.test.js';
import {demoIdentity} from './identity.js';

/** Sends headers that fetch does not let a program choose. */
const rawStatus = (url: string, method: string, headers: Record<string, string>, body = ''): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = httpRequest(url, {method, headers}, (response) => {
      response.resume();
      resolve(response.statusCode!);
    });
    sent.on('error', reject);
    sent.end(body);
  });

onEachStorage('the HTTP API', (storageFor) => {
  const {run} = gateways(storageFor);
  const plain = scripted('kmd', answering('cases', [caseOf('c1')]));

  it('says who the user is and what can be done', async () => {
    const {client} = await run([plain], {
      tenant: {id: 'korsbaek', name: 'Korsbæk'},
      demoUser: {id: 'karla', name: 'Karla', unit: 'Jobcenter', office: 'front'},
      purposes: [{id: 'sag', label: 'Sagsbehandling'}],
    });
    const me = meSchema.parse(await client.me());
    assert.deepEqual(me.user, {id: 'karla', name: 'Karla', unit: 'Jobcenter', office: 'front'});
    assert.deepEqual(me.purposes, [{id: 'sag', label: 'Sagsbehandling'}]);
    assert.deepEqual(me.capabilities, [
      'read:cases',
      'read:journal',
      'read:drafts',
      'act:note.create',
      'act:note.addendum',
      'act:reveal',
      'act:draft.save',
      'live',
    ]);
  });

  it('answers for a context whatever others ask for at the same moment', async () => {
    const {client, gateway} = await run([plain]);
    const {contextId} = await client.open(anna);
    const {contexts, config} = gateway.rooms[0]!;
    const asked = [contextId, '\0', contextId].map((id) => contexts.find(demoIdentity(config), id));
    const [first, , last] = await Promise.allSettled(asked);
    assert.deepEqual([first?.status, last?.status], ['fulfilled', 'fulfilled']);
  });

  it('opens, adopts and closes a context; an ended, unknown or other user’s one is the same 409', async () => {
    const {client} = await run([plain]);
    const opened = openedContextSchema.parse(await client.open({type: 'cpr', value: ' 700690-0126 '}));
    assert.deepEqual(opened.subject, {type: 'cpr', masked: '700690-••••'});
    assert.notEqual((await client.open(anna)).contextId, opened.contextId);
    const adopted = await client.request(`/contexts/${opened.contextId}`);
    assert.deepEqual(await adopted.json(), opened);
    const closed = await client.request(`/contexts/${opened.contextId}`, {method: 'DELETE'});
    assert.equal(closed.status, 204);

    for (const id of ['%00', 'x', encodeURIComponent('\ud83d\ude00'), `${opened.contextId}%00`])
      for (const method of ['GET', 'DELETE'])
        await problemIn(await client.request(`/contexts/${id}`, {method}), 409, 'context-closed');

    const own = await client.open(anna);
    const colleague = await run([plain], {demoUser: {id: 'other', name: 'Other'}});
    const answers = new Set<string>();
    for (const [asker, id] of [
      [client, opened.contextId],
      [client, 'unknown'],
      [colleague.client, own.contextId],
    ] as const) {
      const path = `/contexts/${id}`;
      for (const response of [
        await asker.request(path),
        await asker.request(path, {method: 'DELETE'}),
        await asker.post(`${path}/read`, {reads: [{resource: 'cases'}]}),
        await asker.act(id, 'reveal', {}),
        await asker.request(`${path}/content/kmd/1`),
        await asker.request(`/live?context=${id}`),
      ])
        answers.add(JSON.stringify(await problemIn(response, 409, 'context-closed')));
    }
    assert.equal(answers.size, 1);
    assert.equal((await client.request(`/contexts/${own.contextId}`)).status, 200);
  });

  it('closes a context at its hour', async () => {
    const {client, gateway} = await run([plain]);
    const {contextId} = await client.open(anna);
    await gateway.storage.database
      .updateTable('context')
      .set({expires_at: new Date(Date.now() - 1)})
      .execute();
    await problemIn(await client.request(`/contexts/${contextId}`), 409, 'context-closed');
  });

  it('refuses what is no subject, and says where', async () => {
    const {client} = await run([plain], {purposes: [{id: 'sag', label: 'Sag'}]});
    const refused = async (body: unknown, code: string, pointer: string) =>
      assert.equal((await problemIn(await client.post('/contexts', body), 400, code)).pointer, pointer);
    await refused({subject: {type: 'cpr', value: '310299-9999'}}, 'invalid-subject', '/subject/value');
    await refused({subject: {type: 'cpr', value: 'Anna'}}, 'invalid-subject', '/subject/value');
    await refused({subject: {type: 'cvr', value: '12345678'}}, 'invalid-subject', '/subject/value');
    await refused({subject: {type: 'ref', value: 'p-AAAAAAAAAAAAAAAAAAAAAA'}}, 'invalid-subject', '/subject/value');
    await refused({subject: {type: 'self'}}, 'invalid-subject', '/subject/type');
    await refused({subject: {type: 'dog', value: '1'}}, 'invalid-request', '/subject/type');
    await refused({}, 'invalid-request', '/subject');
    await refused([], 'invalid-request', '');
    await refused({subject: anna, purpose: 'curiosity'}, 'invalid-request', '/purpose');
  });

  it('gives a handle by which the same user opens the same person again, and nobody else', async () => {
    const {client} = await run([plain]);
    const first = await client.open(anna);
    assert.match(first.handle ?? '', /^p-[\w-]{22}$/);
    const again = await client.open({type: 'ref', value: first.handle});
    assert.notEqual(again.contextId, first.contextId);
    assert.deepEqual([again.handle, again.subject], [first.handle, first.subject]);
    const adopted = openedContextSchema.parse(await (await client.request(`/contexts/${again.contextId}`)).json());
    assert.equal(adopted.handle, first.handle);
    assert.notEqual((await client.open(bo)).handle, first.handle);
    const own = await client.open({type: 'user'});
    assert.deepEqual((await client.open({type: 'ref', value: own.handle})).subject, {type: 'user'});
  });

  it('is heard by a sender who reads only when all is sent, whatever was wrong with it', async () => {
    const {client} = await run([plain]);
    const {host, hostname, port} = new URL(client.base);
    const answerTo = async (path: string, type: string) => {
      const socket = connect(Number(port), hostname);
      const head = `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: ${type}\r\n`;
      const body = 'x'.repeat(30_000_000);
      await promisify<string>(socket.write.bind(socket))(`${head}content-length: ${body.length}\r\n\r\n${body}`);
      socket.end();
      return (await text(socket)).split('\r\n')[0];
    };
    const contexts = `${new URL(client.base).pathname}/contexts`;
    assert.equal(await answerTo(contexts, 'application/json'), 'HTTP/1.1 413 Payload Too Large');
    assert.equal(await answerTo(contexts, 'text/plain'), 'HTTP/1.1 415 Unsupported Media Type');
  });

  it('answers bad requests with a problem that repeats nothing of them', async () => {
    const {client} = await run([plain]);
    const {contextId} = await client.open(anna);
    const read = `/contexts/${contextId}/read`;
    const bad = await problemIn(await client.post('/contexts', `{"subject": ${anna.value}`), 400, 'invalid-request');
    assert.equal(bad.pointer, '');
    assert(!JSON.stringify(bad).includes(anna.value));
    await problemIn(await client.post('/contexts', ''), 400, 'invalid-request');
    await problemIn(await client.post('/contexts', '{"__proto__": {"a": 1}, "subject": {}}'), 400, 'invalid-request');
    await problemIn(await client.post('/contexts', '<html>'), 400, 'invalid-request');
    await problemIn(await client.post('/contexts', 'x'.repeat(10_000_000)), 413, 'too-large');
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'text/html'])
      await problemIn(await client.post('/contexts', '{}', {headers: {'content-type': type}}), 415, 'invalid-request');
    await problemIn(await client.request('/nothing'), 404, 'not-found');
    await problemIn(await client.request(`${client.base.replace('/bsp/v1', '')}/elsewhere`), 404, 'not-found');
    await problemIn(await client.request('/%E0%A4%A'), 400, 'invalid-request');
    await problemIn(await client.request(`/live`), 400, 'invalid-request');
    const reads = async (body: unknown, pointer: string) =>
      assert.equal((await problemIn(await client.post(read, body), 400, 'invalid-request')).pointer, pointer);
    await reads({}, '/reads');
    await reads({reads: []}, '/reads');
    await reads({reads: [{resource: 'cases'}, {resource: 3}]}, '/reads/1/resource');
    await reads({reads: [{resource: 'cases', source: 'nobody'}]}, '/reads/0/source');
    await reads({reads: [{resource: 'cases', cursor: 'x'}]}, '/reads/0/source');
    await reads({reads: [{resource: 'cases', source: 'kmd', cursor: 'x'}]}, '/reads/0/cursor');
  });

  it('answers what is no request of HTTP with a problem too', async () => {
    const {client, log} = await run([plain]);
    const {host, hostname, port} = new URL(client.base);
    const answerTo = async (sent: string) => {
      const socket = connect(Number(port), hostname);
      socket.write(sent);
      const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
      assert.match(head, /content-type: application\/problem\+json/);
      assert.match(head, /cache-control: no-store/);
      return [head.split('\r\n')[0], (JSON.parse(body) as {code: string}).code];
    };
    const me = `GET ${new URL(client.base).pathname}/me HTTP/1.1\r\nhost: ${host}\r\n`;
    assert.deepEqual(await answerTo(`${me}authorization: Bearer ${'x'.repeat(20_000)}\r\n\r\n`), [
      'HTTP/1.1 431 Request Header Fields Too Large',
      'too-large',
    ]);
    assert.deepEqual(await answerTo(`${me}x ${anna.value}\r\n\r\n`), ['HTTP/1.1 400 Bad Request', 'invalid-request']);
    assert(!log.join('').includes(anna.value));
  });

  it('plans no source for a resource that only has an object’s own name', async () => {
    const {client} = await run([]);
    const {contextId} = await client.open(anna);
    for (const resource of ['__proto__', 'constructor', 'toString'])
      assert.deepEqual(await client.frames(contextId, resource, resource), []);
  });

  it('sends the headers that keep answers out of caches, frames and other origins', async () => {
    const {client} = await run([plain]);
    const {contextId} = await client.open(anna);
    const stream = await client.post(`/contexts/${contextId}/read`, {reads: [{resource: 'cases'}]});
    assert.match(stream.headers.get('content-type')!, /^application\/x-ndjson/);
    assert.equal(stream.headers.get('x-accel-buffering'), 'no');
    await stream.text();
    const live = await client.live([contextId]);
    assert.match(live.response.headers.get('content-type')!, /^text\/event-stream/);
    live.close();
    for (const response of [stream, live.response, await client.request('/me'), await client.request('/nothing')]) {
      assert.equal(response.headers.get('cache-control'), 'no-store');
      assert.match(response.headers.get('content-security-policy')!, /^default-src 'none'/);
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
      assert.equal(response.headers.get('referrer-policy'), 'no-referrer');
      assert.equal(response.headers.get('access-control-allow-origin'), null);
    }
  });

  it('is deaf to other origins and other names for this machine', async () => {
    const {client} = await run([plain]);
    const url = `${client.base}/contexts`;
    const {host} = new URL(url);
    const json = {'content-type': 'application/json'};
    const body = JSON.stringify({subject: anna});
    assert.equal(await rawStatus(url, 'POST', {...json, host}, body), 201);
    assert.equal(await rawStatus(url, 'POST', {...json, host, origin: `http://${host}`}, body), 201);
    assert.equal(await rawStatus(url, 'POST', {...json, host, origin: 'https://evil.example'}, body), 403);
    assert.equal(await rawStatus(url, 'POST', {...json, host, origin: 'null'}, body), 403);
    assert.equal(await rawStatus(url, 'POST', {...json, host, 'sec-fetch-site': 'cross-site'}, body), 403);
    assert.equal(await rawStatus(url, 'POST', {...json, host: 'evil.example'}, body), 421);
    assert.equal(await rawStatus(`${client.base}/me`, 'GET', {host: 'rebound.example:80'}), 421);
    assert.equal(await rawStatus(`${client.base}/me`, 'GET', {host: 'localhost:1'}), 200);
  });

  it('listens on loopback only', async () => {
    const {gateway} = await run([plain]);
    await assert.rejects(gateway.listen({host: '0.0.0.0', port: 0}), /loopback only .* not on 0\.0\.0\.0/);
  });

  it('slows down who opens one person after another', async () => {
    const {client} = await run([plain], {contextRate: {perMinute: 1, burst: 2}});
    await client.open(anna);
    await client.open(bo);
    const response = await client.post('/contexts', {subject: anna});
    const retryAfter = Number(response.headers.get('retry-after'));
    const problem = await problemIn(response, 429, 'rate-limited');
    assert(retryAfter > 0 && retryAfter <= 60);
    assert.equal(problem.retryAfter, retryAfter);
  });

  it('gives a document’s bytes as a download that can’t run, or 404', async () => {
    const bytes = new TextEncoder().encode('<script>alert(1)</script>');
    const {client} = await run([
      plain,
      scripted('docs', {
        resources: ['cases'],
        content: (_, {id}) =>
          Promise.resolve(id === 'd 1' ? {mediaType: 'text/html', name: 'brev "æ".html', bytes} : undefined),
      }),
    ]);
    const {contextId} = await client.open(anna);
    const response = await client.request(`/contexts/${contextId}/content/docs/d%201`);
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-security-policy')!, /sandbox/);
    assert.match(response.headers.get('content-disposition')!, /^attachment; filename\*=UTF-8''brev%20%22%C3%A6/);
    assert.deepEqual(new Uint8Array(await response.arrayBuffer()), bytes);
    for (const path of ['docs/other', 'kmd/1', 'nobody/1'])
      await problemIn(await client.request(`/contexts/${contextId}/content/${path}`), 404, 'not-found');
  });
});

describe('the app', () => {
  it('lets a host add its own pages to the port', async () => {
    const gateway = await createGateway(
      loadConfig({sources: [], storage: {memory: true}, logLevel: 'silent'}, {env: {}}),
    );
    gateway.app.get('/', (_request, reply) => reply.type('text/html').send('<h1>Jobcenter</h1>'));
    const address = await gateway.listen({port: 0});
    assert.equal(await (await fetch(address)).text(), '<h1>Jobcenter</h1>');
    assert.equal((await fetch(`${address}/bsp/v1/me`)).status, 200);
    await gateway.close();
  });
});
