import {type Address, daySchema, type Person, parseCpr, type Relative} from '@bsp/contract';
import {careOfLine, present, streetLine} from '../cpr/address-lines.js';
import {countryName} from '../cpr/countries.js';
import {municipalityName} from '../cpr/municipalities.js';
import {civilStatusKinds, holds, isCouple, statusKinds} from '../cpr/person-words.js';
import type {SourcePerson, SourceRelative} from '../cpr/source-person.js';
import {danishDay, rfc3339} from '../danish-time.js';
import {entryOf} from '../entry-of.js';
import {withoutUndefined} from '../without-undefined.js';
import {childOf, childrenOf, textIn, type XmlElement} from '../xml.js';
import {person4} from './lookup.js';

const child = (parent: XmlElement | undefined, name: string): XmlElement | undefined => childOf(parent, person4, name);
const all = (parent: XmlElement | undefined, name: string): XmlElement[] =>
  parent ? childrenOf(parent, person4, name) : [];
const text = (parent: XmlElement | undefined, name: string): string | undefined => textIn(parent, person4, name);

/** A day: of an `xs:date` as it stands, of an `xs:dateTime` the day in Denmark. */
function dayOf(written: string | undefined): string | undefined {
  if (written === undefined) return undefined;
  const moment = written.includes('T') ? rfc3339(written) : undefined;
  const day = moment === undefined ? written.slice(0, 10) : danishDay(new Date(moment));
  return daySchema.safeParse(day).success ? day : undefined;
}
const dayIn = (parent: XmlElement | undefined, name: string): string | undefined => dayOf(text(parent, name));
/** The day of a `usikkerhedDatoType`. */
const datedDay = (parent: XmlElement | undefined, name: string): string | undefined =>
  dayIn(child(parent, name), 'dato');

/** A person's number; CPR writes zeros where there is none. */
const numberIn = (parent: XmlElement | undefined, name: string): string | undefined => {
  const parsed = parseCpr(text(parent, name) ?? '');
  return parsed.ok ? parsed.value.value : undefined;
};

const yesOrNo = (written: string | undefined): boolean | undefined =>
  written === 'true' || written === '1' ? true : written === 'false' || written === '0' ? false : undefined;

const list = <T>(items: readonly (T | undefined)[]): T[] | undefined => {
  const found = items.filter((item) => item !== undefined);
  return found.length > 0 ? found : undefined;
};

/** Whether a protection is in force. One that does not say protects: rather too much than too little. */
function isInForce(protection: XmlElement | undefined, today: string): boolean {
  if (!protection) return false;
  const said = yesOrNo(text(protection, 'beskyttet'));
  return said ?? holds(today, dayIn(protection, 'startdato'), dayIn(protection, 'slutdato'));
}

const protections = [
  ['adressebeskyttelse', 'name-address'],
  ['vejviserbeskyttelse', 'directory'],
  ['markedsfoeringsbeskyttelse', 'marketing'],
] as const;

/** Protections in force, and those that are still to begin. */
const protectionsIn = (person: XmlElement | undefined, today: string): Person['protections'] =>
  list(
    protections.map(([name, kind]) => {
      const protection = child(person, name);
      const from = dayIn(protection, 'startdato');
      const to = dayIn(protection, 'slutdato');
      const isToCome = from !== undefined && from > today;
      return isInForce(protection, today) || isToCome ? withoutUndefined({kind, from, to}) : undefined;
    }),
  );

const emigrated = '80';

/** Where somebody lives abroad. Whoever has come back has a home here, and may keep what was known of the time abroad. */
function abroadIn(answer: XmlElement): XmlElement | undefined {
  const address = child(answer, 'adresse');
  const isGone = text(child(child(answer, 'persondata'), 'status'), 'status') === emigrated;
  return isGone || !child(address, 'aktuelAdresse') ? child(address, 'udrejseoplysninger') : undefined;
}

function addressLines(answer: XmlElement): string[] {
  const abroad = abroadIn(answer);
  if (abroad) {
    const lines = present([1, 2, 3, 4, 5].map((line) => text(abroad, `udlandsadresse${line}`)));
    const country = text(abroad, 'udrejselandekode');
    return lines.length > 0 || country === undefined ? lines : [countryName(country)];
  }
  const here = child(child(answer, 'adresse'), 'aktuelAdresse');
  const city = text(here, 'bynavn');
  const district = text(here, 'postdistrikt');
  const place = present([text(here, 'postnummer'), district]).join(' ');
  return present([
    careOfLine(text(here, 'conavn')),
    text(here, 'lokalitet'),
    streetLine({
      street: text(here, 'vejnavn') ?? text(here, 'vejadresseringsnavn'),
      house: text(here, 'husnummer'),
      floor: text(here, 'etage'),
      door: text(here, 'sidedoer'),
      label: text(here, 'standardadresse'),
    }),
    city === district ? undefined : city,
    place === '' ? undefined : place,
    ...[1, 2, 3, 4, 5].map((line) => text(here, `adr${line}-supladr`)),
  ]);
}

function contactLines(address: XmlElement | undefined, today: string): string[] {
  const contact = child(address, 'kontaktAdresse');
  return holds(today, dayIn(contact, 'startdato'), dayIn(contact, 'slettedato'))
    ? present([1, 2, 3, 4, 5].map((line) => text(contact, `kontaktAdr${line}`)))
    : [];
}

/** All lines of a person's addresses, protected or not: what a reveal answers. */
export function revealedLines(answer: XmlElement, today: string): string[] {
  const contact = contactLines(child(answer, 'adresse'), today);
  return [...addressLines(answer), ...(contact.length > 0 ? ['Kontaktadresse:', ...contact] : [])];
}

/** Whom an answer is about. */
export const numberOfAnswer = (answer: XmlElement): string | undefined =>
  numberIn(child(answer, 'persondata'), 'personnummer');

function relativeOf(relation: Relative['relation'], element: XmlElement | undefined): SourceRelative | undefined {
  const number = numberIn(element, 'personnummer');
  if (number !== undefined) return {relation, subject: {type: 'cpr', value: number}};
  const name = text(element, 'navn');
  return name === undefined
    ? undefined
    : withoutUndefined({relation, name, birthDate: datedDay(element, 'foedselsdato')});
}

function custodyIn(
  relations: XmlElement | undefined,
  parents: {mother: SourceRelative | undefined; father: SourceRelative | undefined},
  today: string,
): SourcePerson['custody'] {
  const held = all(relations, 'foraeldremyndighed').filter((one) =>
    holds(today, undefined, dayIn(one, 'foraeldremyndighedSletdato')),
  );
  return list(
    held.map((one) => {
      const kind = text(one, 'foraeldremyndighedtype');
      const number = numberIn(one, 'relationPersonnummer');
      const relation = kind === '3' ? 'mother' : kind === '4' ? 'father' : 'other';
      const parent = relation === 'other' ? undefined : parents[relation];
      const named: SourceRelative =
        number === undefined ? {relation} : {relation, subject: {type: 'cpr', value: number}};
      return withoutUndefined({
        holder: parent ?? named,
        since: datedDay(one, 'foraeldremyndighedStartdato'),
        until: dayIn(one, 'foraeldremyndighedSletdato'),
      });
    }),
  );
}

function guardianshipIn(person: XmlElement | undefined, today: string): SourcePerson['guardianship'] {
  const guarded = child(person, 'umyndiggoerelse');
  const until = dayIn(guarded, 'umyndiggoerelseSlettedato');
  if (!guarded || yesOrNo(text(guarded, 'umyndiggjort')) === false || !holds(today, undefined, until)) return undefined;
  const number = numberIn(guarded, 'relationPersonnummer');
  const name = text(guarded, 'relationVaergenavn') ?? text(guarded, 'relationtekst1');
  const guardian: SourceRelative | undefined =
    number !== undefined
      ? {relation: 'other', subject: {type: 'cpr', value: number}}
      : name === undefined
        ? undefined
        : {relation: 'other', name};
  return withoutUndefined({since: datedDay(guarded, 'umyndiggoerelseStartdato'), until, guardian});
}

function civilStatusIn(person: XmlElement | undefined): SourcePerson['civilStatus'] {
  const civil = child(person, 'civilstand');
  const native = text(civil, 'civilstand');
  if (native === undefined) return undefined;
  const separation = child(person, 'separation');
  const kind = entryOf(civilStatusKinds, native) ?? 'unknown';
  const isSeparated = kind === 'married' && yesOrNo(text(separation, 'separeret')) === true;
  return withoutUndefined({
    kind: isSeparated ? ('separated' as const) : kind,
    since: isSeparated ? datedDay(separation, 'separationsdato') : datedDay(civil, 'civilstandsdato'),
    native,
  });
}

/** Turns a `PersonLookupResponse` into a contract person, as of a Danish day. */
export function personOf(answer: XmlElement, number: string, today: string): SourcePerson {
  const person = child(answer, 'persondata');
  const address = child(answer, 'adresse');
  const relations = child(answer, 'relationer');
  const name = child(person, 'navn');
  const full = present(['fornavn', 'mellemnavn', 'efternavn'].map((part) => text(name, part))).join(' ');
  const status = child(person, 'status');
  const native = text(status, 'status') ?? '';
  const sex = text(person, 'koen');
  const hidden = isInForce(child(person, 'adressebeskyttelse'), today);
  const addressOf = (lines: string[], more: Omit<Address, 'lines' | 'protected'>): Address | undefined => {
    if (hidden) return lines.length > 0 ? withoutUndefined({protected: true, since: more.since}) : undefined;
    return lines.length > 0 || more.municipality !== undefined ? withoutUndefined({lines, ...more}) : undefined;
  };
  const abroad = abroadIn(answer);
  const here = child(address, 'aktuelAdresse');
  const municipality = text(here, 'kommunekode');
  const contact = contactLines(address, today);
  const mother = relativeOf('mother', child(relations, 'mor'));
  const father = relativeOf('father', child(relations, 'far'));
  const current = numberIn(person, 'gaeldendePersonnummer');
  const citizenship = text(child(person, 'statsborgerskab'), 'landekode');
  const civilStatus = civilStatusIn(person);
  return withoutUndefined({
    ref: {source: '', id: number},
    subject: {type: 'cpr' as const, value: number},
    // A newborn child has none yet.
    name: full || (text(name, 'personadresseringsnavn') ?? 'Navn ikke registreret'),
    status: withoutUndefined({
      kind: entryOf(statusKinds, native.padStart(2, '0')) ?? 'inactive',
      native,
      since: datedDay(status, 'statusdato') ?? datedDay(person, 'forsvindingsdato'),
    }),
    birthDate: datedDay(person, 'foedselsdato'),
    sex: sex === 'K' ? ('female' as const) : sex === 'M' ? ('male' as const) : undefined,
    address: addressOf(addressLines(answer), {
      municipality: abroad || municipality === undefined ? undefined : municipalityName(municipality.padStart(4, '0')),
      since: abroad ? datedDay(abroad, 'udrejsedato') : datedDay(here, 'tilflytningsdato'),
    }),
    contactAddress:
      contact.length > 0
        ? addressOf(contact, {since: dayIn(child(address, 'kontaktAdresse'), 'startdato')})
        : undefined,
    protections: protectionsIn(person, today),
    civilStatus,
    // The schema calls the name beside the code a stub.
    citizenship: citizenship === undefined ? undefined : countryName(citizenship),
    spouse:
      civilStatus === undefined || isCouple(civilStatus.kind)
        ? relativeOf('spouse', child(relations, 'aegtefaelle'))
        : undefined,
    children: list(all(relations, 'barn').map((one) => relativeOf('child', one))),
    parents: list([mother, father]),
    custody: custodyIn(relations, {mother, father}, today),
    guardianship: guardianshipIn(person, today),
    replacedBy:
      current === undefined || current === number
        ? undefined
        : {relation: 'other' as const, subject: {type: 'cpr' as const, value: current}},
  });
}
