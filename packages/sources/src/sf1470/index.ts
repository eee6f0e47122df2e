/**
 * Cases and documents from Fælleskommunalt Sags- og Dokumentindeks (SF1470, interface version 6).
 *
 * @packageDocumentation
 */
import {casesResource, documentsResource} from '@bsp/contract';
import * as z from 'zod/mini';
import {askedSubject} from '../asked-subject.js';
import type {Connector, ConnectorModule, RecordAccess, SourcePage} from '../connector.js';
import {
  holdNoMore,
  type IndexEntry,
  type IndexSearch,
  indexAnswerBytes,
  indexLimitsShape,
  searched,
} from '../oio/index-reader.js';
import {isAmong, isOwn, type Party, partyTypes} from '../oio/relations.js';
import {soapClientOf, soapConnectionShape} from '../soap/connection.js';
import type {XmlElement} from '../xml.js';
import {caseOf, type IndexedCase} from './case-of-index.js';
import {type AttachedCase, documentOf} from './document-of-index.js';
import {caseElement, casesOf, documentElement, documentsOf, searchAction, searchAnswer} from './search.js';

/** Config of a source with `"connector": "sf1470"`. */
export const sf1470ConfigSchema = z.strictObject({
  ...soapConnectionShape,
  ...indexLimitsShape,
});
/** See {@link sf1470ConfigSchema}. */
export type Sf1470Config = z.infer<typeof sf1470ConfigSchema>;

/** Documents that the cases of one answer may refer to. */
const mostAttached = 100_000;

/** A case of this party; undefined where it names no party. */
function ownCase(element: XmlElement, party: Party, now: number): IndexedCase | undefined {
  const found = caseOf(element, now);
  return isOwn(found.parties, party) ? found : undefined;
}

const cases = 'sager';

const caseSearch = (party: Party, now: number): IndexSearch => ({
  action: searchAction,
  body: (first, most) => casesOf(party, first, most),
  answer: searchAnswer,
  records: [caseElement, documentElement],
  counted: cases,
  take(element): IndexEntry {
    if (element.name !== caseElement.name) return {};
    const counts = cases;
    const found = ownCase(element, party, now);
    if (found?.deleted) return {counts};
    return found?.record ? {counts, item: found.record} : {counts, invalid: true};
  },
});

/** Cases stand before documents in an answer, so that they say which documents are the party's. */
function documentSearch(party: Party, now: number): IndexSearch {
  let attached = new Map<string, {cases: AttachedCase[]; access: RecordAccess[]}>();
  let left = new Set<string>();
  return {
    action: searchAction,
    body(first, most) {
      attached = new Map();
      left = new Set();
      return documentsOf(party, first, most);
    },
    answer: searchAnswer,
    records: [caseElement, documentElement],
    counted: cases,
    take(element): IndexEntry {
      if (element.name === caseElement.name) {
        const counts = cases;
        const found = ownCase(element, party, now);
        for (const document of found?.attached.before ?? []) left.add(document);
        for (const document of found?.attached.now ?? []) {
          const known = attached.get(document) ?? {cases: [], access: []};
          attached.set(document, known);
          if (!found || found.deleted) continue;
          const {record, access} = found;
          known.access.push(access);
          if (record) known.cases.push({ref: record.ref, title: record.title, access});
        }
        holdNoMore(attached.size + left.size, mostAttached);
        return {counts};
      }
      const found = documentOf(element, now);
      const {id} = found;
      const attachments = id === undefined ? undefined : attached.get(id);
      // What has left their case may be about somebody else, and is then no fault of the answer.
      if (!attachments && id !== undefined && left.has(id) && !isAmong(found.parties, party)) return {};
      // In a case of theirs it may be about others too.
      const isTheirs = attachments !== undefined || isOwn(found.parties, party);
      const counted = attachments ? {} : {counts: 'dokumenter'};
      if (found.deleted) return counted;
      const item = isTheirs ? found.record(attachments) : undefined;
      return item ? {...counted, item} : {...counted, invalid: true};
    },
  };
}

const sf1470: ConnectorModule<Sf1470Config> = {
  configSchema: sf1470ConfigSchema,

  /** @throws Error that names the environment variable that is not set, or the file that cannot be read. */
  async create(config, environment): Promise<Connector> {
    const {client, close} = await soapClientOf(config, {version: '1.2', maxBytes: indexAnswerBytes}, environment);
    const serves = {resources: [casesResource.name, documentsResource.name], subjects: partyTypes};
    return {
      ...serves,
      async *read(read): AsyncGenerator<SourcePage> {
        read.signal.throwIfAborted();
        const party = askedSubject(read, serves);
        const now = (environment.now?.() ?? new Date()).getTime();
        const search = read.resource === casesResource.name ? caseSearch(party, now) : documentSearch(party, now);
        yield* searched(client, search, config, party, read);
      },
      close,
    };
  },
};

export default sf1470;
