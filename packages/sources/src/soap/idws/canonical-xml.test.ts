// Canonical XML beside that of libxml2, which knows nothing of ours.
import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import fc from 'fast-check';
import {XmlC14NMode, XmlDocument} from 'libxml2-wasm';
import {canonicalXml} from './canonical-xml.js';
import {type FullElement, readFullXml} from './full-xml.js';

const limits = {maxBytes: 1_000_000, maxDepth: 64, maxElements: 10_000};
const read = (text: string): FullElement => readFullXml(new TextEncoder().encode(text), limits);

/** Child indices from the root. */
type Place = readonly number[];
const at = (element: FullElement, place: Place): FullElement =>
  place.reduce((parent, index) => parent.children[index % (parent.children.length || 1)] ?? parent, element);

const placesIn = (element: FullElement, place: Place = []): Place[] => [
  place,
  ...element.children.flatMap((child, index) => placesIn(child, [...place, index])),
];

/** What libxml2 makes of it. */
function expected(text: string, place: Place, prefixes: readonly string[] | 'all'): string {
  const document = XmlDocument.fromString(text);
  try {
    const path = `/*${place.map((index) => `/*[${index + 1}]`).join('')}`;
    const element = document.get(path) ?? assert.fail('no such element');
    return element.canonicalizeToString(
      prefixes === 'all'
        ? {mode: XmlC14NMode.XML_C14N_1_0}
        : {
            mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0,
            inclusiveNamespacePrefixes: prefixes.map((prefix) => prefix || '#default'),
          },
    );
  } finally {
    document.dispose();
  }
}

const declaration = fc.constantFrom(
  '',
  ' xmlns="urn:d"',
  ' xmlns=""',
  ' xmlns="urn:a"',
  ' xmlns:a="urn:a"',
  ' xmlns:b="urn:b2"',
  ' xmlns:a="urn:other" xmlns:c="urn:c"',
  ' xmlns:c="urn:a"',
);
const attribute = fc.constantFrom(
  '',
  ' z="1"',
  ' a:z="&#9;&#10;&#13;&lt;&quot;>"',
  ' b:z="\n x" c:a="å"',
  ' y="😀" x=""',
);
const textPart = fc.constantFrom(
  '',
  ' ',
  'a&amp;b&lt;&gt;"\'',
  '&#13;\r\n',
  '<![CDATA[<x> & y]]>',
  '<!-- ikke med -->',
  '😀',
);
const elementOf = (depth: number): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom('e', 'a:e', 'b:f', 'c:g'),
      declaration,
      attribute,
      textPart,
      depth === 0 ? fc.constant([]) : fc.array(elementOf(depth - 1), {maxLength: 3}),
      textPart,
    )
    .map(
      ([name, declared, attributes, before, inner, after]) =>
        `<${name}${declared}${attributes}>${before}${inner.join('')}${after}</${name}>`,
    );
const documents = elementOf(3).map(
  (inner) => `<?xml version="1.0"?><r xmlns:a="urn:a" xmlns:b="urn:b" xmlns:c="urn:c">${inner}</r>`,
);

describe('canonical XML', () => {
  it('is that of libxml2, of every element of a document', () => {
    fc.assert(
      fc.property(
        documents,
        fc.constantFrom<readonly string[] | 'all'>([], ['a'], ['', 'c'], ['a', 'b', 'none'], 'all'),
        (text, prefixes) => {
          const root = read(text);
          for (const place of placesIn(root)) {
            const inclusive = prefixes === 'all' ? prefixes : new Set(prefixes);
            assert.equal(canonicalXml(at(root, place), {inclusive}), expected(text, place, prefixes));
          }
        },
      ),
      {numRuns: 300, seed: 20_261_120},
    );
  });

  it('that keeps every prefix can stand elsewhere, and is the same to the exclusive form', () => {
    fc.assert(
      fc.property(documents, (text) => {
        const root = read(text);
        const [inner] = root.children;
        assert(inner);
        const moved = read(`<s:m xmlns:s="urn:s">${canonicalXml(inner, {inclusive: 'prefixes'})}</s:m>`).children[0];
        assert(moved);
        for (const inclusive of [new Set<string>(), new Set(['a', 'c'])])
          assert.equal(canonicalXml(moved, {inclusive}), canonicalXml(inner, {inclusive}));
      }),
      {numRuns: 300, seed: 20_261_120},
    );
  });

  it('leaves out a signature within, and declares that there is no default namespace', () => {
    const [inner] = read('<r xmlns:p="urn:p"><p:a>x<s>y</s>z</p:a></r>').children;
    assert(inner);
    assert.equal(canonicalXml(inner, {omit: inner.children[0]!}), '<p:a xmlns:p="urn:p">xz</p:a>');
    const form = {inclusive: new Set(['']), declaresDefault: true};
    assert.equal(canonicalXml(inner, form), '<p:a xmlns="" xmlns:p="urn:p">x<s>y</s>z</p:a>');
  });
});
