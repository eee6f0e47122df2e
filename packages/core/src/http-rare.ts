import {
  type BridgePlaces,
  bridgePlacesSchema,
  type Content,
  type Problem,
  type ProblemCode,
  ProblemError,
  problemCodes,
  problemOf,
  problemSchema,
  type RecordRef,
} from '@bsp/contract';
import {problemOfStatus, type Requester, typeOf} from './http-backend.js';
import {unexpected} from './subject-session.js';

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

/** Where the user's bridges are. */
export async function bridgePlaces(request: Requester, signal: AbortSignal): Promise<BridgePlaces> {
  const response = await request('/bridge', {signal});
  const {data} = bridgePlacesSchema.safeParse(await response.json().catch(() => undefined));
  if (!data) throw new ProblemError(unexpected());
  return data;
}

/** The first problem code of a status; a bad gateway (502) says no more than that nobody answered. */
const codeOf = (status: number): ProblemCode =>
  status === 502 ? 'unavailable' : (problemCodes.find((code) => problemOf(code, '').status === status) ?? 'internal');

/** Seconds that somebody can wait: a header may hold a date, nothing, or any number. */
const isWait = (seconds: number | undefined): seconds is number =>
  seconds !== undefined && seconds > 0 && Number.isFinite(seconds);

/** The problem that an answer tells, or that its status means. */
export async function problemOfResponse(response: Response): Promise<Problem> {
  const told = typeOf(response).includes('application/problem+json')
    ? problemSchema.safeParse(await response.json().catch(() => undefined)).data
    : undefined;
  const {retryAfter, ...problem} = told ?? problemOfStatus(response.status, codeOf(response.status));
  const wait = [retryAfter, Number(response.headers.get('retry-after'))].find(isWait);
  return wait === undefined ? problem : {...problem, retryAfter: wait};
}
