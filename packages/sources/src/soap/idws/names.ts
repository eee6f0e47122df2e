/** Names of the standards that signed messages are made of. */

/** XML Signature Syntax and Processing (W3C, 2008). */
export const ds = 'http://www.w3.org/2000/09/xmldsig#';
/** XML Encryption Syntax and Processing (W3C, 2002). */
export const xenc = 'http://www.w3.org/2001/04/xmlenc#';
/** WS-Security 1.0 and 1.1 (OASIS, 2004 and 2006). */
export const wsse = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
export const wsse11 = 'http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd';
export const wsu = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
/** SOAP Message Security 1.0, section 8.3. */
export const strTransform =
  'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#STR-Transform';
export const base64Binary =
  'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary';
/** X.509 Certificate Token Profile, section 3.1. */
export const x509v3 = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3';
/** SAML Token Profile 1.1, sections 3.3 and 3.4. */
export const samlToken = 'http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV2.0';
export const samlId = 'http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLID';
/** SAML 2.0 core (OASIS, 2005). */
export const saml = 'urn:oasis:names:tc:SAML:2.0:assertion';
export const holderOfKey = 'urn:oasis:names:tc:SAML:2.0:cm:holder-of-key';
/** WS-Addressing 1.0 (W3C, 2006). */
export const wsa = 'http://www.w3.org/2005/08/addressing';
/** WS-Trust 1.3 (OASIS, 2007). */
export const wst = 'http://docs.oasis-open.org/ws-sx/ws-trust/200512';
