import type {
  Action,
  ActionResult,
  Content,
  FrameStatus,
  Me,
  OpenContextRequest,
  Problem,
  RecordRef,
  Resource,
  ShownSubject,
  SourceName,
  Subject,
} from '@bsp/contract';

/** For what a context is opened. */
export type OpeningOptions = Omit<OpenContextRequest, 'subject'>;

/** One source of one resource, as a window sees it. */
export interface SourceView extends SourceName {
  /** `waiting` until it has answered; then how it answered last. */
  readonly status: 'waiting' | FrameStatus;
  /** How many items it has given. */
  readonly count: number;
  /** Records that could not be read, here or in the backend. */
  readonly invalid: number;
  /** The source's data time (RFC 3339). */
  readonly asOf?: string | undefined;
  readonly cached?: boolean | undefined;
  /** It holds more than it gave: see {@link ResourceStore.more}. */
  readonly next?: string | undefined;
  readonly problem?: Problem | undefined;
  /** It is being asked again while its items stand. */
  readonly refreshing: boolean;
  /** Its items are from an earlier answer, and the last attempt to renew them failed. */
  readonly stale: boolean;
}

/** An immutable picture of a resource. A new object whenever something changed. */
export interface ResourceView<T> {
  /** All items in plan order of their sources; empty while nothing has come. */
  readonly items: readonly T[];
  /** The planned sources; empty until the plan has come. */
  readonly sources: readonly SourceView[];
  /** The plan has come. */
  readonly planned: boolean;
  /** Somebody is still being waited for. */
  readonly busy: boolean;
  /** The read as a whole failed (context, network, protocol). */
  readonly problem?: Problem | undefined;
}

/** The store of one resource within one Session. */
export interface ResourceStore<T> {
  readonly view: ResourceView<T>;
  /** Calls the listener after each change; the first subscriber makes the Session read. Returns the unsubscriber. */
  subscribe(listener: () => void): () => void;
  /** Reads the resource again from every source; items stand until they are replaced. */
  reload(): void;
  /** Asks one source again. */
  refresh(sourceId: string): void;
  /** Reads on where {@link SourceView.next} says there is more. */
  more(sourceId: string): void;
}

/**
 * What a window answers before a switch: it agrees; it keeps the person, with or without a reason that the user is told; or
 * it breaks the link: the switch goes on without it, and `pin` is called in the task of the commit, before it (see
 * `SessionController.pin`).
 */
export type SurveyAnswer = 'agree' | 'stay' | {readonly stay: string} | {readonly pin: () => void};

/** Asked before a switch. It may ask the user, so it is waited for without end. */
export type SurveyParticipant = (signal: AbortSignal) => Promise<SurveyAnswer>;

/** Why a person stays. Text of somebody else's making: show it as text only, with numbers masked. */
export interface SurveyObjection {
  /** Who objects, where it gave a name. */
  readonly program?: string | undefined;
  readonly reason?: string | undefined;
}

/** What a bridge tells the windows about this person. Names are text of somebody else's making. */
export interface SessionBridge {
  /** The program that the person was chosen in, empty where it gave no name; undefined: in this page. */
  readonly broughtBy: string | undefined;
  /** Programs that show somebody else, or may. */
  readonly apart: readonly string[];
  /** The others show somebody else, and this page has not followed: it does so after all. */
  readonly follow: (() => void) | undefined;
}

/**
 * Everything about one subject: its context, stores, abort signal and writes. Made by a provider for one context, never
 * reused. Nothing about a person is kept anywhere else. Plain data and functions, so that two copies of the kit can share
 * it.
 */
export interface Session {
  /** Unique on the page; use as a render key so that no DOM state outlives a person. */
  readonly id: string;
  /** `opening` until the backend has given a context; `closed` after a switch, logout or disconnect. */
  readonly state: 'opening' | 'open' | 'failed' | 'closed';
  readonly contextId: string | undefined;
  /** Masked number and label; undefined while opening. */
  readonly subject: ShownSubject | undefined;
  /** The backend's opaque handle of the subject for this user: what a bridge tells other programs of the user. */
  readonly handle: string | undefined;
  /** The person's name, once the backend or the resource `person` has told it. */
  readonly name: string | undefined;
  readonly problem: Problem | undefined;
  /** A switch is being asked about: hide what is shown. */
  readonly veiled: boolean;
  /** The host wanted another person, and the user stayed with this one. */
  readonly kept: boolean;
  /** Why, where that was said. */
  readonly objections: readonly SurveyObjection[];
  /** Programs that were left behind when this person was opened, because they did not answer; undefined: without a name. */
  readonly cutOff: readonly (string | undefined)[];
  /** Where the page stands with the user's other programs: one for each bridge that a host has connected. */
  readonly bridges: readonly SessionBridge[];
  /** The backend has given what {@link Session.renew} needs. */
  readonly renewable: boolean;
  /** The glass was broken for this context, and when that ends (RFC 3339). Say so where the user sees it. */
  readonly glass: {readonly until: string} | undefined;
  /** Notices of changes are coming in; false while there is no live line. */
  readonly live: boolean;
  /** Aborts when the Session ends. */
  readonly signal: AbortSignal;
  /**
   * Aborts when the user is gone: after a log-out, or with the page, the provider or its backend. What outlives the Session,
   * such as what came of a write, is then forgotten too.
   */
  readonly login: AbortSignal;
  /** User and capabilities; undefined until known. */
  readonly me: Me | undefined;
  /** Calls the listener when any property above has changed. Returns the unsubscriber. */
  subscribe(listener: () => void): () => void;
  /** The store of a resource; made on first request, shared by all windows. */
  resource<T>(resource: Resource<T>): ResourceStore<T>;
  /**
   * Sends a write. Not aborted by a switch. Give `key` to repeat an earlier attempt.
   * @throws ProblemError
   */
  act(type: Action['type'], payload: unknown, options?: {key?: string}): Promise<ActionResult>;
  /** A document's bytes. @throws ProblemError */
  content(ref: RecordRef): Promise<Content>;
  /**
   * Takes part in the survey before a switch. Returns the function that leaves it.
   *
   * @param ending - called in the task in which the Session ends without having asked, or after all; an action can still be
   * sent. The last chance to keep what the user has begun.
   */
  survey(participant: SurveyParticipant, ending?: () => void): () => void;
  /**
   * Opens the context again after the backend has closed it, e.g. because it expired: the same subject by its handle, never
   * by its number. What the user has begun stands; everything is read again. A logged lookup, so it is the user's to ask
   * for. Resolves to the problem, if any.
   *
   * With options, the same subject for another purpose, or with broken glass; where that is refused, all stands as it stood.
   * Without, glass that was broken is whole again: each breaking has a reason of its own.
   */
  renew(options?: OpeningOptions): Promise<Problem | undefined>;
  /** Keeps the Session open over the next switch, for a pinned window. Returns what lets go of it. */
  hold(): () => void;
}

/**
 * How windows see a Session, e.g. without what tells who it is about. It must give the same answer for the same Session, with
 * an `id` of its own: windows are made anew when another lens is set.
 */
export type SessionLens = (session: Session) => Session;

/** What a provider tells its windows besides the Session. */
export interface Environment {
  /** Every Session that a window shows is seen through it: the page's, a pinned window's, the user's. */
  readonly lens?: SessionLens | undefined;
  /** Language of the provider, where it says one. */
  readonly lang: string | undefined;
  /** String overrides by window name, e.g. `{'case-list': {title: 'Mine sager'}}`. */
  readonly strings: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** The caseworker's own Session (subject `user`), opened when first asked for. */
  readonly userSession: () => Session | undefined;
  /** Shows another subject, as the provider's `setSubject` does. */
  readonly setSubject?: ((subject: Subject) => Promise<{readonly outcome: string}>) | undefined;
  /** Ends everything at once, as the provider's `logout` does. */
  readonly logout?: (() => void) | undefined;
}
