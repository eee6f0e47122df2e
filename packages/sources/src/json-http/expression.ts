/**
 * JSONata as the configuration writes it: compiled once, bounded in time, depth and size, and with nothing to reach but
 * the answer.
 */
import jsonata from 'jsonata';
import {Turns} from '../turns.js';

/** What an expression may see beside the value that it is evaluated on. */
export interface Bindings {
  /** The whole answer in which a record stands. */
  readonly answer?: unknown;
  /** The answer of the person lookup. */
  readonly person?: unknown;
  /** The record for which this answer was asked. */
  readonly parent?: unknown;
  /** How many entries a list has given so far. */
  readonly seen?: number;
  /** How many hits were wanted. */
  readonly size?: number;
}

/** A compiled expression. */
export interface Expression {
  /** Where it stands in the configuration, e.g. `records.cases.map.title`. */
  readonly place: string;
  /** The names of {@link Bindings} that it uses. */
  readonly uses: ReadonlySet<string>;
  /** Gives a value or a promise of one, undefined where there is nothing. @throws ExpressionFault */
  evaluate(input: unknown, bindings?: Bindings): unknown;
}

/** An expression could not be evaluated. Says where it stands, nothing of what it was given. */
export class ExpressionFault extends Error {
  /** It ran into a bound: what comes after it in the same answer may do so too. */
  readonly exhausted: boolean;
  constructor(place: string, reason: string, exhausted: boolean) {
    super(`${place}: ${reason}`);
    this.name = 'ExpressionFault';
    this.exhausted = exhausted;
  }
}

/** An entry that an expression does not fit is one that cannot be read; a bound that was run into is more than that. */
export function unlessExhausted(thrown: unknown): undefined {
  if (!(thrown instanceof ExpressionFault) || thrown.exhausted) throw thrown;
}

/**
 * How many steps an evaluation on an entry, and one on a whole answer, may take: some 20 ms and 1 s. Not in time, because a
 * machine that is busy otherwise makes no answer wrong.
 */
const mostSteps = {entry: 20_000, answer: 500_000};
/** Where a single step takes long after all, in milliseconds. */
const longest = 10_000;
const deepest = 200;
/** The longest list that may come into being. */
const mostEntries = 100_000;
/** Longer texts are not searched by a regular expression: one repetition costs the square of the length. */
const longestSearched = 5_000;

/** Our code for too many steps, and JSONata's for time, depth and size. */
const bounds: ReadonlySet<unknown> = new Set(['STEPS', 'D1012', 'D1011', 'D2014', 'D2015']);

/** The binding in which an evaluation counts its steps. No expression can name it. */
const counter = 'steps taken';

/** JSONata calls what is bound to a symbol of its own before each step, which its types do not know. */
interface Assignable {
  assign(name: string | symbol, value: unknown): void;
}

/** What is counted of an evaluation. */
interface Taken {
  steps: number;
  readonly most: number;
  readonly turns: Turns;
}

/** Takes steps of an evaluation. A promise where others get their turn first. */
function take(environment: jsonata.Environment, steps: number): Promise<void> | undefined {
  const taken = environment.lookup(counter) as Taken;
  taken.steps += steps;
  if (taken.steps > taken.most) throw Object.assign(new Error('too many steps'), {code: 'STEPS'});
  return taken.turns.offer();
}

const lengthOf = (list: unknown): number => (Array.isArray(list) ? list.length : 1);

/**
 * Functions of JSONata that are one step and yet take the square of a list's length, in time or in memory, and how many steps they
 * are to count for. `distinct` compares each with each, `sort` copies what is left of the list for each, and `append` the whole list.
 */
const costly: readonly {
  readonly name: string;
  readonly signature: string;
  readonly parameters: number;
  readonly steps: (one: unknown, other: unknown) => number;
}[] = [
  {name: 'distinct', signature: '<x:x>', parameters: 1, steps: (list) => lengthOf(list) ** 2 / 20},
  {name: 'sort', signature: '<af?:a>', parameters: 2, steps: (list) => lengthOf(list) ** 2 / 200},
  {name: 'append', signature: '<xx:a>', parameters: 2, steps: (one, other) => (lengthOf(one) + lengthOf(other)) / 300},
];

type NativeFunction = (this: jsonata.Focus, ...given: unknown[]) => unknown;

const natives = new Map<string, Promise<NativeFunction>>();

/** JSONata's own function of a name. Looked up once: expressions call it for each entry of an answer. */
function nativeFunction(name: string): Promise<NativeFunction> {
  let native = natives.get(name);
  if (!native) {
    native = jsonata(`$${name}`)
      .evaluate(undefined)
      .then(({implementation}: {implementation: NativeFunction}) => implementation);
    natives.set(name, native);
  }
  return native;
}

/** Makes an expression stop after some steps, and let others have their turn between them. */
function bound(expression: jsonata.Expression & Assignable): void {
  expression.assign(
    Symbol.for('jsonata.__evaluate_entry'),
    (_node: unknown, _input: unknown, environment: jsonata.Environment) => take(environment, 1),
  );
  for (const {name, signature, parameters, steps} of costly) {
    async function counted(this: jsonata.Focus, ...given: unknown[]): Promise<unknown> {
      await take(this.environment, steps(given[0], given[1]));
      return (await nativeFunction(name)).apply(this, given);
    }
    // By it JSONata decides what it gives to a function.
    Object.defineProperty(counted, 'length', {value: parameters});
    expression.registerFunction(name, counted, signature);
  }
}

/** Functions that evaluate what the answer says, or make as much of something as it says. */
const refusedFunctions: ReadonlySet<string> = new Set(['eval', 'pad']);

class BoundedRegExp extends RegExp {
  override exec(text: string): RegExpExecArray | null {
    if (text.length > longestSearched) throw new RangeError('too long a text for a regular expression');
    return super.exec(text);
  }
}

/** Why a regular expression may take too long on a hostile text, or undefined. */
export function regexFault(source: string): string | undefined {
  if (/\\[1-9k]/.test(source)) return 'a regular expression must not refer back to a group';
  const bare = source.replace(/\\./gs, 'x').replace(/\[[^\]]*\]/g, 'x');
  if (/\(\?[=!<]/.test(bare)) return 'a regular expression must not look ahead or behind';
  if (/\)[*+?{]/.test(bare)) return 'a regular expression must not repeat a group';
  if ((bare.match(/[*+]|\{\d+,/g) ?? []).length > 1) return 'a regular expression may have one open repetition only';
  if ((bare.match(/\?/g) ?? []).length > 5) return 'a regular expression has too many question marks';
  return undefined;
}

/** A node of JSONata's syntax tree, of which its own types know some only. */
type Node = {readonly type?: string; readonly value?: unknown} & object;

function* nodesOf(root: object): Generator<Node> {
  const open: object[] = [root];
  const seen = new Set<object>(open);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node;
    for (const part of Object.values(node) as unknown[])
      if (typeof part === 'object' && part !== null && !seen.has(part)) {
        seen.add(part);
        open.push(part);
      }
  }
}

/** The names of a path such as `a.b`, which needs no interpreter; undefined for everything else. */
function plainPath(ast: Node & {readonly steps?: readonly Node[]}): readonly string[] | undefined {
  if (ast.type !== 'path' || Object.keys(ast).some((key) => key !== 'type' && key !== 'steps')) return undefined;
  const names = (ast.steps ?? []).map((step) =>
    step.type === 'name' && Object.keys(step).every((key) => ['type', 'value', 'position'].includes(key))
      ? String(step.value)
      : undefined,
  );
  return names.every((name) => name !== undefined) ? names : undefined;
}

/** What stands at a path, or `lists` where a list on the way asks for JSONata's own rules. */
function atPath(input: unknown, names: readonly string[]): {value: unknown} | 'lists' {
  let value = input;
  for (const name of names) {
    if (Array.isArray(value)) return 'lists';
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return {value: undefined};
    value = (value as Record<string, unknown>)[name];
  }
  return {value};
}

const parse = (text: string): jsonata.Expression | string => {
  try {
    return jsonata(text, {
      timeout: longest,
      stack: deepest,
      sequence: mostEntries,
      RegexEngine: BoundedRegExp as RegExpConstructor,
    });
  } catch (thrown) {
    const {message, position} = thrown as Partial<jsonata.JsonataError>;
    const where = position === undefined ? '' : ` at character ${position}`;
    return `not a JSONata expression${where}: ${message ?? 'it cannot be read'}`;
  }
};

/** Why a text is no usable expression, or undefined. */
export function expressionFault(text: string): string | undefined {
  const parsed = parse(text);
  if (typeof parsed === 'string') return parsed;
  for (const {type, value} of nodesOf(parsed.ast())) {
    if (type === 'variable' && refusedFunctions.has(String(value))) return `$${String(value)} is not available`;
    const fault = value instanceof RegExp ? regexFault(value.source) : undefined;
    if (fault !== undefined) return fault;
  }
  return undefined;
}

interface CompileOptions {
  readonly on?: keyof typeof mostSteps;
  readonly functions?: Readonly<Record<string, (value: unknown) => unknown>>;
}

/**
 * Compiles an expression.
 *
 * @param options.on - one entry, unless it is a whole answer.
 * @param options.functions - what it may call beside JSONata's own.
 * @throws Error that says where the expression stands and what is wrong with it.
 */
export function compileExpression(
  text: string,
  place: string,
  {on = 'entry', functions = {}}: CompileOptions = {},
): Expression {
  const fault = expressionFault(text);
  const parsed = parse(text);
  if (typeof parsed === 'string') throw new Error(`${place}: ${parsed}`);
  if (fault !== undefined) throw new Error(`${place}: ${fault}`);
  for (const [name, implementation] of Object.entries(functions))
    parsed.registerFunction(name, (value: unknown) => implementation(value));
  bound(parsed);
  const uses = new Set(
    [...nodesOf(parsed.ast())].flatMap(({type, value}) => (type === 'variable' ? [String(value)] : [])),
  );
  const names = plainPath(parsed.ast());
  const interpreted = async (input: unknown, bindings: Bindings): Promise<unknown> => {
    try {
      const taken: Taken = {steps: 0, most: mostSteps[on], turns: new Turns()};
      return (await parsed.evaluate(input, {...bindings, [counter]: taken})) as unknown;
    } catch (thrown) {
      // JSONata's message repeats the value that it stumbled over.
      const code: unknown = (thrown as {code?: unknown}).code;
      const exhausted = bounds.has(code);
      const reason = exhausted ? 'takes too long, or makes too much of this answer' : 'does not fit this answer';
      throw new ExpressionFault(place, typeof code === 'string' ? `${reason} (${code})` : reason, exhausted);
    }
  };
  return {
    place,
    uses,
    evaluate: (input, bindings = {}) => {
      const found = names === undefined ? 'lists' : atPath(input, names);
      return found === 'lists' ? interpreted(input, bindings) : found.value;
    },
  };
}
