// The database is gone for a while, or has no room left: nothing is shown, nothing is lost, and all goes on afterwards.
import assert from 'node:assert/strict';
import {type AddressInfo, connect, createServer, type Server, type Socket} from 'node:net';
import {after, describe, it} from 'node:test';
import {sql} from 'kysely';
import pg from 'pg';
import {
  anna,
  type Client,
  caseOf,
  gateways,
  numbers,
  onEachStorage,
  postgresAway,
  postgresStorage,
  postgresUrl,
  problemIn,
  type Started,
  scripted,
  start,
  type TestStorage,
} from '../harness.test.js';
import {quiet} from '../quiet-log.test.js';
import {answeringSocket, listenLine} from './postgres-lines.js';

/** A source that counts how often it was asked. */
function countingSource() {
  const asked = {times: 0};
  const source = scripted('cases', {
    async *read({subject}) {
      asked.times++;
      yield {about: subject, items: [caseOf('c1')]};
    },
  });
  return {source, asked};
}
const readCases = (client: Client, contextId: string) =>
  client.post(`/contexts/${contextId}/read`, {reads: [{resource: 'cases'}]});

/** Refused with a time to come again, and nothing that tells whom it was about. */
async function unavailable(response: Response): Promise<void> {
  assert(Number(response.headers.get('retry-after')) > 0);
  const text = JSON.stringify(await problemIn(response, 503, 'unavailable'));
  for (const secret of [...numbers, 'c1']) assert(!text.includes(secret));
}
const countOf = async ({gateway}: Started, table: 'lookup_log' | 'note') =>
  Number(
    (
      await gateway.storage.database
        .selectFrom(table)
        .select(({fn}) => fn.countAll().as('count'))
        .executeTakeFirstOrThrow()
    ).count,
  );

/** The line to the database, which can be cut, and whose connections can be dropped on their way without a word. */
async function line(): Promise<{url: string; cut(): Promise<void>; mend(): Promise<void>; drop(): void}> {
  const target = new URL(postgresUrl);
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  };
  let server: Server;
  let port = 0;
  const mend = async () => {
    server = createServer((near) => {
      const far = connect(Number(target.port || 5432), target.hostname);
      for (const socket of [near, far]) keep(socket);
      near.pipe(far).pipe(near);
      near.on('close', () => far.destroy());
      far.on('close', () => near.destroy());
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    ({port} = server.address() as AddressInfo);
  };
  const cut = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  const drop = () => {
    for (const socket of sockets) socket.unpipe().on('data', () => {});
  };
  await mend();
  after(() => cut());
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = `${port}`;
  return {url: url.href, cut, mend, drop};
}

describe('a database that is away', {skip: postgresAway}, () => {
  let cable: Awaited<ReturnType<typeof line>>;
  const {run} = gateways((): TestStorage => {
    const own = postgresStorage();
    return {...own, storage: {...own.storage, url: cable.url}};
  });

  it('shows nothing, asks no source, leaks nothing, and all goes on when it is back', async () => {
    cable = await line();
    const {source, asked} = countingSource();
    const started = await run([source]);
    const {client, log} = started;
    const {contextId, cursor} = await client.open(anna);
    assert.match(await (await readCases(client, contextId)).text(), /"c1"/);
    const live = await client.live([contextId]);
    const rows = await countOf(started, 'lookup_log');
    await cable.cut();
    const note = {heading: 'H', body: 'Kun én gang'};
    await unavailable(await readCases(client, contextId));
    await unavailable(await client.post('/contexts', {subject: anna}));
    await unavailable(await client.act(contextId, 'note.create', note, 'the-same-key'));
    await unavailable(await client.request(`/live?context=${contextId}`));
    assert.equal(asked.times, 1);
    for (const number of numbers) assert(!log.join('').includes(number));

    await cable.mend();
    const again = await client.act(contextId, 'note.create', note, 'the-same-key');
    assert.equal(again.status, 200, await again.clone().text());
    assert.match(await (await readCases(client, contextId)).text(), /"c1"/);
    assert.equal(asked.times, 2);
    assert.equal(await countOf(started, 'lookup_log'), 2 * rows, 'a row for every read that was answered');
    assert.equal(await countOf(started, 'note'), 1);
    // Whether or not its line outlived the cut, a window hears of what happened.
    const heard = await Promise.race([live.next(), client.live([contextId], cursor).then((resumed) => resumed.next())]);
    assert.deepEqual([heard.kind, heard.contextId], ['notice', contextId]);
    live.close();
  });
});

describe('a database that says nothing any more', {skip: postgresAway}, () => {
  it('keeps no gateway that ends', {timeout: 60_000}, async () => {
    const cable = await line();
    const own = postgresStorage();
    const storage = {...own, storage: {...own.storage, url: cable.url}};
    const {client, stop} = await start([countingSource().source], {storage, operations: {closeSeconds: 1}});
    const {contextId} = await client.open(anna);
    const live = await client.live([contextId]);
    cable.drop();
    // A read, too, waits for it.
    const read = readCases(client, contextId).catch(() => undefined);
    const began = performance.now();
    await stop();
    assert(performance.now() - began < 10_000);
    await read;
    live.close();
    await own.tidy();
  });
});

onEachStorage('a database without room', (storageFor) => {
  const {run} = gateways(storageFor);
  /** What PostgreSQL says when its disk is full, for every row of a table that a condition holds for. */
  const fill = async ({gateway}: Started, table: string, condition: string) => {
    const {database} = gateway.storage;
    await sql`create function no_room() returns trigger language plpgsql as $$ begin raise exception 'No space left on device' using errcode = '53100'; end $$`.execute(
      database,
    );
    await sql`create trigger no_room before insert on ${sql.table(table)} for each row when (${sql.raw(condition)}) execute function no_room()`.execute(
      database,
    );
    return async () => {
      await sql`drop function no_room() cascade`.execute(database);
    };
  };

  it('shows nothing that it can not write into the log', async () => {
    const {source, asked} = countingSource();
    const started = await run([source]);
    const {client} = started;
    const {contextId} = await client.open(anna);
    const empty = await fill(started, 'lookup_log', 'true');
    await unavailable(await readCases(client, contextId));
    assert.equal(asked.times, 0);
    await empty();
    assert.match(await (await readCases(client, contextId)).text(), /"c1".*"kind":"end"/s);
  });

  it('keeps a note when there is room again, once', async () => {
    const started = await run([]);
    const {client} = started;
    const {contextId} = await client.open(anna);
    const note = {heading: 'H', body: 'x'};
    const empty = await fill(started, 'notice', 'true');
    await unavailable(await client.act(contextId, 'note.create', note, 'the-same-key'));
    assert.equal(await countOf(started, 'note'), 0);
    await empty();
    for (let time = 0; time < 2; time++)
      assert.equal((await client.act(contextId, 'note.create', note, 'the-same-key')).status, 200);
    assert.equal(await countOf(started, 'note'), 1);
  });
});

describe('a connection to the database', {skip: postgresAway}, () => {
  it('breaks where nobody answers on it any more', async () => {
    const cable = await line();
    const client = new pg.Client({connectionString: cable.url, stream: () => answeringSocket(1_000)});
    client.on('error', () => {});
    await client.connect();
    await client.query('select 1');
    cable.drop();
    await assert.rejects(client.query('select 1'));
  });
});

describe('the line for wakes', {skip: postgresAway}, () => {
  it('is made again where it was dropped on its way without a word, and ends when it is told to', async () => {
    const cable = await line();
    const heard: (string | undefined)[] = [];
    const waiting: (() => void)[] = [];
    const hear = (tenant: string | undefined): void => {
      heard.push(tenant);
      waiting.shift()?.();
    };
    const until = async (wanted: string | undefined) => {
      while (!heard.includes(wanted)) await new Promise<void>((resolve) => waiting.push(resolve));
    };
    const direct = new pg.Client({connectionString: postgresUrl});
    await direct.connect();
    const listening = await listenLine({connectionString: cable.url}, 'bsp_wake_line', hear, quiet, 1_000);
    await direct.query(`notify bsp_wake_line, 'a'`);
    await until('a');
    cable.drop();
    await direct.query(`notify bsp_wake_line, 'lost'`);
    // Whatever was missed is looked for.
    await until(undefined);
    await direct.query(`notify bsp_wake_line, 'b'`);
    await until('b');
    assert(!heard.includes('lost'));
    await listening.close();
    await direct.end();
  });
});
