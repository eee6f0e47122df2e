// The hub against the public specification, HL7 FHIRcast 3.0.0 (STU3): its examples as they stand there, and its rules.
import assert from 'node:assert/strict';
import {randomUUID} from 'node:crypto';
import {EventEmitter, once} from 'node:events';
import {connect} from 'node:net';
import {afterEach, describe, it, mock} from 'node:test';
import {type BridgePlaces, ProblemError} from '@bsp/contract';
import {WebSocket} from 'ws';
import {authFor, korsbaek, startIssuer} from '../auth/issuer-harness.test.js';
import {
  anna,
  answering,
  bo,
  type Client,
  caseOf,
  deferred,
  gateways,
  memoryStorage,
  numbers,
  onEachStorage,
  problemIn,
  type Started,
  scripted,
} from '../harness.test.js';
import {hubOf} from './hub.js';
import {type HubStore, hubStoreOf} from './hub-store.js';
import {subscriptionOf} from './messages.js';

const events = ['Patient-open', 'Patient-close', 'Encounter-open'];
const plain = scripted('plain', answering('cases', [caseOf('1')]));
const on = {bridges: {fhircast: {events}, tabs: true}};

/** All of them. */
type Places = {[K in keyof BridgePlaces]-?: NonNullable<BridgePlaces[K]>};

type Message = Record<string, unknown> & {
  id?: string;
  timestamp?: string;
  event?: {
    'hub.event': string;
    context: {key: string; resource?: unknown}[];
    versionId?: string;
    priorVersionId?: string;
  };
};

/** A program on its socket: what came, in order. */
class Program {
  readonly socket: WebSocket;
  readonly messages: Message[] = [];
  closed: number | undefined;
  #changed: () => void = () => undefined;

  constructor(endpoint: string) {
    this.socket = new WebSocket(endpoint);
    this.socket.on('message', (data) => {
      this.messages.push(JSON.parse((data as Buffer).toString()) as Message);
      this.#changed();
    });
    this.socket.on('close', (code) => {
      this.closed = code;
      this.#changed();
    });
    this.socket.on('error', () => undefined);
  }

  /** Waits until something holds of what came. */
  async until<T>(look: (messages: readonly Message[]) => T | undefined | false): Promise<T> {
    for (;;) {
      const found = look(this.messages);
      if (found !== undefined && found !== false) return found;
      await new Promise<void>((resolve) => (this.#changed = resolve));
    }
  }

  event(name: string, nth = 0): Promise<Message> {
    return this.until((messages) => messages.filter(({event}) => event?.['hub.event'] === name)[nth]);
  }

  answer(message: Message, status: number | string): void {
    this.socket.send(JSON.stringify({id: message.id, status}));
  }

  async end(): Promise<number> {
    await this.until(() => this.closed !== undefined);
    return this.closed!;
  }
}

/** The hub's end of a socket that nobody reads at the other. */
class Deaf extends EventEmitter {
  bufferedAmount = 0;
  send(text: string): void {
    this.bufferedAmount += text.length;
  }
  close(): void {}
  terminate(): void {
    this.emit('close', 1006);
  }
}

onEachStorage('the FHIRcast hub', (storageFor) => {
  const {run} = gateways(storageFor);
  const programs: Program[] = [];
  afterEach(() => {
    for (const {socket} of programs.splice(0)) socket.terminate();
  });

  async function hub(one?: Started) {
    const started = one ?? (await run([plain], on));
    const {client} = started;
    const places = (await (await client.request('/bridge')).json()) as Places;
    const {topic} = places.fhircast;
    const form = (fields: Record<string, string>) =>
      client.request('/fhircast', {method: 'POST', body: new URLSearchParams(fields)});
    const subscribe = async (asked: string, more: Record<string, string> = {}) => {
      const response = await form({
        'hub.channel.type': 'websocket',
        'hub.mode': 'subscribe',
        'hub.topic': topic,
        'hub.events': asked,
        ...more,
      });
      assert.equal(response.status, 202, await response.clone().text());
      const {'hub.channel.endpoint': endpoint} = (await response.json()) as {'hub.channel.endpoint': string};
      return endpoint;
    };
    const join = async (asked: string, more: Record<string, string> = {}) => {
      const program = new Program(await subscribe(asked, more));
      programs.push(program);
      await program.until((messages) => messages[0]);
      return program;
    };
    const publish = (
      event: object,
      {id = randomUUID() as string, timestamp = '2026-11-20T09:00:00Z', type = 'application/fhir+json'} = {},
    ) =>
      client.request('/fhircast', {
        method: 'POST',
        headers: {'content-type': type},
        body: JSON.stringify({timestamp, id, event: {'hub.topic': topic, ...event}}),
      });
    const subject = (handle: string | undefined) => [
      {key: 'subject', reference: {identifier: {system: 'urn:bsp:handle', value: handle}}},
    ];
    const open = async (person: {readonly type: 'cpr'; readonly value: string}) => {
      const {handle} = await client.open(person);
      const event = {'hub.event': 'dk.bsp.subject_open', context: subject(handle)};
      assert.equal((await publish(event)).status, 202);
      return event;
    };
    return {...started, topic, form, subscribe, join, publish, open, subject};
  }
  const subjectOpen = 'dk.bsp.subject_open';

  it('is there where the configuration names it, and says what it can', async () => {
    const {client, topic} = await hub();
    const told = (await (await client.request('/fhircast/.well-known/fhircast-configuration')).json()) as Record<
      string,
      unknown
    >;
    assert.deepEqual(told, {
      eventsSupported: [subjectOpen, 'dk.bsp.subject_close', 'SyncError', 'UserLogout', ...events],
      websocketSupport: true,
      fhircastVersion: '3.0.0',
      getCurrentSupport: true,
      capabilities: {supportsGetCurrentContext: true, supportsNonCurrentContextUpdates: false},
    });
    assert.match(topic, /^[\w-]{44}$/);
    const without = await run([plain]);
    await problemIn(await without.client.request('/bridge'), 404, 'not-applicable');
    await problemIn(await without.client.request('/fhircast/x'), 404, 'not-found');
  });

  it('subscribes as in the example of section 2.4, and confirms on the socket', async () => {
    const {join, topic} = await hub();
    const program = await join('Patient-open,Patient-close');
    assert.match(program.socket.url, /^ws:\/\/127\.0\.0\.1:\d+\/bsp\/v1\/fhircast\/socket\/demo\/[\w-]{32}$/);
    const {'hub.lease_seconds': lease, ...confirmation} = program.messages[0]!;
    assert.deepEqual(confirmation, {
      'hub.mode': 'subscribe',
      'hub.topic': topic,
      'hub.events': 'Patient-open,Patient-close',
    });
    assert.ok(typeof lease === 'number' && lease > 0 && lease <= 8 * 3_600);
  });

  it('tells the event of section 2.5 with its id and context, to the one who asked for it too', async () => {
    const {join, publish, topic} = await hub();
    const [one, other, another] = await Promise.all([
      join('patient-OPEN'),
      join('Patient-open,Patient-open'),
      join('Patient-close'),
    ]);
    // The example of "Event Notification Request".
    const context = [
      {
        key: 'patient',
        resource: {
          resourceType: 'Patient',
          id: 'ewUbXT9RWEbSj5wPEdgRaBw3',
          identifier: [
            {
              value: '530002010',
              type: {
                coding: [
                  {
                    system: 'http://terminology.hl7.org/CodeSystem/v2-0203',
                    value: 'MR',
                    display: 'Medication Record Number',
                  },
                ],
              },
            },
          ],
        },
      },
    ];
    const given = {id: 'q9v3jubddqt63n1', timestamp: '2018-01-08T01:37:05.14'};
    assert.equal((await publish({'hub.event': 'Patient-open', context}, given)).status, 202);
    for (const program of [one!, other!]) {
      const {id, event, timestamp} = await program.event('Patient-open');
      assert.equal(id, given.id);
      const {versionId, ...rest} = event!;
      assert.deepEqual(rest, {'hub.topic': topic, 'hub.event': 'Patient-open', context});
      assert.ok(versionId);
      assert.ok(Math.abs(Date.parse(timestamp!) - Date.now()) < 3_600_000, 'the hub dates it');
    }
    assert.equal(another!.messages.length, 1);
  });

  it('gives each context a version, and dates them in order whatever the programs’ clocks say', async () => {
    const {join, publish, client, topic} = await hub();
    const program = await join('Patient-open,Patient-close');
    const context = (id: string) => [{key: 'patient', resource: {resourceType: 'Patient', id}}];
    const anHour = 3_600_000;
    for (const [index, ahead] of [anHour, -anHour, 0].entries())
      await publish(
        {'hub.event': 'Patient-open', context: context(`p${index}`)},
        {timestamp: new Date(Date.now() + ahead).toISOString()},
      );
    const told = [
      await program.event('Patient-open'),
      await program.event('Patient-open', 1),
      await program.event('Patient-open', 2),
    ];
    assert.deepEqual(
      told.map(({event}) => event?.priorVersionId),
      [undefined, ...told.slice(0, 2).map(({event}) => event?.versionId)],
    );
    const times = told.map(({timestamp}) => Date.parse(timestamp!));
    assert.ok(times[0]! < times[1]! && times[1]! < times[2]!);
    const current = async () => (await (await client.request(`/fhircast/${topic}`)).json()) as Record<string, unknown>;
    assert.deepEqual(await current(), {
      'context.type': 'Patient',
      'context.versionId': told[2]!.event!.versionId,
      context: context('p2'),
    });
    const stale = await publish({
      'hub.event': 'Patient-open',
      context: context('p3'),
      priorVersionId: told[0]!.event!.versionId,
    });
    assert.equal(stale.status, 409);
    // Closing another than what is open leaves it open; closing it leaves an empty context (section 2.9).
    await publish({'hub.event': 'Patient-close', context: context('p1')});
    assert.equal((await current())['context.type'], 'Patient');
    await publish({'hub.event': 'Patient-close', context: context('p2')});
    const {'context.versionId': version, ...empty} = await current();
    assert.deepEqual(empty, {'context.type': '', context: []});
    assert.ok(version);
  });

  it('tells a repeated event once', async () => {
    const {join, publish} = await hub();
    const program = await join('Patient-open,Encounter-open');
    const event = {'hub.event': 'Patient-open', context: [{key: 'patient', resource: {id: 'x'}}]};
    for (let time = 0; time < 3; time++) assert.equal((await publish(event, {id: 'again'})).status, 202);
    await publish({'hub.event': 'Encounter-open', context: []});
    await program.event('Encounter-open');
    assert.equal(program.messages.length, 3);
  });

  it('tells who subscribes what is open, and only what they asked for', async () => {
    const {join, open, publish} = await hub();
    await open(anna);
    const [late, other] = [await join(subjectOpen), await join('Patient-open')];
    const {event} = await late.event(subjectOpen);
    assert.match(JSON.stringify(event!.context), /"p-[\w-]{22}"/);
    await publish({'hub.event': 'Patient-open', context: []});
    await other.event('Patient-open');
    assert.equal(other.messages.length, 2);
  });

  it('carries handles of this user only, and no number anywhere', async () => {
    const {join, open, publish, subject, log} = await hub();
    const program = await join(subjectOpen);
    await open(anna);
    await open(bo);
    await program.event(subjectOpen, 1);
    for (const context of [
      subject('p-AAAAAAAAAAAAAAAAAAAAAA'),
      subject(anna.value),
      subject(undefined),
      [],
      [{key: 'patient', resource: {id: 'x'}}],
    ])
      assert.equal((await publish({'hub.event': subjectOpen, context})).status, 400);
    const withNumber = [{key: 'patient', resource: {identifier: [{value: '700690-0126'}]}}];
    const refusal = await publish({'hub.event': 'Patient-open', context: withNumber});
    assert.equal(refusal.status, 400);
    const said = JSON.stringify(program.messages) + log.join('') + (await refusal.text());
    for (const number of numbers) assert.ok(!said.includes(number));
    assert.equal(program.messages.length, 3);
  });

  it('logs neither topic nor address', async () => {
    const {join, open, log, topic} = await hub();
    const program = await join(subjectOpen);
    await open(anna);
    await program.event(subjectOpen);
    const secret = program.socket.url.split('/').at(-1)!;
    for (const text of [topic, secret]) assert.ok(!log.join('').includes(text));
  });

  for (const [status, what] of [
    [409, 'refused to follow context'],
    ['404', 'refused to follow context'],
    [500, 'failed to follow context'],
    ['503', 'failed to follow context'],
  ] as const)
    it(`tells the others that a program answered ${status}`, async () => {
      const {join, open} = await hub();
      const [one, other] = [
        await join(`${subjectOpen},SyncError`, {'subscriber.name': 'Acme Product'}),
        await join(`${subjectOpen},SyncError`),
      ];
      await open(anna);
      const told = await one.event(subjectOpen);
      one.answer(told, status);
      other.answer(await other.event(subjectOpen), '200');
      const {event} = await other.event('SyncError');
      // The example of section 3.2.1, with the systems of its profile.
      assert.deepEqual(event!.context, [
        {
          key: 'operationoutcome',
          resource: {
            resourceType: 'OperationOutcome',
            issue: [
              {
                severity: 'warning',
                code: 'processing',
                diagnostics: `Acme Product ${what}`,
                details: {
                  coding: [
                    {system: 'https://fhircast.hl7.org/events/syncerror/eventid', code: told.id},
                    {system: 'https://fhircast.hl7.org/events/syncerror/eventname', code: subjectOpen},
                    {system: 'https://fhircast.hl7.org/events/syncerror/subscribername', code: 'Acme Product'},
                  ],
                },
              },
            ],
          },
        },
      ]);
      await open(bo);
      await one.event(subjectOpen, 1);
      assert.ok(!one.messages.some(({event: own}) => own?.['hub.event'] === 'SyncError'), 'it knows');
    });

  it('hears of a refusal by a SyncError event too (202 first, section 2.5)', async () => {
    const {join, open, publish} = await hub();
    const [one, other] = [await join(subjectOpen), await join(`${subjectOpen},SyncError`)];
    await open(anna);
    one.answer(await one.event(subjectOpen), 202);
    other.answer(await other.event(subjectOpen), 200);
    await publish({'hub.event': 'syncerror', context: [{key: 'operationoutcome', resource: {}}]});
    assert.ok(await other.event('SyncError'));
  });

  it('tells of a program that is silent for 10 seconds, and unsubscribes it', async () => {
    mock.timers.enable({apis: ['setTimeout']});
    try {
      const {join, open} = await hub();
      const [silent, other] = [
        await join(subjectOpen, {'subscriber.name': 'Stille'}),
        await join(`${subjectOpen},SyncError`),
      ];
      await open(anna);
      await silent.event(subjectOpen);
      other.answer(await other.event(subjectOpen), 200);
      // Its answer has come when the ping behind it is answered.
      const ponged = new Promise((resolve) => other.socket.once('pong', resolve));
      other.socket.ping();
      await ponged;
      mock.timers.tick(9_999);
      assert.equal(silent.closed, undefined);
      mock.timers.tick(1);
      const {event} = await other.event('SyncError');
      assert.match(JSON.stringify(event), /Stille did not answer/);
      assert.equal(await silent.end(), 1000);
      assert.equal(silent.messages.at(-1)!['hub.mode'], 'denied');
      assert.equal(other.closed, undefined);
    } finally {
      mock.timers.reset();
    }
  });

  it('tells of a connection that broke, and not of one that was closed', async () => {
    const {join, open} = await hub();
    const other = await join('SyncError,Patient-open');
    const [gone, left] = [
      await join(subjectOpen, {'subscriber.name': 'Borte'}),
      await join(subjectOpen, {'subscriber.name': 'Gik'}),
    ];
    await open(anna);
    left.socket.close(1000);
    await left.end();
    gone.socket.terminate();
    const {event} = await other.event('SyncError');
    assert.match(JSON.stringify(event), /Borte lost its connection/);
    assert.ok(!JSON.stringify(other.messages).includes('Gik'));
  });

  it('changes a subscription, and ends one as section 2.4 has it', async () => {
    const {join, form, publish, topic, subscribe} = await hub();
    const program = await join('Patient-open');
    const endpoint = program.socket.url;
    assert.equal(await subscribe('Encounter-open', {'hub.channel.endpoint': endpoint}), endpoint);
    await program.until((messages) => messages.find((one) => one['hub.events'] === 'Encounter-open'));
    await publish({'hub.event': 'Patient-open', context: []});
    await publish({'hub.event': 'Encounter-open', context: []});
    await program.event('Encounter-open');
    assert.ok(!program.messages.some(({event}) => event?.['hub.event'] === 'Patient-open'));
    // As in the example: the address ends with a line break.
    const unsubscribe = {
      'hub.channel.type': 'websocket',
      'hub.mode': 'unsubscribe',
      'hub.topic': topic,
      'hub.channel.endpoint': `${endpoint}\n`,
    };
    const response = await form(unsubscribe);
    assert.deepEqual([response.status, await response.json()], [202, {'hub.channel.endpoint': `${endpoint}\n`}]);
    assert.equal(await program.end(), 1000);
    const {'hub.reason': reason, ...denied} = program.messages.at(-1)!;
    assert.deepEqual(denied, {'hub.mode': 'denied', 'hub.topic': topic, 'hub.events': 'Encounter-open'});
    assert.ok(reason);
    assert.equal((await form(unsubscribe)).status, 404);
    const again = new Program(endpoint);
    programs.push(again);
    assert.equal(await again.end(), 1006);
    assert.equal(again.messages.length, 0);
  });

  it('gives a subscription one socket: the last', async () => {
    const {join} = await hub();
    const first = await join('Patient-open');
    const second = new Program(first.socket.url);
    programs.push(second);
    await second.until((messages) => messages[0]);
    assert.equal(await first.end(), 1000);
    assert.equal(second.closed, undefined);
  });

  it('ends a subscription with its lease', async () => {
    const {join} = await hub();
    const program = await join('Patient-open', {'hub.lease_seconds': '1'});
    assert.equal(program.messages[0]!['hub.lease_seconds'], 1);
    assert.equal(await program.end(), 1000);
    assert.equal(program.messages.at(-1)!['hub.mode'], 'denied');
  });

  it('refuses what is not of the specification, in plain text that repeats nothing', async () => {
    const {form, publish, topic, client} = await hub();
    const good = {
      'hub.channel.type': 'websocket',
      'hub.mode': 'subscribe',
      'hub.topic': topic,
      'hub.events': 'Patient-open',
    };
    for (const [change, status] of [
      [{'hub.channel.type': 'webhook'}, 400],
      [{'hub.mode': 'listen'}, 400],
      [{'hub.events': ''}, 400],
      [{'hub.events': 'Observation-open'}, 400],
      [{'hub.lease_seconds': '-1'}, 400],
      [{'hub.topic': 'fdb2f928-5546-4f52-87a0-0648e9ded065'}, 404],
      [{'hub.mode': 'unsubscribe'}, 400],
      [{'subscriber.name': 'Program 700690-0126'}, 400],
      [{'hub.channel.endpoint': 'wss://hub.example.com/ee30d3b9-1558-464f-a299-cbad6f8135de'}, 404],
    ] as const) {
      const response = await form({...good, ...change} as Record<string, string>);
      const text = await response.text();
      assert.equal(response.status, status, `${JSON.stringify(change)}: ${text}`);
      assert.match(response.headers.get('content-type')!, /^text\/plain/);
      for (const value of Object.values(change)) if (value.length > 20) assert.ok(!text.includes(value));
    }
    const twice = await client.request('/fhircast', {
      method: 'POST',
      headers: {'content-type': 'application/x-www-form-urlencoded'},
      body: `${new URLSearchParams(good)}&hub.topic=${topic}`,
    });
    assert.equal(twice.status, 400);
    for (const event of [
      {'hub.event': 'Observation-open', context: []},
      {'hub.event': 'Patient-open'},
      {'hub.event': 'Patient-open', context: [{}]},
      {context: []},
    ])
      assert.equal((await publish(event)).status, 400);
    assert.equal((await publish({'hub.event': 'Patient-open', context: []}, {timestamp: 'yesterday'})).status, 400);
    assert.equal((await publish({'hub.event': 'Patient-open', 'hub.topic': 'another', context: []})).status, 404);
    assert.equal((await client.request('/fhircast/another')).status, 404);
  });

  it('hears no garbage on a socket, and lets nobody in without an address', async () => {
    const {join, open, client} = await hub();
    const program = await join(subjectOpen);
    for (const text of ['', 'null', '{', '[]', '{"id":1}', '{"id":"x","status":"OK"}', '{"id":"x","status":200}'])
      program.socket.send(text);
    await open(anna);
    program.answer(await program.event(subjectOpen), 200);
    assert.equal(program.closed, undefined);
    const base = client.base.replace('http', 'ws');
    for (const path of [
      '/fhircast/socket/demo/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
      '/fhircast/socket/other/x',
      '/me',
      '/live',
    ]) {
      const stranger = new Program(base + path);
      programs.push(stranger);
      assert.equal(await stranger.end(), 1006);
    }
    program.socket.send('x'.repeat(70_000));
    assert.equal(await program.end(), 1009);
  });

  it('outlives whoever asks for a socket at no address, and whoever leaves in the middle of it', async () => {
    const {client} = await hub();
    const {port} = new URL(client.base);
    const asking = async (path: string) => {
      const socket = connect(Number(port), '127.0.0.1');
      await once(socket, 'connect');
      socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n`);
      return socket;
    };
    for (const path of ['//', '//[', '/x', '/bsp/v1/fhircast/socket/', '/bsp/v1/fhircast/socket//%00']) {
      const socket = await asking(path);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      assert.match(String(answer), /^HTTP\/1\.1 404 /, path);
      // Nobody waits for it to say goodbye.
      await once(socket, 'close');
      (await asking(path)).resetAndDestroy();
    }
    assert.equal((await client.request('/me')).status, 200);
  });

  it('lets go of a program that does not read, and tells the others', async () => {
    const {gateway, join, publish, subscribe} = await hub();
    const other = await join('SyncError');
    const {storage, config} = gateway.rooms[0]!;
    const store = hubStoreOf(storage, config.tenant.id);
    const secret = new URL(await subscribe('Patient-open', {'subscriber.name': 'Taub'})).pathname.split('/').at(-1)!;
    const subscription = await store.connect(store.endpointKey(secret));
    assert(subscription);
    const deaf = new Deaf();
    const lines = hubOf(storage, gateway.app.log);
    await lines.join(store, subscription, deaf as unknown as WebSocket);
    const gone = once(deaf, 'close').then(() => true);
    const isGone = () => Promise.race([gone, new Promise<boolean>((no) => setImmediate(no, false))]);
    const context = [{key: 'patient', resource: {resourceType: 'Patient', text: 'x'.repeat(60_000)}}];
    while (!(await isGone())) assert.equal((await publish({'hub.event': 'Patient-open', context})).status, 202);
    assert(deaf.bufferedAmount < 1.5 * 1024 * 1024, `${deaf.bufferedAmount}`);
    assert.match(JSON.stringify(await other.event('SyncError')), /Taub lost its connection/);
    lines.close();
  });

  it('is one hub over several processes', async () => {
    const first = await hub();
    const second = await hub(await run([plain], on));
    assert.equal(first.topic, second.topic);
    const program = await first.join(`${subjectOpen},SyncError`);
    const other = await second.join(`${subjectOpen},SyncError`, {'subscriber.name': 'På den anden'});
    await second.open(anna);
    program.answer(await program.event(subjectOpen), 200);
    other.answer(await other.event(subjectOpen), 409);
    assert.match(JSON.stringify(await program.event('SyncError')), /På den anden refused/);
    // Subscribed with one process, connected to another.
    const {pathname} = new URL(await first.subscribe(subjectOpen));
    const crossing = new Program(`ws://${new URL(second.client.base).host}${pathname}`);
    programs.push(crossing);
    assert.ok(await crossing.event(subjectOpen));
  });

  it('keeps nothing of a program that was gone before its line stood', async () => {
    const {gateway, subscribe} = await hub();
    const {storage, config} = gateway.rooms[0]!;
    const store = hubStoreOf(storage, config.tenant.id);
    const found = deferred();
    const late: HubStore = {
      ...store,
      topic: async (name) => {
        await found.promise;
        return store.topic(name);
      },
    };
    const secret = new URL(await subscribe(subjectOpen)).pathname.split('/').at(-1)!;
    const subscription = await store.connect(store.endpointKey(secret));
    assert(subscription);
    const socket = Object.assign(new EventEmitter(), {send() {}, close() {}});
    const lines = hubOf(storage, gateway.app.log);
    const joined = lines.join(late, subscription, socket as unknown as WebSocket);
    socket.emit('close', 1001);
    const timers = mock.method(globalThis, 'setTimeout');
    found.resolve();
    await joined;
    assert(timers.mock.calls.every(({arguments: [, milliseconds = 0]}) => milliseconds < 60_000));
    timers.mock.restore();
    lines.close();
  });

  it('goes away with the gateway', async () => {
    const {join, stop} = await hub();
    const program = await join(subjectOpen);
    await stop();
    assert.equal(await program.end(), 1001);
  });
});

describe('what a user may ask of the hub', () => {
  const {run} = gateways(memoryStorage);
  it('has the bounds of what may be asked in contexts', async () => {
    const issuer = await startIssuer();
    const {client: anybody} = await run([plain], {
      ...on,
      auth: authFor(issuer),
      tenant: korsbaek,
      requestRate: {perMinute: 1, burst: 2},
    });
    const [karla, knud] = [
      anybody.as(await issuer.token({sub: 'karla'})),
      anybody.as(await issuer.token({sub: 'knud'})),
    ];
    const asking = (client: Client) => client.post('/fhircast', '{}').then(({status}) => status);
    assert.deepEqual([await asking(karla), await asking(karla), await asking(karla)], [400, 400, 429]);
    assert.equal((await karla.request('/fhircast/x')).headers.get('retry-after'), '60');
    assert.equal(await asking(knud), 400);
  });

  it('is read in no time, however many names stand in a form', () => {
    const names = Array.from({length: 16_000}, (_, index) => index.toString(36)).join('&');
    const times = [1, 2, 3].map(() => {
      const begun = performance.now();
      assert.throws(() => subscriptionOf(names), ProblemError);
      return performance.now() - begun;
    });
    assert(Math.min(...times) < 150, times.join(' '));
  });
});

describe('places of bridges', () => {
  const {run} = gateways(memoryStorage);
  it('differ between users, and stay with one', async () => {
    const placesOf = async (demoUser: object) => {
      const {client} = await run([plain], {...on, demoUser});
      return (await (await client.request('/bridge')).json()) as Places;
    };
    const karla = await placesOf({id: 'karla', name: 'Karla'});
    assert.notEqual(karla.tabs, karla.fhircast.topic);
    assert.equal(karla.fhircast.url, '/bsp/v1/fhircast');
    const bodil = await placesOf({id: 'bodil', name: 'Bodil'});
    assert.notEqual(karla.tabs, bodil.tabs);
    assert.notEqual(karla.fhircast.topic, bodil.fhircast.topic);
    assert.deepEqual(await placesOf({id: 'karla', name: 'Karla'}), karla);
  });
});
