import {UsageError} from './cli-streams.js';

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
