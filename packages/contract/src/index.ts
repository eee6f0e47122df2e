/**
 * What the windows and a backend say to each other.
 *
 * @packageDocumentation
 */
export * from './action.js';
export * from './backend.js';
export * from './bridge.js';
export * from './case.js';
export * from './document.js';
export * from './draft.js';
export * from './event.js';
export * from './fhircast.js';
export * from './grant.js';
export * from './hop.js';
export * from './identifiers.js';
export * from './kle.js';
export * from './note.js';
export * from './notice.js';
export * from './person.js';
export * from './problem.js';
export * from './record-resources.js';
export * from './records.js';
export * from './search.js';
export * from './stream.js';
export * from './subject.js';
