import {once} from 'node:events';
import type {Readable, Writable} from 'node:stream';
import {type GatewayConfig, loadConfig} from './config.js';
import {ConfigError} from './config-error.js';
import {errorDetails, isOfSystem, type Log, scrub} from './log.js';
import {EmbeddedDatabaseError} from './storage/embedded.js';
import {FolderInUseError} from './storage/folder-lock.js';
import {MigrationError} from './storage/migrate.js';

/** What a command reads and writes. */
export interface CliStreams {
  readonly out: Writable;
  readonly err: Writable;
  readonly in: Readable;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The command line is not one that there is. */
export class UsageError extends Error {}

/** What went wrong has a plain reason that whoever runs the command can mend. */
export class CommandError extends Error {}

/** Waits when the reader is slower: the log may be larger than memory. */
export async function write(stream: Writable, text: string | Uint8Array): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain');
}

/** The configuration that every command needs. */
export function configOf(file: string | undefined, env: CliStreams['env']): GatewayConfig {
  const named = file ?? (env.BSP_CONFIG || undefined);
  if (named === undefined) throw new UsageError('Name the configuration: --config FILE, or BSP_CONFIG.');
  return loadConfig(named, {env});
}

/** PostgreSQL: insufficient_privilege. */
const notGranted = '42501';
const notGrantedHint =
  'Either the tables are not there yet (bsp-gateway migrate, as their owner), or this role may not use them.';

const plainErrors = [ConfigError, EmbeddedDatabaseError, FolderInUseError, MigrationError, UsageError, CommandError];

/** What can be said of an error to whoever runs the command; undefined for one that is a fault of the program. */
export function plainText(thrown: unknown): string | undefined {
  if (plainErrors.some((kind) => thrown instanceof kind)) return (thrown as Error).message;
  if (!(thrown instanceof Error)) return undefined;
  const {code} = thrown as {code?: unknown};
  const message = scrub(thrown.message);
  if (typeof code !== 'string') return isOfSystem(thrown) ? `The database (storage.url): ${message}` : undefined;
  if (code.startsWith('ERR_PARSE_ARGS')) return message;
  // Of the file system, the network or the database.
  if (!/^(E[A-Z]+|[0-9A-Z]{5})$/.test(code) && !isOfSystem(thrown)) return undefined;
  const hint = code === notGranted ? `. ${notGrantedHint}` : '';
  return message.startsWith(`${code}: `) ? message : `${code}: ${message}${hint}`;
}

/** A log for commands: warnings and errors, one to a line. */
export const logTo = (stream: CliStreams['err']): Log => ({
  debug: () => {},
  info: () => {},
  warn: (details, message) =>
    void stream.write(`${typeof details === 'string' ? details : (message ?? '')} ${detailsText(details)}\n`),
  error: (details, message) => void stream.write(`${message} ${detailsText(details)}\n`),
});

const detailsText = (details: object | string): string =>
  typeof details === 'string' ? '' : scrub(JSON.stringify(details instanceof Error ? errorDetails(details) : details));
