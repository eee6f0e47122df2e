import type {Frame, Plan, Problem, Resource} from '@bsp/contract';
import {BspProvider, type ResourceStore, type Session, SessionController} from '@bsp/core';
import {Bridge} from '@bsp/core/bridge';
import {ProbeWindow} from '../fixtures/probe-window.js';
import {nextTask, ScriptedBackend} from '../fixtures/scripted-backend.js';
import {happeningNames} from './happenings.js';
import type {weights} from './race.js';
import {Wires} from './race-bridges.js';

type Method = (this: never, ...values: never[]) => unknown;

/** Replaces a method until it is given back. */
function replace<T extends object>(target: T, name: string, make: (original: Method) => unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(target, name);
  const original = before?.value as Method;
  Object.defineProperty(target, name, {configurable: true, writable: true, value: make(original)});
  return () => {
    if (before) Object.defineProperty(target, name, before);
    else Reflect.deleteProperty(target, name);
  };
}

interface Internals extends Session {
  open(...values: unknown[]): Promise<Problem | undefined>;
  fail(problem: Problem): void;
  close(): void;
}

/** The class of Sessions, and of their stores: not exported, but every one has it. */
async function classes(): Promise<{session: Internals; store: ResourceStore<unknown>}> {
  const provider = new BspProvider();
  provider.backend = new ScriptedBackend();
  void provider.setSubject({type: 'cpr', value: '641284-0001'});
  const {session} = provider;
  if (!session) throw new Error('no session');
  const store = session.resource({name: 'x', parse: () => undefined});
  await provider.clearSubject();
  return {
    session: Object.getPrototypeOf(session) as Internals,
    store: Object.getPrototypeOf(store) as ResourceStore<unknown>,
  };
}

/** Lets the Session see a backend's stream otherwise than it is. */
const throughStream = (
  change: (stream: AsyncIterable<Plan | Frame>, contextId: string) => AsyncIterable<unknown>,
): (() => void) =>
  replace(
    ScriptedBackend.prototype,
    'read',
    (original) =>
      function (this: ScriptedBackend, ...values: [string, never, never]) {
        return change(original.apply(this as never, values as never) as AsyncIterable<Plan | Frame>, values[0]);
      },
  );

/** Each makes the kit do one thing that it must never do, and returns what undoes it. */
export const mutants: Readonly<Record<string, () => Promise<() => void> | (() => void)>> = {
  'a store keeps its rows over a switch': async () => {
    const {session} = await classes();
    const kept = new Map<string, ResourceStore<unknown>>();
    return replace(
      session,
      'resource',
      (original) =>
        function (this: Session, resource: Resource<unknown>) {
          const store = original.call(this as never, resource as never) as ResourceStore<unknown>;
          const before = kept.get(resource.name);
          kept.set(resource.name, store);
          if (!before || before === store) return store;
          const {items} = before.view;
          // What the old one showed stands until the new one has something.
          return new Proxy(store, {
            get(target, key) {
              const value: unknown = Reflect.get(target, key, target);
              if (key === 'view' && target.view.items.length === 0) return {...target.view, items};
              return typeof value === 'function' ? (value as Method).bind(target as never) : value;
            },
          });
        },
    );
  },

  'a Session takes whatever context a message names': () =>
    throughStream(async function* (stream, contextId) {
      for await (const message of stream) yield {...message, contextId};
    }),

  'an error of a Session that ended is written into the one that is open': async () => {
    const {session} = await classes();
    const open: Internals[] = [];
    return replace(
      session,
      'open',
      (original) =>
        async function (this: Internals, backend: unknown, opening: (signal: AbortSignal) => unknown, fits: unknown) {
          open.push(this);
          const watched = async (signal: AbortSignal) => {
            try {
              return await opening(signal);
            } catch (thrown) {
              for (const other of open) if (signal.aborted && other.state === 'open') other.fail({} as Problem);
              throw thrown;
            }
          };
          return original.call(this as never, backend as never, watched as never, fits as never);
        },
    );
  },

  'a live region keeps what it said last': () =>
    replace(
      ProbeWindow.prototype,
      'updated',
      () =>
        function (this: ProbeWindow) {
          const {session} = this.controller;
          if (!session?.name || !this.shadowRoot) return;
          const region = this.shadowRoot.querySelector('[role=status]') ?? document.createElement('div');
          region.role = 'status';
          region.textContent = `${session.name}: hentet`;
          this.shadowRoot.append(region);
        },
    ),

  'a live region of the page keeps what it said last': () => {
    const region = document.createElement('div');
    const restore = replace(
      ProbeWindow.prototype,
      'updated',
      () =>
        function (this: ProbeWindow) {
          document.body.append(region);
          if (this.controller.session?.name) region.textContent = this.controller.session.name;
        },
    );
    return () => {
      restore();
      region.remove();
    };
  },

  'a stream that ends without an answer counts as one': () =>
    throughStream(async function* (stream) {
      const waiting = new Map<string, Partial<Frame>>();
      let readId = '';
      try {
        for await (const message of stream) {
          if (message.kind === 'plan') {
            readId = message.readId;
            for (const [resource, {sources}] of Object.entries(message.resources))
              for (const source of sources)
                waiting.set(`${resource}/${source.id}`, {
                  kind: 'frame',
                  readId,
                  contextId: message.contextId,
                  resource,
                  source,
                  status: 'ok',
                  mode: 'replace',
                  items: [],
                  asOf: '2026-11-20T09:00:00Z',
                });
          } else if (message.kind === 'frame') waiting.delete(`${message.resource}/${message.source.id}`);
          else break;
          yield message;
        }
      } catch {
        // Broken off: as good as an end.
      }
      yield* waiting.values();
      yield {kind: 'end', readId};
    }),

  'an older read that answers later wins': async () => {
    const {store} = await classes();
    const undo = ['take', 'plan', 'frame', 'settle'].map((name) =>
      replace(
        store,
        name,
        (original) =>
          function (this: never, number: number, ...rest: never[]) {
            return original.call(this, (1e6 - number) as never, ...rest);
          },
      ),
    );
    return () => {
      for (const restore of undo) restore();
    };
  },

  'the person before stands until the next one is there': () =>
    replace(
      BspProvider.prototype,
      'setSubject',
      (original) =>
        async function (this: BspProvider, ...values: never[]) {
          await nextTask();
          return original.apply(this as never, values);
        },
    ),

  'a window that leaves the page keeps its person': () =>
    replace(SessionController.prototype, 'hostDisconnected', () => () => undefined),

  'a window does not mind that "for" has changed': () =>
    replace(SessionController.prototype, 'hostUpdate', () => () => undefined),

  'a window keeps what the user typed': () =>
    replace(
      ProbeWindow.prototype,
      'updated',
      () =>
        function (this: ProbeWindow) {
          const {name} = this.controller.session ?? {};
          const field = this.shadowRoot?.querySelector('input') ?? document.createElement('input');
          if (name) field.value = name;
          this.shadowRoot?.append(field);
        },
    ),

  'a pinned window keeps the name and takes the rows of the next': () =>
    replace(
      SessionController.prototype,
      'pin',
      () =>
        function (this: SessionController) {
          const {name, subject} = this.session ?? {};
          const inherited = Object.getOwnPropertyDescriptor(SessionController.prototype, 'session');
          const renamed = new WeakMap<Session, Session>();
          Object.defineProperty(this, 'session', {
            configurable: true,
            get: () => {
              const session = inherited?.get?.call(this) as Session | undefined;
              if (!session) return undefined;
              const known = renamed.get(session) ?? new Proxy(session, besides({name, subject}));
              renamed.set(session, known);
              return known;
            },
          });
        },
    ),

  'a window that follows again keeps a row': () =>
    replace(
      SessionController.prototype,
      'rejoin',
      (original) =>
        function (this: SessionController) {
          const windows = [...document.querySelectorAll('*')].filter((one) => one instanceof ProbeWindow);
          const root = windows.find(({controller}) => controller === this)?.shadowRoot;
          const row = this.pinned ? root?.querySelector('li')?.cloneNode(true) : undefined;
          original.call(this as never);
          if (row) root?.append(row);
        },
    ),

  'a record about somebody else counts as a person': async () => {
    const {session} = await classes();
    // Without the number of its subject a Session can't tell.
    return replaceGetter(session, 'subject', (shown: Session['subject']) => shown && {...shown, masked: ''});
  },
  'a switch leaves reads going': () => replace(AbortSignal, 'any', () => () => new AbortController().signal),

  'a switch asks no window': async () => replaceGetter((await classes()).session, 'participants', () => new Map()),

  'a Session outlives its person': async () => replace((await classes()).session, 'leave', () => () => undefined),

  'a pinned window writes to the person whom the page shows': () =>
    replaceAct((act, session, [type, payload, options]) => {
      const sessions = [...document.querySelectorAll('bsp-provider')].map((provider) => provider.session);
      const another = sessions.includes(session) ? undefined : sessions.find((one) => one?.state === 'open');
      return act.call(another ?? session, type, payload, options);
    }),

  'a draft of the person before is sent for the next': () => {
    let before: unknown;
    return replaceAct((act, session, [type, payload, options]) => {
      const sent = type === 'note.create' ? (before ?? payload) : payload;
      if (type === 'note.create') before = payload;
      return act.call(session, type, sent, options);
    });
  },

  'a window offers the draft of the person before': () => {
    const fields = new WeakMap<ProbeWindow, HTMLTextAreaElement>();
    return replace(
      ProbeWindow.prototype,
      'updated',
      () =>
        function (this: ProbeWindow) {
          const field = fields.get(this) ?? document.createElement('textarea');
          fields.set(this, field);
          // What is begun stands until it is sent.
          field.value ||= this.controller.session?.name ?? '';
          this.shadowRoot?.append(field);
        },
    );
  },

  'a bridge tells the id of a context': async () =>
    replaceGetter((await classes()).session, 'handle', (handle, session: Session) => handle && session.contextId),

  'a bridge tells the masked number': async () =>
    replaceGetter((await classes()).session, 'handle', (handle, session: Session) => handle && session.subject?.masked),

  'a page follows a change on its bridge that is over': () => {
    let version = 100;
    return replace(
      Wires.prototype,
      'asRead',
      () => (message: unknown) =>
        typeof message === 'object' && message && 'id' in message && 'version' in message
          ? {...message, version: version++}
          : message,
    );
  },

  'a bridge says that all are in step': () => replaceGetter(Bridge.prototype, 'state', () => 'in-step'),

  'a page does not hear that another on its bridge wants to stay': () =>
    replace(
      Wires.prototype,
      'asRead',
      () => (message: unknown) =>
        typeof message === 'object' && message && 'answer' in message ? {...message, answer: 'agree'} : message,
    ),

  'a host that did not ask for it is made to follow by a bridge': () =>
    replace(
      Wires.prototype,
      'connect',
      (original) =>
        function (this: never, ...values: never[]) {
          const [provider, wire, options]: unknown[] = values;
          return original.apply(this, [provider, wire, {...(options as object), follows: true}] as never);
        },
    ),

  'the screen is shared and nothing is hidden': () => replaceGetter(BspProvider.prototype, 'lens', () => undefined),
};

/** Gives some properties of an object other values. */
const besides = <T extends object>(values: object): ProxyHandler<T> => ({
  get(target, key) {
    if (key in values) return Reflect.get(values, key) as unknown;
    const value: unknown = Reflect.get(target, key, target);
    return typeof value === 'function' ? (value as Method).bind(target as never) : value;
  },
});

/** Has Sessions write otherwise than they do. */
async function replaceAct(
  write: (act: Session['act'], session: Session, values: Parameters<Session['act']>) => ReturnType<Session['act']>,
): Promise<() => void> {
  const {session} = await classes();
  return replace(
    session,
    'act',
    (original) =>
      function (this: Session, ...values: Parameters<Session['act']>) {
        return write(original as unknown as Session['act'], this, values);
      },
  );
}

function replaceGetter<T, O extends object>(
  target: O,
  name: string,
  change: (value: T, owner: O) => unknown,
): () => void {
  const before = Object.getOwnPropertyDescriptor(target, name);
  if (!before?.get) throw new Error(`no getter ${name}`);
  const {get} = before;
  Object.defineProperty(target, name, {
    ...before,
    get(this: O) {
      return change(get.call(this) as T, this);
    },
  });
  return () => Object.defineProperty(target, name, before);
}

/** Without what the others came by: a story is only so long. */
const unbridged: typeof weights = {bridge: 0, carry: 0, forge: 0, turnHub: 0, useBridge: 0, idle: 0, logout: 0};

/** To be added to: nothing else happens. */
const nothing: typeof weights = Object.fromEntries(happeningNames.map((name) => [name, 0]));

/** The two pages are joined, change, and hear of it. */
const bridgedStories: typeof weights = {
  ...nothing,
  bridge: 20,
  carry: 90,
  setSubject: 30,
  clearSubject: 3,
  openContext: 60,
  plan: 5,
  list: 5,
};

/** What is to happen more often, that a story of chance comes by what a mutant does wrong. */
export const storiesFor = (mutant: string): typeof weights => ({
  ...(mutant.includes('bridge') ? {} : unbridged),
  ...moreOften[mutant],
});

const moreOften: Readonly<Record<string, typeof weights>> = {
  'a Session takes whatever context a message names': {foreign: 30},
  'an error of a Session that ended is written into the one that is open': {
    ...nothing,
    setSubject: 30,
    openContext: 40,
    failContext: 60,
  },
  'a record about somebody else counts as a person': {foreign: 30},
  'a switch asks no window': {object: 20, setSubject: 20},
  'a Session outlives its person': {setSubject: 30},
  'the screen is shared and nothing is hidden': {share: 20},
  'a pinned window writes to the person whom the page shows': {object: 15, answer: 50, write: 60},
  'a draft of the person before is sent for the next': {write: 60, setSubject: 20},
  'a bridge tells the id of a context': {bridge: 30},
  'a bridge tells the masked number': {bridge: 30},
  'a page follows a change on its bridge that is over': bridgedStories,
  'a bridge says that all are in step': bridgedStories,
  'a page does not hear that another on its bridge wants to stay': bridgedStories,
  'a host that did not ask for it is made to follow by a bridge': bridgedStories,
  'a window that leaves the page keeps its person': {moveWindow: 10},
  'a pinned window keeps the name and takes the rows of the next': {object: 15, answer: 50},
  'a window that follows again keeps a row': {
    object: 15,
    answer: 50,
    rejoin: 40,
    // Nothing that lets go of a pinned window otherwise.
    leavePage: 0,
    returnToPage: 0,
    attach: 0,
    moveWindow: 0,
    changeBackend: 0,
    name: 0,
    renew: 0,
    comeLate: 0,
  },
};
