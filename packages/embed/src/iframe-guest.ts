/**
 * The guest's side: a page with windows in an iframe of another origin. Person, language, colours and height follow the host.
 *
 * ```ts
 * connectHost({origins: ['https://jobcenter.example.dk'], provider, bridge: {name: 'Omsorg', follow: () => true}});
 * ```
 *
 * @packageDocumentation
 */
import type {BspProvider} from '@bsp/core';
import {type Bridge, type BridgeOptions, connectBridge} from '@bsp/core/bridge';
import {throughPort} from '@bsp/core/bridge/port';
import {exactOrigin, isKind, lookOf, protocol} from './iframe-messages.js';

/** Options of {@link connectHost}. */
export interface HostOptions {
  /** The hosts' origins, exactly. Nobody else is listened to or told anything. */
  readonly origins: readonly string[];
  readonly provider: BspProvider;
  /** How this page follows the host; without `follow` it only leads. */
  readonly bridge?: BridgeOptions;
}

/** Answers a host that embeds this page. @throws TypeError - for what is no exact origin. */
export function connectHost(options: HostOptions): Host {
  return new Host(options, new Set(options.origins.map(exactOrigin)));
}

/** See {@link connectHost}. */
export class Host {
  readonly #options: HostOptions;
  readonly #origins: ReadonlySet<string>;
  readonly #ended = new AbortController();
  readonly #sizes = new ResizeObserver(() => this.#tellSize());
  #port: MessagePort | undefined;
  #bridge: Bridge | undefined;
  #tokens: readonly string[] = [];
  #height = -1;

  constructor(options: HostOptions, origins: ReadonlySet<string>) {
    this.#options = options;
    this.#origins = origins;
    addEventListener('message', (event) => this.#heard(event), {signal: this.#ended.signal});
    this.#sizes.observe(document.documentElement);
    this.#sizes.observe(document.body);
  }

  /** The bridge to the host; undefined while none has asked. */
  get bridge(): Bridge | undefined {
    return this.#bridge;
  }

  /** Ends the connection, and answers no more. */
  close(): void {
    this.#ended.abort();
    this.#sizes.disconnect();
    this.#hangUp();
  }

  #heard({origin, source, data, ports}: MessageEvent<unknown>): void {
    if (source !== parent || parent === window || !this.#origins.has(origin)) return;
    if (isKind(data, 'hello')) parent.postMessage({bsp: protocol, kind: 'ready'}, origin);
    const [look, bridge] = ports;
    if (isKind(data, 'connect') && look && bridge) this.#connect(look, bridge);
  }

  #connect(look: MessagePort, bridge: MessagePort): void {
    this.#hangUp();
    this.#port = look;
    look.onmessage = (event: MessageEvent<unknown>) => this.#look(event.data);
    this.#bridge = connectBridge(this.#options.provider, throughPort(bridge), this.#options.bridge);
    this.#height = -1;
    this.#tellSize();
  }

  #hangUp(): void {
    this.#bridge?.close();
    this.#port?.close();
    this.#bridge = undefined;
    this.#port = undefined;
  }

  #look(data: unknown): void {
    const look = lookOf(data);
    if (!look) return;
    const {documentElement: root} = document;
    if (look.lang) {
      root.lang = look.lang;
      this.#options.provider.lang = look.lang;
    }
    root.style.colorScheme = look.colorScheme;
    for (const name of this.#tokens) if (!(name in look.tokens)) root.style.removeProperty(name);
    this.#tokens = Object.keys(look.tokens);
    for (const [name, value] of Object.entries(look.tokens)) root.style.setProperty(name, value);
  }

  /** What the content takes, whatever height the frame has now. */
  #tellSize(): void {
    const {body} = document;
    const {marginTop, marginBottom} = getComputedStyle(body);
    const height = Math.ceil(body.getBoundingClientRect().height + parseFloat(marginTop) + parseFloat(marginBottom));
    if (height === this.#height) return;
    this.#height = height;
    this.#port?.postMessage({kind: 'size', height});
  }
}
