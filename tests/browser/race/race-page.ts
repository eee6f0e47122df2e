import {
  casesResource,
  draftsResource,
  eventsResource,
  journalResource,
  ProblemError,
  personResource,
  problemOf,
} from '@bsp/contract';
import {BspProvider, type Session, type SessionController, type SurveyAnswer} from '@bsp/core';
import {composedText, ProbeWindow} from '../fixtures/probe-window.js';
import {type PendingOpen, type PendingRead, ScriptedBackend} from '../fixtures/scripted-backend.js';
import {birthDatesIn, type Person, personOf, recordOf, textOf, tracesIn} from './people.js';

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
}

const programSayings = ['agree', 'prevent', 'stay', 'later', 'never', 'fail'] as const;
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
const windowTags = ['bsp-person', 'bsp-case-list', 'bsp-journal', 'bsp-events'] as const;
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

/** A page with two providers and many windows, a script that answers for the backends, and an oracle that looks. */
export class RacePage {
  readonly stage = document.createElement('div');
  readonly homes = ['home-1', 'home-2', 'home-3'].map((id) => Object.assign(document.createElement('div'), {id}));
  readonly backends = [new ScriptedBackend({capabilities}), new ScriptedBackend({capabilities, together: true})];
  readonly providers: ProviderModel[];
  readonly windows: Window[] = [];
  readonly contexts = new Map<string, ContextModel>();
  readonly #contextOfSession = new WeakMap<AbortSignal, ContextModel>();
  readonly reads = new Map<PendingRead, ReadModel>();
  readonly failedOpens = new WeakSet<AbortSignal>();
  readonly questions: ((answer: 'agree' | 'stay' | 'pin' | 'throw') => void)[] = [];
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

  constructor() {
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
      };
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
    // A tab of a test may really lie behind another one.
    Object.defineProperty(document, 'visibilityState', {
      configurable: true,
      get: () => (this.asleep ? 'hidden' : 'visible'),
    });
    Object.defineProperty(document, 'hidden', {configurable: true, get: () => this.asleep});
    document.body.append(this.stage);
  }

  /** A program of the host is asked. */
  #answer(event: HTMLElementEventMap['bsp-subject-survey'], provider: ProviderModel): void {
    const {detail} = event;
    const said = JSON.stringify(detail.to ?? {});
    if (/\d{6}-?\d{4}/.test(said)) this.faults.push('The survey tells a number.');
    const {says} = provider;
    provider.objected = says !== 'agree';
    provider.says = 'agree';
    if (says === 'prevent') event.preventDefault();
    else if (says === 'stay') detail.waitUntil({stay: '<b>Nej</b>'}, 'Et program');
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
    this.stage.remove();
    for (const {element} of this.providers) element.remove();
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

  /** Does one thing. */
  do({what, which, how}: Happening): void {
    this.log.push(`${what} ${which} ${how}`);
    happenings[what](this, which, how);
  }

  /** A switch was asked for: does it stand already, or are windows asked? */
  called(provider: ProviderModel, before: Session | undefined, person: Person | undefined, invalid = false): void {
    const participants = (before as {participants?: {size: number}} | undefined)?.participants?.size ?? 0;
    const objectors = participants + (provider.objected ? 1 : 0);
    provider.objected = false;
    if (objectors === 0 && before && provider.element.session === before)
      this.faults.push('Nobody objects, and the person stays after the commit.');
    provider.pending = {person, invalid, before};
    if (objectors === 0) this.#take(provider);
  }

  #take(provider: ProviderModel): void {
    if (!provider.pending) return;
    provider.current = provider.pending.person;
    provider.invalid = provider.pending.invalid;
    provider.pending = undefined;
  }

  /** The provider let go of everything. */
  ended(provider: ProviderModel): void {
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
    const committed = new Set<ProviderModel>();
    for (const provider of this.providers) {
      const {session} = provider.element;
      if (provider.pending && session !== provider.pending.before) this.#take(provider);
      if (session !== provider.seen) committed.add(provider);
      provider.seen = session;
    }
    this.#lookAtPins();
    for (const window of this.windows) {
      const shown = this.shownIn(window);
      const {provider, person: allowed, session} = shown;
      const pinned = this.pins.has(window);
      const name = `${pinned ? 'pinned ' : ''}${window.localName}${window.for ? `[for=${window.for}]` : ''}`;
      const text = composedText(window);
      const traces = tracesIn(text);
      for (const {marker} of traces)
        if (marker !== allowed?.marker) fault(`${name} shows ${marker}, and ${allowed?.marker ?? 'nobody'} is open.`);
      for (const date of birthDatesIn(text))
        if (!allowed?.masked.startsWith(date)) fault(`${name} shows the number ${date}.`);
      if (provider && !pinned && committed.has(provider) && traces.length > 0)
        fault(`${name} is not blank at the commit.`);
      this.#lookAtOrigins(session, traces, name, fault);
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
    session: Session | undefined,
    traces: ReturnType<typeof tracesIn>,
    name: string,
    fault: (text: string) => void,
  ): void {
    const context = this.contexts.get(session?.contextId ?? '');
    for (const {origin} of traces) {
      if (!origin) continue;
      const read = this.backends[origin.backend]?.reads[origin.read];
      if (!context || this.contexts.get(read?.contextId ?? '') !== context)
        fault(`${name} shows records of a context that is not open.`);
      const newest = this.contexts.get(read?.contextId ?? '')?.newest.get(`${origin.resource}/${origin.source}`);
      // A draft that the user has taken up is their text from then on.
      if (newest !== undefined && origin.read < newest && (origin.resource !== 'drafts' || name === 'probe-window'))
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
    const value = subject && 'value' in subject ? subject.value : '';
    for (let index = this.persons - 1; index >= 0; index--) {
      const person = personOf(index);
      if (person.number.replace('-', '') === value || handleOf(person) === value) return person;
    }
    return undefined;
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
      if (!model.planned.get(resource)?.includes(source)) return;
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
      for (const {open, person} of this.pendingOpens) {
        if (person) this.accept(open, person, true);
        else open.accept();
      }
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

const handleOf = ({marker}: Person): string => `p-${marker}`;

/** A name is defined once in a page. */
let lateWindows = 0;

const codes = ['unavailable', 'forbidden', 'unauthorized', 'not-found', 'context-closed', 'internal'] as const;

/** What can happen, by name. A script's numbers choose among what there is. */
const happenings = {
  setSubject(page: RacePage, which: number, how: number): void {
    const provider = pick(page.providers, which);
    if (!provider) return;
    const again = how % 4 === 0 && page.persons > 0;
    const person = personOf(again ? how % page.persons : page.persons++);
    const before = provider.element.session;
    void provider.element.setSubject({type: 'cpr', value: person.number});
    page.called(provider, before, person);
  },
  setInvalid(page: RacePage, which: number, how: number): void {
    const provider = pick(page.providers, which);
    if (!provider) return;
    const before = provider.element.session;
    const bad: unknown[] = [{type: 'cpr', value: '310285-0001'}, undefined, {type: 'dog'}, {type: 'cpr', value: 7}];
    void provider.element.setSubject(pick(bad, how) as never);
    page.called(provider, before, undefined, true);
  },
  clearSubject(page: RacePage, which: number): void {
    const provider = pick(page.providers, which);
    if (!provider) return;
    const before = provider.element.session;
    void provider.element.clearSubject();
    page.called(provider, before, undefined);
  },
  openContext(page: RacePage, which: number, how: number): void {
    const pending = pick(page.pendingOpens, which);
    if (!pending) return;
    if (pending.person) page.accept(pending.open, pending.person, how % 2 === 0);
    else pending.open.accept();
  },
  /** The backend has closed the context, and the user opens it again. */
  renew(page: RacePage, which: number, how: number): void {
    const window = pick(page.windows, how);
    void (window && page.shownIn(window).session)?.renew();
    if (which % 2 === 0) happenings.openContext(page, 0, how);
  },
  failContext(page: RacePage, which: number, how: number): void {
    const pending = pick(page.pendingOpens, which);
    if (!pending) return;
    page.failedOpens.add(pending.open.signal);
    if (how % 5 === 0) pending.open.answer({contextId: 7});
    else if (how % 5 === 1) pending.open.accept({subject: {masked: personOf(page.persons + 5).masked}});
    else pending.open.fail(new ProblemError(problemOf(pick(codes, how) ?? 'internal', 'x')));
  },
  plan(page: RacePage, which: number, how: number): void {
    const read = pick(page.openReads, which);
    if (read) page.plan(read, how % 4 === 0 ? ['a'] : ['a', 'b']);
  },
  planForeign(page: RacePage, which: number, how: number): void {
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
  list(page: RacePage, which: number, how: number): void {
    const read = pick(page.openReads, which);
    const asked = read && pick(read.reads, how);
    if (!read || !asked) return;
    const source = asked.source ?? pick(['a', 'b'], how >> 2) ?? 'a';
    const count = (how >> 3) % 3;
    const variants = [{}, {}, {}, {mode: 'append'}, {cached: true}, {next: 'more'}, {invalid: 1}];
    page.list(read, asked.resource, source, count, pick(variants, how >> 5));
  },
  repeat(page: RacePage, which: number): void {
    const read = pick(page.openReads, which);
    const frame =
      read && (page.modelOf(read).lastFrame as {resource: string; source: string; items: unknown[]; change: object});
    if (frame) read.frame(frame.resource, frame.source, frame.items, frame.change);
  },
  refuse(page: RacePage, which: number, how: number): void {
    const read = pick(page.openReads, which);
    const asked = read && pick(read.reads, how);
    if (!read || !asked) return;
    const statuses = ['forbidden', 'needs-purpose', 'not-applicable', 'timeout', 'unavailable', 'invalid'];
    const status = pick(statuses, how >> 3);
    const source = asked.source ?? pick(['a', 'b'], how >> 2) ?? 'a';
    page.contextOf(read).troubled = true;
    // A source that does not have such a thing has said that there is nothing.
    if (status === 'not-applicable') page.contextOf(read).answeredEmpty.add(`${asked.resource}/${source}`);
    read.frame(asked.resource, source, [], {status});
  },
  /** Another person's records, in a stream where they do not belong. */
  foreign(page: RacePage, which: number, how: number): void {
    const read = pick(page.openReads, which);
    const asked =
      (how % 2 && read?.reads.find(({resource}) => resource === 'person')) || (read && pick(read.reads, how));
    if (!read || !asked) return;
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
  garbage(page: RacePage, which: number, how: number): void {
    const read = pick(page.openReads, which);
    if (!read) return;
    page.contextOf(read).troubled = true;
    const values = [null, 'x', {}, {kind: 'end'}, {kind: 'frame', contextId: read.contextId, readId: read.readId}];
    if (how % 6 === 5) read.frame(read.reads[0]?.resource ?? '', 'a', [null, {}, 'x'], {mode: 'append'});
    else read.push(pick(values, how));
  },
  end(page: RacePage, which: number, how: number): void {
    const read = pick(page.openReads, which);
    if (!read) return;
    const model = page.modelOf(read);
    const whole = [...model.planned].every(([resource, sources]) =>
      sources.every((source) => model.answered.has(`${resource}/${source}`)),
    );
    if (model.planned.size === 0 || !whole || how % 4 < 2) page.contextOf(read).troubled = true;
    model.over = true;
    if (how % 4 === 0) read.break();
    else if (how % 4 === 1) read.break(new ProblemError(problemOf(pick(codes, how >> 2) ?? 'internal', 'x')));
    else read.end();
  },
  live(page: RacePage, which: number, how: number): void {
    const line = pick(page.backends, which)?.lines.at(-1 - (how % 2));
    if (!line) return;
    const contextId = pick([...page.contexts.keys()].slice(-4), how) ?? 'none';
    line.stand();
    if (how % 5 === 0) line.reset(contextId, `${how}`);
    else if (how % 5 === 1) line.break();
    else line.notice(contextId, pick(resourceNames, how >> 3) ?? 'cases', how % 3 ? 'a' : 'b', `${how}`);
  },
  write(page: RacePage, which: number, how: number): void {
    const session = pick(page.providers, which)?.element.session;
    session?.act('note.create', {heading: 'h', body: `b${how}`}).catch(() => undefined);
  },
  settleWrite(page: RacePage, which: number, how: number): void {
    const act = pick(
      page.backends.flatMap(({acts}) => acts).filter(({settled}) => !settled),
      which,
    );
    const person = act && page.contexts.get(act.contextId)?.person;
    if (!act || !person) return;
    if (how % 3 === 0) act.fail(new ProblemError(problemOf(pick(codes, how >> 2) ?? 'internal', 'x')));
    else act.accept({value: person.number, lines: [person.marker], ref: {source: 'a', id: person.marker}});
  },
  readAgain(page: RacePage, which: number, how: number): void {
    const session = pick(page.providers, which)?.element.session;
    const store = session?.resource<unknown>(resources[pick(resourceNames, how) ?? 'cases']);
    const source = how % 2 ? 'a' : 'b';
    if (how % 3 === 0) store?.reload();
    else if (how % 3 === 1) store?.refresh(source);
    else store?.more(source);
  },
  object(page: RacePage, which: number, how: number): void {
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
    const leave = session?.survey(
      (signal) =>
        new Promise((resolve, reject) => {
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
    if (leave && how % 3 === 0) page.questions.push((answer) => answer === 'throw' && leave());
  },
  answer(page: RacePage, which: number, how: number): void {
    const [question] = page.questions.length > 0 ? page.questions.splice(which % page.questions.length, 1) : [];
    question?.(pick(['agree', 'stay', 'pin', 'throw', 'pin'] as const, how) ?? 'agree');
  },
  /** A pinned window follows the page again. */
  rejoin(page: RacePage, which: number): void {
    const window = pick([...page.pins.keys()], which);
    if (window?.controller) window.controller.rejoin();
    else window?.shadowRoot?.querySelector<HTMLElement>('#rejoin')?.click();
  },
  /** A program of the host changes its mind. */
  program(page: RacePage, which: number, how: number): void {
    const provider = pick(page.providers, which);
    if (provider) provider.says = pick(programSayings, how) ?? 'agree';
  },
  attach(page: RacePage, which: number, how: number): void {
    const provider = pick(page.providers, which);
    if (!provider) return;
    const was = provider.element.isConnected;
    const nested = page.providers.filter(
      ({element}) => element !== provider.element && provider.element.contains(element),
    );
    const [home1, home2] = page.homes;
    const around = pick(page.providers, which + 1)?.element;
    if (how % 4 === 0) provider.element.remove();
    else if (how % 4 === 1 && around && !provider.element.contains(around)) around.append(provider.element);
    else (how % 4 === 2 ? home1 : home2)?.append(provider.element);
    if (was) for (const one of [provider, ...nested]) page.ended(one);
  },
  moveWindow(page: RacePage, which: number, how: number): void {
    const window = pick(page.windows, which);
    const homes = [...page.homes, ...page.providers.map(({element}) => element)];
    if (how % 7 === 0) window?.remove();
    else if (window) pick(homes, how)?.append(window);
  },
  name(page: RacePage, which: number, how: number): void {
    const window = pick(page.windows, which);
    if (window) window.for = pick([undefined, 'one', 'two', undefined, 'nobody', 'home-1'], how);
  },
  changeBackend(page: RacePage, which: number, how: number): void {
    const provider = pick(page.providers, which);
    if (!provider) return;
    const {session, backend} = provider.element;
    const next = how % 5 === 0 ? undefined : pick(page.backends, how);
    provider.element.backend = next;
    if (next === backend) return;
    if (session && provider.element.session === session && session.state === 'open')
      page.faults.push('A Session outlives its backend.');
    if (provider.element.session !== session) page.ended(provider);
  },
  /** A window stands in the page before its element is defined. */
  comeLate(page: RacePage, which: number, how: number): void {
    const name = `late-window-${++lateWindows}`;
    const window = document.createElement(name);
    pick([...page.homes, ...page.providers.map(({element}) => element)], how)?.append(window);
    page.windows.push(window);
    page.late.push(name);
    if (which % 2 === 0) happenings.defineLate(page);
  },
  defineLate(page: RacePage): void {
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
  /** The tab goes behind another one, or comes back. */
  sleep(page: RacePage): void {
    page.asleep = !page.asleep;
    document.dispatchEvent(new Event('visibilitychange'));
  },
  /** The page is left, and comes back as it was. */
  returnToPage(page: RacePage): void {
    dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}));
    for (const provider of page.providers) if (provider.element.isConnected) page.ended(provider);
    dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}));
  },
  leavePage(page: RacePage, which: number): void {
    if (which % 3 !== 0) return;
    dispatchEvent(new PageTransitionEvent('pagehide'));
    for (const provider of page.providers) if (provider.element.isConnected) page.ended(provider);
  },
  /** The user clicks, types and chooses in a window. */
  use(page: RacePage, which: number, how: number): void {
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
    if (!control || control.closest('[inert]')) return;
    if (control instanceof HTMLTextAreaElement || (control instanceof HTMLInputElement && control.type !== 'radio')) {
      if (!person) return;
      control.value = person.marker;
      control.dispatchEvent(new InputEvent('input', {bubbles: true, composed: true}));
      control.dispatchEvent(new Event('change', {bubbles: true}));
    } else if (control instanceof HTMLSelectElement) {
      control.selectedIndex = how % Math.max(1, control.options.length);
      control.dispatchEvent(new Event('change', {bubbles: true}));
    } else control.click();
  },
};

export const happeningNames = Object.keys(happenings) as (keyof typeof happenings)[];
