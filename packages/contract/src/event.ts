import * as z from 'zod/mini';
import {momentSchema, recordRefSchema, resourceOf, titledRefSchema} from './records.js';

/** Delivery of a message to the citizen, in our words. */
export const deliveryStates = ['sent', 'delivered', 'failed', 'unknown'] as const;

const receiptSchema = z.object({at: momentSchema, by: z.string()});

/** An event from a source. Seen, acknowledged and done are three different things, kept apart. */
export const eventSchema = z.object({
  ref: recordRefSchema,
  /** Stable kind, e.g. `digital-post.failed`, `cpr.moved`; an unknown one is the source's raw name. */
  type: z.string(),
  title: z.string(),
  text: z.optional(z.string()),
  occurredAt: momentSchema,
  receivedAt: momentSchema,
  /** What it is about: events about the same thing belong together. */
  about: z.optional(
    z.object({
      kind: z.string(),
      ref: recordRefSchema,
      title: z.optional(z.string()),
      case: z.optional(titledRefSchema),
    }),
  ),
  /** For post: where the message is, the source's own word, and the error that it was given. */
  delivery: z.optional(
    z.object({
      channel: z.optional(z.string()),
      state: z.catch(z.enum(deliveryStates), 'unknown'),
      native: z.string(),
      error: z.optional(z.object({code: z.optional(z.string()), text: z.optional(z.string())})),
    }),
  ),
  /** First time it was on this user's screen. */
  seenAt: z.optional(momentSchema),
  acknowledged: z.optional(receiptSchema),
  done: z.optional(receiptSchema),
});
/** See {@link eventSchema}. Named so as not to hide the DOM's `Event`. */
export type EventRecord = z.infer<typeof eventSchema>;

/** The resource `events`. */
export const eventsResource = resourceOf<EventRecord>('events', eventSchema);
