import {type ActionResult, type Draft, type Problem, type ProblemCode, problemOf} from '@bsp/contract';
import {problemFrom, randomKey, type Session} from '@bsp/core';

/** What is being written: a note or an addendum. Everything is text, so that a draft can hold it. */
export type WritingFields = Record<string, string>;

/** What tells one kind of writing from another. */
export interface WritingKind {
  readonly action: 'note.create' | 'note.addendum';
  /** The name that its draft is kept under. */
  readonly draft: string;
  /** Whether there is anything that would be missed. */
  readonly hasText: (fields: WritingFields) => boolean;
  /** The same fields always give the same payload: a retry must repeat what was sent. */
  readonly payload: (fields: WritingFields) => unknown;
}

/** Whom a writing tells. */
export interface WritingListener {
  /** Something that shows has changed. */
  readonly changed: () => void;
  /** An attempt has come to its end; a result means that it is done. */
  readonly settled: (writing: Writing, end: {result?: ActionResult; problem?: Problem}) => void;
  /** Whether a draft may be kept now without overwriting another one. */
  readonly mayKeep: (writing: Writing) => boolean;
}

/**
 * `editing`: the user writes · `sending`: locked until the answer · `uncertain`: sent, and nobody knows whether it was kept;
 * locked, and a retry repeats exactly what was sent · `done`: kept, or discarded by the user.
 */
export type WritingPhase = 'editing' | 'sending' | 'uncertain' | 'done';

/**
 * `none`: nothing to keep · `never`: the backend keeps no drafts · `unsaved` · `saving` · `saved` · `failed`.
 */
export type DraftState = 'none' | 'never' | 'unsaved' | 'saving' | 'saved' | 'failed';

/** Refusals by which a backend says for certain that it did nothing with what was sent. All else leaves it open. */
const certain: ReadonlySet<ProblemCode> = new Set([
  'invalid-request',
  'invalid-subject',
  'unauthorized',
  'forbidden',
  'needs-purpose',
  'not-found',
  'not-applicable',
  'context-closed',
  'foreign-item',
  'key-reused',
  'too-large',
  'rate-limited',
]);

/** Of those, what judges the payload itself: that holds for an earlier attempt with the same payload too. */
const judged: ReadonlySet<ProblemCode> = new Set(['invalid-request', 'key-reused', 'too-large']);

/** A draft is kept at most this long after a change, and tried again this long after a failure. */
const draftDelayMs = 1500;
const draftRetryMs = 5000;
/** After this long without an answer the user may try again; an answer that comes later still counts. */
const patienceMs = 30_000;

/**
 * One text on its way to the journal: never lost, never sent twice. It knows nothing of the screen.
 *
 * Its key is made before the first letter and kept with the draft until the outcome is known. Whatever was sent stays as it
 * is until the backend has said what came of it, so that a retry has the same key and the same payload.
 */
export class Writing {
  readonly kind: WritingKind;
  readonly #session: Session;
  readonly #listener: WritingListener;
  #fields: WritingFields;
  #key: string;
  #phase: WritingPhase = 'editing';
  #problem: Problem | undefined;
  #attempt = 0;
  #draft: DraftState = 'none';
  #savedAt: string | undefined;
  /** What the backend holds of it, as JSON; undefined: nothing. */
  #kept: string | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param draft - it goes on where that one stopped. */
  constructor(
    kind: WritingKind,
    session: Session,
    listener: WritingListener,
    fields: WritingFields,
    draft?: Pick<Draft, 'content' | 'savedAt'>,
  ) {
    this.kind = kind;
    this.#session = session;
    this.#listener = listener;
    const {key = '', sent, ...drafted} = draft?.content ?? {};
    this.#fields = {...fields, ...drafted};
    this.#key = key.length >= 8 && key.length <= 100 ? key : randomKey();
    if (sent) this.#phase = 'uncertain';
    if (draft) {
      this.#savedAt = draft.savedAt;
      this.#kept = JSON.stringify(this.#content);
      this.#draft = 'saved';
    }
    session.signal.addEventListener('abort', this.#forget, {once: true});
  }

  get fields(): Readonly<WritingFields> {
    return this.#fields;
  }
  get phase(): WritingPhase {
    return this.#phase;
  }
  /** Why the last attempt did not succeed. */
  get problem(): Problem | undefined {
    return this.#problem;
  }
  get draft(): DraftState {
    return this.#draft;
  }
  /** When the backend kept the draft last. */
  get savedAt(): string | undefined {
    return this.#savedAt;
  }
  /** This writing has a draft in the backend, or is one. */
  get owns(): boolean {
    return this.#kept !== undefined;
  }
  /** Something would be missed: text that was not sent, or that nobody knows about. */
  get unsent(): boolean {
    return this.#phase !== 'done' && (this.#phase !== 'editing' || this.kind.hasText(this.#fields));
  }

  /** Changes what is written. Nothing changes while it is locked. */
  edit(change: WritingFields): void {
    if (this.#phase !== 'editing') return;
    this.#fields = {...this.#fields, ...change};
    const before = this.#draft;
    this.#draft = this.#canKeep ? (this.kind.hasText(this.#fields) ? 'unsaved' : 'none') : 'never';
    this.#later(draftDelayMs);
    if (before !== this.#draft) this.#listener.changed();
  }

  /** Keeps the draft now. Resolves to whether the backend has what is written. */
  async keep(): Promise<boolean> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#canKeep) return false;
    const kept = this.#queue.then(() => this.#keep());
    this.#queue = kept;
    return kept;
  }

  /** Sends it, or sends it again. Does nothing while an answer is awaited. */
  async send(): Promise<void> {
    if (this.#phase === 'sending' || this.#phase === 'done') return;
    const uncertain = this.#phase === 'uncertain';
    const attempt = ++this.#attempt;
    this.#set('sending');
    void this.keep();
    const impatience = setTimeout(() => {
      if (attempt === this.#attempt && this.phase === 'sending')
        this.#fail(problemOf('timeout', 'No answer yet.'), true);
    }, patienceMs);
    try {
      const result = await this.#session.act(this.kind.action, this.kind.payload(this.#fields), {key: this.#key});
      // An attempt that had been given up may still answer: the note is kept all the same.
      if (this.phase !== 'done') this.#end({result});
    } catch (thrown) {
      const problem = problemFrom(thrown);
      if (attempt === this.#attempt && this.phase === 'sending')
        this.#fail(problem, !(uncertain ? judged : certain).has(problem.code));
    } finally {
      clearTimeout(impatience);
    }
  }

  /** The user does not want it. */
  discard(): void {
    if (this.#phase !== 'sending') this.#end({});
  }

  get #canKeep(): boolean {
    return this.#session.me?.capabilities.includes('act:draft.save') === true;
  }

  get #content(): WritingFields {
    const locked = this.#phase === 'sending' || this.#phase === 'uncertain';
    return {...this.#fields, key: this.#key, ...(locked ? {sent: '1'} : {})};
  }

  async #keep(): Promise<boolean> {
    if (this.#phase === 'done') return true;
    const content = this.unsent ? this.#content : null;
    const json = content ? JSON.stringify(content) : undefined;
    if (json !== this.#kept) {
      if (!this.#listener.mayKeep(this)) return this.#notKept();
      this.#say('saving');
      try {
        const {at} = await this.#session.act('draft.save', {window: this.kind.draft, content});
        this.#kept = json;
        this.#savedAt = at;
      } catch {
        return this.#notKept();
      }
    }
    if (this.phase === 'done') return true;
    // Letters that came meanwhile have a timer of their own.
    const current = JSON.stringify(this.#content) === json;
    this.#say(this.unsent ? (current ? 'saved' : 'unsaved') : 'none');
    return current || !this.unsent;
  }

  #notKept(): false {
    if (this.#phase === 'done' || this.#session.signal.aborted) return false;
    this.#say('failed');
    this.#later(draftRetryMs);
    return false;
  }

  #later(ms: number): void {
    this.#timer ??= setTimeout(() => void this.keep(), ms);
  }

  #fail(problem: Problem, uncertain: boolean): void {
    // What was certainly not kept gets a new key: the old one belongs to a payload that may now change.
    if (!uncertain) this.#key = randomKey();
    this.#problem = problem;
    this.#set(uncertain ? 'uncertain' : 'editing');
    this.#listener.settled(this, {problem});
    void this.keep();
  }

  #end(end: {result?: ActionResult}): void {
    clearTimeout(this.#timer);
    this.#set('done');
    this.#session.signal.removeEventListener('abort', this.#forget);
    this.#forget();
    void this.#queue.then(() =>
      this.#kept === undefined
        ? undefined
        : // A draft that outlives its note does no harm: it has the note's key.
          this.#session.act('draft.save', {window: this.kind.draft, content: null}).catch(() => undefined),
    );
    this.#listener.settled(this, end);
  }

  /** The person is gone, or the text is no longer needed. */
  readonly #forget = (): void => {
    clearTimeout(this.#timer);
    this.#fields = {};
    this.#kept &&= '';
  };

  #set(phase: WritingPhase): void {
    this.#phase = phase;
    if (phase === 'sending') this.#problem = undefined;
    this.#listener.changed();
  }

  #say(draft: DraftState): void {
    this.#draft = draft;
    this.#listener.changed();
  }
}
