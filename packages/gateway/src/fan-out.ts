import {randomUUID} from 'node:crypto';
import {
  type End,
  type Existence,
  type Frame,
  type FrameStatus,
  maxFrameItems,
  momentSchema,
  normalizedSubject,
  type Person,
  type Plan,
  type Problem,
  ProblemError,
  problemOf,
  type Read,
  type RecordRef,
  type Resource,
} from '@bsp/contract';
import type {RecordAccess, SourcePage} from '@bsp/sources';
import type {Access} from './access/access.js';
import {decidingOf, factsOf, hearsOfUnread, isClosed, sieveOf} from './access/visible.js';
import {cursorOf, endOfStep, positionOf, VisiblePage} from './access/visible-pages.js';
import type {Aliases} from './aliases.js';
import {crossBorder, knownResources, sameSubject} from './border.js';
import type {Context} from './contexts.js';
import {HandedOut} from './handed-out.js';
import type {Identity} from './identity.js';
import type {ReadEnd} from './limits/breaker.js';
import {isOutage, isSourceProblem, type Pass, SourceNotAsked} from './limits/source-gate.js';
import {errorDetails, type Log, scrub} from './log.js';
import {classesOf, type LookupLog, type LookupOutcome, type LookupParty} from './lookup-log.js';
import type {Send} from './ndjson.js';
import {DeadlinePassed, Patiences} from './patience.js';
import type {Source} from './sources.js';
import type {Secrets} from './storage/secrets.js';

/** Adds what the gateway itself knows of records, e.g. the marks of events. `origins` are what their source gave. */
export type Overlay = (
  identity: Identity,
  context: Context,
  source: string,
  items: readonly unknown[],
  origins: readonly unknown[],
) => Promise<readonly unknown[]>;

/** What the fan-out needs. */
export interface FanOutParts {
  readonly sources: readonly Source[];
  readonly aliases: Aliases;
  readonly secrets: Secrets;
  readonly lookupLog: LookupLog;
  readonly overlays: Readonly<Record<string, Overlay>>;
  readonly log: Log;
}

/** Asks the sources. */
export interface FanOut {
  /**
   * Plans a read, commits its lookup row and gives what asks the sources and sends the stream: plan, frames as sources
   * answer, end. It rejects when the stream breaks off.
   * @throws ProblemError - before anything is asked.
   */
  read(
    identity: Identity,
    context: Context,
    reads: readonly Read[],
    options: {from: string; signal: AbortSignal},
  ): Promise<(send: Send<Plan | Frame | End>) => Promise<void>>;
  /**
   * Whether a source holds all of these records about the context's subject: for writes that refer to them. Not a
   * disclosure, so not a lookup. `unknown` when the source did not tell in time.
   */
  holds(
    identity: Identity,
    context: Context,
    wanted: {readonly resource: string; readonly source: string; readonly ids: readonly string[]},
    signal: AbortSignal,
  ): Promise<'yes' | 'no' | 'unknown'>;
  /** What decides who may see a record that {@link FanOut.holds} told of, or that went out; empty where it is not known. */
  deciding(identity: Identity, context: Context, resource: string, ref: RecordRef): object;
  /** The same, as what something else may hang on. */
  accessTo(identity: Identity, context: Context, resource: string, ref: RecordRef): RecordAccess;
}

interface Task {
  readonly resource: Resource<unknown>;
  readonly source: Source;
  readonly cursor?: string | undefined;
}

/** What a page becomes; several frames when it is long. */
interface Answer {
  readonly status: FrameStatus;
  readonly items: readonly unknown[];
  readonly invalid?: number;
  readonly next?: string | undefined;
  readonly asOf?: string;
  readonly problem?: Problem;
  /** Drops what the source gave before, also in the middle of its answer. */
  readonly replace?: boolean;
  /** What decides who may see each of the items. */
  readonly deciding?: readonly object[];
}

/** Takes one of several. True: it is enough. */
type Take<Parts extends readonly unknown[]> = (...parts: Parts) => boolean | Promise<boolean>;

/** Said to what may still be under way for a read that has ended. One for all: each would have a stack trace of its own. */
const over = new DOMException('The read is over.', 'AbortError');

/** Makes the room that asks the sources. */
export function fanOutOf({sources, aliases, secrets, lookupLog, overlays, log}: FanOutParts): FanOut {
  const bound = (access: Access, context: Context, task: {resource: Resource<unknown>; source: Source}) => [
    'cursor',
    context.tenant,
    context.id,
    task.source.id,
    task.resource.name,
    // Whoever may not see everything has pages that begin elsewhere.
    ...(access.unbounded ? [] : ['visible']),
  ];

  const handedOut = new HandedOut();
  const handedTo = ({access}: Identity, {id}: Context) => `${id} ${access.mark}`;

  /** Depends on the configuration and the request only, never on the subject. */
  function planned(
    access: Access,
    context: Context,
    reads: readonly Read[],
  ): {resources: Plan['resources']; tasks: Task[]} {
    // A map, because a client may ask for `constructor`, which every object has.
    const resources = new Map<string, Plan['resources'][string]>();
    const tasks = new Map<string, Task>();
    reads.forEach((read, index) => {
      const resource = knownResources.get(read.resource);
      const serving = resource ? sources.filter((source) => source.resources.has(resource.name)) : [];
      const asked = read.source === undefined ? serving : serving.filter((source) => source.id === read.source);
      if (read.source !== undefined && asked.length === 0)
        throw new ProblemError(
          problemOf('invalid-request', 'That source does not serve that resource.', {
            pointer: `/reads/${index}/source`,
          }),
        );
      if (read.cursor !== undefined && read.source === undefined)
        throw new ProblemError(
          problemOf('invalid-request', 'A cursor belongs to one source: name it.', {pointer: `/reads/${index}/source`}),
        );
      const before = resources.get(read.resource);
      const known = new Set(before?.sources.map(({id}) => id));
      resources.set(read.resource, {
        sources: [
          ...(before?.sources ?? []),
          ...asked.filter(({id}) => !known.has(id)).map(({id, name}) => ({id, name})),
        ],
        deadlineMs: Math.max(before?.deadlineMs ?? 0, ...asked.map((source) => source.deadlineMs)),
      });
      for (const source of asked) {
        const task = {resource: resource!, source};
        const cursor =
          read.cursor === undefined ? {} : {cursor: openCursor(bound(access, context, task), read.cursor, index)};
        tasks.set(`${read.resource}\u0000${source.id}\u0000${read.cursor ?? ''}`, {...task, ...cursor});
      }
    });
    return {resources: Object.fromEntries(resources), tasks: [...tasks.values()]};
  }

  function openCursor(parts: readonly string[], cursor: string, index: number): string {
    try {
      return secrets.open(parts, cursor);
    } catch {
      throw new ProblemError(
        problemOf('invalid-request', 'The cursor is not one of this context.', {pointer: `/reads/${index}/cursor`}),
      );
    }
  }

  /** Hands on a source's pages, each within what is left of its deadline. Only time spent waiting for the source counts. */
  async function eachPage(
    identity: Identity,
    context: Context,
    {source, resource, cursor}: Task,
    patiences: Patiences,
    toTheEnd: boolean,
    take: Take<[page: SourcePage, at: string | undefined]>,
  ): Promise<void> {
    const patience = patiences.begin(source.deadlineMs);
    let pass: Pass | undefined;
    let end: ReadEnd = 'left';
    let pages: AsyncIterator<SourcePage> | undefined;
    try {
      pass = await source.gateOf(resource.name).enterWithin(patience, identity.user.id);
      let at = cursor;
      for (;;) {
        let next: string | undefined;
        pages = source
          .read({
            context,
            subject: context.subject,
            resource: resource.name,
            ...(at === undefined ? {} : {cursor: at}),
            user: identity.user,
            get signal() {
              return patience.signal;
            },
          })
          [Symbol.asyncIterator]();
        for (;;) {
          const result = await patience.wait(() => pages!.next());
          // Whatever comes after it: it answers. How much it has of a person must not decide whether it counts as away.
          end = 'answered';
          if (result.done) break;
          next = result.value.next;
          if (await take(result.value, at)) return;
        }
        pages = undefined;
        if (!toTheEnd || next === undefined || next === at) return;
        at = next;
      }
    } catch (thrown) {
      if (end !== 'answered' && !patiences.isOver) end = isOutage(thrown) ? 'failed' : 'answered';
      throw thrown;
    } finally {
      patiences.leave(patience, over);
      // A connector that does not heed its signal must not be waited for.
      pages?.return?.().catch(() => undefined);
      pass?.leave(end);
    }
  }

  /** What a source is not even asked for. */
  function withoutAsking({access}: Identity, context: Context, {source, resource}: Task): Answer | undefined {
    if (!access.reads(resource.name))
      return {status: 'forbidden', items: [], problem: problemOf('forbidden', 'Your office does not read this.')};
    if (!source.existence && isClosed(access, resource.name))
      return {status: 'forbidden', items: [], problem: problemOf('forbidden', 'You have no right to any of this.')};
    if (lacksPurpose(source, context)) return {status: 'needs-purpose', items: [], problem: purposeNeeded()};
    if (!source.knows(context.subject.type, resource.name)) return {status: 'not-applicable', items: []};
    return undefined;
  }

  /**
   * Hands on one source's answers to one resource. Whatever the source does, this rejects only when nobody waits any more,
   * or when what takes them does.
   */
  async function eachAnswer(
    identity: Identity,
    context: Context,
    task: Task,
    patiences: Patiences,
    take: Take<[answer: Answer]>,
  ): Promise<void> {
    const {source, resource} = task;
    const {access} = identity;
    const known = withoutAsking(identity, context, task);
    if (known) {
      await take(known);
      return;
    }
    let answered = false;
    let answeredAt = 0;
    const hiding = !access.unbounded && !source.existence;
    const from = hiding ? positionOf(task.cursor) : undefined;
    const visible = from && new VisiblePage(from, sieveOf(access, resource.name, source.access));
    const asked = from ? {...task, ...(from.at === undefined ? {cursor: undefined} : {cursor: from.at})} : task;
    let first: SourcePage | undefined;
    let invalid = 0;
    /** After which the source is asked no more. */
    let last: Answer | undefined;
    const crossed = async (page: SourcePage): Promise<Answer> => {
      const {
        items,
        origins,
        invalid: unread,
      } = await crossBorder(aliases, identity, {source: source.id, about: context.subject, resource}, page.items);
      const overlay = overlays[resource.name];
      const overlaid = overlay ? await overlay(identity, context, source.id, items, origins) : items;
      return {
        status: 'ok',
        items: overlaid,
        deciding: origins.map(decidingOf),
        invalid: unread + (page.invalid ?? 0),
        next: page.next,
        ...(page.asOf !== undefined && momentSchema.safeParse(page.asOf).success ? {asOf: page.asOf} : {}),
      };
    };
    const pageTaken = async (page: SourcePage, at: string | undefined): Promise<boolean> => {
      answeredAt = performance.now();
      const about = normalizedSubject(page.about);
      if (!about.ok || !sameSubject(about.value, context.subject)) {
        log.error({source: source.id, resource: resource.name}, 'a source answered about somebody else');
        const problem = problemOf('wrong-subject', 'The source answered about somebody else.');
        last = {status: 'invalid', items: [], problem, replace: true};
        return true;
      }
      answered = true;
      if (source.existence) {
        if (page.items.length === 0 && !page.invalid) return false;
        const existence: Existence = {source: source.id, ask: source.existence};
        last = {status: 'ok', items: [existence]};
        return true;
      }
      if (!visible) return take(await crossed(page));
      first ??= page;
      invalid += page.invalid ?? 0;
      return visible.take(page, at);
    };
    try {
      await eachPage(identity, context, asked, patiences, hiding, pageTaken);
      if (last) await take(last);
      else if (visible && first) {
        const {items, next} = visible;
        const told = hearsOfUnread(access, resource.name, source.access) ? invalid : 0;
        const {about, asOf} = first;
        const answer = await crossed({
          about,
          items,
          invalid: told,
          ...(asOf === undefined ? {} : {asOf}),
          ...(next ? {next: cursorOf(next)} : {}),
        });
        await endOfStep(answeredAt);
        await take(answer);
      } else if (!answered)
        await take({
          status: 'invalid',
          items: [],
          problem: problemOf('protocol', 'The source gave no answer at all.'),
        });
      else if (source.existence) await take({status: 'ok', items: []});
    } catch (thrown) {
      if (patiences.isOver) throw thrown;
      await take(failure(task, thrown));
    }
  }

  function failure({source, resource}: Task, thrown: unknown): Answer {
    const where = {source: source.id, resource: resource.name};
    if (thrown instanceof DeadlinePassed) {
      log.warn(where, 'a source did not answer in time');
      return {status: 'timeout', items: [], problem: problemOf('timeout', 'The source did not answer in time.')};
    }
    if (thrown instanceof SourceNotAsked) {
      log.debug(where, 'a source was not asked');
      return {status: 'unavailable', items: [], problem: thrown.problem};
    }
    if (isSourceProblem(thrown)) {
      const {status, problem} = thrown;
      log.warn({...where, status, code: problem.code}, 'a source answered with a problem');
      // Whoever else the answer is about: nothing of it stands.
      return {status, items: [], problem: scrubbed(problem), replace: problem.code === 'wrong-subject'};
    }
    log.error({...where, ...errorDetails(thrown)}, 'a source failed');
    return {status: 'unavailable', items: [], problem: problemOf('unavailable', 'The source could not be read.')};
  }

  return {
    async read(identity, context, reads, {from, signal}) {
      const {resources, tasks} = planned(identity.access, context, reads);
      const asked = Object.fromEntries(
        Object.entries(resources).map(([name, plan]) => [name, plan.sources.map(({id}) => id)]),
      );
      const lookup = await lookupLog.open(identity, context, {what: 'read', resources: asked, from});
      const readId = randomUUID();

      return async (send) => {
        const patiences = new Patiences(signal);
        const sent = async (message: Plan | Frame): Promise<void> => {
          try {
            await send(message);
          } catch (thrown) {
            patiences.end(over);
            throw thrown;
          }
        };
        const outcomes: LookupOutcome[] = [];
        let party: LookupParty | undefined;
        const asked = async (task: Task): Promise<void> => {
          const outcome = emptyOutcome(task);
          outcomes.push(outcome);
          let mode: Frame['mode'] = task.cursor === undefined ? 'replace' : 'append';
          await eachAnswer(identity, context, task, patiences, async (answer) => {
            if (answer.replace && task.cursor === undefined) mode = 'replace';
            handedOut.add(handedTo(identity, context), task.resource.name, answer.items, answer.deciding ?? []);
            for (const frame of framesOf(task, answer, mode)) {
              addTo(outcome, frame);
              party ??= partyIn(frame);
              await sent(frame);
              mode = 'append';
            }
            return false;
          });
        };
        let complete = false;
        try {
          await sent({kind: 'plan', readId, contextId: context.id, resources});
          const results = await Promise.allSettled(tasks.map(asked));
          complete = results.every(({status}) => status === 'fulfilled');
        } finally {
          patiences.end(over);
          await lookup.close(outcomes, complete, party);
        }
        if (!complete) throw new Error('A read was left before its end.');
        await send({kind: 'end', readId});
      };

      function framesOf(task: Task, answer: Answer, firstMode: Frame['mode']): Frame[] {
        const {source, resource} = task;
        const asOf = answer.asOf ?? new Date().toISOString();
        const chunks: unknown[][] = [];
        for (let at = 0; at === 0 || at < answer.items.length; at += maxFrameItems)
          chunks.push(answer.items.slice(at, at + maxFrameItems));
        return chunks.map((items, index) => ({
          kind: 'frame',
          readId,
          contextId: context.id,
          resource: resource.name,
          source: {id: source.id, name: source.name},
          status: answer.status,
          mode: index === 0 ? firstMode : 'append',
          items,
          ...(index === chunks.length - 1 && answer.next !== undefined
            ? {next: secrets.seal(bound(identity.access, context, task), answer.next)}
            : {}),
          ...(index === 0 && answer.invalid ? {invalid: answer.invalid} : {}),
          asOf,
          ...(answer.problem ? {problem: answer.problem} : {}),
        }));
      }
    },

    deciding: (identity, context, resource, ref) =>
      handedOut.deciding(handedTo(identity, context), resource, ref) ?? {},

    accessTo(identity, context, resource, ref) {
      const known = handedOut.deciding(handedTo(identity, context), resource, ref);
      const source = sources.find(({id}) => id === ref.source);
      return known && source ? factsOf(known, source.access) : {};
    },

    async holds(identity, context, wanted, signal) {
      const resource = knownResources.get(wanted.resource);
      const source = sources.find(({id, resources}) => id === wanted.source && resources.has(wanted.resource));
      if (!resource || !source || source.existence || isClosed(identity.access, resource.name)) return 'no';
      const missing = new Set(
        wanted.ids.filter((id) => !handedOut.has(handedTo(identity, context), resource.name, {source: source.id, id})),
      );
      if (missing.size === 0) return 'yes';
      const soon = AbortSignal.any([signal, AbortSignal.timeout(source.deadlineMs)]);
      const patiences = new Patiences(soon);
      let result: 'yes' | 'no' | 'unknown' | undefined;
      let cursor: string | undefined;
      try {
        do {
          const task: Task = {resource, source, ...(cursor === undefined ? {} : {cursor})};
          cursor = undefined;
          await eachAnswer(identity, context, task, patiences, ({status, items, deciding, next}) => {
            if (status !== 'ok') {
              result = status === 'not-applicable' ? 'no' : 'unknown';
              return true;
            }
            const held = (items as readonly {ref?: RecordRef}[]).flatMap((item, place) =>
              item.ref && missing.delete(item.ref.id) ? [{item, deciding: deciding?.[place] ?? {}}] : [],
            );
            handedOut.add(
              handedTo(identity, context),
              resource.name,
              held.map(({item}) => item),
              held.map((one) => one.deciding),
            );
            if (missing.size === 0) result = 'yes';
            cursor = next;
            return result !== undefined;
          });
        } while (result === undefined && cursor !== undefined);
        return result ?? 'no';
      } catch (thrown) {
        if (patiences.isOver) return 'unknown';
        throw thrown;
      } finally {
        patiences.end(over);
      }
    },
  };
}

/** Whether a source may not be asked in a context for want of a purpose. */
export const lacksPurpose = ({purposes}: Source, {purpose}: Context): boolean =>
  purposes !== undefined && (purpose === undefined || !purposes.includes(purpose));

/** What is said then. */
export const purposeNeeded = (): Problem =>
  problemOf('needs-purpose', 'This source is asked for certain purposes only: open the person with one of them.');

const scrubbed = (problem: Problem): Problem => ({
  ...problem,
  title: scrub(problem.title),
  ...(problem.detail === undefined ? {} : {detail: scrub(problem.detail)}),
});

interface Tally extends LookupOutcome {
  status: string;
  count: number;
  invalid: number;
  kle: string[];
  sensitivities: string[];
}

const emptyOutcome = ({resource, source}: Task): Tally => ({
  resource: resource.name,
  source: source.id,
  status: 'none',
  count: 0,
  invalid: 0,
  kle: [],
  sensitivities: [],
});

function addTo(outcome: LookupOutcome, frame: Frame): void {
  const tally = outcome as Tally;
  tally.status = frame.status;
  tally.count += frame.items.length;
  tally.invalid += frame.invalid ?? 0;
  const {kle, sensitivities} = classesOf(frame.items);
  for (const one of kle) if (!tally.kle.includes(one)) tally.kle.push(one);
  for (const one of sensitivities) if (!tally.sensitivities.includes(one)) tally.sensitivities.push(one);
}

/** Who was seen: the alarms compare the name with those of the users. */
function partyIn({resource, items}: Frame): LookupParty | undefined {
  const [person] = resource === 'person' ? (items as readonly Person[]) : [];
  const municipality = person?.address?.municipality;
  return person && {name: person.name, ...(municipality === undefined ? {} : {municipality})};
}
