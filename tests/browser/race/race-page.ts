import {type BridgeMessage, casesResource, ProblemError, problemOf, type Subject} from '@bsp/contract';
import {BspProvider, type Session} from '@bsp/core';
import {composedText, ProbeWindow} from '../fixtures/probe-window.js';
import type {PendingOpen, PendingRead} from '../fixtures/scripted-backend.js';
import {type Happening, happenings} from './happenings.js';
import {birthDatesIn, type Person, personOf, recordOf, textOf, tracesIn} from './people.js';
import {BridgedBackend, Wires} from './race-bridges.js';
import {
  atNoChange,
  bridgedSurveyMs,
  type ContextModel,
  handleOf,
  isLater,
  isPinned,
  type ProviderBridge,
  type ProviderModel,
  type ReadModel,
  resourceNames,
  resourceOfTag,
  resources,
  type Shown,
  type Window,
  windowTags,
} from './race-model.js';

const capabilities = [
  'live',
  ...['note.create', 'note.addendum', 'event.seen', 'event.acknowledge', 'event.done', 'reveal', 'draft.save'].map(
    (type) => `act:${type}`,
  ),
];

const longMs = 1_000;

/** A page with two providers and many windows, a script that answers for the backends, and an oracle that looks. */
export class RacePage {
  readonly stage = document.createElement('div');
  readonly homes = ['home-1', 'home-2', 'home-3'].map((id) => Object.assign(document.createElement('div'), {id}));
  readonly wires = new Wires(
    (message) => this.#heardOnWire(message),
    (message) => this.#heardByPage(message),
  );
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
  /** How many there are. The first is opened by nobody to begin with: what a lie tells of is known, or never will be. */
  persons = 1;
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
        question: undefined,
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
      provider.question = undefined;
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
    if (message.kind === 'hello' || message.kind === 'status') {
      const owner = this.providers.find(({element}) => element.id === message.name);
      if (owner?.bridge && !this.#owners.has(message.from)) this.#owners.set(message.from, owner.bridge);
    } else if (message.kind === 'survey') {
      const asking = this.providers.find(({bridge}) => bridge && bridge === this.#owners.get(message.from));
      if (asking) asking.question = message.question;
    } else if (message.kind === 'open' || message.kind === 'close') {
      const bridge = this.#owners.get(message.from);
      if (bridge && isLater(message, bridge.latest)) bridge.latest = {version: message.version, by: message.by};
    }
  }

  #heardByPage(heard: unknown): void {
    const {kind, question, answer} = (heard ?? {}) as Record<string, unknown>;
    if (kind !== 'survey-answer' || answer !== 'stay') return;
    for (const {pending, question: asked} of this.providers)
      if (pending && asked === question && pending.mustStay === false && participantsOf(pending.before) === 0)
        pending.mustStay = true;
  }

  #timesAsked = 0;
  /** A host is asked by another program of the user. */
  answerBridge(): 'agree' | {stay: string} | Promise<'agree' | {stay: string}> {
    const turn = this.#timesAsked++ % 3;
    if (turn === 0) return {stay: '<b>Nej</b>'};
    if (turn === 1) return 'agree';
    return new Promise((resolve) => {
      this.questions.push((answer) => resolve(answer === 'stay' ? {stay: 'Nej'} : 'agree'));
    });
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
    const participants = participantsOf(before);
    const asksHere = participants > 0 || provider.objected;
    const objectors = participants + (provider.objected ? 1 : 0) + (provider.question === undefined ? 0 : 1);
    provider.objected = false;
    if (objectors === 0 && before && provider.element.session === before)
      this.faults.push('Nobody objects, and the person stays after the commit.');
    provider.pending = {
      person,
      invalid,
      before,
      ...(provider.question === undefined || asksHere ? {} : {mustStay: false}),
    };
    if (objectors === 0 || (before && provider.element.session !== before)) this.#take(provider);
  }

  #take(provider: ProviderModel): void {
    if (!provider.pending) return;
    const {before, mustStay} = provider.pending;
    if (mustStay) this.faults.push('Another program wanted the person to stay, and somebody else is open.');
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
      // An answer that was lost is waited for.
      if (this.providers.some(({pending, question}) => pending && question !== undefined))
        await new Promise((resolve) => this.#setTimeout.call(globalThis, resolve, bridgedSurveyMs));
      await turn();
    }
  }
}

/** How many windows want to be asked before a switch. */
const participantsOf = (session: Session | undefined): number =>
  (session as {participants?: {size: number}} | undefined)?.participants?.size ?? 0;

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
