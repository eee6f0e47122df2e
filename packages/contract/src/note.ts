import * as z from 'zod/mini';
import {kleSchema, momentSchema, recordRefSchema, resourceOf, staffSchema, titledRefSchema} from './records.js';

/** Where a note of ours is on its way to a source system (SF2900 receipts). */
export const noteDeliveryStates = [
  'kept',
  'queued',
  'received',
  'delivered',
  'accepted',
  'rejected',
  'failed',
] as const;

/** A journal note. Nothing is deleted (Offentlighedsloven §13): a correction is an addendum. */
export const noteSchema = z.object({
  ref: recordRefSchema,
  case: z.optional(titledRefSchema),
  /** When what is noted happened. */
  occurredAt: momentSchema,
  /** When it was written down. */
  recordedAt: momentSchema,
  author: staffSchema,
  heading: z.string(),
  body: z.string(),
  kle: z.optional(kleSchema),
  delivery: z.optional(
    z.object({state: z.enum(noteDeliveryStates), at: z.optional(momentSchema), reason: z.optional(z.string())}),
  ),
  addenda: z.optional(z.array(z.object({at: momentSchema, author: staffSchema, body: z.string()}))),
});
/** See {@link noteSchema}. */
export type Note = z.infer<typeof noteSchema>;

/** The resource `journal`. */
export const journalResource = resourceOf<Note>('journal', noteSchema);
