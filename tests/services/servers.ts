// Servers of a test's own, as its children: it may kill them.
import assert from 'node:assert/strict';
import {type ChildProcess, execFileSync, type SpawnOptions, spawn} from 'node:child_process';
import {randomUUID} from 'node:crypto';
import {once} from 'node:events';
import {chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {connect, createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {connect as connectAmqp} from 'amqplib';
import pg from 'pg';
// @ts-expect-error a plain script without types
import * as services from '../../scripts/services.mjs';

const findService = services.findService as (name: 'postgres' | 'rabbitmq' | 'nats') => string | undefined;

/** A server that is started and ended, gently or not; its address and its data stay. */
export interface Server {
  readonly url: string;
  start(): Promise<void>;
  /** SIGKILL to everything of it. */
  kill(): Promise<void>;
  /** Kills it and drops its data. */
  remove(): Promise<void>;
}

/** A port of loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address() as {port: number};
  server.close();
  await once(server, 'close');
  return port;
}

const patienceMs = 60_000;

/** Waits for something that is tried again until it works. */
export async function eventually<T>(attempt: () => Promise<T>, what: string, forMs = patienceMs): Promise<T> {
  const until = Date.now() + forMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > until) throw new Error(`${what}, after ${forMs / 1000} s`, {cause: error});
      await sleep(50);
    }
  }
}

/** Process groups that must not outlive the tests. */
const alive = new Set<number>();
process.on('exit', () => {
  for (const group of alive) process.kill(-group, 'SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/** A child in a process group of its own, which `kill` takes as a whole. */
class Group {
  #child: ChildProcess | undefined;
  #told = '';

  start(command: string, args: readonly string[], options: SpawnOptions): void {
    this.#told = '';
    const child = spawn(command, args, {...options, detached: true, stdio: ['ignore', 'pipe', 'pipe']});
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (chunk: Buffer) => {
        this.#told = (this.#told + String(chunk)).slice(-4_000);
      });
    this.#child = child;
    const {pid} = child;
    if (pid === undefined) return;
    alive.add(pid);
    child.once('exit', () => alive.delete(pid));
  }

  /** Throws what it said when it has ended. */
  assertAlive(): void {
    assert(this.#child?.exitCode === null && this.#child.signalCode === null, `the server ended: ${this.#told}`);
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    process.kill(-child.pid, 'SIGKILL');
    await ended;
  }
}

/** The user that a server runs as which refuses to run as root. */
function userFor(name: string): {uid: number; gid: number} | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, name], {encoding: 'utf8'}));
  return {uid: id('-u'), gid: id('-g')};
}

/** @param durable - whether it writes to the disk what it says is written: tests need not wait for that. */
export async function postgresServer({durable = false}: {durable?: boolean} = {}): Promise<Server> {
  const program = findService('postgres')!;
  const folder = mkdtempSync(join(tmpdir(), 'bsp-postgres-'));
  const user = userFor('postgres');
  if (user) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const options = {...user, cwd: folder};
  execFileSync(join(dirname(program), 'initdb'), ['-D', data, '-A', 'trust', '-U', 'bsp', '-E', 'UTF8', '--no-sync'], {
    ...options,
    stdio: 'ignore',
  });
  const port = await freePort();
  const url = `postgres://bsp@127.0.0.1:${port}/postgres`;
  const group = new Group();
  const server: Server = {
    url,
    async start() {
      // Backends of a killed server may hold its memory a moment longer.
      await eventually(async () => {
        group.start(
          program,
          ['-D', data, '-p', `${port}`, '-h', '127.0.0.1', '-k', folder, ...(durable ? [] : ['-F'])],
          options,
        );
        await eventually(async () => {
          group.assertAlive();
          const client = new pg.Client({connectionString: url, connectionTimeoutMillis: 1_000});
          client.on('error', () => {});
          try {
            await client.connect();
          } finally {
            await client.end().catch(() => {});
          }
        }, 'PostgreSQL does not answer').catch(async (error: unknown) => {
          await group.kill();
          throw error;
        });
      }, 'PostgreSQL does not start');
    },
    kill: () => group.kill(),
    async remove() {
      await group.kill();
      await eventually(() => Promise.resolve(rmSync(folder, {recursive: true, force: true})), 'can not be removed');
    },
  };
  await server.start();
  return server;
}

export async function rabbitServer(): Promise<Server> {
  const program = findService('rabbitmq')!;
  const folder = mkdtempSync(join(tmpdir(), 'bsp-rabbitmq-'));
  const [port, distribution, names] = [await freePort(), await freePort(), await freePort()];
  const at = (name: string) => join(folder, name);
  writeFileSync(at('plugins'), '[].\n');
  writeFileSync(at('rabbitmq.conf'), 'queue_index_embed_msgs_below = 4096\n');
  writeFileSync(at('.erlang.cookie'), randomUUID());
  chmodSync(at('.erlang.cookie'), 0o400);
  mkdirSync(at('data'));
  const env = {
    ...process.env,
    HOME: folder,
    ERL_EPMD_PORT: `${names}`,
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: `bsp${port}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: `${port}`,
    RABBITMQ_DIST_PORT: `${distribution}`,
    RABBITMQ_MNESIA_BASE: at('data'),
    RABBITMQ_LOG_BASE: folder,
    RABBITMQ_LOGS: '-',
    RABBITMQ_ENABLED_PLUGINS_FILE: at('plugins'),
    RABBITMQ_PID_FILE: at('pid'),
    RABBITMQ_CONF_ENV_FILE: at('none'),
    RABBITMQ_CONFIG_FILE: at('rabbitmq.conf'),
  };
  // Erlang's register of names stays by itself otherwise.
  const register = new Group();
  register.start('epmd', ['-port', `${names}`, '-address', '127.0.0.1'], {env, cwd: folder});
  await eventually(() => reachable(names), 'epmd does not answer');
  const group = new Group();
  const server: Server = {
    url: `amqp://guest:guest@127.0.0.1:${port}`,
    async start() {
      await eventually(async () => {
        group.start(program, [], {env, cwd: folder});
        await eventually(async () => {
          group.assertAlive();
          await (await connectAmqp(server.url)).close();
        }, 'RabbitMQ does not answer').catch(async (error: unknown) => {
          await group.kill();
          throw error;
        });
      }, 'RabbitMQ does not start');
    },
    kill: () => group.kill(),
    async remove() {
      await group.kill();
      await register.kill();
      rmSync(folder, {recursive: true, force: true});
    },
  };
  await server.start();
  return server;
}

export async function natsServer(): Promise<Server> {
  const port = await freePort();
  const group = new Group();
  const server: Server = {
    url: `nats://127.0.0.1:${port}`,
    async start() {
      group.start(findService('nats')!, ['--addr', '127.0.0.1', '--port', `${port}`], {});
      await eventually(async () => {
        group.assertAlive();
        await reachable(port);
      }, 'NATS does not answer');
    },
    kill: () => group.kill(),
    remove: () => group.kill(),
  };
  await server.start();
  return server;
}

async function reachable(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}
