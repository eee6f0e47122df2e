// A message as Beskedfordeler pushes it when Digital Post tells what became of a letter (PKO_PostStatus).
import {randomUUID} from 'node:crypto';
import {municipality} from '@bsp/korsbaek';

/** Types of the message and of what was done, from KOMBIT's public code list. */
const postStatusType = 'd2bed63c-4853-4008-b6e0-a74c15b15fbf';
const delivered = 'f7161a89-5068-4023-bc80-d7f4daad2a2e';
const failed = 'e225a75c-4b63-46c4-9423-77f5c8762445';

const uuid = (id) => `<UUIDIdentifikator>${id}</UUIDIdentifikator>`;
const moment = (at) => `<TidsstempelDatoTid>${at}</TidsstempelDatoTid>`;

/** The ids of the latest letter to a person. */
function latestLetter(cpr) {
  const korsbaek = municipality();
  const index = korsbaek.indexOf(cpr);
  const letters = index === undefined ? [] : korsbaek.sentMessages(index);
  return [...letters].sort((a, b) => Date.parse(b.sentAt) - Date.parse(a.sentAt))[0]?.ids;
}

/** The XML about the latest letter to a person; undefined when none was sent. It carries no CPR number. */
export function postStatusMessage(cpr, asFailed) {
  const letter = latestLetter(cpr);
  if (!letter) return undefined;
  const at = new Date().toISOString();
  const status = `<PKO_PostStatus xmlns="http://serviceplatformen.dk/xml/print/PKO_PostStatus/1/types"><TransmissionId>${letter.transmissionId}</TransmissionId><MessageUUID>${letter.messageUuid}</MessageUUID><MessageId>${letter.messageId}</MessageId><KanalKode>Digital Post</KanalKode><TransaktionsDatoTid>${at}</TransaktionsDatoTid><TransaktionsStatusKode>${asFailed ? 'Fejlet' : 'Afleveret Digital Post'}</TransaktionsStatusKode><CorrelationId>${letter.transmissionId}</CorrelationId>${
    asFailed
      ? '<FejlDetaljer><FejlKode>5005</FejlKode><FejlTekst>Modtageren er ikke tilmeldt Digital Post</FejlTekst></FejlDetaljer>'
      : '<FejlDetaljer/>'
  }</PKO_PostStatus>`;
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<ns4:ModtagBeskedInput xmlns="urn:oio:sagdok:3.0.0" xmlns:ns2="urn:oio:besked:kuvert:1.0" xmlns:ns4="urn:oio:sts:1.0.0">
  <ns2:Haendelsesbesked>
    <ns2:BeskedId>${uuid(randomUUID())}</ns2:BeskedId>
    <ns2:BeskedVersion>1.0</ns2:BeskedVersion>
    <ns2:Beskedkuvert>
      <ns2:Filtreringsdata>
        <ns2:Beskedtype>${uuid(postStatusType)}</ns2:Beskedtype>
        <ns2:ObjektRegistrering>
          <ns2:ObjektRegistreringId>${uuid(letter.transmissionId)}</ns2:ObjektRegistreringId>
          <ns2:Registreringstidspunkt>${moment(at)}</ns2:Registreringstidspunkt>
          <ns2:ObjektId>${uuid(letter.messageUuid)}</ns2:ObjektId>
          <ns2:ObjektHandling>${uuid(asFailed ? failed : delivered)}</ns2:ObjektHandling>
        </ns2:ObjektRegistrering>
      </ns2:Filtreringsdata>
      <ns2:Leveranceinformation>
        <ns2:Dannelsestidspunkt>${moment(at)}</ns2:Dannelsestidspunkt>
        <ns2:TransaktionsId>${uuid(randomUUID())}</ns2:TransaktionsId>
      </ns2:Leveranceinformation>
    </ns2:Beskedkuvert>
    <ns2:Beskeddata><Base64>${Buffer.from(status).toString('base64')}</Base64></ns2:Beskeddata>
  </ns2:Haendelsesbesked>
</ns4:ModtagBeskedInput>
`;
}
