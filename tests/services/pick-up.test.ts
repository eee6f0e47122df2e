import assert from 'node:assert/strict';
import {after, afterEach, before, describe, it} from 'node:test';
import type {Backend, EventRecord, Notice} from '@bsp/contract';
import {httpBackend} from '@bsp/core';
import pg from 'pg';
import {GatewayProcess} from './gateway-process.js';
import {alma, cprEvent, Sender} from './messages.js';
import {eventually, freePort, postgresServer, rabbitServer, type Server} from './servers.js';

const signal = new AbortController().signal;

/** The ids of the events that a window on this person shows, in order. */
async function eventsAt(backend: Backend, contextId: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const message of backend.read(contextId, [{resource: 'events'}], {signal}))
    if (message.kind === 'frame') ids.push(...message.items.map((item) => (item as EventRecord).ref.id));
  return ids.sort();
}

const idOf = (number: number) => `0b8f7a8e-0001-4c1e-9d53-${number.toString(16).padStart(12, '0')}`;
const idsOf = (count: number) => Array.from({length: count}, (_, number) => idOf(number));

describe('messages that are fetched from a queue', () => {
  let postgres: Server;
  let rabbit: Server;
  let schemas = 0;
  const running: GatewayProcess[] = [];
  before(async () => {
    [postgres, rabbit] = await Promise.all([postgresServer(), rabbitServer()]);
  });
  after(async () => {
    await Promise.all([postgres?.remove(), rabbit?.remove()]);
  });
  afterEach(async () => {
    for (const one of running.splice(0)) await one.remove();
    const sender = await Sender.to(rabbit.url);
    await sender.empty();
    await sender.close();
  });

  async function gateway(amqp: object = {}, schema = `pick_up_${++schemas}`): Promise<GatewayProcess> {
    const one = new GatewayProcess(await freePort(), {
      storage: {url: postgres.url, schema},
      sources: [
        {id: 'post', connector: 'beskedfordeler', amqp: {url: rabbit.url, vhost: '/', queue: 'dueslag', ...amqp}},
      ],
    });
    running.push(one);
    await one.start();
    return one;
  }

  it('reach the window of their person once, live, and leave the queue', async () => {
    const sender = await Sender.to(rabbit.url);
    await sender.send(cprEvent(0));
    const {api} = await gateway();
    const backend = httpBackend(api);
    const {contextId} = await backend.openContext(alma, {signal});
    await eventually(async () => assert.deepEqual(await eventsAt(backend, contextId), idsOf(1)), 'no event');
    const stop = new AbortController();
    const notices = backend.live({contexts: [contextId], signal: stop.signal})[Symbol.asyncIterator]();
    const next = notices.next() as Promise<IteratorResult<Notice>>;
    for (const number of [1, 2, 1, 0]) await sender.send(cprEvent(number));
    assert.equal((await next).value?.kind, 'notice');
    stop.abort();
    await eventually(async () => assert.deepEqual(await eventsAt(backend, contextId), idsOf(3)), 'not three events');
    await eventually(async () => assert.equal(await sender.waiting(), 0), 'messages are left');
    await sender.close();
  });

  it('are set aside where they are none, with a reason, and keep nobody else waiting', async () => {
    const sender = await Sender.to(rabbit.url);
    const one = await gateway();
    for (const message of ['<a', `Kære ${alma.value}`, new Uint8Array([0xff]), '<a']) await sender.send(message);
    await sender.send(cprEvent(0).replace(/<k:BeskedId>.*<\/k:BeskedId>/, ''));
    await sender.send(cprEvent(0));
    const backend = httpBackend(one.api);
    const {contextId} = await backend.openContext(alma, {signal});
    await eventually(async () => assert.deepEqual(await eventsAt(backend, contextId), idsOf(1)), 'no event');
    const told = await eventually(async () => {
      const {out} = await one.run('events', 'set-aside');
      assert.equal(out.split('\n').length, 5, out);
      return out;
    }, 'they are not set aside');
    assert.match(told, / post {2}[\w-]{22} {2}missing Haendelsesbesked\/BeskedId/);
    assert.match((await one.run('check')).out, /4 messages set aside/);
    assert.ok(!`${told}${one.log}`.includes(alma.value));
    const id = / post {2}([\w-]{22}) {2}missing/.exec(told)![1]!;
    assert.equal((await one.run('events', 'show', '--id', id)).code, 2);
    const shown = await one.run('events', 'show', '--id', id, '--by', 'drift', '--reason', 'fejlsøgning');
    assert.match(shown.out, /<k:Haendelsesbesked/);
    await one.run('events', 'drop', '--id', id, '--by', 'drift', '--reason', 'sendt igen');
    assert.match((await one.run('events', 'set-aside')).err, /^3 messages/);
    assert.equal((await one.run('log', 'verify')).code, 0);
    await sender.close();
  });

  it('stay in the queue while the database is gone, and come in when it is back', async () => {
    const sender = await Sender.to(rabbit.url);
    const {api} = await gateway({prefetch: 3});
    const backend = httpBackend(api);
    await postgres.kill();
    for (let number = 0; number < 10; number++) await sender.send(cprEvent(number));
    await eventually(async () => assert.ok((await sender.waiting()) > 0), 'they were acknowledged without a database');
    await postgres.start();
    const {contextId} = await eventually(() => backend.openContext(alma, {signal}), 'the gateway does not come back');
    await eventually(async () => assert.deepEqual(await eventsAt(backend, contextId), idsOf(10)), 'not ten events');
    await eventually(async () => assert.equal(await sender.waiting(), 0), 'messages are left');
    await sender.close();
  });

  it('come in after the broker was gone, also where the gateway started without it', async () => {
    const first = await Sender.to(rabbit.url);
    await first.send(cprEvent(0));
    await first.close();
    await rabbit.kill();
    const {api} = await gateway();
    const backend = httpBackend(api);
    const {contextId} = await backend.openContext(alma, {signal});
    assert.deepEqual(await eventsAt(backend, contextId), []);
    await rabbit.start();
    await eventually(async () => assert.deepEqual(await eventsAt(backend, contextId), idsOf(1)), 'no event');
    await rabbit.kill();
    await rabbit.start();
    const second = await Sender.to(rabbit.url);
    await second.send(cprEvent(1));
    await eventually(async () => assert.deepEqual(await eventsAt(backend, contextId), idsOf(2)), 'not two events');
    await second.close();
  });

  it('are set aside when one can not be kept while others can', async () => {
    const schema = `pick_up_${++schemas}`;
    const one = await gateway({}, schema);
    const client = new pg.Client({connectionString: postgres.url});
    await client.connect();
    await client.query(`alter table ${schema}.event add check (id <> '${idOf(0)}')`);
    const sender = await Sender.to(rabbit.url);
    for (const number of [0, 1]) await sender.send(cprEvent(number));
    const backend = httpBackend(one.api);
    const {contextId} = await backend.openContext(alma, {signal});
    await eventually(
      async () => assert.match((await one.run('events', 'set-aside')).out, /could not be kept/),
      'not aside',
    );
    assert.deepEqual(await eventsAt(backend, contextId), [idOf(1)]);
    await eventually(async () => assert.equal(await sender.waiting(), 0), 'messages are left');
    await client.end();
    await sender.close();
  });

  it('are acknowledged or given back when the gateway stops', async () => {
    const sender = await Sender.to(rabbit.url);
    const schema = `pick_up_${++schemas}`;
    const one = await gateway({prefetch: 5}, schema);
    for (let number = 0; number < 40; number++) await sender.send(cprEvent(number));
    assert.equal(await one.stop(), 0);
    const other = await gateway({prefetch: 5}, schema);
    const backend = httpBackend(other.api);
    const {contextId} = await backend.openContext(alma, {signal});
    await eventually(async () => assert.deepEqual(await eventsAt(backend, contextId), idsOf(40)), 'not all events');
    assert.equal(await sender.waiting(), 0);
    await sender.close();
  });
});
