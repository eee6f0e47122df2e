import {maskCprInText} from '@bsp/contract';
import {rfc3339} from '../danish-time.js';
import {childrenOf, readXml, type XmlElement, XmlFault} from '../xml.js';

/** Namespaces of SF1461 and of the post status payload. */
export const namespaces = {
  operations: 'urn:oio:sts:1.0.0',
  envelope: 'urn:oio:besked:kuvert:1.0',
  sagdok: 'urn:oio:sagdok:3.0.0',
  postStatus: 'http://serviceplatformen.dk/xml/print/PKO_PostStatus/1/types',
} as const;

/**
 * Why a message is refused: 41 when it cannot be read as XML, 40 when what it says is not a message. The text is for the
 * sender, in Danish, and repeats nothing of the message but names of elements that we know.
 */
export class MessageFault extends Error {
  readonly code: 40 | 41;
  /** For the operational log. */
  readonly outcome: string;
  constructor(code: 40 | 41, text: string, outcome: string) {
    super(text);
    this.name = 'MessageFault';
    this.code = code;
    this.outcome = outcome;
  }
}

/** A registration of an object: what happened to what. */
export interface ObjectRegistration {
  readonly registrationId: string | undefined;
  readonly registeredAt: string | undefined;
  readonly objectId: string | undefined;
  readonly objectType: string | undefined;
  readonly handling: string | undefined;
}

/** The payload of a post status. */
export interface PostStatus {
  readonly transmissionId: string | undefined;
  readonly messageUuid: string | undefined;
  readonly messageId: string | undefined;
  readonly channel: string | undefined;
  readonly status: string | undefined;
  readonly at: string | undefined;
  readonly errorCode: string | undefined;
  readonly errorText: string | undefined;
}

/** A `Haendelsesbesked`. UUIDs are in lower case, URNs as they were written, times RFC 3339. */
export interface Message {
  readonly messageId: string;
  readonly messageType: string;
  readonly relatedObjects: readonly string[];
  readonly registrations: readonly ObjectRegistration[];
  readonly createdAt: string | undefined;
  readonly validFrom: string | undefined;
  readonly transactionId: string | undefined;
  readonly postStatus: PostStatus | undefined;
}

const maxIdentifier = 200;

const missing = (path: string): never => {
  throw new MessageFault(40, `Elementet ${path} mangler eller er tomt.`, `missing ${path}`);
};

/** The one child of a name; two of them would let two readers see two different messages. */
function one(parent: XmlElement, namespace: string, name: string, path: string): XmlElement | undefined {
  const found = childrenOf(parent, namespace, name);
  if (found.length > 1) {
    throw new MessageFault(40, `Elementet ${path}/${name} findes mere end én gang.`, `repeated ${path}/${name}`);
  }
  return found[0];
}

const required = (parent: XmlElement, namespace: string, name: string, path: string): XmlElement =>
  one(parent, namespace, name, path) ?? missing(`${path}/${name}`);

/** An `UnikIdType`: a UUID or a URN. */
function identifier(parent: XmlElement, name: string, path: string): string | undefined {
  const element = one(parent, namespaces.envelope, name, path);
  if (!element) return undefined;
  const uuid = one(element, namespaces.sagdok, 'UUIDIdentifikator', `${path}/${name}`)?.text.trim().toLowerCase();
  const value = uuid || one(element, namespaces.sagdok, 'URNIdentifikator', `${path}/${name}`)?.text.trim();
  if (value !== undefined && value.length > maxIdentifier) {
    throw new MessageFault(40, `Elementet ${path}/${name} er for langt.`, `too long ${path}/${name}`);
  }
  return value || undefined;
}

const requiredIdentifier = (parent: XmlElement, name: string, path: string): string =>
  identifier(parent, name, path) ?? missing(`${path}/${name}/UUIDIdentifikator`);

const moment = (parent: XmlElement, name: string, path: string): string | undefined => {
  const element = one(parent, namespaces.envelope, name, path);
  const text = element && one(element, namespaces.sagdok, 'TidsstempelDatoTid', `${path}/${name}`)?.text.trim();
  return text ? rfc3339(text) : undefined;
};

/** Text of a sender, fit to be shown: one line, no control characters, no CPR number, not endless. */
export const plainText = (text: string | undefined): string | undefined => {
  const line = (text ?? '').replace(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, ' ').trim();
  return line === '' ? undefined : [...maskCprInText(line).slice(0, 1000)].slice(0, 500).join('');
};

const payloadPath = 'Haendelsesbesked/Beskeddata/Base64';

function decodedBase64(element: XmlElement): Uint8Array {
  const text = element.text.replace(/\s+/g, '');
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw new MessageFault(40, `Elementet ${payloadPath} er ikke gyldig base64.`, `invalid base64`);
  }
  return Buffer.from(text, 'base64');
}

/** The root of a post status: inline or in base64. Senders differ on the namespace of the element `Base64`. */
function postStatusRoot(data: readonly XmlElement[], maxBytes: number): XmlElement {
  const parts = data.flatMap((element) => element.children);
  const payloads = parts.filter(({name}) => name === 'PKO_PostStatus' || name === 'Base64');
  const [payload] = payloads;
  if (!payload) return missing(payloadPath);
  if (payloads.length > 1)
    throw new MessageFault(40, `Elementet ${payloadPath} findes mere end én gang.`, `repeated ${payloadPath}`);
  try {
    const root = payload.name === 'Base64' ? readXml(decodedBase64(payload), {maxBytes}) : payload;
    if (root.name === 'PKO_PostStatus' && root.namespace === namespaces.postStatus) return root;
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
    throw new MessageFault(
      40,
      `Indholdet af ${payloadPath} er ikke gyldig XML (${faultText(error)}).`,
      `payload ${error.reason}`,
    );
  }
  throw new MessageFault(
    40,
    `Indholdet af ${payloadPath} er ikke PKO_PostStatus i ${namespaces.postStatus}.`,
    'payload is no PKO_PostStatus',
  );
}

function postStatusOf(root: XmlElement): PostStatus {
  const path = 'PKO_PostStatus';
  const field = (parent: XmlElement | undefined, name: string): string | undefined =>
    parent && (one(parent, namespaces.postStatus, name, path)?.text.trim() || undefined);
  const faults = one(root, namespaces.postStatus, 'FejlDetaljer', path);
  return {
    transmissionId: field(root, 'TransmissionId'),
    messageUuid: field(root, 'MessageUUID'),
    messageId: field(root, 'MessageId'),
    channel: field(root, 'KanalKode'),
    status: field(root, 'TransaktionsStatusKode'),
    at: rfc3339(field(root, 'TransaktionsDatoTid') ?? ''),
    errorCode: field(faults, 'FejlKode'),
    errorText: field(faults, 'FejlTekst'),
  };
}

const faultWords: Readonly<Record<XmlFault['reason'], string>> = {
  'too-large': 'for stor',
  'too-deep': 'for mange niveauer',
  'too-many-elements': 'for mange elementer',
  doctype: 'DOCTYPE er ikke tilladt',
  encoding: 'ikke UTF-8',
  truncated: 'afbrudt',
  malformed: 'ikke velformet',
};
const faultText = ({reason, line, column}: XmlFault): string => `${faultWords[reason]}, linje ${line}, tegn ${column}`;

/** Where a message is: pushed as `ModtagBeskedInput`, or by itself, as it comes from a queue. */
function messageElement(bytes: Uint8Array, maxBytes: number): XmlElement {
  let root: XmlElement;
  try {
    root = readXml(bytes, {maxBytes});
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
    throw new MessageFault(41, `Beskeden kan ikke læses som XML (${faultText(error)}).`, `xml ${error.reason}`);
  }
  if (root.name === 'Haendelsesbesked' && root.namespace === namespaces.envelope) return root;
  if (root.name === 'ModtagBeskedInput' && root.namespace === namespaces.operations) {
    return required(root, namespaces.envelope, 'Haendelsesbesked', 'ModtagBeskedInput');
  }
  throw new MessageFault(
    40,
    `Rodelementet er ikke ModtagBeskedInput i ${namespaces.operations}.`,
    'unknown root element or namespace',
  );
}

/**
 * Reads a message.
 *
 * @param isPostStatus whether a message type carries a post status, which is then read.
 * @throws {@link MessageFault}
 */
export function readMessage(bytes: Uint8Array, maxBytes: number, isPostStatus: (type: string) => boolean): Message {
  const message = messageElement(bytes, maxBytes);
  const path = 'Haendelsesbesked';
  const {envelope} = namespaces;
  const messageId = requiredIdentifier(message, 'BeskedId', path);
  const cover = required(message, envelope, 'Beskedkuvert', path);
  const filter = required(cover, envelope, 'Filtreringsdata', `${path}/Beskedkuvert`);
  const filterPath = `${path}/Beskedkuvert/Filtreringsdata`;
  const messageType = requiredIdentifier(filter, 'Beskedtype', filterPath);
  const delivery = required(cover, envelope, 'Leveranceinformation', `${path}/Beskedkuvert`);
  const deliveryPath = `${path}/Beskedkuvert/Leveranceinformation`;
  const relatedPath = `${filterPath}/RelateretObjekt`;
  const registrationPath = `${filterPath}/ObjektRegistrering`;
  return {
    messageId,
    messageType,
    relatedObjects: childrenOf(filter, envelope, 'RelateretObjekt').map((related) =>
      requiredIdentifier(related, 'ObjektId', relatedPath),
    ),
    registrations: childrenOf(filter, envelope, 'ObjektRegistrering').map((registration) => ({
      registrationId: identifier(registration, 'ObjektRegistreringId', registrationPath),
      registeredAt: moment(registration, 'Registreringstidspunkt', registrationPath),
      objectId: identifier(registration, 'ObjektId', registrationPath),
      objectType: identifier(registration, 'ObjektType', registrationPath),
      handling: identifier(registration, 'ObjektHandling', registrationPath),
    })),
    createdAt: moment(delivery, 'Dannelsestidspunkt', deliveryPath),
    validFrom: moment(cover, 'GyldighedFra', `${path}/Beskedkuvert`),
    transactionId: identifier(delivery, 'TransaktionsId', deliveryPath),
    postStatus: isPostStatus(messageType)
      ? postStatusOf(postStatusRoot(childrenOf(message, envelope, 'Beskeddata'), maxBytes))
      : undefined,
  };
}
