import {type DocumentRecord, type DocumentState, type DocumentType, daySchema, type TitledRef} from '@bsp/contract';
import type {RecordAccess} from '../connector.js';
import {entryOf} from '../entry-of.js';
import {current} from '../oio/effect.js';
import {di, sd} from '../oio/namespaces.js';
import {latestRegistration} from '../oio/registration.js';
import {inRole, referenceOf, sensitivityOf} from '../oio/relations.js';
import {withoutUndefined} from '../without-undefined.js';
import {childOf, childrenOf, textIn, type XmlElement} from '../xml.js';
import {type IndexNames, kleOf, ownerOf, staffOf} from './relations-of-index.js';
import {roles} from './roles.js';

const names: IndexNames = {
  namespace: di,
  actor: 'DokumentaktoerLokalUdvidelse',
  authorityNumber: 'CVR-Nr',
  class: 'DokumentklasseLokalUdvidelse',
};

const states: Readonly<Record<string, DocumentState>> = {
  Modtaget: 'received',
  Fordelt: 'distributed',
  Underudarbejdelse: 'drafted',
  Underreview: 'reviewed',
  Publiceret: 'published',
  Endeligt: 'final',
  Afleveret: 'handed-over',
};

const types: Readonly<Record<string, DocumentType>> = {
  Faktura: 'invoice',
  'Brev, indgaaende': 'incoming-letter',
  'Brev, udgaaende': 'outgoing-letter',
  Brev: 'letter',
  'Internt Notat': 'internal-note',
  'Eksternt Notat': 'external-note',
  Rapport: 'report',
  Dagsorden: 'agenda',
  Plan: 'plan',
  Andet: 'other',
};

/** A case that refers to a document, and by what it is decided who may see that it does. */
export interface AttachedCase extends TitledRef {
  readonly access: RecordAccess;
}

/** The cases that refer to a document. */
export interface Attachments {
  readonly cases: readonly AttachedCase[];
  readonly access: readonly RecordAccess[];
}

/** A document as a connector gives it. */
export type SourceDocument = Omit<DocumentRecord, 'status' | 'type'> & {
  status: {state?: DocumentState; native: string};
  type?: {kind?: DocumentType; native: string};
  readonly access: RecordAccess;
};

/** What stands in the index about one document. */
export interface IndexedDocument {
  readonly id: string | undefined;
  readonly parties: readonly XmlElement[];
  readonly deleted: boolean;
  /** The record, among the cases that it is attached to; undefined where it lacks what every record has. */
  record(attachments: Attachments | undefined): SourceDocument | undefined;
}

const versionOf = (properties: XmlElement | undefined): string | undefined => {
  const [major, minor] = [
    textIn(properties, di, 'VersionIdentifikator'),
    textIn(properties, di, 'UnderversionIdentifikator'),
  ];
  return major === undefined || minor === undefined ? major : `${major}.${minor}`;
};

/** The day as written; an `xs:date` may have an offset, which a day has no use for. */
const dayOf = (text: string | undefined): string | undefined => {
  const day = text?.slice(0, 10);
  return daySchema.safeParse(day).success ? day : undefined;
};

/** Reads a `DokumentFiltreretOejebliksbillede`. */
export function documentOf(element: XmlElement, now: number): IndexedDocument {
  const id = textIn(childOf(element, di, 'ObjektType'), sd, 'UUIDIdentifikator')?.toLowerCase();
  const registration = latestRegistration(childrenOf(element, di, 'Registrering'));
  const relations = childOf(registration?.element, di, 'RelationListe');
  const list = (name: string): XmlElement[] => (relations ? childrenOf(relations, di, name) : []);

  const record = (attachments: Attachments | undefined): SourceDocument | undefined => {
    const attributes = childOf(registration?.element, di, 'AttributListe');
    const properties = attributes && current(childrenOf(attributes, di, 'Egenskaber'), di, now);
    const progress = childOf(registration?.element, di, 'TilstandListe');
    const state = progress && current(childrenOf(progress, di, 'Fremdrift'), di, now);
    const native = textIn(state, di, 'FremdriftStatusKode');
    const title = textIn(properties, di, 'Titel');
    const changedAt = registration?.at;
    if (id === undefined || title === undefined || native === undefined || changedAt === undefined) return undefined;
    const type = textIn(properties, di, 'Type');
    const actors = list('Dokumentaktoer');
    const kle = kleOf(list('Dokumentklasse'), names, now);
    const sensitivity = sensitivityOf(textIn(properties, di, 'Foelsomhed'));
    return withoutUndefined({
      ref: {source: '', id},
      title,
      closedTitle: textIn(childOf(properties, di, 'OffentlighedUndtaget'), sd, 'TitelAlternativTekst'),
      number: textIn(properties, di, 'Dokumentnummer') ?? textIn(properties, di, 'BrugervendtNoegle'),
      type: type === undefined ? undefined : withoutUndefined({kind: entryOf(types, type), native: type}),
      status: withoutUndefined({state: entryOf(states, native), native}),
      cases: attachments ? [...attachments.cases] : undefined,
      kle: kle && withoutUndefined({number: kle.number, title: kle.title}),
      responsible: staffOf(actors, names, now),
      letterDate: dayOf(textIn(properties, di, 'BrevDato')),
      version: versionOf(properties),
      changedAt,
      sensitivity,
      access: withoutUndefined({
        owner: ownerOf(actors, names, now),
        unit: referenceOf(inRole(actors, roles.responsible, now)).uuid,
        kle: kle?.subject === undefined ? undefined : [kle.subject],
        sensitivity,
        through: attachments ? [...attachments.access] : [],
      }),
    });
  };
  return {id, parties: list('Dokumentpart'), deleted: registration?.deleted === true, record};
}
