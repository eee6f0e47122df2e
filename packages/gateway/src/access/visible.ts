import type {Sensitivity} from '@bsp/contract';
import type {RecordAccess} from '@bsp/sources';
import type {SourceConfig} from '../config.js';
import type {Access} from './access.js';
import {type Facts, stricter} from './rights.js';

/** What a source's records are taken for that say nothing else. */
export type SourceAccess = SourceConfig['access'];

/** Gives what may be seen of an item, or undefined. */
export type Sieve = (item: unknown) => unknown;

/** A record as a source gave it: nothing of it has been checked. */
interface Given {
  readonly access?: Partial<RecordAccess> & {readonly writer?: unknown};
  readonly kle?: {readonly number?: unknown} | null;
  readonly sensitivity?: unknown;
  readonly case?: unknown;
  readonly cases?: unknown;
  readonly benefits?: unknown;
  readonly parts?: unknown;
}

type Through = readonly RecordAccess[] | undefined;

/** Resources that are not decided record by record: whoever may read them sees what there is. */
const whole: ReadonlySet<string> = new Set(['person', 'drafts', 'targets']);
/** Resources whose records have parts with subjects of their own. */
const parted: Readonly<Record<string, 'benefits' | 'parts'>> = {grants: 'benefits', payments: 'parts'};

/**
 * Lets through what a request may see (KOMBIT, "Vejledning til anvisninger for Indeksene", 12.1–12.4):
 *
 * - a case by its owner, subject and sensitivity;
 * - a document by one of its cases, and by its own sensitivity too; one that hangs on no case by its own values. Notes and
 *   events are decided like documents;
 * - a grant by its owner and sensitivity and the subject of one benefit, and by one of its payments, where there are any; a
 *   payment likewise by one of its grants. Benefits and parts that may not be seen are left out.
 *
 * A record that names its cases while its source says nothing of who may see them is closed, unless the source's config says
 * that its own values decide (`ownValues`).
 */
export function sieveOf(access: Access, resource: string, source: SourceAccess): Sieve {
  if (access.unbounded || whole.has(resource)) return (item) => item;
  const part = parted[resource];
  return (item) => {
    if (typeof item !== 'object' || item === null) return access.sees(defaults(source)) ? item : undefined;
    const given = item as Given;
    const facts = factsOf(given, source);
    const through = throughOf(given);
    if (part) return seesBoth(access, facts, through, source) ? withoutParts(access, given, part, facts) : undefined;
    const isSeen = seesThrough(access, facts, through, source) || isOwn(access, given, facts);
    return isSeen ? withoutCases(access, given, source) : undefined;
  };
}

/**
 * Whether nothing of a resource can be seen, whoever it is about and whatever there is. To say "none" would be a claim about
 * the person. What the user wrote is the user's to read without any right.
 */
export const isClosed = (access: Access, resource: string): boolean =>
  access.rightless && !whole.has(resource) && resource !== 'journal';

/**
 * Whether a user is told that records could not be read. Of what is decided record by record only who may see all that the
 * source holds: one of them may be hidden. Of the rest everybody: nothing of it is hidden, and to be silent would be to say
 * that there is nobody.
 */
export const hearsOfUnread = (access: Access, resource: string, source: SourceAccess): boolean =>
  whole.has(resource) || access.sees(defaults(source));

/** What an unreadable record is taken for: it could be anything that the source holds. */
export const defaults = (source: SourceAccess): Facts => ({
  ...(source.owner === undefined ? {} : {owner: source.owner}),
  ...(source.system === undefined ? {} : {system: source.system}),
});

/** What decides about a record. */
export function factsOf(given: unknown, source: SourceAccess): Facts {
  const {access, kle, sensitivity} = given as Given;
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  const listed = Array.isArray(access?.kle) ? access.kle.filter((one) => typeof one === 'string') : undefined;
  const number = listed ?? [text(kle?.number) ?? source.kle].filter((one) => one !== undefined);
  const owner = text(access?.owner) ?? source.owner;
  const unit = text(access?.unit) ?? source.unit;
  // A word that is none counts as the strictest, not as none at all.
  const said = text(access?.sensitivity) ?? text(sensitivity) ?? source.sensitivity;
  return {
    ...(source.system === undefined ? {} : {system: source.system}),
    kle: number,
    ...(owner === undefined ? {} : {owner}),
    ...(unit === undefined ? {} : {unit}),
    ...(said === undefined ? {} : {sensitivity: said as Sensitivity}),
  };
}

/** Of a record only what decides who may see it: to be kept beside what is said about it. */
export function decidingOf(item: unknown): object {
  const given = (typeof item === 'object' && item !== null ? item : {}) as Given;
  const {access, kle, sensitivity} = given;
  return {
    ...(access === undefined ? {} : {access}),
    ...(typeof kle?.number === 'string' ? {kle: {number: kle.number}} : {}),
    ...(sensitivity === undefined ? {} : {sensitivity}),
    ...(throughOf(given) === undefined ? {case: true} : {}),
  };
}

/** What a record hangs on; undefined where that is not known. */
function throughOf({access, case: one, cases}: Given): Through {
  if (Array.isArray(access?.through))
    // What is no record there must not look like nothing at all.
    return (access.through as readonly unknown[]).map((entry) =>
      typeof entry === 'object' && entry !== null ? entry : {},
    );
  const named = (one !== undefined && one !== null) || (Array.isArray(cases) && cases.length > 0);
  return named ? undefined : [];
}

/** The rule of documents: one of those that it hangs on, with what is stricter of both. */
function seesThrough(access: Access, facts: Facts, through: Through, source: SourceAccess): boolean {
  if (through === undefined) return source.ownValues === true && access.sees(facts);
  if (through.length === 0) return access.sees(facts);
  return through.some((one) => {
    const other = otherFacts(one, source);
    return access.sees({...other, sensitivity: stricter(other.sensitivity, facts.sensitivity)});
  });
}

/** The rule of grants and payments: itself, and one of those that it hangs on. A payment is as sensitive as its grant. */
function seesBoth(access: Access, facts: Facts, through: Through, source: SourceAccess): boolean {
  if (through === undefined || through.length === 0) return access.sees(facts);
  return through.some((one) => {
    const other = otherFacts(one, source);
    return access.sees(asSensitiveAs(facts, other)) && access.sees(asSensitiveAs(other, facts));
  });
}

/** Subject and sensitivity of what a source says nothing of are for its records, not for what those hang on. */
const otherFacts = (access: RecordAccess, {owner, unit, system}: SourceAccess): Facts =>
  factsOf({access}, {owner, unit, system});

const asSensitiveAs = (facts: Facts, other: Facts): Facts =>
  facts.sensitivity === undefined && other.sensitivity !== undefined
    ? {...facts, sensitivity: other.sensitivity}
    : facts;

/** What the user wrote here is the user's to read, as long as the calling system may have it. */
const isOwn = (access: Access, {access: given}: Given, facts: Facts): boolean =>
  typeof given?.writer === 'string' && given.writer === access.userId && access.systemSees(facts);

/** Names only those of a record's cases that may be seen, where its source says by what each is decided. */
function withoutCases(access: Access, given: Given, source: SourceAccess): unknown {
  const {cases} = given;
  const decided = (one: unknown): Given['access'] => (one as Given | null)?.access;
  if (!Array.isArray(cases) || !cases.some((one: unknown) => decided(one) !== undefined)) return given;
  const seen = cases.filter((one: unknown) => access.sees(otherFacts(decided(one) ?? {}, source)));
  return {...given, cases: seen};
}

function withoutParts(access: Access, given: Given, part: 'benefits' | 'parts', facts: Facts): unknown {
  const parts = given[part];
  if (!Array.isArray(parts)) return given;
  const seen = parts.filter((one: unknown) => {
    const number = (one as Given | null)?.kle?.number;
    return typeof number === 'string' ? access.sees({...facts, kle: [number]}) : access.sees(facts);
  });
  return {...given, [part]: seen};
}
