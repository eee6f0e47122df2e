import assert from 'node:assert/strict';
import {it} from 'node:test';
import type {Notice} from '@bsp/contract';
import type {Context} from './contexts.js';
import {anna, bo, type Client, gateways, onEachStorage, problemIn} from './harness.test.js';
import {liveHubOf} from './live.js';

const write = async (client: Client, contextId: string, body = 'x') => {
  const response = await client.act(contextId, 'note.create', {heading: 'H', body});
  assert.equal(response.status, 200, await response.text());
};
const about = (notice: Notice) => [notice.kind, notice.contextId];

onEachStorage('live', (storageFor) => {
  const {run} = gateways(storageFor);

  it('tells every open context of that person, and no other', async () => {
    const {client} = await run([]);
    const [first, second, other] = [await client.open(anna), await client.open(anna), await client.open(bo)];
    const live = await client.live([first.contextId, other.contextId]);
    const elsewhere = await client.live([second.contextId]);
    await write(client, other.contextId);
    await write(client, first.contextId);
    const notices = [await live.next(), await live.next()];
    assert.deepEqual(notices.map(about), [
      ['notice', other.contextId],
      ['notice', first.contextId],
    ]);
    assert.deepEqual(notices[1], {
      kind: 'notice',
      cursor: notices[1]!.cursor,
      contextId: first.contextId,
      resource: 'journal',
      source: 'bsp',
    });
    assert.deepEqual(about(await elsewhere.next()), ['notice', second.contextId]);
    live.close();
    elsewhere.close();
  });

  it('misses nothing between opening and listening, nor while it is away', async () => {
    const {client} = await run([]);
    const {contextId, cursor} = await client.open(anna);
    await write(client, contextId);
    const line = await client.live([contextId]);
    const first = await line.next();
    line.close();
    await write(client, contextId);
    await write(client, contextId);
    const resumed = await client.live([contextId], first.cursor);
    const missed = [await resumed.next(), await resumed.next()];
    await write(client, contextId);
    const then = await resumed.next();
    const cursors = [first, ...missed, then].map((notice) => Number(notice.cursor.split('.')[1]));
    assert.deepEqual(cursors, [1, 2, 3, 4]);
    assert.deepEqual([...new Set([...missed, then].map(({kind}) => kind))], ['notice']);
    resumed.close();
    const fromTheStart = await client.live([contextId], cursor);
    assert.equal((await fromTheStart.next()).cursor, first.cursor);
    fromTheStart.close();
  });

  it('hands out a burst of writers’ notices in order, each once', async () => {
    const {client} = await run([]);
    const {contextId} = await client.open(anna);
    const live = await client.live([contextId]);
    await Promise.all(Array.from({length: 20}, () => write(client, contextId)));
    const cursors: number[] = [];
    while (cursors.length < 20) cursors.push(Number((await live.next()).cursor.split('.')[1]));
    assert.deepEqual(
      cursors,
      Array.from({length: 20}, (_, index) => index + 1),
    );
    live.close();
  });

  it('resets who comes with a cursor that it does not know, or that is too old', async () => {
    const {client, gateway} = await run([]);
    const {contextId, cursor} = await client.open(anna);
    for (const unknown of ['garbage', 'other-epoch.1', cursor!.replace(/\d+$/, '99')]) {
      const live = await client.live([contextId], unknown);
      const notice = await live.next();
      assert.deepEqual([notice.kind, notice.cursor], ['reset', cursor]);
      live.close();
    }
    await write(client, contextId);
    await write(client, contextId);
    await gateway.storage.database.updateTable('notice_head').set({pruned: 2}).execute();
    await gateway.storage.database.deleteFrom('notice').execute();
    const late = await client.live([contextId], cursor);
    assert.deepEqual(about(await late.next()), ['reset', contextId]);
    await write(client, contextId);
    assert.equal((await late.next()).kind, 'notice');
    late.close();
  });

  it('resets a context that is gone beside one that is open, and stops telling a closed one', async () => {
    const {client} = await run([]);
    const [gone, open] = [await client.open(anna), await client.open(anna)];
    await client.request(`/contexts/${gone.contextId}`, {method: 'DELETE'});
    const live = await client.live([gone.contextId, open.contextId]);
    assert.deepEqual(about(await live.next()), ['reset', gone.contextId]);
    const closing = await client.open(anna);
    const both = await client.live([closing.contextId, open.contextId]);
    await client.request(`/contexts/${closing.contextId}`, {method: 'DELETE'});
    await write(client, open.contextId);
    assert.deepEqual(about(await both.next()), ['notice', open.contextId]);
    live.close();
    both.close();
    await problemIn(await client.request(`/live?context=${gone.contextId}`), 409, 'context-closed');
  });

  it('tells nothing of a context that is closed while the line is being opened', async () => {
    const {client, gateway} = await run([]);
    await client.open(anna);
    const {contextId} = await client.open(anna);
    const rows = await gateway.storage.database.selectFrom('context').selectAll().execute();
    const hub = liveHubOf(gateway.storage, gateway.app.log);
    const [closed, open] = rows
      .sort(({id}) => (id === contextId ? 1 : -1))
      .map((row) => {
        const told: Notice[] = [];
        let tell = () => {};
        const first = new Promise<void>((resolve) => {
          tell = resolve;
        });
        const send = (notice: Notice) => {
          told.push(notice);
          tell();
          return true;
        };
        const {id, tenant, cursor} = row;
        const context: Context = {
          ...{id, tenant, cursor, subject: anna, purpose: undefined, reason: undefined, breakGlass: false},
          userId: row.user_id,
          subjectIndex: row.subject_index,
          openedAt: row.opened_at,
          expiresAt: row.expires_at,
        };
        const opening = hub.open(tenant, [context], {gone: [], sink: {send, onDrain: () => {}, end: () => {}}});
        return {context, told, first, opening};
      });
    assert(closed && open);
    hub.contextClosed(closed.context.tenant, closed.context.id);
    await Promise.all([closed.opening, open.opening]);
    await write(client, contextId);
    // It was opened later, so it is told later.
    await open.first;
    assert.deepEqual(closed.told, []);
    hub.close();
  });

  it('holds nothing for a client that does not read, and loses nothing of it', async () => {
    const {client, gateway} = await run([]);
    const {contextId} = await client.open(anna);
    const context = await gateway.storage.database.selectFrom('context').selectAll().executeTakeFirstOrThrow();
    const hub = liveHubOf(gateway.storage, gateway.app.log);
    const sent: Notice[] = [];
    const sending: (() => void)[] = [];
    let drain: (() => void) | undefined;
    const sink = {
      send: (notice: Notice) => {
        sent.push(notice);
        sending.shift()?.();
        return false;
      },
      onDrain: (listener: () => void) => {
        drain = listener;
      },
      end: () => {},
    };
    const until = async (count: number) => {
      while (sent.length < count) await new Promise<void>((resolve) => sending.push(resolve));
    };
    const watched = {
      id: contextId,
      tenant: context.tenant,
      userId: context.user_id,
      subject: anna,
      subjectIndex: context.subject_index,
      purpose: undefined,
      reason: undefined,
      breakGlass: false,
      openedAt: context.opened_at,
      expiresAt: context.expires_at,
      cursor: context.cursor,
    };
    const stream = await hub.open(context.tenant, [watched], {gone: [], sink});
    const reading = await client.live([contextId]);
    for (let count = 1; count <= 3; count++) {
      await write(client, contextId);
      await reading.next();
    }
    assert.equal(sent.length, 1);
    drain!();
    await until(2);
    drain!();
    await until(3);
    assert.deepEqual(
      sent.map(({kind}) => kind),
      ['notice', 'notice', 'notice'],
    );
    // So far behind that reading everything again is less.
    const {tenant, subject_index} = context;
    const row = {tenant, subject_index, user_id: '', resource: 'journal', source: 'bsp'};
    await gateway.storage.database.transaction().execute(async (tx) => {
      await tx.updateTable('notice_head').set({cursor: 1_203}).execute();
      await tx
        .insertInto('notice')
        .values(Array.from({length: 1_200}, (_, index) => ({...row, cursor: 4 + index})))
        .execute();
    });
    drain!();
    await until(4);
    assert.deepEqual([sent[3]?.kind, sent[3]?.cursor.split('.')[1]], ['reset', '1203']);
    stream.close();
    reading.close();
  });

  it('ends its streams when it closes', async () => {
    const {client, stop} = await run([]);
    const {contextId} = await client.open(anna);
    const live = await client.live([contextId]);
    await stop();
    await assert.rejects(live.next(), /ended|terminated/);
  });
});

onEachStorage('live between processes', (storageFor) => {
  const {run} = gateways(storageFor);

  it('tells at one what was written at another, and resumes anywhere', async () => {
    const [one, other] = [await run([]), await run([])];
    const {contextId} = await one.client.open(anna);
    const live = await other.client.live([contextId]);
    await write(one.client, contextId);
    const first = await live.next();
    assert.deepEqual(about(first), ['notice', contextId]);
    await other.stop();
    await write(one.client, contextId);
    const third = await run([]);
    const resumed = await third.client.live([contextId], first.cursor);
    assert.deepEqual(about(await resumed.next()), ['notice', contextId]);
    resumed.close();
  });

  it('keeps cursors in commit order when several processes write', async () => {
    const [one, other] = [await run([]), await run([])];
    const {contextId} = await one.client.open(anna);
    const live = await one.client.live([contextId]);
    await Promise.all(Array.from({length: 30}, (_, index) => write((index % 2 ? one : other).client, contextId)));
    const cursors: number[] = [];
    while (cursors.length < 30) cursors.push(Number((await live.next()).cursor.split('.')[1]));
    assert.deepEqual(
      cursors,
      Array.from({length: 30}, (_, index) => index + 1),
    );
    live.close();
  });

  it('tells seen marks to the same user only', async () => {
    const karla = await run([], {demoUser: {id: 'karla', name: 'Karla'}});
    const knud = await run([], {demoUser: {id: 'knud', name: 'Knud'}});
    const [hers, his] = [await karla.client.open(anna), await knud.client.open(anna)];
    const live = await knud.client.live([his.contextId]);
    const {database} = karla.gateway.storage;
    await database.updateTable('notice_head').set({cursor: 1}).execute();
    const {subject_index} = await database.selectFrom('context').select('subject_index').executeTakeFirstOrThrow();
    await database
      .insertInto('notice')
      .values({tenant: 'demo', cursor: 1, subject_index, user_id: 'karla', resource: 'events', source: 'x'})
      .execute();
    await write(karla.client, hers.contextId);
    assert.equal(((await live.next()) as {resource: string}).resource, 'journal');
    live.close();
  });
});
