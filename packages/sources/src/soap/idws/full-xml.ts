/**
 * XML with all that a signature covers: prefixes, declarations, and text and elements in their order. For messages that are
 * held as a whole; what is only read goes through `xml.ts`.
 */

import {SaxesParser, type SaxesTagNS} from 'saxes';
import {portionsOf} from '../../turns.js';
import {type XmlElement, XmlFault, type XmlFaultReason} from '../../xml.js';

/** An attribute that is no declaration. */
export interface FullAttribute {
  /** As written, with its prefix. */
  readonly qualified: string;
  readonly prefix: string;
  readonly local: string;
  readonly namespace: string;
  readonly value: string;
}

/** An element, with all that canonical XML writes. */
export interface FullElement extends XmlElement {
  readonly prefix: string;
  /** What prefixes mean here; the empty one is the default namespace. */
  readonly scope: ReadonlyMap<string, string>;
  readonly all: readonly FullAttribute[];
  readonly children: readonly FullElement[];
  readonly content: readonly (FullElement | string)[];
}

interface Open extends FullElement {
  readonly attributes: Map<string, string>;
  readonly children: Open[];
  readonly content: (Open | string)[];
  text: string;
}

/** What a document may hold. */
export interface FullXmlLimits {
  readonly maxBytes: number;
  readonly maxDepth: number;
  readonly maxElements: number;
}

const xmlnsNamespace = 'http://www.w3.org/2000/xmlns/';
const noScope: ReadonlyMap<string, string> = new Map();

const scopeOf = ({ns}: SaxesTagNS, outer: ReadonlyMap<string, string>): ReadonlyMap<string, string> => {
  const declared = Object.entries(ns);
  return declared.length === 0 ? outer : new Map([...outer, ...declared]);
};

function elementOf(tag: SaxesTagNS, outer: ReadonlyMap<string, string>): Open {
  const all: FullAttribute[] = [];
  const attributes = new Map<string, string>();
  for (const {name, prefix, local, uri, value} of Object.values(tag.attributes)) {
    if (uri === xmlnsNamespace) continue;
    all.push({qualified: name, prefix, local, namespace: uri, value});
    if (uri === '') attributes.set(local, value);
  }
  const {local: name, uri: namespace, prefix} = tag;
  return {name, namespace, prefix, scope: scopeOf(tag, outer), all, attributes, children: [], content: [], text: ''};
}

/** Takes a document in parts. Both methods throw {@link XmlFault}. */
interface FullXmlReader {
  write(text: string): void;
  end(): FullElement;
}

function readerOf(bytes: Uint8Array, limits: FullXmlLimits): {reader: FullXmlReader; text: string} {
  const parser = new SaxesParser({xmlns: true, defaultXMLVersion: '1.0', forceXMLVersion: true});
  const refuse = (reason: XmlFaultReason): never => {
    throw new XmlFault(reason, parser.line, parser.columnIndex);
  };
  if (bytes.length > limits.maxBytes) refuse('too-large');
  const open: Open[] = [];
  let root: Open | undefined;
  let elements = 0;
  let ending = false;
  parser.on('error', () => refuse(ending ? 'truncated' : 'malformed'));
  parser.on('doctype', () => refuse('doctype'));
  parser.on('processinginstruction', () => refuse('malformed'));
  parser.on('xmldecl', ({encoding}) => {
    if (encoding !== undefined && !/^(?:utf-8|us-ascii)$/i.test(encoding)) refuse('encoding');
  });
  parser.on('opentag', (tag) => {
    if (open.length >= limits.maxDepth) refuse('too-deep');
    if (++elements > limits.maxElements) refuse('too-many-elements');
    const parent = open.at(-1);
    const element = elementOf(tag, parent?.scope ?? noScope);
    parent?.children.push(element);
    parent?.content.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on('closetag', () => void open.pop());
  const text = (part: string): void => {
    const element = open.at(-1);
    if (!element) return;
    element.content.push(part);
    element.text += part;
  };
  parser.on('text', text);
  parser.on('cdata', text);
  return {
    reader: {
      write: (part) => void parser.write(part),
      end() {
        ending = true;
        parser.close();
        return root ?? refuse('truncated');
      },
    },
    text: decoded(bytes) ?? refuse('encoding'),
  };
}

/**
 * Reads a whole document. Comments are left out, as canonical XML leaves them out; processing instructions are refused, as
 * SOAP refuses them (SOAP 1.2 part 1, section 5).
 *
 * @throws {@link XmlFault}
 */
export function readFullXml(bytes: Uint8Array, limits: FullXmlLimits): FullElement {
  const {reader, text} = readerOf(bytes, limits);
  reader.write(text);
  return reader.end();
}

/** As {@link readFullXml}, for a document that may be long: others get their turn in between. @throws {@link XmlFault} */
export async function readLongFullXml(bytes: Uint8Array, limits: FullXmlLimits): Promise<FullElement> {
  const {reader, text} = readerOf(bytes, limits);
  for await (const part of portionsOf(text.length, (from, to) => text.slice(from, to))) reader.write(part);
  return reader.end();
}

const decoded = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(bytes);
  } catch {
    return undefined;
  }
};
