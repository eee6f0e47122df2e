import {SourceProblem} from '../connector.js';
import {badAnswer, fault, ofConnection, ofStatus} from '../http/answer-problems.js';
import type {Credentials} from '../http/credentials.js';
import {
  type Agents,
  type Budget,
  ConnectionFault,
  collected,
  type OpenExchange,
  opened,
} from '../http/http-exchange.js';
import {portionsOf} from '../turns.js';
import {type XmlElement, XmlFault, XmlReader} from '../xml.js';
import {
  bodyOf,
  envelopeOf,
  faultOf,
  isSoap,
  isXml,
  messageHeaders,
  type SoapFault,
  type SoapMessage,
  type SoapVersion,
} from './envelope.js';
import {ofFault, ofXml, TokenRefused} from './problems.js';

/** A name in a namespace. */
export interface QualifiedName {
  readonly namespace: string;
  readonly name: string;
}

/** What is asked, and what may be answered. */
export interface SoapQuestion extends SoapMessage {
  /** What the body of the answer must be. */
  readonly answer: QualifiedName;
  /** Elements directly in the answer that are given one by one while it is read, and not held. */
  readonly records?: readonly QualifiedName[];
  /** Looks at what stands before the first record, and at the whole answer. Throws where it cannot be used. */
  readonly check?: (answer: XmlElement) => void;
  /** What a fault means, where it means something here: e.g. that there is nobody. */
  readonly fault?: (fault: SoapFault) => Error | undefined;
}

const maxDepth = 40;
/** Of what is held at a time: a record, or an answer without its records. */
const maxElements = 200_000;
const maxHeld = 16_000_000;
const retriesOfOneQuestion = 2;
/** Of an answer that is looked at before it is read, and so held. */
const mostChecked = 32_000_000;
/** A fault longer than this is none that anybody reads. */
const faultBytes = 1_000_000;

const isNamed = (element: XmlElement | undefined, {namespace, name}: QualifiedName): boolean =>
  element !== undefined && element.name === name && element.namespace === namespace;

/** A message on its way. */
export interface OutgoingMessage {
  readonly text: string;
  /** Looks at an answer before anything of it is read, where it has to. Rejects with a SourceProblem where it is not to be believed. */
  readonly check?: (answer: Buffer) => Promise<void>;
  /** The token in it was refused. Says whether it is worth asking once more, with another. */
  refused(): boolean;
}

/** What is done to messages before they go out. */
export interface MessageSecurity {
  outgoing(message: SoapMessage, signal: AbortSignal): Promise<OutgoingMessage>;
}

/** Nothing is done to messages. */
export const plainMessages = (version: SoapVersion): MessageSecurity => ({
  outgoing: (message) => Promise.resolve({text: envelopeOf(version, message), refused: () => false}),
});

/** Asks one SOAP service: with its credentials, within limits, and reads its answers while they come. */
export class SoapClient {
  private readonly parts: {
    readonly endpoint: URL;
    readonly version: SoapVersion;
    readonly agents: Agents;
    readonly credentials: Credentials;
    readonly security: MessageSecurity;
    readonly maxBytes: number;
    readonly timeoutMs: number;
    readonly newId: () => string;
    readonly log: (message: string, more: object) => void;
  };

  constructor(parts: SoapClient['parts']) {
    this.parts = parts;
  }

  /**
   * Gives the records of an answer, those that have come at a time together, and at the end the answer without them.
   *
   * @param question - made with the id of the request, by which the service's operators find it.
   * @throws SourceProblem for a fault, and for everything that is not the answer. Records that were given before stand.
   */
  async *ask(
    question: (requestId: string) => SoapQuestion,
    signal: AbortSignal,
  ): AsyncGenerator<readonly XmlElement[], XmlElement> {
    const {maxBytes, timeoutMs, newId, log} = this.parts;
    const requestId = newId();
    const timeout = AbortSignal.timeout(timeoutMs);
    const either = AbortSignal.any([signal, timeout]);
    try {
      return yield* this.answered(question(requestId), {bytes: maxBytes, retries: retriesOfOneQuestion}, either);
    } catch (thrown) {
      signal.throwIfAborted();
      const problem = timeout.aborted ? fault('timeout', 'timeout', 'The source did not answer in time') : thrown;
      if (problem instanceof SourceProblem)
        log('a request failed', {request: requestId, status: problem.status, detail: problem.problem.detail});
      throw problem;
    }
  }

  /** Asks for an answer without records. */
  async answer(question: (requestId: string) => SoapQuestion, signal: AbortSignal): Promise<XmlElement> {
    const answers = this.ask(question, signal);
    for (;;) {
      const step = await answers.next();
      if (step.done) return step.value;
    }
  }

  private async *answered(
    question: SoapQuestion,
    budget: Budget,
    signal: AbortSignal,
  ): AsyncGenerator<readonly XmlElement[], XmlElement> {
    for (let renewed = false; ; renewed = true) {
      const message = await this.parts.security.outgoing(question, signal);
      try {
        return yield* this.answerTo(message, question, budget, signal);
      } catch (thrown) {
        if (renewed || !(thrown instanceof TokenRefused) || !message.refused()) throw thrown;
      }
    }
  }

  private async *answerTo(
    message: OutgoingMessage,
    question: SoapQuestion,
    budget: Budget,
    signal: AbortSignal,
  ): AsyncGenerator<readonly XmlElement[], XmlElement> {
    const exchange = await this.opened(message, question, budget, signal);
    try {
      const {status} = exchange;
      if (status >= 300 && status < 400) throw badAnswer(`The source redirects (HTTP ${status})`);
      if (status === 401) throw new TokenRefused(ofStatus(exchange).message);
      // Faults come with HTTP 500, in SOAP 1.2 also with 400.
      const mayBeFault = status === 500 || status === 400;
      if (status !== 200 && !mayBeFault) throw ofStatus(exchange);
      if (!isXml(exchange))
        throw mayBeFault ? ofStatus(exchange) : badAnswer('The source answered with something else than SOAP');
      if (mayBeFault) budget.bytes = Math.min(budget.bytes, faultBytes);
      const chunks = message.check ? checked(exchange.chunks, message.check, {budget, signal}) : exchange.chunks;
      return yield* read(chunks, question, budget.bytes, status);
    } catch (thrown) {
      throw thrown instanceof XmlFault ? ofXml(thrown) : thrown;
    } finally {
      exchange.discard();
    }
  }

  /** An answer that has begun, after renewed credentials where they are refused. */
  private async opened(
    {text: body}: OutgoingMessage,
    question: SoapQuestion,
    budget: Budget,
    signal: AbortSignal,
  ): Promise<OpenExchange> {
    const {endpoint, version, agents, credentials} = this.parts;
    for (let renewed = false; ; ) {
      const given = await credentials.headers(signal);
      const headers = {...messageHeaders(version, question), ...given};
      const exchange = await opened({method: 'POST', url: endpoint, headers, body}, agents, budget, signal).catch(
        (thrown: unknown) => {
          if (!(thrown instanceof ConnectionFault)) throw thrown;
          if (!thrown.stale || budget.retries-- <= 0) throw ofConnection(thrown);
          return undefined;
        },
      );
      if (exchange?.status === 401 && !renewed && credentials.renewed(given)) {
        exchange.discard();
        renewed = true;
      } else if (exchange) return exchange;
    }
  }
}

/** Gives an answer on when all of it has come and was looked at. */
async function* checked(
  chunks: AsyncIterable<Buffer>,
  check: (answer: Buffer) => Promise<void>,
  {budget, signal}: {readonly budget: Budget; readonly signal: AbortSignal},
): AsyncGenerator<Buffer> {
  budget.bytes = Math.min(budget.bytes, mostChecked);
  const answer = await collected(chunks);
  await check(answer);
  for await (const part of portionsOf(answer.length, (from, to) => answer.subarray(from, to))) {
    signal.throwIfAborted();
    yield part;
  }
}

async function* read(
  chunks: AsyncIterable<Uint8Array>,
  {answer, records = [], check, fault: meaning}: SoapQuestion,
  maxBytes: number,
  status: number,
): AsyncGenerator<readonly XmlElement[], XmlElement> {
  let ready: XmlElement[] = [];
  let isChecked = false;
  const reader = new XmlReader({maxBytes: maxBytes + 1, maxDepth, maxElements, maxHeld}, (element, parents) => {
    if (parents.length !== 3 || !records.some((record) => isNamed(element, record))) return false;
    if (!isChecked) {
      const [envelope, body, holder] = parents;
      if (!isSoap(envelope, 'Envelope') || !isSoap(body, 'Body') || !isNamed(holder, answer) || status !== 200)
        throw badAnswer('The source answered with something else than was asked for');
      check?.(holder!);
      isChecked = true;
    }
    ready.push(element);
    return true;
  });
  for await (const chunk of chunks) {
    reader.write(chunk);
    if (ready.length === 0) continue;
    yield ready;
    ready = [];
  }
  const body = bodyOf(reader.end());
  const found = body && faultOf(body);
  if (found) throw meaning?.(found) ?? ofFault(found);
  if (!body || !isNamed(body, answer) || status !== 200)
    throw badAnswer('The source answered with something else than was asked for');
  check?.(body);
  return body;
}
