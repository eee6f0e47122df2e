import * as z from 'zod/mini';
import {cprValue, type IdentifierFault, parseBfe, parseCvr} from './identifiers.js';
import {recordRefSchema} from './records.js';
import {frameStatuses} from './stream.js';
import type {Subject} from './subject.js';

/** A search gives at most this many hits: every one of them is a logged lookup. */
export const maxSearchHits = 25;
/** So many letters or digits a name must have. */
export const minSearchLength = 2;

/** What a hit is. */
export const hitKinds = ['person', 'company', 'property', 'employee', 'case'] as const;
/** One of {@link hitKinds}. */
export type HitKind = (typeof hitKinds)[number];

/** Somebody or something that was found. */
export const hitSchema = z.object({
  kind: z.enum(hitKinds),
  /** Opaque handle for `provider.setSubject`; a case's is that of its person. */
  subject: z.object({type: z.literal('ref'), value: z.string()}),
  /** A case's title. Absent: no source knows the number, and it may be opened all the same. */
  name: z.optional(z.string()),
  /** Masked CPR number; `CVR …` or `BFE …` as it is; a case's number. */
  masked: z.optional(z.string()),
  /** What tells it from its namesakes: an address, a unit, the person of a case. Absent where it is protected. */
  detail: z.optional(z.string()),
  /** Name and address are protected. */
  protected: z.optional(z.boolean()),
  /** The case that a hit of kind `case` leads to. */
  record: z.optional(recordRefSchema),
});
/** See {@link hitSchema}. */
export type Hit = z.infer<typeof hitSchema>;

/** Result of `search`. That there is nothing is a claim only where every source answered `ok`. */
export const foundSchema = z.object({
  hits: z.array(hitSchema).check(z.maxLength(maxSearchHits)),
  /** There are more: the search says too little. */
  more: z.optional(z.boolean()),
  /** Who was asked, and how each of them answered. Empty: there is nobody to ask. */
  sources: z.array(z.object({id: z.string(), name: z.string(), status: z.enum(frameStatuses)})),
});
/** See {@link foundSchema}. */
export type Found = z.infer<typeof foundSchema>;

/** What somebody who typed this looks for: a number, or words. */
export type SearchTerm = {readonly subject: Extract<Subject, {value: string}>} | {readonly words: string};

/** Why a text is no search: `short`, or the fault of a number of the type that it was taken for. */
export type SearchFault = 'short' | {readonly type: 'cpr' | 'cvr' | 'bfe'; readonly reason: IdentifierFault['reason']};

const separators = /[\s.\u2010-\u2015\u2212-]/g;
const prefix = /^(cpr|personnummer|cvr|bfe|ejendom)(?:[\s-]*(?:nr|nummer|no|number))?[\s.:#-]*(?=(?:dk)?[\s-]*\d)/i;
const typeOfPrefix: Readonly<Record<string, 'cpr' | 'cvr' | 'bfe'>> = {personnummer: 'cpr', ejendom: 'bfe'};
const parsers = {cpr: cprValue, cvr: parseCvr, bfe: parseBfe};

/**
 * Reads what somebody typed into a search: numbers with or without spaces, dots, hyphens, `CPR-nr.`, `CVR`, `DK`. A BFE number is one
 * only after `BFE`: by itself it could be part of a person's number.
 */
export function searchTerm(typed: string): SearchTerm | SearchFault {
  const text = typed.normalize('NFC').trim();
  const named = prefix.exec(text);
  const rest = named ? text.slice(named[0].length) : text;
  const compact = rest.replace(separators, '');
  const said = named?.[1]?.toLowerCase();
  const type = said === undefined ? typeIn(compact) : (typeOfPrefix[said] ?? (said as 'cpr' | 'cvr' | 'bfe'));
  if (type) {
    const parsed = parsers[type](compact);
    return parsed.ok ? {subject: {type, value: parsed.value}} : {type, reason: parsed.reason};
  }
  const words = text.replace(/\s+/g, ' ');
  return (words.match(/[\p{L}\p{N}]/gu)?.length ?? 0) < minSearchLength ? 'short' : {words};
}

/** What digits by themselves are. Those that are neither whole number are taken for a person's, so that they go nowhere. */
function typeIn(compact: string): 'cpr' | 'cvr' | undefined {
  if (/^(DK)?\d{8}$/i.test(compact)) return 'cvr';
  return /^\d+$/.test(compact) || cprValue(compact).ok ? 'cpr' : undefined;
}

const folded = (text: string): string =>
  text
    .normalize('NFD')
    // Accents do not matter; the ring is a letter of its own, and a double a is the same letter.
    .replace(/[\u0300-\u0309\u030b-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('aa', 'å');

/** Whether each of the words begins a word of a name, in any order: `han jens` finds Jens Hansen. */
export function nameSearch(words: string): (name: string) => boolean {
  const wanted = folded(words)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  return (name) => {
    const there = folded(name).split(/[^\p{L}\p{N}]+/u);
    return wanted.length > 0 && wanted.every((word) => there.some((part) => part.startsWith(word)));
  };
}
