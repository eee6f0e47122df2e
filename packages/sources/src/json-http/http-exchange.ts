/**
 * One HTTP request and its answer, bounded in bytes. `fetch` is not used because it takes no client certificate, and
 * follows redirects or hides where they lead.
 */
import type {ClientRequest, Agent as HttpAgent, IncomingMessage, RequestOptions} from 'node:http';
import {request as httpRequest} from 'node:http';
import {type Agent as HttpsAgent, request as httpsRequest} from 'node:https';
import {pipeline} from 'node:stream/promises';
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

/** An answer, whole. */
export interface Exchange {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
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
    outgoing.end(request.body);
  });

async function collected(response: IncomingMessage, budget: Budget): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const collect = async (stream: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of stream) {
      budget.bytes -= chunk.length;
      // What is thrown here does not get through the streams.
      if (budget.bytes < 0) throw new Error('too large');
      chunks.push(chunk);
    }
  };
  const packed = /^\s*(?:x-)?gzip\s*$/i.test(response.headers['content-encoding'] ?? '');
  if (packed) await pipeline(response, createGunzip(), collect);
  else await pipeline(response, collect);
  return Buffer.concat(chunks);
}

/**
 * Sends a request and takes in its whole answer, whatever its status.
 *
 * @throws ConnectionFault where there was no answer.
 * @throws SourceProblem where it is too large, or broke off.
 * @throws what the signal was aborted with.
 */
export async function exchanged(
  request: HttpRequest,
  agents: Agents,
  budget: Budget,
  signal: AbortSignal,
): Promise<Exchange> {
  signal.throwIfAborted();
  try {
    const response = await sent(request, agents, signal);
    try {
      const body = await collected(response, budget);
      return {status: response.statusCode ?? 0, headers: response.headers, body};
    } catch (thrown) {
      response.destroy();
      if (budget.bytes < 0) throw tooLarge();
      const code = codeOf(thrown);
      if (code.startsWith('Z_'))
        throw new SourceProblem('invalid', problemOf('protocol', 'The answer of the source cannot be unpacked'));
      throw new SourceProblem(
        'unavailable',
        problemOf('unavailable', 'The answer of the source broke off', {detail: code}),
      );
    }
  } catch (thrown) {
    signal.throwIfAborted();
    throw thrown;
  }
}
