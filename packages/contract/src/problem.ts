import * as z from 'zod/mini';

/** HTTP status of each problem code. */
const statusOf = {
  'invalid-request': 400,
  'invalid-subject': 400,
  unauthorized: 401,
  forbidden: 403,
  'needs-purpose': 403,
  'not-found': 404,
  'not-applicable': 404,
  'context-closed': 409,
  'foreign-item': 409,
  conflict: 409,
  'key-reused': 422,
  'too-large': 413,
  'rate-limited': 429,
  timeout: 504,
  unavailable: 503,
  'wrong-subject': 502,
  protocol: 502,
  internal: 500,
} as const;

/** Stable code of a problem; its `type` is `urn:bsp:problem:<code>`. */
export type ProblemCode = keyof typeof statusOf;
/** All of them, those with the same status in order of how general they are. */
export const problemCodes = Object.keys(statusOf) as [ProblemCode, ...ProblemCode[]];

/** A problem after RFC 9457, `application/problem+json`. Carries no person data, so it may be logged. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  /** One of {@link problemCodes}; an unknown one reads as `internal`. */
  code: z.catch(z.enum(problemCodes), 'internal'),
  detail: z.optional(z.string()),
  /** Where in the request: a JSON pointer such as `/subject/value`. */
  pointer: z.optional(z.string()),
  /** Seconds until a retry makes sense. */
  retryAfter: z.optional(z.number()),
});
/** See {@link problemSchema}. */
export type Problem = z.infer<typeof problemSchema>;

/** A problem of a code, with what is known about it. */
export const problemOf = (
  code: ProblemCode,
  title: string,
  more: {status?: number; detail?: string; pointer?: string; retryAfter?: number} = {},
): Problem => ({type: `urn:bsp:problem:${code}`, title, status: statusOf[code], code, ...more});

/** What a Backend throws. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.title}`);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}
