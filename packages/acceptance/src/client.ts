import {type OpenedContext, openedContextSchema, type Read, type RecordRef, type Subject} from '@bsp/contract';
import {expect, Unmet} from './check.js';
import {eventsOf, linesOf, type StreamEvent} from './lines.js';

/** An answer that was read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined where it is none. */
  readonly json: unknown;
}

/** One line of a stream and when it came, in milliseconds after the request was sent. */
export interface TimedLine {
  readonly text: string;
  readonly ms: number;
}

/** What went over the line once, for the checks that look at everything. */
export interface Exchange extends Answer {
  readonly request: string;
}

/** Nobody answered. */
export class Unanswered extends Unmet {
  /** The backend closed the line. */
  readonly closed: boolean;

  constructor(message: string, closed: boolean) {
    super(message);
    this.closed = closed;
  }
}

const bodyOf = (body: unknown): {body: BodyInit; duplex?: 'half'} =>
  body instanceof ReadableStream
    ? {body: body as ReadableStream<Uint8Array>, duplex: 'half'}
    : {body: typeof body === 'string' ? body : JSON.stringify(body)};

/** How the backend is reached. */
export interface ClientOptions {
  /** Where the backend's `/v1` is, e.g. `https://example.dk/bsp`. */
  readonly url: URL;
  /** Headers of every request, e.g. `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How long an answer may take, in milliseconds. */
  readonly timeoutMs?: number;
  /** For which of the backend's purposes contexts are opened; default: none. */
  readonly purpose?: string;
}

/** What to send. */
export interface Request {
  readonly method?: string;
  /** Sent as JSON; a string is sent as it is, and so is a stream, of which nobody says how long it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Without the headers that say who asks. */
  readonly anonymous?: boolean;
  /** The answer may go on for as long as it likes: only its head is waited for. */
  readonly lasting?: boolean;
  readonly signal?: AbortSignal;
}

/** Speaks HTTP with the backend, as a page would, and remembers what went over the line. */
export class BackendClient {
  readonly #options: ClientOptions;
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeoutMs: number;
  readonly #purpose: {readonly purpose?: string};
  readonly #opened = new Set<string>();
  readonly exchanges: Exchange[];

  constructor(options: ClientOptions, exchanges: Exchange[] = []) {
    this.exchanges = exchanges;
    const {url, headers = {}, timeoutMs = 30_000, purpose} = options;
    this.#options = options;
    this.#base = `${url.href.replace(/\/$/, '')}/v1`;
    this.#headers = headers;
    this.#timeoutMs = timeoutMs;
    this.#purpose = purpose === undefined ? {} : {purpose};
  }

  /** The same backend, as somebody else asks it; what goes over the line is remembered together. */
  askedBy(headers: Readonly<Record<string, string>>): BackendClient {
    return new BackendClient({...this.#options, headers}, this.exchanges);
  }

  /** Whether the requests say who asks. */
  get authenticates(): boolean {
    return Object.keys(this.#headers).length > 0;
  }

  /**
   * Sends, and gives the answer once its head is there. A backend may have enough of us for a while: then it is sent again.
   *
   * @throws Unmet when nobody answers, or when a backend that has enough does not say for how long
   */
  async send(path: string, request: Request = {}): Promise<Response> {
    for (let times = 1; ; times++) {
      const response = await this.#sendOnce(path, request);
      const {status, headers} = response;
      if (status !== 429 && status !== 503) return response;
      const seconds = secondsOf(headers.get('retry-after'));
      if (seconds === undefined) {
        await response.body?.cancel();
        const shown = `${request.method ?? 'GET'} ${shownPath(path)}`;
        throw new Unmet(`${shown} answered ${status} without Retry-After: nobody knows when to come again.`);
      }
      if (times === mostTries[status] || seconds > longestWait) return response;
      await response.body?.cancel();
      await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    }
  }

  async #sendOnce(path: string, request: Request): Promise<Response> {
    const {method = 'GET', body, headers = {}, anonymous, lasting, signal} = request;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new DOMException('It took too long.', 'TimeoutError')), this.#timeoutMs);
    timer.unref();
    try {
      return await fetch(`${this.#base}${path}`, {
        method,
        redirect: 'manual',
        headers: {
          // As the windows ask: a backend that knows its users by a cookie may insist on the second.
          accept: acceptOf(path),
          'x-requested-with': 'bsp',
          ...(anonymous ? {} : this.#headers),
          ...(body === undefined ? {} : {'content-type': 'application/json'}),
          ...headers,
        },
        ...(body === undefined ? {} : bodyOf(body)),
        signal: signal ? AbortSignal.any([signal, late.signal]) : late.signal,
      });
    } catch (thrown) {
      if (signal?.aborted) throw thrown;
      const broken = causeOf(thrown);
      throw new Unanswered(`${method} ${shownPath(path)} got no answer: ${broken}.`, /RESET|EPIPE|SOCKET/.test(broken));
    } finally {
      if (lasting) clearTimeout(timer);
    }
  }

  /** The header of a bearer token that nobody gave out; undefined where none is sent. */
  forgedToken(): {authorization: string} | undefined {
    const [, token] = /^Bearer (.{8,})$/i.exec(new Headers(this.#headers).get('authorization') ?? '') ?? [];
    if (token === undefined) return undefined;
    // Not the very last: of base64 it may hold bits that nobody looks at.
    const at = token.length - 6;
    return {authorization: `Bearer ${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`};
  }

  /** Sends, and reads the answer to its end. */
  async ask(path: string, request: Request = {}): Promise<Answer> {
    const response = await this.send(path, request);
    // A live line has no end that could be waited for.
    const isLine = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
    if (isLine) await response.body?.cancel();
    const text = isLine
      ? ''
      : await response.text().catch((thrown: unknown) => {
          throw new Unmet(`${request.method ?? 'GET'} ${shownPath(path)} broke off: ${causeOf(thrown)}.`);
        });
    return this.#remember(path, request, response, text);
  }

  /** Asks for a context about what should be a subject. */
  askFor(subject: unknown): Promise<Answer> {
    return this.ask('/contexts', {method: 'POST', body: {subject, ...this.#purpose}});
  }

  /** Opens a context. @throws Unmet unless that is what comes */
  async open(subject: Subject): Promise<OpenedContext> {
    const {status, json, headers} = await this.askFor(subject);
    const {code} = (json ?? {}) as {code?: unknown};
    if (status === 403 && code === 'needs-purpose')
      throw new Unmet('POST /contexts wants a purpose: name one of the backend (GET /me) with --purpose.');
    if (status !== 201) throw new Unmet(`POST /contexts about a ${subject.type}: expected 201, saw ${status}.`);
    expectJson(headers, 'POST /contexts');
    const opened = parsedBy(openedContextSchema, json, 'POST /contexts gives no OpenedContext');
    this.#opened.add(opened.contextId);
    return opened;
  }

  /** Opens a context about the person with this number. */
  openPerson(number: string): Promise<OpenedContext> {
    return this.open({type: 'cpr', value: number});
  }

  async close(contextId: string): Promise<Answer> {
    this.#opened.delete(contextId);
    return this.ask(contextPath(contextId), {method: 'DELETE'});
  }

  /** Closes what is still open. */
  async closeAll(): Promise<void> {
    for (const contextId of [...this.#opened]) await this.close(contextId).catch(() => undefined);
  }

  /** Asks for a read that may be none, and reads the answer to its end. */
  askToRead(contextId: string, body: unknown): Promise<Answer> {
    return this.ask(readPath(contextId), {method: 'POST', body});
  }

  /** The lines of a read as they come. @throws Unmet unless it is answered with a stream */
  async *read(contextId: string, reads: readonly Read[], signal?: AbortSignal): AsyncGenerator<TimedLine> {
    const started = performance.now();
    const path = readPath(contextId);
    const request: Request = {method: 'POST', body: {reads}, ...(signal ? {signal} : {})};
    const response = await this.send(path, request);
    const type = response.headers.get('content-type') ?? 'none';
    if (response.status !== 200) throw new Unmet(`POST /contexts/…/read: expected 200, saw ${response.status}.`);
    if (!type.startsWith('application/x-ndjson'))
      throw new Unmet(`POST /contexts/…/read: expected application/x-ndjson, saw ${type}.`);
    const lines: string[] = [];
    try {
      for await (const text of linesOf(response)) {
        lines.push(text);
        yield {text, ms: performance.now() - started};
      }
    } catch (thrown) {
      throw signal?.aborted
        ? thrown
        : new Unmet(`POST /contexts/…/read broke off after ${lines.length} lines: ${causeOf(thrown)}.`);
    } finally {
      this.#remember(path, request, response, lines.join('\n'));
    }
  }

  /** The events of a live line, until it ends or is left. @throws Unmet unless it is answered with one */
  async *listen(
    contextId: string,
    lastEventId: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<StreamEvent | undefined> {
    const path = livePath(contextId);
    const headers = lastEventId === undefined ? {} : {'last-event-id': lastEventId};
    const response = await this.send(path, {headers, lasting: true, signal});
    if (response.status !== 200) throw new Unmet(`GET /live: expected 200, saw ${response.status}.`);
    const type = response.headers.get('content-type') ?? 'none';
    if (!type.startsWith('text/event-stream')) throw new Unmet(`GET /live: expected text/event-stream, saw ${type}.`);
    const said: string[] = [];
    try {
      yield undefined;
      for await (const event of eventsOf(response)) {
        said.push(event.data);
        yield event;
      }
    } catch (thrown) {
      if (signal.aborted) return;
      throw thrown instanceof Unmet ? thrown : new Unmet(`GET /live broke off: ${causeOf(thrown)}.`);
    } finally {
      this.#remember(path, {}, response, said.join('\n'));
    }
  }

  act(contextId: string, action: object): Promise<Answer> {
    return this.ask(actionsPath(contextId), {method: 'POST', body: action});
  }

  #remember(path: string, {method = 'GET'}: Request, {status, headers}: Response, text: string): Exchange {
    const exchange = {request: `${method} ${shownPath(path)}`, status, headers, text, json: jsonOf(text)};
    this.exchanges.push(exchange);
    return exchange;
  }
}

const acceptOf = (path: string): string =>
  path.endsWith('/read')
    ? 'application/x-ndjson'
    : path.startsWith('/live')
      ? 'text/event-stream'
      : path.includes('/content/')
        ? '*/*'
        : 'application/json';

/** Windows take nothing for JSON that is not said to be. @throws Unmet */
export function expectJson(headers: Headers, what: string): void {
  const type = headers.get('content-type') ?? 'none';
  if (!/^application\/json\b/i.test(type)) throw new Unmet(`${what}: expected application/json, saw ${type}.`);
}

/** How often, and how many seconds, a backend is waited for that has enough of us. */
const mostTries = {429: 10, 503: 3};
const longestWait = 60;

/** Seconds of a Retry-After (RFC 9110), which may be a moment; undefined where it says none. */
function secondsOf(retryAfter: string | null): number | undefined {
  if (retryAfter === null) return undefined;
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter);
  const at = Date.parse(retryAfter);
  return Number.isNaN(at) ? undefined : Math.max(0, (at - Date.now()) / 1_000);
}

/** A key for an action, by which a repeated one is known. */
export const newKey = (): string => crypto.randomUUID();

/** Where a context is. */
export const contextPath = (contextId: string): string => `/contexts/${encodeURIComponent(contextId)}`;

/** Where a context is read. */
export const readPath = (contextId: string): string => `${contextPath(contextId)}/read`;

/** Where something is done in a context. */
export const actionsPath = (contextId: string): string => `${contextPath(contextId)}/actions`;

/** Where the live line of a context is. */
export const livePath = (contextId: string): string => `/live?context=${encodeURIComponent(contextId)}`;

/** Where the bytes of a document are. */
export const contentPath = (contextId: string, {source, id}: RecordRef): string =>
  `${contextPath(contextId)}/content/${encodeURIComponent(source)}/${encodeURIComponent(id)}`;

/** A path without what is opaque in it: reports are to be read. */
export const shownPath = (path: string): string =>
  path
    .replace(/(\/contexts\/)[^/?]+/, '$1…')
    .replace(/(\/content\/).*/, '$1…')
    .replace(/\?.*/, '?…');

/** What a schema says of a body that is not as it must be. */
export interface SchemaFault {
  readonly issues: readonly SchemaIssue[];
}

interface SchemaIssue {
  readonly path: readonly PropertyKey[];
  readonly code?: string;
  readonly expected?: unknown;
  readonly format?: unknown;
  readonly values?: readonly unknown[];
  readonly minimum?: unknown;
  readonly maximum?: unknown;
}

/** Where a body is not as it must be, and what must stand there; never what does. */
export const placesOf = ({issues}: SchemaFault, base = ''): string =>
  issues
    .slice(0, 3)
    .map((issue) => `${base}/${issue.path.map(String).join('/')} must be ${expectationOf(issue)}`)
    .join('; ');

/** What reads a body: a schema of the contract. */
interface Reader<T> {
  safeParse(
    value: unknown,
  ): {readonly success: true; readonly data: T} | {readonly success: false; readonly error: SchemaFault};
}

/**
 * A body as a schema has it.
 *
 * @param complaint - what it is not, as a sentence begins; where and what must stand there is added.
 * @throws Unmet
 */
export function parsedBy<T>(schema: Reader<T>, value: unknown, complaint: string, base = ''): T {
  const result = schema.safeParse(value);
  expect(result.success, result.success ? '' : `${complaint}: ${placesOf(result.error, base)}.`);
  return result.data;
}

function expectationOf({code, expected, format, values, minimum, maximum}: SchemaIssue): string {
  switch (code) {
    case 'invalid_type':
      return `there, as ${String(expected)}`;
    case 'invalid_format':
      return format === 'datetime' ? 'a moment with its offset (2026-11-20T09:42:00+01:00)' : `a ${String(format)}`;
    case 'invalid_value':
      return `one of ${(values ?? []).map(String).join(', ')}`;
    case 'too_small':
      return `${String(minimum)} long at least`;
    case 'too_big':
      return `${String(maximum)} long at most`;
    default:
      return 'as the contract has it';
  }
}

/** A text as JSON; undefined where it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const causeOf = (thrown: unknown): string => {
  const {name, cause} = thrown as Error & {cause?: {code?: string}};
  return name === 'TimeoutError' ? 'it took too long' : (cause?.code ?? name);
};
