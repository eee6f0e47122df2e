// A Sags- og Dokumentindeks on this machine.

import {di, gd, sag, sd, sdi, si} from '../oio/namespaces.js';
import {type Answerer, bakery, bo, ida, Schema, serveSoap} from '../soap/simulator.test.js';
import {escapeXml} from '../xml.js';
import {roles} from './roles.js';

export const schema = new Schema('oio-sag-dokument/sf1470/xsd/6.0.STS-0/SagDokumentIndeksOperationer.xsd');

const types = {
  organisation: 'bc6972cd-8f2b-4b9d-8d37-62916d6a71aa',
  unit: 'c5fc3b3b-5197-49ee-92e6-ae6ba1957174',
  user: '85d65133-4b00-460d-992e-3984857b5768',
  person: 'c189ba35-de4b-4363-a8b7-67f1456cf56f',
  class: '267235ea-526d-4a18-8001-f2a0e563eba1',
  document: '251c24fd-57b0-4afc-9d73-b063d1957eb3',
};
const primaryParty = 'd839f26a-d4d1-4441-b2d6-3dbbb12a9404';
const role = (name: string): string => `<gd:Rolle><sd:UUIDIdentifikator>${name}</sd:UUIDIdentifikator></gd:Rolle>`;
const type = (name: string): string => `<gd:Type><sd:UUIDIdentifikator>${name}</sd:UUIDIdentifikator></gd:Type>`;

/** From when until when. */
export const virkning = (prefix: string, from = '2026-01-05T10:00:00+01:00', until?: string): string =>
  `<${prefix}:Virkning><sd:FraTidspunkt><sd:TidsstempelDatoTid>${from}</sd:TidsstempelDatoTid></sd:FraTidspunkt><sd:TilTidspunkt>${
    until === undefined
      ? '<sd:GraenseIndikator>true</sd:GraenseIndikator>'
      : `<sd:TidsstempelDatoTid>${until}</sd:TidsstempelDatoTid>`
  }</sd:TilTidspunkt></${prefix}:Virkning>`;
const urn = (value: string): string =>
  `<gd:ReferenceID><sd:URNIdentifikator>${value}</sd:URNIdentifikator></gd:ReferenceID>`;
const uuid = (value: string): string =>
  `<gd:ReferenceID><sd:UUIDIdentifikator>${value}</sd:UUIDIdentifikator></gd:ReferenceID>`;
const extended = (content: string): string => `<gd:LokalUdvidelseListe>${content}</gd:LokalUdvidelseListe>`;

export const idOf = (index: number): string => `0b8f7a8e-0000-4c1e-9d53-${String(index).padStart(12, '0')}`;

export interface CaseParts {
  readonly index?: number;
  readonly party?: string | null;
  readonly title?: string;
  readonly closedTitle?: string;
  readonly state?: string;
  readonly word?: string | null;
  readonly sensitivity?: string;
  readonly stage?: string;
  readonly documents?: readonly number[];
  readonly posts?: string;
  readonly caseworker?: string | null;
  readonly registrations?: string;
}

/** A document in the journal of a case. */
export const journalpostXml = (document: number, effect = virkning('gd')): string =>
  `<sag:Journalpost>${effect}${role(types.document)}${uuid(idOf(document))}<sag:JournalpostEgenskaber><sag:Dokumenttitel>Bilag ${document}</sag:Dokumenttitel></sag:JournalpostEgenskaber></sag:Journalpost>`;

/** A case as the index gives it. */
export function sagXml(parts: CaseParts = {}): string {
  const {
    index = 1,
    title = 'Ansøgning om sygedagpenge',
    state = 'Oplyst',
    sensitivity = 'FORTROLIGE_PERSONOPLYSNINGER',
  } = parts;
  const word = parts.word === undefined ? 'Under behandling' : parts.word;
  const party = parts.party === undefined ? `urn:oio:cpr-nr:${ida}` : parts.party;
  const caseworker = parts.caseworker === undefined ? 'Mette Dam' : parts.caseworker;
  const closed = parts.closedTitle
    ? `<sag:OffentlighedUndtaget><sd:TitelAlternativTekst>${escapeXml(parts.closedTitle)}</sd:TitelAlternativTekst><sd:OffentlighedUndtagetHjemmelTekst>LOV om offentlighed § 30</sd:OffentlighedUndtagetHjemmelTekst></sag:OffentlighedUndtaget>`
    : '';
  const former = '2026-03-01T12:00:00+01:00';
  return `<sdi:SagFiltreretOejebliksbillede><sag:ObjektType><sd:UUIDIdentifikator>${idOf(index)}</sd:UUIDIdentifikator></sag:ObjektType>${parts.registrations ?? ''}
<sag:Registrering><sd:Tidspunkt>2026-11-02T10:15:30+01:00</sd:Tidspunkt><sd:LivscyklusKode>${parts.stage ?? 'Importeret'}</sd:LivscyklusKode><gd:StsTidspunkt>2026-11-02T10:15:31+01:00</gd:StsTidspunkt>
<sag:AttributListe><sag:Egenskaber>${virkning('sag')}<sag:BrugervendtNoegle>S26-${index}</sag:BrugervendtNoegle>${closed}<sag:Sagsnummer>32.24.04-G01-${index}-26</sag:Sagsnummer><sag:Titel>${escapeXml(title)}</sag:Titel></sag:Egenskaber>
${extended(`<si:SagIndeksEgenskaber>${virkning('gd')}${word === null ? '' : `<si:Sagsstatus>${escapeXml(word)}</si:Sagsstatus>`}<si:Foelsomhed>${sensitivity}</si:Foelsomhed><si:OprettetTidspunkt>2026-01-05T09:00:00+01:00</si:OprettetTidspunkt></si:SagIndeksEgenskaber>`)}</sag:AttributListe>
<sag:TilstandListe><sag:Fremdrift>${virkning('sag', '2026-01-05T10:00:00+01:00', former)}<sag:FremdriftStatusKode>Opstaaet</sag:FremdriftStatusKode></sag:Fremdrift><sag:Fremdrift>${virkning('sag', former)}<sag:FremdriftStatusKode>${state}</sag:FremdriftStatusKode></sag:Fremdrift></sag:TilstandListe>
<sag:RelationListe>
<sag:Sagsaktoer>${virkning('gd')}${role(roles.owner)}${type(types.organisation)}${urn('urn:oio:cvr-nr:11111111')}${extended('<si:SagsaktoerLokalUdvidelse><si:FuldtNavn>Korsbæk Kommune</si:FuldtNavn><si:CVR-Nummer>29189846</si:CVR-Nummer></si:SagsaktoerLokalUdvidelse>')}</sag:Sagsaktoer>
<sag:Sagsaktoer>${virkning('gd')}${role(roles.responsible)}${type(types.unit)}${uuid(idOf(900))}${extended('<si:SagsaktoerLokalUdvidelse><si:FuldtNavn>Ydelse</si:FuldtNavn></si:SagsaktoerLokalUdvidelse>')}</sag:Sagsaktoer>
${caseworker === null ? '' : `<sag:Sagsaktoer>${virkning('gd')}${role(roles.caseworker)}${type(types.user)}${uuid(idOf(901))}${extended(`<si:SagsaktoerLokalUdvidelse><si:FuldtNavn>${escapeXml(caseworker)}</si:FuldtNavn></si:SagsaktoerLokalUdvidelse>`)}</sag:Sagsaktoer>`}
<sag:Sagsklasse>${virkning('gd')}${role(roles.primaryClass)}${type(types.class)}${uuid(idOf(902))}${extended('<si:SagsklasseLokalUdvidelse><si:Klassetitel>Sygedagpenge</si:Klassetitel><si:BrugervendtNoegle>32.24.04</si:BrugervendtNoegle></si:SagsklasseLokalUdvidelse>')}</sag:Sagsklasse>
<sag:Sagsklasse>${virkning('gd')}${role(roles.actionClass)}${type(types.class)}${uuid(idOf(903))}${extended('<si:SagsklasseLokalUdvidelse><si:BrugervendtNoegle>G01</si:BrugervendtNoegle></si:SagsklasseLokalUdvidelse>')}</sag:Sagsklasse>
${party === null ? '' : `<sag:Sagspart>${virkning('gd')}${role(primaryParty)}${type(types.person)}${urn(party)}</sag:Sagspart>`}
${(parts.documents ?? []).map((document) => journalpostXml(document)).join('')}${parts.posts ?? ''}
</sag:RelationListe></sag:Registrering></sdi:SagFiltreretOejebliksbillede>`;
}

export interface DocumentParts {
  readonly index?: number;
  readonly party?: string;
  readonly title?: string;
  readonly closedTitle?: string;
  readonly state?: string;
  readonly type?: string;
  readonly stage?: string;
}

/** A document as the index gives it. */
export function dokumentXml(parts: DocumentParts = {}): string {
  const {index = 501, title = 'Lægeattest', state = 'Modtaget'} = parts;
  const closed = parts.closedTitle
    ? `<di:OffentlighedUndtaget><sd:TitelAlternativTekst>${escapeXml(parts.closedTitle)}</sd:TitelAlternativTekst><sd:OffentlighedUndtagetHjemmelTekst>§ 30</sd:OffentlighedUndtagetHjemmelTekst></di:OffentlighedUndtaget>`
    : '';
  return `<sdi:DokumentFiltreretOejebliksbillede><di:ObjektType><sd:UUIDIdentifikator>${idOf(index)}</sd:UUIDIdentifikator></di:ObjektType>
<di:Registrering><sd:Tidspunkt>2026-11-03T08:00:00+01:00</sd:Tidspunkt><sd:LivscyklusKode>${parts.stage ?? 'Importeret'}</sd:LivscyklusKode>
<di:AttributListe><di:Egenskaber>${virkning('di')}<di:BrugervendtNoegle>D26-${index}</di:BrugervendtNoegle><di:Titel>${escapeXml(title)}</di:Titel><di:BrevDato>2026-11-01</di:BrevDato>${closed}<di:VersionIdentifikator>2</di:VersionIdentifikator><di:UnderversionIdentifikator>1</di:UnderversionIdentifikator><di:Foelsomhed>FOELSOMME_PERSONOPLYSNINGER</di:Foelsomhed><di:Type>${parts.type ?? 'Brev, indgaaende'}</di:Type></di:Egenskaber></di:AttributListe>
<di:TilstandListe><di:Fremdrift>${virkning('di')}<di:FremdriftStatusKode>${state}</di:FremdriftStatusKode></di:Fremdrift></di:TilstandListe>
<di:RelationListe><di:Dokumentaktoer>${virkning('gd')}${role(roles.owner)}${uuid(idOf(904))}${extended('<di:DokumentaktoerLokalUdvidelse><di:FuldtNavn>Korsbæk Kommune</di:FuldtNavn><di:CVR-Nr>11111111</di:CVR-Nr></di:DokumentaktoerLokalUdvidelse>')}</di:Dokumentaktoer>${
    parts.party === undefined
      ? ''
      : `<di:Dokumentpart>${virkning('gd')}${role(primaryParty)}${urn(parts.party)}</di:Dokumentpart>`
  }<di:Dokumentklasse>${virkning('gd')}${role(roles.primaryClass)}${extended('<di:DokumentklasseLokalUdvidelse><di:Klassetitel>Sygedagpenge</di:Klassetitel><di:BrugervendtNoegle>32.24.04</di:BrugervendtNoegle></di:DokumentklasseLokalUdvidelse>')}</di:Dokumentklasse></di:RelationListe></di:Registrering></sdi:DokumentFiltreretOejebliksbillede>`;
}

export const namespaces = `xmlns:sdi="${sdi}" xmlns:sd="${sd}" xmlns:gd="${gd}" xmlns:sag="${sag}" xmlns:si="${si}" xmlns:di="${di}"`;

/** How an answer begins, and ends. */
export const answerStart = (code = '20', counts: Readonly<Record<string, number>> = {}): string =>
  `<sdi:FremsoegSagDokumentIndeksOutput ${namespaces}><sd:StandardRetur><sd:StatusKode>${code}</sd:StatusKode></sd:StandardRetur>${Object.entries(
    counts,
  )
    .map(
      ([element, count]) =>
        `<sdi:Antal><sdi:Element>${element}</sdi:Element><sdi:Antal>${count}</sdi:Antal></sdi:Antal>`,
    )
    .join('')}`;
export const answerEnd = '</sdi:FremsoegSagDokumentIndeksOutput>';
/** A whole answer. */
export const answerOf = (records: string, ...start: Parameters<typeof answerStart>): string =>
  `${answerStart(...start)}${records}${answerEnd}`;

/** Whom a request asks for, and which page. */
export function askedIn(body: string): {number: string; first: number; most: number; documents: boolean} {
  const [, number = ''] = /urn:oio:c[pv]r-nr:(\w+)/.exec(body) ?? [];
  const [, first = ''] = /FoersteResultatReference>(\d+)</.exec(body) ?? [];
  const [, most = ''] = /MaksimalAntalKvantitet>(\d+)</.exec(body) ?? [];
  return {number, first: Number(first), most: Number(most), documents: body.includes('DokumentVis')};
}

export const ofBakery = `urn:oio:cvr-nr:${bakery.value}`;

/** An index in which Ida and a bakery have some cases and documents, Bo one case, and nobody else anything. */
export const index: Answerer = ({body}) => {
  const {number, documents} = askedIn(body);
  if (number === bakery.value)
    return answerOf(
      sagXml({index: 20, party: ofBakery, title: 'Levnedsmiddelkontrol', documents: documents ? [520] : []}) +
        (documents ? dokumentXml({index: 520}) + dokumentXml({index: 521, party: ofBakery}) : ''),
    );
  if (number === bo) return answerOf(sagXml({index: 9, party: `urn:oio:cpr-nr:${bo}`, title: 'KUN-FOR-BO'}));
  if (number !== ida) return answerOf('', '44');
  const cases = [
    sagXml({documents: [501, 502]}),
    sagXml({
      index: 2,
      state: 'Afsluttet',
      word: null,
      title: 'Enkeltydelse',
      closedTitle: 'Enkeltydelse til advokat',
      documents: [501],
    }),
    sagXml({index: 3, sensitivity: 'VIP_SAGER', caseworker: null}),
  ];
  if (!documents) return answerOf(cases.join(''), '20', {sager: 3});
  const own = [
    dokumentXml(),
    dokumentXml({index: 502, title: 'Svar', type: 'Brev', state: 'Endeligt', closedTitle: 'Svar til psykiater'}),
    dokumentXml({index: 503, party: `urn:oio:cpr-nr:${ida}`}),
  ];
  return answerOf(cases.join('') + own.join(''), '20', {sager: 3, dokumenter: 3});
};

export const serveIndex = (answer: Answerer = index) => serveSoap('1.2', schema, answer);
