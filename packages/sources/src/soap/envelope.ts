/** SOAP messages: SOAP 1.1 (W3C Note, 2000) and SOAP 1.2 (W3C Recommendation, 2007). */
import type {AnswerHead} from '../http/http-exchange.js';
import {childOf, type XmlElement} from '../xml.js';

/** The versions of SOAP. */
export const soapVersions = ['1.1', '1.2'] as const;
/** See {@link soapVersions}. */
export type SoapVersion = (typeof soapVersions)[number];

const namespaces: Readonly<Record<SoapVersion, string>> = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
};
const known: ReadonlySet<string> = new Set(Object.values(namespaces));

/** A message: `header` and `body` are XML, with their own namespaces. */
export interface SoapMessage {
  /** What is asked for (`SOAPAction`). */
  readonly action: string;
  readonly header?: string;
  readonly body: string;
  /** Attributes of the body's element, with their declarations. */
  readonly bodyAttributes?: string;
}

/** The message as it is sent. */
export const envelopeOf = (version: SoapVersion, {header, body, bodyAttributes = ''}: SoapMessage): string =>
  `<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="${namespaces[version]}">${
    header === undefined ? '' : `<soap:Header>${header}</soap:Header>`
  }<soap:Body${bodyAttributes}>${body}</soap:Body></soap:Envelope>`;

/** The HTTP headers of a message. */
export const messageHeaders = (version: SoapVersion, {action}: SoapMessage): Readonly<Record<string, string>> =>
  version === '1.1'
    ? {accept: 'text/xml', 'content-type': 'text/xml; charset=utf-8', soapaction: `"${action}"`}
    : {accept: 'application/soap+xml', 'content-type': `application/soap+xml; charset=utf-8; action="${action}"`};

const xmlType = /^(?:text|application)\/(?:[\w.-]+\+)?xml$/i;

/** Whether an answer says that it is XML. */
export const isXml = ({headers}: AnswerHead): boolean =>
  xmlType.test((headers['content-type'] ?? '').split(';')[0]!.trim());

/** Whether an element is of an envelope, in either version: services answer in the other now and then. */
export const isSoap = (element: XmlElement | undefined, name: string): boolean =>
  element !== undefined && element.name === name && known.has(element.namespace);

/** The version of an envelope. */
export const versionOf = (envelope: XmlElement): SoapVersion | undefined =>
  soapVersions.find((version) => namespaces[version] === envelope.namespace);

/** What a message holds: its one body element. */
export function bodyOf(envelope: XmlElement): XmlElement | undefined {
  if (!isSoap(envelope, 'Envelope')) return undefined;
  const bodies = envelope.children.filter((child) => isSoap(child, 'Body'));
  return bodies.length === 1 && bodies[0]!.children.length === 1 ? bodies[0]!.children[0] : undefined;
}

/** What went wrong, as a fault says it. */
export interface SoapFault {
  /** Local name of the code, e.g. `Client`, `Receiver`, `FailedAuthentication`. */
  readonly code: string;
  /** The text for people: it may repeat the request. */
  readonly text: string;
  /** The element with more. */
  readonly detail: XmlElement | undefined;
}

const localName = (qualified: string): string => qualified.trim().replace(/^.*:/, '');

/** The fault that a body element is; undefined where it is none. */
export function faultOf(body: XmlElement): SoapFault | undefined {
  if (!isSoap(body, 'Fault')) return undefined;
  const {namespace} = body;
  if (namespace === namespaces['1.1'])
    return {
      code: localName(childOf(body, '', 'faultcode')?.text ?? ''),
      text: childOf(body, '', 'faultstring')?.text ?? '',
      detail: childOf(body, '', 'detail'),
    };
  const code = childOf(body, namespace, 'Code');
  const finer = childOf(childOf(code, namespace, 'Subcode'), namespace, 'Value');
  return {
    code: localName((finer ?? childOf(code, namespace, 'Value'))?.text ?? ''),
    text: childOf(childOf(body, namespace, 'Reason'), namespace, 'Text')?.text ?? '',
    detail: childOf(body, namespace, 'Detail'),
  };
}
