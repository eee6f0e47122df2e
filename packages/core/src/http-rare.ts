import {
  type Content,
  type Problem,
  type ProblemCode,
  problemCodes,
  problemOf,
  problemSchema,
  type RecordRef,
} from '@bsp/contract';
import {type Requester, typeOf} from './http-backend.js';

/** A document's bytes. */
export async function contentOf(
  request: Requester,
  context: string,
  {source, id}: RecordRef,
  signal: AbortSignal,
): Promise<Content> {
  const path = `${context}/content/${encodeURIComponent(source)}/${encodeURIComponent(id)}`;
  const response = await request(path, {signal, accept: '*/*'});
  return {
    mediaType: typeOf(response) || 'application/octet-stream',
    bytes: new Uint8Array(await response.arrayBuffer()),
  };
}

/** The first problem code of a status; a bad gateway (502) says no more than that nobody answered. */
const codeOf = (status: number): ProblemCode =>
  status === 502 ? 'unavailable' : (problemCodes.find((code) => problemOf(code, '').status === status) ?? 'internal');

/** The problem that an answer tells, or that its status means. */
export async function problemOfResponse(response: Response): Promise<Problem> {
  const retryAfter = Number(response.headers.get('retry-after')) || undefined;
  if (typeOf(response).includes('application/problem+json')) {
    const parsed = problemSchema.safeParse(await response.json().catch(() => undefined));
    if (parsed.success) return retryAfter === undefined ? parsed.data : {retryAfter, ...parsed.data};
  }
  return problemOf(codeOf(response.status), `The backend answered ${response.status}.`, {
    status: response.status,
    ...(retryAfter === undefined ? {} : {retryAfter}),
  });
}
