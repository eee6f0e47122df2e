import assert from 'node:assert/strict';
import {it} from 'node:test';
import type {EventRecord} from '@bsp/contract';
import type {Connector, IncomingEvent, Intake, MessageIds, SentDocument} from '@bsp/sources';
import {anna, bo, type Client, deferred, gateways, onEachStorage, problemIn, scripted} from './harness.test.js';
import {demoIdentity} from './identity.js';

/** An intake that takes events as JSON; an empty body is bad input. */
const intake: Intake = {
  path: '/push',
  maxBytes: 100_000,
  async handle(body, keep) {
    if (body.length > this.maxBytes)
      return {status: 413, mediaType: 'text/x-answer', body: 'large', outcome: 'refused'};
    const text = new TextDecoder().decode(body);
    if (text === '') return {status: 400, mediaType: 'text/x-answer', body: 'bad', outcome: 'refused'};
    const kept = await keep(JSON.parse(text) as IncomingEvent);
    return {status: 200, mediaType: 'text/x-answer', body: kept, outcome: kept};
  },
};
const pushing = scripted('post', {resources: [], intake});
const message = {messageId: 'message-1'};
const event = (more: Partial<IncomingEvent>): IncomingEvent => ({
  id: 'b1',
  type: 'digital-post.failed',
  title: 'Brevet kom ikke frem',
  occurredAt: '2026-11-19T10:00:00+01:00',
  ...more,
});
const document: SentDocument = {
  subject: anna,
  ref: {source: '', id: 'd1'},
  title: 'Afgørelse',
  case: {ref: {source: '', id: 'c1'}, title: 'Sag'},
};
const knowing = (find: Connector['findSentDocument']) => ({resources: ['cases'], findSentDocument: find!});

onEachStorage('events', (storageFor) => {
  const {run} = gateways(storageFor);
  const push = async (client: Client, body: IncomingEvent | string, type = 'application/xml') => {
    const url = client.base.replace('/bsp/v1', '/push');
    const headers = {'content-type': type};
    return client.request(url, {
      method: 'POST',
      headers,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  };
  const answer = async (client: Client, body: IncomingEvent) => (await push(client, body)).text();
  const eventsOf = async (client: Client, subject: object) =>
    client.items<EventRecord>((await client.open(subject)).contextId, 'events');

  it('shows an event once per id, to its person, live', async () => {
    const {client} = await run([pushing]);
    const {contextId} = await client.open(anna);
    const live = await client.live([contextId]);
    assert.equal(await answer(client, event({subject: anna})), 'kept');
    assert.equal(await answer(client, event({subject: anna})), 'duplicate');
    const twice = await Promise.all([1, 2].map(() => answer(client, event({id: 'b2', subject: anna}))));
    assert.deepEqual(twice.sort(), ['duplicate', 'kept']);
    assert.deepEqual((await live.next()).kind, 'notice');
    live.close();
    const shown = await client.items<EventRecord>(contextId, 'events');
    assert.deepEqual(shown.map(({ref}) => ref.id).sort(), ['b1', 'b2']);
    assert.deepEqual(shown[0]?.occurredAt, '2026-11-19T09:00:00.000Z');
    assert.equal(shown[0]?.ref.source, 'post');
    assert.deepEqual(await eventsOf(client, bo), []);
    const marked = await client.act(contextId, 'event.acknowledge', {events: [shown[0]!.ref]});
    assert.equal(marked.status, 200);
  });

  it('answers bad input in the sender’s format, and takes no more than it says', async () => {
    const {client} = await run([pushing]);
    const told = async (body: string) => {
      const response = await push(client, body);
      return [response.status, response.headers.get('content-type'), await response.text()];
    };
    assert.deepEqual(await told(''), [400, 'text/x-answer', 'bad']);
    assert.deepEqual(await told('x'.repeat(10_000_000)), [413, 'text/x-answer', 'large']);
    assert.equal((await push(client, event({subject: anna}), 'text/plain')).status, 200);
  });

  it('takes messages only from who knows the secret of the source, where it has one', async () => {
    process.env.BSP_TEST_PUSH = 'a-secret-of-24-characters';
    const {client, gateway, log} = await run([
      scripted('post', {resources: [], intake}, {push: {secret: {env: 'BSP_TEST_PUSH'}}}),
    ]);
    const url = client.base.replace('/bsp/v1', '/push');
    const sent = (authorization?: string) =>
      client.request(url, {
        method: 'POST',
        headers: authorization === undefined ? {} : {authorization},
        body: JSON.stringify(event({subject: anna})),
      });
    for (const wrong of [undefined, '', 'Bearer', 'Bearer a-secret-of-24-character', 'Basic a-secret-of-24-characters'])
      await problemIn(await sent(wrong), 401, 'unauthorized');
    assert.deepEqual(await eventsOf(client, anna), []);
    assert.equal((await sent('Bearer a-secret-of-24-characters')).status, 200);
    assert.equal((await eventsOf(client, anna)).length, 1);
    assert.ok(!log.join('').includes('a-secret'));
    await assert.rejects(gateway.listen({host: '0.0.0.0'}), /Without authentication/);
    process.env.BSP_TEST_PUSH = 'short';
    await assert.rejects(
      run([scripted('post', {resources: [], intake}, {push: {secret: {env: 'BSP_TEST_PUSH'}}})]),
      /sources\[0\]\.push\.secret\.env: the environment variable BSP_TEST_PUSH must hold 16 characters/,
    );
    delete process.env.BSP_TEST_PUSH;
  });

  it('joins a post status to the document that was sent', async () => {
    const asked: MessageIds[] = [];
    const {client} = await run([
      pushing,
      scripted(
        'esdh',
        knowing((ids) => {
          asked.push(ids);
          return Promise.resolve(document);
        }),
      ),
      scripted(
        'ignorant',
        knowing(() => Promise.resolve(undefined)),
      ),
      scripted(
        'broken',
        knowing(() => Promise.reject(new Error('down'))),
      ),
    ]);
    assert.equal(await answer(client, event({message})), 'kept');
    assert.deepEqual(asked, [message]);
    const [shown] = await eventsOf(client, anna);
    assert.deepEqual(shown?.about, {
      kind: 'document',
      ref: {source: 'esdh', id: 'd1'},
      title: 'Afgørelse',
      case: {ref: {source: 'esdh', id: 'c1'}, title: 'Sag'},
    });
    assert(!JSON.stringify(shown).includes('message-1'));
  });

  it('keeps what nobody knows yet, and joins it after a restart', async () => {
    const first = await run([
      pushing,
      scripted(
        'esdh',
        knowing(() => Promise.resolve(undefined)),
      ),
    ]);
    assert.equal(await answer(first.client, event({message})), 'kept');
    assert.equal(await answer(first.client, event({message})), 'duplicate');
    assert.deepEqual(await eventsOf(first.client, anna), []);
    await first.stop();
    const joined = deferred();
    const later = await run([
      pushing,
      scripted(
        'esdh',
        knowing(async () => {
          await joined.promise;
          return document;
        }),
      ),
    ]);
    const {contextId} = await later.client.open(anna);
    const live = await later.client.live([contextId]);
    joined.resolve();
    assert.equal(((await live.next()) as {resource: string}).resource, 'events');
    live.close();
    assert.equal((await later.client.items(contextId, 'events')).length, 1);
  });

  it('joins nothing when two sources name different persons', async () => {
    const {client, log} = await run([
      pushing,
      scripted(
        'one',
        knowing(() => Promise.resolve(document)),
      ),
      scripted(
        'two',
        knowing(() => Promise.resolve({...document, subject: bo})),
      ),
    ]);
    assert.equal(await answer(client, event({message})), 'kept');
    assert.deepEqual(await eventsOf(client, anna), []);
    assert.deepEqual(await eventsOf(client, bo), []);
    assert.match(log.join(''), /two sources name different persons/);
  });

  it('shows nothing of an existence-only source’s document', async () => {
    const existence = {unit: 'Familieafdelingen'};
    const {client} = await run([
      pushing,
      scripted(
        'dubu',
        knowing(() => Promise.resolve(document)),
        {existence},
      ),
    ]);
    await answer(client, event({message}));
    const [shown] = await eventsOf(client, anna);
    assert.equal(shown?.ref.id, 'b1');
    assert.equal(shown?.about, undefined);
  });

  it('takes what a source fetches, sets aside what is none, and begins again where fetching breaks off', async () => {
    let times = 0;
    let ended = false;
    const fetched = deferred();
    const fetching = scripted('queue', {
      resources: [],
      async pickUp({keep, setAside, signal}) {
        assert.equal(await keep(event({id: `b${++times}`, subject: anna})), 'kept');
        const body = new TextEncoder().encode(`<ikke ${anna.value}`);
        await setAside({body, reason: 'xml malformed'});
        await setAside({body, reason: 'xml malformed'});
        if (times === 1) throw new Error(`no more of ${anna.value}`);
        fetched.resolve();
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        ended = true;
      },
    });
    const {client, gateway, log, stop} = await run([fetching]);
    await fetched.promise;
    assert.deepEqual((await eventsOf(client, anna)).map(({ref}) => ref.id).sort(), ['b1', 'b2']);
    const rows = await gateway.storage.database.selectFrom('message_aside').selectAll().execute();
    assert.deepEqual(
      rows.map(({source, reason}) => [source, reason]),
      [['queue', 'xml malformed']],
    );
    assert.match(log.join(''), /fetching messages broke off/);
    assert.ok(!(JSON.stringify(rows) + log.join('')).includes(anna.value));
    await stop();
    assert.ok(ended);
  });

  it('takes the same messages at two replicas in opposite order', async () => {
    const replicas = [await run([pushing]), await run([pushing])] as const;
    const events = Array.from({length: 150}, (_, number) => event({id: `same-${number}`, subject: anna}));
    const keepAll = ({gateway}: (typeof replicas)[number], given: readonly IncomingEvent[]) =>
      Promise.all(given.map((one) => gateway.rooms[0]!.events.keep('demo', 'post', one)));
    const outcomes = await Promise.all([keepAll(replicas[0], events), keepAll(replicas[1], events.toReversed())]);
    assert.equal(outcomes.flat().filter((outcome) => outcome === 'kept').length, events.length);
    assert.equal((await eventsOf(replicas[0].client, anna)).length, events.length);
  });

  it('finds the marks of one person’s events whatever the ids of another’s hold', async () => {
    const {client, gateway} = await run([pushing]);
    const {contexts, events, config} = gateway.rooms[0]!;
    const identity = demoIdentity(config);
    const marked = async (person: object, id: string) => {
      const context = await contexts.find(identity, (await client.open(person)).contextId);
      return () => events.marked(identity, context, 'post', [{ref: {source: 'post', id}}], []);
    };
    const asks = [await marked(anna, 'b1'), await marked(bo, 'b\0'), await marked(anna, 'b2')];
    const answers = await Promise.allSettled(asks.map((ask) => ask()));
    assert.deepEqual(
      answers.map(({status}) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
  });

  it('answers nothing but an error when the event can’t be kept', async () => {
    const {client, gateway} = await run([pushing]);
    await gateway.storage.database.schema.alterTable('event').renameTo('event_away').execute();
    await problemIn(await push(client, event({subject: anna})), 500, 'internal');
    await gateway.storage.database.schema.alterTable('event_away').renameTo('event').execute();
    assert.equal(await answer(client, event({subject: anna})), 'kept');
  });
});
