import {parseCpr, parseKle} from '@bsp/contract';
import type {OutgoingNote} from '../connector.js';
import {escapeXml} from '../xml.js';
import {service3, types2} from './names.js';
import {isUuid, transactionIdOf} from './transaction-id.js';

/** Who sends, and where to. */
export interface Route {
  /** CVR number of the municipality, which sends and receives. */
  readonly municipality: string;
  /** UUID of this system in Fælleskommunalt Administrationsmodul. */
  readonly system: string;
  /** UUID of the system that receives; without it KLE decides. */
  readonly receiver?: string | undefined;
  /** KLE subject of notes that have none. */
  readonly kle?: string | undefined;
}

/** A note of ours may be this long, in bytes (SF1470, Journalnotat: 100 KB). */
const mostBytes = 100_000;

/** Why a note cannot go out at all: it would be refused every time. */
export class UnsendableNote extends Error {}

const element = (name: string, content: string | undefined): string =>
  content === undefined ? '' : `<t:${name}>${content}</t:${name}>`;
const textElement = (name: string, text: string | undefined): string =>
  element(name, text === undefined ? undefined : escapeXml(text));

/** A journal post has no place for who wrote it but its text. */
const bodyOf = ({body, author}: OutgoingNote): string =>
  `${body}\n\n${[author.name, author.unit].filter((part) => part !== undefined).join(', ')}`;

/** `FordelingsobjektAfsendRequest` of a note. @throws UnsendableNote */
export function noteMessage(note: OutgoingNote, key: string, route: Route, requestId: string): string {
  const id = transactionIdOf(key);
  const kle = parseKle(note.kle?.number ?? route.kle ?? '');
  if (!kle.ok) throw new UnsendableNote('Notatet har intet KLE-emne, som det kan fordeles efter.');
  const {subject, facet} = kle.value;
  const person = note.subject.type === 'cpr' ? parseCpr(note.subject.value) : undefined;
  if (!person?.ok) throw new UnsendableNote('Notatet er ikke om en person.');
  const text = bodyOf(note);
  if (Buffer.byteLength(text) > mostBytes) throw new UnsendableNote('Notatet er længere end 100 KB.');
  const caseId = note.case?.ref.id;
  const addendumTo = note.addendumTo === undefined ? undefined : `Tilføjelse til ${transactionIdOf(note.addendumTo)}`;
  const routing = route.receiver
    ? element('RoutingModtagerAktoer', route.receiver)
    : element('RoutingKLEEmneHandling', element('RoutingKLEEmne', subject) + element('RoutingHandlingFacet', facet));
  const context = element(
    'DistributionContext',
    element('AnvenderTransaktionsID', id) +
      element('AfsendendeMyndighed', route.municipality) +
      element('RoutingMyndighed', route.municipality) +
      element('RoutingValg', routing),
  );
  const virkning = element(
    'Virkning',
    element('FraTidspunkt', note.occurredAt) +
      element('Aktoer', element('UUID', route.system)) +
      element('AktoerType', 'ItSystem') +
      textElement('NoteTekst', addendumTo),
  );
  const post = element(
    'JournalPost',
    virkning +
      element('Rolle', 'Journalpost') +
      element('Indeks', '1') +
      element('JournalnotatAttributter', textElement('Titel', note.heading) + textElement('Notat', text)),
  );
  const journalPost = element(
    'DistributionJournalPost',
    element('ID', id) +
      element('KLEEmneForslag', subject) +
      element('HandlingFacetForslag', facet) +
      element('SagForslag', isUuid(caseId) ? caseId : undefined) +
      element(
        'PartAngivelse',
        element('ObjektType', 'Person') +
          element('ReferenceID', element('URN', `urn:oio:cpr-nr:${person.value.value}`)),
      ) +
      element(
        'Registrering',
        element('FraTidsPunkt', note.recordedAt) +
          element('LivscyklusKode', 'Oprettet') +
          element('RegistreringItSystem', element('UUID', route.system)) +
          element('RelationListe', post),
      ),
  );
  const object = element(
    'DistributionObject',
    element('ObjektType', 'JOURNALPOST') + element('ObjektIndhold', journalPost),
  );
  return `<d:FordelingsobjektAfsendRequest xmlns:d="${service3}" xmlns:t="${types2}"><c:CallContext xmlns:c="http://serviceplatformen.dk/xml/schemas/CallContext/1/"><c:CallersServiceCallIdentifier>${requestId}</c:CallersServiceCallIdentifier></c:CallContext><a:AuthorityContext xmlns:a="http://serviceplatformen.dk/xml/schemas/AuthorityContext/1/"><a:MunicipalityCVR>${route.municipality}</a:MunicipalityCVR></a:AuthorityContext><d:anmodning>${context}${object}</d:anmodning></d:FordelingsobjektAfsendRequest>`;
}
