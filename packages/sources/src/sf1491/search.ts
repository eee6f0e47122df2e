import {bi, gd, oef, sd, yi} from '../oio/namespaces.js';

/** What is asked for with `fremsoeg` (YdelseIndeks 6). */
export const searchAction = 'http://kombit.dk/sts/ydelseindeks/fremsoeg';
/** What is answered. */
export const searchAnswer = {namespace: yi, name: 'FremsoegYdelseIndeksOutput'} as const;
/** A grant in the answer. */
export const grantElement = {namespace: yi, name: 'BevillingFiltreretOejebliksbillede'} as const;
/** A payment in the answer. */
export const paymentElement = {namespace: yi, name: 'OekonomiskEffektueringFiltreretOejebliksbillede'} as const;

const page = (first: number, most: number): string =>
  `<sd:FoersteResultatReference>${first}</sd:FoersteResultatReference><sd:MaksimalAntalKvantitet>${most}</sd:MaksimalAntalKvantitet>`;

/** The number consists of letters and digits. */
const party = (number: string): string =>
  `<gd:ReferenceID><sd:URNIdentifikator>urn:oio:cpr-nr:${number}</sd:URNIdentifikator></gd:ReferenceID>`;

const shown = (element: 'BevillingVis' | 'OekonomiskEffektueringVis', parts: readonly string[]): string =>
  parts.map((part) => `<yi:${element}><yi:Vis>${part}</yi:Vis></yi:${element}>`).join('');

const input = (expression: string, filter: string, order: string): string =>
  `<yi:FremsoegYdelseIndeksInput xmlns:yi="${yi}" xmlns:sd="${sd}" xmlns:gd="${gd}" xmlns:bi="${bi}" xmlns:oef="${oef}"><yi:SoegUdtryk>${expression}</yi:SoegUdtryk><yi:Filter>${filter}</yi:Filter>${order}</yi:FremsoegYdelseIndeksInput>`;

/** Asks for the grants of which a person is a party. */
export const grantsOf = (number: string, first: number, most: number): string =>
  input(
    `<yi:SoegBevillingIndeks>${page(first, most)}<bi:AttributListe/><bi:TilstandListe/><bi:RelationListe><bi:Bevillingspart>${party(number)}</bi:Bevillingspart></bi:RelationListe></yi:SoegBevillingIndeks>`,
    shown('BevillingVis', [
      'egenskaber',
      'egenskaberlokaludvidelse',
      'bevilgetydelse',
      'sag',
      'part',
      'aktoer-ejer',
      'aktoer-ansvarlig',
    ]),
    '<yi:Sortering><yi:BevillingSortering><yi:Element>Ydelsesnavn</yi:Element><yi:Retning>Stigende</yi:Retning><yi:Sekvens>1</yi:Sekvens></yi:BevillingSortering></yi:Sortering>',
  );

/** Asks for the payments of which a person is a party. */
export const paymentsOf = (number: string, first: number, most: number): string =>
  input(
    `<yi:SoegOekonomiskEffektueringIndeks>${page(first, most)}<oef:AttributListe/><oef:TilstandListe/><oef:RelationListe><oef:OekonomiskEffektueringPart>${party(number)}</oef:OekonomiskEffektueringPart></oef:RelationListe></yi:SoegOekonomiskEffektueringIndeks>`,
    shown('OekonomiskEffektueringVis', ['egenskaber', 'aktoer', 'oekonomiskeydelseeffektueringer']),
    '<yi:Sortering><yi:OekonomiskEffektueringSortering><yi:Element>Dispositionsdato</yi:Element><yi:Retning>Faldende</yi:Retning><yi:Sekvens>1</yi:Sekvens></yi:OekonomiskEffektueringSortering></yi:Sortering>',
  );
