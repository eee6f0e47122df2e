import {
  type BridgeMessage,
  casesResource,
  draftsResource,
  eventsResource,
  journalResource,
  ProblemError,
  personResource,
  problemOf,
  type Subject,
} from '@bsp/contract';
import {BspProvider, type Session, type SessionController, type SurveyAnswer} from '@bsp/core';
import type {Bridge} from '@bsp/core/bridge';
import {hidePersons} from '@bsp/core/screen-sharing';
import type {BspIdle} from '@bsp/widgets/idle';
import {composedText, ProbeWindow} from '../fixtures/probe-window.js';
import type {PendingOpen, PendingRead} from '../fixtures/scripted-backend.js';
import {birthDatesIn, type Person, personOf, recordOf, textOf, tracesIn} from './people.js';
import {BridgedBackend, Wires, wireKinds} from './race-bridges.js';

/** One thing that happens: what, and two numbers that choose whom and how. */
export interface Happening {
  readonly what: keyof typeof happenings;
  readonly which: number;
  readonly how: number;
}

const resources = {
  person: personResource,
  cases: casesResource,
  journal: journalResource,
  events: eventsResource,
  drafts: draftsResource,
};
type ResourceName = keyof typeof resources;
const resourceNames = Object.keys(resources) as ResourceName[];

const capabilities = [
  'live',
  ...['note.create', 'note.addendum', 'event.seen', 'event.acknowledge', 'event.done', 'reveal', 'draft.save'].map(
    (type) => `act:${type}`,
  ),
];

/** What the script knows of a provider, from what it did alone. */
interface ProviderModel {
  readonly element: BspProvider;
  /** Whose data may be on screen. */
  current: Person | undefined;
  /** The last call was about an invalid number. */
  invalid: boolean;
  /** A switch that windows are being asked about. */
  pending: {person: Person | undefined; invalid: boolean; before: Session | undefined} | undefined;
  /** The Session after the last step, to see a commit. */
  seen: Session | undefined;
  /** What a program of the host says to the next survey. */
  says: ProgramSaying;
  /** It has just objected, or not answered at once. */
  objected: boolean;
  /** The screen is shared: nobody may be told by its windows until this is called. */
  show: (() => void) | undefined;
  /** How many switches and ends there were: who is overtaken says nothing of who is open. */
  turn: number;
  bridge: ProviderBridge | undefined;
}

/** A provider's end of a bridge, and what the script knows of it. */
interface ProviderBridge {
  readonly bridge: Bridge;
  readonly wire: (typeof wireKinds)[number];
  /** The host has asked for changes. */
  readonly follows: boolean;
  /** The latest change that it has told of or followed: nothing earlier may move it. */
  latest: {readonly version: number; readonly by: string};
  /** The hub's date of the last one. */
  latestAt: number;
}

/** `leave` and `call`: it takes the provider out of the page, or calls for another person, while it is being asked. */
const programSayings = ['agree', 'prevent', 'stay', 'later', 'never', 'fail', 'leave', 'call', 'leave-later'] as const;
type ProgramSaying = (typeof programSayings)[number];

/** Whom a window may show, and the Session that it may show them from. */
interface Shown {
  readonly person: Person | undefined;
  readonly session: Session | undefined;
  /** They were asked for by a number that is none. */
  readonly invalid: boolean;
}

/** What the script did in one context. */
interface ContextModel {
  readonly person: Person;
  /** Something was refused, broken or unreadable: a window may say so. */
  troubled: boolean;
  /** `resource` → planned sources of each whole read. */
  readonly plans: Map<string, string[][]>;
  /** `resource/source` that answered with an empty list. */
  readonly answeredEmpty: Set<string>;
  /** `resource/source` → the newest read that gave a list. */
  readonly newest: Map<string, number>;
}

/** What the script did in one read. */
interface ReadModel {
  over: boolean;
  readonly planned: Map<string, string[]>;
  /** `resource/source` that gave a list. */
  readonly answered: Set<string>;
  /** What lists that came before the plan will mean. */
  readonly early: (() => void)[];
  lastFrame: unknown;
}

const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];

/** Windows of the kit that the page has; they must be registered. */
const windowTags = ['bsp-person', 'bsp-case-list', 'bsp-journal', 'bsp-events', 'bsp-idle'] as const;
const resourceOfTag: Readonly<Record<string, ResourceName>> = {
  'bsp-person': 'person',
  'bsp-case-list': 'cases',
  'bsp-journal': 'journal',
  'bsp-events': 'events',
};

/** A window of the kit says itself that it is pinned; of the smallest one its controller does. */
type Window = HTMLElement & {
  for?: string | undefined;
  pinned?: boolean;
  session?: Session | undefined;
  controller?: SessionController;
  pin?(): void;
};

const isPinned = (window: Window): boolean => window.controller?.pinned ?? window.pinned === true;

const atNoChange = {latest: {version: 0, by: ''}, latestAt: Number.NEGATIVE_INFINITY};

const longMs = 1_000;

/** A page with two providers and many windows, a script that answers for the backends, and an oracle that looks. */
export class RacePage {
  readonly stage = document.createElement('div');
  readonly homes = ['home-1', 'home-2', 'home-3'].map((id) => Object.assign(document.createElement('div'), {id}));
  readonly wires = new Wires((message) => this.#heardOnWire(message));
  readonly backends = [new BridgedBackend({capabilities}), new BridgedBackend({capabilities, together: true})];
  readonly providers: ProviderModel[];
  readonly windows: Window[] = [];
  readonly contexts = new Map<string, ContextModel>();
  readonly #contextOfSession = new WeakMap<AbortSignal, ContextModel>();
  readonly reads = new Map<PendingRead, ReadModel>();
  readonly failedOpens = new WeakSet<AbortSignal>();
  readonly questions: ((answer: 'agree' | 'stay' | 'pin' | 'throw') => void)[] = [];
  /** Windows that want to be asked before their Session ends. */
  readonly objectors = new Map<Session, Set<{asked: boolean}>>();
  /** Sessions that somebody was shown from, by context. */
  readonly #sessions = new Map<string, Session>();
  /** Providers whose idle question has ended the person. */
  readonly idled: (ProviderModel | undefined)[] = [];
  /** How many writes were looked at. */
  readonly #writesSeen = new Map<BridgedBackend, number>();
  /** The script calls for a switch itself. */
  #calling = false;
  readonly #setTimeout = globalThis.setTimeout;
  /** Windows that say that they are pinned: to whom they were when they began to. */
  readonly pins = new Map<Window, Shown & {readonly provider: ProviderModel | undefined}>();
  /** How each window stood at the last look. */
  readonly #before = new Map<Window, Shown & {readonly provider: ProviderModel | undefined}>();
  readonly log: string[] = [];
  readonly faults: string[] = [];
  persons = 0;
  /** Elements that are not defined yet. */
  readonly late: string[] = [];
  asleep = false;

  /** @param seen - the page is laid out and painted. */
  constructor(seen = true) {
    this.providers = ['one', 'two'].map((id, index) => {
      const element: BspProvider = new BspProvider();
      element.id = id;
      const backend = this.backends[index];
      if (backend) element.backend = backend;
      const model: ProviderModel = {
        element,
        current: undefined,
        invalid: false,
        pending: undefined,
        seen: undefined,
        says: 'agree',
        objected: false,
        show: undefined,
        turn: 0,
        bridge: undefined,
      };
      this.#watchSwitches(model);
      // Some do not answer, and the switch is not to wait for them.
      element.surveyTimeout = 0;
      element.addEventListener('bsp-subject-survey', (event) => event.target === element && this.#answer(event, model));
      return model;
    });
    const [one, two] = this.providers;
    if (!one || !two) throw new Error('no providers');
    for (const name of resourceNames) one.element.append(this.#probe(resources[name]));
    for (const tag of windowTags) one.element.append(this.#window(tag));
    two.element.append(this.#probe(casesResource), this.#window('bsp-case-list'), this.#window('bsp-journal'));
    this.homes[0]?.append(one.element);
    this.homes[2]?.append(this.#probe(casesResource), this.#window('bsp-person'));
    this.stage.append(...this.homes);
    this.stage.addEventListener('bsp-action-settled', ({detail}) => {
      const act = this.backends.flatMap(({acts}) => acts).find(({action}) => action.key === detail.key);
      const person = act && this.contexts.get(act.contextId)?.person;
      if (detail.subject && detail.subject.masked !== person?.masked)
        this.faults.push('A write was told under another number.');
      if (person && tracesIn(detail.name ?? '').some(({marker}) => marker !== person.marker))
        this.faults.push('A write was told under another name.');
    });
    this.stage.addEventListener('bsp-idle-end', ({target}) => this.idled.push(this.boundTo(target as Window)));
    // No story lasts as long as these, unless the machine has something else to do: then a read would fall silent by itself.
    globalThis.setTimeout = ((run: () => void, milliseconds = 0) =>
      milliseconds < longMs ? this.#setTimeout.call(globalThis, run, milliseconds) : 0) as typeof setTimeout;
    // A tab of a test may really lie behind another one.
    Object.defineProperty(document, 'visibilityState', {
      configurable: true,
      get: () => (this.asleep ? 'hidden' : 'visible'),
    });
    Object.defineProperty(document, 'hidden', {configurable: true, get: () => this.asleep});
    // What nobody sees need not be laid out, which is most of what a step costs. Some stories are played in sight.
    if (!seen) this.stage.style.contentVisibility = 'hidden';
    document.body.append(this.stage);
  }

  /** Every switch is known to the script, whoever calls for it: a bridge may, with its host's consent, and only for news. */
  #watchSwitches(provider: ProviderModel): void {
    const {element} = provider;
    const {setSubject, clearSubject} = BspProvider.prototype;
    const watched = (call: () => ReturnType<typeof clearSubject>, person: Person | undefined, invalid: boolean) => {
      const before = element.session;
      const turn = ++provider.turn;
      const objectors = [...((before && this.objectors.get(before)) ?? [])];
      for (const objector of objectors) objector.asked = false;
      const outcome = call();
      // A listener has called for another, or has ended it.
      if (turn === provider.turn) this.#called(provider, before, person, invalid);
      return outcome;
    };
    element.setSubject = (subject: Subject, options) => {
      const person = this.personOfSubject(subject);
      if (!this.#calling) this.#lookAtFollowing(provider, subject);
      const known = (subject as Subject | undefined)?.type === 'ref';
      return watched(() => setSubject.call(element, subject, options), person, !person && !known);
    };
    element.clearSubject = () => {
      if (!this.#calling) this.#lookAtFollowing(provider, undefined);
      return watched(() => clearSubject.call(element), undefined, false);
    };
  }

  /** The script calls for a switch by the provider's own interface. */
  calls(call: () => void): void {
    const before = this.#calling;
    this.#calling = true;
    try {
      call();
    } finally {
      this.#calling = before;
    }
  }

  #lookAtFollowing({bridge}: ProviderModel, subject: Subject | undefined): void {
    const {delivery} = this.wires;
    if (!bridge?.follows) this.faults.push('A page follows that did not ask for it.');
    if (subject && (subject.type !== 'ref' || /\d{6}-?\d{4}/.test(subject.value)))
      this.faults.push('A bridge brings a number.');
    if (!bridge || !delivery || delivery.wire !== bridge.wire) return;
    const {turn, at} = delivery;
    if (turn) {
      if (!isLater(turn, bridge.latest)) this.faults.push('A page follows a change that is over.');
      bridge.latest = turn;
    }
    if (at !== undefined) {
      if (at <= bridge.latestAt) this.faults.push('A page follows what the hub had told before.');
      bridge.latestAt = at;
    }
  }

  /** What a page tells of is what it knows of. */
  readonly #owners = new Map<string, ProviderBridge>();
  #heardOnWire(message: BridgeMessage): void {
    if (message.kind === 'hello') {
      const owner = this.providers.find(({element}) => element.id === message.name);
      if (owner?.bridge && !this.#owners.has(message.from)) this.#owners.set(message.from, owner.bridge);
    } else if (message.kind === 'open' || message.kind === 'close') {
      const bridge = this.#owners.get(message.from);
      if (bridge && isLater(message, bridge.latest)) bridge.latest = {version: message.version, by: message.by};
    }
  }

  /** Whatever goes to other programs tells nothing but handles. */
  #lookAtWires(): void {
    for (const text of this.wires.said.splice(0)) {
      const bare = text.replaceAll(/p-Zq[0-9a-z]{3}qZ/g, '');
      if (
        tracesIn(bare).length + birthDatesIn(bare).length > 0 ||
        /(?<![\dA-Za-z])\d{6}-?\d{4}(?![\dA-Za-z])/.test(bare)
      )
        this.faults.push(`A bridge tells who is open: ${text}`);
      if ([...this.contexts.keys()].some((id) => text.includes(id)))
        this.faults.push(`A bridge tells a context: ${text}`);
    }
    const [one, two] = this.providers;
    if (!one?.bridge || !two?.bridge || one.bridge.wire !== two.bridge.wire || this.wires.underWay.length > 0) return;
    // Who is in step with a hub has only the hub's word for it.
    if (one.bridge.wire === 'hub') return;
    if (one.bridge.bridge.state !== 'in-step' || two.bridge.bridge.state !== 'in-step') return;
    const standing = ({element: {session}, pending}: ProviderModel) =>
      !pending && (!session || session.state === 'open');
    if (standing(one) && standing(two) && one.element.session?.handle !== two.element.session?.handle)
      this.faults.push('Two pages say that they are in step, and show two persons.');
  }

  /** A write is about the person whose context it is sent in. */
  #lookAtWrites(): void {
    for (const backend of this.backends) {
      const {acts} = backend;
      for (const {action, contextId} of acts.slice(this.#writesSeen.get(backend) ?? 0))
        for (const {marker} of tracesIn(JSON.stringify(action.payload ?? '')))
          if (marker !== this.contexts.get(contextId)?.person.marker)
            this.faults.push(`A write (${action.type}) about ${marker} goes to somebody else.`);
      this.#writesSeen.set(backend, acts.length);
    }
  }

  /** Nothing is asked for a person who is gone, and nobody stands whom nothing shows. */
  #lookAtEnds(): void {
    const shown = new Set([
      ...this.providers.map(({element}) => element.session),
      ...[...this.pins.values()].map(({session}) => session),
    ]);
    for (const [contextId, session] of this.#sessions) {
      if (session.state !== 'closed' && !shown.has(session)) this.faults.push('A Session stands that nothing shows.');
      if (session.state !== 'closed') continue;
      this.#sessions.delete(contextId);
      for (const read of this.backends.flatMap(({reads}) => reads))
        if (read.contextId === contextId && !read.signal.aborted)
          this.faults.push('A read goes on about a person who is gone.');
    }
    for (const session of shown) if (session?.contextId) this.#sessions.set(session.contextId, session);
  }

  /** A program of the host is asked. */
  #answer(event: HTMLElementEventMap['bsp-subject-survey'], provider: ProviderModel): void {
    const {detail} = event;
    const said = JSON.stringify(detail.to ?? {});
    if (/\d{6}-?\d{4}/.test(said)) this.faults.push('The survey tells a number.');
    const {says} = provider;
    const waits = ['prevent', 'stay', 'later', 'never', 'fail'];
    provider.objected = waits.includes(says);
    provider.says = 'agree';
    if (says === 'prevent') event.preventDefault();
    else if (says === 'stay') detail.waitUntil({stay: '<b>Nej</b>'}, 'Et program');
    else if (says === 'leave') this.removeProvider(provider);
    else if (says === 'leave-later')
      provider.element.addEventListener('bsp-subject-commit', () => this.removeProvider(provider), {once: true});
    else if (says === 'call') this.calls(() => void provider.element.setSubject(this.numberOf(this.persons++)));
    else if (says === 'never') detail.waitUntil(new Promise<undefined>(() => undefined), 'Et program');
    else if (says !== 'agree') {
      const fails = says === 'fail';
      detail.waitUntil(
        new Promise<'agree' | {stay: string}>((resolve, reject) => {
          this.questions.push((answer) => {
            if (fails) reject(new Error('x'));
            else resolve(answer === 'stay' ? {stay: 'Nej'} : 'agree');
          });
        }),
      );
    } else detail.waitUntil('agree');
  }

  /** Whom a window may show now. */
  shownIn(window: Window): Shown & {readonly provider: ProviderModel | undefined} {
    const provider = this.boundTo(window);
    const {current: person, invalid = false, element} = provider ?? {};
    return this.pins.get(window) ?? {person, session: element?.session, invalid, provider};
  }

  #lookAtPins(): void {
    for (const window of this.windows) {
      const before = this.#before.get(window);
      if (!isPinned(window)) this.pins.delete(window);
      // Whoever was there before it said so is who it may keep.
      else if (!this.pins.has(window) && before) this.pins.set(window, before);
    }
  }

  #probe(resource: ProbeWindow['resources'][number]): ProbeWindow {
    const element = new ProbeWindow();
    element.resources = [resource];
    this.windows.push(element);
    return element;
  }

  #window(tag: string): Window {
    const element = document.createElement(tag);
    this.windows.push(element);
    return element;
  }

  remove(): void {
    globalThis.setTimeout = this.#setTimeout;
    this.stage.remove();
    for (const provider of this.providers) {
      provider.element.remove();
      // A switch that came to nothing is not one that was not asked about.
      provider.pending = undefined;
    }
    this.wires.release();
    for (const name of ['visibilityState', 'hidden']) Reflect.deleteProperty(document, name);
  }

  /** The provider that a window is to follow, by the rules of the house. */
  boundTo(window: Window): ProviderModel | undefined {
    const connected = this.providers.filter(({element}) => element.isConnected);
    if (!window.isConnected) return undefined;
    if (window.for) return connected.find(({element}) => element.id === window.for);
    const around = window.closest<HTMLElement>('bsp-provider');
    if (around) return connected.find(({element}) => element.isSameNode(around));
    return connected.length === 1 ? connected[0] : undefined;
  }

  /** The screen is shared: the window is to tell nobody. */
  isShared(window: Window): boolean {
    return this.boundTo(window)?.show !== undefined;
  }

  /** Does one thing. Gives how it came out where there are several ways; false: there was nothing to do it to. */
  do({what, which, how}: Happening): string | false | undefined {
    this.log.push(`${what} ${which} ${how}`);
    return happenings[what](this, which, how);
  }

  numberOf(index: number): Subject {
    return {type: 'cpr', value: personOf(index).number};
  }

  /** The host takes a provider out of the page, with what is in it. */
  removeProvider(provider: ProviderModel): void {
    if (!provider.element.isConnected) return;
    const gone = this.providers.filter(({element}) => provider.element.contains(element));
    provider.element.remove();
    for (const one of gone) this.ended(one);
  }

  /** A switch was asked for: does it stand already, or are windows asked? */
  #called(provider: ProviderModel, before: Session | undefined, person: Person | undefined, invalid: boolean): void {
    const participants = (before as {participants?: {size: number}} | undefined)?.participants?.size ?? 0;
    const objectors = participants + (provider.objected ? 1 : 0);
    provider.objected = false;
    if (objectors === 0 && before && provider.element.session === before)
      this.faults.push('Nobody objects, and the person stays after the commit.');
    provider.pending = {person, invalid, before};
    if (objectors === 0 || (before && provider.element.session !== before)) this.#take(provider);
  }

  #take(provider: ProviderModel): void {
    if (!provider.pending) return;
    const {before} = provider.pending;
    if (before && [...(this.objectors.get(before) ?? [])].some(({asked}) => !asked))
      this.faults.push('Somebody wanted to be asked before the switch, and was not.');
    provider.current = provider.pending.person;
    provider.invalid = provider.pending.invalid;
    provider.pending = undefined;
  }

  /** The provider let go of everything. */
  ended(provider: ProviderModel): void {
    provider.turn++;
    // A page that comes back knows of nothing.
    if (provider.bridge) Object.assign(provider.bridge, atNoChange);
    provider.pending = undefined;
    provider.current = undefined;
    provider.invalid = false;
    if (provider.element.session) this.faults.push('A Session stands after it was ended.');
    for (const pin of this.pins.values())
      if (pin.provider === provider && pin.session && pin.session.state !== 'closed')
        this.faults.push('A pinned Session stands after it was ended.');
  }

  /** Looks at the page. Call it within the task of what was done, and later. */
  look(when: string): void {
    const fault = (text: string): void => {
      this.faults.push(`${when}: ${text}`);
    };
    for (const provider of this.idled.splice(0)) if (provider) this.ended(provider);
    const committed = new Set<ProviderModel>();
    for (const provider of this.providers) {
      const {session} = provider.element;
      if (provider.pending && session !== provider.pending.before) this.#take(provider);
      if (session !== provider.seen) committed.add(provider);
      provider.seen = session;
    }
    this.#lookAtPins();
    this.#lookAtWires();
    this.#lookAtWrites();
    this.#lookAtEnds();
    for (const window of this.windows) {
      const shown = this.shownIn(window);
      const {provider, person: allowed, session} = shown;
      const pinned = this.pins.has(window);
      const name = `${pinned ? 'pinned ' : ''}${window.localName}${window.for ? `[for=${window.for}]` : ''}`;
      const text = writtenIn(window);
      const traces = tracesIn(text);
      // References stay, and the smallest window shows them.
      const told = text.replaceAll(/"ref":\{[^}]*\}/g, '');
      if (this.isShared(window) && tracesIn(told).length + birthDatesIn(told).length > 0)
        fault(`${name} tells who is open while the screen is shared.`);
      for (const {marker} of traces)
        if (marker !== allowed?.marker) fault(`${name} shows ${marker}, and ${allowed?.marker ?? 'nobody'} is open.`);
      for (const date of birthDatesIn(text))
        if (!allowed?.masked.startsWith(date)) fault(`${name} shows the number ${date}.`);
      if (provider && !pinned && committed.has(provider) && traces.length > 0)
        fault(`${name} is not blank at the commit.`);
      this.#lookAtOrigins(window, session, traces, name, fault);
      this.#lookAtClaims(window, text, shown, name, fault);
      this.#before.set(window, shown);
    }
    // Nothing of a person outside the windows: dialogs, live regions or toasts that hang on the body.
    const outside = composedText(document.body, new Set(this.windows));
    const open = new Set(this.providers.flatMap(({current}) => current?.marker ?? []));
    for (const {marker} of tracesIn(outside)) if (!open.has(marker)) fault(`The page shows ${marker}.`);
    const kept = [
      document.title,
      location.href,
      JSON.stringify({...localStorage}),
      JSON.stringify({...sessionStorage}),
    ];
    for (const {marker} of tracesIn(kept.join('\n'))) fault(`The browser keeps ${marker}.`);
  }

  /** Lays the page out for what must see it. */
  async inSight<T>(see: () => Promise<T>): Promise<T> {
    const {style} = this.stage;
    const before = style.contentVisibility;
    style.contentVisibility = '';
    try {
      return await see();
    } finally {
      style.contentVisibility = before;
    }
  }

  /** Everyone whom some window may show now. */
  shownMarkers(): Set<string> {
    return new Set(this.windows.flatMap((window) => this.shownIn(window).person?.marker ?? []));
  }

  /** The accessibility tree is a second account of the page: it says nothing of anybody else. */
  lookAtTree(tree: string, allowed: ReadonlySet<string>): void {
    for (const {marker} of tracesIn(tree))
      if (!allowed.has(marker)) this.faults.push(`The accessibility tree says ${marker}.`);
  }

  /** Records are of a read in the context that is open now, and no older than the newest list of their source. */
  #lookAtOrigins(
    window: Window,
    session: Session | undefined,
    traces: ReturnType<typeof tracesIn>,
    name: string,
    fault: (text: string) => void,
  ): void {
    const context = this.contexts.get(session?.contextId ?? '');
    for (const trace of traces) {
      const {origin} = trace;
      if (!origin) continue;
      const read = this.backends[origin.backend]?.reads[origin.read];
      if (!context || this.contexts.get(read?.contextId ?? '') !== context)
        fault(`${name} shows records of a context that is not open.`);
      const newest = this.contexts.get(read?.contextId ?? '')?.newest.get(`${origin.resource}/${origin.source}`);
      if (newest === undefined || origin.read >= newest) continue;
      // A draft that the user has taken up is their text from then on; what came of a deed is told of the record as it was.
      if ((origin.resource !== 'drafts' || name === 'probe-window') && !isOnlyAnnounced(window, traces, trace))
        fault(`${name} shows ${origin.resource} of read ${origin.read}, and ${newest} has answered.`);
    }
  }

  /** "Empty" and "error" are claims: the script must have given reason for them. */
  #lookAtClaims(
    window: Window,
    text: string,
    {provider, session, invalid}: ReturnType<RacePage['shownIn']>,
    name: string,
    fault: (text: string) => void,
  ): void {
    const context = this.contexts.get(session?.contextId ?? '');
    const resource = window instanceof ProbeWindow ? window.resources[0]?.name : resourceOfTag[window.localName];
    const says = (state: string): boolean =>
      window instanceof ProbeWindow
        ? window.shadowRoot?.querySelector('p')?.textContent?.split(' ')[0] === state
        : window.matches(`:state(${state})`) || (state === 'empty' && /Ingen \S+ registreret/.test(text));
    if (says('empty')) {
      const plans = context?.plans.get(resource ?? '') ?? [];
      const reason = plans.some(
        (sources) =>
          sources.length > 0 && sources.every((source) => context?.answeredEmpty.has(`${resource}/${source}`) === true),
      );
      if (!reason) fault(`${name} says that there is nothing, and not every source has said so.`);
    }
    if ((says('error') || says('forbidden') || says('stale')) && provider) {
      const reason =
        context?.troubled === true || invalid || (session && this.failedOpens.has(session.signal)) === true;
      if (!reason) fault(`${name} tells an error that nobody made.`);
    }
  }

  get pendingOpens(): {open: PendingOpen; person: Person | undefined}[] {
    return this.backends
      .flatMap(({opens}) => opens)
      .filter(({settled}) => !settled)
      .map((open) => ({open, person: this.personOf(open)}));
  }

  personOf({subject}: PendingOpen): Person | undefined {
    return this.personOfSubject(subject);
  }

  personOfSubject(subject: Subject | undefined): Person | undefined {
    const given = subject && 'value' in subject ? subject.value : '';
    const value = typeof given === 'string' ? given.replace('-', subject?.type === 'ref' ? '-' : '') : '';
    for (let index = this.persons - 1; index >= 0; index--) {
      const person = personOf(index);
      if (person.number.replace('-', '') === value || handleOf(person) === value) return person;
    }
    return undefined;
  }

  /** Whether the kit can tell that an answer is about another: of a handle's first context only the backend knows whose it is. */
  canTellWhom({subject, signal}: PendingOpen): boolean {
    return subject?.type !== 'ref' || this.#contextOfSession.has(signal);
  }

  /** Nobody has a handle that is forged. */
  answerOpen(open: PendingOpen, named: boolean): void {
    const person = this.personOf(open);
    if (person) this.accept(open, person, named);
    else if (open.subject?.type === 'ref') {
      this.failedOpens.add(open.signal);
      open.fail(new ProblemError(problemOf('invalid-subject', 'x')));
    } else open.accept();
  }

  accept(open: PendingOpen, person: Person, named: boolean): void {
    const contextId = open.accept({
      cursor: 'start',
      handle: handleOf(person),
      subject: {masked: person.masked, ...(named ? {label: person.marker} : {})},
    });
    // What was said in a context holds in the one that goes on where it was closed.
    const context = this.#contextOfSession.get(open.signal) ?? {
      person,
      troubled: false,
      plans: new Map(),
      answeredEmpty: new Set(),
      newest: new Map(),
    };
    this.#contextOfSession.set(open.signal, context);
    this.contexts.set(contextId, context);
  }

  modelOf(read: PendingRead): ReadModel {
    let model = this.reads.get(read);
    if (!model) {
      model = {over: false, planned: new Map(), answered: new Set(), early: [], lastFrame: undefined};
      this.reads.set(read, model);
    }
    return model;
  }

  /** Reads that a script may still write to; the latest first. */
  get openReads(): PendingRead[] {
    return this.backends.flatMap(({reads}) => reads.slice(-8)).reverse();
  }

  contextOf(read: PendingRead): ContextModel {
    const context = this.contexts.get(read.contextId);
    if (!context) throw new Error('A read in a context that nobody opened.');
    return context;
  }

  plan(read: PendingRead, sources: readonly string[]): void {
    const model = this.modelOf(read);
    const context = this.contextOf(read);
    const resourcesAsked = [...new Set(read.reads.map(({resource}) => resource))];
    read.plan(Object.fromEntries(resourcesAsked.map((resource) => [resource, sources])));
    if (model.over || model.planned.size > 0) return;
    for (const resource of resourcesAsked) {
      model.planned.set(resource, [...sources]);
      if (read.reads.some((one) => one.resource === resource && one.source === undefined))
        context.plans.set(resource, [...(context.plans.get(resource) ?? []), [...sources]]);
    }
    for (const conclude of model.early.splice(0)) conclude();
  }

  /** A good frame of a list; what the model may conclude from it. */
  list(read: PendingRead, resource: string, source: string, count: number, change: object = {}): void {
    const model = this.modelOf(read);
    const context = this.contextOf(read);
    const backend = this.backends.findIndex(({reads}) => reads.includes(read));
    const index = this.backends[backend]?.reads.indexOf(read) ?? 0;
    const text = textOf(context.person, backend, index, source, resource);
    const items = Array.from({length: count}, (_, id) => recordOf(resource, text, context.person, source, id));
    model.lastFrame = {resource, source, items, change};
    read.frame(resource, source, items, change);
    const asked = read.reads.find((one) => one.resource === resource && (one.source ?? source) === source);
    if (model.over || read.signal.aborted || !asked) return;
    const conclude = (): void => {
      // Of a read of one source the plan says nothing that counts.
      if (asked.source === undefined && !model.planned.get(resource)?.includes(source)) return;
      const key = `${resource}/${source}`;
      if (!('mode' in change)) model.answered.add(key);
      if (asked.cursor !== undefined || Object.keys(change).some((name) => name !== 'cached')) return;
      context.newest.set(key, Math.max(index, context.newest.get(key) ?? 0));
      if (count === 0) context.answeredEmpty.add(key);
    };
    // What overtakes the plan counts with it.
    if (model.planned.size === 0) model.early.push(conclude);
    else conclude();
  }

  /** Answers all that is open until nothing more is asked, so that the person who is open now stands on the page. */
  async finish(turn: () => Promise<void>): Promise<void> {
    for (let round = 0; round < 8; round++) {
      // What the script has broken is asked for once more.
      if (round === 2)
        for (const {element} of this.providers)
          for (const name of resourceNames) element.session?.resource<unknown>(resources[name]).reload();
      for (const answer of this.questions.splice(0)) answer('agree');
      this.wires.turnHub(0);
      for (let parcel = 0; parcel < 20 && this.wires.carry(0, 4); parcel++);
      for (const {open} of this.pendingOpens) this.answerOpen(open, true);
      for (const read of this.backends.flatMap(({reads}) => reads)) {
        const model = this.modelOf(read);
        if (model.over || read.signal.aborted || !this.contexts.has(read.contextId)) continue;
        if (model.planned.size === 0) this.plan(read, ['a', 'b']);
        for (const {resource, source, cursor} of read.reads)
          for (const one of source === undefined ? (model.planned.get(resource) ?? []) : [source])
            this.list(read, resource, one, 1, cursor === undefined ? {} : {mode: 'append'});
        model.over = true;
        read.end();
      }
      await turn();
    }
  }
}

/** What {@link composedText} gives, as the browser writes it down: several times as fast, and this is what a step costs most. */
function writtenIn(window: Window): string {
  const parts = [window.outerHTML];
  const look = (root: ShadowRoot): void => {
    parts.push(root.innerHTML);
    for (const element of root.querySelectorAll<HTMLElement & {value?: unknown}>('*')) {
      if (element.shadowRoot) look(element.shadowRoot);
      if (typeof element.value === 'string') parts.push(element.value);
    }
  };
  if (window.shadowRoot) look(window.shadowRoot);
  return parts.join('\n');
}

/** A trace that stands in a live region and nowhere else. */
function isOnlyAnnounced(window: Window, all: ReturnType<typeof tracesIn>, trace: object): boolean {
  const announced = [...(window.shadowRoot?.querySelectorAll('[role=status]') ?? [])].map(({innerHTML}) => innerHTML);
  const like = (traces: readonly object[]) =>
    traces.filter((one) => JSON.stringify(one) === JSON.stringify(trace)).length;
  return like(tracesIn(announced.join('\n'))) === like(all);
}

const isLater = (
  one: {readonly version: number; readonly by: string},
  other: {readonly version: number; readonly by: string},
): boolean => one.version > other.version || (one.version === other.version && one.by > other.by);

const handleOf = ({marker}: Person): string => `p-${marker}`;

/** A name is defined once in a page. */
let lateWindows = 0;

const codes = ['unavailable', 'forbidden', 'unauthorized', 'not-found', 'context-closed', 'internal'] as const;

/** How a thing came out, where there are several ways; false: there was nothing to do it to. */
type Done = string | false | undefined;

/** What can happen, by name. A script's numbers choose among what there is. */
const happenings = {
  setSubject(page: RacePage, which: number, how: number): Done {
    const provider = pick(page.providers, which);
    if (!provider) return false;
    const again = how % 4 === 0 && page.persons > 0;
    const subject = page.numberOf(again ? how % page.persons : page.persons++);
    page.calls(() => void provider.element.setSubject(subject));
    return again ? 'again' : 'new';
  },
  setInvalid(page: RacePage, which: number, how: number): Done {
    const provider = pick(page.providers, which);
    if (!provider) return false;
    const bad: unknown[] = [{type: 'cpr', value: '310285-0001'}, undefined, {type: 'dog'}, {type: 'cpr', value: 7}];
    page.calls(() => void provider.element.setSubject(pick(bad, how) as never));
  },
  clearSubject(page: RacePage, which: number): Done {
    const provider = pick(page.providers, which);
    if (!provider) return false;
    page.calls(() => void provider.element.clearSubject());
  },
  openContext(page: RacePage, which: number, how: number): Done {
    const pending = pick(page.pendingOpens, which);
    if (!pending) return false;
    page.answerOpen(pending.open, how % 2 === 0);
  },
  /** The backend has closed the context, and the user opens it again. */
  renew(page: RacePage, which: number, how: number): undefined {
    const window = pick(page.windows, how);
    void (window && page.shownIn(window).session)?.renew();
    if (which % 2 === 0) happenings.openContext(page, 0, how);
  },
  failContext(page: RacePage, which: number, how: number): Done {
    const pending = pick(page.pendingOpens, which);
    if (!pending) return false;
    const {open} = pending;
    const way = how % 5 === 0 ? 'garbage' : how % 5 === 1 && page.canTellWhom(open) ? 'foreign' : 'failed';
    page.failedOpens.add(open.signal);
    if (way === 'garbage') open.answer({contextId: 7});
    else if (way === 'foreign') open.accept({subject: {masked: personOf(page.persons + 5).masked}});
    else open.fail(new ProblemError(problemOf(pick(codes, how) ?? 'internal', 'x')));
    return way;
  },
  plan(page: RacePage, which: number, how: number): undefined {
    const read = pick(page.openReads, which);
    if (read) page.plan(read, how % 4 === 0 ? ['a'] : ['a', 'b']);
  },
  planForeign(page: RacePage, which: number, how: number): undefined {
    const read = pick(page.openReads, which);
    if (read && page.modelOf(read).planned.size === 0)
      read.plan(
        {cases: ['a']},
        {
          contextId:
            pick(
              [...page.contexts.keys()].filter((id) => id !== read.contextId),
              how,
            ) ?? 'another',
        },
      );
  },
  list(page: RacePage, which: number, how: number): Done {
    const read = pick(page.openReads, which);
    const asked = read && pick(read.reads, how);
    if (!read || !asked) return false;
    const source = asked.source ?? pick(['a', 'b'], how >> 2) ?? 'a';
    const count = (how >> 3) % 3;
    const variants = [{}, {}, {}, {mode: 'append'}, {cached: true}, {next: 'more'}, {invalid: 1}];
    const early = page.modelOf(read).planned.size === 0;
    page.list(read, asked.resource, source, count, pick(variants, how >> 5));
    return early ? 'before its plan' : page.openReads[0] === read ? 'in order' : 'after a later read';
  },
  repeat(page: RacePage, which: number): Done {
    const read = pick(page.openReads, which);
    const frame =
      read && (page.modelOf(read).lastFrame as {resource: string; source: string; items: unknown[]; change: object});
    if (!frame) return false;
    read.frame(frame.resource, frame.source, frame.items, frame.change);
    return 'duplicate';
  },
  refuse(page: RacePage, which: number, how: number): Done {
    const read = pick(page.openReads, which);
    const asked = read && pick(read.reads, how);
    if (!read || !asked) return false;
    const statuses = ['forbidden', 'needs-purpose', 'not-applicable', 'timeout', 'unavailable', 'invalid'];
    const status = pick(statuses, how >> 3);
    const source = asked.source ?? pick(['a', 'b'], how >> 2) ?? 'a';
    page.contextOf(read).troubled = true;
    // A source that does not have such a thing has said that there is nothing.
    if (status === 'not-applicable') page.contextOf(read).answeredEmpty.add(`${asked.resource}/${source}`);
    read.frame(asked.resource, source, [], {status});
  },
  /** Another person's records, in a stream where they do not belong. */
  foreign(page: RacePage, which: number, how: number): Done {
    const read = pick(page.openReads, which);
    const asked =
      (how % 2 && read?.reads.find(({resource}) => resource === 'person')) || (read && pick(read.reads, how));
    if (!read || !asked) return false;
    const others = [...page.contexts].filter(([id]) => id !== read.contextId);
    const [contextId, {person}] = pick(others, how) ?? ['elsewhere', {person: personOf(page.persons + 3)}];
    const items = [recordOf(asked.resource, person.marker, person, 'a', 0)];
    const kinds = [{contextId}, {contextId, status: 'forbidden'}, {contextId, mode: 'append'}, {readId: 'another'}];
    read.frame(asked.resource, 'a', items, pick(kinds, how >> 2));
    if (asked.resource === 'person') {
      // In the right context, about the wrong person.
      page.contextOf(read).troubled = true;
      read.frame('person', 'a', items);
    }
  },
  garbage(page: RacePage, which: number, how: number): Done {
    const read = pick(page.openReads, which);
    if (!read) return false;
    page.contextOf(read).troubled = true;
    const values = [null, 'x', {}, {kind: 'end'}, {kind: 'frame', contextId: read.contextId, readId: read.readId}];
    if (how % 6 === 5) read.frame(read.reads[0]?.resource ?? '', 'a', [null, {}, 'x'], {mode: 'append'});
    else read.push(pick(values, how));
  },
  end(page: RacePage, which: number, how: number): Done {
    const read = pick(page.openReads, which);
    if (!read) return false;
    const model = page.modelOf(read);
    const whole = [...model.planned].every(([resource, sources]) =>
      sources.every((source) => model.answered.has(`${resource}/${source}`)),
    );
    if (model.planned.size === 0 || !whole || how % 4 < 2) page.contextOf(read).troubled = true;
    model.over = true;
    if (how % 4 === 0) read.break();
    else if (how % 4 === 1) read.break(new ProblemError(problemOf(pick(codes, how >> 2) ?? 'internal', 'x')));
    else read.end();
    return (['broken', 'failing'] as const)[how % 4] ?? 'whole';
  },
  live(page: RacePage, which: number, how: number): Done {
    const line = pick(page.backends, which)?.lines.at(-1 - (how % 2));
    if (!line) return false;
    const contextId = pick([...page.contexts.keys()].slice(-4), how) ?? 'none';
    line.stand();
    if (how % 5 === 0) line.reset(contextId, `${how}`);
    else if (how % 5 === 1) line.break();
    else line.notice(contextId, pick(resourceNames, how >> 3) ?? 'cases', how % 3 ? 'a' : 'b', `${how}`);
    return (['reset', 'broken'] as const)[how % 5] ?? 'notice';
  },
  write(page: RacePage, which: number, how: number): Done {
    // A pinned window writes to its own person.
    const pinned = how % 3 === 0 ? pick([...page.pins.values()], which) : undefined;
    const {session, person} = pinned ?? {
      session: pick(page.providers, which)?.element.session,
      person: pick(page.providers, which)?.current,
    };
    if (!session || !person) return false;
    session.act('note.create', {heading: 'h', body: person.marker}).catch(() => undefined);
    return pinned ? 'pinned' : 'open';
  },
  settleWrite(page: RacePage, which: number, how: number): Done {
    const act = pick(
      page.backends.flatMap(({acts}) => acts).filter(({settled}) => !settled),
      which,
    );
    const person = act && page.contexts.get(act.contextId)?.person;
    if (!act || !person) return false;
    if (how % 3 === 0) act.fail(new ProblemError(problemOf(pick(codes, how >> 2) ?? 'internal', 'x')));
    else act.accept({value: person.number, lines: [person.marker], ref: {source: 'a', id: person.marker}});
  },
  readAgain(page: RacePage, which: number, how: number): Done {
    const session = pick(page.providers, which)?.element.session;
    const store = session?.resource<unknown>(resources[pick(resourceNames, how) ?? 'cases']);
    const source = how % 2 ? 'a' : 'b';
    if (how % 3 === 0) store?.reload();
    else if (how % 3 === 1) store?.refresh(source);
    else store?.more(source);
    return session ? undefined : false;
  },
  object(page: RacePage, which: number, how: number): Done {
    const provider = pick(page.providers, which);
    const {session} = provider?.element ?? {};
    const windows = page.windows.filter(
      (window) => !page.pins.has(window) && page.boundTo(window) === provider && (window.controller ?? window.pin),
    );
    const window = pick(windows, how);
    const answers: Partial<Record<string, SurveyAnswer>> = {
      pin: {
        pin: () => {
          // It may have gone elsewhere since it was asked.
          if ((window?.controller ?? window)?.session === session) (window?.controller ?? window)?.pin?.();
        },
      },
      agree: 'agree',
    };
    if (!session) return false;
    // Who comes while others are being asked is behind the veil, and is not.
    const objector = {asked: provider?.pending?.before === session};
    const objectors = page.objectors.get(session) ?? new Set();
    page.objectors.set(session, objectors.add(objector));
    const withdraw = session.survey(
      (signal) =>
        new Promise((resolve, reject) => {
          objector.asked = true;
          const question: RacePage['questions'][number] = (answer) =>
            answer === 'throw' ? reject(new Error('x')) : resolve(answers[answer] ?? {stay: 'Nej'});
          page.questions.push(question);
          signal.addEventListener('abort', () => {
            resolve('stay');
            const place = page.questions.indexOf(question);
            if (place >= 0) page.questions.splice(place, 1);
          });
        }),
    );
    const leave = (): void => {
      objectors.delete(objector);
      withdraw();
    };
    if (how % 3 === 0) page.questions.push((answer) => answer === 'throw' && leave());
    return undefined;
  },
  answer(page: RacePage, which: number, how: number): Done {
    const [question] = page.questions.length > 0 ? page.questions.splice(which % page.questions.length, 1) : [];
    const answer = pick(['agree', 'stay', 'pin', 'throw', 'pin'] as const, how) ?? 'agree';
    question?.(answer);
    return question ? answer : false;
  },
  /** A pinned window follows the page again. */
  rejoin(page: RacePage, which: number): Done {
    const window = pick([...page.pins.keys()], which);
    if (!window) return false;
    if (window.controller) window.controller.rejoin();
    else window.shadowRoot?.querySelector<HTMLElement>('#rejoin')?.click();
    return undefined;
  },
  /** A program of the host changes its mind. */
  program(page: RacePage, which: number, how: number): Done {
    const provider = pick(page.providers, which);
    if (provider) provider.says = pick(programSayings, how) ?? 'agree';
    return provider?.says;
  },
  attach(page: RacePage, which: number, how: number): Done {
    const provider = pick(page.providers, which);
    if (!provider) return false;
    if (how % 4 === 0) {
      page.removeProvider(provider);
      return provider.pending ? 'removed in a switch' : 'removed';
    }
    const was = provider.element.isConnected;
    const nested = page.providers.filter(
      ({element}) => element !== provider.element && provider.element.contains(element),
    );
    const [home1, home2] = page.homes;
    const around = pick(page.providers, which + 1)?.element;
    const into = how % 4 === 1 && around && !provider.element.contains(around) ? around : how % 4 === 2 ? home1 : home2;
    into?.append(provider.element);
    if (was) for (const one of [provider, ...nested]) page.ended(one);
    return into === around ? 'into another provider' : was ? 'moved' : 'put back';
  },
  moveWindow(page: RacePage, which: number, how: number): Done {
    const window = pick(page.windows, which);
    const homes = [...page.homes, ...page.providers.map(({element}) => element)];
    if (how % 7 === 0) window?.remove();
    else if (window) pick(homes, how)?.append(window);
    return how % 7 === 0 ? 'removed' : 'moved';
  },
  name(page: RacePage, which: number, how: number): undefined {
    const window = pick(page.windows, which);
    if (window) window.for = pick([undefined, 'one', 'two', undefined, 'nobody', 'home-1'], how);
  },
  changeBackend(page: RacePage, which: number, how: number): Done {
    const provider = pick(page.providers, which);
    if (!provider) return false;
    const {session, backend} = provider.element;
    const next = how % 5 === 0 ? undefined : pick(page.backends, how);
    provider.element.backend = next;
    if (next === backend) return;
    if (session && provider.element.session === session && session.state === 'open')
      page.faults.push('A Session outlives its backend.');
    if (provider.element.session !== session) page.ended(provider);
  },
  /** A window stands in the page before its element is defined. */
  comeLate(page: RacePage, which: number, how: number): undefined {
    const name = `late-window-${++lateWindows}`;
    const window = document.createElement(name);
    pick([...page.homes, ...page.providers.map(({element}) => element)], how)?.append(window);
    page.windows.push(window);
    page.late.push(name);
    if (which % 2 === 0) happenings.defineLate(page);
  },
  defineLate(page: RacePage): undefined {
    const name = page.late.pop();
    if (name)
      customElements.define(
        name,
        class extends ProbeWindow {
          constructor() {
            super();
            this.resources = [casesResource];
          }
        },
      );
  },
  /** The user shares the screen, or no longer. */
  share(page: RacePage, which: number): Done {
    const provider = pick(page.providers, which);
    if (!provider) return false;
    provider.show?.();
    provider.show = provider.show ? undefined : hidePersons(provider.element);
    return provider.show ? 'begun' : 'ended';
  },
  logout(page: RacePage, which: number): Done {
    const provider = pick(page.providers, which);
    if (!provider) return false;
    const {session} = provider.element;
    provider.element.logout();
    page.ended(provider);
    return session ? 'somebody' : 'nobody';
  },
  /** Nobody has used the page for a while: the user is asked, is there after all, or is not. */
  idle(page: RacePage, which: number, how: number): Done {
    const idle = page.windows.find((window): window is BspIdle => window.localName === 'bsp-idle');
    if (!idle || !page.shownIn(idle).session) return false;
    const buttons = [...(idle.shadowRoot?.querySelectorAll<HTMLElement>('dialog button') ?? [])];
    if (buttons.length === 0) {
      idle.ask();
      return 'asked';
    }
    if (which % 3 === 0) idle.keep();
    else pick(buttons, how)?.click();
    return 'answered';
  },
  /** The pages of the two providers are joined, as tabs, host and guest, or through a hub; or one of them leaves. */
  bridge(page: RacePage, which: number, how: number): Done {
    const open = page.providers.filter(({bridge}) => bridge && bridge.bridge.state !== 'closed');
    const left = pick(open, which);
    if (left?.bridge && how % 3 === 0) {
      left.bridge.bridge.close();
      return 'left';
    }
    const wire = left?.bridge?.wire ?? pick(wireKinds, how) ?? 'tabs';
    for (const {element} of page.providers) if (!element.isConnected) page.homes[1]?.append(element);
    const joining = page.providers.filter((provider) => !open.includes(provider));
    for (const provider of joining) {
      const follows = (how >> 3) % 5 !== 0;
      const {element} = provider;
      // Told of before it can say anything.
      const bridge = page.wires.connect(element, wire, element.id, follows);
      provider.bridge = {bridge, wire, follows, ...atNoChange};
    }
    return joining.length > 0 && wire;
  },
  /** What is under way between programs comes through, late, twice, not at all, or in another order. */
  carry(page: RacePage, which: number, how: number): Done {
    return page.wires.carry(which, how);
  },
  /** A program, a tab or a hub that lies. */
  forge(page: RacePage, which: number, how: number): Done {
    const wire = page.providers.find(({bridge}) => bridge)?.bridge?.wire;
    if (!wire) return false;
    // Of one version it tells one lie.
    const version = pick([which, 999_999_999, -1, 0.5], how >> 4) ?? 0;
    const lie = wire === 'hub' ? how : Math.trunc(Math.abs(version));
    const person = personOf(lie % 2);
    const value = pick([handleOf(person), 'p-nobody', person.number, person.number.replace('-', '')], lie >> 2) ?? '';
    const from = 'a-program-that-lies';
    const lies: unknown[] =
      wire === 'hub'
        ? ['dk.bsp.subject_open', 'dk.bsp.subject_close', 'Patient-open', 'SyncError'].map((name) => ({
            timestamp: '',
            id: `lie-${which}-${how}`,
            event: {
              'hub.topic': how % 7 === 0 ? 'another-topic' : 'the-topic-of-this-log-in',
              'hub.event': name,
              context: [{key: 'subject', reference: {identifier: {value}}}],
            },
          }))
        : (['open', 'close', 'status', 'hello', 'bye'] as const).map((kind) => ({
            bridge: how % 7 === 0 ? 2 : 1,
            from,
            kind,
            version,
            by: from,
            id: value,
            status: 'in-step',
            follows: true,
          }));
    return page.wires.forge(wire, pick([...lies, ...lies, 'x', null, {kind: 'open'}], how), how % 4 === 0) && wire;
  },
  /** The hub refuses, stalls, tells nobody, or drops its lines. */
  turnHub(page: RacePage, _which: number, how: number): Done {
    return page.providers.some(({bridge}) => bridge?.wire === 'hub') && page.wires.turnHub(how);
  },
  /** A host has its page follow the others after all, or them follow it; the user logs out. */
  useBridge(page: RacePage, which: number, how: number): Done {
    const {bridge} = pick(page.providers, which) ?? {};
    if (!bridge || bridge.bridge.state === 'closed') return false;
    if (how % 8 === 0) bridge.bridge.logout();
    else if (how % 2 === 0) bridge.bridge.lead();
    else bridge.bridge.follow();
    return how % 8 === 0 ? 'log-out' : how % 2 === 0 ? 'lead' : 'follow';
  },
  /** The tab goes behind another one, or comes back. */
  sleep(page: RacePage): Done {
    page.asleep = !page.asleep;
    document.dispatchEvent(new Event('visibilitychange'));
    return page.asleep ? 'asleep' : 'awake';
  },
  /** The page is left, and comes back as it was. */
  returnToPage(page: RacePage): undefined {
    dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}));
    for (const provider of page.providers) if (provider.element.isConnected) page.ended(provider);
    dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}));
  },
  leavePage(page: RacePage, which: number): Done {
    if (which % 3 !== 0) return false;
    dispatchEvent(new PageTransitionEvent('pagehide'));
    for (const provider of page.providers) if (provider.element.isConnected) page.ended(provider);
  },
  /** The user clicks, types and chooses in a window. */
  use(page: RacePage, which: number, how: number): Done {
    const window = pick(page.windows, which);
    const person = window && page.shownIn(window).person;
    const controls: HTMLElement[] = [];
    const collect = (root: ParentNode): void => {
      for (const element of root.querySelectorAll<HTMLElement>('*')) {
        if (element.matches('button, input, textarea, select, summary')) controls.push(element);
        if (element.shadowRoot) collect(element.shadowRoot);
      }
    };
    if (window?.shadowRoot) collect(window.shadowRoot);
    const control = pick(controls, how);
    if (!control || control.closest('[inert]')) return false;
    if (control instanceof HTMLTextAreaElement || (control instanceof HTMLInputElement && control.type !== 'radio')) {
      if (!person || page.isShared(window)) return false;
      control.value = person.marker;
      control.dispatchEvent(new InputEvent('input', {bubbles: true, composed: true}));
      control.dispatchEvent(new Event('change', {bubbles: true}));
      return 'typed';
    }
    if (control instanceof HTMLSelectElement) {
      control.selectedIndex = how % Math.max(1, control.options.length);
      control.dispatchEvent(new Event('change', {bubbles: true}));
      return 'chosen';
    }
    control.click();
    return 'clicked';
  },
};

export const happeningNames = Object.keys(happenings) as (keyof typeof happenings)[];
