import {
  type Case,
  casesResource,
  isClosedCase,
  isExistence,
  maskCprInText,
  maxNoteBytes,
  type RecordRef,
  refKey,
} from '@bsp/contract';
import {html, nothing, type TemplateResult} from 'lit';
import {live} from 'lit/directives/live.js';
import {danishClock, momentOfDanishClock} from './danish-clock.js';
import {standardHeadings} from './journal-compose.strings.js';
import {bytesOf, caseText, chosenCase, type Field, kilobytes, type Texts, tooLong} from './journal-kinds.js';
import type {JournalWindow} from './journal-tools.js';
import type {Writing, WritingFields} from './journal-writing.js';

/** A form as its fields see it. */
export interface WritingForm {
  readonly writing: Writing;
  readonly window: JournalWindow;
  readonly texts: Texts;
  /** Takes what the user has written. */
  readonly edit: (change: WritingFields) => void;
  /** What is wrong with a field, in words. */
  readonly faultOf: (field: Field) => string | undefined;
  readonly focus: (selector: string) => void;
}

/** An `<input>` of the form. */
interface InputOptions {
  readonly type: 'datetime-local' | 'text';
  readonly max?: string | typeof nothing;
  readonly maxlength?: number | typeof nothing;
  readonly placeholder?: string | typeof nothing;
  /** Said below it; its place stands where it is empty. */
  readonly hint?: string;
}

/** Value of the option that opens the field for a heading of one's own; no heading has a line break. */
const ownHeading = '\n';

/** Cases that a note can be about. */
export const casesIn = (window: JournalWindow): Case[] =>
  window.viewOf(casesResource).items.flatMap((item) => (isExistence(item) ? [] : item));

/** Heading, case, time, KLE and text of a note. */
export function noteFields(form: WritingForm): TemplateResult {
  const {writing, window, texts} = form;
  return html`<div class="compose-fields">
    ${headingField(form)} ${caseField(form)}
    ${inputField(form, 'occurred', texts.occurred, {
      type: 'datetime-local',
      max: danishClock(new Date()),
      hint: occurredInWords(writing, window, texts),
    })}
    ${inputField(form, 'kle', texts.kle, {type: 'text', maxlength: 20, placeholder: '32.24.04'})}
  </div>
  ${bodyField(form, 'note-body', texts.body)}`;
}

function headingField(form: WritingForm): TemplateResult {
  const {writing, window, texts} = form;
  const {fields} = writing;
  const locked = writing.phase !== 'editing';
  const {headings, freeHeading} = window.settings;
  const usable = headings.filter((one) => one.trim() && one.length <= 200);
  const standard = usable.length > 0 ? usable : standardHeadings;
  const own = freeHeading && fields.own !== '';
  const heading = fields.heading ?? '';
  const options = own || !heading || standard.includes(heading) ? standard : [heading, ...standard];
  const chooseHeading = (value: string) => {
    form.edit(value === ownHeading ? {heading: '', own: '1'} : {heading: value, own: ''});
    window.requestUpdate();
    if (value === ownHeading) form.focus('#note-own-heading');
  };
  return field(
    form,
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
              @input=${(event: Event) => form.edit({heading: (event.target as HTMLInputElement).value})}
            />`
          : nothing
      }`,
  );
}

function field(
  {faultOf}: WritingForm,
  name: Field,
  label: string,
  id: string,
  control: (id: string, describedBy: string | undefined) => unknown,
): TemplateResult {
  const fault = faultOf(name);
  return html`<div class="compose-field">
    <label for=${id}>${label}</label>
    ${control(id, fault ? `${id}-fault` : undefined)}
    ${fault ? html`<div id="${id}-fault" class="compose-error">${fault}</div>` : nothing}
    </div>`;
}

function inputField(
  form: WritingForm,
  name: 'occurred' | 'kle',
  label: string,
  {type, max = nothing, maxlength = nothing, placeholder = nothing, hint}: InputOptions,
): TemplateResult {
  const {writing, window} = form;
  const input = (event: Event) => {
    form.edit({[name]: (event.target as HTMLInputElement).value});
    if (hint !== undefined) window.requestUpdate();
  };
  return field(
    form,
    name,
    label,
    `note-${name}`,
    (id, describedBy) => html`<input
        id=${id}
        class="field"
        type=${type}
        max=${max}
        maxlength=${maxlength}
        placeholder=${placeholder}
        autocomplete="off"
        aria-invalid=${describedBy ? 'true' : nothing}
        aria-describedby=${describedBy ?? (hint ? `${id}-hint` : nothing)}
        ?readonly=${writing.phase !== 'editing'}
        .value=${live(writing.fields[name] ?? '')}
        @input=${input}
      />
      ${hint === undefined ? nothing : html`<div id="${id}-hint" class="small faint compose-hint">${hint}</div>`}`,
  );
}

/** The field writes dates as the browser is set up: this says in the window's language which day is meant. */
function occurredInWords({fields}: Writing, {formats}: JournalWindow, texts: Texts): string {
  const moment = momentOfDanishClock(fields.occurred ?? '');
  return moment ? texts.occurredInWords(formats.dayHeading(moment), formats.time(moment)) : '';
}

function caseField(form: WritingForm): TemplateResult {
  const {writing, window, texts} = form;
  const chosen = chosenCase(writing.fields.case);
  const chosenKey = chosen ? refKey(chosen.ref) : '';
  const {sources, planned, busy} = window.viewOf(casesResource);
  const cases = casesIn(window);
  const compare = (one: Case, other: Case) => Date.parse(other.changedAt) - Date.parse(one.changedAt);
  const nameOf = (ref: RecordRef) => sources.find(({id}) => id === ref.source)?.name ?? ref.source;
  const option = (one: {ref: RecordRef; title?: string | undefined}) => html`<option
      value=${refKey(one.ref)}
      .selected=${live(refKey(one.ref) === chosenKey)}
    >
      ${maskCprInText(one.title ?? '')} (${nameOf(one.ref)})
    </option>`;
  const group = (label: string, closed: boolean) => {
    const these = cases.filter((one) => isClosedCase(one) === closed).sort(compare);
    return these.length ? html`<optgroup label=${label}>${these.map(option)}</optgroup>` : nothing;
  };
  const choose = (event: Event) => {
    const key = (event.target as HTMLSelectElement).value;
    const next = cases.find(({ref}) => refKey(ref) === key);
    const {kle = ''} = writing.fields;
    // The case's KLE, unless the user has written another.
    const follows = kle === '' || kle === chosen?.kle?.number;
    form.edit({
      case: next ? caseText(next) : '',
      ...(follows ? {kle: next?.kle?.number ?? ''} : {}),
    });
    window.requestUpdate();
  };
  const missing = sources.some(
    ({status, next}) => next !== undefined || (status !== 'ok' && status !== 'not-applicable'),
  );
  // Not while they are renewed: a line that comes and goes moves the buttons.
  const coming = busy && !(planned && sources.every(({status}) => status !== 'waiting'));
  const hint = coming ? texts.casesComing : missing ? texts.casesMissing : undefined;
  return field(
    form,
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

/** The text itself, with what room is left where little is. */
export function bodyField(form: WritingForm, id: string, label: string): TemplateResult {
  const {writing, window, texts} = form;
  const {body = ''} = writing.fields;
  const room = maxNoteBytes - (body.length * 3 < maxNoteBytes * 0.9 ? 0 : bytesOf(body));
  const near = room < maxNoteBytes * 0.1;
  const input = (event: Event) => {
    const area = event.target as HTMLTextAreaElement;
    grow(area);
    form.edit({body: area.value});
    if (near || area.value.length * 3 >= maxNoteBytes * 0.9) window.requestUpdate();
  };
  return field(
    form,
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
              ${room < 0 ? tooLong(texts, window.formats, body) : texts.roomLeft(kilobytes(window.formats, room))}
            </div>`
          : nothing
      }`,
  );
}

/** Lets a text area grow where the engine does not do so itself. */
export function grow(area: HTMLTextAreaElement): void {
  if (CSS.supports('field-sizing', 'content')) return;
  area.style.blockSize = 'auto';
  area.style.blockSize = `${area.scrollHeight + 2}px`;
}
