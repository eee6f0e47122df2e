import assert from 'node:assert/strict';
import {once} from 'node:events';
import {connect, createServer, type Server as NetServer, type Socket} from 'node:net';
import {after, afterEach, before, describe, it} from 'node:test';
import type {Notice} from '@bsp/contract';
import {httpBackend} from '@bsp/core';
import {GatewayProcess} from './gateway-process.js';
import {alma, cprEvent} from './messages.js';
import {eventually, freePort, natsServer, postgresServer, type Server} from './servers.js';

const signal = new AbortController().signal;

/** A balancer that knows nothing of sessions: each connection goes to the next replica that takes it. */
class Balancer {
  readonly #server: NetServer;
  readonly #sockets = new Set<Socket>();
  #next = 0;
  url = '';

  constructor(ports: readonly number[]) {
    this.#server = createServer((client) => {
      this.#sockets.add(client);
      client.on('close', () => this.#sockets.delete(client));
      client.on('error', () => {});
      this.#forward(client, ports, ports.length);
    });
  }

  #forward(client: Socket, ports: readonly number[], left: number): void {
    if (left === 0) return void client.destroy();
    const replica = connect(ports[this.#next++ % ports.length]!, '127.0.0.1');
    let connected = false;
    replica.on('connect', () => {
      connected = true;
      client.pipe(replica).pipe(client);
    });
    replica.on('error', () => (connected ? client.destroy() : this.#forward(client, ports, left - 1)));
    replica.on('close', () => connected && client.destroy());
    client.on('close', () => replica.destroy());
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.url = `http://127.0.0.1:${(this.#server.address() as {port: number}).port}`;
  }

  stop(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Reads a live stream as a page does: comes back with its last cursor. */
class Window {
  readonly notices: Notice[] = [];
  /** How often it had to come back. */
  returns = 0;
  readonly #stop = new AbortController();
  readonly #reading: Promise<void>;

  constructor(api: string, contextId: string, cursor: string | undefined) {
    this.#reading = this.#read(api, contextId, cursor);
  }

  async #read(api: string, contextId: string, cursor: string | undefined): Promise<void> {
    let lastEventId = cursor;
    while (!this.#stop.signal.aborted) {
      try {
        const options = {contexts: [contextId], signal: this.#stop.signal};
        const line = httpBackend(api).live(lastEventId === undefined ? options : {...options, lastEventId});
        for await (const notice of line) {
          this.notices.push(notice);
          lastEventId = notice.cursor;
        }
      } catch {
        // As a page does: the line broke, it comes back.
      }
      this.returns++;
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#reading;
  }
}

describe('replicas behind a balancer', () => {
  let postgres: Server;
  let nats: Server;
  let schemas = 0;
  const ending: (() => unknown)[] = [];
  before(async () => {
    [postgres, nats] = await Promise.all([postgresServer(), natsServer()]);
  });
  after(async () => {
    await Promise.all([postgres?.remove(), nats?.remove()]);
  });
  afterEach(async () => {
    for (const end of ending.splice(0).reverse()) await end();
  });

  async function replicas(count: number, config: object = {}) {
    const schema = `replicas_${++schemas}`;
    const ports = await Promise.all(Array.from({length: count}, freePort));
    const processes: GatewayProcess[] = [];
    // One after the other: the first one makes the tables.
    for (const port of ports) {
      const one = new GatewayProcess(port, {
        storage: {url: postgres.url, schema},
        sources: [{id: 'post', connector: 'beskedfordeler'}],
        ...config,
      });
      ending.push(() => one.remove());
      await one.start();
      processes.push(one);
    }
    const balancer = new Balancer(ports);
    await balancer.start();
    ending.push(() => balancer.stop());
    const push = async (replica: GatewayProcess, number: number) => {
      const response = await fetch(replica.api.replace(/\/bsp$/, '/beskedfordeler/modtag'), {
        method: 'POST',
        body: cprEvent(number),
      });
      assert.equal(response.status, 200);
    };
    return {processes, api: `${balancer.url}/bsp`, push};
  }

  for (const [line, wakes] of [
    ['LISTEN and NOTIFY', () => ({})],
    // It may not help itself by looking.
    ['NATS', () => ({wakes: {nats: nats.url, lookSeconds: 3_600}})],
  ] as const) {
    it(`show at each what came in at any, over ${line}`, async () => {
      const {processes, push} = await replicas(3, wakes());
      const opened = await httpBackend(processes[0]!.api).openContext(alma, {signal});
      const windows = processes.map(({api}) => new Window(api, opened.contextId, opened.cursor));
      ending.push(() => Promise.all(windows.map((window) => window.close())));
      for (const [number, replica] of processes.entries()) await push(replica, number);
      for (const window of windows)
        await eventually(async () => assert.equal(window.notices.length, 3), 'a window did not hear of it');
      const cursors = windows.map(({notices}) => notices.map(({cursor}) => cursor));
      assert.deepEqual(cursors[1], cursors[0]);
      assert.deepEqual(cursors[2], cursors[0]);
      assert.deepEqual(
        windows.map(({returns}) => returns),
        [0, 0, 0],
      );
    });

    it(`let the clients of a killed one resume at another and miss nothing, over ${line}`, async () => {
      const {processes, api, push} = await replicas(3, wakes());
      const opened = await httpBackend(api).openContext(alma, {signal});
      const windows = Array.from({length: 6}, () => new Window(api, opened.contextId, opened.cursor));
      ending.push(() => Promise.all(windows.map((window) => window.close())));
      let number = 0;
      for (const killed of processes) {
        await push(killed, number++);
        await killed.kill();
        const other = processes.find(({isRunning}) => isRunning)!;
        await push(other, number++);
        await killed.start();
        await push(killed, number++);
      }
      for (const window of windows)
        await eventually(async () => assert.equal(window.notices.length, 9), 'a window missed something');
      for (const {notices} of windows) {
        assert.ok(notices.every(({kind}) => kind === 'notice'));
        assert.equal(new Set(notices.map(({cursor}) => cursor)).size, 9);
      }
      assert.ok(windows.some(({returns}) => returns > 0));
      let shown = 0;
      for await (const message of httpBackend(api).read(opened.contextId, [{resource: 'events'}], {signal}))
        if (message.kind === 'frame') shown += message.items.length;
      assert.equal(shown, 9);
    });
  }

  it('hear of each other without NATS too, a little later, and at once when it is back', async () => {
    const {processes, push} = await replicas(2, {wakes: {nats: nats.url, lookSeconds: 1}});
    const opened = await httpBackend(processes[0]!.api).openContext(alma, {signal});
    const window = new Window(processes[1]!.api, opened.contextId, opened.cursor);
    ending.push(() => window.close());
    await nats.kill();
    await push(processes[0]!, 0);
    await eventually(async () => assert.equal(window.notices.length, 1), 'nothing was heard without NATS');
    await nats.start();
    await push(processes[0]!, 1);
    await eventually(async () => assert.equal(window.notices.length, 2), 'nothing was heard with NATS back');
    assert.equal(window.returns, 0);
  });
});
