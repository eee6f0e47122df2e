import type {Person, Relative} from '@bsp/contract';
import type {StringSource} from '@bsp/core';

/** A text for each word of the contract, under a prefixed key so that a host may override any of them. */
type StatusTexts = Record<`status-${Person['status']['kind']}`, string>;
type CivilTexts = Record<
  `civil-${NonNullable<Person['civilStatus']>['kind'] | 'widowed-female' | 'widowed-male'}`,
  string
>;
type RelationTexts = Record<`relation-${Relative['relation']}`, string>;

const statuses: StatusTexts = {
  'status-active': 'Aktiv',
  'status-inactive': 'CPR-nummeret er ikke aktivt',
  'status-annulled': 'CPR-nummeret er annulleret',
  'status-changed-number': 'CPR-nummeret er ændret',
  'status-missing': 'Forsvundet',
  'status-emigrated': 'Udrejst',
  'status-dead': 'Død',
};

const civilStatuses: CivilTexts = {
  'civil-unmarried': 'Ugift',
  'civil-married': 'Gift',
  'civil-divorced': 'Fraskilt',
  'civil-widowed': 'Enke eller enkemand',
  'civil-widowed-female': 'Enke',
  'civil-widowed-male': 'Enkemand',
  'civil-registered-partnership': 'Registreret partnerskab',
  'civil-dissolved-partnership': 'Ophævet partnerskab',
  'civil-surviving-partner': 'Længstlevende partner',
  'civil-separated': 'Separeret',
  'civil-deceased': 'Død',
  'civil-unknown': 'Ukendt civilstand',
};

const relations: RelationTexts = {
  'relation-child': 'barn',
  'relation-mother': 'mor',
  'relation-father': 'far',
  'relation-spouse': 'ægtefælle',
  'relation-parent': 'forælder',
  'relation-other': '',
};

/** Danish texts of the person window. */
export const personDanish = {
  title: 'Person',
  items: 'personoplysninger',
  noName: 'Navn ikke oplyst',
  notKnown: 'Ikke oplyst',
  quoted: (word: string) => `”${word}”`,
  cpr: 'CPR-nummer',
  revealNumber: 'Vis hele CPR-nummeret',
  coverNumber: 'Skjul CPR-nummeret',
  protected: 'Beskyttet',
  reveal: 'vis',
  revealAddress: 'Vis den beskyttede adresse',
  cover: 'skjul',
  coverAddress: 'Skjul den beskyttede adresse',
  withAddress: 'Vises sammen med adressen',
  noReveal: 'Det kunne ikke vises. Prøv igen.',
  nameAddressProtected: 'Navne- og adressebeskyttet',
  addressProtected: 'Adressebeskyttet',
  years: (years: string) => `${years} år`,
  months: (months: number) => (months === 1 ? '1 måned' : `${months} måneder`),
  ageAtDeath: (age: string) => `blev ${age}`,
  on: (what: string, day: string) => `${what} ${day}`,
  period: (from: string, to: string) => [from && `fra ${from}`, to && `til ${to}`].filter(Boolean).join(' '),
  nativeStatus: (native: string) => `kildens kode ${native}`,
  newNumber: 'Nyt nummer',
  openNewNumber: (masked: string) => `Gå til det nye nummer${masked && ` ${masked}`}`,
  civilStatus: 'Civilstand',
  address: 'Adresse',
  contactAddress: 'Kontaktadresse',
  municipality: 'Kommune',
  born: 'Født',
  children: 'Børn',
  childCount: (total: number, minors: number, ages: string, certain: boolean) =>
    minors === 0
      ? `${total}${certain ? (total === 1 ? ', voksent' : ', alle voksne') : ''}`
      : minors === total
        ? `${total} (${ages} år)`
        : `${total}, heraf ${certain ? '' : 'mindst '}${minors} under 18 (${ages} år)`,
  custody: 'Forældremyndighed',
  jointCustody: 'Fælles',
  guardianship: 'Værgemål',
  underGuardianship: 'Under værgemål',
  source: (name: string) => `Kilde: ${name}`,
  unknownNumber: (masked: string, sources: string) =>
    `CPR-nummeret ${masked} findes ikke i ${sources}. Kontrollér nummeret.`,
  unknownPerson: (sources: string) => `Personen findes ikke i ${sources}`,
  differs: 'oplyser noget andet:',
  differentName: (name: string) => `navnet ${name}`,
  differentNumber: (masked: string) => `CPR-nummeret ${masked}`,
  differentStatus: (status: string) => `status: ${status}`,
  differentProtection: (isProtected: boolean) =>
    isProtected ? 'navne- og adressebeskyttelse' : 'ingen navne- og adressebeskyttelse',
  ...statuses,
  ...civilStatuses,
  ...relations,
};
/** See {@link personDanish}. */
export type PersonTexts = typeof personDanish;

/** The person window's texts. */
export const personStrings: StringSource<PersonTexts> = {
  name: 'person',
  da: personDanish,
  en: async () => (await import('./person.strings.en.js')).personEnglish,
};
