import {type Payment, parseKle} from '@bsp/contract';
import type {RecordAccess} from '../connector.js';
import {current} from '../oio/effect.js';
import {oef, sd} from '../oio/namespaces.js';
import {firstDay, periodIn} from '../oio/period.js';
import {latestRegistration} from '../oio/registration.js';
import {authorityOfUrn, inRole, referenceOf} from '../oio/relations.js';
import {withoutUndefined} from '../without-undefined.js';
import {childOf, childrenOf, textIn, type XmlElement} from '../xml.js';
import {all, amountIn} from './grant-of-index.js';
import {roles} from './roles.js';

/** A payment as a connector gives it. */
export type SourcePayment = Omit<Payment, 'parts' | 'sensitivity'> & {parts: object[]; readonly access: RecordAccess};

/** What stands in the index about one payment. */
export interface IndexedPayment {
  readonly parties: readonly XmlElement[];
  readonly deleted: boolean;
  /** The grants that it pays of. */
  readonly grants: readonly string[];
  /** By what access to it is decided, without what it hangs on. */
  readonly access: RecordAccess;
  /** The record, with the grants that it hangs on; undefined where it lacks what every record has. */
  readonly record: (grants: readonly RecordAccess[]) => SourcePayment | undefined;
}

const grantIn = (part: XmlElement): string | undefined =>
  textIn(childOf(part, oef, 'BevilgetYdelseRef'), sd, 'UUIDIdentifikator')?.toLowerCase();

/** The KLE number that a description of a class holds: alone, or before the title. */
function classIn(part: XmlElement): {number: string; title?: string} | undefined {
  const written = textIn(part, oef, 'Klassifikationsbeskrivelse') ?? '';
  const [, number, title] = /^(\d\d\.\d\d\.\d\d(?:[-\s][APSØGKI]\d\d)?)(?:\s+(.+))?$/i.exec(written) ?? [];
  return number === undefined ? undefined : withoutUndefined({number, title});
}

/** Undefined where its period cannot be read. */
function partOf(part: XmlElement): object | undefined {
  const period = periodIn(part, oef, 'YdelsesperiodeStartdato', 'YdelsesperiodeSlutdato');
  if (!period) return undefined;
  const grant = grantIn(part);
  return withoutUndefined({
    title: textIn(part, oef, 'Klassifikationsbeskrivelse'),
    kle: classIn(part),
    ...period,
    amount: amountIn(part, oef, 'Ydelsesbeloeb'),
    grant: grant === undefined ? undefined : {ref: {source: '', id: grant}},
    benefit: textIn(childOf(part, oef, 'BevilgetYdelseRef'), oef, 'BevilgetYdelseId'),
  });
}

/** Reads an `OekonomiskEffektueringFiltreretOejebliksbillede`. */
export function paymentOf(element: XmlElement, now: number): IndexedPayment {
  const id = textIn(childOf(element, oef, 'ObjektType'), sd, 'UUIDIdentifikator')?.toLowerCase();
  const registration = latestRegistration(childrenOf(element, oef, 'Registrering'));
  const relations = childOf(registration?.element, oef, 'RelationListe');
  const list = (name: string): XmlElement[] => (relations ? childrenOf(relations, oef, name) : []);
  const parts = list('OekonomiskYdelseEffektueringRelation');
  const owner = inRole(list('Aktoer'), roles.paymentOwner, now);
  const access: RecordAccess = withoutUndefined({
    owner: authorityOfUrn(referenceOf(owner).urn) ?? authorityOfUrn(`urn:oio:cvr-nr:${textIn(owner, oef, 'CVR-nr')}`),
    kle: parts.flatMap((part) => {
      const parsed = parseKle(classIn(part)?.number ?? '');
      return parsed.ok ? [parsed.value.subject] : [];
    }),
  });

  const record = (grants: readonly RecordAccess[]): SourcePayment | undefined => {
    const attributes = childOf(registration?.element, oef, 'AttributListe');
    const properties = attributes && current(childrenOf(attributes, oef, 'Egenskaber'), oef, now);
    if (id === undefined || registration?.at === undefined || !properties) return undefined;
    const period = periodIn(properties, oef, 'Startdato', 'Slutdato');
    const given = all(parts.map(partOf));
    if (!period || !given) return undefined;
    const amount = (name: string): string | undefined => amountIn(properties, oef, name);
    return withoutUndefined({
      ref: {source: '', id},
      number: textIn(properties, oef, 'BrugervendtNoegle'),
      ...period,
      paidAt: firstDay(textIn(properties, oef, 'Dispositionsdato')),
      gross: amount('SamletBruttobeloeb'),
      net: amount('BeloebEfterSkatATP'),
      sent: amount('BeloebSendtTilUdbetaling'),
      paid: amount('BeloebUdbetalt'),
      native: textIn(properties, oef, 'UdbetaltTekst') ?? textIn(properties, oef, 'SendtTilUdbetalingTekst'),
      department: textIn(properties, oef, 'Udbetalingsafdeling'),
      parts: given,
      changedAt: registration.at,
      access: {...access, through: grants},
    });
  };
  return {
    parties: list('OekonomiskEffektueringPart'),
    deleted: registration?.deleted === true,
    grants: [...new Set(parts.flatMap((part) => grantIn(part) ?? []))],
    access,
    record,
  };
}
