/**
 * Korsbæk as a source of the gateway: one entry of its config per system.
 *
 * @packageDocumentation
 */
import {momentSchema, parseCpr, problemOf, type Subject} from '@bsp/contract';
import {type Connector, type ConnectorModule, type RecordAccess, type SourcePage, SourceProblem} from '@bsp/sources';
import * as z from 'zod/mini';
import {momentOfInstant} from './calendar.js';
import {realClock} from './clock.js';
import {casesOfOrganization} from './holdings.js';
import {type Municipality, municipality, writtenCpr} from './municipality.js';
import {organizationBy} from './organizations.js';
import {personRecord} from './person-record.js';
import {largestSize} from './population.js';
import {searchedIds, searchSystem} from './search.js';
import {type KorsbaekSourceId, sourceIds, systems} from './systems.js';

const failures = ['down', 'slow', 'forbidden', 'timeout', 'invalid', 'flaky', 'wrong-person', 'half'] as const;

/** What a config entry with the connector `@bsp/korsbaek/connector` holds. */
export const configSchema = z.object({
  /** The system that it plays; `cpr` is the register with the person data. */
  system: z.enum(sourceIds),
  seed: z.optional(z.string()),
  size: z.optional(z.int().check(z.minimum(1), z.maximum(largestSize))),
  /** The day or moment that records are counted back from. Default: when the gateway starts. */
  today: z.optional(z.union([z.iso.date(), momentSchema])),
  /** Milliseconds before it answers. */
  latencyMs: z.optional(z.number().check(z.minimum(0), z.maximum(600_000))),
  /**
   * How it fails: `slow` never answers before it is given up, `flaky` fails every other read, `wrong-person` answers about
   * somebody else, `half` breaks off after its first page.
   */
  failure: z.optional(z.enum(failures)),
  /** Items per page. */
  pageSize: z.optional(z.int().check(z.minimum(1), z.maximum(500))),
});
/** See {@link configSchema}. */
export type KorsbaekConfig = z.infer<typeof configSchema>;

const towns = new Map<string, Municipality>();

/** The sources of one gateway look at the same town. */
function townOf(config: KorsbaekConfig, now: Date): Municipality {
  const today = config.today ?? momentOfInstant(now.getTime());
  const key = JSON.stringify([config.seed, config.size, config.today ?? today.slice(0, 10)]);
  let town = towns.get(key);
  if (!town) {
    town = municipality({
      today,
      ...(config.seed === undefined ? {} : {seed: config.seed}),
      ...(config.size === undefined ? {} : {size: config.size}),
    });
    towns.set(key, town);
  }
  return town;
}

/** Records as the connector gives them: refs carry the source's id in the gateway, what the user has seen is the gateway's. */
function asSource(value: unknown, from: KorsbaekSourceId, to: string): unknown {
  if (Array.isArray(value)) return value.map((inner) => asSource(inner, from, to));
  if (typeof value !== 'object' || value === null) return value;
  const result: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'seenAt') continue;
    result[key] = key === 'source' && inner === from ? to : asSource(inner, from, to);
  }
  return result;
}

const unavailable = (): SourceProblem =>
  new SourceProblem('unavailable', problemOf('unavailable', 'The system is down'));

const korsbaekConnector: ConnectorModule<KorsbaekConfig> = {
  configSchema,
  create: (config, environment) => {
    const {system} = config;
    const town = townOf(config, environment.now?.() ?? new Date());
    const pageSize = config.pageSize ?? 500;
    const indexOf = (subject: Subject): number | undefined => {
      if (subject.type !== 'cpr') return undefined;
      const cpr = parseCpr(subject.value);
      return cpr.ok ? town.indexOf(cpr.value.value) : undefined;
    };
    /** KMD Aktiv knows its cases by the citizen's number: the gateway has to make such an id opaque. */
    const asOwn = (record: unknown, cpr: string): unknown => {
      const own = asSource(record, system, environment.sourceId) as {ref: {source: string; id: string}};
      return system === 'kmd-aktiv' ? {...own, ref: {...own.ref, id: `${cpr}/${own.ref.id}`}} : own;
    };
    const itemsOf = (index: number, resource: string): unknown[] => {
      const dossier = town.dossier(index);
      if (system === 'cpr') {
        if (resource === 'events')
          return dossier.events.cpr.map((event) => asSource(event, system, environment.sourceId));
        const person = town.inhabitant(index);
        const byNumber = (cpr: string) => ({subject: {type: 'cpr' as const, value: cpr}});
        const record = personRecord(town, person, byNumber(person.cpr), (other) => byNumber(other.cpr));
        return [asSource(record, system, environment.sourceId)];
      }
      const records =
        resource === 'cases'
          ? dossier.cases[system]
          : resource === 'journal'
            ? dossier.notes[system]
            : dossier.events[system];
      return records.map((record) => asOwn(record, town.inhabitant(index).cpr));
    };
    /** By what a letter may be seen that hangs on this case. */
    const accessThrough = (index: number | undefined, caseId: string): RecordAccess | undefined => {
      if (system === 'cpr' || index === undefined) return undefined;
      const found = town.dossier(index).cases[system].find(({ref}) => ref.id === caseId);
      if (!found) return undefined;
      const {kle, sensitivity} = found;
      const its = {...(kle ? {kle: [kle.number.slice(0, 8)]} : {}), ...(sensitivity ? {sensitivity} : {})};
      return {...its, through: [its]};
    };
    /** What there is about a company or a property. */
    const casesOf = (subject: Subject): unknown[] =>
      casesOfOrganization(organizationBy(town.organizations, subject), system).map((record) => asOwn(record, ''));
    let count = 0;
    /** As late, and as badly, as the config says. */
    const misbehave = async (signal: AbortSignal): Promise<void> => {
      const turn = ++count;
      if (config.latencyMs) await realClock.wait(config.latencyMs, signal);
      switch (config.failure) {
        case 'down':
          throw unavailable();
        case 'slow':
          await realClock.wait(2 ** 31 - 1, signal);
          break;
        case 'forbidden':
          throw new SourceProblem('forbidden', problemOf('forbidden', 'The system refuses'));
        case 'timeout':
          throw new SourceProblem('timeout', problemOf('timeout', 'The system did not answer in time'));
        case 'invalid':
          throw new SourceProblem('invalid', problemOf('protocol', 'The system answered with nonsense'));
        case 'flaky':
          if (turn % 2 === 1) throw unavailable();
          break;
        default:
      }
    };

    const search: NonNullable<Connector['search']> = async ({term, limit, signal}) => {
      signal.throwIfAborted();
      await misbehave(signal);
      const found = await searchSystem(town, system, {term, limit, signal});
      if (found === 'unknown') throw unavailable();
      const hits = found.hits.map(({handle: _, case: record, ...hit}) => {
        const cpr = hit.subject.type === 'cpr' ? hit.subject.value : '';
        return {...hit, ...(record ? {case: asOwn(record, cpr)} : {})};
      });
      return {hits, more: found.more};
    };

    const connector: Connector = {
      resources: systems[system].resources,
      subjects: systems[system].subjects,
      async *read({subject, resource, cursor, signal}): AsyncGenerator<SourcePage, void> {
        signal.throwIfAborted();
        await misbehave(signal);
        const index = indexOf(subject);
        const asOf = momentOfInstant((environment.now?.() ?? new Date()).getTime());
        if (index === undefined) {
          const items = resource === 'cases' ? casesOf(subject) : [];
          yield {about: subject, items, asOf};
          return;
        }
        const answered = config.failure === 'wrong-person' ? (index === 0 ? 1 : 0) : index;
        const about: Subject = {type: 'cpr', value: town.inhabitant(answered).cpr};
        const items = itemsOf(answered, resource);
        const from = cursor !== undefined && /^o\d{1,9}$/.test(cursor) ? Number(cursor.slice(1)) : 0;
        const paged = config.pageSize !== undefined;
        for (let at = from; at === from || at < items.length; at += pageSize) {
          const next = paged && at + pageSize < items.length ? {next: `o${at + pageSize}`} : {};
          yield {about, items: items.slice(at, at + pageSize), asOf, ...next};
          if (config.failure === 'half') throw unavailable();
          if (paged) return;
        }
      },
      ...(searchedIds.includes(system) ? {search} : {}),
      ...(system === 'cpr'
        ? {
            reveal: async (subject, _ref, field, signal) => {
              await realClock.wait(config.latencyMs ?? 0, signal);
              if (config.failure === 'down') throw unavailable();
              const index = indexOf(subject);
              if (index === undefined) return {};
              const person = town.inhabitant(index);
              return field === 'cpr'
                ? {value: writtenCpr(person)}
                : person.address
                  ? {lines: [...person.address.lines]}
                  : {};
            },
          }
        : {
            findSentDocument: async (ids, signal) => {
              await realClock.wait(config.latencyMs ?? 0, signal);
              if (config.failure === 'down') throw unavailable();
              const message = town.findSentMessage(ids);
              if (message?.system !== system) return undefined;
              const {subject, ref, title, case: about} = message;
              const access = about && accessThrough(indexOf(subject), about.ref.id);
              const own = (one: {source: string; id: string}) => ({source: environment.sourceId, id: one.id});
              return {
                subject,
                ref: own(ref),
                title,
                ...(about ? {case: {...about, ref: own(about.ref)}} : {}),
                ...(access ? {access} : {}),
              };
            },
          }),
    };
    return Promise.resolve(connector);
  },
};

export default korsbaekConnector;
