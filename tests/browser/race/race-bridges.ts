import type {BridgeMessage, BridgePlaces} from '@bsp/contract';
import type {BspProvider} from '@bsp/core';
import {type Bridge, type BridgeOptions, type BridgeTransport, connectBridge} from '@bsp/core/bridge';
import {fhircast} from '@bsp/core/bridge/fhircast';
import {throughPort} from '@bsp/core/bridge/port';
import {tabs} from '@bsp/core/bridge/tabs';
import {ScriptedBackend} from '../fixtures/scripted-backend.js';

/** A backend whose user has tabs and a hub. */
export class BridgedBackend extends ScriptedBackend {
  bridge(): Promise<BridgePlaces> {
    return Promise.resolve({tabs: 'the-tabs-of-this-log-in', fhircast: {url: '/race-hub', topic}});
  }
}

export const wireKinds = ['tabs', 'frame', 'hub'] as const;
type WireKind = (typeof wireKinds)[number];

const topic = 'the-topic-of-this-log-in';
const firstDate = Date.parse('2026-11-20T09:00:00Z');

/** A message on its way. */
interface Parcel {
  readonly wire: WireKind;
  readonly message: unknown;
  readonly deliver: (message: unknown) => void;
}

/** What the delivery of a message may lead to: a change of who is open that is later than what a page knows of. */
interface Delivery {
  readonly wire: WireKind;
  readonly turn: {readonly version: number; readonly by: string} | undefined;
  /** The hub's date. */
  readonly at: number | undefined;
}

/** What there is between the providers of a page: channels, ports and a hub, all in the hands of the script. */
export class Wires {
  readonly underWay: Parcel[] = [];
  /** What was delivered last, to be told again. */
  readonly #told: Parcel[] = [];
  /** Every text that was said, until it is looked at. */
  readonly said: string[] = [];
  /** How the hub behaves: it takes and tells · refuses · does not answer · takes, and tells nobody. */
  hub: 'good' | 'refuses' | 'stalls' | 'silent' = 'good';
  delivery: Delivery | undefined;
  #heldBack: (() => void)[] = [];
  #clock = firstDate;
  #current: unknown[] = [];
  readonly #onSaid: (message: BridgeMessage) => void;
  readonly #onDelivered: (message: unknown) => void;
  readonly #channels = new Set<ScriptedChannel>();
  readonly #sockets = new Set<ScriptedSocket>();
  #ports: ScriptedPort[] = [];
  readonly #real = {
    fetch: globalThis.fetch,
    WebSocket: globalThis.WebSocket,
    BroadcastChannel: globalThis.BroadcastChannel,
  };

  constructor(onSaid: (message: BridgeMessage) => void, onDelivered: (message: unknown) => void) {
    this.#onSaid = onSaid;
    this.#onDelivered = onDelivered;
    const wires = this;
    Object.assign(globalThis, {
      BroadcastChannel: class extends ScriptedChannel {
        constructor(name: string) {
          super(name, wires);
          wires.#channels.add(this);
        }
      },
      WebSocket: class extends ScriptedSocket {
        constructor() {
          super(wires);
          wires.#sockets.add(this);
          wires.#send('hub', {'hub.mode': 'subscribe', 'hub.topic': topic}, (message) => this.hear(message));
        }
      },
      fetch: (url: string, init: RequestInit = {}) => wires.#fetch(url, init),
    });
  }

  release(): void {
    Object.assign(globalThis, this.#real);
  }

  /** Joins a page. Frames are two: host and guest. */
  connect(
    provider: BspProvider,
    wire: WireKind,
    {follows, ...options}: Pick<BridgeOptions, 'name' | 'survey'> & {follows: boolean},
  ): Bridge {
    return connectBridge(provider, this.#transport(wire), {
      ...options,
      patience: 0,
      ...(follows ? {follow: () => true} : {}),
    });
  }

  #transport(wire: WireKind): BridgeTransport {
    if (wire === 'tabs') return tabs();
    if (wire === 'hub') return fhircast();
    const port = new ScriptedPort(this);
    const [waiting] = this.#ports.filter(({peer}) => !peer);
    this.#ports = [port];
    if (waiting) [port.peer, waiting.peer] = [waiting, port];
    return throughPort(port as unknown as MessagePort);
  }

  /** Delivers, loses, repeats or reorders; what it did. False: nothing is under way. */
  carry(which: number, how: number): string | false {
    const way = how % 8;
    if (way === 2 && this.#told.length > 0) {
      this.#deliver(this.#told[which % this.#told.length]);
      return 'replayed';
    }
    if (this.underWay.length === 0) return false;
    const any = which % this.underWay.length;
    if (way === 0) {
      this.underWay.splice(any, 1);
      return 'lost';
    }
    if (way === 1) {
      this.underWay.push(...this.underWay.slice(any, any + 1));
      return 'repeated';
    }
    if (way === 3) {
      this.#deliver(this.underWay.splice(any, 1)[0]);
      return any > 0 ? 'reordered' : 'delivered';
    }
    for (let count = 0; count <= way; count++) this.#deliver(this.underWay.shift());
    return 'delivered';
  }

  /** Says something that no page has said. The hub dates it, or somebody else does. */
  forge(wire: WireKind, message: unknown, late: boolean): boolean {
    const dated =
      wire === 'hub' && typeof message === 'object'
        ? {...message, timestamp: late ? new Date(firstDate - 1).toISOString() : this.#date()}
        : message;
    const to =
      wire === 'hub'
        ? [...this.#sockets].map((socket) => (said: unknown) => socket.hear(said))
        : wire === 'tabs'
          ? [...this.#channels].map((channel) => (said: unknown) => channel.hear(said))
          : this.#ports.flatMap(({peer}) => (peer ? [(said: unknown) => peer.hear(said)] : []));
    for (const deliver of to) this.underWay.push({wire, message: dated, deliver});
    return to.length > 0;
  }

  /** The hub changes its ways, or its sockets break. */
  turnHub(how: number): string {
    if (how % 5 === 4) {
      for (const socket of [...this.#sockets]) socket.close();
      return 'broken';
    }
    this.hub = (['good', 'refuses', 'stalls', 'silent'] as const)[how % 5] ?? 'good';
    for (const answer of this.#heldBack.splice(0)) answer();
    return this.hub;
  }

  send(from: ScriptedChannel | ScriptedPort, message: unknown): void {
    // Also where nobody is left to hear it.
    if (typeof message === 'object' && message !== null && 'kind' in message) this.#onSaid(message as BridgeMessage);
    if (from instanceof ScriptedPort) {
      const {peer} = from;
      this.#send('frame', message, (said) => peer?.hear(said));
    } else
      for (const other of this.#channels)
        if (other !== from && other.name === from.name) this.#send('tabs', message, (said) => other.hear(said));
  }

  hang(end: ScriptedChannel | ScriptedSocket): void {
    if (end instanceof ScriptedChannel) this.#channels.delete(end);
    else this.#sockets.delete(end);
  }

  #send(wire: WireKind, message: unknown, deliver: Parcel['deliver']): void {
    const text = JSON.stringify(message);
    this.said.push(text);
    // A line holds only so much: what nobody carries is lost in the end.
    if (this.underWay.length > 60) this.underWay.shift();
    this.underWay.push({wire, message: JSON.parse(text), deliver});
  }

  #deliver(parcel: Parcel | undefined): void {
    if (!parcel) return;
    this.#told.push(parcel);
    if (this.#told.length > 20) this.#told.shift();
    const {version, by, timestamp} = (parcel.message ?? {}) as {version?: number; by?: string; timestamp?: string};
    this.delivery = {
      wire: parcel.wire,
      turn: version !== undefined && by !== undefined ? {version, by} : undefined,
      at: timestamp === undefined ? undefined : Date.parse(timestamp),
    };
    try {
      parcel.deliver(this.asRead(parcel.message));
      this.#onDelivered(parcel.message);
    } finally {
      this.delivery = undefined;
    }
  }

  #date(): string {
    this.#clock += 1_000;
    return new Date(this.#clock).toISOString();
  }

  /** How a page reads what it is told. */
  asRead(message: unknown): unknown {
    return message;
  }

  async #fetch(url: string, {body, method}: RequestInit): Promise<Response> {
    this.said.push(url, body instanceof URLSearchParams ? body.toString() : String(body ?? ''));
    const answered = (told: unknown, status = 200): Response =>
      ({ok: status < 300, status, json: () => Promise.resolve(told)}) as Response;
    if (this.hub === 'stalls') await new Promise<void>((resolve) => this.#heldBack.push(resolve));
    if (this.hub === 'refuses') return answered(undefined, 503);
    if (body instanceof URLSearchParams) return answered({'hub.channel.endpoint': 'wss://hub.example/secret'}, 202);
    if (method !== 'POST') return answered({context: this.#current});
    const posted = JSON.parse(String(body)) as {event: {'hub.event': string; context: unknown[]}};
    this.#current = posted.event['hub.event'].endsWith('_open') ? posted.event.context : [];
    const told = {...posted, timestamp: this.#date()};
    if (this.hub === 'good')
      for (const socket of this.#sockets) this.#send('hub', told, (message) => socket.hear(message));
    return answered(undefined, 202);
  }
}

/** In the place of a `BroadcastChannel`. */
class ScriptedChannel {
  readonly name: string;
  onmessage: ((event: MessageEvent) => void) | null = null;
  readonly #wires: Wires;
  constructor(name: string, wires: Wires) {
    this.name = name;
    this.#wires = wires;
  }
  postMessage(message: unknown): void {
    this.#wires.send(this, message);
  }
  hear(message: unknown): void {
    this.onmessage?.(new MessageEvent('message', {data: message}));
  }
  close(): void {
    this.onmessage = null;
    this.#wires.hang(this);
  }
}

/** In the place of a `MessagePort`. */
class ScriptedPort extends EventTarget {
  peer: ScriptedPort | undefined;
  readonly #wires: Wires;
  constructor(wires: Wires) {
    super();
    this.#wires = wires;
  }
  start(): void {
    // It is the script that lets messages through.
  }
  postMessage(message: unknown): void {
    this.#wires.send(this, message);
  }
  hear(message: unknown): void {
    this.dispatchEvent(new MessageEvent('message', {data: message}));
  }
}

/** In the place of a `WebSocket`. */
class ScriptedSocket extends EventTarget {
  static readonly OPEN = 1;
  readyState = 1;
  readonly #wires: Wires;
  constructor(wires: Wires) {
    super();
    this.#wires = wires;
  }
  send(text: string): void {
    this.#wires.said.push(text);
  }
  hear(message: unknown): void {
    if (this.readyState === 1)
      this.dispatchEvent(
        new MessageEvent('message', {data: typeof message === 'string' ? message : JSON.stringify(message)}),
      );
  }
  close(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.#wires.hang(this);
    this.dispatchEvent(new Event('close'));
  }
}
