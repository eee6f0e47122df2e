import * as z from 'zod/mini';
import {kleSchema, momentSchema, recordRefSchema, resourceOf, staffSchema} from './records.js';

/** Phases of a case: OIO Sag `Opstaaet, Oplyst, Afgjort, Bestilt, Udfoert, Afsluttet`, in that order. */
export const casePhases = ['arisen', 'informed', 'decided', 'ordered', 'executed', 'closed'] as const;
/** One of {@link casePhases}. */
export type CasePhase = (typeof casePhases)[number];

/**
 * Sensitivity, cumulative: `IKKE_FORTROLIGE_DATA` < `FORTROLIGE_PERSONOPLYSNINGER` < `FOELSOMME_PERSONOPLYSNINGER` <
 * `VIP_SAGER`. A value we do not know reads as `unknown` and is to be treated as the strictest.
 */
export const sensitivities = ['ordinary', 'confidential', 'sensitive', 'vip', 'unknown'] as const;
/** One of {@link sensitivities}. */
export type Sensitivity = (typeof sensitivities)[number];

/** A case of any source. */
export const caseSchema = z.object({
  ref: recordRefSchema,
  /** The title that the public may see. */
  title: z.string(),
  /** The title for staff, where the case is exempt from public access (`TitelAlternativTekst`). */
  closedTitle: z.optional(z.string()),
  /** The case number as people say it, e.g. `27.60.10-G01-12-26`. */
  number: z.optional(z.string()),
  status: z.object({
    /** Absent when the source's word has no known phase. */
    phase: z.catch(z.optional(z.enum(casePhases)), undefined),
    /** The source's own word: always shown beside ours. */
    native: z.string(),
  }),
  kle: z.optional(kleSchema),
  responsible: z.optional(staffSchema),
  openedAt: z.optional(momentSchema),
  changedAt: momentSchema,
  closedAt: z.optional(momentSchema),
  sensitivity: z.catch(z.enum(sensitivities), 'unknown'),
});
/** See {@link caseSchema}. */
export type Case = z.infer<typeof caseSchema>;

/** Says only that a source holds something that the user may not see, and whom to ask. One per source, nothing else. */
export const existenceSchema = z.object({
  source: z.string(),
  ask: z.object({unit: z.string(), phone: z.optional(z.string())}),
});
/** See {@link existenceSchema}. */
export type Existence = z.infer<typeof existenceSchema>;

/** An item of the resource `cases`. */
export type CaseItem = Case | Existence;

/** Tells an {@link Existence} from a {@link Case}. */
export const isExistence = (item: CaseItem): item is Existence => 'ask' in item;

/** Closed by its phase; where that is unknown, by its date. What is not known to be closed counts as open. */
export const isClosedCase = ({status, closedAt}: Case): boolean =>
  status.phase === undefined ? closedAt !== undefined : status.phase === 'closed';

/** The resource `cases`. */
export const casesResource = resourceOf<CaseItem>('cases', z.union([caseSchema, existenceSchema]));
