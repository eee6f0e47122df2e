import * as z from 'zod/mini';
import {momentSchema, recordRefSchema, resourceOf} from './records.js';
import {subjectSchema} from './subject.js';

/** What a target can be opened with. */
export const hopSubjects = ['person', 'case', 'document'] as const;
/** One of {@link hopSubjects}. */
export type HopSubject = (typeof hopSubjects)[number];

/** Another system that the user may go on to. Depends on user and configuration, never on the subject. */
export const targetSchema = z.object({
  ref: recordRefSchema,
  /** What users call it: `KMD Nexus`. */
  name: z.string(),
  for: z.enum(hopSubjects),
  /** Ids of the sources whose records it takes; absent where it takes those of all. */
  sources: z.optional(z.array(z.string())),
});
/** See {@link targetSchema}. */
export type Target = z.infer<typeof targetSchema>;

/** The resource `targets`. */
export const targetsResource = resourceOf<Target>('targets', targetSchema);

/**
 * Payload of `launch`: the user goes on to a target with the context's person, or with a record of theirs. Its result is
 * {@link Launched} and is never kept: each launch is a new one.
 */
export const launchSchema = z.object({target: recordRefSchema, record: z.optional(recordRefSchema)});
/** See {@link launchSchema}. */
export type Launch = z.infer<typeof launchSchema>;

/**
 * Result of `launch`: where the new window goes. It names nobody: what it carries is a code that can be redeemed once, within
 * a minute, by the target alone; or it leads to a page of the backend that hands the person over, in this browser alone.
 */
export const launchedSchema = z.object({url: z.string().check(z.minLength(1), z.maxLength(4_000))});
/** See {@link launchedSchema}. */
export type Launched = z.infer<typeof launchedSchema>;

/** The query parameter in which a target gets its code, after SMART App Launch (`launch`). */
export const launchParameter = 'launch';

/** Body of `POST /v1/launches/redeem`, which a target sends from its server with its own secret. */
export const redeemSchema = z.object({code: z.string().check(z.minLength(1), z.maxLength(200))});

/** What a target gets for a code. It must compare the user with the one who is logged in there, and refuse any other. */
export const redeemedSchema = z.object({
  subject: subjectSchema,
  user: z.object({id: z.string(), name: z.string(), unit: z.optional(z.string())}),
  tenant: z.object({id: z.string(), name: z.string()}),
  purpose: z.optional(z.string()),
  /** The case or document that the user chose, by the id that its source knows. */
  record: z.optional(recordRefSchema),
  launchedAt: momentSchema,
});
/** See {@link redeemedSchema}. */
export type Redeemed = z.infer<typeof redeemedSchema>;
