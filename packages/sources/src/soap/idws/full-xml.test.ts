import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {turnsOfOthers} from '../../json-http/simulators.test.js';
import {XmlFault} from '../../xml.js';
import {canonicalXml} from './canonical-xml.js';
import {readFullXml, readLongFullXml} from './full-xml.js';

const limits = {maxBytes: 10_000_000, maxDepth: 64, maxElements: 1_000_000};
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('a long document', () => {
  it('is read as a short one is, wherever it is divided', async () => {
    for (const part of ['😀', '\r\n', '&amp;', '<b c="æ"/>', '<!-- 😀 -->', '<![CDATA[]]]]><![CDATA[>]]>'])
      for (const before of ['', 'x', 'xx', 'xxx']) {
        const document = bytes(`<a>${before}${part.repeat(Math.ceil(150_000 / part.length))}</a>`);
        const long = await readLongFullXml(document, limits);
        assert.equal(canonicalXml(long), canonicalXml(readFullXml(document, limits)), `${before}${part}`);
      }
  });

  it('lets others have their turn', async () => {
    const document = bytes(`<a>${'<b/>'.repeat(100_000)}</a>`);
    const turns = await turnsOfOthers(() => readLongFullXml(document, limits));
    assert(turns > 2, `${turns}`);
  });

  it('is refused where it ends in the middle, or is none', async () => {
    for (const [document, reason] of [
      [`<a>${'<b/>'.repeat(50_000)}`, 'truncated'],
      [`<a>${'<b/>'.repeat(50_000)}</c>`, 'malformed'],
      [`<a>${'<b/>'.repeat(50_000)}<!DOCTYPE x></a>`, 'malformed'],
    ] as const)
      await assert.rejects(
        readLongFullXml(bytes(document), limits),
        (thrown) => thrown instanceof XmlFault && thrown.reason === reason,
      );
  });
});
