import {kleMatches, parseKle, type Sensitivity} from '@bsp/contract';
import type {RecordAccess} from '@bsp/sources';
import * as z from 'zod/mini';

/** How sensitive what a right opens may be at most; each covers those before it. */
export const levels = ['ordinary', 'confidential', 'sensitive', 'vip'] as const;
/** One of {@link levels}. */
export type Level = (typeof levels)[number];

/** A pattern for KLE subjects: `*`, `27.*`, `27.60.*` or `27.60.10`. */
export const klePattern = /^(\*|\d\d\.(\*|\d\d\.(\*|\d\d)))$/;

/** One right as configurations and claims write it. */
export const rightSchema = z.strictObject({
  owner: z.optional(z.string().check(z.regex(/^\d{8}$/, 'expected a CVR number (8 digits).'))),
  kle: z
    .array(z.string().check(z.regex(klePattern, 'expected a KLE number or pattern such as "27.60.10" or "27.*".')))
    .check(z.minLength(1)),
  sensitivity: z.enum(levels),
  units: z.optional(z.array(z.string())),
  systems: z.optional(z.array(z.string())),
});

/** Rights as they were given; those that name no owner are about the tenant's own records. */
export const rightsOf = (given: readonly z.infer<typeof rightSchema>[], tenantCvr: string | undefined): Right[] =>
  given.flatMap((right) => {
    const owner = right.owner ?? tenantCvr;
    return owner === undefined ? [] : [{...right, owner}];
  });

/**
 * A right opens what is in all of its bounds at once: this owner's, in one of these subjects, this sensitive at most. Two
 * rights do not add up to a third: the owner of one and the subject of the other open nothing.
 */
export interface Right {
  /** CVR number of the authority that owns the record. */
  readonly owner: string;
  /** See {@link klePattern}. Only `*` opens what has no subject. */
  readonly kle: readonly string[];
  readonly sensitivity: Level;
  /** Only what one of these units is responsible for. */
  readonly units?: readonly string[] | undefined;
  /** Only what stands in one of these systems. */
  readonly systems?: readonly string[] | undefined;
}

/** What somebody may see: both halves must open a record (KOMBIT, "Vejledning til anvisninger for Indeksene", 12). */
export interface Rights {
  readonly user: readonly Right[];
  /** The calling system's. */
  readonly system: readonly Right[];
}

/** What decides who may see a record, beside what hangs together with it. */
export interface Facts extends Omit<RecordAccess, 'through'> {
  /** The system in which it stands. */
  readonly system?: string | undefined;
}

/** Whether a level covers a sensitivity. One that is not known counts as the strictest. */
export const covers = (level: Level, sensitivity: Sensitivity | undefined): boolean =>
  levels.indexOf(level) >= rank(sensitivity);

/** The stricter of two sensitivities. */
export const stricter = (left: Sensitivity | undefined, right: Sensitivity | undefined): Sensitivity =>
  levels[Math.max(rank(left), rank(right))]!;

const rank = (sensitivity: Sensitivity | undefined): number => {
  const place = (levels as readonly (Sensitivity | undefined)[]).indexOf(sensitivity);
  return place < 0 ? levels.length - 1 : place;
};

/** Whether one right opens what has these facts. What is not known is in no bound. */
export function opens(right: Right, facts: Facts): boolean {
  return (
    right.owner === facts.owner &&
    right.kle.some((pattern) => pattern === '*' || (facts.kle ?? []).some((number) => isUnder(pattern, number))) &&
    covers(right.sensitivity, facts.sensitivity) &&
    within(right.units, facts.unit) &&
    within(right.systems, facts.system)
  );
}

function isUnder(pattern: string, number: string): boolean {
  const parsed = parseKle(number);
  return parsed.ok && kleMatches(pattern, parsed.value.subject);
}

const within = (bound: readonly string[] | undefined, value: string | undefined): boolean =>
  bound === undefined || (value !== undefined && bound.includes(value));
