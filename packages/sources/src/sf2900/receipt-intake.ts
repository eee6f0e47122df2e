import type {IncomingReceipt, Intake, IntakeAnswer} from '../connector.js';
import {bodyOf, envelopeOf, type SoapVersion, versionOf} from '../soap/envelope.js';
import {childOf, escapeXml, readXml, type XmlElement, XmlFault} from '../xml.js';
import {service3, types2} from './names.js';
import {receiptOf, transactionIn} from './receipt.js';
import {isUuid, type SentKeys} from './transaction-id.js';

/** What asks us, by namespace and name, and what it is answered. */
const requests = [
  [types2, 'FordelingskvitteringModtagAnvender'],
  [service3, 'FordelingskvitteringModtag'],
] as const;

const mediaTypes: Readonly<Record<SoapVersion, string>> = {
  '1.1': 'text/xml; charset=utf-8',
  '1.2': 'application/soap+xml; charset=utf-8',
};

const answered = (version: SoapVersion, status: number, body: string, outcome: string): IntakeAnswer => ({
  status,
  mediaType: mediaTypes[version],
  body: envelopeOf(version, {action: '', body}),
  outcome,
});

/** A fault with the `TransportKvittering` that the interface wants in it. */
function refused(
  version: SoapVersion,
  status: number,
  by: 'sender' | 'us',
  text: string,
  outcome: string,
): IntakeAnswer {
  const told = escapeXml(text);
  const detail = `<t:TransportKvittering xmlns:t="${types2}"><t:TransportValideringsKode>FEJL</t:TransportValideringsKode><t:Begrundelse>${told}</t:Begrundelse></t:TransportKvittering>`;
  const body =
    version === '1.1'
      ? `<soap:Fault><faultcode>soap:${by === 'us' ? 'Server' : 'Client'}</faultcode><faultstring>${told}</faultstring><detail>${detail}</detail></soap:Fault>`
      : `<soap:Fault><soap:Code><soap:Value>soap:${by === 'us' ? 'Receiver' : 'Sender'}</soap:Value></soap:Code><soap:Reason><soap:Text xml:lang="da">${told}</soap:Text></soap:Reason><soap:Detail>${detail}</soap:Detail></soap:Fault>`;
  return answered(version, status, body, outcome);
}

function receiptIn(request: XmlElement, namespace: string, sent: SentKeys): IncomingReceipt | undefined {
  const transaction = transactionIn(childOf(request, namespace, 'DistributionContext'));
  const receipt = receiptOf(childOf(request, namespace, 'Forretningskvittering'));
  return receipt && isUuid(transaction) ? {key: sent.keyOf(transaction), ...receipt} : undefined;
}

/** Takes the receipts that come after a note was sent: we are the service (`DistributionServiceAnvender`). */
export const receiptIntake = (
  path: string,
  maxBytes: number,
  sent: SentKeys,
): Intake<IncomingReceipt, 'kept' | 'duplicate' | 'unknown'> => ({
  path,
  maxBytes,
  async handle(body, keep) {
    if (body.length > maxBytes)
      return refused('1.1', 413, 'sender', `Kvitteringen er større end ${maxBytes} bytes.`, 'xml too-large');
    let envelope: XmlElement;
    try {
      envelope = readXml(body, {maxBytes});
    } catch (thrown) {
      if (!(thrown instanceof XmlFault)) throw thrown;
      return refused('1.1', 500, 'sender', `Kvitteringen kan ikke læses: ${thrown.message}`, `xml ${thrown.reason}`);
    }
    const version = versionOf(envelope) ?? '1.1';
    const request = bodyOf(envelope);
    const [namespace, name] =
      requests.find(([namespace, name]) => request?.namespace === namespace && request.name === `${name}Request`) ?? [];
    if (!request || namespace === undefined)
      return refused(version, 500, 'sender', 'Ikke en FordelingskvitteringModtag.', 'refused: another request');
    const receipt = receiptIn(request, namespace, sent);
    if (!receipt)
      return refused(version, 500, 'sender', 'Kvitteringen mangler kode eller transaktion.', 'refused: no receipt');
    try {
      const outcome = await keep(receipt);
      return answered(version, 200, `<r:${name}Response xmlns:r="${namespace}"/>`, outcome);
    } catch {
      return refused(version, 503, 'us', 'Kvitteringen kunne ikke gemmes. Send den igen.', 'not kept');
    }
  },
});
