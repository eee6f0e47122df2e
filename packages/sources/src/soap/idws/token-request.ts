import {escapeXml} from '../../xml.js';
import type {SigningIdentity} from './certificates.js';
import {samlToken, wsa, wst} from './names.js';
import {binaryToken} from './signed-message.js';

/** `wsa:Action` of the request: WS-Trust 1.3, section 3.1. */
export const issueAction = `${wst}/RST/Issue`;
const authorization = 'http://docs.oasis-open.org/wsfed/authorization/200706';

/**
 * `RequestSecurityToken` for a holder-of-key token of this system: WS-Trust 1.3 (sections 3.1, 4.1 and 9.2), OIO WS-Trust
 * Profile 1.1 ("Issuance Binding"), and KOMBIT's interface of its token service 1.0 (section 3.5), which wants to know for which
 * municipality.
 */
export const tokenRequest = (
  {appliesTo, municipality}: {readonly appliesTo: string; readonly municipality?: string | undefined},
  identity: SigningIdentity,
  context: string,
): string =>
  `<wst:RequestSecurityToken xmlns:wst="${wst}" Context="${context}"><wst:TokenType>${samlToken}</wst:TokenType><wst:RequestType>${wst}/Issue</wst:RequestType><wst:KeyType>${wst}/PublicKey</wst:KeyType><wsp:AppliesTo xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy"><wsa:EndpointReference xmlns:wsa="${wsa}"><wsa:Address>${escapeXml(appliesTo)}</wsa:Address></wsa:EndpointReference></wsp:AppliesTo>${
    municipality === undefined
      ? ''
      : `<wst:Claims Dialect="${authorization}/authclaims"><auth:ClaimType xmlns:auth="${authorization}" Uri="dk:gov:saml:attribute:CvrNumberIdentifier" Optional="false"><auth:Value>${municipality}</auth:Value></auth:ClaimType></wst:Claims>`
  }<wst:UseKey>${binaryToken(identity)}</wst:UseKey></wst:RequestSecurityToken>`;
