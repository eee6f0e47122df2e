import {open, readdir, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {parseCpr, problemOf} from '@bsp/contract';
import {SourceProblem} from '../connector.js';
import {type Extract, ExtractFault, maxExtractBytes, parseExtract} from './extract-file.js';

/** What is known of a file. No content is kept: only whom it is about. */
interface IndexedFile {
  readonly mtimeMs: number;
  readonly size: number;
  /** The number that the file's name claims. */
  readonly named: string | undefined;
  /** The number that the file itself is about. */
  readonly content: string | undefined;
  readonly produced: string;
  readonly fault: ExtractFault | undefined;
}

/** What the directory says about a number. */
export interface Found {
  readonly extract: Extract | undefined;
  /** Files that may be about this person but could not be used. */
  readonly invalid: number;
}

/** The only CPR number in a file's name, if any. */
function namedNumber(name: string): string | undefined {
  const found = new Set<string>();
  for (const [text] of name.matchAll(/(?<![0-9A-Za-z])\d{6}-?\d[0-9A-Z]{3}(?![0-9A-Za-z])/g)) {
    const cpr = parseCpr(text);
    if (cpr.ok) found.add(cpr.value.value);
  }
  return found.size === 1 ? [...found][0] : undefined;
}

/** At most one byte more than an extract may have, so that a file which is too large shows as such. */
async function bytesOf(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const buffer = new Uint8Array(maxExtractBytes + 1);
    let length = 0;
    while (length < buffer.length) {
      const {bytesRead} = await file.read(buffer, length, buffer.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } finally {
    await file.close();
  }
}

// The system's own message names the path, which holds a CPR number.
const notRead = (): ExtractFault => new ExtractFault(1, 1, 'the file could not be read');

const readExtract = async (path: string): Promise<Extract | ExtractFault> => {
  try {
    return parseExtract(await bytesOf(path));
  } catch (error) {
    return error instanceof ExtractFault ? error : notRead();
  }
};

/** Undefined where there is no such file any more; one that cannot be looked at is still there. */
const statusOf = (path: string): Promise<{mtimeMs: number; size: number} | ExtractFault | undefined> =>
  stat(path).catch(({code}: NodeJS.ErrnoException) => (code === 'ENOENT' ? undefined : notRead()));

/** The directory's files by the person that they are about. A file's name is never built from a number. */
export class PersonDirectory {
  private readonly path: string;
  private readonly files = new Map<string, IndexedFile>();

  constructor(path: string) {
    this.path = path;
  }

  /** How many files there are, how many cannot be read, and how many are about somebody else than their name says. */
  get counts(): {files: number; unreadable: number; misnamed: number} {
    const all = [...this.files.values()];
    return {
      files: all.length,
      unreadable: all.filter(({fault}) => fault).length,
      misnamed: all.filter(({named, content}) => named && content && named !== content).length,
    };
  }

  /**
   * Brings the index up to date: new and vanished files always, changed ones where they are, or may be, about one of these
   * persons.
   *
   * @throws {@link SourceProblem} `unavailable` where the directory cannot be listed.
   */
  async refresh(persons: readonly string[], signal?: AbortSignal): Promise<void> {
    const entries = await readdir(this.path, {withFileTypes: true}).catch(() => {
      throw new SourceProblem('unavailable', problemOf('unavailable', 'The directory of CPR files cannot be read'));
    });
    const names = new Set(
      entries.filter((entry) => entry.isFile() && /^[^.].*\.txt$/i.test(entry.name)).map(({name}) => name),
    );
    for (const name of this.files.keys()) if (!names.has(name)) this.files.delete(name);
    const wanted = new Set(persons);
    const suspects = [...names].filter((name) => {
      const file = this.files.get(name);
      return !file?.named || wanted.has(file.named) || (file.content !== undefined && wanted.has(file.content));
    });
    const workers = Array.from({length: 8}, async () => {
      for (let name = suspects.pop(); name !== undefined; name = suspects.pop()) {
        signal?.throwIfAborted();
        await this.index(name);
      }
    });
    await Promise.all(workers);
  }

  private async index(name: string): Promise<void> {
    const path = join(this.path, name);
    const status = await statusOf(path);
    if (!status) {
      this.files.delete(name);
      return;
    }
    if (status instanceof ExtractFault) {
      const named = namedNumber(name);
      this.files.set(name, {mtimeMs: 0, size: -1, named, content: undefined, produced: '', fault: status});
      return;
    }
    const {mtimeMs, size} = status;
    const before = this.files.get(name);
    if (before && before.mtimeMs === mtimeMs && before.size === size) return;
    const read = await readExtract(path);
    const about = {mtimeMs, size, named: namedNumber(name)};
    this.files.set(
      name,
      read instanceof ExtractFault
        ? {...about, content: undefined, produced: '', fault: read}
        : {...about, content: read.cpr, produced: read.single['000']?.produced ?? '', fault: undefined},
    );
  }

  /**
   * The newest extract of every person, one at a time: nothing of it is kept. Call {@link PersonDirectory.refresh} first.
   * Undefined for one whose file has changed since it was indexed, and is none any more or about somebody else.
   */
  async *extracts(signal: AbortSignal): AsyncGenerator<Extract | undefined> {
    const newest = new Map<string, [string, IndexedFile]>();
    for (const [name, file] of this.files) {
      const {content} = file;
      if (content === undefined || !isAbout(file, content)) continue;
      const known = newest.get(content);
      if (!known || byAge(known[1], file) > 0) newest.set(content, [name, file]);
    }
    for (const [cpr, [name]] of newest) {
      signal.throwIfAborted();
      const extract = await readExtract(join(this.path, name));
      yield extract instanceof ExtractFault || extract.cpr !== cpr ? undefined : extract;
    }
  }

  /**
   * The newest extract of a person; call {@link PersonDirectory.refresh} first.
   *
   * @throws {@link SourceProblem} `invalid` where the only files that claim to be about the person are unreadable
   * (`protocol`) or about somebody else than their name says (`wrong-subject`).
   */
  async find(cpr: string): Promise<Found> {
    const claims = [...this.files].filter(([, {named, content}]) => named === cpr || content === cpr);
    const good = claims.filter(([, file]) => isAbout(file, cpr)).sort(([, a], [, b]) => byAge(a, b));
    const newest = good[0];
    if (newest) {
      const extract = await readExtract(join(this.path, newest[0]));
      if (extract instanceof ExtractFault) throw unreadable(extract);
      if (extract.cpr !== cpr) throw somebodyElse();
      return {extract, invalid: claims.length - good.length};
    }
    const fault = claims.find(([, file]) => file.fault)?.[1].fault;
    if (fault) throw unreadable(fault);
    if (claims.length > 0) throw somebodyElse();
    // A file that says neither by name nor by content whom it is about may be about this person.
    return {
      extract: undefined,
      invalid: [...this.files.values()].filter(({named, content}) => !named && !content).length,
    };
  }
}

/** By its content, and by its name where that says anything. */
const isAbout = ({named, content}: IndexedFile, cpr: string): boolean =>
  content === cpr && (named === undefined || named === cpr);

/** The newest first. */
const byAge = (one: IndexedFile, other: IndexedFile): number =>
  other.produced.localeCompare(one.produced) || other.mtimeMs - one.mtimeMs;

const unreadable = (fault: ExtractFault): SourceProblem =>
  new SourceProblem(
    'invalid',
    problemOf('protocol', 'The CPR file of this person cannot be read', {detail: fault.message}),
  );

const somebodyElse = (): SourceProblem =>
  new SourceProblem('invalid', problemOf('wrong-subject', 'The CPR file of this person is about somebody else'));
