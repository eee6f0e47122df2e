import type {HitKind} from '@bsp/contract';
import type {SubjectKey} from '../asked-subject.js';
import type {HitConfig, PagingConfig, RecordsConfig, SearchConfig, ShapedConfig} from './config.js';
import {typeOfKind} from './hit-mapping.js';
import {placeholderNames} from './placeholders.js';
import {keyOf, numberNames} from './subject-number.js';

/** Names of headers and form fields whose value nobody should read in a file. */
const secretName = /auth|cookie|key|token|secret|password/i;

interface Fault {
  readonly path: PropertyKey[];
  readonly message: string;
}

type Request = {readonly get?: string | undefined; readonly post?: string | undefined; readonly body?: unknown};

/** A request's address, and the key under which it stands. */
const addressed = ({get, post, body}: Request) => ({
  verb: get === undefined ? 'post' : 'get',
  template: get ?? post,
  body,
});

const textsIn = (body: unknown): string[] =>
  typeof body === 'string'
    ? [body]
    : typeof body === 'object' && body !== null
      ? Object.values(body).flatMap(textsIn)
      : [];

/** The values that a request sends, by the key under which they stand. */
const valuesIn = (request: Request) => {
  const {verb, template = '', body} = addressed(request);
  return [
    [verb, template.split(/[/?&=]/)],
    ['body', textsIn(body)],
  ] as const;
};

/** What a number is that no URL may hold, for the keys that have such. A company's and a property's is no secret. */
const secretNumbers: Readonly<Partial<Record<SubjectKey, string>>> = {
  cpr: 'a CPR number',
  employee: 'an employee’s key',
};

/** What `{number}` is where it may not stand in a URL. */
const secretNumber = ({numberInUrl}: ShapedConfig, key: SubjectKey): string | undefined =>
  numberInUrl ? undefined : secretNumbers[key];

/**
 * What is wrong with a request, given the values that it may use.
 *
 * @param secret - what `{number}` is, where it may not stand in a URL.
 */
function* requestFaults(
  request: Request,
  path: readonly PropertyKey[],
  known: ReadonlySet<string>,
  secret: string | undefined,
): Generator<Fault> {
  const {get, post, body} = request;
  if ((get === undefined) === (post === undefined)) {
    yield {path: [...path], message: 'expected exactly one of "get" and "post".'};
    return;
  }
  if (body !== undefined && post === undefined) yield {path: [...path, 'body'], message: 'only "post" has a body.'};
  const {verb, template = ''} = addressed(request);
  if (/^[a-z][a-z\d+.-]*:|^\/\/|\\|#/i.test(template))
    yield {path: [...path, verb], message: 'expected a path after "baseUrl", such as "cases?person={id}".'};
  for (const [key, name] of [
    ...placeholderNames(template).map((found) => [verb, found] as const),
    ...placeholderNames(body).map((found) => ['body', found] as const),
  ])
    if (!known.has(name))
      yield {path: [...path, key], message: `nothing gives {${name}}; known are ${[...known].join(', ')}.`};
  if (secret !== undefined && placeholderNames(template).some((name) => name.startsWith('number')))
    yield {
      path: [...path, verb],
      message: `${secret} must not stand in a URL, where logs keep it; send it by "post" in the "body". If the system allows nothing else, say so with "numberInUrl": true.`,
    };
}

/** What is wrong with a request that asks for whom or what the source reads for. */
function* subjectFaults(
  request: Request,
  path: readonly PropertyKey[],
  known: ReadonlySet<string>,
  config: ShapedConfig,
): Generator<Fault> {
  const key = keyOf(config);
  yield* requestFaults(request, path, known, secretNumber(config, key));
  if (key !== 'employee') return;
  // It is no number, but whatever the host gives.
  const {verb, template} = addressed(request);
  if (template === '{number}')
    yield {path: [...path, verb], message: 'expected a path after "baseUrl"; an employee’s key is no address.'};
  for (const [where, texts] of valuesIn(request))
    if (texts.some((text) => text.includes('{number}') && text !== '{number}'))
      yield {
        path: [...path, where],
        message: '{number} must stand alone: within a query, an employee’s key could become part of it.',
      };
}

const pagingNames: Readonly<Record<string, string>> = {page: 'page', offset: 'offset', cursor: 'cursor'};

function* listFaults(
  list: Request & {about?: unknown; paging?: PagingConfig | undefined},
  path: readonly PropertyKey[],
  known: ReadonlySet<string>,
  config: ShapedConfig,
  /** Names whose value was found in an answer that is known to be about the subject. */
  found: ReadonlySet<string>,
): Generator<Fault> {
  const {about, paging} = list;
  const {by} = paging ?? {};
  const mine = new Set([
    ...known,
    ...(by && pagingNames[by] ? [pagingNames[by]] : []),
    ...(paging?.size ? ['size'] : []),
  ]);
  yield* subjectFaults(list, path, mine, config);
  const used = [...placeholderNames(list.get ?? list.post), ...placeholderNames(list.body)];
  if (by && pagingNames[by] && !used.includes(pagingNames[by]))
    yield {
      path: [...path, 'paging'],
      message: `the request must use {${pagingNames[by]}}, else every page is the first.`,
    };
  if (by === 'page' || by === 'offset') {
    if (paging?.size === undefined)
      yield {path: [...path, 'paging', 'size'], message: 'missing; expected a whole number.'};
  }
  if (about === undefined)
    yield {
      path: [...path, 'about'],
      message:
        'missing; say where a record names whom it is about: {"number": "…"}, {"id": "…"}, or "requested-id" where it names nobody and was asked for by an id that was looked up.',
    };
  if (typeof about === 'object' && about !== null && 'id' in about && config.person?.values?.id === undefined)
    yield {path: [...path, 'about', 'id'], message: 'is compared with {id}: give it in "person.values".'};
  if (about === 'requested-id' && !used.some((name) => found.has(name)))
    yield {
      path: [...path, 'about'],
      message: 'the request uses no value that was looked up, so nothing tells whose records are answered.',
    };
}

function* recordsFaults(resource: string, records: RecordsConfig, config: ShapedConfig): Generator<Fault> {
  const path = ['records', resource];
  if (resource === 'person' && keyOf(config) !== 'cpr')
    yield {path, message: `is read for persons only, and "subject" says "${keyOf(config)}".`};
  const lookedUp = new Set(Object.keys(config.person?.values ?? {}));
  const known = new Set([...numberNames(keyOf(config)), ...lookedUp]);
  if (records.each) {
    yield* listFaults(records.each, [...path, 'each'], known, config, lookedUp);
    const own = new Set(Object.keys(records.each.values));
    for (const name of own)
      if (lookedUp.has(name))
        yield {path: [...path, 'each', 'values', name], message: 'stands in "person.values" too.'};
    yield* listFaults(records, path, new Set([...known, ...own]), config, own);
  } else if (records.get === undefined && records.post === undefined) {
    if (!config.person)
      yield {
        path,
        message: 'lacks "get" or "post"; without one it is read from the answer to "person", which lacks too.',
      };
    if (records.about !== undefined || records.paging !== undefined)
      yield {path, message: 'is read from the answer to "person", so it takes no "about" and no "paging".'};
  } else yield* listFaults(records, path, known, config, lookedUp);
  const map: Readonly<Record<string, string | undefined>> = records.map;
  for (const key of ['address.lines', 'address.municipality'])
    if (map[key] !== undefined && map['address.protected'] === undefined)
      yield {
        path: [...path, 'map', key],
        message: 'needs "address.protected" beside it: a protected address is not shown. "false" says that none is.',
      };
}

/** What is wrong with a request of a search, given what it may and must use. */
function* askedFaults(
  request: Request,
  path: readonly PropertyKey[],
  names: readonly [must: string, ...or: string[]],
  secret: string | undefined,
): Generator<Fault> {
  yield* requestFaults(request, path, new Set([...names, 'size']), secret);
  const {verb, template, body} = addressed(request);
  if (template !== undefined && /^\{\w+\}$/.test(template))
    yield {path: [...path, verb], message: 'expected a path after "baseUrl"; what somebody types is no address.'};
  const used = [...placeholderNames(template), ...placeholderNames(body)];
  if (!names.some((name) => used.includes(name)))
    yield {
      path: [...path],
      message: `the request must use {${names.join('} or {')}}, else it finds the same whatever is asked.`,
    };
}

function* wordsFaults(request: Request, path: readonly PropertyKey[], wordsInUrl: boolean): Generator<Fault> {
  yield* askedFaults(request, path, ['words'], secretNumbers.cpr);
  const {verb, template} = addressed(request);
  if (!wordsInUrl && placeholderNames(template).includes('words'))
    yield {
      path: [...path, verb],
      message:
        'what somebody types may be a person’s name, and must not stand in a URL, where logs keep it; send it by "post" in the "body". If the system allows nothing else, say so with "wordsInUrl": true.',
    };
  for (const [key, texts] of valuesIn(request))
    if (texts.some((text) => text.includes('{words}') && !/^[*%]?\{words\}[*%]?$/.test(text)))
      yield {
        path: [...path, key],
        message: '{words} must stand alone (but for * or % around it): within a query, words could become part of it.',
      };
}

/** The records that a hit of a kind is one of: the gateway shows it only where they may be read. */
const recordsOfKind: Partial<Record<HitKind, 'person' | 'cases'>> = {person: 'person', case: 'cases'};

function* kindFaults(kind: HitKind, hits: HitConfig, config: ShapedConfig): Generator<Fault> {
  const path = ['search', kind];
  const {byWords, byNumber, detail} = hits;
  if (!byWords && !byNumber)
    yield {path, message: `lacks "byWords"${kind === 'case' || kind === 'employee' ? '' : ' or "byNumber"'}.`};
  if (byWords) yield* wordsFaults(byWords, [...path, 'byWords'], config.wordsInUrl === true);
  if (byNumber) {
    const key = typeOfKind(kind, keyOf(config));
    yield* askedFaults(byNumber, [...path, 'byNumber'], numberNames(key), secretNumber(config, key));
  }
  if (kind === 'person' && detail !== undefined && hits.protected === undefined)
    yield {
      path: [...path, 'detail'],
      message: 'needs "protected" beside it: nothing is told of whom is protected. "false" says that nobody is.',
    };
  const needed = recordsOfKind[kind];
  const records = needed && config.records[needed];
  if (kind === 'person' && keyOf(config) !== 'cpr')
    yield {
      path,
      message: `needs "records.person", which only a source for persons has, and "subject" says "${keyOf(config)}".`,
    };
  else if (needed && !records)
    yield {path, message: `needs "records.${needed}": what it finds is shown as part of them only.`};
  if (kind === 'case' && records)
    for (const [key, text] of Object.entries<string | undefined>(records.map)) {
      const [used] = /\$(?:person|parent)\b/.exec(text ?? '') ?? [];
      if (used) yield {path, message: `"records.cases.map.${key}" uses ${used}, which a search does not have.`};
    }
}

function* searchFaults(search: SearchConfig, config: ShapedConfig): Generator<Fault> {
  const kinds = Object.entries(search) as [HitKind, HitConfig | undefined][];
  if (kinds.every(([, hits]) => hits === undefined))
    yield {path: ['search'], message: 'expected at least one of person, company, property, employee, case.'};
  for (const [kind, hits] of kinds) if (hits) yield* kindFaults(kind, hits, config);
}

/** What is wrong with a configuration whose parts are each as they should be. */
export function* configFaults(config: ShapedConfig): Generator<Fault> {
  const {person, records} = config;
  if (person) yield* subjectFaults(person, ['person'], new Set(numberNames(keyOf(config))), config);
  if (Object.values(records).every((one) => one === undefined))
    yield {path: ['records'], message: 'expected at least one of cases, journal, events, person.'};
  for (const [resource, one] of Object.entries(records)) if (one) yield* recordsFaults(resource, one, config);
  if (config.search) yield* searchFaults(config.search, config);
  const parameters = config.auth?.kind === 'oauth2' ? config.auth.parameters : undefined;
  for (const [path, values] of [
    [['headers'], config.headers],
    [['auth', 'parameters'], parameters],
  ] as const)
    for (const [name, value] of Object.entries(values ?? {}))
      if (typeof value === 'string' && secretName.test(name))
        yield {path: [...path, name], message: 'must not stand in the file; expected {"env": "NAME"}.'};
}
