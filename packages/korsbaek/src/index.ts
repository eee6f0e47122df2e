/**
 * Korsbæk: a synthetic municipality, seeded and deterministic. Nobody in it exists, and no number in it can be anybody's
 * (day + 60).
 *
 * @packageDocumentation
 */
export * from './backend.js';
export {type BackendMethod, type Behaviour, goodBehaviour, type RequestFailure} from './behaviour.js';
export {type Character, characters} from './cast.js';
export {type Clock, type ManualClock, manualClock, realClock} from './clock.js';
export type {Dossier, Letter} from './dossier.js';
export {kleTitles} from './kle.js';
export {type Municipality, type MunicipalityOptions, municipality, type SentMessage} from './municipality.js';
export {type Inhabitant, largestSize} from './population.js';
export {staff, units} from './staff.js';
export {
  type KorsbaekSourceId,
  phaseOf,
  type System,
  type SystemId,
  sourceIds,
  systemIds,
  systems,
} from './systems.js';
