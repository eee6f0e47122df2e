import * as z from 'zod/mini';
import {launchSchema} from './hop.js';
import {daySchema, kleSchema, momentSchema, recordRefSchema, titledRefSchema} from './records.js';

/** A write. The same key with the same payload is safe to send again; with another payload it is a 422 `key-reused`. */
export const actionSchema = z.object({
  type: z.string().check(z.maxLength(100)),
  /** Chosen by the sender: a UUID. */
  key: z.string().check(z.minLength(8), z.maxLength(100)),
  payload: z.unknown(),
});
/** See {@link actionSchema}. */
export type Action = z.infer<typeof actionSchema>;

/** What came of an action; kept with its effect, so that a retry gets the same answer. */
export const actionResultSchema = z.object({
  key: z.string(),
  type: z.string(),
  at: momentSchema,
  /** What the action gave, e.g. the reference of a new note or a revealed value. */
  result: z.optional(z.unknown()),
  /** The action had been done before, and this is its first answer again. */
  replayed: z.optional(z.boolean()),
});
/** See {@link actionResultSchema}. */
export type ActionResult = z.infer<typeof actionResultSchema>;

/** A note's body: 100 KB in SF2900; we take a little more from the form and say so before sending. */
export const maxNoteBytes = 100_000;

/** Payload of `note.create`; its result is `{ref}`. */
export const noteCreateSchema = z.object({
  heading: z.string().check(z.minLength(1), z.maxLength(200)),
  body: z.string().check(z.minLength(1)),
  case: z.optional(titledRefSchema),
  kle: z.optional(kleSchema),
  /** Default: now. */
  occurredAt: z.optional(momentSchema),
});
/** See {@link noteCreateSchema}. */
export type NoteCreate = z.infer<typeof noteCreateSchema>;

/** Payload of `note.addendum`. */
export const noteAddendumSchema = z.object({note: recordRefSchema, body: z.string().check(z.minLength(1))});
/** See {@link noteAddendumSchema}. */
export type NoteAddendum = z.infer<typeof noteAddendumSchema>;

/** Payload of `event.seen`, `event.acknowledge` and `event.done`. */
export const eventMarkSchema = z.object({events: z.array(recordRefSchema).check(z.minLength(1), z.maxLength(500))});
/** See {@link eventMarkSchema}. */
export type EventMark = z.infer<typeof eventMarkSchema>;

/** Payload of `reveal`; a logged lookup. Its result is {@link Revealed} and is never kept. */
export const revealSchema = z.object({ref: recordRefSchema, field: z.enum(['cpr', 'address'])});
/** See {@link revealSchema}. */
export type Reveal = z.infer<typeof revealSchema>;

/** Result of `reveal`: the number as `DDMMYY-SSSS`, or address lines. */
export const revealedSchema = z.object({
  value: z.optional(z.string()),
  lines: z.optional(z.array(z.string())),
  since: z.optional(daySchema),
});
/** See {@link revealedSchema}. */
export type Revealed = z.infer<typeof revealedSchema>;

/**
 * Payload of `draft.save`. The draft's version is the key of the action that saved it. It takes the place of the version
 * that the sender has seen and of no other: else it is a 409 `conflict`, and the draft stays as it is.
 */
export const draftSaveSchema = z.object({
  window: z.string().check(z.maxLength(100)),
  /** Null discards. */
  content: z.nullable(z.record(z.string(), z.string())),
  /** Version that this takes the place of; without it there must be no draft. */
  over: z.optional(z.string().check(z.maxLength(100))),
  /**
   * Key of the action that the draft is to become. When that is done the backend drops the draft, and keeps none for it
   * any more (409 `conflict`).
   */
  key: z.optional(z.string().check(z.minLength(8), z.maxLength(100))),
});
/** See {@link draftSaveSchema}. */
export type DraftSave = z.infer<typeof draftSaveSchema>;

/**
 * Payload of `search`, in a context of the user's own (subject `user`): what was typed. It is a write so that it travels in a
 * body; its result is `Found` and is never kept. Each search, and each of its hits, is a logged lookup.
 */
export const searchSchema = z.object({query: z.string().check(z.minLength(1), z.maxLength(100))});
/** See {@link searchSchema}. */
export type Search = z.infer<typeof searchSchema>;

/** The payload schema of every action that the kit itself sends. */
export const actionPayloads = {
  'note.create': noteCreateSchema,
  'note.addendum': noteAddendumSchema,
  'event.seen': eventMarkSchema,
  'event.acknowledge': eventMarkSchema,
  'event.done': eventMarkSchema,
  reveal: revealSchema,
  'draft.save': draftSaveSchema,
  launch: launchSchema,
  search: searchSchema,
} as const;
/** A kind of action that the kit itself sends. */
export type ActionType = keyof typeof actionPayloads;
