import {bi, gd, oef, sd, yi} from '../oio/namespaces.js';
import {type Party, urnOf} from '../oio/relations.js';

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

const reference = (party: Party): string =>
  `<gd:ReferenceID><sd:URNIdentifikator>${urnOf(party)}</sd:URNIdentifikator></gd:ReferenceID>`;

const shown = (element: 'BevillingVis' | 'OekonomiskEffektueringVis', parts: readonly string[]): string =>
  parts.map((part) => `<yi:${element}><yi:Vis>${part}</yi:Vis></yi:${element}>`).join('');

const input = (expression: string, filter: string, order: string): string =>
  `<yi:FremsoegYdelseIndeksInput xmlns:yi="${yi}" xmlns:sd="${sd}" xmlns:gd="${gd}" xmlns:bi="${bi}" xmlns:oef="${oef}"><yi:SoegUdtryk>${expression}</yi:SoegUdtryk><yi:Filter>${filter}</yi:Filter>${order}</yi:FremsoegYdelseIndeksInput>`;

/** Asks for the grants of which somebody is a party. */
export const grantsOf = (party: Party, first: number, most: number): string =>
  input(
    `<yi:SoegBevillingIndeks>${page(first, most)}<bi:AttributListe/><bi:TilstandListe/><bi:RelationListe><bi:Bevillingspart>${reference(party)}</bi:Bevillingspart></bi:RelationListe></yi:SoegBevillingIndeks>`,
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

/** Asks for the payments of which somebody is a party. */
export const paymentsOf = (party: Party, first: number, most: number): string =>
  input(
    `<yi:SoegOekonomiskEffektueringIndeks>${page(first, most)}<oef:AttributListe/><oef:TilstandListe/><oef:RelationListe><oef:OekonomiskEffektueringPart>${reference(party)}</oef:OekonomiskEffektueringPart></oef:RelationListe></yi:SoegOekonomiskEffektueringIndeks>`,
    shown('OekonomiskEffektueringVis', ['egenskaber', 'aktoer', 'oekonomiskeydelseeffektueringer']),
    '<yi:Sortering><yi:OekonomiskEffektueringSortering><yi:Element>Dispositionsdato</yi:Element><yi:Retning>Faldende</yi:Retning><yi:Sekvens>1</yi:Sekvens></yi:OekonomiskEffektueringSortering></yi:Sortering>',
  );
