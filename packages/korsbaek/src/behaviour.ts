import type {Backend, FrameStatus} from '@bsp/contract';

/** How a whole request goes wrong. */
export type RequestFailure = 401 | 403 | 404 | 409 | 429 | 500 | 503 | 'network';

/** A method of the Backend that can be made to fail as a whole. */
export type BackendMethod = Exclude<keyof Backend, 'bridge'>;

/**
 * What Korsbæk's Backend does wrong, and how slowly. Change any field at any time; it holds from the next call on (a read's
 * sources look at it when they answer).
 *
 * Keys of `latency`, `failures` and `cached` are a source's id (`ky`) or one resource of it (`ky/cases`), the latter first.
 */
export interface Behaviour {
  /** Milliseconds before a source answers, where `latency` says nothing. */
  latencyMs: number;
  latency: Record<string, number>;
  /** Milliseconds before a context is open. */
  openingMs: number;
  /** Milliseconds before an action is carried out. */
  actingMs: number;
  /** After so many milliseconds a source that has not answered is a `timeout`; stands in the plan. */
  deadlineMs: number;
  /** How a source fails instead of answering. */
  failures: Record<string, Exclude<FrameStatus, 'ok'>>;
  /** Calls that fail as a whole. */
  requests: Partial<Record<BackendMethod, RequestFailure>>;
  /** A context needs a purpose: 403 `needs-purpose` without. */
  purposeRequired: boolean;
  /** Capabilities that the user does not have, e.g. `act:note.create`, `read:journal`, `live`. */
  withoutCapabilities: string[];
  /** The order of the sources' frames: as they answer, or all at the end, backwards or in a seeded shuffle. */
  order: 'as-answered' | 'reversed' | 'shuffled';
  /** Every frame comes twice. */
  duplicateFrames: boolean;
  /** Before each frame comes one of another context, full of another person's items. */
  foreignFrames: boolean;
  /** The CPR source answers about another person under the right context id. */
  wrongPerson: boolean;
  /** The stream breaks after so many frames: without End, or with an error. */
  breakAfterFrames: number | undefined;
  breakWith: 'silence' | 'error';
  /** Messages that are none stand between the frames. */
  garbage: boolean;
  /** So many unreadable items stand in every frame that is `ok`. */
  unreadableItems: number;
  /** So many records per frame the backend could not read itself (`invalid`). */
  invalidItems: number;
  /** Words that the contract does not know: phases, sensitivities, statuses, event types. */
  unknownWords: boolean;
  /** Items per page, at most 500; more follow by `next`. Undefined: everything in one read. */
  pageSize: number | undefined;
  /** Frames come from a cache that is so many minutes old. */
  cached: Record<string, number>;
  /** CPR numbers in free texts are left as they stand, as a careless backend would. */
  numbersInText: boolean;
  /** The answers of so many actions are lost after they were carried out. Counts down. */
  loseAnswers: number;
}

/** A backend that does as it should, at once. */
export const goodBehaviour = (): Behaviour => ({
  latencyMs: 0,
  latency: {},
  openingMs: 0,
  actingMs: 0,
  deadlineMs: 8000,
  failures: {},
  requests: {},
  purposeRequired: false,
  withoutCapabilities: [],
  order: 'as-answered',
  duplicateFrames: false,
  foreignFrames: false,
  wrongPerson: false,
  breakAfterFrames: undefined,
  breakWith: 'silence',
  garbage: false,
  unreadableItems: 0,
  invalidItems: 0,
  unknownWords: false,
  pageSize: undefined,
  cached: {},
  numbersInText: false,
  loseAnswers: 0,
});

/** What a key of {@link Behaviour} says about a resource of a source. */
export const forSource = <T>(values: Readonly<Record<string, T>>, source: string, resource: string): T | undefined =>
  values[`${source}/${resource}`] ?? values[source];

/** Items that no record is. */
export const unreadableItems: readonly unknown[] = [
  null,
  'tekst',
  42,
  {},
  {ref: {source: 'ky'}, title: 'Uden id'},
  {ref: {source: 'ky', id: 'x'}, title: 7, status: 'åben', changedAt: 'i går'},
  {ref: {source: 'momentum', id: 'x'}, heading: 'Uden tidspunkt', body: 'Notat', author: {name: 'Ukendt'}},
  [],
];

/** Messages that no stream message is. */
export const garbageMessages: readonly unknown[] = [
  '<!doctype html><title>502 Bad Gateway</title>',
  null,
  {kind: 'surprise'},
  {kind: 'frame', resource: 'cases'},
  [],
];
