import * as z from 'zod/mini';

/**
 * A live notice: what to read again. Carries no person data. `reset`: the backend can't tell what was missed, so read
 * everything of that context again.
 */
export const noticeSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('notice'),
    cursor: z.string(),
    contextId: z.string(),
    resource: z.string(),
    source: z.string(),
  }),
  z.object({kind: z.literal('reset'), cursor: z.string(), contextId: z.string()}),
]);
/** See {@link noticeSchema}. */
export type Notice = z.infer<typeof noticeSchema>;
