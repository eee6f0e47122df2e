// Real servers on this machine that are ill in every way, beside one that is well: what a window gets of each. Whatever one
// of them does, the rest shows.
import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer as createHttp, type IncomingMessage, type RequestListener, type ServerResponse} from 'node:http';
import {createServer as createHttps} from 'node:https';
import {type AddressInfo, createServer as createTcp, type Server, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, describe, it} from 'node:test';
import {type End, type Frame, type FrameStatus, frameSchema, type Plan} from '@bsp/contract';
import {certificateOf} from './certificate.test.js';
import {anna, answering, bo, caseOf, gateways, memoryStorage, scripted} from './harness.test.js';

const folder = mkdtempSync(join(tmpdir(), 'bsp-faults-'));
after(() => rmSync(folder, {recursive: true, force: true}));

/** Listens until the tests are over. */
async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}
const http = async (handler: RequestListener) => `http://127.0.0.1:${await listening(createHttp(handler))}`;
/** What happens on the bare connection, once something was asked. */
const tcp = async (asked: (socket: Socket) => void) =>
  `http://127.0.0.1:${await listening(createTcp({allowHalfOpen: true}, (socket) => socket.once('data', () => asked(socket))))}`;

const row = (id: string, {cpr = anna.value as string, title = `Sag ${id}`, at = '2026-11-01'} = {}) => ({
  ...{id, cpr, at},
  t: title,
  s: 'I gang',
});
const sendJson = (response: ServerResponse, value: unknown) =>
  response.writeHead(200, {'content-type': 'application/json'}).end(JSON.stringify(value));
const sends =
  (text: string | Buffer, headers: Record<string, string> = {}, status = 200): RequestListener =>
  (_, response) =>
    void response.writeHead(status, {'content-type': 'application/json', ...headers}).end(text);

const map = {id: 'id', title: 't', status: 's', changedAt: 'at'};
const cases = {post: 'cases', body: {cpr: '{number}'}, items: 'rows', about: {number: 'cpr'}, map};
const jsonSource = (id: string, baseUrl: string, more: object = {}) => ({
  ...{id, baseUrl, connector: 'json-http', records: {cases}, deadlineMs: 30_000},
  ...more,
});
const soapSource = (id: string, url: string) => ({
  id,
  connector: 'sf1520',
  endpoint: `${url}/person`,
  deadlineMs: 2_000,
});

const person4 = 'http://serviceplatformen.dk/xml/wsdl/soap11/CPR/PersonBaseDataExtended/4/';
const envelope = (body: string) =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`;
const personXml = (number: string, name: string) =>
  envelope(
    `<PersonLookupResponse xmlns="${person4}"><persondata><personnummer>${number}</personnummer><gaeldendePersonnummer>${number}</gaeldendePersonnummer><navn><personadresseringsnavn>${name}</personadresseringsnavn><fornavn>${name}</fornavn><efternavn>Bæk</efternavn></navn><foedselsdato><dato>1990-06-10</dato></foedselsdato><koen>K</koen><status><status>1</status></status></persondata></PersonLookupResponse>`,
  );
const sendsXml = (text: string, status = 200) => sends(text, {'content-type': 'text/xml; charset=utf-8'}, status);

const day = 86_400_000;
/** A service over TLS whose certificate is right but for what is given. */
async function tls(id: string, parts: {ip?: string; from?: number; to?: number}, isTrusted = true) {
  const {ip = '127.0.0.1', from = -day, to = day} = parts;
  const {cert, key} = certificateOf({ip, from: new Date(Date.now() + from), to: new Date(Date.now() + to)});
  const caFile = join(folder, `${id}.pem`);
  writeFileSync(caFile, cert);
  const port = await listening(createHttps({cert, key}, (_, response) => sendJson(response, {rows: [row(`${id}-1`)]})));
  return jsonSource(id, `https://127.0.0.1:${port}`, isTrusted ? {tls: {caFile}} : {});
}

/** Sends something now and then, never an end. */
function drip(response: ServerResponse): void {
  response.writeHead(200, {'content-type': 'application/json'});
  response.write('{"rows":[');
  const dripping = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(dripping));
}

/** Sends without end, as fast as it is taken. */
function flood(response: ServerResponse): void {
  response.writeHead(200, {'content-type': 'application/json'});
  const block = `${JSON.stringify(row('flood'))},`.repeat(500);
  const pour = () => {
    while (response.write(block));
  };
  response.write('{"rows":[');
  response.on('drain', pour);
  pour();
}

async function closedPort(): Promise<string> {
  const server = createTcp();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

interface Ill {
  readonly source: object & {readonly id: string};
  readonly status: FrameStatus;
  readonly code: string;
  /** Ids of what is shown nevertheless. */
  readonly shown?: readonly string[];
}

/** Every ill source of cases, and how it is told of. */
async function illSources(): Promise<Ill[]> {
  const ill = (
    source: Ill['source'],
    status: FrameStatus,
    code: string = status,
    more: {shown?: readonly string[]} = {},
  ): Ill => ({source, status, code, ...more});
  const short = {deadlineMs: 400};
  const half = JSON.stringify({rows: [row('half-1'), row('half-2')]});
  return [
    ill(jsonSource('silent', await tcp(() => {}), short), 'timeout'),
    ill(jsonSource('drips', await http((_, response) => drip(response)), short), 'timeout'),
    ill(jsonSource('dead', await closedPort()), 'unavailable'),
    ill(jsonSource('resets', await tcp((socket) => socket.resetAndDestroy())), 'unavailable'),
    ill(jsonSource('half-closes', await tcp((socket) => socket.end())), 'unavailable'),
    ill(jsonSource('head-only', await tcp((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-le'))), 'unavailable'),
    ill(
      jsonSource(
        'breaks-off',
        await http((_, response) => {
          response.writeHead(200, {'content-type': 'application/json', 'content-length': half.length});
          response.write(half.slice(0, -4), () => response.socket!.destroy());
        }),
      ),
      'unavailable',
    ),
    ill(jsonSource('garbage', await tcp((socket) => socket.end(randomBytes(2_000)))), 'invalid', 'protocol'),
    ill(jsonSource('half-json', await http(sends(half.slice(0, -4)))), 'invalid', 'protocol'),
    ill(jsonSource('binary', await http(sends(randomBytes(2_000)))), 'invalid', 'protocol'),
    ill(
      jsonSource('page', await http(sends('<html>Log ind</html>', {'content-type': 'text/html'}))),
      'invalid',
      'protocol',
    ),
    ill(jsonSource('not-packed', await http(sends(half, {'content-encoding': 'gzip'}))), 'invalid', 'protocol'),
    ill(
      jsonSource('floods', await http((_, response) => flood(response)), {maxBytes: 500_000, deadlineMs: 30_000}),
      'invalid',
      'too-large',
    ),
    ill(jsonSource('error', await http(sends('{"cpr":"hemmelig"}', {}, 500))), 'unavailable'),
    ill(jsonSource('refuses', await http(sends('{}', {}, 403))), 'forbidden'),
    ill(
      jsonSource('other-person', await http((_, response) => sendJson(response, {rows: [row('b1', {cpr: bo.value})]}))),
      'invalid',
      'wrong-subject',
    ),
    ill(
      jsonSource(
        'one-of-another',
        await http((_, response) => sendJson(response, {rows: [row('mine'), row('b2', {cpr: bo.value})]})),
      ),
      'invalid',
      'wrong-subject',
    ),
    ill(await tls('expired', {from: -2 * day, to: -day}), 'unavailable'),
    ill(await tls('not-yet', {from: day, to: 2 * day}), 'unavailable'),
    ill(await tls('other-host', {ip: '127.0.0.9'}), 'unavailable'),
    ill(await tls('unknown', {}, false), 'unavailable'),
  ];
}

describe('a read while sources are ill', () => {
  const {run} = gateways(memoryStorage);

  /** All messages of a read of these resources, held against the contract. */
  async function readOf(sources: readonly object[], resources: readonly string[]) {
    const started = await run(sources);
    const {client} = started;
    const {contextId} = await client.open(anna);
    const messages: (Plan | Frame | End)[] = [];
    for await (const message of client.stream(
      contextId,
      resources.map((resource) => ({resource})),
    ))
      messages.push(message);
    const [plan, ...rest] = messages;
    const end = rest.pop();
    assert(plan?.kind === 'plan' && end?.kind === 'end' && end.readId === plan.readId);
    for (const frame of rest) {
      assert(frameSchema.safeParse(frame).success, JSON.stringify(frame));
      assert(frame.kind === 'frame' && frame.readId === plan.readId && frame.contextId === contextId);
    }
    const frames = rest as Frame[];
    const planned = resources.flatMap((resource) =>
      plan.resources[resource]!.sources.map(({id}: {id: string}) => `${resource} ${id}`),
    );
    const told = new Set(frames.map(({resource, source}) => `${resource} ${source.id}`));
    assert.deepEqual([...told].sort(), planned.sort(), 'every source that was planned is told of');
    // Neither in what the window gets nor in the log.
    const text = JSON.stringify(messages) + started.log.join('');
    for (const secret of [anna.value, bo.value, 'hemmelig', 'Sag b1', 'Sag b2', 'Birthe'])
      assert(!text.includes(secret), 'it tells what it must not');
    return {...started, frames, of: (id: string) => frames.filter(({source}) => source.id === id)};
  }
  const idsIn = (frames: readonly Frame[]) =>
    frames.flatMap(({items}) => (items as {ref: {id: string}}[]).map(({ref}) => ref.id));

  it('shows all of those that are well, and says of each of the others what is the matter', async () => {
    const ill = await illSources();
    const well = jsonSource(
      'well',
      await http((_, response) =>
        sendJson(response, {rows: Array.from({length: 700}, (_row, index) => row(`w${index}`))}),
      ),
    );
    const {of} = await readOf(
      [
        ...ill.map(({source}) => source),
        well,
        await tls('well-tls', {}),
        scripted('here', answering('cases', [caseOf('h')])),
      ],
      ['cases'],
    );
    assert.equal(idsIn(of('well')).length, 700);
    assert.deepEqual(idsIn(of('well-tls')), ['well-tls-1']);
    assert.deepEqual(idsIn(of('here')), ['h']);
    for (const id of ['well', 'well-tls', 'here'])
      assert(of(id).every(({status, problem}) => status === 'ok' && !problem));
    const seen = ill.map(({source: {id}}) => {
      const last = of(id).at(-1)!;
      return [id, last.status, last.problem?.code, idsIn(of(id))];
    });
    assert.deepEqual(
      seen,
      ill.map(({source: {id}, status, code, shown = []}) => [id, status, code, shown]),
    );
  });

  it('keeps what came before a source broke off in the middle, and says that it is not all', async () => {
    let asked = 0;
    const url = await http((_, response) => {
      if (asked++ === 0) sendJson(response, {rows: [row('first')], next: '/cases?page=2'});
      else response.socket!.destroy();
    });
    const {items, about} = cases;
    const paged = {get: 'cases', items, about, map, paging: {by: 'link', next: 'next'}};
    const {of} = await readOf([jsonSource('half', url, {records: {cases: paged}})], ['cases']);
    assert.deepEqual(idsIn(of('half')), ['first']);
    assert.equal(of('half').at(-1)!.status, 'unavailable');
  });

  it('holds SOAP to the same: another person’s answer, a bomb, a fault, half of it', async () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${envelope('&b;')}`;
    const mine = personXml(anna.value, 'Anna');
    const answers = {
      'other-person': sendsXml(personXml(bo.value, 'Birthe')),
      bomb: sendsXml(bomb),
      fault: sendsXml(
        envelope('<s:Fault><faultcode>s:Server</faultcode><faultstring>hemmelig</faultstring></s:Fault>'),
        500,
      ),
      half: sendsXml(mine.slice(0, -60)),
      namespace: sendsXml(mine.replace('Extended/4/', 'Extended/3/')),
      well: sendsXml(mine),
    };
    const sources = await Promise.all(
      Object.entries(answers).map(async ([id, answer]) => soapSource(id, await http(answer))),
    );
    const {of} = await readOf(sources, ['person']);
    const told = Object.keys(answers).map((id) => {
      const [frame] = of(id);
      return [id, frame?.status, frame?.problem?.code, frame?.items.length];
    });
    assert.deepEqual(told, [
      ['other-person', 'invalid', 'wrong-subject', 0],
      ['bomb', 'invalid', 'protocol', 0],
      ['fault', 'unavailable', 'unavailable', 0],
      ['half', 'invalid', 'protocol', 0],
      ['namespace', 'invalid', 'protocol', 0],
      ['well', 'ok', undefined, 1],
    ]);
  });

  it('is not put out by a source whose clock is wrong', async () => {
    const ages = {past: '1987-01-01', future: '2187-01-01'};
    const sources = await Promise.all(
      Object.entries(ages).map(async ([id, at]) =>
        jsonSource(
          id,
          await http((request: IncomingMessage, response) => {
            request.resume();
            response.setHeader('date', new Date(at).toUTCString());
            sendJson(response, {rows: [row(id, {at})]});
          }),
        ),
      ),
    );
    const {frames} = await readOf(
      [...sources, scripted('claims', answering('cases', [caseOf('c')], {asOf: '2187-01-01T00:00:00Z'}))],
      ['cases'],
    );
    assert.deepEqual(idsIn(frames).sort(), ['c', 'future', 'past']);
    assert(frames.every(({status}) => status === 'ok'));
  });

  it('asks a dead source no more after a while, tells so at once, and asks it when it is back', async () => {
    let isDown = true;
    let asked = 0;
    const url = await http((_, response) => {
      asked++;
      if (isDown) response.socket!.destroy();
      else sendJson(response, {rows: [row('back')]});
    });
    const {client, log} = await run([
      jsonSource('dying', url, {breaker: {failures: 3, pauseSeconds: 1}}),
      scripted('here', answering('cases', [caseOf('h')])),
    ]);
    const {contextId} = await client.open(anna);
    const read = async () => {
      const frames = await client.frames(contextId, 'cases');
      assert.deepEqual(idsIn(frames.filter(({source}) => source.id === 'here')), ['h']);
      return frames.find(({source}) => source.id === 'dying')!;
    };
    for (let time = 0; time < 3; time++) assert.equal((await read()).problem?.retryAfter, undefined);
    const before = asked;
    const refused = await read();
    assert.equal(refused.status, 'unavailable');
    assert(refused.problem!.retryAfter! >= 1);
    assert.equal(asked, before, 'nobody asks it');
    isDown = false;
    let again = await read();
    while (again.status !== 'ok') again = await read();
    assert.deepEqual(idsIn([again]), ['back']);
    const changes = log.flatMap((line) => (JSON.parse(line) as {breaker?: string}).breaker ?? []);
    assert.deepEqual(changes, ['open', 'half-open', 'closed']);
  });
});
