/**
 * A small strict XML reader for messages from source systems: namespace-aware, UTF-8 only, no doctype and so no entities
 * but the five that XML has, with limits on size, depth and number of elements. It takes its input in chunks.
 *
 * @packageDocumentation
 */
import {SaxesParser} from 'saxes';

/** An element, with the text that stands directly in it (CDATA included, not trimmed). Comments are left out. */
export interface XmlElement {
  readonly name: string;
  readonly namespace: string;
  /** Attributes without a namespace, by name. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/** What a document may hold. */
export interface XmlLimits {
  /** Default 1,000,000. */
  readonly maxBytes?: number;
  /** Default 64. */
  readonly maxDepth?: number;
  /** Default 50,000; of those that are held at a time. */
  readonly maxElements?: number;
  /** Characters that are held at a time. Default: as many as there may be bytes. */
  readonly maxHeld?: number;
}

/**
 * Is given each element as it ends, with its parents, outermost first. Where it says true the element is left out of the
 * document, so that a long document is never held as a whole.
 */
export type TakeElement = (element: XmlElement, parents: readonly XmlElement[]) => boolean;

/** Why a document is refused. */
export type XmlFaultReason =
  | 'too-large'
  | 'too-deep'
  | 'too-many-elements'
  | 'doctype'
  | 'encoding'
  | 'truncated'
  | 'malformed';

/** A document that is refused. Says where, and repeats nothing of what stands there. */
export class XmlFault extends Error {
  readonly reason: XmlFaultReason;
  readonly line: number;
  readonly column: number;
  constructor(reason: XmlFaultReason, line: number, column: number) {
    super(`XML refused: ${reason} (line ${line}, column ${column})`);
    this.name = 'XmlFault';
    this.reason = reason;
    this.line = line;
    this.column = column;
  }
}

interface OpenElement {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: OpenElement[];
  text: string;
  /** Nothing but space stands in the text: not to be found out by looking at all of it again and again. */
  isBlank: boolean;
  /** What the document held before it. */
  readonly elementsBefore: number;
  readonly heldBefore: number;
}

const noAttributes: ReadonlyMap<string, string> = new Map();

/** Attributes without a namespace. Most elements have none, and so all of them the same. */
function attributesOf(given: Readonly<Record<string, {uri: string; local: string; value: string}>>) {
  let attributes: Map<string, string> | undefined;
  for (const key in given) {
    const {uri, local, value} = given[key]!;
    if (uri !== '') continue;
    attributes ??= new Map();
    attributes.set(local, value);
  }
  return attributes ?? noAttributes;
}

/** Reads one document. Every method throws {@link XmlFault}; after that the reader is of no more use. */
export class XmlReader {
  private readonly limits: Required<XmlLimits>;
  private readonly decoder = new TextDecoder('utf-8', {fatal: true});
  private readonly parser = new SaxesParser({xmlns: true, defaultXMLVersion: '1.0', forceXMLVersion: true});
  private readonly open: OpenElement[] = [];
  private root: OpenElement | undefined;
  private bytes = 0;
  private elements = 0;
  private held = 0;
  /** Bytes since a tag, which the parser holds. */
  private untold = 0;
  private ending = false;

  constructor(limits: XmlLimits = {}, take?: TakeElement) {
    const maxBytes = limits.maxBytes ?? 1_000_000;
    this.limits = {maxBytes, maxDepth: 64, maxElements: 50_000, maxHeld: maxBytes, ...limits};
    const parser = this.parser;
    parser.on('error', () => this.refuse(this.ending ? 'truncated' : 'malformed'));
    parser.on('doctype', () => this.refuse('doctype'));
    parser.on('xmldecl', ({encoding}) => {
      if (encoding !== undefined && !/^(?:utf-8|us-ascii)$/i.test(encoding)) this.refuse('encoding');
    });
    parser.on('opentag', (tag) => {
      this.untold = 0;
      if (this.open.length >= this.limits.maxDepth) this.refuse('too-deep');
      const [elementsBefore, heldBefore] = [this.elements, this.held];
      if (++this.elements > this.limits.maxElements) this.refuse('too-many-elements');
      const attributes = attributesOf(tag.attributes);
      for (const value of attributes.values()) this.hold(value);
      const element: OpenElement = {
        name: tag.local,
        namespace: tag.uri,
        attributes,
        children: [],
        text: '',
        isBlank: true,
        elementsBefore,
        heldBefore,
      };
      this.open.at(-1)?.children.push(element);
      this.root ??= element;
      this.open.push(element);
    });
    parser.on('closetag', () => {
      this.untold = 0;
      const element = this.open.pop();
      const parent = this.open.at(-1);
      if (!take || !element || !parent || !take(element, this.open)) return;
      parent.children.pop();
      this.elements = element.elementsBefore;
      this.held = element.heldBefore;
      // The space between many that were taken is not worth keeping.
      if (parent.isBlank) {
        this.held -= parent.text.length;
        parent.text = '';
      }
    });
    const text = (part: string): void => {
      const element = this.open.at(-1);
      if (!element) return;
      this.hold(part);
      element.text += part;
      element.isBlank &&= part.trim() === '';
    };
    parser.on('text', text);
    parser.on('cdata', text);
  }

  private refuse(reason: XmlFaultReason): never {
    throw new XmlFault(reason, this.parser.line, this.parser.columnIndex);
  }

  private hold(text: string): void {
    this.held += text.length;
    if (this.held > this.limits.maxHeld) this.refuse('too-large');
  }

  private decode(chunk?: Uint8Array): string {
    try {
      return chunk ? this.decoder.decode(chunk, {stream: true}) : this.decoder.decode();
    } catch {
      this.refuse('encoding');
    }
  }

  /** Takes the next bytes. */
  write(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    if (this.bytes > this.limits.maxBytes) this.refuse('too-large');
    this.parser.write(this.decode(chunk));
    // One text, comment or tag without an end.
    this.untold += chunk.length;
    if (this.untold > this.limits.maxHeld + chunk.length) this.refuse('too-large');
  }

  /** Ends the document and gives its root. */
  end(): XmlElement {
    this.parser.write(this.decode());
    this.ending = true;
    this.parser.close();
    return this.root ?? this.refuse('truncated');
  }
}

/**
 * Reads a whole document.
 *
 * @throws {@link XmlFault}
 */
export function readXml(bytes: Uint8Array, limits?: XmlLimits): XmlElement {
  const reader = new XmlReader(limits);
  reader.write(bytes);
  return reader.end();
}

type Parent<E> = Pick<XmlElement, 'name' | 'namespace'> & {readonly children: readonly E[]};

/** The child elements of a name. */
export const childrenOf = <E extends Parent<E>>(parent: E, namespace: string, name: string): E[] =>
  parent.children.filter((child) => child.name === name && child.namespace === namespace);

/** The first child element of a name. */
export const childOf = <E extends Parent<E>>(parent: E | undefined, namespace: string, name: string): E | undefined =>
  parent?.children.find((child) => child.name === name && child.namespace === namespace);

/** The text of the first child element of a name, without the space around it; undefined where there is none. */
export const textIn = (parent: XmlElement | undefined, namespace: string, name: string): string | undefined => {
  const text = childOf(parent, namespace, name)?.text.trim();
  return text === '' ? undefined : text;
};

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in an element or a quoted attribute; what XML 1.0 has no way to write becomes `U+FFFD`. */
export const escapeXml = (text: string): string =>
  text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => entities[character]!);
