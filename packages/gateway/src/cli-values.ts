import {readFile} from 'node:fs/promises';
import {text as allOf} from 'node:stream/consumers';
import {type Cpr, parseCpr} from '@bsp/contract';
import {type CliStreams, CommandError, UsageError} from './cli-streams.js';

/** Options of a command line, as they were parsed. */
export type Values = Readonly<Record<string, string | boolean | undefined>>;

/** Who does something, and why. */
export function accountable(values: Values, what: string): {by: string; reason: string} {
  const by = textOf(values, 'by');
  const reason = textOf(values, 'reason');
  if (!by || !reason) throw new UsageError(`${what} only with --by WHO and --reason WHY; both go into the log.`);
  return {by, reason};
}

/** An option that is a text. */
export function textOf(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

/** What stands in a file; `-` is the standard input. */
export const given = (file: string, {in: input}: CliStreams): Promise<string> =>
  file === '-' ? allOf(input) : readFile(file, 'utf8');

/** The citizen whose number stands in the file that `--cpr-file` names. */
export async function citizenIn(values: Values, streams: CliStreams): Promise<Cpr> {
  const file = textOf(values, 'cpr-file');
  if (file === undefined)
    throw new UsageError(
      'Give the number in a file, never on the command line: --cpr-file FILE, or - for standard input.',
    );
  const parsed = parseCpr((await given(file, streams)).trim());
  if (!parsed.ok) throw new CommandError('What stands there is not a CPR number.');
  return parsed.value;
}
