import assert from 'node:assert/strict';
import {once} from 'node:events';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import {type AddressInfo, connect, type Socket} from 'node:net';
import {after, describe, it} from 'node:test';
import {ProblemError} from '@bsp/contract';
import {authFor, korsbaek, startIssuer} from '../auth/issuer-harness.test.js';
import {
  anna,
  answering,
  type Client,
  caseOf,
  deferred,
  gateways,
  memoryStorage,
  problemIn,
  type Started,
  scripted,
} from '../harness.test.js';
import type {Log} from '../log.js';
import {Lateness, Overload} from './overload.js';

const lookups = (gateway: Started['gateway']) =>
  gateway.storage.database
    .selectFrom('lookup_log')
    .select(({fn}) => fn.countAll().as('count'))
    .executeTakeFirstOrThrow()
    .then(({count}) => Number(count));

/** Refused with a time after which it makes sense to come again. */
async function refused(response: Response, status: 429 | 503): Promise<void> {
  const wait = Number(response.headers.get('retry-after'));
  const problem = await problemIn(response, status, status === 429 ? 'rate-limited' : 'unavailable');
  assert(Number.isInteger(wait) && wait >= 1 && wait <= 60, `${wait}`);
  assert.equal(problem.retryAfter, wait);
}

/** A source that answers when it is told to. */
function waitingSource(id = 'waiting') {
  const go = deferred();
  const source = scripted(id, {
    async *read({subject}) {
      await go.promise;
      yield {about: subject, items: [caseOf('late')]};
    },
  });
  return {source, go};
}

const readCases = (client: Client, contextId: string) =>
  client.post(`/contexts/${contextId}/read`, {reads: [{resource: 'cases'}]});

describe('how late a process is', () => {
  it('grows with every late look, not with a single pause, and goes by', () => {
    const lateness = new Lateness(0);
    let now = 0;
    const looks = (times: number, lateMs: number) => {
      for (let time = 0; time < times; time++) {
        now += 500 + lateMs;
        lateness.look(now);
      }
    };
    looks(10, 0);
    assert.equal(lateness.ms, 0);
    looks(1, 900);
    assert(lateness.ms < 301, `${lateness.ms}`);
    looks(10, 900);
    assert(lateness.ms > 850, `${lateness.ms}`);
    looks(10, 0);
    assert(lateness.ms < 50, `${lateness.ms}`);
  });

  it('keeps new work out, and lets go of none', () => {
    const told: string[] = [];
    const tell = (_: object | string, message = '') => void told.push(message);
    const log: Log = {debug: tell, info: tell, warn: tell, error: tell};
    const lateness = new Lateness(0);
    const limits = {reads: 4, readsPerUser: 9, streams: 9, streamsPerUser: 9, lateMs: 100, stallSeconds: 60};
    const overload = new Overload(limits, 2, log, lateness);
    const leave = overload.read('a', 'u');
    lateness.look(10_000);
    for (const ask of [() => overload.admit(), () => overload.read('a', 'u'), () => overload.stream('u')])
      assert.throws(ask, (thrown) => thrown instanceof ProblemError && thrown.problem.status === 503);
    assert.equal(told.length, 1, 'one line for all of them');
    for (let now = 10_500; now < 20_000; now += 500) lateness.look(now);
    overload.admit();
    // A tenant holds half of the reads at most; what is given back twice is given back once.
    const other = overload.read('a', 'u');
    assert.throws(() => overload.read('a', 'u'), ProblemError);
    overload.read('b', 'u');
    leave();
    leave();
    overload.read('a', 'u');
    assert.throws(() => overload.read('a', 'u'), ProblemError);
    other();
    overload.read('a', 'u');
  });
});

describe('too much at a time', () => {
  const {run} = gateways(memoryStorage);

  it('is refused before it is looked up, and taken again when there is room', async () => {
    const {source, go} = waitingSource();
    const {client, gateway} = await run([source], {limits: {reads: 1, lateMs: 60_000}});
    const {contextId} = await client.open(anna);
    const first = client.stream(contextId, [{resource: 'cases'}]);
    await first.next();
    const rows = await lookups(gateway);
    await refused(await readCases(client, contextId), 503);
    await refused(await client.request(`/contexts/${contextId}/content/waiting/1`), 503);
    assert.equal(await lookups(gateway), rows);
    // What writes is not refused for what is read.
    assert.equal((await client.act(contextId, 'note.create', {heading: 'H', body: 'x'})).status, 200);
    go.resolve();
    for await (const _ of first);
    let again = await readCases(client, contextId);
    while (again.status === 503) again = await readCases(client, contextId);
    assert.match(await again.text(), /"kind":"end"/);
  });

  it('is let go of when the client goes away', async () => {
    const {source} = waitingSource();
    const {client} = await run([source], {limits: {reads: 1, lateMs: 60_000}});
    const {contextId} = await client.open(anna);
    for (let time = 0; time < 3; time++) {
      const leave = new AbortController();
      let response: Response;
      do
        response = await client.post(
          `/contexts/${contextId}/read`,
          {reads: [{resource: 'cases'}]},
          {signal: leave.signal},
        );
      while (response.status === 503);
      leave.abort();
    }
  });

  it('is let go of when the client has gone before it was known who asks', async () => {
    const issuer = await startIssuer();
    const [asked, go] = [deferred(), deferred()];
    // An issuer whose keys take a while to come.
    const keys = createServer((_request, response) => {
      asked.resolve();
      void go.promise.then(async () => response.end(await (await fetch(`${issuer.url}/keys`)).text()));
    });
    await once(keys.listen(0, '127.0.0.1'), 'listening');
    after(() => keys.close());
    const jwksUri = `http://127.0.0.1:${(keys.address() as AddressInfo).port}/`;
    const {gateway, client: anybody} = await run([scripted('cases', answering('cases', []))], {
      ...{auth: authFor(issuer, {jwksUri}), tenant: korsbaek},
      limits: {streamsPerUser: 1, readsPerUser: 1, lateMs: 60_000},
    });
    const client = anybody.as(await issuer.token());
    for (const path of ['/live?context=x', '/contexts/x/content/cases/1']) {
      const leave = new AbortController();
      const [arrived, gone] = [deferred(), deferred()];
      gateway.app.server.on('request', ({url}: IncomingMessage, response: ServerResponse) => {
        if (!url?.endsWith(path)) return;
        arrived.resolve();
        response.once('close', gone.resolve);
      });
      const answer = client.request(path, {signal: leave.signal}).catch(() => 'left');
      await Promise.all([arrived.promise, asked.promise]);
      leave.abort();
      assert.equal(await answer, 'left');
      await gone.promise;
    }
    go.resolve();
    const {contextId} = await client.open(anna);
    assert.equal((await client.request(`/contexts/${contextId}/content/cases/1`)).status, 404);
    (await client.live([contextId])).close();
  });

  it('is one user’s own affair: 429 for who asks too much, and streams for the others', async () => {
    const issuer = await startIssuer();
    const {gateway, client: anybody} = await run([scripted('cases', answering('cases', []))], {
      ...{auth: authFor(issuer), tenant: korsbaek, requestRate: {perMinute: 1, burst: 3}},
      limits: {streamsPerUser: 1, streams: 2, lateMs: 60_000},
    });
    const as = async (sub: string) => anybody.as(await issuer.token({sub}));
    const [karla, knud, kaja] = [await as('karla'), await as('knud'), await as('kaja')];
    const hers = await karla.open(anna);
    const line = await karla.live([hers.contextId]);
    await refused(await karla.request(`/live?context=${hers.contextId}`), 429);
    const his = await knud.open(anna);
    const other = await knud.live([his.contextId]);
    const third = await kaja.open(anna);
    await refused(await kaja.request(`/live?context=${third.contextId}`), 503);
    const rows = await lookups(gateway);
    assert.equal((await readCases(karla, hers.contextId)).status, 200);
    await refused(await readCases(karla, hers.contextId), 429);
    assert.equal((await readCases(knud, his.contextId)).status, 200);
    assert((await lookups(gateway)) >= rows + 2);
    line.close();
    other.close();
  });

  it('leaves hands for the others, however many reads one user begins', async () => {
    const {source, go} = waitingSource();
    const issuer = await startIssuer();
    const {gateway, client: anybody} = await run([source], {
      auth: authFor(issuer),
      tenant: korsbaek,
      limits: {reads: 3, readsPerUser: 2, lateMs: 60_000},
    });
    const [karla, knud] = [
      anybody.as(await issuer.token({sub: 'karla'})),
      anybody.as(await issuer.token({sub: 'knud'})),
    ];
    const hers = await karla.open(anna);
    const his = await knud.open(anna);
    const reads = [await readCases(karla, hers.contextId), await readCases(karla, hers.contextId)];
    const rows = await lookups(gateway);
    await refused(await readCases(karla, hers.contextId), 429);
    await refused(await karla.request(`/contexts/${hers.contextId}/content/waiting/1`), 429);
    assert.equal(await lookups(gateway), rows);
    const read = await readCases(knud, his.contextId);
    assert.equal(read.status, 200);
    go.resolve();
    for (const one of [...reads, read]) assert.match(await one.text(), /"kind":"end"/);
  });

  it('waits for a source in a queue that ends somewhere', async () => {
    const {source, go} = waitingSource();
    const {client} = await run([
      {...source, concurrency: 1, queue: 1},
      scripted('here', answering('cases', [caseOf('h')])),
    ]);
    const {contextId} = await client.open(anna);
    const streams = [0, 1].map(() => client.stream(contextId, [{resource: 'cases'}]));
    for (const stream of streams) {
      await stream.next();
      assert.equal(((await stream.next()).value as {source: {id: string}}).source.id, 'here');
    }
    const frames = await client.frames(contextId, 'cases');
    assert.deepEqual(frames.map(({source: {id}, status, items}) => [id, status, items.length]).sort(), [
      ['here', 'ok', 1],
      ['waiting', 'unavailable', 0],
    ]);
    go.resolve();
    for (const stream of streams) {
      const {value} = await stream.next();
      assert(value?.kind === 'frame' && value.status === 'ok');
    }
  });
});

describe('a client that does not read', () => {
  const {run} = gateways(memoryStorage);

  /** Asks, and reads nothing of the answer. */
  function silent(client: Client, method: string, path: string, body = '', headers = ''): Socket {
    const {hostname, port, pathname} = new URL(client.base);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    socket.pause();
    socket.write(
      `${method} ${pathname}${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n${headers}\r\n${body}`,
    );
    return socket;
  }
  /** The gateway's side of the connections. */
  function connectionsOf({gateway}: Started): Set<Socket> {
    const sockets = new Set<Socket>();
    gateway.app.server.on('connection', (socket: Socket) => sockets.add(socket));
    return sockets;
  }
  const waitingIn = (sockets: ReadonlySet<Socket>) =>
    Math.max(...[...sockets].map(({writableLength}) => writableLength));

  it('costs a live stream no more than a notice, is let go, and misses nothing when it comes back', async () => {
    const started = await run([], {limits: {stallSeconds: 1, lateMs: 60_000}});
    const {client, gateway} = started;
    const {storage} = gateway;
    const ids: string[] = [];
    for (let time = 0; time < 100; time++) ids.push((await client.open(anna)).contextId);
    const {subject_index} = await storage.database
      .selectFrom('context')
      .select('subject_index')
      .executeTakeFirstOrThrow();
    let cursor = 0;
    const happens = async (count: number) => {
      const row = {tenant: 'demo', subject_index, user_id: '', resource: 'journal', source: 'bsp'};
      const rows = Array.from({length: count}, (_, index) => ({...row, cursor: cursor + index + 1}));
      cursor += count;
      await storage.transact(async (tx) => {
        await tx.insertInto('notice').values(rows).execute();
        await tx.updateTable('notice_head').set({cursor}).execute();
        await storage.wake(tx, 'demo');
      });
    };
    const sockets = connectionsOf(started);
    const stuck = silent(client, 'GET', `/live?${ids.map((id) => `context=${id}`).join('&')}`);
    while (sockets.size === 0) await new Promise((resolve) => setImmediate(resolve));
    const [held] = sockets;
    const gone = once(held!, 'close');
    const reading = await client.live([ids[0]!]);
    /** Everything that happened has been handed out. */
    const handedOut = async () => {
      let notice = await reading.next();
      while (!notice.cursor.endsWith(`.${cursor}`)) notice = await reading.next();
    };
    while (held!.writableLength === 0) {
      await happens(50);
      await handedOut();
    }
    const waiting = waitingIn(sockets);
    const heldAt = cursor;
    await happens(300);
    await handedOut();
    if (!held!.destroyed) assert.equal(waitingIn(sockets), waiting, 'nothing more waits for it');
    // One notice for each of its hundred contexts, beyond what the stream takes.
    assert(waiting < 64 * 1_024, `${waiting} bytes wait`);
    await gone;
    assert(started.log.some((line) => line.includes('did not read')));
    // Whoever reads is not let go.
    await happens(1);
    await handedOut();

    let text = '';
    stuck.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    stuck.resume();
    await once(stuck, 'close');
    const last = [...text.matchAll(/^id: (\S+)\ndata: .*\n\n/gm)].at(-1)?.[1] ?? '';
    const lastRead = Number(last.split('.')[1]);
    assert(lastRead > 0 && lastRead <= heldAt, last);
    const again = await client.live([ids[0]!], last);
    for (let next = lastRead + 1; next <= cursor; next++) {
      const notice = await again.next();
      assert.deepEqual([notice.kind, Number(notice.cursor.split('.')[1])], ['notice', next]);
    }
    again.close();
    reading.close();
  });

  it('holds up no source, and not the others who ask it', async () => {
    const aborted = deferred();
    let asked = 0;
    const title = 'x'.repeat(2_000);
    const source = scripted(
      'endless',
      {
        async *read({subject, signal}) {
          if (asked++ > 0) {
            yield {about: subject, items: [caseOf('c')]};
            return;
          }
          signal.addEventListener('abort', () => aborted.resolve(), {once: true});
          for (let page = 0; ; page++)
            yield {about: subject, items: Array.from({length: 500}, (_, index) => caseOf(`${page}-${index}`, {title}))};
        },
      },
      {concurrency: 1},
    );
    const started = await run([source], {limits: {stallSeconds: 1, lateMs: 60_000}});
    const {client} = started;
    const {contextId} = await client.open(anna);
    const sockets = connectionsOf(started);
    const body = JSON.stringify({reads: [{resource: 'cases'}]});
    const stuck = silent(client, 'POST', `/contexts/${contextId}/read`, body);
    await aborted.promise;
    assert(waitingIn(sockets) < 8 * 1_024 * 1_024);
    const [frame] = await client.frames(contextId, 'cases');
    assert.deepEqual([frame?.status, frame?.items.length], ['ok', 1]);
    stuck.destroy();
  });
});
