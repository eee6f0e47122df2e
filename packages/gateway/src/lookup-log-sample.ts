import {createHash} from 'node:crypto';
import {csvLine} from './csv.js';
import {alarmBellOf} from './lookup-log-alarms.js';
import {type LoggedLookup, type LookupRange, lookupsOf} from './lookup-log-reader.js';
import {kindName, lookupCells, lookupColumns, resourceName, unitOf} from './lookup-log-words.js';
import type {Storage} from './storage/database.js';

/** A lookup that somebody should look at, and why. */
export interface Proposed {
  readonly lookup: LoggedLookup;
  readonly reasons: readonly string[];
}

/** How a sample is drawn. */
export interface SampleOptions {
  /** The same seed draws the same sample from the same log; another one can't be foreseen. */
  readonly seed: string;
  /** How many are drawn at random, besides the alarms. */
  readonly size: number;
  /** At most so many for each kind of alarm, drawn in the same way. */
  readonly mostPerAlarm: number;
}

interface Drawn {
  readonly score: string;
  readonly lookup: LoggedLookup;
}

/** So many are remembered of one user: memory depends on the users, not on the log. */
const mostPerUser = 5;

/**
 * Proposes a sample: at random, spread over units by their share (at least one each) and within a unit over its users, and the
 * lookups that raised alarms.
 */
export async function proposeSample(
  storage: Storage,
  range: LookupRange,
  {seed, size, mostPerAlarm}: SampleOptions,
): Promise<Proposed[]> {
  const bell = await alarmBellOf(storage, range);
  const units = new Map<string, {lookups: number; users: Map<string, Drawn[]>}>();
  const alarms = new Map<string, {hits: number; drawn: Drawn[]}>();
  for await (const lookup of lookupsOf(storage, range)) {
    const score = createHash('sha256').update(`${seed}\u0000${lookup.lookupId}`).digest('hex');
    const drawn = {score, lookup};
    const unit = units.get(unitOf(lookup)) ?? {lookups: 0, users: new Map<string, Drawn[]>()};
    units.set(unitOf(lookup), unit);
    unit.lookups++;
    const ofUser = unit.users.get(lookup.userId) ?? [];
    unit.users.set(lookup.userId, ofUser);
    keepLowest(ofUser, drawn, mostPerUser);
    for (const {alarm} of bell.alarmsOf(lookup)) {
      const ofAlarm = alarms.get(alarm) ?? {hits: 0, drawn: []};
      alarms.set(alarm, ofAlarm);
      ofAlarm.hits++;
      keepLowest(ofAlarm.drawn, drawn, mostPerAlarm);
    }
  }
  const proposed = new Map<string, {lookup: LoggedLookup; reasons: string[]}>();
  const propose = ({lookup}: Drawn, reason: string) => {
    const entry = proposed.get(lookup.lookupId) ?? {lookup, reasons: []};
    proposed.set(lookup.lookupId, entry);
    entry.reasons.push(reason);
  };
  for (const [alarm, {hits, drawn}] of [...alarms].sort(byKey))
    for (const one of drawn) propose(one, `Alarm: ${alarm} (${drawn.length} af ${hits})`);
  const shares = sharesOf(
    [...units].sort(byKey).map(([unit, {lookups}]) => ({unit, lookups})),
    size,
  );
  for (const [unit, share] of shares) {
    const {users, lookups} = units.get(unit)!;
    const chosen = spreadOver(users, share);
    for (const one of chosen)
      propose(one, `Tilfældigt udtrukket i ${unit || 'ukendt enhed'} (${chosen.length} af ${lookups})`);
  }
  return [...proposed.values()].sort((left, right) => (left.lookup.at < right.lookup.at ? -1 : 1));
}

const byKey = ([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number =>
  left < right ? -1 : left > right ? 1 : 0;

function keepLowest(kept: Drawn[], drawn: Drawn, most: number): void {
  kept.push(drawn);
  kept.sort((left, right) => (left.score < right.score ? -1 : 1));
  kept.length = Math.min(kept.length, most);
}

/** Shares a number out by size: at least one each as far as it goes, the rest by the largest remainders. */
function sharesOf(units: readonly {unit: string; lookups: number}[], size: number): Map<string, number> {
  const all = units.reduce((sum, {lookups}) => sum + lookups, 0);
  const bySize = [...units].sort((left, right) => right.lookups - left.lookups);
  const shares = new Map(bySize.slice(0, size).map(({unit}) => [unit, 1]));
  const left = size - shares.size;
  const exact = bySize.map(({unit, lookups}) => ({unit, part: all === 0 ? 0 : (left * lookups) / all}));
  for (const {unit, part} of exact) shares.set(unit, (shares.get(unit) ?? 0) + Math.floor(part));
  let over = size - [...shares.values()].reduce((sum, share) => sum + share, 0);
  for (const {unit} of exact.sort((one, other) => (other.part % 1) - (one.part % 1)))
    if (over-- > 0) shares.set(unit, (shares.get(unit) ?? 0) + 1);
  return shares;
}

/** Takes one from each user in turn, those whose draw was lowest first. */
function spreadOver(users: ReadonlyMap<string, readonly Drawn[]>, share: number): Drawn[] {
  const rounds = Array.from({length: mostPerUser}, (_, round) =>
    [...users.values()]
      .flatMap((drawn) => drawn[round] ?? [])
      .sort((left, right) => (left.score < right.score ? -1 : 1)),
  );
  return rounds.flat().slice(0, share);
}

const sampleColumns = [...lookupColumns, 'Opslag', 'Hvorfor'];

/** A sample as lines of CSV. Numbers are masked. */
export function* sampleLines(proposed: readonly Proposed[]): Generator<string> {
  yield csvLine(sampleColumns);
  for (const {lookup, reasons} of proposed)
    yield csvLine([
      ...lookupCells(lookup),
      `${kindName(lookup.entry.what)}: ${Object.keys(lookup.entry.resources).map(resourceName).join(', ')}`,
      reasons.join('; '),
    ]);
}
