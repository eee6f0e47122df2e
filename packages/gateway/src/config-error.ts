import type * as z from 'zod/mini';

/** One thing that is wrong in a configuration. */
export interface ConfigFault {
  /** Where in the JSON, e.g. `sources[0].deadlineMs`; `(file)` for the file itself. */
  readonly path: string;
  /** What is wrong there, what was expected and what to do. */
  readonly message: string;
}

/** The configuration can't be used. The message lists every fault on a line of its own. */
export class ConfigError extends Error {
  readonly faults: readonly ConfigFault[];
  constructor(origin: string, faults: readonly ConfigFault[]) {
    super(`${origin} can't be used:\n${faults.map((fault) => `  ${fault.path}: ${fault.message}`).join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

type Issue = z.core.$ZodIssue;

/**
 * Turns a schema's issues into faults in plain words.
 *
 * @param base - where in the whole configuration the validated part stands.
 * @param known - the keys that are known at the top of that part, for "did you mean".
 * @param schema - tells those of the parts below it.
 */
export function faultsOf(
  issues: readonly Issue[],
  options: {
    base?: readonly PropertyKey[];
    known?: readonly string[];
    schema?: z.core.$ZodType;
  } = {},
): ConfigFault[] {
  const base = options.base ?? [];
  return issues.flatMap((issue) => {
    const path = [...base, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      const known = issue.path.length === 0 ? options.known : keysAt(options.schema, issue.path);
      return issue.keys.map((key) => unknownKey(path, key, known));
    }
    return [{path: pathText(path), message: expectation(issue)}];
  });
}

/** What is looked at of a schema's definition, whichever kind it is. */
interface Def {
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly element?: z.core.$ZodType;
  readonly innerType?: z.core.$ZodType;
}

/** The keys that an object at a place in a schema may have; undefined where it is none. */
function keysAt(schema: z.core.$ZodType | undefined, path: readonly PropertyKey[]): readonly string[] | undefined {
  // A connector's own schema may be of another make.
  const def = (schema as {readonly _zod?: {readonly def?: Def}} | undefined)?._zod?.def;
  if (def?.innerType) return keysAt(def.innerType, path);
  const [first, ...rest] = path;
  if (first === undefined) return def?.shape && Object.keys(def.shape);
  return keysAt(typeof first === 'number' ? def?.element : def?.shape?.[String(first)], rest);
}

/** The fault of a key that nobody knows. */
export function unknownKey(parent: readonly PropertyKey[], key: string, known: readonly string[] = []): ConfigFault {
  const near = nearest(key, known);
  const hint = near
    ? `did you mean "${near}"?`
    : known.length > 0
      ? `known keys are ${known.join(', ')}.`
      : 'remove it.';
  return {path: pathText([...parent, key]), message: `unknown key; ${hint}`};
}

/**
 * The faults of entries whose id stands there before: of two with one id only one would ever be found.
 *
 * @param base - where the entries stand in the whole configuration.
 * @param each - what each must have.
 */
export const takenIds = (
  entries: readonly {readonly id: string}[] = [],
  base: readonly PropertyKey[],
  each = 'each its own',
): ConfigFault[] =>
  entries.flatMap(({id}, index) =>
    entries.findIndex((other) => other.id === id) < index
      ? [{path: pathText([...base, index, 'id']), message: `"${id}" is taken; give ${each}.`}]
      : [],
  );

/** The known word that a mistyped one most likely stands for. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  let best: {word: string; distance: number} | undefined;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance <= Math.max(1, Math.floor(candidate.length / 3)) && distance < (best?.distance ?? Infinity))
      best = {word: candidate, distance};
  }
  return best?.word;
}

/** `sources[0].deadlineMs` */
export function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return text.replace(/^\./, '') || '(top level)';
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${kindText(issue.expected)}.`;
    case 'too_small':
      return issue.origin === 'string' && issue.minimum === 1
        ? 'must not be empty.'
        : `expected at least ${String(issue.minimum)}${lengthUnit(issue.origin)}.`;
    case 'too_big':
      return `expected at most ${String(issue.maximum)}${lengthUnit(issue.origin)}.`;
    case 'invalid_value':
      return `expected one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}.`;
    default:
      return issue.message === 'Invalid input' ? 'not a usable value.' : issue.message;
  }
}

const kindTexts: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list [ … ]',
  object: 'an object { … }',
  record: 'an object { … }',
};
const kindText = (kind: unknown): string => kindTexts[String(kind)] ?? String(kind);

const lengthUnit = (origin: unknown): string =>
  origin === 'string' ? ' characters' : origin === 'array' ? ' entries' : '';

function editDistance(left: string, right: string): number {
  let previous = Array.from({length: right.length + 1}, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const change = left[row - 1] === right[column - 1] ? 0 : 1;
      current.push(Math.min(previous[column]! + 1, current[column - 1]! + 1, previous[column - 1]! + change));
    }
    previous = current;
  }
  return previous[right.length]!;
}
