import {readFileSync} from 'node:fs';
import {resolve} from 'node:path';
import {type HopSubject, hopSubjects} from '@bsp/contract';
import * as z from 'zod/mini';
import {containsCpr} from './aliases.js';
import {type ConfigFault, faultsOf, pathText, takenIds, unknownKey} from './config-error.js';
import {isLoopback} from './loopback.js';

interface TargetBase {
  readonly id: string;
  readonly name: string;
  readonly for: HopSubject;
  /** Whose records it takes; undefined for targets of persons. */
  readonly sources?: readonly string[];
  readonly url: string;
}

/** Another system that users go on to. */
export type TargetConfig =
  /** It gets a code and redeems it from its server, with its secret. */
  | (TargetBase & {readonly kind: 'code'; readonly secret: string})
  /** It takes a form only: a page of the gateway posts it. */
  | (TargetBase & {readonly kind: 'form'; readonly fields: Readonly<Record<string, string>>})
  /** It is opened by an address, with the id of the record where the address has a place for it. */
  | (TargetBase & {readonly kind: 'link'});

const text = (longest = 200) => z.string().check(z.minLength(1), z.maxLength(longest));
const secretKeys = ['secret', 'secretFile', 'secretVariable'] as const;
const shortestSecret = 32;

const baseShape = {
  id: z
    .string()
    .check(z.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'expected small letters, digits, ".", "_" or "-" (64 at most).')),
  name: text(),
  for: z.optional(z.enum(hopSubjects)),
  sources: z.optional(z.array(text()).check(z.minLength(1))),
  url: text(2_000),
};
const schemas = {
  code: z.strictObject({
    ...baseShape,
    kind: z.literal('code'),
    secret: z.optional(text()),
    secretFile: z.optional(text(4_000)),
    secretVariable: z.optional(text()),
  }),
  form: z.strictObject({...baseShape, kind: z.literal('form'), fields: z.record(text(), z.string())}),
  link: z.strictObject({...baseShape, kind: z.literal('link')}),
};
type Kind = keyof typeof schemas;
const isKind = (value: unknown): value is Kind => typeof value === 'string' && Object.hasOwn(schemas, value);

/** What stands in braces in a form's fields and in a link's address. */
const placeholder = /\{([^{}]*)\}/g;
const fieldPlaceholders = ['cpr', 'user', 'record'];

/** Where secrets that are not in the configuration itself come from. */
export interface SecretPlaces {
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

interface Surroundings extends SecretPlaces {
  /** Where in the configuration `targets` stands. */
  readonly base: readonly PropertyKey[];
  readonly sourceIds: readonly string[];
}

/** Validates `targets`; what is wrong is added to `faults`. */
export function targetsOf(
  entries: readonly Readonly<Record<string, unknown>>[],
  around: Surroundings,
  faults: ConfigFault[],
): TargetConfig[] {
  const targets = entries.flatMap((entry, index) =>
    targetOf(entry, [...around.base, 'targets', index], around, faults),
  );
  faults.push(...takenIds(targets, [...around.base, 'targets'], 'each target its own id'));
  return targets;
}

function targetOf(
  entry: Readonly<Record<string, unknown>>,
  base: readonly PropertyKey[],
  {sourceIds, ...places}: Surroundings,
  faults: ConfigFault[],
): TargetConfig[] {
  const fault = (path: readonly PropertyKey[], message: string): [] => {
    faults.push({path: pathText([...base, ...path]), message});
    return [];
  };
  if (!isKind(entry.kind)) return fault(['kind'], 'expected one of "code", "form", "link".');
  const parsed = schemas[entry.kind].safeParse(entry);
  if (!parsed.success) {
    const known = Object.keys(schemas[entry.kind].shape);
    for (const issue of parsed.error.issues)
      faults.push(
        ...(issue.code === 'unrecognized_keys'
          ? issue.keys.map((key) => unknownKey(base, key, known))
          : faultsOf([issue], {base})),
      );
    return [];
  }
  const before = faults.length;
  const {for: about = 'person', sources, ...given} = parsed.data;
  // A case that is opened in a system that does not hold it opens nothing, or somebody else's.
  if (about !== 'person' && !sources)
    fault(
      ['sources'],
      `missing; name the sources whose ${about === 'case' ? 'cases' : 'documents'} it knows by their id.`,
    );
  if (about === 'person' && sources) fault(['sources'], 'a target for persons takes no sources; remove this.');
  sources?.forEach((id, place) => {
    if (!sourceIds.includes(id)) fault(['sources', place], `there is no source "${id}".`);
  });
  const wrongAddress = addressFault(given.url, given.kind === 'link' && about !== 'person');
  if (wrongAddress) fault(['url'], wrongAddress);
  const common = {for: about, ...(sources ? {sources} : {})};
  if (given.kind === 'form') {
    for (const [name, value] of Object.entries(given.fields))
      for (const [, word = ''] of value.matchAll(placeholder))
        if (!fieldPlaceholders.includes(word) || (word === 'record' && about === 'person'))
          fault(['fields', name], `{${word}} is none of {cpr}, {user}${about === 'person' ? '' : ', {record}'}.`);
    return faults.length > before ? [] : [{...given, ...common}];
  }
  if (given.kind === 'link') return faults.length > before ? [] : [{...given, ...common}];
  const secret = secretOf(given, places, fault);
  const {id, name, kind, url} = given;
  return faults.length > before || secret === undefined ? [] : [{id, name, kind, url, ...common, secret}];
}

/** Why an address can not be one that people are sent to. */
function addressFault(address: string, mayHoldRecord: boolean): string | undefined {
  const words = [...address.matchAll(placeholder)].map(([, word]) => word);
  if (words.some((word) => word !== 'record' || !mayHoldRecord))
    return mayHoldRecord ? 'only {record} can stand in it.' : 'nothing in braces can stand in it.';
  const [one, another] = ['x', 'y'].map((word) => parsedUrl(address.replaceAll('{record}', word)));
  if (!one || !another) return 'expected an address such as "https://care.example/open".';
  if (one.protocol !== 'https:' && !(one.protocol === 'http:' && isLoopback(one.hostname.replace(/^\[|\]$/g, ''))))
    return 'expected https; http only on this machine.';
  if (one.username || one.password) return 'a name or password can not stand in it.';
  if (one.origin !== another.origin) return '{record} can stand only after the host.';
  if (containsCpr(address)) return 'a CPR number can not stand in it.';
  return undefined;
}

const parsedUrl = (address: string): URL | undefined => {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
};

function secretOf(
  given: {readonly [K in (typeof secretKeys)[number]]?: string | undefined},
  {directory, env}: SecretPlaces,
  fault: (path: readonly PropertyKey[], message: string) => [],
): string | undefined {
  const chosen = secretKeys.filter((name) => given[name] !== undefined);
  const [key] = chosen;
  if (!key || chosen.length > 1) {
    fault(
      [],
      `expected exactly one of "secret", "secretFile" or "secretVariable"; got ${chosen.join(' and ') || 'none'}.`,
    );
    return undefined;
  }
  const named = given[key] ?? '';
  let secret: string | undefined;
  if (key === 'secretFile') {
    try {
      secret = readFileSync(resolve(directory, named), 'utf8').trim();
    } catch {
      fault([key], `can't be read. Looked at ${resolve(directory, named)}.`);
      return undefined;
    }
  } else secret = key === 'secret' ? named : env[named];
  if (secret !== undefined && secret.length >= shortestSecret) return secret;
  fault(
    [key],
    secret === undefined
      ? `there is no variable ${named} in the environment.`
      : `the secret must have ${shortestSecret} characters at least, e.g. from "openssl rand -base64 32".`,
  );
  return undefined;
}
