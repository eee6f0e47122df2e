import {casesResource} from './case.js';
import {documentsResource} from './document.js';
import {draftsResource} from './draft.js';
import {eventsResource} from './event.js';
import {grantsResource, paymentsResource} from './grant.js';
import {journalResource} from './note.js';
import {personResource} from './person.js';
import type {Resource} from './records.js';

/** The resources that hold what systems know of a subject. */
export const recordResources: readonly Resource<unknown>[] = [
  casesResource,
  documentsResource,
  draftsResource,
  eventsResource,
  grantsResource,
  journalResource,
  paymentsResource,
  personResource,
];
