import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {PGlite, type PGliteOptions} from '@electric-sql/pglite';
import type {PostgresPool} from 'kysely';
import {pglitePool} from './pglite-pool.js';

/** An embedded database with the one line of users to its one connection. */
export interface Embedded {
  readonly lite: PGlite;
  readonly pool: PostgresPool;
}

/** A part of what Node has; its types are those of the DOM. */
declare const WebAssembly: {readonly Memory: new (limits: {initial: number; maximum: number}) => object};

const pageBytes = 64 * 1024;
/** What PGlite's own code asks for at least: most of it is never touched, and takes nothing. */
const initialPages = 2_048;

/**
 * What an embedded database may take of memory, in bytes: its code's heap, stack and buffers, which never shrink. A statement
 * that needs more fails, as out of memory (SQLSTATE 53200), and the database goes on.
 */
export const mostDatabaseBytes = 4_096 * pageBytes;

/**
 * Instead of the 128 MB of initdb, which are touched at the start and so taken for good: the system's cache of files, which it
 * can take back, lies behind them.
 */
const startParams = [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB', '-c', 'maintenance_work_mem=16MB'];

/** Starts PGlite on a folder, or in memory. @param filled - what {@link PGlite.dumpDataDir} gave, to begin with. */
export async function startEmbedded(folder?: string, filled?: Blob): Promise<Embedded> {
  if (folder !== undefined && !existsSync(folder)) await makeFolder(folder);
  const lite = await PGlite.create({
    dataDir: folder ?? 'memory://',
    startParams,
    extensions: {bounded},
    ...(filled ? {loadDataDir: filled} : {}),
  });
  return {lite, pool: pglitePool(lite)};
}

/** Gives PGlite a memory that does not grow past the limit, instead of its own, which may reach 2 GB. */
const bounded: NonNullable<PGliteOptions['extensions']>[string] = {
  name: 'bounded memory',
  setup: (_lite, options: object) =>
    Promise.resolve({
      emscriptenOpts: {
        ...options,
        wasmMemory: new WebAssembly.Memory({initial: initialPages, maximum: mostDatabaseBytes / pageBytes}),
      },
    }),
};

/** The embedded database could not be made; what its process said of it stands on the standard error. */
export class EmbeddedDatabaseError extends Error {}

/** The program of the process that makes a database: the address of PGlite's module and its options are its arguments. */
const makeOne = `
  // What runs once is not worth optimizing: without, it takes a third less of the processor, and 100 MB less.
  (await import('node:v8')).setFlagsFromString('--liftoff-only');
  const [pglite, options] = process.argv.slice(1);
  const {PGlite} = await import(pglite);
  const lite = await PGlite.create(JSON.parse(options));
  await lite.close();
`;

/**
 * Makes an empty database beside its place and moves it there when it is whole: a process that is killed meanwhile leaves none
 * that is half made. It is made by a process of its own, since that takes some 600 MB, which this one would keep.
 */
async function makeFolder(folder: string): Promise<void> {
  const above = dirname(folder);
  const prefix = `${basename(folder)}.unfinished-`;
  mkdirSync(above, {recursive: true});
  // A killed gateway's process may still be writing there.
  for (const name of readdirSync(above))
    if (name.startsWith(prefix)) rmSync(join(above, name), {recursive: true, force: true, maxRetries: 10});
  const dataDir = mkdtempSync(join(above, prefix));
  const options: PGliteOptions = {dataDir, startParams};
  const args = ['--input-type=module', '--eval', makeOne, '--', import.meta.resolve('@electric-sql/pglite')];
  const maker = spawn(process.execPath, [...args, JSON.stringify(options)], {
    stdio: ['ignore', 'ignore', 'inherit'],
    // What is meant for the gateway, e.g. its telemetry, is not meant for this.
    env: {...process.env, NODE_OPTIONS: ''},
  });
  const end = () => maker.kill('SIGKILL');
  process.once('exit', end);
  try {
    const [code, signal] = (await once(maker, 'exit')) as [number | null, NodeJS.Signals | null];
    if (code !== 0)
      throw new EmbeddedDatabaseError(
        `Making the embedded database in ${above} ended with ${signal ?? code}. It takes up to 0.7 GB of memory for some seconds, and 40 MB of disk.`,
      );
    renameSync(dataDir, folder);
  } catch (thrown) {
    rmSync(dataDir, {recursive: true, force: true});
    throw thrown;
  } finally {
    process.off('exit', end);
  }
}
