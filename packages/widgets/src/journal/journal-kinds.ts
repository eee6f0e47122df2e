import {
  type Case,
  kleSchema,
  maxNoteBytes,
  type NoteAddendum,
  type NoteCreate,
  parseKle,
  titledRefSchema,
} from '@bsp/contract';
import type {Formats, Translated} from '@bsp/core';
import {momentOfDanishClock} from './danish-clock.js';
import type {ComposeTexts} from './journal-compose.strings.js';
import type {Writing, WritingKind} from './journal-writing.js';

/** Texts of the forms, in the window's language. */
export type Texts = Translated<ComposeTexts>;
/** A field that can be wrong. */
export type Field = 'heading' | 'case' | 'occurred' | 'kle' | 'body';

/** A case as the field `case` holds it, as JSON. */
type ChosenCase = Pick<Case, 'ref' | 'title' | 'kle'>;

/** A clock may be this much ahead of ours. */
const skewMs = 60_000;

/** Length as the contract counts it. */
export const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** The chosen case; undefined for none, and for what a draft holds that is none. */
export function chosenCase(
  json: string | undefined,
): (Omit<ChosenCase, 'title'> & {title?: string | undefined}) | undefined {
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

/** A note. */
export const noteKind: WritingKind = {
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

/** An addendum to a note. */
export const addendumKind: WritingKind = {
  action: 'note.addendum',
  draft: 'journal-addendum',
  hasText: ({body = ''}) => body.trim() !== '',
  payload: ({body = '', source = '', id = ''}): NoteAddendum => ({note: {source, id}, body}),
};

/** Fields of the payload that a receiver may point at. */
export const pointed: Readonly<Record<string, Field>> = {
  heading: 'heading',
  body: 'body',
  case: 'case',
  kle: 'kle',
  occurredAt: 'occurred',
};

/** A case as the field `case` holds it. */
export const caseText = ({ref, title, kle}: ChosenCase): string => JSON.stringify({ref, title, kle});

/** Bytes as a number of kilobytes, rounded up to a tenth. */
export const kilobytes = (formats: Formats, bytes: number): string => formats.number(Math.ceil(bytes / 100) / 10);

/** That a text is longer than the contract allows. */
export const tooLong = (texts: Texts, formats: Formats, body: string): string =>
  texts.tooLong(kilobytes(formats, bytesOf(body)), kilobytes(formats, maxNoteBytes));

/** What is wrong with a writing, by field, in the order of the form. */
export function faultsOf({kind, fields}: Writing, formats: Formats): Map<Field, (texts: Texts) => string> {
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
