import {
  type ActionResult,
  type Backend,
  type Content,
  type Frame,
  type Me,
  type MessageStream,
  maskCprInText,
  type OpenedContext,
  openedContextSchema,
  type Problem,
  ProblemError,
  problemOf,
  type RecordRef,
  type Resource,
  type ShownSubject,
  type StreamMessage,
  streamMessageSchema,
} from '@bsp/contract';
import {callAll} from './contexts.js';
import {SessionResourceStore} from './resource-store.js';
import type {OpeningOptions, Session, SurveyParticipant} from './session.js';
import type {Participation} from './survey.js';

/** How long a read may stay silent before its plan, and after the last deadline of its plan. */
const silenceMs = 20_000;
const graceMs = 5_000;
const longestDeadlineMs = 600_000;

/** Notices of one source are heeded this far apart. */
const noticeMs = 1_000;

/** How long, and for how many more messages, a stream may take to end by itself after its End: cut off, it is an error. */
const drainMs = 1_000;
const drainMessages = 100;

/** The problem of whatever was thrown. Says nothing of the thrown thing's text: it may hold person data. */
export const problemFrom = (thrown: unknown): Problem =>
  thrown instanceof ProblemError || (thrown as ProblemError | undefined)?.name === 'ProblemError'
    ? (thrown as ProblemError).problem
    : problemOf('unavailable', 'The backend could not be reached.');

/** The problem of an answer that is not of the contract. */
export const unexpected = (): Problem => problemOf('protocol', 'The backend gave an unexpected answer.');

/** The problem of an answer about somebody else. */
export const wrongSubject = (): Problem => problemOf('wrong-subject', 'The backend answered about another subject.');

/** 128 random bits in hex; works on insecure origins too. */
export const randomKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Who a backend's user is, and when that was asked. Forgotten with a log-out, and when the backend refuses to know anybody. */
export const users = new WeakMap<Backend, {readonly me: Promise<Me>; readonly askedAt: number}>();

/** Like {@link problemFrom}; whoever logs in after a refusal may be another. */
export function problemOfBackend(backend: Backend, thrown: unknown): Problem {
  const problem = problemFrom(thrown);
  if (problem.code === 'unauthorized') users.delete(backend);
  return problem;
}

/** What a Session has of its provider, and tells it. */
export interface SessionHooks {
  /** See {@link Session.login}. */
  readonly login?: AbortSignal;
  /** An action has come to its end, possibly after the Session itself. */
  actionSettled?(settled: ActionSettled): void;
}

/** Outcome of an action with the person that it was about. */
export interface ActionSettled {
  readonly type: string;
  readonly key: string;
  readonly subject: ShownSubject | undefined;
  readonly name: string | undefined;
  readonly problem?: Problem;
  /** The page has moved on to another person. */
  readonly late: boolean;
}

type ToldBySurroundings = Pick<Session, 'veiled' | 'kept' | 'objections' | 'cutOff' | 'bridges' | 'live' | 'me'>;

/** One context's Session. Made by a provider; see {@link Session}. */
export class SubjectSession implements Session {
  readonly id = randomKey();
  #backend: Backend | undefined;
  readonly #hooks: SessionHooks;
  readonly #abort = new AbortController();
  readonly #listeners = new Set<() => void>();
  readonly #stores = new Map<string, SessionResourceStore<unknown>>();
  readonly #participants = new Map<SurveyParticipant, Participation>();
  /** One for each pinned window. */
  readonly #holds = new Set<object>();
  #left = false;
  /** Stores that want to read. */
  readonly #asking = new Set<SessionResourceStore<unknown>>();
  #flushing = false;
  /** What was read for a notice a moment ago; true: another has come since. */
  readonly #noticed = new Map<string, boolean>();
  #readNumber = 0;
  #writes = 0;
  #options: OpeningOptions = {};
  #renewing: Promise<Problem | undefined> | undefined;
  #state: Session['state'] = 'opening';
  #context: OpenedContext | undefined;
  #problem: Problem | undefined;
  #told: ToldBySurroundings = {
    veiled: false,
    kept: false,
    objections: [],
    cutOff: [],
    bridges: [],
    live: false,
    me: undefined,
  };

  readonly login: AbortSignal;

  constructor(hooks: SessionHooks = {}) {
    this.#hooks = hooks;
    // Without a provider nothing outlives it.
    this.login = hooks.login ?? this.signal;
  }

  get state(): Session['state'] {
    return this.#state;
  }
  get contextId(): string | undefined {
    return this.#context?.contextId;
  }
  /** It has been handed to a backend. */
  get begun(): boolean {
    return this.#backend !== undefined;
  }
  /** The context as it was opened. */
  get opened(): OpenedContext | undefined {
    return this.#context;
  }
  get handle(): string | undefined {
    return this.#state === 'open' ? this.#context?.handle : undefined;
  }
  get renewable(): boolean {
    return this.handle !== undefined;
  }
  get glass(): Session['glass'] {
    const context = this.#state === 'open' ? this.#context : undefined;
    return context?.breakGlass || (context && this.#options.breakGlass) ? {until: context.expiresAt} : undefined;
  }
  get subject(): ShownSubject | undefined {
    return this.#state === 'closed' ? undefined : this.#context?.subject;
  }
  get name(): string | undefined {
    const person = this.#stores.get('person')?.view.items[0] as {name?: unknown} | undefined;
    return this.subject?.label ?? (typeof person?.name === 'string' ? person.name : undefined);
  }
  get problem(): Problem | undefined {
    return this.#problem;
  }
  get veiled(): boolean {
    return this.#told.veiled;
  }
  get kept(): boolean {
    return this.#told.kept;
  }
  get objections(): Session['objections'] {
    return this.#told.objections;
  }
  get cutOff(): Session['cutOff'] {
    return this.#told.cutOff;
  }
  get bridges(): Session['bridges'] {
    return this.#told.bridges;
  }
  get live(): boolean {
    return this.#told.live;
  }
  get me(): Me | undefined {
    return this.#told.me;
  }
  get signal(): AbortSignal {
    return this.#abort.signal;
  }
  /** Who wants to be asked before a switch. */
  get participants(): ReadonlyMap<SurveyParticipant, Participation> {
    return this.#participants;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Opens the context; everything asked for meanwhile goes out in one read. Resolves to the problem, if any.
   *
   * @param fits - says whether the context is about the subject that was asked for.
   * @param options - for what, should it be opened again.
   * @param shown - what is known of the subject where the backend does not say it.
   */
  async open(
    backend: Backend,
    opening: (signal: AbortSignal) => Promise<OpenedContext>,
    fits: (context: OpenedContext) => boolean,
    options?: OpeningOptions,
    shown?: Partial<ShownSubject>,
  ): Promise<Problem | undefined> {
    this.#backend = backend;
    this.#options = {...options};
    let problem: Problem | undefined;
    try {
      const {success, data: context} = openedContextSchema.safeParse(await opening(this.signal));
      problem = !success ? unexpected() : fits(context) ? undefined : wrongSubject();
      if (context && !problem && this.#state === 'opening') {
        // A backend may call masked what is not, and the host is told of it.
        this.#context = {
          ...context,
          subject: {...shown, ...(JSON.parse(maskCprInText(JSON.stringify(context.subject))) as ShownSubject)},
        };
        this.#state = 'open';
        this.#flush();
        this.#changed();
      } else if (context) {
        // Nobody waits for it any more, or it is another's: give it back.
        giveBack(backend, context.contextId);
      }
    } catch (thrown) {
      problem = problemOfBackend(backend, thrown);
    }
    if (this.#state === 'opening' && problem) this.fail(problem);
    return this.#problem;
  }

  renew(options?: OpeningOptions): Promise<Problem | undefined> {
    const before = this.#renewing;
    if (before && !options) return before;
    const renewing = (before ?? Promise.resolve())
      .then(() => this.#renew(options))
      .catch(problemFrom)
      .finally(() => {
        if (this.#renewing === renewing) this.#renewing = undefined;
      });
    this.#renewing = renewing;
    return renewing;
  }

  async #renew(asked?: OpeningOptions): Promise<Problem | undefined> {
    const {optionsAgain, renewed} = await import('./provider-late.js');
    const [backend, before] = [this.#backend, this.#context];
    if (!backend || !before || !this.renewable) return closedProblem();
    const options = optionsAgain(this.#options, asked);
    try {
      const context = await renewed(backend, before, options, this.signal);
      if (!this.renewable) {
        giveBack(backend, context.contextId);
        return closedProblem();
      }
      // A write on its way may still need the one before; it ends by itself.
      if (asked && this.#writes === 0) giveBack(backend, before.contextId);
      this.#problem = undefined;
      this.#options = options;
      this.#context = context;
      this.reset();
    } catch (thrown) {
      const problem = problemOfBackend(backend, thrown);
      // The rows, if any, stand as they stood; who asked is told why.
      if (asked) return problem;
      this.#problem = problem;
    }
    this.#changed();
    return this.#problem;
  }

  /** The context could not be had. */
  fail(problem: Problem): void {
    if (this.#state === 'closed') return;
    this.#problem = problem;
    this.#state = 'failed';
    this.#asking.clear();
    for (const store of this.#stores.values()) store.drop();
    this.#changed();
  }

  /** The page has moved on: ends, or stands until the last pinned window has let go. */
  leave(): void {
    this.#left = true;
    if (this.#holds.size === 0) this.close();
    else this.set({veiled: false, kept: false});
  }

  hold(): () => void {
    const hold = {};
    this.#holds.add(hold);
    return () => {
      this.#holds.delete(hold);
      if (this.#left) this.leave();
    };
  }

  /** Ends the Session: aborts reads, forgets the person. Writes that were sent go on; the context closes after them. */
  close(): void {
    // Each is told once, also where one of them ends the Session itself.
    const participations = [...this.#participants.values()];
    this.#participants.clear();
    callAll(participations.map(({ending = () => undefined}) => ending));
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#abort.abort();
    this.#asking.clear();
    for (const store of this.#stores.values()) store.drop();
    this.#stores.clear();
    this.#changed();
    this.#listeners.clear();
    this.#closeContext();
  }

  /** Once the Session is over and nothing is being written. */
  #closeContext(): void {
    if (this.#state === 'closed' && this.#writes === 0 && this.#context && this.#backend)
      giveBack(this.#backend, this.#context.contextId);
  }

  /** The provider and the live line tell what they know. */
  set(change: Partial<ToldBySurroundings>): void {
    if (this.#state === 'closed') return;
    this.#told = {...this.#told, ...change};
    this.#changed();
  }

  resource<T>(resource: Resource<T>): SessionResourceStore<T> {
    let store = this.#stores.get(resource.name);
    if (!store) {
      store = new SessionResourceStore<unknown>(resource, (asking) => this.#enqueue(asking));
      // A window that still holds an ended Session gets a store that nothing reaches.
      if (this.#state !== 'closed') this.#stores.set(resource.name, store);
    }
    return store as SessionResourceStore<T>;
  }

  /**
   * A live notice: read that source again, if any window shows the resource. Those that come close upon one another are one
   * more read: each is a logged lookup.
   */
  notice(resource: string, source: string): void {
    const store = this.#stores.get(resource);
    if (!store?.asked) return;
    const what = `${resource} ${source}`;
    const isHeldBack = this.#noticed.has(what);
    this.#noticed.set(what, isHeldBack);
    if (isHeldBack) return;
    store.refresh(source);
    setTimeout(() => {
      const again = this.#noticed.get(what);
      this.#noticed.delete(what);
      if (again) this.notice(resource, source);
    }, noticeMs);
  }

  /** What was missed is unknown: read everything again. */
  reset(): void {
    for (const store of this.#stores.values()) if (store.asked) store.reload();
  }

  survey(participant: SurveyParticipant, ending?: () => void): () => void {
    const left = new AbortController();
    if (this.#state !== 'closed') this.#participants.set(participant, {left, ending});
    return () => {
      this.#participants.delete(participant);
      left.abort();
    };
  }

  async act(type: string, payload: unknown, {key = randomKey()}: {key?: string} = {}): Promise<ActionResult> {
    const context = this.#context;
    const backend = this.#backend;
    if (!backend || !context || this.#state !== 'open') throw new ProblemError(closedProblem());
    const about = {type, key, subject: context.subject, name: this.name};
    this.#writes++;
    try {
      // Its own signal: a switch never aborts a write that was sent.
      const result = await backend.act(context.contextId, {type, key, payload}, {signal: new AbortController().signal});
      this.#hooks.actionSettled?.({...about, late: this.signal.aborted});
      return result;
    } catch (thrown) {
      const problem = problemOfBackend(backend, thrown);
      this.#hooks.actionSettled?.({...about, problem, late: this.signal.aborted});
      throw new ProblemError(problem);
    } finally {
      this.#writes--;
      this.#closeContext();
    }
  }

  async content(ref: RecordRef): Promise<Content> {
    if (!this.#backend || !this.#context || this.#state !== 'open') throw new ProblemError(closedProblem());
    try {
      return await this.#backend.content(this.#context.contextId, ref, {signal: this.signal});
    } catch (thrown) {
      throw new ProblemError(problemOfBackend(this.#backend, thrown));
    }
  }

  #enqueue(store: SessionResourceStore<unknown>): boolean {
    if (this.#state === 'closed' || this.#state === 'failed') return false;
    this.#asking.add(store);
    this.#flush();
    return true;
  }

  /** Sends all that was asked for in this turn as one read, once the context is open. */
  #flush(): void {
    if (this.#flushing || this.#state !== 'open') return;
    this.#flushing = true;
    queueMicrotask(() => {
      this.#flushing = false;
      if (this.#asking.size > 0 && this.#state === 'open') void this.#read();
    });
  }

  async #read(): Promise<void> {
    const backend = this.#backend;
    const contextId = this.#context?.contextId;
    if (!backend || contextId === undefined) return;
    const stores = new Map([...this.#asking].map((store) => [store.name, store]));
    this.#asking.clear();
    const number = ++this.#readNumber;
    const reads = [...stores.values()].flatMap((store) => store.take(number));
    const stop = new AbortController();
    const signal = AbortSignal.any([this.signal, stop.signal]);
    let timer: ReturnType<typeof setTimeout> | undefined;
    // Ends a read that has gone silent, so that nobody waits for ever.
    const expectWithin = (milliseconds: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => stop.abort(), milliseconds);
    };
    let readId: string | undefined;
    const early: Frame[] = [];
    const frame = (message: Frame): void => {
      const person = message.resource === 'person';
      const foreign = person && message.items.some((item) => isAnother(item, this.subject));
      stores.get(message.resource)?.frame(number, foreign ? {...message, ...unreadable(wrongSubject())} : message);
      // The person's name is the Session's too.
      if (person) this.#changed();
    };
    /** Takes one message; true: it was the last. What is not of this read changes nothing. */
    const take = (message: StreamMessage | undefined): boolean => {
      if (message?.kind === 'end') return message.readId === readId;
      if (message?.contextId !== contextId) return false;
      if (message.kind === 'plan') {
        if (readId !== undefined) return false;
        readId = message.readId;
        const deadlines = Object.values(message.resources).map(({deadlineMs}) => deadlineMs);
        expectWithin(Math.min(Math.max(0, ...deadlines), longestDeadlineMs) + graceMs);
        for (const store of stores.values()) store.plan(number, message);
        for (const held of early) if (held.readId === readId) frame(held);
      } else if (readId === undefined) early.push(message);
      else if (message.readId === readId) frame(message);
      return false;
    };
    /** Counts once it is settled: nothing that comes later changes anything. */
    let drained = 0;
    const settle = (problem?: Problem): void => {
      if (drained++ || this.signal.aborted) return;
      for (const store of stores.values()) store.settle(number, problem);
      if (stores.has('person')) this.#changed();
    };
    let problem = problemOf('unavailable', 'The answer broke off.');
    try {
      expectWithin(silenceMs);
      const stream: MessageStream = backend.read(contextId, reads, {signal});
      const {together} = stream;
      for await (const raw of untilAborted<unknown>(together ?? stream, signal)) {
        // In one go, so that windows show at once what came at once.
        for (const message of together ? (raw as readonly unknown[]) : [raw]) {
          if (drained) drained++;
          else if (!signal.aborted && take(messageOf(message))) {
            expectWithin(drainMs);
            settle();
          }
        }
        if (drained > drainMessages) break;
      }
    } catch (thrown) {
      if (!signal.aborted) problem = problemOfBackend(backend, thrown);
    } finally {
      clearTimeout(timer);
      stop.abort();
    }
    settle(problem);
  }

  #changed(): void {
    callAll(this.#listeners);
  }
}

const closedProblem = (): Problem => problemOf('context-closed', 'The context is closed.');

export function giveBack(backend: Backend, contextId: string): void {
  (async () => backend.closeContext(contextId))().catch(() => undefined);
}

/** A message of a stream; a frame that can't be read counts as its source's unreadable answer. */
function messageOf(raw: unknown): StreamMessage | undefined {
  const whole = streamMessageSchema.safeParse(raw);
  if (whole.success) return whole.data;
  const {kind, readId, contextId, resource, source} = (raw ?? {}) as Partial<Frame>;
  return streamMessageSchema.safeParse({kind, readId, contextId, resource, source, ...unreadable()}).data;
}

const unreadable = (problem = unexpected()) => ({
  status: 'invalid' as const,
  mode: 'replace' as const,
  items: [],
  asOf: new Date().toISOString(),
  problem,
});

/** The six digits that a masked CPR number shows. */
export const birthDateIn = (masked: unknown): string | undefined => /^\d{6}/.exec(String(masked))?.[0];

/** A record of the resource `person` that is about somebody else than the context. A number may have been replaced. */
function isAnother(item: unknown, subject: ShownSubject | undefined): boolean {
  const {masked, previousNumbers} = (item ?? {}) as {masked?: unknown; previousNumbers?: unknown};
  const asked = birthDateIn(subject?.masked);
  const numbers = [masked, previousNumbers].flat().flatMap((number) => birthDateIn(number) ?? []);
  return asked !== undefined && numbers.length > 0 && !numbers.includes(asked);
}

/** The values of a backend's stream until the signal aborts, whether or not the backend minds the signal. */
async function* untilAborted<T>(stream: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = stream[Symbol.asyncIterator]();
  const aborted = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined));
  });
  try {
    while (!signal.aborted) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (!next || next.done || signal.aborted) return;
      yield next.value;
    }
  } finally {
    (async () => iterator.return?.())().catch(() => undefined);
  }
}
