import {type Address, maskCpr, type Relative} from '@bsp/contract';
import type {SourceHit} from '../connector.js';
import {careOfLine, present, streetLine} from '../cpr/address-lines.js';
import {countryName} from '../cpr/countries.js';
import {municipalityName} from '../cpr/municipalities.js';
import {civilStatusKinds, holds, isCouple, statusKinds} from '../cpr/person-words.js';
import type {SourcePerson, SourceRelative} from '../cpr/source-person.js';
import {withoutUndefined} from '../without-undefined.js';
import type {Extract} from './extract-file.js';

/** Finds a relative's own extract, where there is one that can be read. */
export type FindExtract = (cpr: string) => Extract | undefined;

const protectionKinds: Readonly<Record<string, 'name-address' | 'directory' | 'marketing' | 'research'>> = {
  '0001': 'name-address',
  '0002': 'directory',
  '0003': 'marketing',
  '0004': 'research',
};

/** Name and address protection in force. A type we do not know protects too: rather too much than too little. */
const isProtected = (extract: Extract, today: string): boolean =>
  extract.repeated['004'].some(
    ({kind = '', from, to}) => holds(today, from, to) && (protectionKinds[kind] ?? 'name-address') === 'name-address',
  );

/** The registered name; the addressing name, cut to 34 characters by CPR, only where there is no other. */
const nameOf = ({single}: Extract): string | undefined => {
  const {first, middle, last, addressingName} = single['008'] ?? {};
  const full = [first, middle, last].filter((part) => part !== undefined).join(' ');
  return full || (single['003']?.addressingName ?? addressingName);
};

/** A newborn child has no name yet. */
const shownNameOf = (extract: Extract): string => nameOf(extract) ?? 'Navn ikke registreret';

/** Lines of the address in the register, or of the address abroad. */
function addressLines({single}: Extract, today: string): string[] {
  const abroad = single['005'];
  if (abroad) {
    const lines = present([abroad.line1, abroad.line2, abroad.line3, abroad.line4, abroad.line5]);
    return lines.length > 0 || abroad.country === undefined ? lines : [countryName(abroad.country)];
  }
  const lines: (string | undefined)[] = [];
  const address = single['003'];
  if (address) {
    const place = present([address.postCode, address.postDistrict]).join(' ');
    const careOf = address.careOf;
    lines.push(
      careOfLine(careOf),
      address.locality,
      streetLine(address),
      // A town that is its own postal district is said once.
      address.city === address.postDistrict ? undefined : address.city,
      place === '' ? undefined : place,
    );
  }
  const extra = single['002'];
  if (extra && holds(today, extra.extraFrom, extra.extraTo)) {
    lines.push(extra.extra1, extra.extra2, extra.extra3, extra.extra4, extra.extra5);
  }
  return present(lines);
}

const contactLines = ({single}: Extract, today: string): string[] => {
  const contact = single['006'];
  return contact && holds(today, contact.from, contact.to)
    ? present([contact.line1, contact.line2, contact.line3, contact.line4, contact.line5])
    : [];
};

/** All lines of a person's addresses, protected or not: what a reveal answers. */
export function revealedLines(extract: Extract, today: string): string[] {
  const contact = contactLines(extract, today);
  return [...addressLines(extract, today), ...(contact.length > 0 ? ['Kontaktadresse:', ...contact] : [])];
}

/** What a search shows of a person, as of a Danish day. */
export function hitOf(extract: Extract, today: string): SourceHit {
  const lines = isProtected(extract, today) ? undefined : addressLines(extract, today);
  return {
    kind: 'person',
    subject: {type: 'cpr', value: extract.cpr},
    name: shownNameOf(extract),
    ...(lines ? (lines.length > 0 ? {detail: lines.join(', ')} : {}) : {protected: true}),
  };
}

/** The numbers of everybody else that a person's extract names. */
export function relativesOf({single, repeated}: Extract): string[] {
  const parents = single['015'];
  return [
    ...new Set(
      present([
        single['001']?.current,
        single['012']?.spouse,
        parents?.mother,
        parents?.father,
        single['017']?.guardian,
        ...repeated['014'].map(({child}) => child),
        ...repeated['016'].map(({holder}) => holder),
      ]),
    ),
  ];
}

/** Turns an extract into a contract person, as of a Danish day. */
export function personOf(extract: Extract, find: FindExtract, today: string): SourcePerson {
  const {cpr, single, repeated} = extract;
  const relative = (
    relation: Relative['relation'],
    number: string | undefined,
    written: {name?: string | undefined; birthDate?: string | undefined} = {},
  ): SourceRelative | undefined => {
    const own = number === undefined ? undefined : find(number);
    if (number === undefined) return written.name === undefined ? undefined : withoutUndefined({relation, ...written});
    const subject = {type: 'cpr', value: number} as const;
    if (!own) return withoutUndefined({relation, ...written, subject});
    if (isProtected(own, today)) return {relation, subject, protected: true};
    return withoutUndefined({relation, name: nameOf(own), birthDate: own.single['001']?.birthDate, subject});
  };

  const {status = '', statusSince, sex, birthDate, current} = single['001'] ?? {};
  const hidden = isProtected(extract, today);
  const abroad = single['005'];
  const municipality = single['003']?.municipality ?? single['002']?.municipality;
  const addressOf = (lines: string[], more: Omit<Address, 'lines' | 'protected'>): Address | undefined => {
    const since = more.since;
    if (hidden) return lines.length > 0 ? withoutUndefined({protected: true, since}) : undefined;
    return lines.length > 0 || more.municipality !== undefined ? withoutUndefined({lines, ...more}) : undefined;
  };
  const address = addressOf(addressLines(extract, today), {
    municipality: abroad || municipality === undefined ? undefined : municipalityName(municipality),
    since: abroad ? abroad.since : single['002']?.since,
  });

  const civil = single['012'];
  const separation = single['013'];
  const civilKind = civilStatusKinds[civil?.kind ?? ''] ?? 'unknown';
  const parents = single['015'];
  const mother = relative('mother', parents?.mother, {name: parents?.motherName, birthDate: parents?.motherBirthDate});
  const father = relative('father', parents?.father, {name: parents?.fatherName, birthDate: parents?.fatherBirthDate});
  const guardianship = single['017'];
  const custody = repeated['016']
    .filter(({until}) => holds(today, undefined, until))
    .map(({kind, holder, since, until}) => {
      // Types 3 and 4 are the parents of record 015; 5 and 6 somebody else, by number.
      const named = kind === '0003' ? (mother ?? {relation: 'mother' as const}) : undefined;
      const other = kind === '0004' ? (father ?? {relation: 'father' as const}) : relative('other', holder);
      return withoutUndefined({holder: named ?? other ?? {relation: 'other' as const}, since, until});
    });
  const list = <T>(items: readonly (T | undefined)[]): T[] | undefined => {
    const all = items.filter((item) => item !== undefined);
    return all.length > 0 ? all : undefined;
  };
  const contact = contactLines(extract, today);

  return withoutUndefined({
    ref: {source: '', id: cpr},
    subject: {type: 'cpr' as const, value: cpr},
    name: shownNameOf(extract),
    status: withoutUndefined({
      kind: statusKinds[status] ?? 'inactive',
      native: status,
      since: statusSince ?? (status === '70' ? single['007']?.since : status === '80' ? abroad?.since : undefined),
    }),
    birthDate,
    sex: sex === 'K' ? ('female' as const) : sex === 'M' ? ('male' as const) : undefined,
    address,
    contactAddress: contact.length > 0 ? addressOf(contact, {since: single['006']?.from}) : undefined,
    protections: list(
      // One that has ended protects nothing; one that is still to begin is worth knowing.
      repeated['004'].map(({kind = '', from, to}) => {
        const ours = protectionKinds[kind];
        return ours && holds(today, undefined, to) ? withoutUndefined({kind: ours, from, to}) : undefined;
      }),
    ),
    civilStatus: civil?.kind
      ? withoutUndefined({
          kind: civilKind === 'married' && separation ? ('separated' as const) : civilKind,
          since: civilKind === 'married' && separation ? separation.since : civil.since,
          native: civil.kind,
        })
      : undefined,
    citizenship: single['010']?.country ? countryName(single['010'].country) : undefined,
    spouse: isCouple(civilKind)
      ? relative('spouse', civil?.spouse, {name: civil?.spouseName, birthDate: civil?.spouseBirthDate})
      : undefined,
    children: list(repeated['014'].map(({child}) => relative('child', child))),
    parents: list([mother, father]),
    custody: list(custody),
    guardianship:
      guardianship && holds(today, undefined, guardianship.until)
        ? withoutUndefined({
            since: guardianship.since,
            until: guardianship.until,
            guardian: relative('other', guardianship.guardian, {name: guardianship.guardianName}),
          })
        : undefined,
    previousNumbers: list(repeated['022'].map(({number}) => (number === undefined ? undefined : maskCpr(number)))),
    replacedBy: relative('other', current),
  });
}
