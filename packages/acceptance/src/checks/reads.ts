import {
  caseSchema,
  casesResource,
  existenceSchema,
  type Frame,
  maxFrameItems,
  type Read,
  type Resource,
  recordResources,
} from '@bsp/contract';
import {type Check, type CheckContext, expect, expectSame, NotApplicable} from '../check.js';
import {type BackendClient, placesOf} from '../client.js';
import {numbersOf} from '../people.js';
import {allReads, readWhole, resourcesOf, type WholeRead} from '../reading.js';
import {expectProblem} from './problems.js';

const keyOf = ({resource, source}: Pick<Frame, 'resource' | 'source'>): string => `${source.id}/${resource}`;

/** Where a record is not as the contract has it, if it is not. */
function faultOf({name, parse, schema}: Resource<unknown>, item: unknown, place: string): string | undefined {
  if (parse(item) !== undefined) return undefined;
  // Of a choice between two, a schema only says that it is neither.
  const isObject = typeof item === 'object' && item !== null;
  const one = name === casesResource.name ? (isObject && 'ask' in item ? existenceSchema : caseSchema) : schema;
  const error = one?.safeParse(item).error;
  return error ? placesOf(error, place) : place;
}

/** Reads all that there is of the first person. */
async function readAll(context: CheckContext): Promise<WholeRead & {contextId: string}> {
  const {client, people} = context;
  const {contextId} = await client.openPerson(people.first);
  return {...(await readWhole(client, contextId, allReads(context))), contextId};
}

/** What a cursor gives that may be none; nothing where it is refused. @throws Unmet */
async function framesOfCursor(client: BackendClient, contextId: string, read: Read): Promise<readonly Frame[]> {
  const answer = await client.askToRead(contextId, {reads: [read]});
  if (answer.status === 200) return (await readWhole(client, contextId, [read])).frames;
  expectProblem(answer, 'A read by a cursor that is not one of this context', 'invalid-request', 'not-found');
  return [];
}

/** The stream of a read. */
export const readChecks: readonly Check[] = [
  {
    id: 'reads.grammar',
    says: 'A read is a plan, frames and an end, each of this read and this context',
    async run(context) {
      // Nothing else of a backend would be looked at, and the report would say that it keeps the contract.
      expect(
        resourcesOf(context).length > 0,
        'GET /me names no capability that begins with "read:", e.g. read:cases: windows show nothing of such a backend.',
      );
      await readAll(context);
    },
  },
  {
    id: 'reads.everybody-answers',
    says: 'Every planned source answers, if only that it can not, and nobody else does',
    async run(context) {
      const {plan, frames} = await readAll(context);
      const left = allReads(context).filter(({resource}) => plan.resources[resource] === undefined);
      expect(left.length === 0, `Asked for, and not in the plan: ${left.map(({resource}) => resource).join(', ')}.`);
      const planned = new Set(
        Object.entries(plan.resources).flatMap(([resource, {sources}]) =>
          sources.map((source) => keyOf({resource, source})),
        ),
      );
      expect(planned.size > 0, 'The plan names no source at all.');
      const answered = new Set(frames.map(keyOf));
      const silent = [...planned].filter((key) => !answered.has(key));
      const uninvited = [...answered].filter((key) => !planned.has(key));
      expect(silent.length === 0, `Planned, and never answered: ${silent.join(', ')}.`);
      expect(uninvited.length === 0, `Answered, and not planned: ${uninvited.join(', ')}.`);
    },
  },
  {
    id: 'reads.modes',
    says: 'A source replaces what it gave before, and appends only to what it began',
    async run(context) {
      const begun = new Set<string>();
      for (const frame of (await readAll(context)).frames) {
        if (frame.status !== 'ok') continue;
        expect(frame.mode === 'replace' || begun.has(keyOf(frame)), `${keyOf(frame)} appends to nothing.`);
        begun.add(keyOf(frame));
      }
    },
  },
  {
    id: 'reads.refusals-are-empty',
    says: 'A source that refuses or fails gives no records beside',
    async run(context) {
      for (const frame of (await readAll(context)).frames)
        expect(
          frame.status === 'ok' || frame.items.length === 0,
          `${keyOf(frame)} says ${frame.status}, and gives ${frame.items.length} records.`,
        );
    },
  },
  {
    id: 'reads.records',
    says: 'Records are as the contract has them, at most 500 to a frame',
    async run(context) {
      const {frames} = await readAll(context);
      let seen = 0;
      for (const frame of frames) {
        const {length} = frame.items;
        expect(length <= maxFrameItems, `${keyOf(frame)} gives ${length} records in a frame.`);
        const resource = recordResources.find(({name}) => name === frame.resource);
        const faults = resource ? frame.items.flatMap((item, at) => faultOf(resource, item, `/items/${at}`) ?? []) : [];
        expect(
          faults.length === 0,
          `${keyOf(frame)}: ${faults.length} of ${length} records are not as the contract has them: ${faults[0]}.`,
        );
        seen += resource ? length : 0;
      }
      if (seen === 0) throw new NotApplicable('No source gave a record of the first test person.');
    },
  },
  {
    id: 'reads.references',
    says: 'A record is named by its source, and no two of a source by the same id',
    async run(context) {
      const seen = new Map<string, Set<string>>();
      for (const frame of (await readAll(context)).frames) {
        if (frame.mode === 'replace') seen.delete(keyOf(frame));
        const ids = seen.get(keyOf(frame)) ?? new Set();
        seen.set(keyOf(frame), ids);
        for (const item of frame.items) {
          const {ref} = item as {ref?: {source?: unknown; id?: unknown}};
          if (!ref) continue;
          expectSame(ref.source, frame.source.id, `Source in a reference of ${keyOf(frame)}`);
          const id = String(ref.id);
          expect(!ids.has(id), `${keyOf(frame)} gives two records with one id.`);
          ids.add(id);
        }
      }
    },
  },
  {
    id: 'reads.plan-says-nothing-of-the-person',
    says: 'The plan is the same for every person',
    async run(context) {
      const {client, people} = context;
      const plans: string[] = [];
      for (const number of numbersOf(people)) {
        const {contextId} = await client.openPerson(number);
        const {plan} = await readWhole(client, contextId, allReads(context));
        plans.push(JSON.stringify(plan.resources));
      }
      expectSame(new Set(plans).size, 1, 'Different plans');
    },
  },
  {
    id: 'reads.one-source',
    says: 'One source can be read alone',
    async run(context) {
      const {plan, contextId} = await readAll(context);
      // Of a resource with several, else there is nothing to leave out.
      const [found] = Object.entries(plan.resources).sort(
        ([, one], [, other]) => other.sources.length - one.sources.length,
      );
      const [resource, source] = [found?.[0], found?.[1].sources[0]];
      if (resource === undefined || !source) throw new NotApplicable('The plan names no source.');
      const alone = await readWhole(context.client, contextId, [{resource, source: source.id}]);
      const asked = keyOf({resource, source});
      for (const frame of alone.frames) expectSame(keyOf(frame), asked, 'Who answers a read of one source');
      expect(alone.frames.length > 0, `${asked} does not answer when it is read alone.`);
    },
  },
  {
    id: 'reads.what-nobody-has',
    says: 'A resource and a source that nobody has are refused, or give nothing',
    async run(context) {
      const {client, people} = context;
      const {contextId} = await client.openPerson(people.first);
      const [some = 'cases'] = resourcesOf(context);
      for (const read of [{resource: 'no-such-resource'}, {resource: some, source: 'no-such-source'}]) {
        const answer = await client.askToRead(contextId, {reads: [read]});
        if (answer.status !== 200) {
          expectProblem(answer, 'A read of what nobody has', 'invalid-request', 'not-found', 'not-applicable');
          continue;
        }
        const {frames} = await readWhole(client, contextId, [read]);
        for (const {status, items} of frames)
          expect(status !== 'ok' && items.length === 0, `What nobody has was answered with ${status}.`);
      }
    },
  },
  {
    id: 'reads.pages',
    says: 'Where there is more, it can be read on, nothing comes twice, and a cursor is good in its own context only',
    async run(context) {
      const {frames, contextId} = await readAll(context);
      const first = frames.find(({next}) => next !== undefined);
      if (!first) throw new NotApplicable('No source of the first test person holds more than it gives at once.');
      const {resource, source} = first;
      const idsOf = (items: readonly unknown[]) => items.map((item) => JSON.stringify((item as {ref?: unknown}).ref));
      const seen = new Set(idsOf(frames.filter((frame) => keyOf(frame) === keyOf(first)).flatMap(({items}) => items)));
      const begin = frames.findLast((frame) => keyOf(frame) === keyOf(first))?.next;
      let cursor = begin;
      for (let page = 0; cursor !== undefined && page < 5; page++) {
        const more = await readWhole(context.client, contextId, [{resource, source: source.id, cursor}]);
        expect(more.frames.length > 0, `${keyOf(first)} does not answer when it is read on.`);
        for (const frame of more.frames) {
          expectSame(frame.mode, 'append', `Mode of a further page of ${keyOf(first)}`);
          for (const id of idsOf(frame.items)) {
            expect(!seen.has(id), `${keyOf(first)} gives a record again on a further page.`);
            seen.add(id);
          }
        }
        const next: string | undefined = more.frames.at(-1)?.next;
        expect(next === undefined || next !== cursor, `${keyOf(first)} gives the same cursor again.`);
        cursor = next;
      }
      // A cursor belongs to the context that it was given in.
      const {client, people} = context;
      const other = await client.openPerson(people.second);
      const foreign = await framesOfCursor(client, other.contextId, {resource, source: source.id, cursor: begin!});
      const theirs = foreign.flatMap(({items}) => idsOf(items)).filter((id) => seen.has(id));
      expect(
        theirs.length === 0,
        `A cursor of ${keyOf(first)} gives the first person's records in the second's context.`,
      );
      const none = await framesOfCursor(client, contextId, {resource, source: source.id, cursor: 'acceptance-made-up'});
      expect(
        none.length === 0 || none.some(({status}) => status !== 'ok'),
        `${keyOf(first)} answers ok to a cursor that it never gave: a 400, or a frame with the status invalid, says so.`,
      );
    },
  },
  {
    id: 'reads.streams',
    says: 'The plan does not wait for the sources',
    async run(context) {
      const {client} = context;
      const whole: number[] = [];
      const nothing: number[] = [];
      let streamed = 0;
      // A busy machine may hand over in one piece what came in two, or in two what came in one.
      for (let times = 0; times < 8; times++) {
        const {lines, contextId} = await readAll(context);
        const [first, last] = [lines[0]?.ms ?? 0, lines.at(-1)?.ms ?? 0];
        if (first < last - 20) streamed++;
        if (streamed === 3) return;
        whole.push(last);
        // What any read costs, however far away the backend is: one that asks no source.
        const started = performance.now();
        await client.askToRead(contextId, {reads: [{resource: 'no-such-resource'}]});
        nothing.push(performance.now() - started);
      }
      const sources = Math.min(...whole) - (nothing.sort((one, other) => one - other)[nothing.length >> 1] ?? 0);
      // What takes no time can't be told from what is held back.
      if (sources < 50)
        throw new NotApplicable(`The sources answer within ${Math.max(1, Math.ceil(sources))} ms: too fast to tell.`);
      expect(false, 'The plan came with the end: something on the way holds the answer back until it is whole.');
    },
  },
  {
    id: 'reads.can-be-left',
    says: 'A read that is left does not harm the next one',
    async run(context) {
      const {client, people} = context;
      const {contextId} = await client.openPerson(people.first);
      for (let times = 0; times < 5; times++) {
        const leaving = new AbortController();
        await client.read(contextId, allReads(context), leaving.signal).next();
        leaving.abort();
      }
      await readWhole(client, contextId, allReads(context));
    },
  },
  {
    id: 'reads.asks-are-checked',
    says: 'A read that is none is refused before anything is read',
    async run({client, people}) {
      const {contextId} = await client.openPerson(people.first);
      for (const body of [{}, {reads: []}, {reads: 'cases'}, {reads: [{source: 'x'}]}, {reads: [{resource: 7}]}]) {
        const {status} = await client.askToRead(contextId, body);
        expectSame(status, 400, 'Status of a read that is none');
      }
    },
  },
];
