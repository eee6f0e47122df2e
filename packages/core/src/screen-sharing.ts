/**
 * While the caseworker shares her screen: the windows stand, and nothing in the page tells who they are about. A page that
 * does not share loads none of it.
 *
 * @packageDocumentation
 */
import {
  type Case,
  type CaseItem,
  casesResource,
  draftsResource,
  type EventRecord,
  eventsResource,
  isExistence,
  journalResource,
  type Note,
  type Person,
  type Problem,
  ProblemError,
  personResource,
  problemOf,
  type Resource,
  recordRefSchema,
} from '@bsp/contract';
import type {BspProvider} from './bsp-provider.js';
import {languageOf} from './formats.js';
import type {ResourceStore, ResourceView, Session, SessionLens} from './session.js';
import {randomKey} from './subject-session.js';

/** What stands in the place of what is hidden. */
interface Words {
  readonly person: string;
  readonly text: string;
}

const wordsByLanguage: Readonly<Record<'da' | 'en', Words>> = {
  da: {person: 'Skjult person', text: 'Skjult'},
  en: {person: 'Hidden person', text: 'Hidden'},
};

/** A number of which no digit shows. */
const hiddenNumber = '••••••-••••';

/**
 * Hides names, digits and free text in all windows of a provider, pinned ones too, until the function that it returns is
 * called. What stays: how many records there are, from which sources, when they changed and how far they have come. Nothing
 * can be revealed, written or marked meanwhile. What the user has typed and chosen stands again afterwards; drafts go on
 * being kept.
 *
 * The person stays open: the provider's own properties and events still say who it is.
 *
 * ```ts
 * const show = hidePersons(provider);
 * await meeting.ended;
 * show();
 * ```
 */
export function hidePersons(provider: Pick<BspProvider, 'lang' | 'lens'>): () => void {
  const words = wordsByLanguage[languageOf(provider.lang || document.documentElement.lang)];
  const hidden = new WeakMap<Session, Session>();
  const lens: SessionLens = (session) => {
    let found = hidden.get(session);
    if (!found) {
      found = new HiddenSession(session, words);
      hidden.set(session, found);
    }
    return found;
  };
  provider.lens = lens;
  return () => {
    if (provider.lens === lens) provider.lens = undefined;
  };
}

const refused = () => Promise.reject(new ProblemError(problemOf('forbidden', 'The screen is being shared.')));

/** A Session without what tells who it is about. */
class HiddenSession implements Session {
  /** Its own: windows make all they show anew. */
  readonly id = randomKey();
  readonly #session: Session;
  readonly #words: Words;
  readonly #stores = new Map<string, ResourceStore<unknown>>();
  readonly act = refused;
  readonly content = refused;

  constructor(session: Session, words: Words) {
    this.#session = session;
    this.#words = words;
  }

  get state(): Session['state'] {
    return this.#session.state;
  }
  get login(): AbortSignal {
    return this.#session.login;
  }
  get contextId(): string | undefined {
    return this.#session.contextId;
  }
  /** A stable name of the person: others could tell by it that it is the same one. */
  get handle(): undefined {
    return undefined;
  }
  get subject(): Session['subject'] {
    const {subject} = this.#session;
    return subject && {type: subject.type, ...(subject.masked === undefined ? {} : {masked: hiddenNumber})};
  }
  get name(): string | undefined {
    return this.#session.subject && this.#words.person;
  }
  get problem(): Problem | undefined {
    return wordless(this.#session.problem);
  }
  get veiled(): boolean {
    return this.#session.veiled;
  }
  get kept(): boolean {
    return this.#session.kept;
  }
  get objections(): Session['objections'] {
    return this.#session.objections.map(() => ({}));
  }
  get cutOff(): Session['cutOff'] {
    return this.#session.cutOff.map(() => undefined);
  }
  /** Without the programs' names: a host may have put a person's there. */
  get bridges(): Session['bridges'] {
    return this.#session.bridges.map(({broughtBy, apart, follow}) => ({
      broughtBy: broughtBy === undefined ? undefined : '',
      apart: apart.map(() => ''),
      follow,
    }));
  }
  get renewable(): boolean {
    return this.#session.renewable;
  }
  get live(): boolean {
    return this.#session.live;
  }
  get signal(): AbortSignal {
    return this.#session.signal;
  }
  /** One who may only read: what cannot be seen is not written. */
  get me(): Session['me'] {
    const {me} = this.#session;
    return (
      me && {
        ...me,
        user: {...me.user, name: this.#words.text},
        capabilities: me.capabilities.filter((capability) => !/^(act:|break-glass$)/.test(capability)),
      }
    );
  }
  subscribe(listener: () => void): () => void {
    return this.#session.subscribe(listener);
  }
  resource<T>(resource: Resource<T>): ResourceStore<T> {
    let store = this.#stores.get(resource.name);
    if (!store) {
      store = hiddenStore(resource.name, this.#session.resource<unknown>(resource), this.#words);
      this.#stores.set(resource.name, store);
    }
    return store as ResourceStore<T>;
  }
  survey(...given: Parameters<Session['survey']>): () => void {
    return this.#session.survey(...given);
  }
  get glass(): Session['glass'] {
    return this.#session.glass;
  }
  async renew(...options: Parameters<Session['renew']>): Promise<Problem | undefined> {
    return wordless(await this.#session.renew(...options));
  }
  hold(): () => void {
    return this.#session.hold();
  }
}

/** A store whose records tell nothing; it is read, and refreshed, like the one behind it. */
function hiddenStore(name: string, store: ResourceStore<unknown>, words: Words): ResourceStore<unknown> {
  let seen: {readonly of: ResourceView<unknown>; readonly as: ResourceView<unknown>} | undefined;
  const hidden = new WeakMap<object, unknown>();
  const hide = (item: unknown): unknown => {
    if (typeof item !== 'object' || item === null) return hiddenValue(item, words);
    if (!hidden.has(item)) hidden.set(item, hiddenRecord(name, item, words));
    return hidden.get(item);
  };
  return {
    get view() {
      const of = store.view;
      if (seen?.of !== of)
        seen = {
          of,
          as: {
            ...of,
            items: name === draftsResource.name ? [] : of.items.map(hide),
            sources: of.sources.map((source) => ({...source, problem: wordless(source.problem)})),
            problem: wordless(of.problem),
          },
        };
      return seen.as;
    },
    subscribe: (listener) => store.subscribe(listener),
    reload: () => store.reload(),
    refresh: (source) => store.refresh(source),
    more: (source) => store.more(source),
  };
}

/** A problem without words of the backend's. */
const wordless = (problem: Problem | undefined): Problem | undefined =>
  problem && problemOf(problem.code, 'It did not succeed.');

/** What may be seen of each kind of record: named one by one, so that a field that is added later is hidden. */
const seenOf: Readonly<Record<string, (record: never, words: Words) => unknown>> = {
  [personResource.name]: ({ref, status}: Person, {person}): Person => ({
    ref,
    name: person,
    masked: hiddenNumber,
    status: {kind: status.kind},
  }),
  [casesResource.name]: (item: CaseItem, words): CaseItem => {
    if (isExistence(item)) return {source: item.source, ask: {unit: words.text}};
    const {ref, status, openedAt, changedAt, closedAt, sensitivity} = item;
    const seen: Case = {
      ref,
      title: words.text,
      status: {phase: status.phase, native: words.text},
      openedAt,
      changedAt,
      closedAt,
      sensitivity,
    };
    return seen;
  },
  [journalResource.name]: ({ref, occurredAt, recordedAt, delivery, addenda}: Note, {text}): Note => ({
    ref,
    occurredAt,
    recordedAt,
    author: {name: text},
    heading: text,
    body: text,
    delivery: delivery && {state: delivery.state, at: delivery.at},
    addenda: addenda?.map(({at}) => ({at, author: {name: text}, body: text})),
  }),
  [eventsResource.name]: (event: EventRecord, {text}): EventRecord => ({
    ref: event.ref,
    type: text,
    title: text,
    occurredAt: event.occurredAt,
    receivedAt: event.receivedAt,
    delivery: event.delivery && {state: event.delivery.state, native: text},
    seenAt: event.seenAt,
    acknowledged: event.acknowledged && {at: event.acknowledged.at, by: text},
    done: event.done && {at: event.done.at, by: text},
  }),
};

const hiddenRecord = (name: string, record: object, words: Words): unknown => {
  const see = Object.hasOwn(seenOf, name) ? seenOf[name] : undefined;
  return see ? see(record as never, words) : hiddenValue(record, words);
};

/** Of a resource that is not known here only references and moments stay. */
function hiddenValue(value: unknown, words: Words, key = ''): unknown {
  if (key === 'ref') return recordRefSchema.safeParse(value).data;
  if (typeof value === 'string') return key.endsWith('At') && isMoment(value) ? value : words.text;
  if (typeof value === 'number') return undefined;
  if (Array.isArray(value)) return value.map((one) => hiddenValue(one, words));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, hiddenValue(one, words, name)]));
  return value;
}

const isMoment = (text: string): boolean => /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text);
