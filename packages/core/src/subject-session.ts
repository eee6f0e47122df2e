import {
  type ActionResult,
  type Backend,
  type Content,
  type Me,
  type OpenedContext,
  type Problem,
  ProblemError,
  problemOf,
  type Read,
  type RecordRef,
  type Resource,
  type ShownSubject,
  streamMessageSchema,
} from '@bsp/contract';
import {SessionResourceStore} from './resource-store.js';
import type {Session, SurveyParticipant} from './session.js';

/** How long a read may stay silent before its plan, and after the last deadline of its plan. */
const silenceMs = 20_000;
const graceMs = 5_000;

/** The problem of whatever was thrown. Says nothing of the thrown thing's text: it may hold person data. */
export const problemFrom = (thrown: unknown): Problem =>
  thrown instanceof ProblemError || (thrown as ProblemError | undefined)?.name === 'ProblemError'
    ? (thrown as ProblemError).problem
    : problemOf('unavailable', 'The backend could not be reached.');

/** 128 random bits in hex; works on insecure origins too. */
export const randomKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** What a Session tells its provider. */
export interface SessionHooks {
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

/** One context's Session. Made by a provider; see {@link Session}. */
export class SubjectSession implements Session {
  readonly id = randomKey();
  #backend: Backend | undefined;
  readonly #hooks: SessionHooks;
  readonly #abort = new AbortController();
  readonly #listeners = new Set<() => void>();
  readonly #stores = new Map<string, SessionResourceStore<unknown>>();
  readonly #participants = new Set<SurveyParticipant>();
  #queue: Read[] = [];
  #flushing = false;
  #writes = 0;
  #state: Session['state'] = 'opening';
  #context: OpenedContext | undefined;
  #problem: Problem | undefined;
  #name: string | undefined;
  #me: Me | undefined;
  #veiled = false;
  #kept = false;
  #live = false;

  constructor(hooks: SessionHooks = {}) {
    this.#hooks = hooks;
  }

  get state(): Session['state'] {
    return this.#state;
  }
  get contextId(): string | undefined {
    return this.#context?.contextId;
  }
  get cursor(): string | undefined {
    return this.#context?.cursor;
  }
  get subject(): ShownSubject | undefined {
    return this.#context?.subject;
  }
  get name(): string | undefined {
    return this.#context?.subject.label ?? this.#name;
  }
  get problem(): Problem | undefined {
    return this.#problem;
  }
  get veiled(): boolean {
    return this.#veiled;
  }
  get kept(): boolean {
    return this.#kept;
  }
  get live(): boolean {
    return this.#live;
  }
  get me(): Me | undefined {
    return this.#me;
  }
  get signal(): AbortSignal {
    return this.#abort.signal;
  }
  get participants(): ReadonlySet<SurveyParticipant> {
    return this.#participants;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Opens the context; everything asked for meanwhile goes out in one read. Resolves to the problem, if any. */
  async open(backend: Backend, opening: (signal: AbortSignal) => Promise<OpenedContext>): Promise<Problem | undefined> {
    this.#backend = backend;
    try {
      const context = await opening(this.signal);
      if (this.#state !== 'opening') {
        // Nobody waits for it any more: give it back.
        backend.closeContext(context.contextId).catch(() => undefined);
        return undefined;
      }
      this.#context = context;
      this.#state = 'open';
      this.#flush();
    } catch (thrown) {
      if (this.#state !== 'opening') return undefined;
      this.fail(problemFrom(thrown));
    }
    this.#changed();
    return this.#problem;
  }

  /** The context could not be had. */
  fail(problem: Problem): void {
    this.#problem = problem;
    this.#state = 'failed';
    this.#queue = [];
    for (const store of this.#stores.values()) store.drop();
    this.#changed();
  }

  /** Ends the Session: aborts reads, forgets the person. Writes that were sent go on; the context closes after them. */
  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#abort.abort();
    this.#queue = [];
    this.#participants.clear();
    for (const store of this.#stores.values()) store.drop();
    this.#stores.clear();
    this.#changed();
    this.#listeners.clear();
    this.#closeContextWhenWritten();
  }

  #closeContextWhenWritten(): void {
    if (this.#state === 'closed' && this.#writes === 0 && this.#context)
      this.#backend?.closeContext(this.#context.contextId).catch(() => undefined);
  }

  set(change: {veiled?: boolean; kept?: boolean; live?: boolean; me?: Me}): void {
    if (this.#state === 'closed') return;
    this.#veiled = change.veiled ?? this.#veiled;
    this.#kept = change.kept ?? this.#kept;
    this.#live = change.live ?? this.#live;
    this.#me = change.me ?? this.#me;
    this.#changed();
  }

  resource<T>(resource: Resource<T>): SessionResourceStore<T> {
    let store = this.#stores.get(resource.name);
    if (!store) {
      store = new SessionResourceStore<unknown>(resource, (read) => this.#enqueue(read));
      // A window that still holds an ended Session gets a store that nothing reaches.
      if (this.#state !== 'closed') this.#stores.set(resource.name, store);
    }
    return store as SessionResourceStore<T>;
  }

  /** A live notice: read that source again, if any window shows the resource. */
  notice(resource: string, source: string): void {
    const store = this.#stores.get(resource);
    if (store?.asked) store.refresh(source);
  }

  /** What was missed is unknown: read everything again. */
  reset(): void {
    for (const store of this.#stores.values()) if (store.asked) store.reload();
  }

  survey(participant: SurveyParticipant): () => void {
    if (this.#state !== 'closed') this.#participants.add(participant);
    return () => this.#participants.delete(participant);
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
      const problem = problemFrom(thrown);
      this.#hooks.actionSettled?.({...about, problem, late: this.signal.aborted});
      throw new ProblemError(problem);
    } finally {
      this.#writes--;
      this.#closeContextWhenWritten();
    }
  }

  async content(ref: RecordRef): Promise<Content> {
    if (!this.#backend || !this.#context || this.#state !== 'open') throw new ProblemError(closedProblem());
    try {
      return await this.#backend.content(this.#context.contextId, ref, {signal: this.signal});
    } catch (thrown) {
      throw new ProblemError(problemFrom(thrown));
    }
  }

  #enqueue(read: Read): void {
    if (this.#state === 'closed' || this.#state === 'failed') return;
    this.#queue.push(read);
    this.#flush();
  }

  /** Sends all that was asked for in this turn as one read, once the context is open. */
  #flush(): void {
    if (this.#flushing || this.#state !== 'open') return;
    this.#flushing = true;
    queueMicrotask(() => {
      this.#flushing = false;
      const reads = this.#queue;
      this.#queue = [];
      if (reads.length > 0 && this.#state === 'open') void this.#read(reads);
    });
  }

  async #read(reads: readonly Read[]): Promise<void> {
    const backend = this.#backend;
    const contextId = this.#context?.contextId;
    if (!backend || contextId === undefined) return;
    const stop = new AbortController();
    const signal = AbortSignal.any([this.signal, stop.signal]);
    const guard = new SilenceGuard(() => stop.abort());
    const stores = new Set(reads.map((read) => this.#stores.get(read.resource)).filter((store) => store !== undefined));
    let readId: string | undefined;
    let problem: Problem | undefined = problemOf('unavailable', 'The answer broke off.');
    for (const store of stores) store.sent(reads);
    const early: unknown[] = [];
    const take = (raw: unknown): boolean => {
      const parsed = streamMessageSchema.safeParse(raw);
      if (!parsed.success) return false;
      const message = parsed.data;
      if (message.kind === 'end') return message.readId === readId;
      if (message.contextId !== contextId) return false;
      if (message.kind === 'plan') {
        if (readId !== undefined) return false;
        readId = message.readId;
        guard.expect(Math.max(0, ...Object.values(message.resources).map((resource) => resource.deadlineMs)) + graceMs);
        for (const store of stores) store.plan(reads, message);
        for (const held of early.splice(0)) take(held);
      } else if (readId === undefined) {
        early.push(raw);
      } else if (message.readId === readId) {
        const store = this.#stores.get(message.resource);
        if (store && stores.has(store)) {
          store.frame(reads, message);
          if (message.resource === 'person') this.#learnName(store);
        }
      }
      return false;
    };
    try {
      guard.expect(silenceMs);
      for await (const raw of untilAborted(backend.read(contextId, reads, {signal}), signal)) {
        if (take(raw)) {
          problem = undefined;
          break;
        }
      }
    } catch (thrown) {
      if (!signal.aborted) problem = problemFrom(thrown);
    } finally {
      guard.release();
      stop.abort();
    }
    if (this.signal.aborted) return;
    for (const store of stores) store.settle(reads, problem);
  }

  #learnName(store: SessionResourceStore<unknown>): void {
    const name = (store.view.items[0] as {name?: unknown} | undefined)?.name;
    if (typeof name === 'string' && name !== this.#name) {
      this.#name = name;
      this.#changed();
    }
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

const closedProblem = (): Problem =>
  problemOf('context-closed', 'The context is closed: another person may be open now.');

/** The values of a backend's stream until the signal aborts, whether or not the backend minds the signal. */
async function* untilAborted<T>(stream: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = stream[Symbol.asyncIterator]();
  const aborted = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), {once: true});
  });
  try {
    while (!signal.aborted) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (!next || next.done || signal.aborted) return;
      yield next.value;
    }
  } finally {
    iterator.return?.().then(undefined, () => undefined);
  }
}

/** Ends a read that has gone silent, so that nobody waits for ever. */
class SilenceGuard {
  readonly #onSilence: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  constructor(onSilence: () => void) {
    this.#onSilence = onSilence;
  }
  expect(milliseconds: number): void {
    this.release();
    this.#timer = setTimeout(this.#onSilence, milliseconds);
  }
  release(): void {
    clearTimeout(this.#timer);
  }
}
