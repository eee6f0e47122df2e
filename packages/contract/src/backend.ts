import * as z from 'zod/mini';
import type {Action, ActionResult} from './action.js';
import type {BridgePlaces} from './bridge.js';
import type {Notice} from './notice.js';
import {momentSchema, type RecordRef} from './records.js';
import type {End, Frame, Plan, Read} from './stream.js';
import {type Subject, shownSubjectSchema} from './subject.js';

/** Who the user is and what the backend can do for them. */
export const meSchema = z.object({
  user: z.object({
    id: z.string(),
    name: z.string(),
    unit: z.optional(z.string()),
    office: z.optional(z.enum(['front', 'back', 'support'])),
  }),
  tenant: z.object({id: z.string(), name: z.string()}),
  /** `read:<resource>` and `act:<action type>`, e.g. `act:note.create`; `live`; `break-glass`. */
  capabilities: z.array(z.string()),
  purposes: z.array(z.object({id: z.string(), label: z.string()})),
  /** With the capability `break-glass`: for how many minutes the glass is broken, and who is told of it. */
  breakGlass: z.optional(z.object({minutes: z.number(), told: z.optional(z.string())})),
});
/** See {@link meSchema}. */
export type Me = z.infer<typeof meSchema>;

/** A context: one tenant, one user, one subject; immutable, never reused. The id alone grants nothing. */
export const openedContextSchema = z.object({
  contextId: z.string().check(z.minLength(1)),
  subject: shownSubjectSchema,
  openedAt: momentSchema,
  expiresAt: momentSchema,
  /** The glass was broken for it: it opens more, it ends soon, and somebody is told. */
  breakGlass: z.optional(z.boolean()),
  /**
   * Opaque handle of the subject for this user, the same in each of the user's contexts of it: `{type: 'ref', value: handle}`
   * opens it again, without its number. Optional; without it a context that is over can only be opened anew by the host.
   */
  handle: z.optional(z.string()),
  /** Where live notices of this context begin: nothing between opening and listening is missed. */
  cursor: z.optional(z.string()),
});
/** See {@link openedContextSchema}. */
export type OpenedContext = z.infer<typeof openedContextSchema>;

/** Body of `POST /v1/contexts`: the one place where a CPR number leaves the browser. */
export interface OpenContextRequest {
  readonly subject: Subject;
  readonly purpose?: string;
  readonly reason?: string;
  /** Opens what is closed to the user, for a while, for the `reason`, and not unnoticed. */
  readonly breakGlass?: true;
}

/** A document's bytes. */
export interface Content {
  readonly mediaType: string;
  readonly name?: string;
  readonly bytes: Uint8Array;
}

/** The messages of a read: plan first, then frames as sources answer, then End. */
export interface MessageStream extends AsyncIterable<Plan | Frame | End> {
  /** The same, and what came at one time in one piece: it is shown at one time. Optional; read one of the two. */
  readonly together?: AsyncIterable<readonly (Plan | Frame | End)[]>;
}

/**
 * The port between windows and a backend. `httpBackend` speaks it over HTTP, `functionBackend` wraps a vendor's own
 * functions, `korsbaekBackend` is a synthetic municipality.
 *
 * Every method rejects with a {@link ProblemError}; an aborted call rejects with an `AbortError`.
 */
export interface Backend {
  me(options: {signal: AbortSignal}): Promise<Me>;
  openContext(
    subject: Subject,
    options: Omit<OpenContextRequest, 'subject'> & {signal: AbortSignal},
  ): Promise<OpenedContext>;
  /** Adopts a context that somebody else opened for the same user (`provider.setContext`). Optional. */
  adoptContext?(contextId: string, options: {signal: AbortSignal}): Promise<OpenedContext>;
  closeContext(contextId: string): Promise<void>;
  /** Items are as the backend gave them: the reader validates. */
  read(contextId: string, reads: readonly Read[], options: {signal: AbortSignal}): MessageStream;
  act(contextId: string, action: Action, options: {signal: AbortSignal}): Promise<ActionResult>;
  content(contextId: string, ref: RecordRef, options: {signal: AbortSignal}): Promise<Content>;
  /**
   * Notices until the signal aborts or the line breaks; the caller reconnects with the last cursor. `onOpen` is called
   * once the line stands, before the first notice.
   */
  live(options: {
    contexts: readonly string[];
    lastEventId?: string;
    signal: AbortSignal;
    onOpen?: () => void;
  }): AsyncIterable<Notice>;
  /** Where this user's bridges to other tabs and programs are. Optional: without it there are none. */
  bridge?(options: {signal: AbortSignal}): Promise<BridgePlaces>;
}
