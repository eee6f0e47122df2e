/**
 * One HTTP request and its answer, bounded in bytes. `fetch` is not used because it takes no client certificate, and
 * follows redirects or hides where they lead.
 */
import type {ClientRequest, Agent as HttpAgent, IncomingMessage, RequestOptions} from 'node:http';
import {request as httpRequest} from 'node:http';
import {type Agent as HttpsAgent, request as httpsRequest} from 'node:https';
import {pipeline, type Readable} from 'node:stream';
import {createGunzip} from 'node:zlib';
import {problemOf} from '@bsp/contract';
import {SourceProblem} from '../connector.js';

/** A request as it is sent. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** How an answer begins. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
}

/** An answer, whole. */
export interface Exchange extends AnswerHead {
  readonly body: Buffer;
}

/** An answer that is read while it comes. */
export interface OpenExchange extends AnswerHead {
  readonly chunks: AsyncGenerator<Buffer>;
  /** Ends an answer that is not read to its end; its connection is not used again. */
  discard(): void;
}

/** What one question may still take in. */
export interface Budget {
  bytes: number;
  retries: number;
}

/** Keeps connections open between requests. */
export interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

/** More than an answer with an access token has. */
export const tokenBytes = 100_000;

const tooLarge = (): SourceProblem =>
  new SourceProblem('invalid', problemOf('too-large', 'The source answered with more than "maxBytes" allows'));

/** The connection failed before an answer began. */
export class ConnectionFault extends Error {
  /** Node's or OpenSSL's code, e.g. `ECONNREFUSED`. */
  readonly code: string;
  /** The connection had been kept open and was closed at that moment, so that nobody has seen the request. */
  readonly stale: boolean;
  constructor(code: string, stale: boolean) {
    super(`The connection failed (${code})`);
    this.name = 'ConnectionFault';
    this.code = code;
    this.stale = stale;
  }
}

const codeOf = (thrown: unknown): string => {
  const {code} = thrown as {code?: unknown};
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : 'UNKNOWN';
};

const sent = (request: HttpRequest, agents: Agents, signal: AbortSignal): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const secure = request.url.protocol === 'https:';
    const options: RequestOptions = {
      method: request.method,
      agent: secure ? agents.https : agents.http,
      signal,
      headers: {
        ...request.headers,
        'accept-encoding': 'gzip',
        ...(request.body === undefined ? {} : {'content-length': Buffer.byteLength(request.body)}),
      },
    };
    const outgoing: ClientRequest = secure ? httpsRequest(request.url, options) : httpRequest(request.url, options);
    outgoing.once('response', resolve);
    outgoing.once('error', (error) => {
      const code = codeOf(error);
      reject(new ConnectionFault(code, outgoing.reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE')));
    });
    // An answer that changes the protocol (101) is neither: Node closes the connection without a word.
    outgoing.once('close', () => reject(new ConnectionFault('ECONNRESET', false)));
    outgoing.end(request.body);
  });

const isPacked = ({headers}: IncomingMessage): boolean =>
  /^\s*(?:x-)?gzip\s*$/i.test(headers['content-encoding'] ?? '');

/** The unpacked bytes as they come. */
async function* unpacked(response: IncomingMessage, budget: Budget, signal: AbortSignal): AsyncGenerator<Buffer> {
  const plain: Readable = isPacked(response)
    ? // What breaks the one ends the other, which then throws it.
      pipeline(response, createGunzip(), () => undefined)
    : response;
  try {
    for await (const chunk of plain as AsyncIterable<Buffer>) {
      budget.bytes -= chunk.length;
      if (budget.bytes < 0) throw tooLarge();
      yield chunk;
    }
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof SourceProblem) throw thrown;
    const code = codeOf(thrown);
    if (code.startsWith('Z_'))
      throw new SourceProblem('invalid', problemOf('protocol', 'The answer of the source cannot be unpacked'));
    throw new SourceProblem(
      'unavailable',
      problemOf('unavailable', 'The answer of the source broke off', {detail: code}),
    );
  } finally {
    plain.destroy();
    response.destroy();
  }
}

/**
 * Sends a request and gives its answer, whatever its status, as soon as it begins.
 *
 * @throws ConnectionFault where there was no answer.
 * @throws SourceProblem, while chunks are read, where it is too large, or broke off.
 * @throws what the signal was aborted with.
 */
export async function opened(
  request: HttpRequest,
  agents: Agents,
  budget: Budget,
  signal: AbortSignal,
): Promise<OpenExchange> {
  signal.throwIfAborted();
  const response = await sent(request, agents, signal).catch((thrown: unknown) => {
    signal.throwIfAborted();
    throw thrown;
  });
  const {statusCode: status = 0, headers} = response;
  return {status, headers, chunks: unpacked(response, budget, signal), discard: () => void response.destroy()};
}

/** All of an answer. */
export async function collected(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

/** As {@link opened}, and takes in the whole answer. */
export async function exchanged(
  request: HttpRequest,
  agents: Agents,
  budget: Budget,
  signal: AbortSignal,
): Promise<Exchange> {
  const {status, headers, chunks} = await opened(request, agents, budget, signal);
  return {status, headers, body: await collected(chunks)};
}
