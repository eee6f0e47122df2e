import {parseKle, type Staff} from '@bsp/contract';
import {authorityOfUrn, extensionOf, inRole, referenceOf} from '../oio/relations.js';
import {textIn, type XmlElement} from '../xml.js';
import {roles} from './roles.js';

/** The names that the schemas of cases and documents give the same thing. */
export interface IndexNames {
  readonly namespace: string;
  readonly actor: string;
  readonly authorityNumber: string;
  readonly class: string;
}

const nameIn = (extension: XmlElement | undefined, {namespace}: IndexNames): string | undefined =>
  textIn(extension, namespace, 'FuldtNavn') ?? textIn(extension, namespace, 'BrugervendtNoegle');

/** Who has the case: the caseworker and the unit; the unit alone where nobody is named. */
export function staffOf(actors: readonly XmlElement[], names: IndexNames, now: number): Staff | undefined {
  const named = (role: string): string | undefined =>
    nameIn(extensionOf(inRole(actors, role, now), names.namespace, names.actor), names);
  const [caseworker, unit] = [named(roles.caseworker), named(roles.responsible)];
  const name = caseworker ?? unit;
  if (name === undefined) return undefined;
  return caseworker === undefined || unit === undefined ? {name} : {name, unit};
}

/** CVR number of the authority that owns the record. */
export function ownerOf(actors: readonly XmlElement[], names: IndexNames, now: number): string | undefined {
  const owner = inRole(actors, roles.owner, now);
  const written = textIn(extensionOf(owner, names.namespace, names.actor), names.namespace, names.authorityNumber);
  return authorityOfUrn(referenceOf(owner).urn) ?? authorityOfUrn(`urn:oio:cvr-nr:${written}`);
}

/** KLE of the record: the subject, with the facet of the action where both are named. */
export function kleOf(
  classes: readonly XmlElement[],
  names: IndexNames,
  now: number,
): {number: string; title?: string; subject?: string} | undefined {
  const classOf = (role: string): XmlElement | undefined =>
    extensionOf(inRole(classes, role, now), names.namespace, names.class);
  const primary = classOf(roles.primaryClass);
  const number = textIn(primary, names.namespace, 'BrugervendtNoegle');
  if (number === undefined) return undefined;
  const action = textIn(classOf(roles.actionClass), names.namespace, 'BrugervendtNoegle');
  const whole = action === undefined ? undefined : parseKle(`${number}-${action}`);
  const plain = parseKle(number);
  const title = textIn(primary, names.namespace, 'Klassetitel');
  return {
    number: whole?.ok ? `${number}-${action}` : number,
    ...(title === undefined ? {} : {title}),
    ...(plain.ok ? {subject: plain.value.subject} : {}),
  };
}
