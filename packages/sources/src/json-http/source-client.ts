import {setTimeout as passed} from 'node:timers/promises';
import type {NumberedSubject} from '../asked-subject.js';
import {badAnswer, holdsNumber, ofConnection, ofStatus, retryAfter} from '../http/answer-problems.js';
import type {Credentials} from '../http/credentials.js';
import {
  type Agents,
  type Budget,
  ConnectionFault,
  type Exchange,
  exchanged,
  type HttpRequest,
} from '../http/http-exchange.js';
import type {RetryShare} from '../http/retry-share.js';
import {linkedAddress, PlaceholderFault} from './placeholders.js';

/** What is asked. */
export interface Question {
  /** The number that no address may hold: a CPR number, or what may be one; ten characters. */
  readonly number?: string | undefined;
  readonly budget: Budget;
  readonly signal: AbortSignal;
}

/** What is asked for one person, company, property or employee. */
export interface SubjectQuestion extends Question {
  readonly subject: NumberedSubject;
}

/** Where all paths start from. */
export const baseOf = ({baseUrl}: {readonly baseUrl: string}): URL =>
  new URL(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`);

/** What one question may take in, and how often it may be tried again. */
export const budgetOf = ({maxBytes = 10_000_000}: {readonly maxBytes?: number | undefined}): Budget => ({
  bytes: maxBytes,
  retries: 2,
});

/** A request before credentials. */
export interface SourceRequest {
  readonly url: URL;
  /** Sent by POST where there is one, or `post` is set. */
  readonly body?: unknown;
  readonly post: boolean;
}

/** A source's answer: JSON, or that there is no such thing. */
export type SourceAnswer =
  /** `json` is undefined where there was nothing to send (HTTP 204). */
  | {readonly found: true; readonly json: unknown; readonly url: URL; readonly link: string | undefined}
  | {readonly found: false};

const mostRedirects = 3;
const shortPauseMs = 150;
const longestPauseMs = 1_000;

const mediaTypeOf = ({headers}: Exchange): string =>
  (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
const isMarkup = (type: string): boolean =>
  /^(?:text\/html|application\/xhtml\+xml|text\/xml|application\/xml)$/.test(type);

function jsonOf(exchange: Exchange): unknown {
  if (exchange.status === 204) return undefined;
  if (isMarkup(mediaTypeOf(exchange))) throw badAnswer('The source answered with a page instead of JSON');
  try {
    return JSON.parse(new TextDecoder('utf-8', {fatal: true}).decode(exchange.body));
  } catch {
    // JSON.parse repeats what it stumbled over.
    throw badAnswer('The source answered with something else than JSON');
  }
}

/** Whether a 404 means "no such person" rather than that a path is wrong: those come with the server's own page. */
const saysAbsent = (exchange: Exchange): boolean =>
  exchange.body.length === 0 || /[/+]json$/.test(mediaTypeOf(exchange));

/** The address after `rel="next"` in a header `Link` (RFC 8288). */
export function nextLink(header: string | undefined): string | undefined {
  for (const [, address, parameters = ''] of (header ?? '').matchAll(/<([^<>]*)>([^<]*)/g)) {
    const relations = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters);
    if (`${relations?.[1] ?? relations?.[2] ?? ''}`.toLowerCase().split(/\s+/).includes('next')) return address;
  }
  return undefined;
}

/** Asks one source: with its credentials, within its origin, and with few second tries. */
export class SourceClient {
  private readonly agents: Agents;
  private readonly credentials: Credentials;
  private readonly headers: Readonly<Record<string, string>>;
  private readonly numberInUrl: boolean;
  private readonly retries: RetryShare;

  constructor(parts: {
    agents: Agents;
    credentials: Credentials;
    headers: Readonly<Record<string, string>>;
    numberInUrl: boolean;
    retries: RetryShare;
  }) {
    this.agents = parts.agents;
    this.credentials = parts.credentials;
    this.headers = parts.headers;
    this.numberInUrl = parts.numberInUrl;
    this.retries = parts.retries;
  }

  /** @throws SourceProblem for everything but JSON and "no such thing". */
  async ask(request: SourceRequest, question: Question): Promise<SourceAnswer> {
    let {url} = request;
    for (let redirects = 0; ; redirects++) {
      this.guard(url, question);
      const exchange = await this.answered(
        {
          method: request.post ? 'POST' : 'GET',
          url,
          headers: {
            accept: 'application/json',
            ...this.headers,
            ...(request.body === undefined ? {} : {'content-type': 'application/json'}),
          },
          ...(request.body === undefined ? {} : {body: JSON.stringify(request.body)}),
        },
        question,
      );
      const {status, headers} = exchange;
      if (status >= 200 && status < 300)
        return {found: true, json: jsonOf(exchange), url, link: nextLink(headers.link as string | undefined)};
      if (status === 404 && saysAbsent(exchange)) return {found: false};
      if (status < 300 || status >= 400 || status === 304) throw ofStatus(exchange);
      // A search that is redirected must stay one: its body holds the number.
      const keeps = request.post ? status === 307 || status === 308 : status !== 300;
      if (!keeps || redirects === mostRedirects) throw badAnswer(`The source redirects (HTTP ${status})`);
      url = redirected(headers.location, url);
    }
  }

  private guard(url: URL, {number}: Question): void {
    if (!this.numberInUrl && number !== undefined && holdsNumber(url.href, number))
      throw badAnswer('The source wants what may be a CPR number in a URL, which "numberInUrl" does not allow');
  }

  /** An answer after renewed credentials, or after a second try where that is safe. */
  private async answered(request: HttpRequest, question: Question): Promise<Exchange> {
    const {budget, signal} = question;
    let renewed = false;
    this.retries.asked();
    for (;;) {
      const credentials = await this.credentials.headers(signal);
      const attempt = await exchanged(
        {...request, headers: {...request.headers, ...credentials}},
        this.agents,
        budget,
        signal,
      ).catch((thrown: unknown) => {
        if (thrown instanceof ConnectionFault) return thrown;
        throw thrown;
      });
      const repeatable = request.method === 'GET' || (attempt instanceof ConnectionFault && attempt.stale);
      if (attempt instanceof ConnectionFault) {
        // What nobody has seen is no burden to anybody.
        if (!repeatable || !again(budget) || !(attempt.stale || this.retries.take())) throw ofConnection(attempt);
        if (!attempt.stale) await passed(shortPauseMs, undefined, {signal}).catch(() => signal.throwIfAborted());
        continue;
      }
      if (attempt.status === 401 && !renewed && this.credentials.renewed(credentials)) {
        renewed = true;
        continue;
      }
      if (!repeatable || ![502, 503, 504].includes(attempt.status)) return attempt;
      const pause = Math.max(shortPauseMs, (retryAfter(attempt) ?? 0) * 1_000);
      if (pause > longestPauseMs || !again(budget) || !this.retries.take()) return attempt;
      await passed(pause, undefined, {signal}).catch(() => signal.throwIfAborted());
    }
  }
}

const again = (budget: Budget): boolean => budget.retries-- > 0;

function redirected(location: string | undefined, from: URL): URL {
  try {
    return linkedAddress(location ?? '', from, 'Location');
  } catch (thrown) {
    if (!(thrown instanceof PlaceholderFault)) throw thrown;
    throw badAnswer('The source redirects to another origin');
  }
}
