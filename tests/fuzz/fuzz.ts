// What every fuzz test shares: how many inputs, which, and how a finding is told.
//   FUZZ_RUNS  inputs for each parser (default 100)
//   FUZZ_SEED  which (default: the same every time; `npm run test:fuzz` draws one)
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {Watchdog} from './watchdog.js';

/** What a parser did with an input. Both must happen, else nothing was tested. */
export type Outcome = 'taken' | 'refused';

/** A parser with an oracle. */
export interface Target<I> {
  /** Plain data that says how an input is made: it is printed when something is found. */
  readonly inputs: fc.Arbitrary<I>;
  /** Gives the input to the parser and throws where the answer is not what it must be. */
  check(input: I): Outcome | Promise<Outcome>;
}

/** What was found, and how to see it again. */
export interface Finding {
  readonly said: string;
  readonly seed: number;
  readonly path: string;
}

const settings = {
  runs: Number(process.env.FUZZ_RUNS || 100),
  seed: Number(process.env.FUZZ_SEED || 20_261_120),
};
assert(Number.isInteger(settings.runs) && settings.runs > 0, 'FUZZ_RUNS is a number of inputs');
assert(Number.isInteger(settings.seed), 'FUZZ_SEED is a whole number');

const watchdog = new Watchdog();

/** Looks for an input that a target's oracle objects to. */
export async function hunt<I>(
  name: string,
  target: Target<I>,
  options: {numRuns: number; seed: number; path?: string; endOnFailure?: boolean},
): Promise<{finding?: Finding; outcomes: Record<Outcome, number>}> {
  const outcomes = {taken: 0, refused: 0};
  const {failed, seed, counterexample, counterexamplePath, errorInstance} = await fc.check(
    fc.asyncProperty(target.inputs, async (input) => {
      watchdog.begin(`${name}, seed ${options.seed}: ${fc.stringify(input)}`);
      outcomes[await target.check(input)]++;
      watchdog.rest();
    }),
    options,
  );
  watchdog.rest();
  if (!failed) return {outcomes};
  const path = counterexamplePath ?? '';
  const fault = errorInstance instanceof Error ? errorInstance.stack : String(errorInstance);
  const said = `${name}: FUZZ_SEED=${seed}, path ${path}\n${fc.stringify(counterexample).slice(0, 4_000)}\n${fault}`;
  return {finding: {said, seed, path}, outcomes};
}

/** Fuzzes a target and fails with what was found. `share`: of the usual number of inputs. */
export async function fuzz<I>(name: string, target: Target<I>, {share = 1} = {}): Promise<void> {
  const numRuns = Math.ceil(settings.runs * share);
  const {finding, outcomes} = await hunt(name, target, {numRuns, seed: settings.seed});
  if (finding) assert.fail(finding.said);
  const {taken, refused} = outcomes;
  if (process.env.FUZZ_RUNS) console.error(`  ${name}: ${numRuns} inputs, ${taken} taken, ${refused} refused`);
  // Of a few inputs all may be alike by chance.
  assert(numRuns < 50 || (taken > 0 && refused > 0), `of ${numRuns} inputs ${taken} were taken and ${refused} refused`);
}

/**
 * Asserts that a fault which was put into a parser is found, and that the same input finds nothing without it: what is
 * seen is what was put in.
 */
export async function bites<I>(fault: string, withFault: Target<I>, without: Target<I>, numRuns = 400): Promise<void> {
  const {finding} = await hunt(fault, withFault, {numRuns, seed: 20_261_120, endOnFailure: true});
  assert(finding, `nothing was found although ${fault}`);
  const {seed, path} = finding;
  const {finding: still} = await hunt(fault, without, {numRuns: 1, seed, path, endOnFailure: true});
  if (still) assert.fail(still.said);
}

/** Ten characters that are a CPR number to whoever reads them, with or without separator. */
const numberLike = /\d{6}[^\S\n]?[-\u2010-\u2015\u2212]?[^\S\n]?\d{4}/;

/** Asserts that a text for people, a log or an error holds no number of a person. */
export function assertNoNumber(text: string, what: string): void {
  assert(!numberLike.test(text), `${what} holds ten digits that may be a CPR number`);
}
