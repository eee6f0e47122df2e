import {
  type Case,
  type Draft,
  type EventRecord,
  type Existence,
  maskCpr,
  maskCprInText,
  type Note,
  type RecordRef,
  refKey,
  type Subject,
} from '@bsp/contract';
import type {Municipality} from './municipality.js';
import type {Organization} from './organizations.js';
import {personRecord} from './person-record.js';
import {units} from './staff.js';
import {type SystemId, systemIds, systems} from './systems.js';
import {korsbaekTargets} from './targets.js';

/** What the Backend itself holds on a person besides what the systems do. */
export interface Written {
  readonly notes: Note[];
  readonly addenda: Map<string, NonNullable<Note['addenda']>>;
  readonly events: EventRecord[];
  readonly marks: Map<string, Pick<EventRecord, 'seenAt' | 'acknowledged' | 'done'>>;
  readonly drafts: Map<string, Draft>;
}

/** The Backend's own sources beside the systems. */
export const ownSources = {
  bsp: {id: 'bsp', name: 'Egne notater'},
  beskedfordeler: {id: 'beskedfordeler', name: 'Beskedfordeler'},
} as const;

/** The resources that Korsbæk answers, and the sources of each in plan order. */
export function sourcesOf(resource: string, existenceOnly: readonly SystemId[]): {id: string; name: string}[] {
  const named = (id: keyof typeof systems) => ({id, name: systems[id].name});
  switch (resource) {
    case 'person':
      return [named('cpr')];
    case 'cases':
      return systemIds.map(named);
    case 'journal':
      return [
        ...systemIds
          .filter((id) => systems[id].resources.includes('journal') && !existenceOnly.includes(id))
          .map(named),
        ownSources.bsp,
      ];
    case 'events':
      return [
        ownSources.beskedfordeler,
        named('cpr'),
        ...systemIds.filter((id) => systems[id].resources.includes('events')).map(named),
      ];
    case 'drafts':
    case 'targets':
      return [ownSources.bsp];
    default:
      return [];
  }
}

/** Whom to ask about what an existence-only system holds. */
const askFor: Readonly<Record<SystemId, keyof typeof units>> = {
  ky: 'benefits',
  'kmd-aktiv': 'benefits',
  nexus: 'care',
  momentum: 'job',
  sbsys: 'citizen',
  dubu: 'family',
};

const isSystem = (source: string): source is SystemId => (systemIds as readonly string[]).includes(source);

const newestFirst = <T>(records: readonly T[], at: (record: T) => string): T[] =>
  [...records].sort((a, b) => Date.parse(at(b)) - Date.parse(at(a)));

/** All items of one resource of one source about a person, newest first. */
export function itemsOf(
  town: Municipality,
  existenceOnly: readonly SystemId[],
  index: number | undefined,
  written: Written | undefined,
  resource: string,
  source: string,
): unknown[] {
  const dossier = index === undefined ? undefined : town.dossier(index);
  if (resource === 'person') {
    if (index === undefined) return [];
    const person = town.inhabitant(index);
    return [
      personRecord(town, person, {masked: maskCpr(person.cpr)}, (other) => ({
        masked: maskCpr(other.cpr),
        subject: {type: 'ref' as const, value: town.handleOf(other.index)},
      })),
    ];
  }
  if (resource === 'cases' && isSystem(source)) {
    const cases = dossier?.cases[source] ?? [];
    if (!existenceOnly.includes(source)) return newestFirst(cases, (one) => one.changedAt);
    const {name, phone} = units[askFor[source]];
    return cases.length === 0 ? [] : [{source, ask: {unit: name, phone}} satisfies Existence];
  }
  if (resource === 'journal') {
    const notes = isSystem(source) ? (dossier?.notes[source] ?? []) : (written?.notes ?? []);
    return newestFirst(
      notes.map((note) => {
        const added = written?.addenda.get(refKey(note.ref));
        return added ? {...note, addenda: [...(note.addenda ?? []), ...added]} : note;
      }),
      (note) => note.occurredAt,
    );
  }
  if (resource === 'events') {
    const events =
      source === ownSources.beskedfordeler.id
        ? (written?.events.filter((event) => event.ref.source === source) ?? [])
        : [
            ...(dossier?.events[source as SystemId | 'cpr'] ?? []),
            ...(written?.events.filter((event) => event.ref.source === source) ?? []),
          ];
    const visible = events.filter((event) => !existenceOnly.some((hidden) => event.about?.ref.source === hidden));
    return newestFirst(
      visible.map((event) => ({...event, ...written?.marks.get(refKey(event.ref))})),
      (event) => event.receivedAt,
    );
  }
  if (resource === 'targets') return [...korsbaekTargets];
  return resource === 'drafts' ? [...(written?.drafts.values() ?? [])] : [];
}

/** The cases of a company or a property that a system has, newest first. */
export const casesOfOrganization = (organization: Organization | undefined, source: string): Case[] =>
  newestFirst(organization?.cases.filter(({ref}) => ref.source === source) ?? [], (one) => one.changedAt);

/** Whether a source knows anything of this kind about companies and properties. */
export const knowsOrganizations = (resource: string, source: string, type: Subject['type']): boolean =>
  resource === 'cases' && isSystem(source) && type !== 'cpr' && systems[source].subjects.includes(type);

/** Whether a record belongs to the person. */
export function holds(
  town: Municipality,
  existenceOnly: readonly SystemId[],
  index: number | undefined,
  written: Written | undefined,
  resource: 'person' | 'cases' | 'journal' | 'events',
  ref: RecordRef,
): boolean {
  const key = refKey(ref);
  return itemsOf(town, existenceOnly, index, written, resource, ref.source).some(
    (item) => 'ref' in (item as object) && refKey((item as {ref: RecordRef}).ref) === key,
  );
}

/** A deep copy in which every CPR number in a text is masked. */
export function withoutNumbers(value: unknown): unknown {
  if (typeof value === 'string') return maskCprInText(value);
  if (Array.isArray(value)) return value.map(withoutNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutNumbers(inner)]));
}

/** A deep copy with words that no contract knows. */
export function withUnknownWords(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item;
  const record = structuredClone(item) as Record<string, unknown>;
  const status = record.status as Record<string, unknown> | undefined;
  if (status && 'phase' in status) status.phase = 'sat i bero';
  if (status && 'kind' in status) status.kind = 'uvis';
  if ('sensitivity' in record) record.sensitivity = 'TOPHEMMELIG';
  if ('type' in record) record.type = 'X_UkendtBeskedtype_9';
  if (record.delivery !== undefined && 'about' in record) {
    (record.delivery as Record<string, unknown>).state = 'på afveje';
  }
  if (record.civilStatus !== undefined) (record.civilStatus as Record<string, unknown>).kind = 'ukendt ord';
  return record;
}
