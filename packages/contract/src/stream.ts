import * as z from 'zod/mini';
import {problemSchema} from './problem.js';
import {momentSchema} from './records.js';

/** One thing to read. Without `source`: all planned sources. With `cursor`: more of that source. */
export const readSchema = z.object({
  resource: z.string(),
  source: z.optional(z.string()),
  cursor: z.optional(z.string()),
});
/** See {@link readSchema}. */
export type Read = z.infer<typeof readSchema>;

/** A source as windows name it. */
export const sourceNameSchema = z.object({id: z.string(), name: z.string()});
/** See {@link sourceNameSchema}. */
export type SourceName = z.infer<typeof sourceNameSchema>;

/** How one source answered one resource. */
export const frameStatuses = [
  'ok',
  'forbidden',
  'needs-purpose',
  'not-applicable',
  'timeout',
  'unavailable',
  'invalid',
] as const;
/** One of {@link frameStatuses}. */
export type FrameStatus = (typeof frameStatuses)[number];

/** A frame holds at most this many items. */
export const maxFrameItems = 500;

/** First message of a stream: who will be asked. Depends on user and config, never on the subject. */
export const planSchema = z.object({
  kind: z.literal('plan'),
  readId: z.string(),
  contextId: z.string(),
  resources: z.record(z.string(), z.object({sources: z.array(sourceNameSchema), deadlineMs: z.number()})),
});
/** See {@link planSchema}. */
export type Plan = z.infer<typeof planSchema>;

/** One answer (or part of one) of one source to one resource. */
export const frameSchema = z.object({
  kind: z.literal('frame'),
  readId: z.string(),
  contextId: z.string(),
  resource: z.string(),
  source: sourceNameSchema,
  status: z.enum(frameStatuses),
  /** `replace`: all there is of this source so far; `append`: adds to what this source gave before. */
  mode: z.enum(['replace', 'append']),
  items: z.array(z.unknown()).check(z.maxLength(maxFrameItems)),
  /** There is more: a cursor for the next {@link Read}. Said in any part of an answer, it holds for the answer. */
  next: z.optional(z.string()),
  /** How many records the backend could not read. */
  invalid: z.optional(z.number()),
  /** The source's data time, else the fetch time. */
  asOf: momentSchema,
  cached: z.optional(z.boolean()),
  problem: z.optional(problemSchema),
});
/** See {@link frameSchema}. */
export type Frame = z.infer<typeof frameSchema>;

/** Last message. A stream that ends without it was broken: unanswered sources are `unavailable`. */
export const endSchema = z.object({kind: z.literal('end'), readId: z.string()});
/** See {@link endSchema}. */
export type End = z.infer<typeof endSchema>;

/** A message of a read stream; on the wire one JSON object a line (`application/x-ndjson`). */
export const streamMessageSchema = z.discriminatedUnion('kind', [planSchema, frameSchema, endSchema]);
/** See {@link streamMessageSchema}. */
export type StreamMessage = Plan | Frame | End;
