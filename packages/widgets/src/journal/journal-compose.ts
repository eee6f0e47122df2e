import {
  type Draft,
  draftsResource,
  journalResource,
  maskCprInText,
  type ProblemCode,
  personResource,
  type RecordRef,
  recordRefSchema,
  refKey,
} from '@bsp/contract';
import {type Formats, type ResourceStore, type Session, windowState} from '@bsp/core';
import {checkIcon, closeIcon, dialog, notice} from '@bsp/ui';
import {html, nothing, type TemplateResult} from 'lit';
import {danishClock} from './danish-clock.js';
import {composeStrings} from './journal-compose.strings.js';
import {bodyField, casesIn, grow, noteFields, type WritingForm} from './journal-fields.js';
import {addendumKind, caseText, type Field, faultsOf, noteKind, pointed, type Texts} from './journal-kinds.js';
import type {JournalTools, JournalWindow} from './journal-tools.js';
import {Writing, type WritingFields, type WritingKind} from './journal-writing.js';

export {composeStyles} from './journal-compose.styles.js';

type Answer = 'agree' | 'stay' | 'pin';

/** The question before a switch. */
interface Question {
  keeping: 'now' | 'done' | 'failed';
  /** The user has said that the person may go as soon as the draft is kept. */
  leaving: boolean;
  readonly answer: (answer: Answer) => void;
}

/** How long the question before a switch waits for the draft before it says that it is not kept. */
const keepMs = 8000;

/** What each problem is in plain words. What is missing here is a fault at the receiver. */
const sayings: Partial<
  Record<
    ProblemCode,
    keyof Texts &
      ('unauthorized' | 'forbidden' | 'foreign' | 'reused' | 'tooLarge' | 'invalid' | 'gone' | 'unreachable' | 'slow')
  >
> = {
  unauthorized: 'unauthorized',
  forbidden: 'forbidden',
  'needs-purpose': 'forbidden',
  'foreign-item': 'foreign',
  'key-reused': 'reused',
  'too-large': 'tooLarge',
  'invalid-request': 'invalid',
  'invalid-subject': 'invalid',
  'not-found': 'gone',
  'not-applicable': 'forbidden',
  unavailable: 'unreachable',
  timeout: 'slow',
};

/**
 * The forms of the journal for one Session: a note, an addendum, their drafts, the question before a switch. Loaded when the
 * user begins to write.
 */
export class JournalCompose {
  readonly #tools: JournalTools;
  readonly #window: JournalWindow;
  readonly #session: Session;
  #note: Writing | undefined;
  #addendum: Writing | undefined;
  /** Names of drafts that this Session has used up: what was read of them at first no longer holds. */
  readonly #finished = new Set<string>();
  #faults: ReadonlyMap<Field, (texts: Texts) => string> = new Map();
  #faultsOf: Writing | undefined;
  /** Whether to discard this is being asked. */
  #discarding: Writing | undefined;
  #saved: ((texts: Texts) => string) | undefined;
  #question: Question | undefined;
  #leave: (() => void) | undefined;
  #lastPerson = '';

  constructor(tools: JournalTools) {
    this.#tools = tools;
    this.#window = tools.window;
    this.#session = tools.session;
    const {signal} = tools.session;
    const keep = () => void this.#keepAll();
    document.addEventListener('visibilitychange', () => document.hidden && keep(), {signal});
    // Before the provider, which ends the Session on it.
    addEventListener('pagehide', keep, {signal, capture: true});
    addEventListener(
      'beforeunload',
      (event) => {
        if (!tools.shown || this.#unsent.every(({draft}) => draft === 'saved')) return;
        keep();
        event.preventDefault();
      },
      {signal},
    );
  }

  /** The note being written. */
  get note(): Writing | undefined {
    return this.#note;
  }

  /** Whether a draft that was read may be gone on with. */
  offers(name: string): boolean {
    const writing = name === noteKind.draft ? this.#note : this.#addendum;
    return !this.#finished.has(name) && !writing?.owns && !writing?.unsent;
  }

  /** Opens the form of a note; where there is a draft, that one. */
  writeNote(): void {
    const draft = this.#draftOf(noteKind.draft);
    if (draft && this.offers(noteKind.draft)) {
      this.resume(draft);
      return;
    }
    const chosen = casesIn(this.#window).find(({ref}) => refKey(ref) === this.#tools.caseKey);
    this.#note ??= this.#writing(noteKind, {
      heading: '',
      own: '',
      case: chosen ? caseText(chosen) : '',
      kle: chosen?.kle?.number ?? '',
      occurred: danishClock(new Date()),
      body: '',
    });
    this.#begin('#note-heading');
  }

  /** Opens the form of an addendum under its note. */
  writeAddendum(ref: RecordRef): void {
    const draft = this.#draftOf(addendumKind.draft);
    const other = this.#addendum?.unsent ? this.#addendum.fields : this.offers(addendumKind.draft) && draft?.content;
    if (other) {
      if (draft && !this.#addendum?.unsent) this.resume(draft);
      else this.#begin('#addendum-body');
      if (other.id !== ref.id || other.source !== ref.source) this.#window.announce(this.#texts.addendumOpen);
      return;
    }
    this.#addendum = this.#writing(addendumKind, {source: ref.source, id: ref.id, body: ''});
    this.#begin('#addendum-body');
  }

  /** Goes on with a draft. */
  resume(draft: Draft): void {
    if (draft.window === noteKind.draft) {
      this.#note = this.#writing(
        noteKind,
        {heading: '', own: '', case: '', kle: '', occurred: danishClock(new Date()), body: ''},
        draft,
      );
      this.#begin('#note-body');
    } else {
      this.#addendum = this.#writing(addendumKind, {source: '', id: '', body: ''}, draft);
      const {source = '', id = ''} = this.#addendum.fields;
      this.#tools.reveal({source, id});
      this.#begin('#addendum-body');
    }
  }

  /** Keeps what is unsent for a window that takes this one's place. */
  async leave(): Promise<void> {
    if (this.#unsent.length === 0) return;
    await Promise.race([this.#keepAll(), after(keepMs)]);
    // A question that nobody sees.
    if (!this.#tools.shown) this.#question?.answer('agree');
    this.#drafts.reload();
  }

  /** The form of a note, and what was just saved. Also an addendum whose note is not on the time line. */
  renderNote(): unknown {
    const texts = this.#texts;
    const {source = '', id = ''} = this.#addendum?.fields ?? {};
    const apart =
      this.#addendum &&
      !this.#window.viewOf(journalResource).items.some(({ref}) => ref.source === source && ref.id === id);
    return html`${this.#note ? this.#renderNoteForm(this.#note) : nothing}${
      this.#saved
        ? html`<div class="saved">
            ${checkIcon()}<span>${this.#saved(texts)}</span>
            <button class="quiet" aria-label=${texts.dismiss} @click=${() => this.#sayNothing()}>${closeIcon()}</button>
          </div>`
        : nothing
    }${apart ? this.renderAddendum({source, id}) : nothing}`;
  }

  /** The form of an addendum to this note, if that is being written. */
  renderAddendum({source, id}: RecordRef): TemplateResult | undefined {
    const writing = this.#addendum;
    if (!writing || writing.fields.source !== source || writing.fields.id !== id) return undefined;
    const texts = this.#texts;
    return this.#renderForm(writing, texts, {
      label: texts.addendumBody,
      fields: bodyField(this.#formOf(writing), 'addendum-body', texts.addendumBody),
      save: texts.saveAddendum,
    });
  }

  /** The question before a switch. */
  renderQuestion(): unknown {
    const question = this.#question;
    if (!question) return nothing;
    const texts = this.#texts;
    const unsent = this.#unsent;
    const name = this.#name || texts.thePerson;
    const sending = unsent.some(({phase}) => phase === 'sending');
    const heading = sending
      ? texts.questionSending(name)
      : unsent.some(({phase}) => phase === 'uncertain')
        ? texts.questionUncertain(name)
        : texts.questionDraft(name);
    const lost = question.keeping === 'failed';
    const never = unsent.some(({draft}) => draft === 'never');
    const leave = () => {
      question.leaving = true;
      if (question.keeping !== 'now') question.answer('agree');
      else this.#window.requestUpdate();
    };
    return dialog({
      heading,
      person: this.#person,
      body: html`<p role="status">
        ${this.#whose()}${sending ? texts.waitForIt : nothing}
        ${lost ? (never ? texts.neverKept : texts.notKept) : question.keeping === 'now' ? texts.keeping : texts.kept}
      </p>`,
      actions: html`${
        lost && !never
          ? html`<button class="button" @click=${() => void this.#keepFor(question)}>${texts.again}</button>`
          : nothing
      }<button id="stay" class="button ${lost ? 'primary' : ''}" @click=${() => question.answer('stay')}>
          ${texts.stay(name)}</button
        >${
          this.#window.pinned
            ? nothing
            : html`<button id="pin" class="button" @click=${() => question.answer('pin')}>${texts.pin(name)}</button>`
        }<button
          class="button ${lost ? '' : 'primary'}"
          aria-disabled=${question.leaving ? 'true' : nothing}
          @click=${leave}
        >
          ${lost ? (sending ? texts.changeAnyway : texts.changeAndLose) : texts.change}
        </button>`,
      onClose: () => question.answer('stay'),
    });
  }

  get #texts(): Texts {
    return this.#window.textsOf(composeStrings);
  }

  get #name(): string {
    this.#askForName();
    return maskCprInText(this.#session.name ?? '');
  }

  /** Name and masked number: an ended Session has forgotten them, and a late outcome must still tell them. */
  get #person(): string {
    this.#askForName();
    this.#lastPerson = personOf(this.#session) || this.#lastPerson;
    return this.#lastPerson;
  }

  /** Before what only a screen reader is told at once: whom it is about. */
  #whose(): unknown {
    const person = this.#person;
    return person ? html`<span class="unseen">${person}: </span>` : nothing;
  }

  /** The resource `person` tells the Session its name, where the context did not. */
  #askForName(): void {
    if (!this.#session.name && this.#tools.shown) this.#window.viewOf(personResource);
  }

  /** Every source has answered, and none of them has such a person. */
  get #nobodyKnows(): boolean {
    const session = this.#session;
    if (session.name || !this.#tools.shown) return false;
    return windowState({session, views: [this.#window.viewOf(personResource)], online: true}) === 'empty';
  }

  get #unsent(): Writing[] {
    return [this.#note, this.#addendum].filter((writing) => writing?.unsent) as Writing[];
  }

  /** Of the Session and not of the window, which may have left it. */
  get #drafts(): ResourceStore<Draft> {
    return this.#session.resource(draftsResource);
  }

  #draftOf(name: string): Draft | undefined {
    return this.#drafts.view.items.find(({window}) => window === name);
  }

  #writing(kind: WritingKind, fields: WritingFields, draft?: Draft): Writing {
    const session = this.#session;
    return new Writing(
      kind,
      session,
      {
        changed: () => this.#changed(),
        settled: (writing, end) => this.#settled(writing, end),
        conflicted: (writing) => this.#conflicted(writing),
      },
      fields,
      draft,
    );
  }

  /** Looks at what is there instead. */
  #conflicted({kind}: Writing): void {
    this.#finished.delete(kind.draft);
    this.#drafts.reload();
  }

  #begin(focus: string): void {
    this.#saved = undefined;
    this.#changed();
    void this.#focus(focus);
  }

  async #focus(selector: string): Promise<void> {
    await this.#window.updateComplete;
    const element = this.#window.renderRoot.querySelector<HTMLElement>(selector);
    element?.focus();
    if (element instanceof HTMLTextAreaElement) {
      grow(element);
      element.setSelectionRange(element.value.length, element.value.length);
    }
  }

  #changed(): void {
    this.#participate();
    this.#window.requestUpdate();
  }

  /** Takes part in the survey while something is unsent. */
  #participate(): void {
    const objects = this.#unsent.length > 0;
    if (objects)
      this.#leave ??= this.#session.survey(
        async (signal) => {
          const answer = await this.#ask(signal);
          return answer === 'pin' ? {pin: () => this.#tools.shown && this.#window.pin()} : answer;
        },
        () => {
          for (const writing of this.#unsent) writing.keepAtOnce();
        },
      );
    else {
      this.#leave?.();
      this.#leave = undefined;
    }
  }

  async #keepAll(): Promise<boolean> {
    return (await Promise.all(this.#unsent.map((writing) => writing.keep()))).every(Boolean);
  }

  /** Whether the user lets go of the person that the window is pinned to. */
  async mayRejoin(): Promise<boolean> {
    return (await this.#ask(this.#session.signal)) === 'agree';
  }

  async #ask(signal: AbortSignal): Promise<Answer> {
    if (this.#unsent.length === 0) return 'agree';
    if (!this.#tools.shown) {
      const kept = await Promise.race([this.#keepAll(), after(keepMs)]);
      // Nobody sees this window: there is nowhere to ask. Where it only hides its person, there will be.
      return kept || this.#window.session?.signal !== this.#session.signal ? 'agree' : 'stay';
    }
    const focused = this.#window.renderRoot.activeElement?.id;
    const answer = await new Promise<Answer>((resolve) => {
      const question: Question = {
        keeping: 'now',
        leaving: false,
        answer: (given) => {
          if (this.#question !== question) return;
          this.#question = undefined;
          this.#window.requestUpdate();
          resolve(given);
        },
      };
      this.#question = question;
      signal.addEventListener('abort', () => question.answer('stay'), {once: true});
      void this.#keepFor(question);
      void this.#focus('#stay');
    });
    // The veil is lifted first.
    if (answer !== 'agree' && focused) setTimeout(() => void this.#focus(`#${focused}`));
    return answer;
  }

  async #keepFor(question: Question): Promise<void> {
    question.keeping = 'now';
    this.#window.requestUpdate();
    const kept = await Promise.race([this.#keepAll(), after(keepMs)]);
    question.keeping = kept ? 'done' : 'failed';
    if (this.#question !== question) return;
    // What is not kept must be given up in so many words.
    if (kept && question.leaving) question.answer('agree');
    else question.leaving = false;
    this.#window.requestUpdate();
  }

  #settled(writing: Writing, {result, problem}: {result?: {result?: unknown; at: string}; problem?: unknown}): void {
    const person = this.#person || this.#texts.thePerson;
    if (!problem) {
      if (writing.owns) this.#finished.add(writing.kind.draft);
      if (this.#note === writing) this.#note = undefined;
      else this.#addendum = undefined;
      this.#discarding = undefined;
    }
    if (!this.#tools.shown) {
      this.#tellLate(writing, person, problem !== undefined);
      return;
    }
    // Who has gone elsewhere meanwhile stays there.
    const isHere = this.#window.renderRoot.activeElement?.closest('form')?.querySelector(bodyOf(writing));
    if (problem) this.#pointAt(writing);
    else if (result) this.#stands(writing, person, result);
    this.#changed();
    if (this.#unsent.length === 0) this.#question?.answer('agree');
    if (isHere && !this.#question) void this.#focus(problem ? wrongField : '#write');
  }

  /** It is saved: says so, to eyes and ears, with the person's name. */
  #stands(writing: Writing, person: string, {result, at}: {result?: unknown; at: string}): void {
    const isNote = writing.kind === noteKind;
    const text = (texts: Texts) => (isNote ? texts.noteSaved(person) : texts.addendumSaved(person));
    this.#saved = (texts) => texts.savedAt(text(texts), this.#window.formats.time(at));
    const ref = recordRefSchema.safeParse((result as {ref?: unknown} | undefined)?.ref);
    this.#tools.stands(ref.success ? ref.data : undefined);
    this.#window.announce(text(this.#texts));
  }

  #tellLate(writing: Writing, person: string, failed: boolean): void {
    const {login} = this.#session;
    if (login.aborted) return;
    const kept = writing.draft === 'saved';
    const uncertain = writing.phase === 'uncertain';
    // The same person may have been chosen again: in another Session.
    const again = this.#window.session;
    const same = () => this.#window.session && personOf(this.#window.session) === person;
    if (again && same()) again.resource(journalResource).reload();
    const dismiss = () => {
      this.#tools.outcomes.delete(outcome);
      this.#window.requestUpdate();
    };
    const outcome = () => {
      const texts = this.#texts;
      const text = failed ? (uncertain ? texts.outcomeUncertain : texts.outcomeRefused) : texts.outcomeSaved;
      return html`<div class="outcome" part="outcome" role="alert">${notice(
        failed ? 'error' : 'info',
        html`<p>${text(person)}</p>
          <p class="small">
            ${same() ? nothing : texts.outcomeLater} ${failed && kept ? texts.outcomeDraft : nothing}
          </p>`,
        html`<button class="quiet" aria-label=${texts.dismiss} @click=${dismiss}>${closeIcon()}</button>`,
      )}</div>`;
    };
    this.#tools.outcomes.add(outcome);
    login.addEventListener('abort', dismiss, {once: true});
    this.#window.requestUpdate();
  }

  /** The receiver may say which field it could not use. */
  #pointAt(writing: Writing): void {
    const field = pointed[writing.problem?.pointer?.split('/').at(-1) ?? ''];
    if (writing.phase !== 'editing' || !field) return;
    this.#faults = new Map([[field, (texts) => texts.invalid]]);
    this.#faultsOf = writing;
  }

  #sayNothing(): void {
    this.#saved = undefined;
    this.#window.requestUpdate();
    void this.#focus('#write');
  }

  #edit(writing: Writing, change: WritingFields): void {
    const {unsent} = writing;
    writing.edit(change);
    if (unsent !== writing.unsent) this.#changed();
    const fields = Object.keys(change) as Field[];
    if (this.#faultsOf === writing && fields.some((field) => this.#faults.has(field))) {
      this.#faults = new Map([...this.#faults].filter(([field]) => !fields.includes(field)));
      this.#window.requestUpdate();
    }
  }

  #save(writing: Writing): void {
    if (writing.phase === 'editing') {
      this.#faults = faultsOf(writing, this.#window.formats);
      this.#faultsOf = writing;
      if (this.#faults.size > 0) {
        this.#window.requestUpdate();
        void this.#focus(wrongField);
        return;
      }
    }
    this.#discarding = undefined;
    void writing.send();
  }

  #discard(writing: Writing): void {
    if (!writing.unsent || this.#discarding === writing) {
      writing.discard();
      return;
    }
    this.#discarding = writing;
    this.#window.requestUpdate();
    void this.#focus('#keep-writing');
  }

  #formOf(writing: Writing): WritingForm {
    return {
      writing,
      window: this.#window,
      texts: this.#texts,
      edit: (change) => this.#edit(writing, change),
      faultOf: (field) => (this.#faultsOf === writing ? this.#faults.get(field)?.(this.#texts) : undefined),
      focus: (selector) => void this.#focus(selector),
    };
  }

  #renderNoteForm(writing: Writing): TemplateResult {
    const texts = this.#texts;
    return this.#renderForm(writing, texts, {
      label: texts.newNote,
      save: texts.save,
      fields: html`${
        this.#nobodyKnows
          ? notice('warning', html`<span role="alert">${this.#whose()}${texts.personUnknown}</span>`)
          : nothing
      }${noteFields(this.#formOf(writing))}`,
    });
  }

  #renderForm(
    writing: Writing,
    texts: Texts,
    {label, fields, save}: {label: string; fields: unknown; save: string},
  ): TemplateResult {
    const person = this.#person;
    const sending = writing.phase === 'sending';
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Enter') return;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        this.#save(writing);
        // What is saved can never be deleted: Enter in a field must not save by accident.
      } else if (event.target instanceof HTMLInputElement) event.preventDefault();
    };
    return html`<form
      class="compose"
      part="compose"
      novalidate
      autocomplete="off"
      aria-label=${[label, person].filter(Boolean).join(', ')}
      @submit=${(event: Event) => {
        event.preventDefault();
        this.#save(writing);
      }}
      @keydown=${onKey}
      @focusout=${() => writing.unsent && void writing.keep()}
    >
      ${fields}
      <div role="alert">${this.#renderConflict(writing, texts)}${this.#renderProblem(writing, texts)}</div>
      ${this.#discarding === writing ? this.#renderDiscard(writing, texts) : nothing}
      <div class="compose-foot">
        <span>${person ? html`${texts.belongsTo} <strong>${person}</strong>` : texts.belongsToChosen}</span>
        <span class="end">
          <button type="button" class="button" aria-disabled=${sending ? 'true' : nothing} @click=${() => this.#discard(writing)}>
            ${writing.unsent ? texts.discard : texts.cancel}
          </button>
          <button type="submit" class="button primary" aria-disabled=${sending ? 'true' : nothing} title=${texts.shortcut}>
            ${sending ? texts.saving : writing.phase === 'uncertain' ? texts.again : save}
          </button>
        </span>
        <div class="compose-draft">
          <span class="faint">${this.#draftText(writing, texts)}</span>
          <span role="status">${
            writing.draft === 'failed'
              ? [this.#whose(), texts.draftFailed]
              : writing.draft === 'too-large'
                ? [this.#whose(), texts.draftTooLarge]
                : nothing
          }</span>
        </div>
      </div>
    </form>`;
  }

  /** Which of two drafts counts: the user says. */
  #renderConflict(writing: Writing, texts: Texts): unknown {
    if (writing.draft !== 'conflict' || writing.phase !== 'editing') return nothing;
    const {busy, sources} = this.#window.viewOf(draftsResource);
    const name = writing.kind.draft;
    if (busy) return notice('warning', html`<p>${this.#whose()}${texts.conflict}</p>`);
    if (sources.some(({status}) => status !== 'ok' && status !== 'not-applicable'))
      return notice(
        'warning',
        html`<p>${this.#whose()}${texts.conflict} ${texts.conflictUnseen}</p>`,
        html`<button type="button" class="button" @click=${() => this.#drafts.reload()}>${texts.again}</button>`,
      );
    const there = this.#draftOf(name);
    const show = (draft: Draft) => {
      writing.giveUp();
      this.resume(draft);
    };
    return notice(
      'warning',
      html`<p>
        ${this.#whose()}${there ? texts.conflictChanged(today(this.#window.formats, there.savedAt)) : texts.conflictGone}
      </p>`,
      html`${
        there
          ? html`<button type="button" class="button" @click=${() => show(there)}>${texts.takeTheirs}</button>`
          : nothing
      }<button type="button" class="button" @click=${() => void writing.insist(there)}>
        ${there ? texts.keepMine : texts.keepMineAnew}
      </button>`,
    );
  }

  #renderProblem(writing: Writing, texts: Texts): unknown {
    const {phase, problem} = writing;
    if (phase === 'uncertain')
      return notice(
        'warning',
        html`<p>${this.#whose()}${problem ? this.#saying(writing, texts) : nothing}</p><p>${texts.uncertain}</p>`,
      );
    if (phase !== 'editing' || !problem) return nothing;
    const renewable = problem.code === 'context-closed' && this.#session.renewable;
    return notice(
      'error',
      html`<p>${this.#whose()}${texts.refused} ${this.#saying(writing, texts)} ${texts.textStays}</p>`,
      renewable
        ? html`<button type="button" class="button" @click=${() => void this.#renew(writing)}>${texts.renew}</button>`
        : nothing,
    );
  }

  /** The context stands again: what is written goes on in it. */
  async #renew(writing: Writing): Promise<void> {
    if (await this.#session.renew()) return;
    writing.goOn();
    void writing.keep();
    void this.#focus(bodyOf(writing));
  }

  #saying({problem, draft}: Writing, texts: Texts): string {
    if (problem?.code === 'context-closed' && this.#session.renewable) return texts.closedRenewable;
    if (problem?.code === 'context-closed') return draft === 'saved' ? texts.closedKept : texts.closed;
    if (problem?.code === 'rate-limited')
      return problem.retryAfter
        ? texts.busyFor(this.#window.formats.number(Math.ceil(problem.retryAfter)))
        : texts.busy;
    const saying = problem && sayings[problem.code];
    return saying ? texts[saying] : texts.broken;
  }

  #renderDiscard(writing: Writing, texts: Texts): TemplateResult {
    const keep = () => {
      this.#discarding = undefined;
      this.#window.requestUpdate();
      void this.#focus(bodyOf(writing));
    };
    return html`<div role="alertdialog" aria-label=${texts.discard} aria-describedby="discard-question" class="notice warning"
      @keydown=${(event: KeyboardEvent) => event.key === 'Escape' && keep()}>
      <div id="discard-question">${writing.phase === 'uncertain' ? texts.discardUncertain : texts.discardQuestion}</div>
      <span class="end">
        <button type="button" id="keep-writing" class="button" @click=${keep}>${texts.keepWriting}</button>
        <button type="button" class="button" @click=${() => this.#discard(writing)}>${texts.discardYes}</button>
      </span>
    </div>`;
  }

  #draftText({draft, savedAt, unsent}: Writing, texts: Texts): string {
    if (!unsent && draft !== 'never') return '';
    switch (draft) {
      case 'never':
        return texts.draftNever;
      case 'unsaved':
        return texts.draftUnsaved;
      case 'saving':
        return texts.draftSaving;
      case 'saved':
        return savedAt ? texts.draftSaved(today(this.#window.formats, savedAt)) : '';
      default:
        // Said elsewhere, or nothing to say.
        return '';
    }
  }
}

/** The time of a moment today, else with its day. */
const today = (formats: Formats, moment: string): string =>
  formats.dayKey(moment) === formats.dayKey(new Date().toISOString()) ? formats.time(moment) : formats.recent(moment);

/** Name and masked number of a Session's person. */
const personOf = ({name, subject}: Session): string =>
  maskCprInText([name, subject?.masked].filter(Boolean).join(', '));

/** The field of a writing's text. */
const bodyOf = ({kind}: Writing): string => (kind === noteKind ? '#note-body' : '#addendum-body');

/** The first field that is wrong. */
const wrongField = '.compose [aria-invalid]';

/** Resolves to false after a while. */
const after = (ms: number): Promise<false> => new Promise((resolve) => setTimeout(() => resolve(false), ms));
