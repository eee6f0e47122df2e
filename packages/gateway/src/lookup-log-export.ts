import {isIPv4} from 'node:net';
import type {Subject} from '@bsp/contract';
import {byteOrderMark, csvLine} from './csv.js';
import {
  askedFor,
  type LoggedLookup,
  type LookupRange,
  logId,
  lookupsOf,
  maybeSeen,
  type Seen,
} from './lookup-log-reader.js';
import {kindName, maskedSubject, resourceName, unitOf, userNameOf} from './lookup-log-words.js';
import type {Storage} from './storage/database.js';

/** The columns of the portal's own audit log, as KOMBIT's report reads them. */
export const exportColumns = [
  'Log ID',
  'Kald ID',
  'Transaktions ID',
  'Aftale ID',
  'KaldersAftale ID',
  'Parametre',
  'Tidspunkt',
  'Service ID',
  'IP Adresse',
  'Maskinnavn',
  'Bruger ID',
  'BrugerNavn',
  'Bruger',
  'IT-System ID',
  'Organisatorisk ID',
  'Organisationsenhed ID',
  'LOS-ID',
  'LOS-Navn',
  'Applikation',
  'Komponent',
  'Soegekriterier',
  'Sags ID',
  'Tilstandsskift',
  'Part',
  'Aktoer',
  'Anvendte CVR rettigheder',
  'Beskrivelse',
  'Organisatorisk enhed',
  'Vist Fra',
  'Sag',
  'Partens bopælskommune',
] as const;

type Cells = Partial<Record<(typeof exportColumns)[number], string>>;

/** How much of a person an export shows. */
export type ExportDetail = 'masked' | 'with-numbers';

/**
 * The log as a CSV file, line by line: one for each resource of each source that a lookup asked for, and one for each KLE
 * subject among what it saw, because the report reads one from a line.
 */
export async function* exportLines(storage: Storage, range: LookupRange, detail: ExportDetail): AsyncGenerator<string> {
  yield byteOrderMark + csvLine(exportColumns);
  for await (const lookup of lookupsOf(storage, range)) {
    const common = commonCells(lookup, detail);
    let part = 0;
    // Of a lookup that nothing was told of, e.g. that the glass was broken, there is a line all the same.
    for (const seen of lookup.seen.length > 0 ? lookup.seen : askedFor(lookup.entry, 'none'))
      for (const kle of seen.kle.length > 0 ? seen.kle : ['']) {
        const cells = {...common, ...partCells(lookup, seen, kle, ++part)};
        yield csvLine(exportColumns.map((column) => cells[column] ?? ''));
      }
  }
}

/** What all lines of a lookup share. */
function commonCells(lookup: LoggedLookup, detail: ExportDetail): Cells {
  const {entry, userId} = lookup;
  const unit = unitOf(lookup);
  const from = entry.from ?? '';
  const name = userNameOf(lookup);
  const party = lookup.party();
  const reason = detail === 'with-numbers' ? lookup.reason() : undefined;
  return {
    'Kald ID': String(lookup.sequence),
    'Transaktions ID': lookup.lookupId,
    Parametre: [
      ...(entry.field === undefined ? [] : [`Felt: ${entry.field}`]),
      ...(reason === undefined ? [] : [`Begrundelse: ${reason}`]),
    ].join(', '),
    Tidspunkt: lookup.at,
    // The report reads this column as a number and leaves out lines where it is none.
    'IP Adresse': isIPv4(from) ? from : '',
    Maskinnavn: isIPv4(from) ? '' : from,
    'Bruger ID': userId,
    BrugerNavn: name,
    Bruger: name,
    'IT-System ID': entry.who?.system ?? '',
    'LOS-Navn': unit,
    Applikation: 'BSP',
    'Sags ID': entry.record ?? '',
    Part: partText(lookup.subject(), party?.name, detail),
    'Organisatorisk enhed': unit,
    'Vist Fra': entry.who?.office ?? '',
    'Partens bopælskommune': party?.municipality ?? '',
  };
}

function partCells(lookup: LoggedLookup, seen: Seen, kle: string, part: number): Cells {
  const {purpose, what} = lookup.entry;
  return {
    'Log ID': `${logId(lookup)}-${part}`,
    'Service ID': seen.source,
    Komponent: seen.resource,
    Soegekriterier: `Kilde: ${seen.source}${purpose === undefined ? '' : `, FormaalType: ${purpose}`}`,
    Tilstandsskift: outcomeText(seen),
    Beskrivelse: `${kindName(what)} ${resourceName(seen.resource)}`,
    Sag: kle,
  };
}

function outcomeText(seen: Seen): string {
  if (seen.status === 'unknown') return 'Udfald mangler: regnes som fuld visning';
  if (!maybeSeen(seen)) return `Intet vist (${seen.status})`;
  const sensitivities = seen.sensitivities.length > 0 ? `, ${seen.sensitivities.join(' ')}` : '';
  return `Vist: ${seen.count}${sensitivities}`;
}

/** `number - name`, as the report takes it apart. */
function partText(subject: Subject, name: string | undefined, detail: ExportDetail): string {
  if (detail === 'masked' || !('value' in subject)) return maskedSubject(subject);
  const number = subject.type === 'cpr' ? `${subject.value.slice(0, 6)}-${subject.value.slice(6)}` : subject.value;
  return name === undefined ? number : `${number} - ${name}`;
}
