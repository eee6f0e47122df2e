/**
 * Grants and payments from Fælleskommunalt Ydelsesindeks (SF1491, interface version 6).
 *
 * @packageDocumentation
 */
import {grantsResource, paymentsResource} from '@bsp/contract';
import * as z from 'zod/mini';
import {askedSubject} from '../asked-subject.js';
import type {Connector, ConnectorModule, ConnectorRead, RecordAccess, SourcePage} from '../connector.js';
import {text} from '../http/connection-config.js';
import {
  holdNoMore,
  type IndexEntry,
  type IndexLimits,
  type IndexSearch,
  indexAnswerBytes,
  indexLimitsShape,
  searched,
} from '../oio/index-reader.js';
import {isOwn, type Party, partyTypes} from '../oio/relations.js';
import type {SoapClient} from '../soap/client.js';
import {soapClientOf, soapConnectionShape} from '../soap/connection.js';
import type {XmlElement} from '../xml.js';
import {grantOf, type IndexedGrant} from './grant-of-index.js';
import {type IndexedPayment, paymentOf} from './payment-of-index.js';
import {grantElement, grantsOf, paymentElement, paymentsOf, searchAction, searchAnswer} from './search.js';

/** Config of a source with `"connector": "sf1491"`. */
export const sf1491ConfigSchema = z.strictObject({
  ...soapConnectionShape,
  /** Id of the source that holds the cases of grants, e.g. one with `sf1470`; without it they are not named. */
  caseSource: z.optional(text()),
  ...indexLimitsShape,
});
/** See {@link sf1491ConfigSchema}. */
export type Sf1491Config = z.infer<typeof sf1491ConfigSchema>;

/** Grants that payments may hang on, and payments on grants, of one party. */
const mostLinks = 100_000;

type Links = Map<string, RecordAccess[]>;

/** What is looked for in one search. */
interface Sought {
  readonly party: Party;
  readonly now: number;
  readonly caseSource: string | undefined;
}

/** A grant of this party; undefined where it names no party. */
function ownGrant(element: XmlElement, {party, now, caseSource}: Sought): IndexedGrant | undefined {
  const found = grantOf(element, now, caseSource);
  return isOwn(found.parties, party) ? found : undefined;
}

/** A payment of this party, by itself or by its grant. */
function ownPayment(element: XmlElement, {party, now}: Sought, grants: Links): IndexedPayment | undefined {
  const found = paymentOf(element, now);
  return isOwn(found.parties, party) || found.grants.some((grant) => grants.has(grant)) ? found : undefined;
}

const countedAs = {grants: 'bevillinger', payments: 'effektueringer'} as const;

const search = (kind: keyof typeof countedAs, body: IndexSearch['body'], take: IndexSearch['take']): IndexSearch => ({
  action: searchAction,
  body,
  answer: searchAnswer,
  records: [grantElement, paymentElement],
  counted: countedAs[kind],
  take,
});

function grantSearch(sought: Sought, payments: Links): IndexSearch {
  return search(
    'grants',
    (first, most) => grantsOf(sought.party, first, most),
    (element): IndexEntry => {
      if (element.name !== grantElement.name) return {};
      const counts = countedAs.grants;
      const found = ownGrant(element, sought);
      if (found?.deleted) return {counts};
      const item = found?.record(payments.get(found.id ?? '') ?? []);
      return item ? {counts, item} : {counts, invalid: true};
    },
  );
}

function paymentSearch(sought: Sought, grants: Links): IndexSearch {
  return search(
    'payments',
    (first, most) => paymentsOf(sought.party, first, most),
    (element): IndexEntry => {
      if (element.name !== paymentElement.name) return {};
      const counts = countedAs.payments;
      const found = ownPayment(element, sought, grants);
      if (found?.deleted) return {counts};
      const item = found?.record(found.grants.flatMap((grant) => grants.get(grant) ?? []));
      return item ? {counts, item} : {counts, invalid: true};
    },
  );
}

/** Reads all of a search for what decides access to what hangs on it. */
async function linksOf(
  client: SoapClient,
  limits: IndexLimits,
  sought: Sought,
  kind: 'grants' | 'payments',
  signal: AbortSignal,
): Promise<Links> {
  const links: Links = new Map();
  const link = (id: string, access: RecordAccess): void => {
    const known = links.get(id);
    if (known) known.push(access);
    else links.set(id, [access]);
    holdNoMore(links.size, mostLinks);
  };
  const counts = countedAs[kind];
  const body = kind === 'grants' ? grantsOf : paymentsOf;
  const seek = search(
    kind,
    (first, most) => body(sought.party, first, most),
    (element) => {
      if (kind === 'grants' && element.name === grantElement.name) {
        const found = ownGrant(element, sought);
        if (found?.id !== undefined && !found.deleted) link(found.id, found.access);
      } else if (kind === 'payments' && element.name === paymentElement.name) {
        const found = paymentOf(element, sought.now);
        // Throws where it is somebody else's. Whose one without a party is, its grant says, which is asked for after it.
        isOwn(found.parties, sought.party);
        if (!found.deleted) for (const grant of found.grants) link(grant, found.access);
      } else return {};
      return {counts};
    },
  );
  // Part of them would look like all of them.
  for await (const page of searched(client, seek, limits, sought.party, {signal}))
    if (page.next !== undefined) holdNoMore(1, 0);
  return links;
}

const sf1491: ConnectorModule<Sf1491Config> = {
  configSchema: sf1491ConfigSchema,

  /** @throws Error that names the environment variable that is not set, or the file that cannot be read. */
  async create(config, environment): Promise<Connector> {
    const {client, close} = await soapClientOf(config, {version: '1.2', maxBytes: indexAnswerBytes}, environment);
    const serves = {resources: [grantsResource.name, paymentsResource.name], subjects: partyTypes};

    async function* pages(read: ConnectorRead, sought: Sought): AsyncGenerator<SourcePage> {
      const isGrants = read.resource === grantsResource.name;
      const links = await linksOf(client, config, sought, isGrants ? 'payments' : 'grants', read.signal);
      const asked = isGrants ? grantSearch(sought, links) : paymentSearch(sought, links);
      yield* searched(client, asked, config, sought.party, read);
    }

    return {
      ...serves,
      async *read(read): AsyncGenerator<SourcePage> {
        read.signal.throwIfAborted();
        const party = askedSubject(read, serves);
        const now = (environment.now?.() ?? new Date()).getTime();
        yield* pages(read, {party, now, caseSource: config.caseSource});
      },
      close,
    };
  },
};

export default sf1491;
