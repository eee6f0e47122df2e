import {type Case, type HitKind, nameSearch, type SearchTerm, type Subject} from '@bsp/contract';
import {cast} from './cast.js';
import {throwIfAborted} from './clock.js';
import type {Municipality} from './municipality.js';
import type {Organization} from './organizations.js';
import type {Inhabitant} from './population.js';
import {type KorsbaekSourceId, looksLikeCaseNumber, sourceIds, systemIds, systems} from './systems.js';

/** Somebody or something that a system has found. */
export interface TownHit {
  readonly kind: HitKind;
  readonly subject: Subject;
  readonly handle: string;
  readonly name: string;
  readonly detail?: string;
  readonly protected?: boolean;
  readonly case?: Case;
}

/** What a system has found; `unknown`: it cannot tell. */
export type TownHits = {readonly hits: readonly TownHit[]; readonly more: boolean} | 'unknown';

interface Filed {
  readonly record: Case;
  readonly about: Omit<TownHit, 'kind' | 'case'>;
}

/** Names by index, and the cases that can be found by number: made when first searched, and kept with their town. */
const namesOf = new WeakMap<Municipality, string[]>();
const filedIn = new WeakMap<Municipality, readonly Filed[]>();
/** How many names are made before others get a turn. */
const turn = 250;

/** Who can be searched: KMD Aktiv is asked by a citizen's number only. */
export const searchedIds: readonly KorsbaekSourceId[] = sourceIds.filter((id) => id !== 'kmd-aktiv');

/** Searches one system of the town. */
export async function searchSystem(
  town: Municipality,
  system: KorsbaekSourceId,
  {term, limit, signal}: {readonly term: SearchTerm; readonly limit: number; readonly signal: AbortSignal},
): Promise<TownHits> {
  const found = system === 'cpr' ? await personsIn(town, term, limit, signal) : filesIn(town, system, term);
  return found === 'unknown' ? found : {hits: found.slice(0, limit), more: found.length > limit};
}

const aboutPerson = (town: Municipality, person: Inhabitant): Omit<TownHit, 'kind'> => ({
  subject: {type: 'cpr', value: person.cpr},
  handle: town.handleOf(person.index),
  name: person.name,
  ...(person.protections.some(({kind}) => kind === 'name-address')
    ? {protected: true}
    : person.address
      ? {detail: person.address.lines.join(', ')}
      : {}),
});

const aboutOrganization = ({subject, index, name, address}: Organization): Omit<TownHit, 'kind'> => ({
  subject,
  handle: organizationHandle(index),
  name,
  detail: address,
});

/** The handle of a company or a property. */
export const organizationHandle = (index: number): string => `o${index}`;

async function personsIn(town: Municipality, term: SearchTerm, limit: number, signal: AbortSignal): Promise<TownHit[]> {
  const hitOf = (index: number): TownHit => ({kind: 'person', ...aboutPerson(town, town.inhabitant(index))});
  if ('subject' in term) {
    const index = term.subject.type === 'cpr' ? town.indexOf(term.subject.value) : undefined;
    return index === undefined ? [] : [hitOf(index)];
  }
  const names = namesOf.get(town) ?? [];
  namesOf.set(town, names);
  const matches = nameSearch(term.words);
  const found: TownHit[] = [];
  for (let index = 0; index < town.size && found.length <= limit; index++) {
    if (index >= names.length && index % turn === 0) await new Promise((resolve) => setTimeout(resolve));
    throwIfAborted(signal);
    names[index] ??= town.inhabitant(index).name;
    if (matches(names[index]!)) found.push(hitOf(index));
  }
  return found;
}

const kinds = {cvr: 'company', bfe: 'property'} as const;

function filesIn(
  town: Municipality,
  system: Exclude<KorsbaekSourceId, 'cpr'>,
  term: SearchTerm,
): TownHit[] | 'unknown' {
  const known = town.organizations.filter(({subject}) => systems[system].subjects.includes(subject.type));
  const hitOf = (one: Organization): TownHit => ({kind: kinds[one.subject.type], ...aboutOrganization(one)});
  if ('subject' in term) {
    const {type, value} = term.subject;
    return known.filter(({subject}) => subject.type === type && subject.value === value).map(hitOf);
  }
  if (looksLikeCaseNumber(system, term.words)) {
    const wanted = term.words.toUpperCase();
    const cases = filed(town).filter(
      ({record}) => record.ref.source === system && record.number?.toUpperCase() === wanted,
    );
    // Making everybody's cases takes minutes: of the others this system does not know by number whose they are.
    return cases.length === 0 ? 'unknown' : cases.map(({record, about}) => ({kind: 'case', ...about, case: record}));
  }
  const matches = nameSearch(term.words);
  return known.filter(({name}) => matches(name)).map(hitOf);
}

/** The cases of the cast, and of companies and properties. */
function filed(town: Municipality): readonly Filed[] {
  let cases = filedIn.get(town);
  if (!cases) {
    cases = [
      ...cast.slice(0, town.size).flatMap((person) => {
        const dossier = town.dossier(person.index);
        const {detail: _, ...about} = aboutPerson(town, person);
        return systemIds.flatMap((system) => dossier.cases[system].map((record) => ({record, about})));
      }),
      ...town.organizations.flatMap((one) => one.cases.map((record) => ({record, about: aboutOrganization(one)}))),
    ];
    filedIn.set(town, cases);
  }
  return cases;
}
