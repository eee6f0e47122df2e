import {STATUS_CODES} from 'node:http';
import type {Socket} from 'node:net';
import {type Problem, ProblemError, problemOf} from '@bsp/contract';
import type {FastifyReply} from 'fastify';
import type * as z from 'zod/mini';

/** Headers of every answer of the API. */
export const apiHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

const mediaType = 'application/problem+json; charset=utf-8';

/** Answers with a problem after RFC 9457. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.retryAfter !== undefined) reply.header('retry-after', String(problem.retryAfter));
  return reply.headers(apiHeaders).code(problem.status).type(mediaType).send(JSON.stringify(problem));
}

/** What is told of an error. Texts of errors from elsewhere are not repeated: they may quote the request. */
export function problemOfError(thrown: unknown): Problem {
  if (thrown instanceof ProblemError) return thrown.problem;
  const {code, statusCode} = thrown as {code?: unknown; statusCode?: unknown};
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return problemOf('too-large', 'The request is larger than this address takes.');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return problemOf('invalid-request', 'Send the body as application/json.', {status: 415});
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return problemOf('invalid-request', 'The body is not JSON.', {pointer: ''});
    case '22021':
      return problemOf('invalid-request', 'The request holds a character that can not be kept.');
    case 'FST_ERR_BAD_URL':
      return problemOf('invalid-request', 'The address is not a valid one.');
  }
  // Proto poisoning and the parser's own errors carry a status only.
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return problemOf('invalid-request', 'The request is not a valid one.', {status: statusCode});
  if (isStorageAway(thrown)) return problemOf('unavailable', 'The gateway can not reach its storage.', {retryAfter: 5});
  return problemOf('internal', 'Something went wrong in the gateway.');
}

/** Answers on the bare connection what was no request: Node could not read it, so there is none to answer. */
export function refuseUnreadable({code}: {code?: unknown}, socket: Socket): void {
  if (socket.writable && code !== 'ECONNRESET') {
    const problem =
      code === 'HPE_HEADER_OVERFLOW'
        ? problemOf('too-large', 'The headers are larger than 16 kB together.', {status: 431})
        : code === 'ERR_HTTP_REQUEST_TIMEOUT'
          ? problemOf('timeout', 'The request did not come in time.', {status: 408})
          : problemOf('invalid-request', 'This is no request of HTTP.');
    const body = JSON.stringify(problem);
    const headers = {
      ...apiHeaders,
      'content-type': mediaType,
      'content-length': String(Buffer.byteLength(body)),
      connection: 'close',
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${lines.join('')}\r\n${body}`);
  }
  socket.destroy();
}

/** A database that does not answer, rather than a fault of ours. */
function isStorageAway(thrown: unknown): boolean {
  const {code, message} = thrown as {code?: unknown; message?: unknown};
  return (
    (typeof code === 'string' && /^(08|53|57P|ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND)/.test(code)) ||
    (typeof message === 'string' && /^(timeout exceeded when trying to connect|Connection terminated)/.test(message))
  );
}

/** Validates a part of a request; says where it fails, never what was sent. */
export function requestPart<T>(schema: z.ZodMiniType<T>, value: unknown, base = ''): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('') ?? '';
  throw new ProblemError(
    problemOf('invalid-request', 'The request is not what is expected here.', {
      pointer: base + path,
      ...(issue ? {detail: `${base + path || 'The body'}: ${expectationOf(issue)}`} : {}),
    }),
  );
}

function expectationOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${issue.expected}.`;
    case 'invalid_value':
      return `expected one of ${issue.values.map(String).join(', ')}.`;
    case 'too_small':
      return `expected at least ${String(issue.minimum)}.`;
    case 'too_big':
      return `expected at most ${String(issue.maximum)}.`;
    case 'invalid_format':
      return `expected the format ${issue.format}.`;
    default:
      return 'not a usable value.';
  }
}
