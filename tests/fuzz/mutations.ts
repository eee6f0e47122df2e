// Ways to spoil a sample. Each is plain data, so that an input can be printed and made again.
import fc from 'fast-check';

/** What breaks parsers, whatever they parse. */
const poison = [
  '\u0000',
  '\r',
  '\n',
  '\ufeff',
  '\u2028',
  '\ud800',
  'æøå',
  '😀',
  '-1',
  '1e999',
  '99999999999999999999',
  '0000-00-00',
  '2026-02-30',
  '9999-12-31',
  '+275760-09-13T00:00:00Z',
  '__proto__',
  'constructor',
  '%00',
  '../../etc',
  '"',
  '<',
  '&',
  "'",
  '{',
  '[',
  ']]>',
] as const;

const place = fc.nat(1_000_000);

export type ByteStep =
  | {readonly do: 'flip'; readonly at: number; readonly bit: number}
  | {readonly do: 'put'; readonly at: number; readonly text: string}
  | {readonly do: 'overwrite'; readonly at: number; readonly text: string}
  | {readonly do: 'cut'; readonly at: number; readonly length: number}
  | {readonly do: 'end'; readonly at: number}
  | {readonly do: 'repeat'; readonly at: number; readonly length: number; readonly times: number}
  | {readonly do: 'encode'; readonly as: 'utf8' | 'latin1' | 'utf16le' | 'bom'};

/** Spoils bytes without looking at what they mean. */
export const byteStep: fc.Arbitrary<ByteStep> = fc.oneof(
  {weight: 4, arbitrary: fc.record({do: fc.constant('flip' as const), at: place, bit: fc.nat(7)})},
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('put' as const, 'overwrite' as const),
      at: place,
      text: fc.oneof(fc.constantFrom(...poison), fc.string({maxLength: 6})),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({do: fc.constant('cut' as const), at: place, length: fc.integer({min: 1, max: 40})}),
  },
  {weight: 1, arbitrary: fc.record({do: fc.constant('end' as const), at: place})},
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('repeat' as const),
      at: place,
      length: fc.integer({min: 1, max: 60}),
      times: fc.constantFrom(2, 3, 70, 4_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('encode' as const),
      as: fc.constantFrom('utf8' as const, 'latin1' as const, 'utf16le' as const, 'bom' as const),
    }),
  },
);

const longest = 2_000_000;

export function spoilBytes(bytes: Buffer, step: ByteStep): Buffer {
  if (bytes.length > longest) return bytes;
  if (step.do === 'encode') {
    if (step.as === 'bom') return Buffer.concat([Buffer.from('\ufeff'), bytes]);
    // Read as what it is not: the classic mistakes.
    return step.as === 'latin1'
      ? Buffer.from(bytes.toString('utf8'), 'latin1')
      : Buffer.from(bytes.toString('latin1'), step.as);
  }
  const at = bytes.length === 0 ? 0 : step.at % bytes.length;
  const before = bytes.subarray(0, at);
  switch (step.do) {
    case 'flip': {
      const copy = Buffer.from(bytes);
      if (copy.length > 0) copy[at]! ^= 1 << step.bit;
      return copy;
    }
    case 'put':
      return Buffer.concat([before, Buffer.from(step.text), bytes.subarray(at)]);
    case 'overwrite': {
      const text = Buffer.from(step.text, 'latin1');
      return Buffer.concat([before, text, bytes.subarray(at + text.length)]);
    }
    case 'cut':
      return Buffer.concat([before, bytes.subarray(at + step.length)]);
    case 'end':
      return Buffer.from(before);
    case 'repeat': {
      const part = bytes.subarray(at, at + step.length);
      return Buffer.concat([before, ...Array.from({length: step.times}, () => part), bytes.subarray(at + step.length)]);
    }
  }
}

export type LineStep =
  | {readonly do: 'drop' | 'double' | 'join' | 'shorten'; readonly line: number; readonly at: number}
  | {readonly do: 'swap'; readonly line: number; readonly with: number}
  | {readonly do: 'graft'; readonly line: number; readonly from: number; readonly at: number};

/** Spoils a file of lines: removed, doubled, joined, cut short, swapped, or one of another file put in. */
export const lineStep: fc.Arbitrary<LineStep> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('drop' as const, 'double' as const, 'join' as const, 'shorten' as const),
      line: fc.nat(30),
      at: fc.nat(300),
    }),
  },
  {weight: 1, arbitrary: fc.record({do: fc.constant('swap' as const), line: fc.nat(30), with: fc.nat(30)})},
  {
    weight: 3,
    arbitrary: fc.record({do: fc.constant('graft' as const), line: fc.nat(30), from: fc.nat(200), at: fc.nat(30)}),
  },
);

export function spoilLines(lines: readonly string[], step: LineStep, others: readonly (readonly string[])[]): string[] {
  const copy = [...lines];
  if (copy.length === 0) return copy;
  const line = step.line % copy.length;
  switch (step.do) {
    case 'drop':
      copy.splice(line, 1);
      break;
    case 'double':
      copy.splice(line, 0, copy[line]!);
      break;
    case 'join':
      copy.splice(line, 2, `${copy[line]}${copy[line + 1] ?? ''}`);
      break;
    case 'shorten':
      copy[line] = copy[line]!.slice(0, step.at);
      break;
    case 'swap': {
      const other = step.with % copy.length;
      [copy[line], copy[other]] = [copy[other]!, copy[line]!];
      break;
    }
    case 'graft': {
      const other = others[step.from % others.length] ?? [];
      copy.splice(line, 0, other[step.at % Math.max(other.length, 1)] ?? '');
    }
  }
  return copy;
}

export type XmlStep =
  | {readonly do: 'drop' | 'double' | 'nest' | 'rename'; readonly element: number; readonly times: number}
  | {readonly do: 'swap'; readonly element: number; readonly with: number}
  | {readonly do: 'text'; readonly element: number; readonly text: string}
  | {readonly do: 'namespace'; readonly which: number; readonly uri: string}
  | {readonly do: 'prolog'; readonly text: string};

const namespaces = [
  '',
  'urn:x',
  'urn:oio:sts:1.0.0',
  'urn:oio:besked:kuvert:1.0',
  'urn:oio:sagdok:3.0.0',
  'http://serviceplatformen.dk/xml/print/PKO_PostStatus/1/types',
  'http://www.w3.org/2000/xmlns/',
];
/** What must never be read as text. */
export const entityText = 'hemmeligt-fra-en-entitet';
const prologs = [
  `<!DOCTYPE a [<!ENTITY e "${entityText}">]>`,
  '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
  '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
  '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://localhost/">%p;]>',
  '<?xml version="1.1"?>',
  '<?xml version="1.0" encoding="ISO-8859-1"?>',
  '<?xml-stylesheet href="x"?>',
  '<!-- x -->',
  'x',
];
const xmlTexts = [
  '',
  ' ',
  '&e;',
  '&lt;',
  '&#0;',
  '&#x10FFFF;',
  '&#xD800;',
  '<![CDATA[<a>]]>',
  '<!--x-->',
  'constructor',
  '__proto__',
  'toString',
  'urn:oio:cpr-nr:',
  'urn:oio:cpr-nr:6405851002x',
  '9999-99-99T99:99:99',
  '0000-01-01T00:00:00Z',
  '0000-01-01T00:00:00+14:00',
  '9999-12-31T23:59:59-14:00',
  '-0001-01-01T00:00:00Z',
  '2026-11-20T10:00:0512345Z',
  '2026-02-30T10:00:00Z',
  'PFhNTD4=',
  '====',
  'x'.repeat(201),
  'æ'.repeat(3_000),
];

/** Spoils a document: elements removed, doubled, swapped, nested; texts, names, namespaces, prologs. */
export const xmlStep: fc.Arbitrary<XmlStep> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('drop' as const, 'double' as const, 'nest' as const, 'rename' as const),
      element: place,
      times: fc.constantFrom(1, 2, 63, 3_000),
    }),
  },
  {weight: 2, arbitrary: fc.record({do: fc.constant('swap' as const), element: place, with: place})},
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('text' as const),
      element: place,
      text: fc.oneof(fc.constantFrom(...xmlTexts), fc.string({maxLength: 30})),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('namespace' as const),
      which: fc.nat(20),
      uri: fc.constantFrom(...namespaces),
    }),
  },
  {weight: 1, arbitrary: fc.record({do: fc.constant('prolog' as const), text: fc.constantFrom(...prologs)})},
);

/** Where the elements of a document begin and end; of a document that is none, what looks like them. */
function elementsIn(document: string): {from: number; inner: number; innerEnd: number; to: number; name: string}[] {
  const open: {from: number; inner: number; name: string}[] = [];
  const found: {from: number; inner: number; innerEnd: number; to: number; name: string}[] = [];
  for (const match of document.matchAll(/<(\/?)([A-Za-z_][\w:.-]*)[^<>]*?(\/?)>/g)) {
    const [tag, closing, name = '', empty] = match;
    const to = match.index + tag.length;
    if (closing) {
      const begun = open.findLastIndex((one) => one.name === name);
      if (begun < 0) continue;
      const [one] = open.splice(begun);
      if (one) found.push({...one, innerEnd: match.index, to});
    } else if (empty) found.push({from: match.index, inner: to, innerEnd: to, to, name});
    else open.push({from: match.index, inner: to, name});
  }
  return found;
}

export function spoilXml(document: string, step: XmlStep): string {
  if (document.length > longest) return document;
  if (step.do === 'prolog') {
    const after = /^\ufeff?<\?xml[^>]*\?>/.exec(document)?.[0].length ?? 0;
    return document.slice(0, after) + step.text + document.slice(after);
  }
  if (step.do === 'namespace') {
    const declared = [...document.matchAll(/(xmlns(?::\w+)?=)("[^"]*"|'[^']*')/g)];
    const one = declared[step.which % Math.max(declared.length, 1)];
    return one
      ? `${document.slice(0, one.index)}${one[1]}"${step.uri}"${document.slice(one.index + one[0].length)}`
      : document;
  }
  const elements = elementsIn(document);
  const element = elements[step.element % Math.max(elements.length, 1)];
  if (!element) return document;
  const {from, inner, innerEnd, to, name} = element;
  const [before, whole, after] = [document.slice(0, from), document.slice(from, to), document.slice(to)];
  switch (step.do) {
    case 'drop':
      return before + after;
    case 'double':
      return before + whole + whole.repeat(Math.min(step.times, Math.ceil(200_000 / whole.length))) + after;
    case 'nest':
      return `${before}${'<a>'.repeat(step.times)}${whole}${'</a>'.repeat(step.times)}${after}`;
    case 'rename':
      return before + whole.replaceAll(name, `${name}x`) + after;
    case 'text':
      return document.slice(0, inner) + step.text + document.slice(innerEnd);
    case 'swap': {
      const other = elements[step.with % elements.length];
      if (!other || (other.from < to && from < other.to)) return document;
      const [left, right] = other.from < from ? [other, element] : [element, other];
      return (
        document.slice(0, left.from) +
        document.slice(right.from, right.to) +
        document.slice(left.to, right.from) +
        document.slice(left.from, left.to) +
        document.slice(right.to)
      );
    }
  }
}

export type JsonStep =
  | {readonly do: 'set'; readonly at: number; readonly value: unknown}
  | {readonly do: 'drop' | 'double'; readonly at: number}
  | {readonly do: 'key'; readonly at: number; readonly key: string}
  | {readonly do: 'nest'; readonly at: number; readonly times: number}
  | {readonly do: 'long'; readonly at: number; readonly times: number};

const oddValues: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  2 ** 60,
  '',
  ' ',
  [],
  {},
  [[]],
  '2026-02-29',
  '0000-01-01T00:00:00Z',
  '0000-01-01T00:00:00+14:00',
  '9999-12-31T23:59:59-14:00',
  '2026-11-20T24:00:00Z',
  '2026-11-20T09:42:60Z',
  ...poison,
];
const oddKeys = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'ref', 'subject', 'a.b[0]', '\ud800'];

/** Spoils a JSON value: other values, dropped and doubled parts, odd keys, depth, length. */
export const jsonStep: fc.Arbitrary<JsonStep> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('set' as const),
      at: place,
      value: fc.oneof(fc.constantFrom(...oddValues), fc.jsonValue({maxDepth: 2})),
    }),
  },
  {weight: 3, arbitrary: fc.record({do: fc.constantFrom('drop' as const, 'double' as const), at: place})},
  {weight: 2, arbitrary: fc.record({do: fc.constant('key' as const), at: place, key: fc.constantFrom(...oddKeys)})},
  {
    weight: 1,
    arbitrary: fc.record({do: fc.constant('nest' as const), at: place, times: fc.constantFrom(1, 40, 20_000)}),
  },
  {
    weight: 1,
    arbitrary: fc.record({do: fc.constant('long' as const), at: place, times: fc.constantFrom(2, 600, 20_000)}),
  },
);

/** A key and its value's text; a list has no keys. */
interface Node {
  readonly kind: 'object' | 'list' | 'value';
  readonly parts: [key: string, node: Node][];
  readonly text: string;
}

const nodeOf = (value: unknown): Node => {
  if (Array.isArray(value))
    return {kind: 'list', parts: value.map((part): [string, Node] => ['', nodeOf(part)]), text: ''};
  if (typeof value === 'object' && value !== null)
    return {kind: 'object', parts: Object.entries(value).map(([key, part]) => [key, nodeOf(part)]), text: ''};
  return {kind: 'value', parts: [], text: JSON.stringify(value) ?? 'null'};
};
const textOf = ({kind, parts, text}: Node): string =>
  kind === 'value'
    ? text
    : kind === 'list'
      ? `[${parts.map(([, part]) => textOf(part)).join(',')}]`
      : `{${parts.map(([key, part]) => `${JSON.stringify(key)}:${textOf(part)}`).join(',')}}`;

/** A JSON text after some steps: as text, because not all of it is a JavaScript value (`__proto__`, keys twice, depth). */
export function spoiledJson(value: unknown, steps: readonly JsonStep[]): string {
  const root: Node = {kind: 'list', parts: [['', nodeOf(value)]], text: ''};
  for (const step of steps) {
    const places: {parent: Node; index: number}[] = [];
    const visit = (parent: Node): void =>
      parent.parts.forEach(([, part], index) => {
        places.push({parent, index});
        visit(part);
      });
    visit(root);
    const {parent, index} = places[step.at % Math.max(places.length, 1)] ?? {parent: root, index: 0};
    const [key, node] = parent.parts[index] ?? ['', nodeOf(null)];
    const replace = (...parts: [string, Node][]): void => void parent.parts.splice(index, 1, ...parts);
    const raw = (text: string): Node => ({kind: 'value', parts: [], text});
    if (step.do === 'set') replace([key, nodeOf(step.value)]);
    else if (step.do === 'drop') replace(...(parent === root ? [['', nodeOf(null)] as [string, Node]] : []));
    else if (step.do === 'double') replace([key, node], ...(parent === root ? [] : [[key, node] as [string, Node]]));
    else if (step.do === 'key') replace([parent.kind === 'object' ? step.key : key, node]);
    else if (step.do === 'nest') replace([key, raw('['.repeat(step.times) + textOf(node) + ']'.repeat(step.times))]);
    else if (step.do === 'long') replace([key, raw(JSON.stringify('æ1'.repeat(step.times)))]);
  }
  return textOf(root.parts[0]?.[1] ?? nodeOf(null));
}
