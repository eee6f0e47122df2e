// What the gateway's tests share: a scripted connector, storages to run on, and a client over real HTTP.
import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {existsSync, openAsBlob} from 'node:fs';
import {mkdir, rename, writeFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {Writable} from 'node:stream';
import {after, afterEach, describe} from 'node:test';
import type {End, Frame, Me, Notice, OpenedContext, Plan, Problem} from '@bsp/contract';
import type {Connector, ConnectorModule, SourcePage} from '@bsp/sources';
import pg from 'pg';
import * as z from 'zod/mini';
import {loadConfig} from './config.js';
import {type AssembledGateway, assembleGateway} from './gateway.js';
import {type Embedded, startEmbedded} from './storage/embedded.js';

/** Two synthetic persons (day + 60). */
export const anna = {type: 'cpr', value: '7006900126'} as const;
export const bo = {type: 'cpr', value: '7107910237'} as const;
export const numbers = [anna.value, '700690-0126', bo.value, '710791-0237'];

const scripts = new Map<string, Partial<Connector>>();

/** Registers what a source does; gives the source's config entry. */
export function scripted(id: string, connector: Partial<Connector>, more: object = {}) {
  const script = `${id}-${randomBytes(4).toString('hex')}`;
  scripts.set(script, connector);
  return {id, connector: './harness.test.ts', script, ...more};
}

const module: ConnectorModule<{script: string}> = {
  configSchema: z.object({script: z.string()}),
  create: ({script}) => {
    const connector = scripts.get(script);
    assert(connector, `no script ${script}`);
    return Promise.resolve({
      resources: ['cases'],
      // biome-ignore lint/correctness/useYield: a source that is never read
      async *read() {
        throw new Error('not scripted');
      },
      ...connector,
    });
  },
};
export default module;

/** A source that answers each read with these items about whoever is asked for. */
export const answering = (
  resource: string,
  items: readonly unknown[],
  more: Partial<SourcePage> = {},
): Partial<Connector> => ({
  resources: [resource],
  async *read({subject}) {
    yield {about: subject, items, ...more};
  },
});

export const caseOf = (id: string, more: object = {}) => ({
  ref: {source: '', id},
  title: `Sag ${id}`,
  status: {phase: 'informed', native: 'I gang'},
  changedAt: '2026-11-19T10:00:00+01:00',
  sensitivity: 'ordinary',
  kle: {number: '32.24.04'},
  ...more,
});

/** A promise and its ends. */
export function deferred<T = void>() {
  let resolve: (value: T) => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return {promise, resolve, reject};
}

/** A storage configuration to run on, and how to look into and tidy up after it. */
export interface TestStorage {
  readonly storage: object;
  readonly env: Record<string, string>;
  readonly embedded?: Promise<Embedded>;
  tidy(): Promise<void>;
}

export const postgresUrl = process.env.BSP_TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/test';

async function postgresReachable(): Promise<boolean> {
  const client = new pg.Client({connectionString: postgresUrl, connectionTimeoutMillis: 2_000});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}
const reachable = await postgresReachable();
if (!reachable && process.env.BSP_REQUIRE_SERVICES === '1')
  throw new Error(`PostgreSQL is required at ${postgresUrl}.`);

/** Why a test that needs PostgreSQL is skipped, or false. */
export const postgresAway = reachable ? false : `no PostgreSQL at ${postgresUrl}`;

export const key = randomBytes(32).toString('base64');

/** A schema of its own in the test database. */
export function postgresStorage(): TestStorage {
  const schema = `bsp_test_${randomBytes(5).toString('hex')}`;
  return {
    storage: {url: postgresUrl, schema},
    env: {BSP_KEY: key},
    async tidy() {
      const client = new pg.Client({connectionString: postgresUrl});
      await client.connect();
      await client.query(`drop schema if exists ${schema} cascade`);
      await client.end();
    },
  };
}

/** A database that holds nothing yet, once for all test files: to make one takes several times as long as to load it. */
async function emptyDatabase(): Promise<Blob> {
  const {version} = createRequire(import.meta.resolve('@electric-sql/pglite'))('../package.json') as {version: string};
  const folder = join(import.meta.dirname, '../node_modules/.cache');
  const file = join(folder, `pglite-${version}.tar`);
  if (!existsSync(file)) {
    const {lite} = await startEmbedded();
    const own = `${file}.${process.pid}`;
    await mkdir(folder, {recursive: true});
    await writeFile(own, (await lite.dumpDataDir('none')).stream());
    await rename(own, file);
    await lite.close();
  }
  return openAsBlob(file);
}

let embedded: Promise<Embedded> | undefined;
const open = new Set<AssembledGateway>();
// Left open it may set itself a timer, again and again, and the file would never end.
after(async () => {
  await Promise.all([...open].map((gateway) => gateway.close()));
  await (await embedded)?.lite.close();
});

/** The embedded database in memory: one for all tests of a file, emptied after each. */
export function memoryStorage(): TestStorage {
  embedded ??= emptyDatabase().then((empty) => startEmbedded(undefined, empty));
  const started = embedded;
  return {
    storage: {memory: true},
    env: {BSP_KEY: key},
    embedded: started,
    async tidy() {
      const client = await (await started).pool.connect();
      await client.query('drop schema if exists bsp cascade', []);
      client.release();
    },
  };
}

/** Describes the same on the embedded database and on PostgreSQL. */
export function onEachStorage(title: string, body: (storage: () => TestStorage) => void): void {
  describe(`${title} (PGlite)`, () => body(memoryStorage));
  describe(`${title} (PostgreSQL)`, {skip: postgresAway}, () => body(postgresStorage));
}
/** Registers the tidying up of one `describe`: gateways that it starts are stopped after each test. */
export function gateways(storageFor: () => TestStorage) {
  const running: Started[] = [];
  let storage: TestStorage | undefined;
  afterEach(async () => {
    for (const one of running.splice(0)) await one.stop();
    await storage?.tidy();
    storage = undefined;
  });
  /** Starts one on the test's storage. */
  const run = async (sources: readonly object[], config: Record<string, unknown> = {}): Promise<Started> => {
    storage ??= storageFor();
    const one = await start(sources, {...config, storage});
    running.push(one);
    return one;
  };
  return {run};
}

/** Several gateways may share one storage; each `start` listens on a free port of loopback. */
export interface Started {
  readonly gateway: AssembledGateway;
  readonly client: Client;
  readonly log: string[];
  stop(): Promise<void>;
}

export async function start(
  sources: readonly object[],
  {storage = memoryStorage(), ...config}: {storage?: TestStorage} & Record<string, unknown> = {},
): Promise<Started> {
  const log: string[] = [];
  const logTo = new Writable({
    write(chunk, _encoding, done) {
      log.push(String(chunk));
      done();
    },
  });
  const loaded = loadConfig(
    {
      ...(config.tenants ? {} : {sources}),
      storage: storage.storage,
      logLevel: 'debug',
      // A machine that is busy with other tests is late, too.
      limits: {lateMs: 60_000},
      ...config,
    },
    {env: storage.env},
  );
  const shared = await storage.embedded;
  const gateway = await assembleGateway(
    {
      ...loaded,
      directory: import.meta.dirname,
      ...(loaded.tenants
        ? {tenants: loaded.tenants.map((tenant) => ({...tenant, directory: import.meta.dirname}))}
        : {}),
    },
    {logTo, ...(shared ? {embedded: shared} : {})},
  );
  open.add(gateway);
  const address = await gateway.listen({port: 0});
  const stop = () => {
    open.delete(gateway);
    return gateway.close();
  };
  return {gateway, client: new Client(`${address}${loaded.prefix}/v1`), log, stop};
}

type Message = Plan | Frame | End;

/** Speaks the HTTP API as a browser would. */
export class Client {
  readonly base: string;
  /** Every address that was asked. */
  readonly asked: string[] = [];
  readonly #headers: Record<string, string>;
  constructor(base: string, headers: Record<string, string> = {}) {
    this.base = base;
    this.#headers = headers;
  }

  /** The same with a token. */
  as(token: string): Client {
    return new Client(this.base, {authorization: `Bearer ${token}`});
  }

  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const url = path.startsWith('http') ? path : this.base + path;
    this.asked.push(url);
    return fetch(url, {...init, headers: {...this.#headers, ...(init.headers as Record<string, string>)}});
  }

  post(path: string, body: unknown, init: RequestInit = {}): Promise<Response> {
    return this.request(path, {
      method: 'POST',
      ...init,
      headers: {'content-type': 'application/json', ...init.headers},
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  async me(): Promise<Me> {
    return (await (await this.request('/me')).json()) as Me;
  }

  async open(subject: object, more: object = {}): Promise<OpenedContext> {
    const response = await this.post('/contexts', {subject, ...more});
    assert.equal(response.status, 201, await response.clone().text());
    return (await response.json()) as OpenedContext;
  }

  /** The messages of a read as they arrive. */
  async *stream(contextId: string, reads: readonly object[], signal?: AbortSignal): AsyncGenerator<Message> {
    const response = await this.post(`/contexts/${contextId}/read`, {reads}, signal ? {signal} : {});
    assert.equal(response.status, 200, await (response.ok ? '' : response.clone().text()));
    let rest = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop()!;
      for (const line of lines) yield JSON.parse(line) as Message;
    }
    assert.equal(rest, '');
  }

  async frames(contextId: string, ...reads: readonly (string | object)[]): Promise<Frame[]> {
    const frames: Frame[] = [];
    const messages: Message[] = [];
    const asked = reads.map((read) => (typeof read === 'string' ? {resource: read} : read));
    for await (const message of this.stream(contextId, asked)) {
      messages.push(message);
      if (message.kind === 'frame') frames.push(message);
    }
    assert.equal(messages[0]?.kind, 'plan');
    assert.equal(messages.at(-1)?.kind, 'end');
    return frames;
  }

  /** The items of one resource from all its sources. */
  async items<T = Record<string, unknown>>(contextId: string, resource: string): Promise<T[]> {
    return (await this.frames(contextId, resource)).flatMap(({items}) => items as T[]);
  }

  act(
    contextId: string,
    type: string,
    payload: unknown,
    actionKey = randomBytes(8).toString('hex'),
  ): Promise<Response> {
    return this.post(`/contexts/${contextId}/actions`, {type, key: actionKey, payload});
  }

  /** A live stream; `next` waits for one more notice. */
  async live(contexts: readonly string[], lastEventId?: string): Promise<LiveClient> {
    const stop = new AbortController();
    const query = contexts.map((id) => `context=${id}`).join('&');
    const response = await this.request(`/live?${query}`, {
      signal: stop.signal,
      headers: lastEventId === undefined ? {} : {'last-event-id': lastEventId},
    });
    assert.equal(response.status, 200, await (response.ok ? '' : response.clone().text()));
    const notices = noticesOf(response);
    return {
      response,
      next: async () => {
        const {value, done} = await notices.next();
        assert(!done, 'the live stream ended');
        return value;
      },
      close: () => stop.abort(),
    };
  }
}

export interface LiveClient {
  readonly response: Response;
  next(): Promise<Notice>;
  close(): void;
}

async function* noticesOf(response: Response): AsyncGenerator<Notice, undefined> {
  let rest = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop()!;
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data === undefined) continue;
      const notice = JSON.parse(data) as Notice;
      assert.equal(/^id: (.*)$/m.exec(block)?.[1], notice.cursor);
      yield notice;
    }
  }
  return undefined;
}

/** Asserts that an answer is the problem that was expected; gives it. */
export async function problemIn(response: Response, status: number, code: string): Promise<Problem> {
  const text = await response.text();
  assert.equal(response.status, status, text);
  assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/);
  const problem = JSON.parse(text) as Problem;
  assert.equal(problem.code, code, text);
  assert.equal(problem.type, `urn:bsp:problem:${code}`);
  assert.equal(problem.status, status);
  return problem;
}
