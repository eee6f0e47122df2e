import {casePhases, personStatuses, sensitivities} from '@bsp/contract';
import * as z from 'zod/mini';
import {subjectKeys} from '../asked-subject.js';
import {
  type AuthConfig,
  address,
  authSchema,
  headerName,
  openValue,
  text,
  wholeNumber,
} from '../http/connection-config.js';
import type {Secret} from '../secret.js';
import {tlsSchema} from '../tls.js';
import {configFaults} from './config-faults.js';
import {expressionFault} from './expression.js';

const expression = () =>
  z.string().check(z.minLength(1), z.maxLength(4_000), (payload) => {
    const fault = expressionFault(payload.value);
    if (fault !== undefined)
      payload.issues.push({code: 'custom', message: `${fault}.`, input: payload.value, continue: true});
  });

const requestShape = {
  /** Path and query after the base, with placeholders; or one placeholder that is an address. */
  get: z.optional(text()),
  post: z.optional(text()),
  body: z.optional(z.unknown()),
};

const valueName = () =>
  z.string().check(
    z.regex(/^[A-Za-z][A-Za-z0-9]{0,40}$/, 'expected letters and digits.'),
    z.refine((name) => !givenNames.has(name), 'this name is taken; choose another.'),
  );
/** Placeholders that have a value without being looked up. */
export const givenNames: ReadonlySet<string> = new Set([
  'number',
  'numberWithHyphen',
  'words',
  'page',
  'offset',
  'size',
  'cursor',
]);
const valuesSchema = z.record(valueName(), expression());

/** Of a person, or of whatever else the source reads for. */
const personLookupSchema = z.strictObject({
  ...requestShape,
  /** Where the person is in the answer; an empty list there is nobody. All of it, where this is left out. */
  items: z.optional(expression()),
  /** Whose data it is: the number that stands there, of the key for which the source reads. */
  number: expression(),
  /** True where the answer says otherwise that there is no such person. */
  nobody: z.optional(expression()),
  /** True where the answer says that the person may not be seen. */
  forbidden: z.optional(expression()),
  /** What the requests after it need of the answer. */
  values: z.optional(valuesSchema),
});

const pagingShape = {
  /** Entries of a page, for `{size}`. */
  size: z.optional(wholeNumber(1, 10_000)),
  /** Requests after which the reader has to ask for more. */
  maxPages: z.optional(wholeNumber(1, 200)),
};
const pagingSchema = z.discriminatedUnion(
  'by',
  [
    z.strictObject({
      by: z.literal('page'),
      ...pagingShape,
      /** The number of the first page: 0 or 1. */
      first: z.optional(wholeNumber(0, 1)),
      /** Whether there is more; without it, a page that is not full is the last. */
      more: z.optional(expression()),
    }),
    z.strictObject({by: z.literal('offset'), ...pagingShape, more: z.optional(expression())}),
    z.strictObject({by: z.literal('cursor'), ...pagingShape, next: expression()}),
    /** The address of the next page: from the answer, else from the header `Link`. */
    z.strictObject({by: z.literal('link'), ...pagingShape, next: z.optional(expression())}),
  ],
  'expected "by": page, offset, cursor or link.',
);
/** See {@link pagingSchema}. */
export type PagingConfig = z.infer<typeof pagingSchema>;

const aboutSchema = z.union(
  [z.strictObject({number: expression()}), z.strictObject({id: expression()}), z.literal('requested-id')],
  'expected {"number": "…"} or {"id": "…"} with where it stands in a record, or "requested-id".',
);

const listShape = {
  ...requestShape,
  /** Where the records are in the answer; all of it, where this is left out. */
  items: z.optional(expression()),
  about: z.optional(aboutSchema),
  paging: z.optional(pagingSchema),
};

const eachSchema = z.strictObject({
  ...listShape,
  /** What the requests for each of them need of it. */
  values: valuesSchema,
  /** The most for which is asked. */
  max: z.optional(wholeNumber(1, 200)),
});
/** See {@link eachSchema}. */
export type EachConfig = z.infer<typeof eachSchema>;

const words = <const T extends readonly [string, ...string[]]>(ours: T) => z.record(z.string(), z.enum(ours));

const recordsOf = <M extends Record<string, z.ZodMiniType>, W extends Record<string, z.ZodMiniType>>(
  map: M,
  wordTables: W,
) =>
  z.strictObject({
    ...listShape,
    /** A list whose entries each are asked for records. */
    each: z.optional(eachSchema),
    map: z.strictObject(map),
    words: z.optional(z.strictObject(wordTables)),
  });

const optional = () => z.optional(expression());

const recordsSchema = z.strictObject({
  cases: z.optional(
    recordsOf(
      {
        id: expression(),
        title: expression(),
        number: optional(),
        status: expression(),
        'kle.number': optional(),
        'kle.title': optional(),
        'responsible.name': optional(),
        'responsible.unit': optional(),
        openedAt: optional(),
        changedAt: expression(),
        closedAt: optional(),
        sensitivity: optional(),
      },
      {status: z.optional(words(casePhases)), sensitivity: z.optional(words(sensitivities))},
    ),
  ),
  journal: z.optional(
    recordsOf(
      {
        id: expression(),
        'case.id': optional(),
        'case.title': optional(),
        occurredAt: expression(),
        recordedAt: expression(),
        'author.name': expression(),
        'author.unit': optional(),
        heading: expression(),
        body: expression(),
        'kle.number': optional(),
        'kle.title': optional(),
      },
      {},
    ),
  ),
  events: z.optional(
    recordsOf(
      {
        id: expression(),
        type: expression(),
        title: expression(),
        text: optional(),
        occurredAt: expression(),
        receivedAt: expression(),
        'about.kind': optional(),
        'about.id': optional(),
        'about.title': optional(),
      },
      {type: z.optional(z.record(z.string(), text()))},
    ),
  ),
  person: z.optional(
    recordsOf(
      {
        id: expression(),
        name: expression(),
        status: expression(),
        birthDate: optional(),
        sex: optional(),
        'address.lines': optional(),
        'address.municipality': optional(),
        'address.since': optional(),
        'address.protected': optional(),
        citizenship: optional(),
      },
      {status: z.optional(words(personStatuses)), sex: z.optional(words(['female', 'male']))},
    ),
  ),
});
const requestSchema = z.strictObject(requestShape);

const hitShape = {
  /** Where what was found is in the answer; all of it, where this is left out. */
  items: z.optional(expression()),
  /** Whom or what an entry is about: its CPR, CVR or BFE number or employee's key; of a case that of the key for which is read. */
  number: expression(),
  /** A name; of a case that of whom or what it is about. */
  name: expression(),
  /** Whether there is more than was answered to words. */
  more: optional(),
};
/** What tells it from its namesakes. */
const detail = {detail: optional()};
/** True where name and address are protected. */
const guarded = {protected: optional()};
const byWords = {byWords: z.optional(requestSchema)};
const byNumber = {byNumber: z.optional(requestSchema)};

/** By kind of hit. A case and an employee have no number that is told from words. */
const searchSchema = z.strictObject({
  person: z.optional(z.strictObject({...byWords, ...byNumber, ...hitShape, ...detail, ...guarded})),
  company: z.optional(z.strictObject({...byWords, ...byNumber, ...hitShape, ...detail})),
  property: z.optional(z.strictObject({...byWords, ...byNumber, ...hitShape, ...detail})),
  employee: z.optional(z.strictObject({...byWords, ...hitShape, ...detail})),
  case: z.optional(z.strictObject({...byWords, ...hitShape, ...guarded})),
});
/** See {@link searchSchema}. */
export type SearchConfig = z.infer<typeof searchSchema>;
/** How one kind of hit is searched for; only some have all of it. */
export type HitConfig = NonNullable<SearchConfig['person']>;

/** The records of one resource, as configured. */
export type RecordsConfig = NonNullable<z.infer<typeof recordsSchema>[keyof z.infer<typeof recordsSchema>]>;
/** The resources that this connector can fill. */
export type MappedResource = keyof z.infer<typeof recordsSchema>;

const subjectSchema = z.enum(subjectKeys);

/** As much of a configuration as its parts are held against each other. */
export interface ShapedConfig {
  readonly subject?: z.infer<typeof subjectSchema> | undefined;
  readonly person?: z.infer<typeof personLookupSchema> | undefined;
  readonly records: z.infer<typeof recordsSchema>;
  readonly search?: SearchConfig | undefined;
  readonly numberInUrl?: boolean | undefined;
  readonly wordsInUrl?: boolean | undefined;
  readonly headers?: Readonly<Record<string, string | Secret>> | undefined;
  readonly auth?: AuthConfig | undefined;
}

/** Config of a source with `"connector": "json-http"`. */
export const jsonHttpConfigSchema = z
  .strictObject({
    /** What all paths start from, e.g. `https://momentum.example.dk/api`. */
    baseUrl: address(),
    auth: z.optional(authSchema),
    headers: z.optional(z.record(headerName(), openValue())),
    tls: z.optional(tlsSchema),
    /** For which key it reads: `cpr`, unless it says otherwise. A system that is asked for several is as many sources. */
    subject: z.optional(subjectSchema),
    /** The system takes the CPR number, or the employee's key, in the URL only. */
    numberInUrl: z.optional(z.boolean()),
    /** The system takes what was typed into a search in the URL only. */
    wordsInUrl: z.optional(z.boolean()),
    /** The most that is taken in for one question, in bytes, unpacked. */
    maxBytes: z.optional(wholeNumber(1_000, 200_000_000)),
    /** How many requests in a hundred may be sent once more. */
    retryPercent: z.optional(wholeNumber(0, 100)),
    person: z.optional(personLookupSchema),
    records: recordsSchema,
    search: z.optional(searchSchema),
  })
  .check((payload) => {
    for (const {path, message} of configFaults(payload.value))
      payload.issues.push({code: 'custom', path, message, input: payload.value, continue: true});
  });
/** See {@link jsonHttpConfigSchema}. */
export type JsonHttpConfig = z.infer<typeof jsonHttpConfigSchema>;
