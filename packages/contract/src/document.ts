import * as z from 'zod/mini';
import {sensitivities} from './case.js';
import {
  daySchema,
  kleSchema,
  momentSchema,
  recordRefSchema,
  resourceOf,
  staffSchema,
  titledRefSchema,
} from './records.js';

/**
 * States of a document: OIO Dokument `Modtaget, Fordelt, Underudarbejdelse, Underreview, Publiceret, Endeligt, Afleveret`,
 * in that order.
 */
export const documentStates = [
  'received',
  'distributed',
  'drafted',
  'reviewed',
  'published',
  'final',
  'handed-over',
] as const;
/** One of {@link documentStates}. */
export type DocumentState = (typeof documentStates)[number];

/**
 * Types of a document: `Faktura; Brev, indgaaende; Brev, udgaaende; Brev; Internt Notat; Eksternt Notat; Rapport; Dagsorden;
 * Plan; Andet` (Sags- og Dokumentindeks 6), in that order.
 */
export const documentTypes = [
  'invoice',
  'incoming-letter',
  'outgoing-letter',
  'letter',
  'internal-note',
  'external-note',
  'report',
  'agenda',
  'plan',
  'other',
] as const;
/** One of {@link documentTypes}. */
export type DocumentType = (typeof documentTypes)[number];

/** A document of any source. Its bytes are asked for by {@link documentSchema} `ref`, where the source has them. */
export const documentSchema = z.object({
  ref: recordRefSchema,
  /** The title that the public may see. */
  title: z.string(),
  /** The title for staff, where the document is exempt from public access (`TitelAlternativTekst`). */
  closedTitle: z.optional(z.string()),
  number: z.optional(z.string()),
  type: z.optional(
    z.object({
      /** Absent when the source's word is none of {@link documentTypes}. */
      kind: z.catch(z.optional(z.enum(documentTypes)), undefined),
      native: z.string(),
    }),
  ),
  status: z.object({
    /** Absent when the source's word has no known state. */
    state: z.catch(z.optional(z.enum(documentStates)), undefined),
    /** The source's own word: always shown beside ours. */
    native: z.string(),
  }),
  /** The cases that it is attached to. */
  cases: z.optional(z.array(titledRefSchema)),
  kle: z.optional(kleSchema),
  responsible: z.optional(staffSchema),
  /** The date of the letter. */
  letterDate: z.optional(daySchema),
  /** Version as people say it, e.g. `2.1`. */
  version: z.optional(z.string()),
  changedAt: momentSchema,
  sensitivity: z.catch(z.enum(sensitivities), 'unknown'),
});
/** See {@link documentSchema}. Not `Document`: pages have that. */
export type DocumentRecord = z.infer<typeof documentSchema>;

/** The resource `documents`. */
export const documentsResource = resourceOf<DocumentRecord>('documents', documentSchema);
