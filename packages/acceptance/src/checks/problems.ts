import {type ProblemCode, problemSchema} from '@bsp/contract';
import {expect, expectSame} from '../check.js';
import {type Answer, parsedBy} from '../client.js';

/** Holds an answer to RFC 9457 and to one of these codes. @throws Unmet */
export function expectProblem(
  {status, headers, json}: Pick<Answer, 'status' | 'headers' | 'json'>,
  what: string,
  ...codes: readonly ProblemCode[]
): void {
  const type = headers.get('content-type') ?? 'none';
  expect(status >= 400, `${what}: expected a problem (${codes.join(' or ')}), saw ${status}.`);
  expect(type.startsWith('application/problem+json'), `${what}: expected application/problem+json, saw ${type}.`);
  const data = parsedBy(problemSchema, json, `${what}: the body is no problem after RFC 9457`);
  expectSame(data.status, status, `${what}: status in the problem`);
  if (codes.length > 0)
    expect(codes.includes(data.code), `${what}: expected ${codes.join(' or ')}, saw ${data.code} (${status}).`);
  expectSame(data.type, `urn:bsp:problem:${data.code}`, `${what}: type of the problem`);
}

/** A problem without what may differ from one time to the next: a trace id, say, that a framework adds (RFC 9457, 3.2). */
export function sameProblem({status, json}: Pick<Answer, 'status' | 'json'>): string {
  const problem = (json ?? {}) as Readonly<Record<string, unknown>>;
  const {type, title, code, detail, pointer} = problem;
  return JSON.stringify({status, type, title, code, detail, pointer, members: Object.keys(problem).sort()});
}
