import type {Content, Problem, RecordRef, Subject} from '@bsp/contract';
import type * as z from 'zod/mini';

/** What a connector is asked to read. */
export interface ConnectorRead {
  /** The subject by its real number: connectors run on the server. */
  readonly subject: Subject;
  readonly resource: string;
  /** Where the last page's `next` left off. */
  readonly cursor?: string;
  readonly user: {readonly id: string; readonly name: string; readonly unit?: string | undefined};
  /** Aborts at the deadline, and when nobody waits any more. */
  readonly signal: AbortSignal;
}

/**
 * One page of one source's answer.
 *
 * `about` is the subject as the *answer* names it, never copied from the question: the gateway drops an answer about
 * somebody else (DESIGN §5.3). A source that found nobody gives a page without items and the subject it searched for.
 *
 * Items are contract records with these freedoms, which the gateway resolves before anything leaves it: `ref.source` may
 * be left empty (the gateway fills in the source's id); an id may contain a CPR number (the gateway makes it opaque); and
 * wherever the contract has an opaque handle `{type: 'ref'}` or a `masked` number, a connector gives
 * `subject: {type: 'cpr', value}` and no `masked` (the gateway mints the handle and masks).
 */
export interface SourcePage {
  readonly about: Subject;
  readonly items: readonly unknown[];
  /** Cursor of the next page that the caller may ask for later. */
  readonly next?: string;
  /** The source's data time, RFC 3339. */
  readonly asOf?: string;
  /** Records that could not be read. */
  readonly invalid?: number;
}

/** What {@link Connector.reveal} answers. */
export interface ConnectorRevealed {
  readonly value?: string;
  readonly lines?: readonly string[];
}

/** The document that a post status is about. */
export interface SentDocument {
  readonly subject: Subject;
  readonly ref: RecordRef;
  readonly title: string;
  readonly case?: {readonly ref: RecordRef; readonly title?: string};
}

/** Identifiers that a post status carries instead of a CPR number. */
export interface MessageIds {
  readonly transmissionId?: string;
  readonly messageUuid?: string;
  readonly messageId?: string;
}

/** An event as an intake hands it to the gateway. */
export interface IncomingEvent {
  /** BeskedId or the like: an event is shown once per id. */
  readonly id: string;
  readonly type: string;
  readonly title: string;
  readonly text?: string;
  readonly occurredAt: string;
  /** Whom it concerns, where the message says so; else {@link IncomingEvent.message} is to be joined. */
  readonly subject?: Subject;
  readonly message?: MessageIds;
  readonly about?: {readonly kind: string; readonly ref: RecordRef; readonly title?: string};
  readonly delivery?: {
    readonly channel?: string;
    readonly state: 'sent' | 'delivered' | 'failed' | 'unknown';
    readonly native: string;
    readonly error?: {readonly code?: string; readonly text?: string};
  };
}

/** Takes messages pushed by a source system over HTTP. */
export interface Intake {
  readonly path: string;
  readonly maxBytes: number;
  /**
   * Parses one message and hands its events to `keep`, which resolves when they are committed. Answers the sender in its
   * own format; bad input gets that format's error answer, never a throw.
   */
  handle(body: Uint8Array, keep: (event: IncomingEvent) => Promise<'kept' | 'duplicate'>): Promise<IntakeAnswer>;
}

/** What an intake says to the sender. */
export interface IntakeAnswer {
  readonly status: number;
  readonly mediaType: string;
  readonly body: string;
  /** For the operational log: no person data. */
  readonly outcome: string;
}

/** A connection to one source system. */
export interface Connector {
  /** The contract's resources that it can read, by name. Empty for a pure intake. */
  readonly resources: readonly string[];
  /** Yields pages as they come. Throws {@link SourceProblem} for what the source answered badly. */
  read(read: ConnectorRead): AsyncIterable<SourcePage>;
  /** The protected address of a person's record, where {@link read} left it out. */
  reveal?(subject: Subject, ref: RecordRef, field: 'cpr' | 'address', signal: AbortSignal): Promise<ConnectorRevealed>;
  /** A document's bytes; undefined when there are none. */
  content?(subject: Subject, ref: RecordRef, signal: AbortSignal): Promise<Content | undefined>;
  /** Finds the document that a post status is about. */
  findSentDocument?(ids: MessageIds, signal: AbortSignal): Promise<SentDocument | undefined>;
  readonly intake?: Intake;
  close?(): Promise<void>;
}

/** What a connector gets besides its config. */
export interface ConnectorEnvironment {
  readonly sourceId: string;
  readonly sourceName: string;
  /** Where relative paths in the config start. */
  readonly configDirectory: string;
  readonly log: {info(message: string, more?: object): void; warn(message: string, more?: object): void};
  /** The clock, where it is not the machine's. */
  readonly now?: () => Date;
}

/** The module that a source's `connector` names: `@bsp/sources/<name>`, or any module specifier with this as default export. */
export interface ConnectorModule<C = unknown> {
  /** What the source's config entry must hold besides the gateway's own keys. */
  readonly configSchema: z.ZodMiniType<C>;
  create(config: C, environment: ConnectorEnvironment): Promise<Connector>;
}

/** Thrown by a connector when its source answered with an error or nonsense. */
export class SourceProblem extends Error {
  readonly status: 'forbidden' | 'timeout' | 'unavailable' | 'invalid';
  readonly problem: Problem;
  constructor(status: SourceProblem['status'], problem: Problem) {
    super(problem.title);
    this.name = 'SourceProblem';
    this.status = status;
    this.problem = problem;
  }
}
