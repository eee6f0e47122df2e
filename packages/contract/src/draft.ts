import * as z from 'zod/mini';
import {momentSchema, resourceOf} from './records.js';

/** What a user has begun to write in a window about a person. Belongs to (tenant, user, subject, window). */
export const draftSchema = z.object({
  window: z.string(),
  savedAt: momentSchema,
  /** Key of the action that saved it. */
  version: z.string(),
  /** Key of the action that it is to become. */
  key: z.optional(z.string()),
  content: z.record(z.string(), z.string()),
});
/** See {@link draftSchema}. */
export type Draft = z.infer<typeof draftSchema>;

/** The resource `drafts`: the user's own, of this subject. */
export const draftsResource = resourceOf<Draft>('drafts', draftSchema);
