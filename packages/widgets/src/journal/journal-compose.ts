import {
  type Case,
  casesResource,
  type Draft,
  draftsResource,
  isExistence,
  journalResource,
  kleSchema,
  maskCprInText,
  maxNoteBytes,
  type NoteAddendum,
  type NoteCreate,
  type ProblemCode,
  parseKle,
  personResource,
  type RecordRef,
  recordRefSchema,
  refKey,
  titledRefSchema,
} from '@bsp/contract';
import {type Formats, type ResourceStore, type Session, type Translated, windowState} from '@bsp/core';
import {checkIcon, closeIcon, dialog, notice} from '@bsp/ui';
import {html, nothing, type TemplateResult} from 'lit';
import {live} from 'lit/directives/live.js';
import {danishClock, momentOfDanishClock} from './danish-clock.js';
import {type ComposeTexts, composeStrings, standardHeadings} from './journal-compose.strings.js';
import type {JournalTools, JournalWindow} from './journal-tools.js';
import {Writing, type WritingFields, type WritingKind} from './journal-writing.js';

export {composeStyles} from './journal-compose.styles.js';

type Texts = Translated<ComposeTexts>;
type Field = 'heading' | 'case' | 'occurred' | 'kle' | 'body';

/** A case as the field `case` holds it, as JSON. */
type ChosenCase = Pick<Case, 'ref' | 'title' | 'kle'>;

type Answer = 'agree' | 'stay' | 'pin';

/** The question before a switch. */
/** An `<input>` of the form. */
interface InputOptions {
  readonly type: 'datetime-local' | 'text';
  readonly max?: string;
  readonly maxlength?: number;
  readonly placeholder?: string;
  /** Said below it; its place stands where it is empty. */
  readonly hint?: string;
}

interface Question {
  keeping: 'now' | 'done' | 'failed';
  /** The user has said that the person may go as soon as the draft is kept. */
  leaving: boolean;
  readonly answer: (answer: Answer) => void;
}

/** How long the question before a switch waits for the draft before it says that it is not kept. */
const keepMs = 8000;
/** A clock may be this much ahead of ours. */
const skewMs = 60_000;

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** The chosen case; undefined for none, and for what a draft holds that is none. */
function chosenCase(json: string | undefined): (Omit<ChosenCase, 'title'> & {title?: string | undefined}) | undefined {
  if (!json) return undefined;
  try {
    const value = JSON.parse(json) as {kle?: unknown};
    const titled = titledRefSchema.safeParse(value);
    const kle = kleSchema.safeParse(value.kle);
    return titled.success ? {...titled.data, kle: kle.success ? kle.data : undefined} : undefined;
  } catch {
    return undefined;
  }
}

const noteKind: WritingKind = {
  action: 'note.create',
  draft: 'journal',
  hasText: ({body = '', heading = '', own}) => body.trim() !== '' || (own !== '' && heading.trim() !== ''),
  payload: ({heading = '', body = '', case: inCase, kle = '', occurred = ''}): NoteCreate => {
    const chosen = chosenCase(inCase);
    const parsed = parseKle(kle);
    const number = parsed.ok ? [parsed.value.subject, parsed.value.facet].filter(Boolean).join('-') : undefined;
    const title = chosen?.kle?.number === number ? chosen?.kle?.title : undefined;
    const occurredAt = momentOfDanishClock(occurred);
    return {
      heading: heading.trim(),
      body,
      ...(chosen ? {case: {ref: chosen.ref, ...(chosen.title ? {title: chosen.title} : {})}} : {}),
      ...(number ? {kle: {number, ...(title ? {title} : {})}} : {}),
      ...(occurredAt ? {occurredAt} : {}),
    };
  },
};

const addendumKind: WritingKind = {
  action: 'note.addendum',
  draft: 'journal-addendum',
  hasText: ({body = ''}) => body.trim() !== '',
  payload: ({body = '', source = '', id = ''}): NoteAddendum => ({note: {source, id}, body}),
};

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

/** Fields of the payload that a receiver may point at. */
const pointed: Readonly<Record<string, Field>> = {
  heading: 'heading',
  body: 'body',
  case: 'case',
  kle: 'kle',
  occurredAt: 'occurred',
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
    const chosen = this.#cases.find(({ref}) => refKey(ref) === this.#tools.caseKey);
    this.#note ??= this.#writing(noteKind, {
      heading: '',
      own: '',
      case: chosen ? caseField(chosen) : '',
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
    await this.#keepAll();
    this.#drafts.reload();
  }

  /** The form of a note, and what was just saved. Also an addendum whose note is not on the time line. */
  renderNote(): unknown {
    const texts = this.#texts;
    const {source = '', id = ''} = this.#addendum?.fields ?? {};
    const apart =
      this.#addendum &&
      !this.#window.viewOf(journalResource).items.some(({ref}) => ref.source === source && ref.id === id);
    return html`${this.#note ? this.#renderNoteForm(this.#note, texts) : nothing}${
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
      fields: this.#renderBodyField(writing, texts, 'addendum-body', texts.addendumBody),
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

  get #cases(): Case[] {
    return this.#window.viewOf(casesResource).items.flatMap((item) => (isExistence(item) ? [] : item));
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
      this.#leave ??= this.#session.survey(async (signal) => {
        const answer = await this.#ask(signal);
        return answer === 'pin' ? {pin: () => this.#tools.shown && this.#window.pin()} : answer;
      });
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
      // Nobody sees this window: there is nowhere to ask.
      await Promise.race([this.#keepAll(), after(keepMs)]);
      return 'agree';
    }
    const root = this.#window.renderRoot as ShadowRoot;
    const focused = root.activeElement?.id;
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
    if (problem) this.#pointAt(writing);
    else if (result) this.#stands(writing, person, result);
    this.#changed();
    if (this.#unsent.length === 0) this.#question?.answer('agree');
    if (!problem && !this.#question) void this.#focus('#write');
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
    this.#window.requestUpdate();
  }

  /** The receiver may say which field it could not use. */
  #pointAt(writing: Writing): void {
    const field = pointed[writing.problem?.pointer?.split('/').at(-1) ?? ''];
    if (writing.phase !== 'editing' || !field) return;
    this.#faults = new Map([[field, (texts) => texts.invalid]]);
    this.#faultsOf = writing;
    void this.#focusFault();
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
        void this.#focusFault();
        return;
      }
    }
    this.#discarding = undefined;
    void writing.send();
  }

  async #focusFault(): Promise<void> {
    await this.#focus('.compose [aria-invalid]');
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

  #faultOf(writing: Writing, field: Field): string | undefined {
    return this.#faultsOf === writing ? this.#faults.get(field)?.(this.#texts) : undefined;
  }

  #renderNoteForm(writing: Writing, texts: Texts): TemplateResult {
    const {fields} = writing;
    const locked = writing.phase !== 'editing';
    const {headings, freeHeading} = this.#window.settings;
    const usable = headings.filter((one) => one.trim() && one.length <= 200);
    const standard = usable.length > 0 ? usable : standardHeadings;
    const own = freeHeading && fields.own !== '';
    const heading = fields.heading ?? '';
    const options = own || !heading || standard.includes(heading) ? standard : [heading, ...standard];
    const chooseHeading = (value: string) => {
      this.#edit(writing, value === ownHeading ? {heading: '', own: '1'} : {heading: value, own: ''});
      this.#window.requestUpdate();
      if (value === ownHeading) void this.#focus('#note-own-heading');
    };
    return this.#renderForm(writing, texts, {
      label: texts.newNote,
      save: texts.save,
      fields: html`${
        this.#nobodyKnows
          ? notice('warning', html`<span role="alert">${this.#whose()}${texts.personUnknown}</span>`)
          : nothing
      }<div class="compose-fields">
          ${this.#renderField(
            writing,
            'heading',
            texts.heading,
            own ? 'note-own-heading' : 'note-heading',
            (id, describedBy) => html`<select
                id="note-heading"
                aria-label=${own ? texts.heading : nothing}
                aria-invalid=${describedBy && !own ? 'true' : nothing}
                aria-describedby=${(!own && describedBy) || nothing}
                ?disabled=${locked}
                @change=${(event: Event) => chooseHeading((event.target as HTMLSelectElement).value)}
              >
                <option value="" .selected=${live(!own && !heading)}>${texts.chooseHeading}</option>
                ${options.map((one) => html`<option value=${one} .selected=${live(!own && heading === one)}>${one}</option>`)}
                ${freeHeading ? html`<option value=${ownHeading} .selected=${live(own)}>${texts.otherHeading}</option>` : nothing}
              </select>
              ${
                own
                  ? html`<input
                      id=${id}
                      class="field"
                      maxlength="200"
                      autocomplete="off"
                      placeholder=${texts.ownHeading}
                      aria-invalid=${describedBy ? 'true' : nothing}
                      aria-describedby=${describedBy ?? nothing}
                      ?readonly=${locked}
                      .value=${live(heading)}
                      @input=${(event: Event) => this.#edit(writing, {heading: (event.target as HTMLInputElement).value})}
                    />`
                  : nothing
              }`,
          )}
          ${this.#renderCaseField(writing, texts)}
          ${this.#renderInput(writing, 'occurred', texts.occurred, {
            type: 'datetime-local',
            max: danishClock(new Date()),
            hint: this.#occurredInWords(writing, texts),
          })}
          ${this.#renderInput(writing, 'kle', texts.kle, {type: 'text', maxlength: 20, placeholder: '32.24.04'})}
        </div>
        ${this.#renderBodyField(writing, texts, 'note-body', texts.body)}`,
    });
  }

  #renderField(
    writing: Writing,
    field: Field,
    label: string,
    id: string,
    control: (id: string, describedBy: string | undefined) => unknown,
  ): TemplateResult {
    const fault = this.#faultOf(writing, field);
    return html`<div class="compose-field">
      <label for=${id}>${label}</label>
      ${control(id, fault ? `${id}-fault` : undefined)}
      ${fault ? html`<div id="${id}-fault" class="compose-error">${fault}</div>` : nothing}
    </div>`;
  }

  #renderInput(
    writing: Writing,
    field: 'occurred' | 'kle',
    label: string,
    {type, max, maxlength, placeholder, hint}: InputOptions,
  ): TemplateResult {
    const input = (event: Event) => {
      this.#edit(writing, {[field]: (event.target as HTMLInputElement).value});
      if (hint !== undefined) this.#window.requestUpdate();
    };
    return this.#renderField(
      writing,
      field,
      label,
      `note-${field}`,
      (id, describedBy) => html`<input
          id=${id}
          class="field"
          type=${type}
          max=${max ?? nothing}
          maxlength=${maxlength ?? nothing}
          placeholder=${placeholder ?? nothing}
          autocomplete="off"
          aria-invalid=${describedBy ? 'true' : nothing}
          aria-describedby=${describedBy ?? (hint ? `${id}-hint` : nothing)}
          ?readonly=${writing.phase !== 'editing'}
          .value=${live(writing.fields[field] ?? '')}
          @input=${input}
        />
        ${hint === undefined ? nothing : html`<div id="${id}-hint" class="small faint compose-hint">${hint}</div>`}`,
    );
  }

  /** The field writes dates as the browser is set up: this says in the window's language which day is meant. */
  #occurredInWords({fields}: Writing, texts: Texts): string {
    const moment = momentOfDanishClock(fields.occurred ?? '');
    const {formats} = this.#window;
    return moment ? texts.occurredInWords(formats.dayHeading(moment), formats.time(moment)) : '';
  }

  #renderCaseField(writing: Writing, texts: Texts): TemplateResult {
    const chosen = chosenCase(writing.fields.case);
    const chosenKey = chosen ? refKey(chosen.ref) : '';
    const {sources, planned, busy} = this.#window.viewOf(casesResource);
    const cases = this.#cases;
    const compare = (one: Case, other: Case) => Date.parse(other.changedAt) - Date.parse(one.changedAt);
    const nameOf = (ref: RecordRef) => sources.find(({id}) => id === ref.source)?.name ?? ref.source;
    const option = (one: {ref: RecordRef; title?: string | undefined}) => html`<option
      value=${refKey(one.ref)}
      .selected=${live(refKey(one.ref) === chosenKey)}
    >
      ${maskCprInText(one.title ?? '')} (${nameOf(one.ref)})
    </option>`;
    const group = (label: string, closed: boolean) => {
      const these = cases.filter((one) => isClosed(one) === closed).sort(compare);
      return these.length ? html`<optgroup label=${label}>${these.map(option)}</optgroup>` : nothing;
    };
    const choose = (event: Event) => {
      const key = (event.target as HTMLSelectElement).value;
      const next = cases.find(({ref}) => refKey(ref) === key);
      const {kle = ''} = writing.fields;
      // The case's KLE, unless the user has written another.
      const follows = kle === '' || kle === chosen?.kle?.number;
      this.#edit(writing, {
        case: next ? caseField(next) : '',
        ...(follows ? {kle: next?.kle?.number ?? ''} : {}),
      });
      this.#window.requestUpdate();
    };
    const missing = sources.some(
      ({status, next}) => next !== undefined || (status !== 'ok' && status !== 'not-applicable'),
    );
    // Not while they are renewed: a line that comes and goes moves the buttons.
    const coming = busy && !(planned && sources.every(({status}) => status !== 'waiting'));
    const hint = coming ? texts.casesComing : missing ? texts.casesMissing : undefined;
    return this.#renderField(
      writing,
      'case',
      texts.inCase,
      'note-case',
      (id, describedBy) => html`<select
          id=${id}
          aria-invalid=${describedBy ? 'true' : nothing}
          aria-describedby=${[describedBy, hint && 'note-case-hint'].filter(Boolean).join(' ') || nothing}
          ?disabled=${writing.phase !== 'editing'}
          @change=${choose}
        >
          <option value="" .selected=${live(!chosen)}>${texts.noCase}</option>
          ${chosen && !cases.some(({ref}) => refKey(ref) === chosenKey) ? option(chosen) : nothing}
          ${group(texts.openCases, false)}${group(texts.closedCases, true)}
        </select>
        ${hint ? html`<div id="note-case-hint" class="small faint">${hint}</div>` : nothing}`,
    );
  }

  #renderBodyField(writing: Writing, texts: Texts, id: string, label: string): TemplateResult {
    const {body = ''} = writing.fields;
    const room = maxNoteBytes - (body.length * 3 < maxNoteBytes * 0.9 ? 0 : bytesOf(body));
    const near = room < maxNoteBytes * 0.1;
    const input = (event: Event) => {
      const area = event.target as HTMLTextAreaElement;
      grow(area);
      this.#edit(writing, {body: area.value});
      if (near || area.value.length * 3 >= maxNoteBytes * 0.9) this.#window.requestUpdate();
    };
    return this.#renderField(
      writing,
      'body',
      label,
      id,
      (_, describedBy) => html`<textarea
          id=${id}
          rows="4"
          aria-invalid=${describedBy ? 'true' : nothing}
          aria-describedby=${[describedBy, near && `${id}-room`].filter(Boolean).join(' ') || nothing}
          ?readonly=${writing.phase !== 'editing'}
          .value=${live(body)}
          @input=${input}
        ></textarea>
        ${
          near && !describedBy
            ? html`<div id="${id}-room" class=${room < 0 ? 'compose-error' : 'small faint'}>
                ${room < 0 ? tooLong(texts, this.#window.formats, body) : texts.roomLeft(kilobytes(this.#window.formats, room))}
              </div>`
            : nothing
        }`,
    );
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
    void this.#focus(writing.kind === noteKind ? '#note-body' : '#addendum-body');
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
      void this.#focus(writing.kind === noteKind ? '#note-body' : '#addendum-body');
    };
    return html`<div role="alertdialog" aria-label=${texts.discard} aria-describedby="discard-question" class="notice warning"
      @keydown=${(event: KeyboardEvent) => event.key === 'Escape' && keep()}>
      <div id="discard-question">${writing.phase === 'uncertain' ? texts.discardUncertain : texts.discardQuestion}</div>
      <button type="button" id="keep-writing" class="button" @click=${keep}>${texts.keepWriting}</button>
      <button type="button" class="button" @click=${() => this.#discard(writing)}>${texts.discard}</button>
    </div>`;
  }

  #draftText({draft, savedAt, unsent}: Writing, texts: Texts): string {
    if (!unsent && draft !== 'never') return '';
    switch (draft) {
      case 'none':
      case 'failed':
      case 'too-large':
      case 'conflict':
        return '';
      case 'never':
        return texts.draftNever;
      case 'unsaved':
        return texts.draftUnsaved;
      case 'saving':
        return texts.draftSaving;
      case 'saved':
        return savedAt ? texts.draftSaved(today(this.#window.formats, savedAt)) : '';
    }
  }
}

/** Value of the option that opens the field for a heading of one's own; no heading has a line break. */
const ownHeading = '\n';

const caseField = ({ref, title, kle}: ChosenCase): string => JSON.stringify({ref, title, kle});

/** Closed by its phase; where that is unknown, by its date: as the case list has it. */
const isClosed = ({status, closedAt}: Case): boolean =>
  status.phase === undefined ? closedAt !== undefined : status.phase === 'closed';

const kilobytes = (formats: Formats, bytes: number): string => formats.number(Math.ceil(bytes / 100) / 10);

const tooLong = (texts: Texts, formats: Formats, body: string): string =>
  texts.tooLong(kilobytes(formats, bytesOf(body)), kilobytes(formats, maxNoteBytes));

/** What is wrong with a writing, by field, in the order of the form. */
function faultsOf({kind, fields}: Writing, formats: Formats): Map<Field, (texts: Texts) => string> {
  const faults = new Map<Field, (texts: Texts) => string>();
  const {heading = '', own, kle = '', occurred = '', body = ''} = fields;
  if (kind === noteKind) {
    if (!heading.trim()) faults.set('heading', (texts) => (own ? texts.ownHeadingMissing : texts.headingMissing));
    const moment = momentOfDanishClock(occurred);
    if (!moment) faults.set('occurred', (texts) => texts.occurredFault);
    else if (Date.parse(moment) > Date.now() + skewMs) faults.set('occurred', (texts) => texts.occurredFuture);
    if (kle.trim() && !parseKle(kle).ok) faults.set('kle', (texts) => texts.kleFault);
  }
  if (!body.trim()) faults.set('body', (texts) => texts.bodyMissing);
  else if (bytesOf(body) > maxNoteBytes) faults.set('body', (texts) => tooLong(texts, formats, body));
  return faults;
}

/** The time of a moment today, else with its day. */
const today = (formats: Formats, moment: string): string =>
  formats.dayKey(moment) === formats.dayKey(new Date().toISOString()) ? formats.time(moment) : formats.recent(moment);

/** Name and masked number of a Session's person. */
const personOf = ({name, subject}: Session): string =>
  maskCprInText([name, subject?.masked].filter(Boolean).join(', '));

/** Resolves to false after a while. */
const after = (ms: number): Promise<false> => new Promise((resolve) => setTimeout(() => resolve(false), ms));

/** Lets a text area grow where the engine does not do so itself. */
function grow(area: HTMLTextAreaElement): void {
  if (CSS.supports('field-sizing', 'content')) return;
  area.style.blockSize = 'auto';
  area.style.blockSize = `${area.scrollHeight + 2}px`;
}
