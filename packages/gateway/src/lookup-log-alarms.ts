import {csvLine} from './csv.js';
import {type LoggedLookup, type LookupRange, lookupsOf, maybeSeen} from './lookup-log-reader.js';
import {isWatchedKle, loadWatchList, userFingerprint, type WatchList} from './lookup-log-watch.js';
import {lookupCells, lookupColumns, userNameOf} from './lookup-log-words.js';
import type {Storage} from './storage/database.js';
import type {Secrets} from './storage/secrets.js';

/** The alarms of the portal's audit report. */
export type Alarm =
  | 'SENSITIV CPR'
  | 'SENSITIV KLE'
  | 'MEDARBEJDER CPR'
  | 'MULIGT SELVOPSLAG'
  | 'MULIGT OPSLAG PÅ KOLLEGA';

/** An alarm about a lookup, and what it rests on. */
export interface Raised {
  readonly alarm: Alarm;
  readonly reason: string;
}

/** Looks at one lookup after another. */
export interface AlarmBell {
  alarmsOf(lookup: LoggedLookup): Raised[];
}

const normalized = (name: string): string => name.trim().replace(/\s+/g, ' ').toLocaleLowerCase('da');

/**
 * Makes what raises alarms about the lookups of a range. Reads the range once to learn the names of its users: a colleague is
 * whoever looked something up in it, as in the source's report.
 */
export async function alarmBellOf(storage: Storage, range: LookupRange): Promise<AlarmBell> {
  const watched = await loadWatchList(storage, range.tenant);
  const users = new Map<string, Set<string>>();
  for await (const {entry, userId} of lookupsOf(storage, range)) {
    if (!entry.who) continue;
    const name = normalized(entry.who.name);
    users.set(name, (users.get(name) ?? new Set()).add(userId));
  }
  return {alarmsOf: (lookup) => raisedBy(storage.secrets, watched, users, lookup)};
}

function raisedBy(
  secrets: Secrets,
  watched: WatchList,
  users: ReadonlyMap<string, ReadonlySet<string>>,
  lookup: LoggedLookup,
): Raised[] {
  const {tenant, subjectIndex, seen, userId, hasOutcome} = lookup;
  const raised: Raised[] = [];
  if (watched.persons.has(subjectIndex))
    raised.push({alarm: 'SENSITIV CPR', reason: 'Partens CPR-nummer står på listen'});
  if (watched.kle.size > 0) {
    const hits = new Set(
      seen
        .filter(maybeSeen)
        .flatMap(({kle}) => kle)
        .filter((kle) => isWatchedKle(secrets, tenant, watched, kle)),
    );
    if (hits.size > 0) raised.push({alarm: 'SENSITIV KLE', reason: `KLE på listen: ${[...hits].sort().join(' ')}`});
    else if (!hasOutcome)
      raised.push({alarm: 'SENSITIV KLE', reason: 'Udfaldet mangler: alt, der blev spurgt om, regnes som vist'});
  }
  const employee = watched.employees.get(subjectIndex);
  if (employee) raised.push({alarm: 'MEDARBEJDER CPR', reason: 'Parten er medarbejder'});
  const party = lookup.party()?.name;
  const partyName = party === undefined ? undefined : normalized(party);
  const namesakes = (partyName === undefined ? undefined : users.get(partyName)) ?? new Set<string>();
  const own = userFingerprint(secrets, tenant, userId);
  if (employee?.has(own))
    raised.push({alarm: 'MULIGT SELVOPSLAG', reason: 'Partens CPR-nummer er brugerens eget ifølge medarbejderlisten'});
  else if (partyName !== undefined && partyName === normalized(userNameOf(lookup)))
    raised.push({alarm: 'MULIGT SELVOPSLAG', reason: 'Partens navn er brugerens navn'});
  else if (employee && employee.size > 0)
    raised.push({alarm: 'MULIGT OPSLAG PÅ KOLLEGA', reason: 'Parten er en anden bruger ifølge medarbejderlisten'});
  else if ([...namesakes].some((id) => id !== userId))
    raised.push({alarm: 'MULIGT OPSLAG PÅ KOLLEGA', reason: 'Partens navn er en anden brugers navn'});
  return raised;
}

const alarmColumns = ['Alarm', 'Grundlag', ...lookupColumns];

/** The alarms of a range as lines of CSV: one for each alarm. Numbers are masked. */
export async function* alarmLines(storage: Storage, range: LookupRange): AsyncGenerator<string> {
  const bell = await alarmBellOf(storage, range);
  yield csvLine(alarmColumns);
  for await (const lookup of lookupsOf(storage, range))
    for (const {alarm, reason} of bell.alarmsOf(lookup)) yield csvLine([alarm, reason, ...lookupCells(lookup)]);
}
