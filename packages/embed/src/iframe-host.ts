/**
 * The host's side of an iframe with windows in it: another origin, its own log-in, the same person.
 *
 * ```ts
 * connectGuest(iframe, {origin: 'https://care.example.dk', provider, bridge: {name: 'Jobcenteret', follow: () => true}});
 * ```
 *
 * @packageDocumentation
 */
import type {BspProvider} from '@bsp/core';
import {type Bridge, type BridgeOptions, connectBridge} from '@bsp/core/bridge';
import {throughPort} from '@bsp/core/bridge/port';
import {exactOrigin, heightIn, isKind, type Look, protocol} from './iframe-messages.js';

/** Options of {@link connectGuest}. */
export interface GuestOptions {
  /** The guest's origin, exactly. Nobody else is listened to or told anything. */
  readonly origin: string;
  readonly provider: BspProvider;
  /** How this page follows the guest; without `follow` it only leads. */
  readonly bridge?: BridgeOptions;
  /** Design tokens that the guest is to have too, by name. */
  readonly tokens?: Readonly<Record<string, string>>;
  /** The greatest height in pixels that the guest may take. Default 4000. */
  readonly mostHeight?: number;
  /** How many milliseconds the guest has to answer. Default 10 s. */
  readonly patience?: number;
}

/** `waiting`: it has not answered yet · `silent`: nor in time; it may still come · `connected` · `closed`. */
export type GuestState = 'waiting' | 'silent' | 'connected' | 'closed';

/** Detail of `bsp-guest-change`, fired on the iframe. */
export interface GuestChangeDetail {
  readonly state: GuestState;
}

declare global {
  interface HTMLElementEventMap {
    'bsp-guest-change': CustomEvent<GuestChangeDetail>;
  }
}

const askAgainMs = 500;

/** Connects an iframe's page. It may load before or after, and again. @throws TypeError - for what is no exact origin. */
export function connectGuest(iframe: HTMLIFrameElement, options: GuestOptions): Guest {
  return new Guest(iframe, options, exactOrigin(options.origin));
}

/** See {@link connectGuest}. */
export class Guest {
  readonly #iframe: HTMLIFrameElement;
  readonly #options: GuestOptions;
  readonly #origin: string;
  readonly #ended = new AbortController();
  readonly #watch = new MutationObserver(() => this.#tellLook());
  #state: GuestState = 'waiting';
  #port: MessagePort | undefined;
  #bridge: Bridge | undefined;
  #asking: ReturnType<typeof setInterval> | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #told = '';

  constructor(iframe: HTMLIFrameElement, options: GuestOptions, origin: string) {
    this.#iframe = iframe;
    this.#options = options;
    this.#origin = origin;
    const {signal} = this.#ended;
    addEventListener('message', (event) => this.#heard(event), {signal});
    iframe.addEventListener('load', () => this.#loaded(), {signal});
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#tellLook(), {signal});
    const looks = {attributes: true, attributeFilter: ['lang', 'class', 'style', 'data-theme']};
    for (const element of [document.documentElement, document.body, options.provider])
      this.#watch.observe(element, looks);
    this.#wait();
  }

  get state(): GuestState {
    return this.#state;
  }

  /** The bridge to the guest, once it has answered. */
  get bridge(): Bridge | undefined {
    return this.#bridge;
  }

  /** Ends the connection. The iframe stands as it is. */
  close(): void {
    this.#hangUp();
    this.#stopAsking();
    this.#watch.disconnect();
    this.#ended.abort();
    this.#become('closed');
  }

  /** A page has come into the iframe: whoever was connected is gone. */
  #loaded(): void {
    this.#hangUp();
    this.#wait();
  }

  #wait(): void {
    this.#stopAsking();
    this.#become('waiting');
    const ask = (): void => {
      if (this.#iframe.isConnected)
        this.#iframe.contentWindow?.postMessage({bsp: protocol, kind: 'hello'}, this.#origin);
    };
    ask();
    this.#asking = setInterval(ask, askAgainMs);
    this.#patience = setTimeout(() => this.#become('silent'), this.#options.patience ?? 10_000);
  }

  #stopAsking(): void {
    clearInterval(this.#asking);
    clearTimeout(this.#patience);
  }

  #heard({origin, source, data}: MessageEvent<unknown>): void {
    const guest = this.#iframe.contentWindow;
    if (origin !== this.#origin || source !== guest || !guest || !isKind(data, 'ready') || this.#state === 'connected')
      return;
    this.#stopAsking();
    const [look, bridge] = [new MessageChannel(), new MessageChannel()];
    guest.postMessage({bsp: protocol, kind: 'connect'}, this.#origin, [look.port2, bridge.port2]);
    this.#port = look.port1;
    this.#port.onmessage = (event: MessageEvent<unknown>) => this.#resize(heightIn(event.data));
    this.#bridge = connectBridge(this.#options.provider, throughPort(bridge.port1), this.#options.bridge);
    this.#told = '';
    this.#tellLook();
    this.#become('connected');
  }

  #hangUp(): void {
    this.#bridge?.close();
    this.#port?.close();
    this.#bridge = undefined;
    this.#port = undefined;
  }

  #resize(height: number | undefined): void {
    if (height !== undefined)
      this.#iframe.style.height = `${Math.ceil(Math.min(height, this.#options.mostHeight ?? 4_000))}px`;
  }

  #tellLook(): void {
    const {provider, tokens = {}} = this.#options;
    const {colorScheme} = getComputedStyle(this.#iframe.parentElement ?? document.documentElement);
    const look: Look = {lang: provider.lang || document.documentElement.lang, colorScheme, tokens};
    const text = JSON.stringify(look);
    if (text === this.#told || !this.#port) return;
    this.#told = text;
    this.#port.postMessage({kind: 'look', ...look});
  }

  #become(state: GuestState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#iframe.dispatchEvent(new CustomEvent('bsp-guest-change', {detail: {state}, bubbles: true, composed: true}));
  }
}
