import {parseCpr, parseKle} from '@bsp/contract';
import type {Storage} from './storage/database.js';
import {type Secrets, subjectIndex} from './storage/secrets.js';

/** What the alarms watch for, by keyed indexes. */
export interface WatchList {
  readonly persons: ReadonlySet<string>;
  readonly kle: ReadonlySet<string>;
  /** By the person's index: the indexes of the user ids that are the same person; empty where not told. */
  readonly employees: ReadonlyMap<string, ReadonlySet<string>>;
}

interface WatchRow {
  readonly kind: 'person' | 'kle' | 'employee';
  readonly fingerprint: string;
  readonly user_fingerprint: string;
}

/** The keyed index of a KLE subject, group or main group. */
export const kleFingerprint = (secrets: Secrets, tenant: string, digits: string): string =>
  secrets.fingerprint('watched kle', [tenant, digits]);

/** The keyed index of a user id. */
export const userFingerprint = (secrets: Secrets, tenant: string, userId: string): string =>
  secrets.fingerprint('watched user', [tenant, userId]);

const columns = ['cpr', 'sensitiv cpr', 'kle', 'sensitiv kle', 'medarbejder cpr', 'bruger id'] as const;
type Column = (typeof columns)[number];

/**
 * Reads a list with the columns of KOMBIT's "VIP" sheet (`Cpr` or `Sensitiv CPR`, `KLE` or `Sensitiv KLE`, `Medarbejder CPR`)
 * and `Bruger ID` beside an employee; dots and hyphens do not matter. Numbers become keyed indexes at once.
 *
 * @throws Error - names the lines that can't be read, never what stands there.
 */
export function parseWatchList(secrets: Secrets, tenant: string, text: string): WatchRow[] {
  const [header = '', ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const separator = header.includes(';') || !header.includes(',') ? ';' : ',';
  const cells = (line: string) =>
    line.split(separator).map((cell) =>
      cell
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .trim(),
    );
  const names = cells(header).map((name) => name.toLowerCase());
  if (!names.some((name) => (columns as readonly string[]).includes(name) && name !== 'bruger id'))
    throw new Error('The first line names no known column (Sensitiv CPR, Sensitiv KLE, Medarbejder CPR, Bruger ID).');
  const rows: WatchRow[] = [];
  const unreadable = new Set<number>();
  lines.forEach((line, index) => {
    const values = cells(line);
    const value = (column: Column) => values[names.indexOf(column)] ?? '';
    const person = (number: string): string | undefined => {
      const parsed = parseCpr(number);
      if (parsed.ok) return subjectIndex(secrets, tenant, '', {type: 'cpr', value: parsed.value.value});
      unreadable.add(index + 2);
      return undefined;
    };
    for (const column of ['cpr', 'sensitiv cpr'] as const) {
      const fingerprint = value(column) && person(value(column));
      if (fingerprint) rows.push({kind: 'person', fingerprint, user_fingerprint: ''});
    }
    for (const column of ['kle', 'sensitiv kle'] as const) {
      const digits = value(column).replace(/[.\s-]/g, '');
      if (digits === '') continue;
      if (/^(\d\d){1,3}$/.test(digits))
        rows.push({kind: 'kle', fingerprint: kleFingerprint(secrets, tenant, digits), user_fingerprint: ''});
      else unreadable.add(index + 2);
    }
    const employee = value('medarbejder cpr') && person(value('medarbejder cpr'));
    const user = value('bruger id');
    if (employee) {
      const same = user === '' ? '' : userFingerprint(secrets, tenant, user);
      rows.push({kind: 'employee', fingerprint: employee, user_fingerprint: same});
    }
  });
  if (unreadable.size > 0)
    throw new Error(
      `These lines hold a number that can't be read: ${[...unreadable].join(', ')}. Nothing was changed.`,
    );
  return rows;
}

/** Replaces a tenant's list. */
export async function saveWatchList({database}: Storage, tenant: string, rows: readonly WatchRow[]): Promise<void> {
  await database.transaction().execute(async (tx) => {
    await tx.deleteFrom('lookup_watch').where('tenant', '=', tenant).execute();
    for (let at = 0; at < rows.length; at += 1_000)
      await tx
        .insertInto('lookup_watch')
        .values(rows.slice(at, at + 1_000).map((row) => ({tenant, ...row})))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
  });
}

/** A tenant's list. */
export async function loadWatchList({database}: Storage, tenant: string): Promise<WatchList> {
  const rows = await database.selectFrom('lookup_watch').selectAll().where('tenant', '=', tenant).execute();
  const of = (kind: WatchRow['kind']) => rows.filter((row) => row.kind === kind);
  const employees = new Map<string, Set<string>>();
  for (const {fingerprint, user_fingerprint} of of('employee')) {
    const users = employees.get(fingerprint) ?? new Set();
    if (user_fingerprint !== '') users.add(user_fingerprint);
    employees.set(fingerprint, users);
  }
  return {
    persons: new Set(of('person').map(({fingerprint}) => fingerprint)),
    kle: new Set(of('kle').map(({fingerprint}) => fingerprint)),
    employees,
  };
}

/** Whether a KLE subject, its group or its main group is watched. */
export function isWatchedKle(secrets: Secrets, tenant: string, watched: WatchList, number: string): boolean {
  const parsed = parseKle(number);
  if (!parsed.ok) return false;
  const {subject, group, mainGroup} = parsed.value;
  return [subject, group, mainGroup].some((level) =>
    watched.kle.has(kleFingerprint(secrets, tenant, level.replaceAll('.', ''))),
  );
}
