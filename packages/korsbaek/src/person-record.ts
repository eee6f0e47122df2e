import type {Person, Relative} from '@bsp/contract';
import {type Inhabitant, type Population, withoutUndefined} from './population.js';

/** How a person is pointed at: masked with an opaque handle (Backend), or by the real number (connector). */
export interface Pointer {
  readonly masked?: string;
  readonly subject?: {readonly type: 'ref' | 'cpr'; readonly value: string};
}

type RelativeRecord = Omit<Relative, 'masked' | 'subject'> & Pointer;

/** A {@link Person} with the pointers of one side of the border. */
export interface PersonRecord
  extends Omit<Person, 'masked' | 'spouse' | 'children' | 'parents' | 'custody' | 'guardianship' | 'replacedBy'>,
    Pointer {
  readonly spouse?: RelativeRecord;
  readonly children?: readonly RelativeRecord[];
  readonly parents?: readonly RelativeRecord[];
  readonly custody?: readonly {readonly holder: RelativeRecord}[];
  readonly guardianship?: {readonly guardian: RelativeRecord};
  readonly replacedBy?: RelativeRecord;
}

const hasNameProtection = (person: Inhabitant): boolean => person.protections.some(({kind}) => kind === 'name-address');

/** The record of the resource `person`. A protected address comes without lines: `reveal` gives them. */
export function personRecord(
  population: Population,
  person: Inhabitant,
  self: Pointer,
  pointAt: (person: Inhabitant) => Pointer,
): PersonRecord {
  const isProtected = hasNameProtection(person);
  const relative = (relation: Relative['relation'], index: number | undefined): RelativeRecord | undefined => {
    // A relative beyond the municipality's size lives somewhere else: the register here does not hold them.
    if (index === undefined || index >= population.size) return undefined;
    const other = population.inhabitant(index);
    // A protected name stands in the records of those who share the protection, not in those of others.
    const hidden = hasNameProtection(other) && !isProtected;
    return {
      relation,
      ...(hidden ? {} : {name: other.name}),
      birthDate: other.birthDate,
      ...(hasNameProtection(other) ? {protected: true} : {}),
      ...pointAt(other),
    };
  };
  const all = (...relatives: (RelativeRecord | undefined)[]): RelativeRecord[] | undefined => {
    const known = relatives.filter((one): one is RelativeRecord => one !== undefined);
    return known.length > 0 ? known : undefined;
  };
  const custody = all(
    ...person.custody.map((holder) => relative(holder === person.mother ? 'mother' : 'father', holder)),
  );
  const guardian = relative('other', person.guardian);
  const {address} = person;
  return withoutUndefined<PersonRecord>({
    ref: {source: 'cpr', id: `p${person.index}`},
    name: person.name,
    status: withoutUndefined<Person['status']>({
      kind: person.status,
      native: person.statusCode,
      since: person.statusSince,
    }),
    birthDate: person.birthDate,
    sex: person.sex,
    address: address && {
      municipality: address.municipality,
      since: address.since,
      ...(isProtected ? {protected: true} : {lines: [...address.lines]}),
    },
    contactAddress: person.contactAddress && {lines: [...person.contactAddress]},
    protections: person.protections.length > 0 ? person.protections.map((protection) => ({...protection})) : undefined,
    civilStatus: withoutUndefined<NonNullable<Person['civilStatus']>>({
      kind: person.civilStatus,
      since: person.civilSince,
      native: undefined,
    }),
    citizenship: person.citizenship,
    spouse: relative('spouse', person.spouse),
    children: all(...person.children.map((child) => relative('child', child))),
    parents: all(relative('mother', person.mother), relative('father', person.father)),
    custody: custody?.map((holder) => ({holder})),
    guardianship: guardian && {guardian},
    previousNumbers:
      person.previousNumbers.length > 0
        ? person.previousNumbers.map((number) => `${number.slice(0, 6)}-••••`)
        : undefined,
    replacedBy: relative('other', person.replacedBy),
    masked: self.masked,
    subject: self.subject,
  });
}
