import assert from 'node:assert/strict';
import {it} from 'node:test';
import type {EventRecord, Subject} from '@bsp/contract';
import type {IncomingEvent} from '@bsp/sources';
import {sql} from 'kysely';
import {aliasesOf, mintedNothing} from './aliases.js';
import {anna, bo, type Client, gateways, onEachStorage, scripted} from './harness.test.js';
import {demoIdentity} from './identity.js';
import {quiet} from './quiet-log.test.js';
import {dropOutlived} from './retention.js';

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
const intake = {path: '/push', maxBytes: 1_000, handle: () => Promise.reject(new Error('never'))};
const event = (id: string): IncomingEvent => ({
  id,
  type: 'x',
  title: `Besked ${id}`,
  occurredAt: '2026-11-19T10:00:00+01:00',
  subject: anna,
});

onEachStorage('what a tenant keeps for so many days', (storageFor) => {
  const {run} = gateways(storageFor);
  const running = async (config: Record<string, unknown>) => {
    const started = await run([scripted('post', {resources: [], intake})], config);
    const [rooms] = started.gateway.rooms;
    assert(rooms);
    const {storage, config: own, events} = rooms;
    const keep = (id: string) => events.keep('demo', 'post', event(id));
    const drop = (now: Date) => dropOutlived(storage, own, quiet, now);
    return {...started, storage, keep, drop, identity: demoIdentity(own)};
  };
  const titles = async (client: Client) =>
    (await client.items<EventRecord>((await client.open(anna)).contextId, 'events')).map(({title}) => title).sort();

  it('is dropped then, with its marks, and nothing before', async () => {
    const {client, storage, keep, drop} = await running({retention: {eventDays: 30, draftDays: 10}});
    for (const id of ['1', '2']) await keep(id);
    const {contextId} = await client.open(anna);
    const save = await client.act(contextId, 'draft.save', {window: 'journal', content: {body: 'Halvt skrevet'}});
    assert.equal(save.status, 200);
    await client.act(contextId, 'event.done', {events: [{source: 'post', id: '1'}]});
    assert.deepEqual(await drop(inDays(9.9)), {events: 0, drafts: 0, handles: 0});
    assert.equal((await client.items(contextId, 'drafts')).length, 1);
    assert.deepEqual(await drop(inDays(10.1)), {events: 0, drafts: 1, handles: 0});
    assert.equal((await client.items(contextId, 'drafts')).length, 0);
    assert.deepEqual(await drop(inDays(29.9)), {events: 0, drafts: 0, handles: 0});
    // Another tenant's, of the same age, source and id, is not this one's to drop.
    await sql`insert into event select 'other', source, id, subject_index, occurred_at, received_at, join_tried_at, content_sealed
      from event`.execute(storage.database);
    assert.deepEqual(await drop(inDays(30.1)), {events: 2, drafts: 0, handles: 0});
    assert.deepEqual(await titles(client), []);
    const marks = await storage.database.selectFrom('event_mark').select('event_id').execute();
    assert.deepEqual(marks, []);
    const others = await storage.database.selectFrom('event').select('tenant').execute();
    assert.deepEqual(
      others.map(({tenant}) => tenant),
      ['other', 'other'],
    );
    // Sent once more it is new, and nobody has done anything about it.
    assert.equal(await keep('1'), 'kept');
    assert.deepEqual(await titles(client), ['Besked 1']);
  });

  it('stays without end where the configuration names no days', async () => {
    const {client, keep, drop} = await running({});
    await keep('1');
    assert.deepEqual(await drop(inDays(36_500)), {events: 0, drafts: 0, handles: 0});
    assert.deepEqual(await titles(client), ['Besked 1']);
  });

  it('is a handle, so many days after it was last given out, and not while it is in use', async () => {
    const {storage, drop, identity} = await running({retention: {handleDays: 30}});
    let day = 0;
    const aliases = aliasesOf(storage, () => inDays(day));
    const give = async (subject: Subject) => {
      const minted = mintedNothing();
      const handle = aliases.handleOf(identity, subject, minted);
      await aliases.keep(identity, minted);
      return handle;
    };
    const left = await give(anna);
    const used = await give(bo);
    for (day = 5; day <= 60; day += 5) {
      await give(bo);
      await drop(inDays(day));
      // A week more at most, for it is not written down each day.
      if (day < 30) assert(await aliases.subjectOf(identity, left), `gone after ${day} days`);
      if (day > 40) assert.equal(await aliases.subjectOf(identity, left), undefined);
      assert.deepEqual(await aliases.subjectOf(identity, used), bo);
    }
    // Given out anew it means the same person again.
    assert.equal(await give(anna), left);
    assert.deepEqual(await aliases.subjectOf(identity, left), anna);
  });

  it('goes in portions, all of it', async () => {
    const {storage, keep, drop} = await running({retention: {eventDays: 1}});
    await keep('0');
    await sql`insert into event select tenant, source, 'n' || one, subject_index, occurred_at, received_at, join_tried_at, content_sealed
      from event, generate_series(1, 12000) one`.execute(storage.database);
    assert.deepEqual(await drop(inDays(2)), {events: 12_001, drafts: 0, handles: 0});
  });
});
