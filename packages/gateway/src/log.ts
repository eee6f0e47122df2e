import {problemCodes} from '@bsp/contract';

/** The operational log, as the rooms use it: pino's signatures. Never person data, never bodies. */
export interface Log {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object | string, message?: string): void;
  error(details: object, message: string): void;
}

/** Stands where something might have been a CPR number. */
const blank = '••••••••••';

/**
 * Blanks whatever might be a CPR number, also inside words and URLs. For text from elsewhere that has to be logged or
 * told: rather blank too much than too little.
 */
export const scrub = (text: string): string =>
  text.replace(/\d{6}[^\S\n]?[-\u2010-\u2015\u2212]?[^\S\n]?[\dA-Za-z]{4}/g, blank);

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const deepest = 4;

/**
 * What a connector has logged beside its message, with whatever might be a CPR number blanked, names too. Ids of requests (UUIDs)
 * stay as they are: about every fourth would be blanked in the middle, and could not be found again at the source.
 */
export function scrubDetails(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return uuid.test(value) ? value : scrub(value);
  if (typeof value === 'number') return /^\d{9,10}$/.test(String(value)) ? blank : value;
  if (value instanceof Error) return errorDetails(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === deepest) return '…';
  if (Array.isArray(value)) return value.map((one) => scrubDetails(one, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [scrub(key), scrubDetails(one, depth + 1)]));
}

/** What may be logged of an error. */
interface ErrorDetails {
  readonly error: string;
  readonly code?: string;
  readonly message?: string;
  /** Where it was made: file, line and column. */
  readonly at?: string;
  readonly cause?: ErrorDetails;
}

/**
 * What may be logged of an error: its kind, its code and where it comes from. Its message only where Node or the database made it
 * of addresses and files: anybody else's may quote an answer, and with it a person (`JSON.parse` does).
 */
export function errorDetails(thrown: unknown): ErrorDetails {
  if (!(thrown instanceof Error)) return {error: typeof thrown};
  const {code: own, problem} = thrown as {code?: unknown; problem?: {code?: unknown}};
  const code = problem?.code ?? own;
  const isCode =
    typeof code === 'string' &&
    (/^[A-Z][A-Z_]{2,40}$|^[0-9A-Z]{5}$/.test(code) || (problemCodes as readonly string[]).includes(code));
  const at = placeOf(thrown);
  return {
    error: /^[A-Z][A-Za-z]{2,40}$/.test(thrown.name) ? thrown.name : 'Error',
    ...(isCode ? {code} : {}),
    ...(isOfSystem(thrown) ? {message: scrub(thrown.message).slice(0, 300)} : {}),
    ...(at === undefined ? {} : {at}),
    ...(thrown.cause instanceof Error ? {cause: errorDetails(thrown.cause)} : {}),
  };
}

/** Made by Node of a system call or a TLS handshake, or by a database that can't be reached or used. */
export const isOfSystem = (thrown: Error): boolean => {
  const {syscall, code} = thrown as {syscall?: unknown; code?: unknown};
  return (
    typeof syscall === 'string' ||
    (typeof code === 'string' &&
      /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|UND_ERR_|08|28|3D|53|57)/.test(code)) ||
    databaseTexts.test(thrown.message)
  );
};

/** What the client of PostgreSQL says of a connection by itself, without a code: fixed texts. */
const databaseTexts =
  /^(timeout exceeded when trying to connect|Connection terminated|The server does not support SSL connections$|There was an error establishing an SSL connection$|SASL: )/;

/** The first place of a stack, which stands after the message, whatever that holds. */
function placeOf({name, message, stack = ''}: Error): string | undefined {
  const start = `${name}: ${message}\n`;
  const frames = stack.startsWith(start) ? stack.slice(start.length) : '';
  return /^ {4}at .*?([\w.@-]+\/[\w.-]+:\d+:\d+)\)?$/m.exec(frames)?.[1];
}
