// The XML reader under spoiled messages: a document within its limits, or a fault that repeats nothing.
import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import fc from 'fast-check';
import {assertNoNumber, bites, fuzz, type Target} from '../../../tests/fuzz/fuzz.js';
import {
  type ByteStep,
  byteStep,
  entityText,
  spoilBytes,
  spoilXml,
  type XmlStep,
  xmlStep,
} from '../../../tests/fuzz/mutations.js';
import {readXml, type XmlElement, XmlFault, XmlReader} from './xml.js';

const samples = [
  '<?xml version="1.0" encoding="UTF-8"?>\n<a xmlns="urn:a" xmlns:b="urn:b"><b:c d="e">Æ &amp; ø<![CDATA[<x>]]></b:c><f/></a>',
  '<a>hemmelig<b>6405851002</b><c x="640585-1002"/>&#230;</a>',
];

interface Spoiled {
  readonly sample: number;
  readonly xml: readonly XmlStep[];
  readonly bytes: readonly ByteStep[];
  /** Where the document is cut into chunks. */
  readonly chunk: number;
}
const inputs: fc.Arbitrary<Spoiled> = fc.record({
  sample: fc.nat(samples.length - 1),
  xml: fc.array(xmlStep, {maxLength: 3}),
  bytes: fc.array(byteStep, {maxLength: 2}),
  chunk: fc.integer({min: 1, max: 40}),
});

const limits = {maxBytes: 200_000, maxDepth: 64, maxElements: 2_000};

type Read = (bytes: Uint8Array) => XmlElement;
const wholeOrFault = (read: Read, bytes: Uint8Array): XmlElement | XmlFault => {
  try {
    return read(bytes);
  } catch (error) {
    assert(error instanceof XmlFault, `a document throws ${String(error)}`);
    return error;
  }
};
const inChunks =
  (size: number): Read =>
  (bytes) => {
    const reader = new XmlReader(limits);
    for (let at = 0; at < bytes.length; at += size) reader.write(bytes.subarray(at, at + size));
    return reader.end();
  };

const depthOf = (element: XmlElement): number => 1 + Math.max(0, ...element.children.map(depthOf));
const allOf = (element: XmlElement): XmlElement[] => [element, ...element.children.flatMap(allOf)];

const documents = (read: Read = (bytes) => readXml(bytes, limits)): Target<Spoiled> => ({
  inputs,
  check({sample, xml, bytes: steps, chunk}) {
    const bytes = steps.reduce(spoilBytes, Buffer.from(xml.reduce(spoilXml, samples[sample]!)));
    const result = wholeOrFault(read, bytes);
    // Of a long document only as many chunks as tell something.
    const chunked = wholeOrFault(inChunks(Math.max(chunk, Math.ceil(bytes.length / 2_000))), bytes);
    if (result instanceof XmlFault) {
      assert.match(result.message, /^XML refused: [a-z-]+ \(line \d+, column \d+\)$/);
      assertNoNumber(result.message, 'a fault');
      assert(chunked instanceof XmlFault, 'what is refused as a whole is taken in chunks');
      return 'refused';
    }
    assert.deepEqual(chunked, result, 'it reads otherwise in chunks');
    assert(bytes.length <= limits.maxBytes && depthOf(result) <= limits.maxDepth);
    const elements = allOf(result);
    assert(elements.length <= limits.maxElements);
    const source = bytes.toString();
    for (const {name, text, attributes} of elements) {
      assert(source.includes(name), 'an element from nowhere');
      for (const value of [text, ...attributes.values()]) assert(!value.includes(entityText), 'an entity was read');
    }
    assert(!/<!DOCTYPE/.test(source.replace(/<!--.*?-->|<!\[CDATA\[.*?\]\]>/gs, '')), 'a doctype was taken');
    return 'taken';
  },
});

describe('XML, spoiled', () => {
  it('is read within its limits or refused', () => fuzz('XML', documents(), {share: 2}));
});

describe('the oracle of XML would find a reader that', () => {
  const faulty: Readonly<Record<string, Read>> = {
    'takes a doctype and its entities': (bytes) => {
      const text = Buffer.from(bytes).toString();
      return readXml(
        Buffer.from(text.replace(/<!DOCTYPE[^\]>]*(\[[^\]]*\])?>/, '').replaceAll('&e;', entityText)),
        limits,
      );
    },
    'has no limit of depth': (bytes) => readXml(bytes, {...limits, maxDepth: 100_000}),
    'decodes each chunk by itself': (bytes) => {
      const text = Buffer.concat([Buffer.from(bytes.subarray(0, 90)), Buffer.from(bytes.subarray(90))]);
      return readXml(Buffer.from(text.subarray(0, 93).toString() + text.subarray(93).toString()), limits);
    },
    'repeats what it could not read': (bytes) => {
      try {
        return readXml(bytes, limits);
      } catch (error) {
        const fault = error as XmlFault;
        fault.message += Buffer.from(bytes).toString();
        throw fault;
      }
    },
  };
  for (const [fault, read] of Object.entries(faulty))
    it(fault, () => bites(fault, documents(read), documents(), 1_500));
});
