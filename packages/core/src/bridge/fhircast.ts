/**
 * The user's other programs, also those of other makers and outside the browser, through a hub (HL7 FHIRcast 3.0.0): the
 * gateway's, or any that carries its two events.
 *
 * @packageDocumentation
 */
import {
  type BridgeMessage,
  bridgeMessageOf,
  type FhircastMessage,
  fhircastMessageSchema,
  fhircastSubject,
  fhircastSubjectEvents,
  ProblemError,
  problemOf,
} from '@bsp/contract';
import type {HttpBackendOptions} from '../http-backend.js';
import {randomKey} from '../subject-session.js';
import {outOfStep} from './fhircast-sync-error.js';
import {type BridgeLink, type BridgeTransport, passed, placesOf, untilDone} from './transport.js';

/** A name for the hub among the ends of a bridge: it is in step once it has told a change. */
const hub = 'fhircast-hub';
/** Said to a hub in time: it waits 10 seconds for an answer (FHIRcast 2.5). */
const answerWithinMs = 8_000;
const firstMessageWithinMs = 10_000;
const longestMessage = 65_536;

type Notification = Extract<FhircastMessage, {event: unknown}>;
interface Heard {
  readonly id: string;
  readonly at: number;
  readonly version: number;
  readonly by: string;
  answered: number | undefined;
}
type Change = Extract<BridgeMessage, {kind: 'open' | 'close'}>;

/**
 * A bridge over the hub that the backend names. The page must allow its socket: `connect-src 'self' wss://…`.
 *
 * @param options - the log-in, as for `httpBackend`.
 */
export function fhircast(options: HttpBackendOptions = {}): BridgeTransport {
  return {
    connect(link) {
      const line = new HubLine(link, options);
      void line.run();
      return (message) => line.send(message);
    },
  };
}

class HubLine {
  readonly #link: BridgeLink;
  readonly #options: HttpBackendOptions;
  #place: {readonly url: string; readonly topic: string} | undefined;
  #socket: WebSocket | undefined;
  /** The latest change that went either way. */
  #version = 0;
  /** The event that the page's change became, until the hub has told it: what comes before it, it takes the place of. */
  #pending: {readonly id: string; readonly change: Change} | undefined;
  #posting: Promise<void> | undefined;
  /** The page's own change that the hub has. */
  #sent = '';
  /** The last event of the hub, and whether it has been answered. */
  #heard: Heard | undefined;
  /** Who is open at the hub, for the event that closes them. */
  #closing = '';
  /** Programs of which the hub said that they are out of step. */
  readonly #apart = new Set<string>();

  constructor(link: BridgeLink, options: HttpBackendOptions) {
    this.#link = link;
    this.#options = options;
  }

  /** Subscribes, and again whenever the line breaks, until the page leaves or the hub refuses this user. */
  async run(): Promise<void> {
    const {signal, backend, reached} = this.#link;
    signal.addEventListener('abort', () => this.#socket?.close(1000));
    while (!signal.aborted) {
      const endpoint = await untilDone(async () => {
        this.#place = (await placesOf(backend, signal)).fhircast;
        if (!this.#place) throw new ProblemError(problemOf('not-applicable', 'The backend has no hub.'));
        return this.#subscribe();
      }, signal);
      if (endpoint === undefined) return;
      await this.#listen(endpoint);
      reached(false);
      await passed(1_000 + Math.random() * 2_000, signal);
    }
  }

  send(message: BridgeMessage): void {
    switch (message.kind) {
      case 'open':
      case 'close':
        this.#version = Math.max(this.#version, message.version);
        if (message.by === this.#link.from) this.#publish(message);
        break;
      case 'status':
        this.#answer(message);
        break;
      case 'logout':
        void this.#post('UserLogout', [
          {
            key: 'parameters',
            resource: {
              resourceType: 'Parameters',
              parameter: [
                {
                  name: 'code',
                  valueCoding: {
                    system: 'http://hl7.org/fhir/uv/fhircast/CodeSystem/fhircast-logout-codesystem',
                    code: 'user-initiated',
                  },
                },
              ],
            },
          },
        ]).catch(() => undefined);
    }
  }

  async #subscribe(): Promise<string> {
    const {topic} = this.#place!;
    const {name} = this.#link;
    const form = new URLSearchParams({
      'hub.channel.type': 'websocket',
      'hub.mode': 'subscribe',
      'hub.topic': topic,
      'hub.events': [...Object.values(fhircastSubjectEvents), 'SyncError', 'UserLogout'].join(),
      ...(name === undefined ? {} : {'subscriber.name': name}),
    });
    const response = await this.#ask({method: 'POST', body: form}, this.#link.signal);
    const told = ((await response.json().catch(() => undefined)) ?? {}) as Record<string, unknown>;
    const endpoint = told['hub.channel.endpoint'];
    if (typeof endpoint !== 'string' || !/^wss?:\/\//.test(endpoint))
      throw new ProblemError(problemOf('protocol', 'The hub names no socket.'));
    return endpoint;
  }

  async #ask(init: RequestInit, signal?: AbortSignal): Promise<Response> {
    const {headers, credentials = 'same-origin'} = this.#options;
    const all = new Headers(await headers?.());
    for (const [name, value] of new Headers(init.headers)) all.set(name, value);
    const response = await fetch(this.#place!.url, {
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
      redirect: 'error',
      credentials,
      ...init,
      headers: all,
      ...(signal ? {signal} : {}),
    });
    if (response.ok) return response;
    throw new ProblemError(problemOf('unavailable', 'The hub refused.', {status: response.status}));
  }

  /** Resolves when the socket is over. */
  #listen(endpoint: string): Promise<void> {
    const {signal, reached} = this.#link;
    return new Promise((over) => {
      if (signal.aborted) {
        over();
        return;
      }
      const socket = new WebSocket(endpoint);
      this.#socket = socket;
      const silence = setTimeout(() => socket.close(1000), firstMessageWithinMs);
      socket.addEventListener('close', () => {
        clearTimeout(silence);
        over();
      });
      socket.addEventListener('message', ({data}: MessageEvent<unknown>) => {
        const message = messageIn(data);
        if (!message || signal.aborted) return;
        if ('event' in message) this.#event(message);
        else if (message['hub.topic'] !== this.#place!.topic) return;
        else if (message['hub.mode'] === 'denied') socket.close(1000);
        else {
          clearTimeout(silence);
          reached(true);
          void this.#begin();
        }
      });
    });
  }

  /** What is open is told by itself. Where nothing is, the page's person is the first. */
  async #begin(): Promise<void> {
    const {url, topic} = this.#place!;
    try {
      const {headers, credentials = 'same-origin'} = this.#options;
      const init = {cache: 'no-store', referrerPolicy: 'no-referrer', redirect: 'error', credentials} as const;
      const response = await fetch(`${url}/${encodeURIComponent(topic)}`, {
        ...init,
        headers: new Headers(await headers?.()),
        signal: this.#link.signal,
      });
      const {context} = (await response.json()) as {context?: unknown};
      if (response.ok && Array.isArray(context) && context.length === 0)
        this.#link.heard({bridge: 1, from: hub, kind: 'hello', follows: true});
    } catch {
      // A hub need not tell: then the page's person waits for the next change.
    }
  }

  #publish(change: Change): void {
    const key = `${change.version} ${change.by}`;
    if (key === this.#sent) return;
    this.#sent = key;
    this.#forgetApart();
    const id = randomKey();
    this.#pending = {id, change};
    // One after the other: the hub's order is theirs.
    const before = this.#posting;
    this.#posting = (async () => {
      await before;
      await this.#publishOne(id, change);
    })();
  }

  async #publishOne(id: string, change: Change): Promise<void> {
    const {open, close} = fhircastSubjectEvents;
    if (this.#pending?.id !== id) return;
    try {
      if (change.kind === 'open') {
        await this.#post(open, fhircastSubject(change.id), id);
        this.#closing = change.id;
      } else if (this.#closing) await this.#post(close, fhircastSubject(this.#closing), id);
      else this.#pending = undefined;
    } catch {
      if (this.#pending?.id !== id) return;
      // Nobody knows of it: said so, and tried again with the next line.
      this.#pending = undefined;
      this.#sent = '';
      this.#socket?.close(1000);
    }
  }

  async #post(name: string, context: readonly object[], id = randomKey()): Promise<void> {
    if (!this.#place) throw new ProblemError(problemOf('unavailable', 'The hub is not known yet.'));
    await this.#ask({
      method: 'POST',
      headers: {'content-type': 'application/fhir+json'},
      body: JSON.stringify({
        timestamp: new Date().toISOString(),
        id,
        event: {'hub.topic': this.#place.topic, 'hub.event': name, context},
      }),
      keepalive: true,
    });
  }

  #event(notification: Notification): void {
    const {id, event, timestamp} = notification;
    if (event['hub.topic'] !== this.#place!.topic) return;
    const name = event['hub.event'].toLowerCase();
    if (name === 'userlogout') this.#link.heard({bridge: 1, from: hub, kind: 'logout'});
    else if (name === 'syncerror') this.#outOfStep(event.context);
    else if (name === fhircastSubjectEvents.open || name === fhircastSubjectEvents.close)
      this.#change(id, Date.parse(timestamp), name, event.context);
  }

  #change(id: string, at: number, name: string, context: Notification['event']['context']): void {
    const before = this.#heard;
    if (this.#pending?.id === id) {
      const {version, by} = this.#pending.change;
      this.#pending = undefined;
      this.#heard = {id, at, version, by, answered: 200};
      this.#say(id, 200);
      this.#hubIsAt(version, by);
    } else if (before?.id === id) this.#say(id, before.answered ?? 202);
    // What is dated before the context that stands is late (FHIRcast 2.5); what precedes the page's own change is over.
    else if (Number.isNaN(at) || (before && at <= before.at) || this.#pending) this.#say(id, 202);
    else {
      const handle = context[0]?.reference?.identifier.value;
      const version = this.#version + 1;
      const turn = {bridge: 1, from: hub, version, by: hub};
      const opens = name === fhircastSubjectEvents.open;
      // What the page could not read it must not keep either: it would say it again when it closes what is open.
      const message = bridgeMessageOf(opens ? {...turn, kind: 'open', id: handle} : {...turn, kind: 'close'});
      if (context[0]?.key !== 'subject' || handle === undefined || !message) {
        this.#say(id, 400);
        return;
      }
      this.#forgetApart();
      this.#version = version;
      const heard: Heard = {id, at, version, by: hub, answered: undefined};
      this.#heard = heard;
      this.#hubIsAt(version, hub);
      setTimeout(() => this.#settle(heard, 202), answerWithinMs);
      this.#closing = opens ? handle : '';
      this.#link.heard(message);
    }
  }

  #hubIsAt(version: number, by: string): void {
    this.#link.heard({bridge: 1, from: hub, kind: 'status', status: 'in-step', version, by, follows: true});
  }

  /** Answers the hub for the page. What the user decides later is told as a `SyncError` of its own. */
  #answer({version, by, status, follows}: Extract<BridgeMessage, {kind: 'status'}>): void {
    const heard = this.#heard;
    if (!heard || heard.by !== hub || heard.version !== version || heard.by !== by || status === 'asking') return;
    const answer = status === 'in-step' ? 200 : !follows ? 202 : status === 'failed' ? 500 : 409;
    if (heard.answered === undefined) this.#settle(heard, answer);
    else if (heard.answered === 202 && answer >= 400) {
      heard.answered = answer;
      const {name = 'A program'} = this.#link;
      void this.#post('SyncError', outOfStep.said(heard.id, name)).catch(() => undefined);
    } else heard.answered = answer;
  }

  #settle(heard: Heard, answer: number): void {
    if (heard.answered !== undefined) return;
    heard.answered = answer;
    this.#say(heard.id, answer);
  }

  #say(id: string, status: number): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify({id, status: String(status)}));
  }

  #outOfStep(context: Notification['event']['context']): void {
    const told = outOfStep.heard(context[0]?.resource);
    const heard = this.#heard;
    if (!told || !heard || told.event !== heard.id) return;
    const from = `program ${told.program}`.slice(0, 64);
    this.#apart.add(from);
    const {version, by} = heard;
    this.#link.heard({bridge: 1, from, kind: 'status', status: 'kept', version, by, name: told.program, follows: true});
  }

  /** With the next change nobody is known to be out of step. */
  #forgetApart(): void {
    for (const from of this.#apart) this.#link.heard({bridge: 1, from, kind: 'bye'});
    this.#apart.clear();
  }
}

function messageIn(data: unknown): FhircastMessage | undefined {
  if (typeof data !== 'string' || data.length > longestMessage) return undefined;
  try {
    return fhircastMessageSchema.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}
