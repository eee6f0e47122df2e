// A vendor's own backend, in plain node:http and from the documents alone: it keeps the contract, but for the faults that it
// is given. It shares no code with the gateway, so that the suite is not held to our own way of doing things only.
import assert from 'node:assert/strict';
import {randomUUID} from 'node:crypto';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {type AcceptanceOptions, type Report, runAcceptance} from './index.js';

/** Nobody's numbers: 60 is added to the day of birth. */
export const people = {first: '7001900126', second: '6502850011', unknown: '6101019999'};

interface Known {
  readonly key: string;
  readonly name: string;
}
const known: Readonly<Record<string, Known>> = {
  [people.first]: {key: 'a', name: 'Anna Prøve'},
  [people.second]: {key: 'b', name: 'Bent Prøve'},
};
const maskOf = (number: string): string => `${number.slice(0, 6)}-••••`;
const longAgo = '2026-01-05T09:00:00+01:00';

type Json = Record<string, unknown>;
interface Context {
  readonly id: string;
  readonly user: string;
  readonly number: string | undefined;
  readonly cursor: number;
  open: boolean;
}
interface Line {
  readonly contexts: readonly Context[];
  readonly response: ServerResponse;
}

/** How the backend is, beyond its faults. */
export interface OwnBackendOptions {
  readonly faults?: readonly string[];
  /** What it offers of all that it could. */
  readonly offers?: (capability: string) => boolean;
  readonly prefix?: string;
  /** Milliseconds before any answer, and before the source `late` has one. */
  readonly farMs?: number;
  readonly lateMs?: number;
  /** Milliseconds before a change is told, and for which a live line stands at most. */
  readonly tellMs?: number;
  readonly lineMs?: number;
  /** Notes that there are of the first person from the start. */
  readonly olderNotes?: number;
  /** Contexts that may be opened in a second; more are a lawful 429. */
  readonly perSecond?: number;
  /** A purpose that every context needs. */
  readonly purpose?: string;
  /** Changes what is sent, as a proxy or a framework would. */
  readonly head?: (request: IncomingMessage, response: ServerResponse) => void;
}

const allCapabilities = [
  ...['person', 'cases', 'journal', 'events', 'documents', 'drafts', 'targets'].map((one) => `read:${one}`),
  ...['note.create', 'note.addendum', 'event.seen', 'reveal', 'draft.save', 'search', 'launch'].map(
    (one) => `act:${one}`,
  ),
  'live',
];
const sourcesOf: Readonly<Record<string, readonly string[]>> = {
  person: ['own'],
  cases: ['own', 'late'],
  journal: ['own'],
  events: ['own', 'dead'],
  documents: ['own'],
  drafts: ['own'],
  targets: ['own'],
};

class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly more: Json;
  constructor(status: number, code: string, more: Json = {}) {
    super(code);
    this.status = status;
    this.code = code;
    this.more = more;
  }
}
const refuse = (status: number, code: string, more?: Json): never => {
  throw new Refused(status, code, more);
};

/** Starts the backend; `close` also says when a fault that it was given is none that it has. */
export async function ownBackend(options: OwnBackendOptions = {}): Promise<{url: URL; close: () => void}> {
  const {prefix = '/api', farMs = 0, lateMs = 0, offers = () => true} = options;
  const asked = new Set<string>();
  const has = (fault: string): boolean => {
    asked.add(fault);
    return options.faults?.includes(fault) === true;
  };
  const capabilities = allCapabilities.filter(offers);
  const can = (capability: string): boolean => capabilities.includes(capability);
  const contexts = new Map<string, Context>();
  const handles = new Map<string, string>();
  const notes = new Map<string, Json[]>();
  const older = (_: unknown, at: number): Json => ({
    ...{ref: {source: 'own', id: `older-${at}`}, heading: 'Ældre', body: 'Ældre', author: {name: 'Tidligere'}},
    ...{occurredAt: longAgo, recordedAt: longAgo},
  });
  notes.set(people.first, Array.from({length: options.olderNotes ?? 0}, older));
  const drafts = new Map<string, Json>();
  const done = new Map<string, {sent: string; result: Json}>();
  const cursors = new Map<string, {context: string; resource: string; number: string; from: number}>();
  const codes = new Map<string, {number: string; user: string}>();
  const told: {cursor: number; number: string; resource: string}[] = [];
  const lines = new Set<Line>();
  const underWay = new Set<string>();
  let opened: number[] = [];

  const headersOf = (type: string): Record<string, string> => ({
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  const json = (response: ServerResponse, status: number, body: unknown, type = 'application/json'): void => {
    const text = JSON.stringify(body, null, has('writes its JSON with spaces') ? 2 : 0);
    response.writeHead(status, headersOf(type)).end(text);
  };

  const userOf = ({headers, url = ''}: IncomingMessage): string => {
    const token = headers.authorization ?? '';
    if (token === 'Bearer token-of-one') return 'one';
    if (token === 'Bearer token-of-other') return 'other';
    if (has('reads for who does not say who they are') && url.endsWith('/read')) return 'one';
    if (has('takes any token') && token !== '') return 'one';
    return refuse(401, 'unauthorized');
  };
  const bodyOf = async (request: IncomingMessage): Promise<Json> => {
    const {'content-type': type = '', 'content-length': length} = request.headers;
    if (!type.startsWith('application/json') && !(has('takes JSON as plain text') && type.startsWith('text/plain')))
      refuse(415, 'invalid-request');
    const most = 256 * 1024;
    if (Number(length) > most && has('closes the line on what is too large')) {
      // Lawful, and what many servers do: nothing more is read, and what was answered may not come through.
      request.socket.destroy();
    }
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > most && (length !== undefined || !has('counts only what is announced'))) continue;
      chunks.push(chunk);
    }
    if (size > most && (length !== undefined || !has('counts only what is announced'))) refuse(413, 'too-large');
    try {
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
      return typeof body === 'object' && body !== null && !Array.isArray(body)
        ? (body as Json)
        : refuse(400, 'invalid-request');
    } catch (thrown) {
      throw thrown instanceof Refused ? thrown : new Refused(400, 'invalid-request');
    }
  };
  const problemOf = (status: number, code: string, more: Json = {}): Json => ({
    type: `urn:bsp:problem:${code}`,
    title: 'Not so.',
    status,
    code,
    ...more,
    ...(has('numbers every problem') ? {traceId: randomUUID()} : {}),
  });

  const numberIn = (subject: Json, user: string): string | undefined => {
    if (subject.type === 'user') return undefined;
    const value = typeof subject.value === 'string' ? subject.value : refuse(400, 'invalid-subject');
    if (subject.type === 'ref') {
      const whose = handles.get(value);
      const number = whose?.slice(whose.indexOf(' ') + 1);
      const its = whose?.startsWith(`${user} `) || has("opens another user's handle");
      return number !== undefined && its ? number : refuse(400, 'invalid-subject');
    }
    if (subject.type !== 'cpr') refuse(400, 'invalid-subject');
    const [, day, month, rest] = /^(\d\d)(\d\d)(\d\d-?\d{4})$/.exec(value) ?? refuse(400, 'invalid-subject');
    if (Number(month) > 12 || Number(day) % 60 > (month === '02' ? 29 : 31) || month === '00')
      refuse(400, 'invalid-subject');
    return `${day}${month}${rest!.replace('-', '')}`;
  };
  const handleOf = (user: string, number: string): string => {
    const key = `${user} ${number}`;
    const [there] = [...handles].find(([, whose]) => whose === key) ?? [];
    const handle = there ?? (has('makes handles of numbers') ? Buffer.from(key).toString('base64') : randomUUID());
    handles.set(handle, key);
    return handle;
  };
  const shown = ({id, user, number, cursor}: Context): Json => ({
    contextId: id,
    subject:
      number === undefined ? {type: 'user'} : {type: 'cpr', masked: has('masks nothing') ? number : maskOf(number)},
    openedAt: new Date().toISOString(),
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    ...(number === undefined ? {} : {handle: handleOf(user, number)}),
    cursor: String(cursor),
  });
  const open = (user: string, {subject, purpose}: Json): Context => {
    if (typeof subject !== 'object' || subject === null) refuse(400, 'invalid-request');
    const number = numberIn(subject as Json, user);
    if (options.purpose !== undefined && purpose !== options.purpose) refuse(403, 'needs-purpose');
    opened = opened.filter((at) => at > Date.now() - 1_000);
    if (opened.length >= (options.perSecond ?? Number.POSITIVE_INFINITY))
      refuse(429, 'rate-limited', has('says no more than too much') ? {} : {retryAfter: 1});
    opened.push(Date.now());
    const context = {id: randomUUID(), user, number, cursor: told.length, open: true};
    contexts.set(context.id, context);
    return context;
  };
  const find = (id: string, user: string, fault: string): Context => {
    const context = contexts.get(id);
    if (!context) return refuse(409, 'context-closed');
    const its = context.user === user || has(`${fault} another user's context`);
    return its && (context.open || has(`${fault} a closed context`)) ? context : refuse(409, 'context-closed');
  };

  const recordsOf = (context: Context, resource: string, source: string, number: string): Json[] => {
    const who = known[number];
    if (resource === 'drafts')
      return [...drafts]
        .filter(([key]) =>
          has("shows another user's drafts")
            ? key.split(' ')[1] === number
            : key.startsWith(`${context.user} ${number} `),
        )
        .map(([, draft]) => draft);
    if (resource === 'targets') return [{ref: {source: 'own', id: 'next'}, name: 'Next', for: 'person'}];
    if (resource === 'journal') return [...(notes.get(number) ?? [])];
    if (!who) return [];
    const ref = (id: string) => ({source, id: `${resource}-${has('counts records by person') ? '' : who.key}-${id}`});
    const plain = {
      changedAt: has('tells days where there are to be moments') ? '2026-01-05' : longAgo,
      sensitivity: 'ordinary',
      status: {native: 'Åben'},
    };
    switch (resource) {
      case 'person': {
        const child = has("tells relatives' numbers") ? '640110-4321' : '640110-••••';
        const children = [{relation: 'child', name: 'Carl Prøve', masked: child}];
        return [{ref: ref('1'), name: who.name, masked: maskOf(number), status: {kind: 'active'}, children}];
      }
      case 'cases':
        return Array.from({length: source === 'own' ? 5 : 1}, (_, at) => ({
          ref: ref(`${at}`),
          title: `Sag ${at}`,
          ...plain,
        }));
      case 'documents':
        return [{ref: ref('1'), title: 'Brev', ...plain}];
      case 'events':
        return [{ref: ref('1'), type: 'letter', title: 'Brev sendt', occurredAt: longAgo, receivedAt: longAgo}];
      default:
        return [];
    }
  };
  const holds = (context: Context, resource: string, ref: unknown): boolean => {
    const {source, id} = ref as {source?: string; id?: string};
    return recordsOf(context, resource, source ?? '', context.number ?? '').some(
      (one) => (one.ref as {id: string}).id === id,
    );
  };

  const read = async (context: Context, {reads}: Json, response: ServerResponse): Promise<void> => {
    if (!Array.isArray(reads) || reads.length === 0) refuse(400, 'invalid-request', {pointer: '/reads'});
    const asks = reads as {resource: string; source?: string; cursor?: string}[];
    const jobs: {resource: string; source: string; number: string; from: number}[] = [];
    const plan: Record<string, {sources: Json[]; deadlineMs: number}> = {};
    for (const {resource, source, cursor} of asks) {
      if (typeof resource !== 'string') refuse(400, 'invalid-request', {pointer: '/reads'});
      if (has('leaves the journal out of its plan') && resource === 'journal') continue;
      const sources = (can(`read:${resource}`) ? (sourcesOf[resource] ?? []) : []).filter(
        (one) => source === undefined || one === source,
      );
      plan[resource] = {sources: sources.map((id) => ({id, name: id})), deadlineMs: 2_000};
      const at = cursor === undefined ? undefined : cursors.get(cursor);
      const isOurs = at?.context === context.id && at.resource === resource;
      const foreign = at && has('reads on by any cursor');
      const empty = cursor !== undefined && !isOurs && has('finds nothing by a cursor that is none');
      if (cursor !== undefined && !isOurs && !foreign && !empty) refuse(400, 'invalid-request', {pointer: '/reads'});
      if (at && has('does not answer when it is read on')) continue;
      for (const one of sources)
        jobs.push({
          resource,
          source: one,
          number: foreign ? at.number : (context.number ?? ''),
          from: empty ? 1_000 : (at?.from ?? 0),
        });
    }
    const base = {readId: randomUUID(), contextId: context.id};
    response.writeHead(200, headersOf('application/x-ndjson'));
    const write = (message: Json) => response.write(`${JSON.stringify({...base, ...message})}\n`);
    if (has('begins with a byte-order mark')) response.write('\uFEFF');
    const held: Json[] = [];
    const say = (message: Json) => void (has('holds its answer back') ? held.push(message) : write(message));
    say({kind: 'plan', resources: plan});
    await Promise.all(
      jobs.map(async ({resource, source, number, from}) => {
        if (source === 'late' && lateMs > 0) await new Promise((resolve) => setTimeout(resolve, lateMs));
        if (has('breaks off in the middle') && source === 'late') return void response.destroy();
        const frame = {kind: 'frame', resource, source: {id: source, name: source}, asOf: new Date().toISOString()};
        if (source === 'dead' && !has('tells a source that is down as empty'))
          return say({...frame, status: 'unavailable', mode: 'replace', items: []});
        const all = source === 'dead' ? [] : recordsOf(context, resource, source, number);
        const size = resource === 'drafts' ? 100 : 3;
        const items = all.slice(from, from + size);
        let next = {};
        if (from + size < all.length) {
          const cursor = randomUUID();
          cursors.set(cursor, {context: context.id, resource, number, from: from + size});
          next = {next: cursor};
        }
        say({...frame, status: 'ok', mode: from === 0 ? 'replace' : 'append', items, ...next});
      }),
    );
    for (const message of held) write(message);
    if (response.destroyed) return;
    write({kind: 'end', contextId: undefined});
    response.end();
  };

  const hears = ({contexts: of, response}: Line, {cursor, number, resource}: (typeof told)[number]): void => {
    for (const context of of)
      if (
        context.open &&
        cursor > context.cursor &&
        (context.number === number || has('tells everybody of everything'))
      )
        response.write(
          `id: ${cursor}\ndata: ${JSON.stringify({
            kind: 'notice',
            cursor: String(cursor),
            contextId: context.id,
            resource,
            source: 'own',
            ...(has('says in a notice whom it is about') ? {name: known[number]?.name} : {}),
          })}\n\n`,
        );
  };
  const tell = (number: string, resource: string): void => {
    setTimeout(() => {
      const notice = {cursor: told.length + 1, number, resource};
      told.push(notice);
      for (const line of lines) hears(line, notice);
    }, options.tellMs ?? 0);
  };

  const effectOf = (context: Context, type: string, payload: Json, key: string): unknown => {
    const number = context.number ?? '';
    const text = (name: string) =>
      typeof payload[name] === 'string' && payload[name] !== ''
        ? payload[name]
        : refuse(400, 'invalid-request', {pointer: `/payload/${name}`});
    const author = {name: context.user};
    switch (type) {
      case 'note.create': {
        const [heading, body] = [text('heading'), text('body')];
        if (Buffer.byteLength(body) > 100_000) refuse(413, 'too-large');
        const about = payload.case as {ref: unknown} | undefined;
        if (about && !holds(context, 'cases', about.ref)) refuse(409, 'foreign-item', {pointer: '/payload/case/ref'});
        const ref = {source: 'own', id: randomUUID()};
        const now = new Date().toISOString();
        // Oldest first, so that a new one stands on the last page.
        notes.set(number, [
          ...(notes.get(number) ?? []),
          {ref, heading, body, author, occurredAt: now, recordedAt: now, ...(about ? {case: about} : {})},
        ]);
        tell(number, 'journal');
        return {ref};
      }
      case 'note.addendum': {
        text('body');
        if (!holds(context, 'journal', payload.note) && !has('adds to any note'))
          refuse(409, 'foreign-item', {pointer: '/payload/note'});
        return {};
      }
      case 'event.seen': {
        const events = Array.isArray(payload.events) ? (payload.events as unknown[]) : refuse(400, 'invalid-request');
        if (!events.every((ref) => holds(context, 'events', ref)) && !has('marks any event'))
          refuse(409, 'foreign-item', {pointer: '/payload/events'});
        return {};
      }
      case 'reveal': {
        if (!holds(context, 'person', payload.ref) && !has('reveals whatever the record'))
          refuse(409, 'foreign-item', {pointer: '/payload/ref'});
        return {value: `${number.slice(0, 6)}-${number.slice(6)}`};
      }
      case 'draft.save': {
        const window = text('window');
        const place = `${context.user} ${number} ${window}`;
        const there = drafts.get(place);
        if (there?.version !== payload.over) refuse(409, 'conflict');
        if (payload.content === null) drafts.delete(place);
        else drafts.set(place, {window, content: payload.content, savedAt: new Date().toISOString(), version: key});
        return {};
      }
      case 'launch': {
        const code = randomUUID();
        codes.set(code, {number, user: context.user});
        return {url: `https://next.example/?launch=${code}`};
      }
      default: {
        if (context.number !== undefined) refuse(404, 'not-applicable');
        const [digits = ''] = /^\d{10}$/.exec(text('query').replace(/[\s-]/g, '')) ?? [];
        const whom = has('finds somebody else') ? people.second : digits;
        const leads = has('leads to somebody else') ? people.second : digits;
        const who = known[whom];
        const dead = has('searches a source that is down in vain') ? 'ok' : 'unavailable';
        return {
          hits: who
            ? [
                {
                  kind: 'person',
                  name: who.name,
                  masked: maskOf(whom),
                  subject: {type: 'ref', value: handleOf(context.user, leads)},
                },
              ]
            : [],
          sources: [
            {id: 'own', name: 'own', status: 'ok'},
            {id: 'dead', name: 'dead', status: dead},
          ],
        };
      }
    }
  };
  const act = (context: Context, {type, key, payload}: Json): Json => {
    if (typeof type !== 'string' || typeof key !== 'string' || key.length < 8 || payload === undefined)
      return refuse(400, 'invalid-request');
    if (!can(`act:${type}`)) refuse(404, 'not-applicable');
    const sent = JSON.stringify([type, payload]);
    const whose = has('keeps keys by context')
      ? context.id
      : has('keeps keys by user')
        ? context.user
        : `${context.user} ${context.number}`;
    const before = done.get(`${whose} ${key}`);
    const isKept = !['reveal', 'search', 'launch'].includes(type);
    if (isKept && before && before.sent !== sent) refuse(422, 'key-reused', {pointer: '/key'});
    if (isKept && before) return {...before.result, replayed: true};
    const given = typeof payload === 'object' && payload !== null ? (payload as Json) : refuse(400, 'invalid-request');
    const result = {key, type, at: new Date().toISOString(), result: effectOf(context, type, given, key)};
    done.set(`${whose} ${key}`, {sent, result});
    return result;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (farMs > 0) await new Promise((resolve) => setTimeout(resolve, farMs));
    const {method = 'GET', url = ''} = request;
    const {pathname, searchParams} = new URL(url, 'http://own.example');
    options.head?.(request, response);
    const path = pathname.startsWith(`${prefix}/v1`) ? pathname.slice(prefix.length + 3) : '';
    if (has('lets every page ask as the user')) {
      response.setHeader('access-control-allow-origin', request.headers.origin ?? '*');
      response.setHeader('access-control-allow-credentials', 'true');
      if (method === 'OPTIONS') return void response.writeHead(204).end();
    }
    if (path === '/launches/redeem' && method === 'POST') {
      if (request.headers.authorization !== `Basic ${Buffer.from('next:secret-of-next').toString('base64')}`)
        return void json(response, 401, problemOf(401, 'unauthorized'), 'application/problem+json');
      const code = String((await bodyOf(request)).code);
      const launched = codes.get(code) ?? refuse(404, 'not-found');
      if (!has('redeems a code twice')) codes.delete(code);
      const user = {id: launched.user, name: launched.user};
      const subject = {type: 'cpr', value: has('launches with somebody else') ? people.second : launched.number};
      return json(response, 200, {subject, user, tenant: {id: 't', name: 'T'}, launchedAt: new Date().toISOString()});
    }
    const user = userOf(request);
    if (has('asks for the proof of a page') && request.headers['x-requested-with'] !== 'bsp') refuse(403, 'forbidden');
    if (path === '/me') {
      const said = has('says cases, not read:cases') ? capabilities.map((one) => one.replace(/.*:/, '')) : capabilities;
      const purposes = options.purpose === undefined ? [] : [{id: options.purpose, label: 'Prøve'}];
      return json(response, 200, {
        user: {id: user, name: user},
        tenant: {id: 't', name: 'T'},
        capabilities: said,
        purposes,
      });
    }
    if (path === '/contexts' && method === 'POST')
      return json(
        response,
        201,
        shown(open(user, await bodyOf(request))),
        has('opens as plain text') ? 'text/plain' : undefined,
      );
    if (path === '/live' && can('live')) {
      const ids = searchParams.getAll('context');
      if (ids.length === 0) refuse(400, 'invalid-request');
      const mine = ids.map((id) => find(id, user, 'tells of'));
      response.writeHead(200, headersOf('text/event-stream')).write(': open\n\n');
      const line = {contexts: mine, response};
      const last = Number(request.headers['last-event-id'] ?? 0);
      for (const notice of told) if (notice.cursor > last) hears(line, notice);
      lines.add(line);
      response.on('close', () => lines.delete(line));
      if (options.lineMs !== undefined) setTimeout(() => response.end(), options.lineMs);
      return;
    }
    const [, id = '', rest = ''] = /^\/contexts\/([^/]+)(\/.*)?$/.exec(path) ?? refuse(404, 'not-found');
    if (rest === '' && method === 'DELETE') {
      const context = contexts.get(id);
      if (context && (context.user === user || has("closes another user's context"))) context.open = false;
      response.removeHeader('cache-control');
      return void response.writeHead(204).end();
    }
    if (rest === '' && method === 'GET') return json(response, 200, shown(find(id, user, 'shows')));
    if (rest === '/read' && method === 'POST') {
      const body = await bodyOf(request);
      return read(find(id, user, 'reads'), body, response);
    }
    if (rest === '/actions' && method === 'POST' && capabilities.some((one) => one.startsWith('act:'))) {
      const body = await bodyOf(request);
      if (has('does one action at a time')) {
        const key = String(body.key);
        if (underWay.has(key)) refuse(409, 'conflict', {retryAfter: 1});
        underWay.add(key);
        await new Promise((resolve) => setTimeout(resolve, 50));
        underWay.delete(key);
      }
      const type = has('answers actions as plain text') ? 'text/plain' : undefined;
      return json(response, 200, act(find(id, user, 'acts in'), body), type);
    }
    const [, source, record] = /^\/content\/([^/]+)\/([^/]+)$/.exec(rest) ?? refuse(404, 'not-found');
    if (!can('read:documents')) refuse(404, 'not-found');
    const context = find(id, user, 'gives documents of');
    if (!holds(context, 'documents', {source, id: record}) && !has('gives any document')) refuse(404, 'not-found');
    response
      .writeHead(200, {
        ...headersOf('text/html'),
        ...(has('shows documents as pages') ? {} : {'content-disposition': 'attachment; filename="brev.html"'}),
      })
      .end('<p>Brev</p>');
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((thrown: unknown) => {
      const refused = thrown instanceof Refused ? thrown : new Refused(500, 'internal');
      if (!(thrown instanceof Refused) && !response.destroyed) console.error(thrown);
      if (response.headersSent) return void response.destroy();
      request.resume();
      const {retryAfter} = refused.more;
      if (refused.status === 401) response.setHeader('www-authenticate', 'Bearer');
      if (typeof retryAfter === 'number') response.setHeader('retry-after', String(retryAfter));
      json(response, refused.status, problemOf(refused.status, refused.code, refused.more), 'application/problem+json');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const {port} = server.address() as AddressInfo;
  return {
    url: new URL(prefix, `http://127.0.0.1:${port}`),
    close: () => {
      server.closeAllConnections();
      server.close();
      for (const fault of options.faults ?? [])
        assert.ok(asked.has(fault), `The backend was never asked for: ${fault}.`);
    },
  };
}

/** What the suite is told beside the address. */
export type SuiteOptions = Partial<Omit<AcceptanceOptions, 'url'>>;

/** Runs the suite against a backend of its own. */
export async function reportOf(backend: OwnBackendOptions, asks: SuiteOptions = {}): Promise<Report> {
  const {url, close} = await ownBackend(backend);
  try {
    return await runAcceptance({
      url,
      people,
      headers: {authorization: 'Bearer token-of-one'},
      write: true,
      ...asks,
    });
  } finally {
    close();
  }
}

export const failuresOf = ({results}: Report): string[] =>
  results.flatMap(({id, outcome, detail}) => (outcome === 'failed' ? `${id}: ${detail}` : []));
