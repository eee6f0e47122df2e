import {di, gd, sag, sd, sdi} from '../oio/namespaces.js';
import {type Party, urnOf} from '../oio/relations.js';

/** What is asked for with `fremsoeg` (SagDokumentIndeks 6). */
export const searchAction = 'http://kombit.dk/sts/sagdokumentindeks/fremsoeg';
/** What is answered. */
export const searchAnswer = {namespace: sdi, name: 'FremsoegSagDokumentIndeksOutput'} as const;
/** A case in the answer. */
export const caseElement = {namespace: sdi, name: 'SagFiltreretOejebliksbillede'} as const;
/** A document in the answer. */
export const documentElement = {namespace: sdi, name: 'DokumentFiltreretOejebliksbillede'} as const;

const page = (first: number, most: number): string =>
  `<sd:FoersteResultatReference>${first}</sd:FoersteResultatReference><sd:MaksimalAntalKvantitet>${most}</sd:MaksimalAntalKvantitet>`;

const reference = (party: Party): string =>
  `<gd:ReferenceID><sd:URNIdentifikator>${urnOf(party)}</sd:URNIdentifikator></gd:ReferenceID>`;

const soegSag = (party: Party, first: number, most: number): string =>
  `<sdi:SoegSag>${page(first, most)}<sag:AttributListe/><sag:TilstandListe/><sag:RelationListe><sag:Sagspart>${reference(party)}</sag:Sagspart></sag:RelationListe></sdi:SoegSag>`;

const soegSagsloese = (party: Party, first: number, most: number): string =>
  `<sdi:SoegSagsloeseDokumenter>${page(first, most)}<di:AttributListe/><di:TilstandListe/><di:RelationListe><di:Dokumentpart>${reference(party)}</di:Dokumentpart></di:RelationListe></sdi:SoegSagsloeseDokumenter>`;

const shown = (element: 'SagVis' | 'DokumentVis', parts: readonly string[]): string =>
  parts.map((part) => `<sdi:${element}><sdi:Vis>${part}</sdi:Vis></sdi:${element}>`).join('');

const sorted = (kind: 'Sag' | 'Dokument'): string =>
  `<sdi:${kind}Sortering><sdi:Element>StsRegistreringstidspunkt</sdi:Element><sdi:Retning>Faldende</sdi:Retning><sdi:Prioritet>1</sdi:Prioritet></sdi:${kind}Sortering>`;

const input = (expression: string, filter: string, order: string): string =>
  `<sdi:FremsoegSagDokumentIndeksInput xmlns:sdi="${sdi}" xmlns:sd="${sd}" xmlns:gd="${gd}" xmlns:sag="${sag}" xmlns:di="${di}"><sdi:SoegUdtryk>${expression}</sdi:SoegUdtryk><sdi:Filter>${filter}</sdi:Filter><sdi:Sortering>${order}</sdi:Sortering></sdi:FremsoegSagDokumentIndeksInput>`;

const caseParts = ['egenskaber', 'fremdrift', 'sagsklasse', 'sagsaktoer', 'sagspart'] as const;

/** Asks for the cases of which somebody is a party. */
export const casesOf = (party: Party, first: number, most: number): string =>
  input(soegSag(party, first, most), shown('SagVis', caseParts), sorted('Sag'));

/** Asks for the documents of those cases, with the cases, and for documents about them that are in no case. */
export const documentsOf = (party: Party, first: number, most: number): string =>
  input(
    `<sdi:operation>OR</sdi:operation>${soegSag(party, first, most)}${soegSagsloese(party, first, most)}`,
    shown('SagVis', [...caseParts, 'journalpost']) +
      shown('DokumentVis', ['egenskaber', 'fremdrift', 'klasse', 'aktoer', 'part']) +
      '<sdi:SagInkluder>journalpost</sdi:SagInkluder>',
    sorted('Sag') + sorted('Dokument'),
  );
