import type {Case, CasePhase} from '@bsp/contract';
import type {RecordAccess} from '../connector.js';
import {rfc3339} from '../danish-time.js';
import {entryOf} from '../entry-of.js';
import {beginning, current, hasEnded} from '../oio/effect.js';
import {gd, sag, sd, si} from '../oio/namespaces.js';
import {latestRegistration} from '../oio/registration.js';
import {extensionsOf, inRole, referenceOf, sensitivityOf} from '../oio/relations.js';
import {withoutUndefined} from '../without-undefined.js';
import {childOf, childrenOf, textIn, type XmlElement} from '../xml.js';
import {type IndexNames, kleOf, ownerOf, staffOf} from './relations-of-index.js';
import {roles} from './roles.js';

const names: IndexNames = {
  namespace: si,
  actor: 'SagsaktoerLokalUdvidelse',
  authorityNumber: 'CVR-Nummer',
  class: 'SagsklasseLokalUdvidelse',
};

const phases: Readonly<Record<string, CasePhase>> = {
  Opstaaet: 'arisen',
  Oplyst: 'informed',
  Afgjort: 'decided',
  Bestilt: 'ordered',
  Udfoert: 'executed',
  Afsluttet: 'closed',
};

/** A case as a connector gives it. */
export type SourceCase = Omit<Case, 'status'> & {
  status: {phase?: CasePhase; native: string};
  readonly access: RecordAccess;
};

/** The documents that stand in a case's journal, by their ids. */
export interface Attached {
  readonly now: ReadonlySet<string>;
  /** Those that stood there once: taken out, or moved to another case. */
  readonly before: ReadonlySet<string>;
}

/** What stands in the index about one case. */
export interface IndexedCase {
  /** Undefined where the record lacks what every record has. */
  readonly record: SourceCase | undefined;
  /** By what access to it is decided, whether or not the record can be read. */
  readonly access: RecordAccess;
  readonly parties: readonly XmlElement[];
  readonly attached: Attached;
  /** The index says that the case is deleted. */
  readonly deleted: boolean;
}

/** A document that changes its role in a case stands there twice, once ended. */
function attachedIn(posts: readonly XmlElement[], now: number): Attached {
  const attached = {now: new Set<string>(), before: new Set<string>()};
  for (const post of posts) {
    const {uuid: document} = referenceOf(post);
    if (document !== undefined) attached[hasEnded(post, gd, now) ? 'before' : 'now'].add(document);
  }
  return attached;
}

/** Reads a `SagFiltreretOejebliksbillede`. */
export function caseOf(element: XmlElement, now: number): IndexedCase {
  const id = textIn(childOf(element, sag, 'ObjektType'), sd, 'UUIDIdentifikator')?.toLowerCase();
  const registration = latestRegistration(childrenOf(element, sag, 'Registrering'));
  const relations = childOf(registration?.element, sag, 'RelationListe');
  const list = (name: string): XmlElement[] => (relations ? childrenOf(relations, sag, name) : []);

  const attributes = childOf(registration?.element, sag, 'AttributListe');
  const properties = attributes && current(childrenOf(attributes, sag, 'Egenskaber'), sag, now);
  const indexed = current(extensionsOf(attributes, si, 'SagIndeksEgenskaber'), gd, now);
  const states = childOf(registration?.element, sag, 'TilstandListe');
  const progress = states ? childrenOf(states, sag, 'Fremdrift') : [];
  const state = current(progress, sag, now);
  const word = textIn(state, sag, 'FremdriftStatusKode');
  const native = textIn(indexed, si, 'Sagsstatus') ?? word;
  const title = textIn(properties, sag, 'Titel');
  const changedAt = registration?.at;
  const actors = list('Sagsaktoer');
  const kle = kleOf(list('Sagsklasse'), names, now);
  const sensitivity = sensitivityOf(textIn(indexed, si, 'Foelsomhed'));
  const rest = {
    access: withoutUndefined({
      owner: ownerOf(actors, names, now),
      unit: referenceOf(inRole(actors, roles.responsible, now)).uuid,
      kle: kle?.subject === undefined ? undefined : [kle.subject],
      sensitivity,
    }),
    parties: list('Sagspart'),
    attached: attachedIn(list('Journalpost'), now),
    deleted: registration?.deleted === true,
  };
  if (id === undefined || title === undefined || changedAt === undefined || native === undefined)
    return {record: undefined, ...rest};

  const arisen = progress.find((one) => textIn(one, sag, 'FremdriftStatusKode') === 'Opstaaet');
  const created = textIn(indexed, si, 'OprettetTidspunkt');
  const phase = entryOf(phases, word);
  const record: SourceCase = withoutUndefined({
    ref: {source: '', id},
    title,
    closedTitle: textIn(childOf(properties, sag, 'OffentlighedUndtaget'), sd, 'TitelAlternativTekst'),
    number: textIn(properties, sag, 'Sagsnummer') ?? textIn(properties, sag, 'BrugervendtNoegle'),
    status: withoutUndefined({phase, native}),
    kle: kle && withoutUndefined({number: kle.number, title: kle.title}),
    responsible: staffOf(actors, names, now),
    openedAt: (created === undefined ? undefined : rfc3339(created)) ?? (arisen && beginning(arisen, sag)),
    changedAt,
    closedAt: phase === 'closed' && state ? beginning(state, sag) : undefined,
    sensitivity,
    access: rest.access,
  });
  return {record, ...rest};
}
