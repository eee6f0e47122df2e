import type {SoapQuestion} from '../soap/client.js';
import type {SoapFault} from '../soap/envelope.js';
import {childrenOf, escapeXml, textIn, type XmlElement} from '../xml.js';

/** PersonBaseDataExtended, version 4. */
export const person4 = 'http://serviceplatformen.dk/xml/wsdl/soap11/CPR/PersonBaseDataExtended/4/';
const pnr = 'http://serviceplatformen.dk/xml/schemas/cpr/PNR/1/';
const callContext = 'http://serviceplatformen.dk/xml/schemas/CallContext/1/';
const authorityContext = 'http://serviceplatformen.dk/xml/schemas/AuthorityContext/1/';
const platformFault = 'http://serviceplatformen.dk/xml/schemas/ServiceplatformFault/1/';

/** The register does not know this number. */
export class UnknownNumber extends Error {}

const errorsIn = (detail: XmlElement | undefined): string[] =>
  (detail ? childrenOf(detail, platformFault, 'ServiceplatformFault') : [])
    .flatMap((fault) => childrenOf(fault, platformFault, 'ErrorList'))
    .flatMap((list) => childrenOf(list, platformFault, 'Error'))
    .map((error) => textIn(error, platformFault, 'ErrorText') ?? '');

/** The service has no code of its own for it. */
const saysUnknown = ({text, detail}: SoapFault): boolean =>
  [text, ...errorsIn(detail)].some((said) => /\bPNR not found\b/i.test(said));

/** Asks for one person. */
export const lookupOf = (
  number: string,
  {requestId, user, municipality}: {requestId: string; user: string | undefined; municipality: string | undefined},
): SoapQuestion => ({
  action: `${person4}PersonLookup`,
  body: `<p:PersonLookupRequest xmlns:p="${person4}"><c:CallContext xmlns:c="${callContext}">${
    user === undefined ? '' : `<c:OnBehalfOfUser>${escapeXml(user.slice(0, 255))}</c:OnBehalfOfUser>`
  }<c:CallersServiceCallIdentifier>${requestId}</c:CallersServiceCallIdentifier></c:CallContext>${
    municipality === undefined
      ? ''
      : `<a:AuthorityContext xmlns:a="${authorityContext}"><a:MunicipalityCVR>${municipality}</a:MunicipalityCVR></a:AuthorityContext>`
  }<n:PNR xmlns:n="${pnr}">${number}</n:PNR></p:PersonLookupRequest>`,
  answer: {namespace: person4, name: 'PersonLookupResponse'},
  fault: (found) => (saysUnknown(found) ? new UnknownNumber() : undefined),
});
