// Kills the gateway, its database and its broker (SIGKILL) while notes are written, events come in and persons are looked
// up, and counts afterwards. KILLS=50,10,10 says how often (gateway, database, broker), KILLS_SEED plays a run again.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {createServer, type Server as HttpServer} from 'node:http';
import {after, before, describe, it} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {type EventRecord, type Note, type Notice, ProblemError, type Read} from '@bsp/contract';
import {httpBackend} from '@bsp/core';
import pg from 'pg';
import {GatewayProcess} from './gateway-process.js';
import {alma, cprEvent, Sender} from './messages.js';
import {eventually, freePort, postgresServer, rabbitServer, type Server} from './servers.js';

const standard = process.env.BSP_LONG === '1' ? '1000,100,50' : '50,10,10';
const [gatewayKills, databaseKills, brokerKills] = (process.env.KILLS ?? standard).split(',').map(Number) as [
  number,
  number,
  number,
];
const seed = Number(process.env.KILLS_SEED ?? (process.env.BSP_LONG === '1' ? Date.now() % 1e9 : 20261120));

/** Mulberry32: the same numbers from the same seed. */
function randomOf(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** As long as a browser would wait, or so; of its own for each request. */
const patience = () => ({signal: AbortSignal.timeout(30_000)});

type Victim = 'gateway' | 'database' | 'broker';

/** Who is killed, in which order. */
function victimsOf(random: () => number): Victim[] {
  const victims: Victim[] = [
    ...Array<Victim>(gatewayKills).fill('gateway'),
    ...Array<Victim>(databaseKills).fill('database'),
    ...Array<Victim>(brokerKills).fill('broker'),
  ];
  for (let left = victims.length - 1; left > 0; left--) {
    const other = Math.floor(random() * (left + 1));
    [victims[left], victims[other]] = [victims[other]!, victims[left]!];
  }
  return victims;
}

/** How often each of them stands in a list. */
const countsOf = (names: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
};

/** A case system that is never killed: what it was given, by key. */
class CaseSystem {
  readonly notes = new Map<string, string>();
  deliveries = 0;
  readonly #server: HttpServer = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const {key, body} = JSON.parse(Buffer.concat(parts).toString()) as {key: string; body: string};
      this.deliveries++;
      assert.ok((this.notes.get(key) ?? body) === body, 'a key came with another note');
      this.notes.set(key, body);
      response.end();
    });
  });

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as {port: number}).port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

/** Everything that goes on while servers are killed. */
class Work {
  readonly #api: string;
  readonly #broker: string;
  readonly #contextId: string;
  readonly #cursor: string | undefined;
  #going = true;
  readonly #liveStop = new AbortController();
  /** Bodies of the notes that were accepted. */
  readonly notes: string[] = [];
  /** Numbers of the events that the broker has on disk. */
  readonly events: number[] = [];
  /** Contexts in which somebody looked, and whether anything was shown. */
  readonly lookups = new Map<string, boolean>();
  readonly notices: Notice[] = [];
  readonly #workers: Promise<void>[];
  readonly #live: Promise<void>;

  constructor(api: string, broker: string, opened: {contextId: string; cursor?: string | undefined}) {
    this.#api = api;
    this.#broker = broker;
    this.#contextId = opened.contextId;
    this.#cursor = opened.cursor;
    this.#workers = [this.#write('a'), this.#write('b'), this.#send(), this.#look()];
    this.#live = this.#listen();
  }

  /** Ends when everything that was begun has come to its end. */
  async finish(): Promise<void> {
    this.#going = false;
    await Promise.all(this.#workers);
  }

  async close(): Promise<void> {
    this.#liveStop.abort();
    await this.#live;
  }

  async #write(who: string): Promise<void> {
    const backend = httpBackend(this.#api);
    for (let number = 0; this.#going; number++) {
      const body = `Note ${who} ${number}`;
      const action = {type: 'note.create', key: `writer-${who}-${number}`, payload: {heading: 'Samtale', body}};
      // As a window does: the same key until there is an answer.
      for (;;) {
        try {
          await backend.act(this.#contextId, action, patience());
          break;
        } catch (thrown) {
          // A refusal is no break: it would be one for ever.
          if (thrown instanceof ProblemError && thrown.problem.status < 500 && thrown.problem.code !== 'unavailable')
            throw thrown;
          await sleep(20);
        }
      }
      this.notes.push(body);
      await sleep(5);
    }
  }

  async #send(): Promise<void> {
    let sender: Sender | undefined;
    for (let number = 0; this.#going; number++) {
      for (;;) {
        try {
          sender ??= await Sender.to(this.#broker);
          await sender.send(cprEvent(number));
          break;
        } catch {
          await sender?.close();
          sender = undefined;
          await sleep(50);
        }
      }
      this.events.push(number);
      await sleep(10);
    }
    await sender?.close();
  }

  /** Looks each time in a context of its own, so that the log tells one from another. */
  async #look(): Promise<void> {
    const backend = httpBackend(this.#api);
    while (this.#going) {
      let contextId: string | undefined;
      try {
        ({contextId} = await backend.openContext(alma, patience()));
        this.lookups.set(contextId, false);
        for await (const message of backend.read(contextId, [{resource: 'journal'}], patience()))
          if (message.kind === 'plan') this.lookups.set(contextId, true);
      } catch {
        await sleep(20);
      }
    }
  }

  async #listen(): Promise<void> {
    let last = this.#cursor;
    const {signal} = this.#liveStop;
    while (!signal.aborted) {
      try {
        const line = {contexts: [this.#contextId], signal};
        for await (const notice of httpBackend(this.#api).live(
          last === undefined ? line : {...line, lastEventId: last},
        )) {
          this.notices.push(notice);
          last = notice.cursor;
        }
      } catch {
        await sleep(20, undefined, {signal}).catch(() => {});
      }
    }
  }
}

describe('what is killed', () => {
  let postgres: Server;
  let rabbit: Server;
  const cases = new CaseSystem();
  let gateway: GatewayProcess;
  before(async () => {
    [postgres, rabbit] = await Promise.all([postgresServer(), rabbitServer()]);
    gateway = new GatewayProcess(await freePort(), {
      storage: {url: postgres.url, schema: 'kills'},
      journal: {deliverTo: 'sag'},
      logLevel: 'error',
      sources: [
        {id: 'post', connector: 'beskedfordeler', amqp: {url: rabbit.url, vhost: '/', queue: 'dueslag'}},
        {
          id: 'sag',
          connector: fileURLToPath(new URL('case-system-connector.mjs', import.meta.url)),
          url: await cases.start(),
        },
      ],
    });
    await (await Sender.to(rabbit.url)).close();
  });
  after(async () => {
    await gateway?.remove();
    cases.stop();
    await Promise.all([postgres?.remove(), rabbit?.remove()]);
  });

  /** As a supervisor does: it ends while its database is away, and is started again. */
  const startGateway = () => eventually(() => gateway.start(), 'the gateway does not start');

  async function killAll(random: () => number): Promise<void> {
    const coming: Partial<Record<Victim, Promise<void>>> = {};
    const servers = {database: postgres, broker: rabbit};
    for (const victim of victimsOf(random)) {
      await sleep(random() * 300);
      await coming[victim];
      if (victim === 'gateway') {
        await gateway.kill();
        await startGateway();
      } else {
        await servers[victim].kill();
        // It comes back while others are killed.
        coming[victim] = sleep(random() * 200).then(() => servers[victim].start());
        coming[victim].catch(() => {});
      }
    }
    await Promise.all(Object.values(coming));
    if (!gateway.isRunning) await startGateway();
  }

  /** All records of a resource, page by page. */
  async function all<T>(contextId: string, resource: string): Promise<T[]> {
    const backend = httpBackend(gateway.api);
    const items: T[] = [];
    let reads: Read[] = [{resource}];
    while (reads.length > 0) {
      const next: Read[] = [];
      for await (const message of backend.read(contextId, reads, patience())) {
        if (message.kind !== 'frame') continue;
        assert.equal(message.status, 'ok');
        items.push(...(message.items as T[]));
        if (message.next !== undefined) next.push({resource, source: message.source.id, cursor: message.next});
      }
      reads = next;
    }
    return items;
  }

  it('loses no note, no event, no row of the log and no notice, and doubles none', async () => {
    await startGateway();
    const opened = await httpBackend(gateway.api).openContext(alma, patience());
    const work = new Work(gateway.api, rabbit.url, opened);
    await killAll(randomOf(seed));
    await work.finish();
    const {contextId} = opened;

    const idOf = (number: number) => `0b8f7a8e-0001-4c1e-9d53-${number.toString(16).padStart(12, '0')}`;
    const sent = work.events.map(idOf).sort();
    await eventually(async () => {
      const shown = await all<EventRecord>(contextId, 'events');
      assert.deepEqual(shown.map(({ref}) => ref.id).sort(), sent);
    }, 'the events shown are not the events sent');
    await eventually(async () => {
      const notes = await all<Note>(contextId, 'journal');
      assert.deepEqual(notes.map(({body}) => body).sort(), [...work.notes].sort());
      assert.deepEqual([...new Set(notes.map(({delivery}) => delivery?.state))], ['accepted']);
    }, 'the notes shown are not the notes accepted, each delivered');
    assert.deepEqual([...cases.notes.values()].sort(), [...work.notes].sort());

    const client = new pg.Client({connectionString: postgres.url, options: '-c search_path=kills'});
    await client.connect();
    const {rows} = await client.query<{kind: string; context_id: string; lookup_id: string}>(
      'select kind, context_id, lookup_id from lookup_log',
    );
    const {rows: heads} = await client.query<{cursor: string}>('select cursor from notice_head');
    await client.end();
    const lookups = countsOf(rows.filter(({kind}) => kind === 'lookup').map((row) => row.context_id));
    for (const [id, shown] of work.lookups) {
      assert.ok((lookups.get(id) ?? 0) <= 1, 'a lookup stands twice in the log');
      if (shown) assert.equal(lookups.get(id), 1, 'a lookup that showed something is not in the log');
    }
    const rowCounts = countsOf(rows.map(({kind, lookup_id}) => `${kind} ${lookup_id}`));
    assert.ok([...rowCounts.values()].every((count) => count === 1));
    for (const {kind, lookup_id} of rows) if (kind === 'outcome') assert.ok(rowCounts.has(`lookup ${lookup_id}`));
    const verified = await gateway.run('log', 'verify');
    assert.equal(verified.code, 0, verified.out);

    const last = Number(heads[0]!.cursor);
    await eventually(() => Promise.resolve(assert.ok(work.notices.length >= last)), 'a notice was missed');
    await work.close();
    assert.deepEqual(
      work.notices.map(({kind, cursor}) => `${kind} ${cursor.split('.')[1]}`),
      Array.from({length: last}, (_, index) => `notice ${index + 1}`),
    );
    assert.match((await gateway.run('events', 'set-aside')).err, /^0 messages/);
    const shown = [...work.lookups.values()].filter(Boolean).length;
    console.error(
      `seed ${seed}: ${gatewayKills} kills of the gateway, ${databaseKills} of the database, ${brokerKills} of the broker; ` +
        `${work.notes.length} notes in ${cases.deliveries} deliveries, ${sent.length} events, ${shown} of ${work.lookups.size} lookups shown, ${last} notices`,
    );
  });
});
