import * as z from 'zod/mini';
import {cprValue, type IdentifierFault, maskCpr, parseBfe, parseCvr} from './identifiers.js';

/** The keys by which a context may be opened. `ref` is an opaque handle from the backend, bound to tenant and user. */
export const subjectTypes = ['cpr', 'cvr', 'bfe', 'employee', 'ref', 'user', 'self'] as const;
/** One of {@link subjectTypes}. */
export type SubjectType = (typeof subjectTypes)[number];

/** What a context is about. `user` is the caseworker's own lists; `self` the citizen, known from the token alone. */
export type Subject =
  | {readonly type: 'cpr' | 'cvr' | 'bfe' | 'employee' | 'ref'; readonly value: string}
  | {readonly type: 'user' | 'self'};

/** Shape of a {@link Subject} on the wire. The value's own rules are {@link normalizedSubject}'s. */
export const subjectSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.enum(['cpr', 'cvr', 'bfe', 'employee', 'ref']),
    value: z.string().check(z.minLength(1), z.maxLength(200)),
  }),
  z.object({type: z.enum(['user', 'self'])}),
]);

/** A subject as it may be shown: never a person's number itself. */
export const shownSubjectSchema = z.object({
  type: z.enum(subjectTypes),
  /** Masked number, e.g. `641284-••••`. A company's or a property's is no secret: `CVR 90000004`, `BFE 990000001`. */
  masked: z.optional(z.string()),
  /** Name, when the backend knows it at opening time. */
  label: z.optional(z.string()),
});
/** See {@link shownSubjectSchema}. */
export type ShownSubject = z.infer<typeof shownSubjectSchema>;

/** The subject with its number in canonical form, or why it is none. */
export function normalizedSubject(subject: Subject): {ok: true; value: Subject} | IdentifierFault {
  if (!('value' in subject)) return {ok: true, value: subject};
  const {type, value} = subject;
  const parse = type === 'cpr' ? cprValue : type === 'cvr' ? parseCvr : type === 'bfe' ? parseBfe : undefined;
  if (parse) {
    const parsed = parse(value);
    return parsed.ok ? {ok: true, value: {type, value: parsed.value}} : parsed;
  }
  return value.trim() === '' ? {ok: false, reason: 'format'} : {ok: true, value: {type, value: value.trim()}};
}

/** A subject's number as it may be shown; undefined where it has none. */
export const shownNumber = (subject: Subject): string | undefined =>
  subject.type === 'cpr'
    ? maskCpr(subject.value)
    : subject.type === 'cvr' || subject.type === 'bfe'
      ? `${subject.type.toUpperCase()} ${subject.value}`
      : undefined;
