import {
  type ActionResult,
  type Backend,
  type Content,
  type End,
  type Frame,
  type Me,
  maskCpr,
  maxFrameItems,
  type Notice,
  type Plan,
  type Problem,
  ProblemError,
  problemOf,
  type Read,
  type RecordRef,
  type Subject,
} from '@bsp/contract';
import {problemFrom, randomKey} from './subject-session.js';

/**
 * A vendor's own function for one resource: gives contract records, all at once. For `ref` an `id` is enough. That there is
 * nothing is said by an empty list or null; undefined is no answer. What it throws becomes a problem of this resource alone.
 */
export type ResourceFunction = (subject: Subject, options: {signal: AbortSignal}) => unknown;

/** A vendor's own function for one kind of action; what it returns becomes the action's `result`. */
export type ActionFunction = (subject: Subject, payload: never, options: {key: string; signal: AbortSignal}) => unknown;

/** What a vendor hands in: one function per resource, and the rest if there is any. */
export interface BackendFunctions {
  readonly [resource: string]: ResourceFunction | undefined;
}

/** Options of {@link functionBackend}. */
export interface FunctionBackendOptions {
  /** How the host's own data is called in the windows. Default `Fagsystemet`. */
  readonly name?: string;
  readonly actions?: Readonly<Record<string, ActionFunction>>;
  readonly user?: Me['user'];
  readonly tenant?: Me['tenant'];
  /** Milliseconds until a function that has not answered counts as timed out. Default 10,000. */
  readonly deadlineMs?: number;
  readonly content?: (subject: Subject, ref: RecordRef, options: {signal: AbortSignal}) => Promise<Content>;
}

/**
 * A Backend from plain functions: `functionBackend({cases: async (subject, {signal}) => [...]})`. What is missing is not
 * applicable.
 */
export function functionBackend(given: BackendFunctions, options: FunctionBackendOptions = {}): Backend {
  const functions = new Map(Object.entries(given));
  const source = {id: 'host', name: options.name ?? 'Fagsystemet'};
  const deadlineMs = options.deadlineMs ?? 10_000;
  const subjects = new Map<string, Subject>();
  const subjectOf = (contextId: string): Subject => {
    const subject = subjects.get(contextId);
    if (!subject) throw new ProblemError(problemOf('context-closed', 'The context is closed.'));
    return subject;
  };
  const answer = async (subject: Subject, read: Read, signal: AbortSignal): Promise<Answer> => {
    const deadline = AbortSignal.timeout(deadlineMs);
    const stop = AbortSignal.any([signal, deadline]);
    try {
      const records = functions.get(read.resource)?.(subject, {signal: stop});
      const answer = await Promise.race([records, rejectionOf(stop)]);
      // A forgotten return, or a field that the vendor's own answer lacks: no claim that there is nothing.
      if (answer === undefined) throw new ProblemError(problemOf('protocol', 'The function gave no answer.'));
      return {items: itemsOf(answer, source.id)};
    } catch (thrown) {
      return deadline.aborted
        ? {status: 'timeout', problem: problemOf('timeout', `No answer within ${deadlineMs} ms.`)}
        : {status: statusOf(thrown), problem: problemFrom(thrown)};
    }
  };
  async function* read(
    contextId: string,
    reads: readonly Read[],
    signal: AbortSignal,
  ): AsyncGenerator<Plan | Frame | End> {
    const subject = subjectOf(contextId);
    const readId = randomKey();
    const resources: Plan['resources'] = {};
    for (const {resource} of reads)
      resources[resource] = {sources: functions.get(resource) ? [source] : [], deadlineMs};
    yield {kind: 'plan', readId, contextId, resources};
    const waiting = new Map(
      reads
        .filter(({resource}) => functions.get(resource))
        .map((one) => [one, answer(subject, one, signal).then((given) => ({one, given}))]),
    );
    while (waiting.size > 0) {
      const {one, given} = await Promise.race(waiting.values());
      waiting.delete(one);
      if (signal.aborted) return;
      yield* framesOf(given, {kind: 'frame', readId, contextId, resource: one.resource, source});
    }
    yield {kind: 'end', readId};
  }
  return {
    me: () =>
      Promise.resolve({
        user: options.user ?? {id: 'host-user', name: ''},
        tenant: options.tenant ?? {id: 'host', name: ''},
        capabilities: [
          ...[...functions.keys()].map((name) => `read:${name}`),
          ...Object.keys(options.actions ?? {}).map((name) => `act:${name}`),
        ],
        purposes: [],
      }),
    openContext: (subject) => {
      const contextId = randomKey();
      subjects.set(contextId, subject);
      const now = Date.now();
      return Promise.resolve({
        contextId,
        subject: {type: subject.type, ...(subject.type === 'cpr' ? {masked: maskCpr(subject.value)} : {})},
        openedAt: new Date(now).toISOString(),
        expiresAt: new Date(now + 864e5).toISOString(),
      });
    },
    closeContext: (contextId) => {
      subjects.delete(contextId);
      return Promise.resolve();
    },
    read: (contextId, reads, {signal}) => read(contextId, reads, signal),
    act: async (contextId, {type, key, payload}, {signal}): Promise<ActionResult> => {
      const act = options.actions?.[type];
      const subject = subjectOf(contextId);
      if (!act) throw new ProblemError(problemOf('not-applicable', `The host has no function for ${type}.`));
      const result = await act(subject, payload as never, {key, signal});
      return {key, type, at: new Date().toISOString(), ...(result === undefined ? {} : {result})};
    },
    content: async (contextId, ref, {signal}) => {
      const subject = subjectOf(contextId);
      if (!options.content) throw new ProblemError(problemOf('not-applicable', 'The host gives no documents.'));
      return options.content(subject, ref, {signal});
    },
    live: () => nothingLive,
  };
}

type Answer = {items: unknown[]} | {status: Exclude<Frame['status'], 'ok'>; problem: Problem};

/** A host that hands in functions has no live line. */
const nothingLive: AsyncIterable<Notice> = {
  [Symbol.asyncIterator]: () => ({
    next: () => Promise.reject(new ProblemError(problemOf('not-applicable', 'The host has no live line.'))),
  }),
};

const rejectionOf = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const refuse = () => reject(new DOMException('Aborted', 'AbortError'));
    if (signal.aborted) refuse();
    else signal.addEventListener('abort', refuse, {once: true});
  });

const statusOf = (thrown: unknown): Exclude<Frame['status'], 'ok'> => {
  const {code} = problemFrom(thrown);
  if (code === 'forbidden' || code === 'needs-purpose' || code === 'timeout' || code === 'not-applicable') return code;
  return code === 'protocol' || code === 'wrong-subject' ? 'invalid' : 'unavailable';
};

/** One record, a list, or nothing; an `id` alone becomes a full reference. */
function itemsOf(given: unknown, source: string): unknown[] {
  if (given === null) return [];
  return (Array.isArray(given) ? given : [given]).map((item: {ref?: unknown; id?: string | number} | null) =>
    item && item.ref === undefined && item.id !== undefined ? {...item, ref: {source, id: String(item.id)}} : item,
  );
}

function* framesOf(
  given: Answer,
  frame: Pick<Frame, 'kind' | 'readId' | 'contextId' | 'resource' | 'source'>,
): Generator<Frame> {
  const asOf = new Date().toISOString();
  if (!('items' in given)) {
    yield {...frame, mode: 'replace', items: [], asOf, ...given};
    return;
  }
  for (let from = 0; from === 0 || from < given.items.length; from += maxFrameItems)
    yield {
      ...frame,
      status: 'ok',
      mode: from === 0 ? 'replace' : 'append',
      items: given.items.slice(from, from + maxFrameItems),
      asOf,
    };
}
