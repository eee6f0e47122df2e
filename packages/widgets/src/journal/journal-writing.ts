import {type ActionResult, type Draft, type DraftSave, type Problem, type ProblemCode, problemOf} from '@bsp/contract';
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
  /** Its draft would take the place of one that it has not seen. */
  readonly conflicted: (writing: Writing) => void;
}

/**
 * `editing`: the user writes · `sending`: locked until the answer · `uncertain`: sent, and nobody knows whether it was kept;
 * locked, and a retry repeats exactly what was sent · `done`: kept, or discarded by the user.
 */
export type WritingPhase = 'editing' | 'sending' | 'uncertain' | 'done';

/**
 * `none`: nothing to keep · `never`: the backend keeps no drafts · `unsaved` · `saving` · `saved` · `failed` ·
 * `too-large`: not kept until it is shorter · `conflict`: the draft was changed, used or discarded elsewhere; nothing is kept
 * until the user says which of the two counts.
 */
export type DraftState = 'none' | 'never' | 'unsaved' | 'saving' | 'saved' | 'failed' | 'too-large' | 'conflict';

/** An attempt to keep a draft, or to discard it where the content is null. A retry repeats it as it was. */
interface DraftAttempt {
  readonly key: string;
  readonly payload: DraftSave;
}

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
/** What nobody knows the outcome of is sent again by itself after this long, then after twice as long, up to the most. */
const resolveMs = 4_000;
const mostResolveMs = 120_000;

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
  /** What the backend holds of it, as JSON. */
  #kept: string | undefined;
  /** Version of the draft that this one has made or seen; undefined: there was none. */
  #version: string | undefined;
  /** Nobody knows what came of this attempt. */
  #lost: DraftAttempt | undefined;
  #resolving: ReturnType<typeof setTimeout> | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param draft - it goes on where that one stopped. */
  constructor(kind: WritingKind, session: Session, listener: WritingListener, fields: WritingFields, draft?: Draft) {
    this.kind = kind;
    this.#session = session;
    this.#listener = listener;
    const {sent, ...drafted} = draft?.content ?? {};
    this.#fields = {...fields, ...drafted};
    // Where it was not sent it gets a key of its own: another window may still send its text under the old one.
    this.#key = (sent && draft?.key) || randomKey();
    if (sent) this.#phase = 'uncertain';
    if (draft) {
      this.#savedAt = draft.savedAt;
      this.#version = draft.version;
      this.#draft = 'saved';
      if (sent) this.#kept = this.#json(this.#content);
      else void this.keep();
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
    return this.#version !== undefined;
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
    if (before === 'conflict') return;
    // That it is not kept stands until it is: a screen reader would hear it anew for each letter and each attempt.
    if (before !== 'failed')
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

  /** Sends the draft in this very task, because the Session ends in it. Not beside an attempt that nobody knows the end of. */
  keepAtOnce(): void {
    if (this.#canKeep && !this.#lost) void this.#keep();
  }

  /** What the last attempt failed for is mended. */
  goOn(): void {
    this.#problem = undefined;
    this.#listener.changed();
  }

  /** Ends a conflict: it takes the place of the draft that is there, or of none. */
  async insist(there: Draft | undefined): Promise<boolean> {
    this.#version = there?.version;
    // The other one's key is another text's, or used up.
    this.#key = randomKey();
    this.#draft = 'unsaved';
    return this.keep();
  }

  /** Ends a conflict: the other draft counts. */
  giveUp(): void {
    this.#phase = 'done';
    this.#leave();
    this.#forget();
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
    const problem = await this.#perform();
    clearTimeout(impatience);
    if (problem && attempt === this.#attempt && this.phase === 'sending')
      this.#fail(problem, !(uncertain ? judged : certain).has(problem.code));
  }

  /** The user does not want it. */
  discard(): void {
    if (this.#phase === 'sending') return;
    this.#end({});
  }

  /** Resolves to what went wrong. An attempt that had been given up may still succeed: it is kept all the same. */
  async #perform(): Promise<Problem | undefined> {
    try {
      const result = await this.#session.act(this.kind.action, this.kind.payload(this.#fields), {key: this.#key});
      if (this.#phase !== 'done') this.#end({result});
      return undefined;
    } catch (thrown) {
      return problemFrom(thrown);
    }
  }

  /** Sends again what nobody knows the outcome of: the key keeps it from being done twice. */
  #resolve(ms: number): void {
    clearTimeout(this.#resolving);
    this.#resolving = setTimeout(async () => {
      const attempt = this.#attempt;
      const problem = await this.#perform();
      if (!problem || this.#phase !== 'uncertain' || attempt !== this.#attempt) return;
      if (judged.has(problem.code)) this.#fail(problem, false);
      else if (problem.code !== 'context-closed') this.#resolve(Math.min(ms * 2, mostResolveMs));
    }, ms);
  }

  get #canKeep(): boolean {
    return this.#session.me?.capabilities.includes('act:draft.save') === true;
  }

  get #content(): WritingFields {
    const locked = this.#phase === 'sending' || this.#phase === 'uncertain';
    return {...this.#fields, ...(locked ? {sent: '1'} : {})};
  }

  #json(content: WritingFields): string {
    return JSON.stringify([this.#key, content]);
  }

  async #keep(): Promise<boolean> {
    if (this.#phase === 'done') return true;
    if (this.#draft === 'conflict') return false;
    const content = this.unsent ? this.#content : null;
    const json = content ? this.#json(content) : undefined;
    if (json !== this.#kept) {
      if (this.#draft !== 'failed') this.#say('saving');
      try {
        await this.#store(content);
        this.#kept = json;
      } catch (thrown) {
        return this.#notKept(problemFrom(thrown).code);
      }
    }
    if (this.phase === 'done') return true;
    // Letters that came meanwhile have a timer of their own.
    const current = this.#json(this.#content) === json;
    this.#say(this.unsent ? (current ? 'saved' : 'unsaved') : 'none');
    return current || !this.unsent;
  }

  /** After what was lost: only then is it known what there is to take the place of. */
  async #store(content: WritingFields | null): Promise<void> {
    if (this.#lost) await this.#put(this.#lost);
    const payload = {
      window: this.kind.draft,
      content,
      key: this.#key,
      ...(this.#version === undefined ? {} : {over: this.#version}),
    };
    await this.#put({key: randomKey(), payload});
  }

  async #put(attempt: DraftAttempt): Promise<void> {
    this.#lost = attempt;
    try {
      const {at} = await this.#session.act('draft.save', attempt.payload, {key: attempt.key});
      this.#savedAt = at;
      this.#version = attempt.payload.content ? attempt.key : undefined;
      this.#lost = undefined;
    } catch (thrown) {
      const {code} = problemFrom(thrown);
      if (code === 'conflict' || certain.has(code)) this.#lost = undefined;
      throw thrown;
    }
  }

  #notKept(code: ProblemCode): false {
    if (this.#phase === 'done' || this.#session.signal.aborted) return false;
    if (code === 'conflict' && this.#phase === 'editing') {
      this.#say('conflict');
      this.#listener.conflicted(this);
    } else if (code === 'conflict') {
      this.#say('failed');
      // It may be done already.
      if (this.#phase === 'uncertain') this.#resolve(0);
    } else if (code === 'too-large') this.#say('too-large');
    else {
      this.#say('failed');
      this.#later(draftRetryMs);
    }
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
    if (uncertain && !this.#session.signal.aborted) this.#resolve(resolveMs);
    this.#listener.settled(this, {problem});
    void this.keep();
  }

  #end(end: {result?: ActionResult}): void {
    this.#set('done');
    this.#leave();
    this.#fields = {};
    void this.#queue.then(async () => {
      // The backend has dropped it with its action, if it was one.
      if (this.#lost ?? this.#version) await this.#store(null).catch(() => undefined);
    });
    this.#listener.settled(this, end);
  }

  #leave(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#resolving);
    this.#session.signal.removeEventListener('abort', this.#forget);
  }

  /** The person is gone, or the text is no longer needed. */
  readonly #forget = (): void => {
    clearTimeout(this.#timer);
    clearTimeout(this.#resolving);
    this.#fields = {};
    this.#kept = undefined;
    this.#lost = undefined;
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
