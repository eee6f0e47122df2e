// Fordelingskomponenten on this machine.

import {type Answerer, Schema, serveSoap} from '../soap/simulator.test.js';
import {escapeXml} from '../xml.js';
import {service3, types2} from './names.js';

/** The contexts that it imports are published with another service. */
export const schema = new Schema('journalnotat-sf2900/DistributionServiceMsg.xsd', (text) =>
  text.replaceAll('"sp/', '"../cpr-lookup/sf1520/sp/'),
);
/** What is sent to us. */
export const senderSchema = new Schema('journalnotat-sf2900/SF2900_EP_MS1-2/DistributionServiceMsgV2.xsd');

export interface ReceiptParts {
  readonly code?: string;
  readonly kind?: 'Teknisk' | 'Forretning';
  readonly reason?: string;
  readonly errors?: readonly [code: string, text: string][];
}

const receipt = ({code = 'MODTAGET', kind = 'Forretning', reason, errors = []}: ReceiptParts): string =>
  `<t:ForretningsValideringsKode>${code}</t:ForretningsValideringsKode><t:Kvitteringstype>${kind}</t:Kvitteringstype>${
    reason === undefined ? '' : `<t:Begrundelse>${escapeXml(reason)}</t:Begrundelse>`
  }${
    errors.length === 0
      ? ''
      : `<t:FejlListe>${errors.map(([kode, tekst]) => `<t:Fejl><t:FejlKode>${kode}</t:FejlKode><t:FejlTekst>${escapeXml(tekst)}</t:FejlTekst></t:Fejl>`).join('')}</t:FejlListe>`
  }`;
const context = (id: string): string =>
  `<t:AnvenderTransaktionsID>${id}</t:AnvenderTransaktionsID><t:AfsendendeMyndighed>11111111</t:AfsendendeMyndighed><t:RoutingMyndighed>11111111</t:RoutingMyndighed><t:RoutingValg><t:RoutingKLEEmneHandling><t:RoutingKLEEmne>32.24.04</t:RoutingKLEEmne></t:RoutingKLEEmneHandling></t:RoutingValg>`;

/** What is answered to a note. */
export const answerXml = (id: string, parts: ReceiptParts = {}): string =>
  `<d:FordelingsobjektAfsendResponse xmlns:d="${service3}" xmlns:t="${types2}"><d:ForretningsKvittering>${receipt(parts)}</d:ForretningsKvittering><d:DistributionContext>${context(id)}</d:DistributionContext></d:FordelingsobjektAfsendResponse>`;

/** The receipt that comes later, as the component sends it to us. */
export const receiptXml = (id: string, parts: ReceiptParts = {}): string =>
  `<t:FordelingskvitteringModtagAnvenderRequest xmlns:t="${types2}"><t:Forretningskvittering>${receipt(parts)}</t:Forretningskvittering><t:DistributionContext>${context(id)}</t:DistributionContext></t:FordelingskvitteringModtagAnvenderRequest>`;

/** The transaction of a request. */
export const transactionOf = (body: string): string => /AnvenderTransaktionsID>([\w-]+)</.exec(body)?.[1] ?? 'none';

/** A fault of the component. */
export const faultXml = (code: 'Client' | 'Server', text: string): string =>
  `<s:Fault xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><faultcode>s:${code}</faultcode><faultstring>x</faultstring><detail><d:TransportKvittering xmlns:d="${service3}"><d:TransportValideringsKode>FEJL</d:TransportValideringsKode><d:Begrundelse>${escapeXml(text)}</d:Begrundelse><d:FejlListe><d:Fejl><d:FejlKode>F7</d:FejlKode><d:FejlTekst>Ukendt KLE</d:FejlTekst></d:Fejl></d:FejlListe></d:TransportKvittering></detail></s:Fault>`;

/** Takes every note. */
export const taking: Answerer = ({body}) => answerXml(transactionOf(body));

export const serveComponent = (answer: Answerer = taking) => serveSoap('1.1', schema, answer);
