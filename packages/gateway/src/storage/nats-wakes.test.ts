import assert from 'node:assert/strict';
import {once} from 'node:events';
import {type AddressInfo, createServer, type Socket} from 'node:net';
import {afterEach, describe, it} from 'node:test';
import type {Log} from '../log.js';
import {quiet} from '../quiet-log.test.js';
import {natsWakes} from './nats-wakes.js';

const subject = 'bsp_wake_test';

/** As much of a NATS server as a client that only listens and tells needs. */
async function serverWith(answer: (line: string, socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.write('INFO {"server_id":"x","version":"2.10.0","max_payload":1000000,"proto":1}\r\n');
    socket.on('data', (data) => {
      for (const line of data.toString().split('\r\n')) answer(line, socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `nats://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

const pong = (line: string, socket: Socket): void => {
  if (line === 'PING') socket.write('PONG\r\n');
};

describe('wakes over NATS', () => {
  let ending: () => Promise<void> = () => Promise.resolve();
  afterEach(() => ending());

  async function listening(url: string, log: Log = quiet) {
    const heard: (string | undefined)[] = [];
    const waiting: (() => void)[] = [];
    const wakes = await natsWakes(
      {url, lookSeconds: 3_600},
      subject,
      (tenant) => {
        heard.push(tenant);
        waiting.shift()?.();
      },
      log,
    );
    return {
      wakes,
      /** Resolves with what was heard when there is so much. */
      async until(count: number) {
        while (heard.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
        return heard;
      },
    };
  }

  it('go on, and say so, where the server refuses what this process wants to hear', async () => {
    let refused: () => void = () => undefined;
    const told = new Promise<void>((resolve) => {
      refused = resolve;
    });
    const server = await serverWith((line, socket) => {
      pong(line, socket);
      // Whatever comes after it is still read.
      if (line.startsWith('SUB'))
        socket.write(`-ERR 'Permissions Violation for Subscription to "${subject}"'\r\nPING\r\n`);
      if (line === 'PONG') answered();
    });
    let answered: () => void = () => undefined;
    const alive = new Promise<void>((resolve) => {
      answered = resolve;
    });
    const errors: string[] = [];
    const log = {
      ...quiet,
      error(_details: object, message: string) {
        errors.push(message);
        refused();
      },
    } as Log;
    const {wakes} = await listening(server.url, log);
    ending = async () => {
      await wakes.close();
      server.close();
    };
    await Promise.all([told, alive]);
    assert.deepEqual(errors, ['NATS refuses this process: it hears of others a little later']);
  });

  it('end, though the server answers nothing any more', async () => {
    let silent = false;
    const server = await serverWith((line, socket) => {
      if (!silent) pong(line, socket);
    });
    const {wakes, until} = await listening(server.url);
    ending = () => Promise.resolve(server.close());
    await until(1);
    silent = true;
    wakes.tell('korsbaek');
    assert.deepEqual(await until(2), [undefined, 'korsbaek']);
    await wakes.close();
  });
});
