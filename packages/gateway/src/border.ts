import {
  maskCpr,
  parseCpr,
  type Resource,
  recordResources,
  resourceOf,
  type Subject,
  subjectSchema,
  targetsResource,
} from '@bsp/contract';
import * as z from 'zod/mini';
import {type Aliases, mintedNothing} from './aliases.js';
import type {Identity} from './identity.js';

/** The same resource, whose records are read several times as fast: a page's policy may forbid that, a server's does not. */
const compiled = ({name, parse, schema}: Resource<unknown>): Resource<unknown> =>
  schema ? resourceOf(name, z.compile(schema)) : {name, parse};

/** The resources that this gateway can check, by name. */
export const knownResources: ReadonlyMap<string, Resource<unknown>> = new Map(
  [...recordResources, targetsResource].map((resource) => [resource.name, compiled(resource)]),
);

/** Records as they may leave the gateway. */
export interface Crossed {
  readonly items: readonly unknown[];
  /** What the source gave for each of them. */
  readonly origins: readonly unknown[];
  /** How many could not be read. */
  readonly invalid: number;
}

const deepest = 30;

/**
 * Takes a connector's items over the border: fills in the source, makes ids that contain a CPR number opaque, turns
 * numbers of persons into handles and masked numbers, and checks each against the contract. What a schema does not know is
 * left behind.
 */
export async function crossBorder(
  aliases: Aliases,
  identity: Identity,
  from: {readonly source: string; readonly about: Subject; readonly resource: Resource<unknown>},
  items: readonly unknown[],
): Promise<Crossed> {
  const minted = mintedNothing();
  const tenant = identity.tenant.id;

  const reference = (ref: {source: string; id: string}) => {
    const source = ref.source || from.source;
    return {source, id: aliases.publicId(tenant, {source, id: ref.id}, minted)};
  };

  const cross = (value: unknown, depth: number): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (depth > deepest) return undefined;
    if (Array.isArray(value)) return value.map((entry: unknown) => cross(entry, depth + 1));
    const result: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      if (key === '__proto__') continue;
      const entry: unknown = (value as Record<string, unknown>)[key];
      if (key === 'ref' && isReference(entry)) result[key] = reference(entry);
      else if (key === 'subject') Object.assign(result, named(entry, value));
      else if (key === 'masked') result[key] = typeof entry === 'string' ? masked(entry) : entry;
      else if (key === 'previousNumbers' && Array.isArray(entry))
        result[key] = entry.map((number: unknown) => (typeof number === 'string' ? masked(number) : number));
      else result[key] = cross(entry, depth + 1);
    }
    return result;
  };

  /** A person as a connector names one: by number. Handles that are not ours are not passed on. */
  const named = (entry: unknown, holder: object): {subject?: Subject; masked?: string} => {
    const parsed = subjectSchema.safeParse(entry);
    if (!parsed.success || !('value' in parsed.data) || parsed.data.type === 'ref') return {};
    const cpr = parsed.data.type === 'cpr' ? parseCpr(parsed.data.value) : undefined;
    if (cpr && !cpr.ok) return {};
    const subject: Subject = cpr ? {type: 'cpr', value: cpr.value.value} : parsed.data;
    return {
      ...(cpr && !('masked' in holder) ? {masked: cpr.value.masked} : {}),
      ...(sameSubject(subject, from.about)
        ? {}
        : {subject: {type: 'ref', value: aliases.handleOf(identity, subject, minted)}}),
    };
  };

  const crossed: unknown[] = [];
  const origins: unknown[] = [];
  for (const item of items) {
    const record = from.resource.parse(cross(item, 0));
    if (record === undefined) continue;
    crossed.push(record);
    origins.push(item);
  }
  await aliases.keep(identity, minted);
  return {items: crossed, origins, invalid: items.length - crossed.length};
}

const isReference = (value: unknown): value is {source: string; id: string} =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as {source?: unknown}).source === 'string' &&
  typeof (value as {id?: unknown}).id === 'string';

const masked = (text: string): string => {
  const cpr = parseCpr(text);
  return cpr.ok ? maskCpr(cpr.value.value) : text;
};

/** Whether two subjects, by their real numbers, are the same. */
export const sameSubject = (left: Subject, right: Subject): boolean =>
  left.type === right.type && ('value' in left ? left.value : '') === ('value' in right ? right.value : '');
