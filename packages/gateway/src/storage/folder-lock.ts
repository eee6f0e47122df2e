import {randomUUID} from 'node:crypto';
import {linkSync, mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync} from 'node:fs';
import {hostname} from 'node:os';
import {join} from 'node:path';

/** Another process uses the folder. */
export class FolderInUseError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FolderInUseError';
  }
}

interface Holder {
  readonly pid: number;
  /** When that process started, where the system tells: a pid alone is soon reused. */
  readonly started: string;
  readonly host: string;
  readonly nonce: string;
}

/** Folders that this very process holds. */
const heldHere = new Set<string>();

/**
 * Takes the lock on an embedded database's folder; PGlite has none of its own, and two processes on one folder destroy it.
 * A lock whose process is gone (SIGKILL) is taken over.
 *
 * @returns the function that releases it.
 * @throws FolderInUseError
 */
export function lockFolder(directory: string): () => void {
  mkdirSync(directory, {recursive: true});
  const file = join(directory, 'lock');
  const mine: Holder = {pid: process.pid, started: startOf(process.pid), host: hostname(), nonce: randomUUID()};
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      writeFileSync(file, JSON.stringify(mine), {flag: 'wx'});
      heldHere.add(mine.nonce);
      return () => {
        heldHere.delete(mine.nonce);
        if (holderIn(file)?.nonce === mine.nonce) unlinkSync(file);
      };
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
    }
    const holder = holderIn(file);
    if (holder && isAlive(holder, file)) throw inUse(directory, `process ${holder.pid}`);
    takeAway(file, holder, mine.nonce, directory);
  }
  throw inUse(directory, 'another process');
}

const inUse = (directory: string, who: string) =>
  new FolderInUseError(
    `${directory} is in use by ${who}. One gateway at a time: stop the other, or give this one a folder of its own ("storage.directory") or PostgreSQL ("storage.url").`,
  );

function holderIn(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function isAlive(holder: Holder, file: string): boolean {
  if (holder.host !== hostname())
    throw new FolderInUseError(
      `${file} was left by a gateway on "${holder.host}". If that machine no longer runs it, delete that file and start again.`,
    );
  if (holder.pid === process.pid) return heldHere.has(holder.nonce);
  try {
    process.kill(holder.pid, 0);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return startOf(holder.pid) === holder.started;
}

/** Removes a stale lock. Renaming is atomic, so of two takers one wins; who took a fresh lock by mistake gives it back. */
function takeAway(file: string, stale: Holder | undefined, nonce: string, directory: string): void {
  const aside = `${file}.${nonce}`;
  try {
    renameSync(file, aside);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw thrown;
  }
  if (holderIn(aside)?.nonce !== stale?.nonce) {
    linkSync(aside, file);
    unlinkSync(aside);
    throw inUse(directory, 'another process that has just started');
  }
  unlinkSync(aside);
}

/** Start time of a process in ticks since boot (Linux), else empty. */
function startOf(pid: number): string {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[19] ?? '';
  } catch {
    return '';
  }
}
