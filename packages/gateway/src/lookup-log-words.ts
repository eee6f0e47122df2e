import {maskCpr, maskCprInText, type Subject} from '@bsp/contract';
import {type LoggedLookup, logId} from './lookup-log-reader.js';

const resourceNames: Readonly<Record<string, string>> = {
  person: 'Person',
  cases: 'Sager',
  documents: 'Dokumenter',
  grants: 'Bevillinger',
  payments: 'Udbetalinger',
  journal: 'Journalnotater',
  events: 'Hændelser',
  drafts: 'Kladder',
  content: 'Dokument',
  hop: 'Andet system',
  search: 'Søgetræf',
};

const kindNames: Readonly<Record<string, string>> = {
  read: 'Visning',
  reveal: 'Afmaskering',
  content: 'Dokument hentet',
  preview: 'Forhåndsvisning',
  print: 'Udskrift',
  search: 'Søgning',
  'break-glass': 'Nødadgang',
  hop: 'Åbnet i andet system',
};

/** What the Danish lists call a resource. */
export const resourceName = (resource: string): string => resourceNames[resource] ?? resource;

/** What the Danish lists call a kind of lookup. */
export const kindName = (kind: string): string => kindNames[kind] ?? kind;

/** A subject as lists show it: a person's number masked. */
export const maskedSubject = (subject: Subject): string =>
  subject.type === 'cpr' ? maskCpr(subject.value) : 'value' in subject ? maskCprInText(subject.value) : subject.type;

/** The unit that a lookup was made from. */
export const unitOf = ({entry}: LoggedLookup): string => entry.who?.unit ?? '';

/** Who made a lookup, by name where it was kept. */
export const userNameOf = ({entry, userId}: LoggedLookup): string => entry.who?.name ?? userId;

/** Headings of {@link lookupCells}. */
export const lookupColumns = ['Log ID', 'Tidspunkt', 'Bruger ID', 'Bruger', 'Enhed', 'Part', 'Formål'];

/** Which lookup it was, as the lists for people have it: numbers masked. */
export const lookupCells = (lookup: LoggedLookup): string[] => [
  logId(lookup),
  lookup.at,
  lookup.userId,
  userNameOf(lookup),
  unitOf(lookup),
  maskedSubject(lookup.subject()),
  lookup.entry.purpose ?? '',
];
