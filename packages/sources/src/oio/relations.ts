import type {Sensitivity} from '@bsp/contract';
import {type NumberedSubject, numberInForm} from '../asked-subject.js';
import {entryOf} from '../entry-of.js';
import {aboutSomebodyElse} from '../http/answer-problems.js';
import {childOf, childrenOf, textIn, type XmlElement} from '../xml.js';
import {current} from './effect.js';
import {gd, sd} from './namespaces.js';

/** What a UnikIdType holds. */
export interface ObjectId {
  readonly uuid?: string;
  readonly urn?: string;
}

const idIn = (holder: XmlElement | undefined): ObjectId => {
  const uuid = textIn(holder, sd, 'UUIDIdentifikator')?.toLowerCase();
  const urn = textIn(holder, sd, 'URNIdentifikator');
  return {...(uuid === undefined ? {} : {uuid}), ...(urn === undefined ? {} : {urn})};
};

/** What a relation points at. `namespace` is that of its ReferenceID. */
export const referenceOf = (relation: XmlElement | undefined, namespace: string = gd): ObjectId =>
  idIn(childOf(relation, namespace, 'ReferenceID'));

/** The one relation of a role that holds now. Roles are UUIDs in Fælleskommunalt Klassifikationssystem. */
export const inRole = (relations: readonly XmlElement[], role: string, now: number): XmlElement | undefined =>
  current(
    relations.filter((relation) => idIn(childOf(relation, gd, 'Rolle')).uuid === role),
    gd,
    now,
  );

/** Whom the indexes know as a party: a person or a company, by their numbers. */
export const partyTypes = ['cpr', 'cvr'] as const;
/** See {@link partyTypes}. */
export type Party = NumberedSubject<(typeof partyTypes)[number]>;

/** How the indexes name a party. The number consists of digits and, a person's, of letters. */
export const urnOf = ({type, value}: Party): string => `urn:oio:${type}-nr:${value}`;

/** Whether an URN names this party; PKO messages leave out `-nr`. */
function isUrnOf({type, value}: Party, urn: string | undefined): boolean {
  const [, named, number = ''] = /^urn:oio:(cpr|cvr)(?:-nr)?:(.+)$/i.exec(urn ?? '') ?? [];
  return named?.toLowerCase() === type && numberInForm(type, number) === value;
}

/** The CVR number that an URN names. Without its check: the municipality that everybody tests with has 11111111. */
export const authorityOfUrn = (urn: string | undefined): string | undefined =>
  /^urn:oio:cvr(?:-nr)?:(\d{8})$/i.exec(urn ?? '')?.[1];

/** Whether one of a record's parties is this one. */
export const isAmong = (parties: readonly XmlElement[], own: Party): boolean =>
  parties.some((party) => isUrnOf(own, referenceOf(party).urn));

/**
 * Whether one of a record's parties is this one; false where it names nobody. Relations that have ended count too, because
 * the source counts them when it searches.
 *
 * @throws SourceProblem where it names others alone.
 */
export function isOwn(parties: readonly XmlElement[], own: Party): boolean {
  if (isAmong(parties, own)) return true;
  const isOthers = parties.some((party) => {
    const {uuid, urn} = referenceOf(party);
    return uuid !== undefined || urn !== undefined;
  });
  if (isOthers) throw aboutSomebodyElse();
  return false;
}

/** An element in the LokalUdvidelseListe of another. */
export const extensionOf = (element: XmlElement | undefined, namespace: string, name: string): XmlElement | undefined =>
  childOf(childOf(element, gd, 'LokalUdvidelseListe'), namespace, name);

/** Elements of a name in the LokalUdvidelseListe of another. */
export const extensionsOf = (element: XmlElement | undefined, namespace: string, name: string): XmlElement[] => {
  const list = childOf(element, gd, 'LokalUdvidelseListe');
  return list ? childrenOf(list, namespace, name) : [];
};

const sensitivityWords: Readonly<Record<string, Sensitivity>> = {
  IKKE_FORTROLIGE_DATA: 'ordinary',
  FORTROLIGE_PERSONOPLYSNINGER: 'confidential',
  FOELSOMME_PERSONOPLYSNINGER: 'sensitive',
  VIP_SAGER: 'vip',
};

/** Foelsomhed in our words: what is missing or unknown is to be treated as the strictest. */
export const sensitivityOf = (word: string | undefined): Sensitivity => entryOf(sensitivityWords, word) ?? 'unknown';
