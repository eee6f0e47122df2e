import type {Content, HitKind, Note, Problem, RecordRef, SearchTerm, Sensitivity, Subject} from '@bsp/contract';
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
 * somebody else. A source that found nobody gives a page without items and the subject it searched for.
 *
 * Items are contract records with these freedoms, which the gateway resolves before anything leaves it: `ref.source` may
 * be left empty (the gateway fills in the source's id); an id may contain a CPR number (the gateway makes it opaque); and
 * wherever the contract has an opaque handle `{type: 'ref'}` or a `masked` number, a connector gives
 * `subject: {type: 'cpr', value}` and no `masked` (the gateway mints the handle and masks). Under `access` an item of cases,
 * documents, grants and payments may hold its {@link RecordAccess}, which never leaves the gateway; so may each of a document's
 * `cases`, of which then only those are named that may be seen.
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

/** What a connector is asked to find. */
export interface ConnectorSearch {
  /** A whole number, or words: of a name, or the number of a case. See `nameSearch` of the contract. */
  readonly term: SearchTerm;
  /** More hits than this are of no use. */
  readonly limit: number;
  readonly user: ConnectorRead['user'];
  /** Aborts at the deadline, and when nobody waits any more. */
  readonly signal: AbortSignal;
}

/** Somebody or something that a source has found. */
export interface SourceHit {
  readonly kind: HitKind;
  /** By its real number: the gateway makes a handle of it. A case's is its person, company or property. */
  readonly subject: Subject;
  /** A name; a case's is that of whom it is about. */
  readonly name: string;
  /** What tells it from its namesakes. */
  readonly detail?: string;
  /** Name and address are protected: the gateway shows no detail, whoever gave it. */
  readonly protected?: boolean;
  /** Of a hit of kind `case`: the record, as {@link Connector.read} gives it. */
  readonly case?: unknown;
}

/** What a source has found. */
export interface SourceHits {
  readonly hits: readonly SourceHit[];
  /** There are more than the limit. */
  readonly more?: boolean;
  /** Records that could not be read: among them may be others that were searched for. */
  readonly invalid?: number;
}

/**
 * By what it is decided who may see a record: an item's key `access`. KOMBIT, Vejledning til anvisninger for Indeksene, section
 * 12. What is left out is not known.
 */
export interface RecordAccess {
  /** CVR number of the authority that owns it (role Ejer). */
  readonly owner?: string;
  /** KLE subjects by which it is decided (role Primær klasse): one of a case, one for each benefit of a grant. */
  readonly kle?: readonly string[];
  /** UUID of the unit that has it (role Ansvarlig), in Fælleskommunalt Organisationssystem. */
  readonly unit?: string;
  /** Left out where the kind has none of its own (a payment). */
  readonly sensitivity?: Sensitivity;
  /**
   * The records that it hangs on: a document's cases, a grant's payments, a payment's grants. Empty: the source says that it
   * hangs on nothing. Left out: it has nothing to hang on (a case), or the source does not say.
   */
  readonly through?: readonly RecordAccess[];
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
  /** As beside the document where {@link Connector.read} gives it; it decides who sees title and case with the post's status. */
  readonly access?: RecordAccess;
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
export interface Intake<Incoming = IncomingEvent, Outcome extends string = 'kept' | 'duplicate'> {
  readonly path: string;
  readonly maxBytes: number;
  /**
   * Parses one message and hands what it says to `keep`, which resolves when it is committed. Answers the sender in its
   * own format; bad input gets that format's error answer, never a throw.
   */
  handle(body: Uint8Array, keep: (incoming: Incoming) => Promise<Outcome>): Promise<IntakeAnswer>;
}

/** What an intake says to the sender. */
export interface IntakeAnswer {
  readonly status: number;
  readonly mediaType: string;
  readonly body: string;
  /** For the operational log: no person data. */
  readonly outcome: string;
}

/** What a pick-up gives its messages to. */
export interface PickUpHands {
  /** Resolves when the event is committed. Rejects where it could not be: its message must stay where it is. */
  keep(event: IncomingEvent): Promise<'kept' | 'duplicate'>;
  /**
   * Keeps a message that is none, encrypted, for whoever runs the gateway to look at. Resolves when it is committed.
   * `reason` is for the operational log: no person data.
   */
  setAside(message: {readonly body: Uint8Array; readonly reason: string}): Promise<void>;
  /** Aborts when the gateway closes. */
  readonly signal: AbortSignal;
}

/** A note on its way out, with its case's reference as the source gave it. An addendum goes as a note of its own. */
export interface OutgoingNote
  extends Pick<Note, 'occurredAt' | 'recordedAt' | 'author' | 'heading' | 'body' | 'kle' | 'case'> {
  readonly subject: Subject;
  /** For an addendum: the key with which the note that it corrects was delivered. */
  readonly addendumTo?: string;
}

/** Where a note is, in the words of SF2900's receipts: Modtaget, Afleveret, Accepteret, Afvist, Fejlet. */
export interface NoteReceipt {
  /** `accepted`, `rejected` and `failed` end the way: the first of them stands. */
  readonly state: 'received' | 'delivered' | 'accepted' | 'rejected' | 'failed';
  /** When the receiver says that it happened, RFC 3339. */
  readonly at?: string;
  /** The receiver's own words, fit to be shown. */
  readonly reason?: string;
}

/** A receipt that comes later, by {@link Connector.receipts}. */
export interface IncomingReceipt extends NoteReceipt {
  /** The key with which the note was delivered. */
  readonly key: string;
}

/** A connection to one source system. */
export interface Connector {
  /** The contract's resources that it can read, by name. Empty for a pure intake. */
  readonly resources: readonly string[];
  /** The keys that it knows anything about; left out: it may know something about each. For others it is not asked. */
  readonly subjects?: readonly Subject['type'][];
  /** Yields pages as they come. Throws {@link SourceProblem} for what the source answered badly. */
  read(read: ConnectorRead): AsyncIterable<SourcePage>;
  /** Finds subjects, and cases by their number. Left out: it is not asked. Throws {@link SourceProblem} as `read` does. */
  search?(search: ConnectorSearch): Promise<SourceHits>;
  /**
   * What `search` is asked by: words, and whole numbers by the type of their subject; left out: words, and each of `subjects`. By
   * others it is not asked, and so it is not told of as one that found nothing.
   */
  readonly searches?: readonly ('words' | Subject['type'])[];
  /** The protected address of a person's record, where {@link read} left it out. */
  reveal?(subject: Subject, ref: RecordRef, field: 'cpr' | 'address', signal: AbortSignal): Promise<ConnectorRevealed>;
  /** A document's bytes; undefined when there are none. */
  content?(subject: Subject, ref: RecordRef, signal: AbortSignal): Promise<Content | undefined>;
  /** Finds the document that a post status is about. */
  findSentDocument?(ids: MessageIds, signal: AbortSignal): Promise<SentDocument | undefined>;
  readonly intake?: Intake;
  /**
   * Fetches messages by itself, e.g. from a queue, until the signal aborts; a message is acknowledged to its sender only when
   * all of it is committed. Bridges breaks by itself. Resolves when nothing is in hand any more.
   */
  pickUp?(hands: PickUpHands): Promise<void>;
  /**
   * Hands a note to the source system. Rejects where it is not known to have arrived: it is tried again, with the same
   * `key` (1–64 letters, digits, `-`, `.`; the gateway's are 32 hexadecimal digits; an addendum that was put on its way before addenda had
   * such keys has its note's with `.` and a number), by which the receiver must know it again. A refusal is a receipt.
   */
  deliverNote?(note: OutgoingNote, options: {readonly key: string; readonly signal: AbortSignal}): Promise<NoteReceipt>;
  /** Takes the receipts that come later. `unknown`: no note was delivered with this key; the sender need not repeat it. */
  readonly receipts?: Intake<IncomingReceipt, 'kept' | 'duplicate' | 'unknown'>;
  close?(): Promise<void>;
}

/** What a term is, as {@link Connector.searches} names it. */
export const soughtBy = (term: SearchTerm): 'words' | Subject['type'] =>
  'words' in term ? 'words' : term.subject.type;

/** Whether a connector's search is asked by this. */
export const isSearchedBy = (
  {searches, subjects}: Pick<Connector, 'searches' | 'subjects'>,
  term: SearchTerm,
): boolean => {
  const by = soughtBy(term);
  return (searches ?? ['words', ...(subjects ?? [by])]).includes(by);
};

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
