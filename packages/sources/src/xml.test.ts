import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import fc from 'fast-check';
import {childrenOf, escapeXml, readXml, XmlFault, XmlReader} from './xml.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const refused = (document: Uint8Array | string, limits?: Parameters<typeof readXml>[1]): string => {
  try {
    readXml(typeof document === 'string' ? bytes(document) : document, limits);
  } catch (error) {
    assert.ok(error instanceof XmlFault, String(error));
    return error.reason;
  }
  return 'accepted';
};

describe('the XML reader', () => {
  it('resolves namespaces, prefixes and CDATA', () => {
    const root = readXml(
      bytes(
        '<?xml version="1.0"?><a:x xmlns:a="urn:a" xmlns="urn:d" k="1&amp;2" a:k="3">t<![CDATA[<&]]>&#230;<y/><!-- c --><a:y/></a:x>',
      ),
    );
    assert.equal(root.name, 'x');
    assert.equal(root.namespace, 'urn:a');
    assert.deepEqual([...root.attributes], [['k', '1&2']]);
    assert.equal(root.text, 't<&æ');
    assert.deepEqual(
      root.children.map(({namespace, name}) => [namespace, name]),
      [
        ['urn:d', 'y'],
        ['urn:a', 'y'],
      ],
    );
    assert.equal(childrenOf(root, 'urn:d', 'y').length, 1);
  });

  for (const [what, document, reason] of [
    ['a doctype', '<!DOCTYPE a><a/>', 'doctype'],
    ['an entity bomb', '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>', 'doctype'],
    ['an external entity', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', 'doctype'],
    ['an entity nobody declared', '<a>&b;</a>', 'malformed'],
    ['a prefix nobody declared', '<b:a/>', 'malformed'],
    ['two roots', '<a/><b/>', 'malformed'],
    ['an attribute twice', '<a b="1" b="2"/>', 'malformed'],
    ['a character XML does not have', '<a>&#0;</a>', 'malformed'],
    ['a wrong end tag', '<a><b></a></b>', 'malformed'],
    ['plain text', 'hello', 'malformed'],
    ['nothing', '', 'truncated'],
    ['a document that is cut off', '<a><b>text', 'truncated'],
    ['another encoding', '<?xml version="1.0" encoding="ISO-8859-1"?><a/>', 'encoding'],
  ] as const) {
    it(`refuses ${what}`, () => assert.equal(refused(document), reason));
  }

  it('refuses bytes that are not UTF-8', () => {
    assert.equal(refused(new Uint8Array([0x3c, 0x61, 0x3e, 0xe6, 0x3c])), 'encoding');
    assert.equal(refused(new Uint8Array([...bytes('<a>'), 0xc3])), 'encoding');
    assert.equal(refused(Buffer.from('\ufeff<a/>', 'utf16le')), 'encoding');
  });

  it('keeps its limits', () => {
    const nested = (depth: number): string => `${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}`;
    assert.equal(refused(nested(64)), 'accepted');
    assert.equal(refused(nested(65)), 'too-deep');
    assert.equal(refused(nested(200_000), {maxBytes: 10_000_000}), 'too-deep');
    assert.equal(refused(`<a>${'<b/>'.repeat(9)}</a>`, {maxElements: 10}), 'accepted');
    assert.equal(refused(`<a>${'<b/>'.repeat(10)}</a>`, {maxElements: 10}), 'too-many-elements');
    assert.equal(refused('<a></a>', {maxBytes: 7}), 'accepted');
    assert.equal(refused('<a> </a>', {maxBytes: 7}), 'too-large');
  });

  it('gives the same in any chunks', () => {
    const document = bytes(
      '\ufeff<?xml version="1.0" encoding="utf-8"?>\r\n<a xmlns="urn:a">æ<b c="ø"><![CDATA[å]]></b>&#x1F600;</a>\n',
    );
    const whole = readXml(document);
    for (let size = 1; size < document.length; size++) {
      const reader = new XmlReader();
      for (let at = 0; at < document.length; at += size) reader.write(document.subarray(at, at + size));
      assert.deepEqual(reader.end(), whole);
    }
  });

  it('says where, and repeats nothing of the document', () => {
    assert.throws(
      () => readXml(bytes('<a>\n<secret>')),
      (error: XmlFault) => error.line === 2 && !error.message.includes('secret'),
    );
  });

  it('escapes any text so that it reads back', () => {
    fc.assert(
      fc.property(fc.string({unit: 'binary'}), (text) => {
        const root = readXml(bytes(`<a b="${escapeXml(text)}">${escapeXml(text)}</a>`));
        const kept = [...text].filter((c) => /[^\p{Cc}\p{Cs}\ufffe\uffff\ufffd]/u.test(c)).join('');
        const back = [...root.text].filter((c) => /[^\p{Cc}\ufffd]/u.test(c)).join('');
        assert.equal(back, kept);
      }),
    );
  });

  it('answers or refuses whatever it is given', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '</',
      '/>',
      '<a',
      '<a>',
      '</a>',
      '&amp;',
      '&',
      ';',
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '<?',
      '?>',
      '<!DOCTYPE',
      '[',
      ' x="',
      '"',
      'xmlns:a="urn:a"',
      'a:',
      'æ',
      '\u0000',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), {maxLength: 30}), (pieces) => {
        refused(pieces.join(''));
      }),
    );
    fc.assert(fc.property(fc.uint8Array({maxLength: 60}), (document) => void refused(document)));
  });
});

describe('the XML reader, of a long document', () => {
  const item = '<i a="1">text<b/></i>\n';
  const taking = (limits?: Parameters<typeof readXml>[1]) => {
    const taken: string[] = [];
    const reader = new XmlReader(limits, (element, parents) => {
      if (element.name !== 'i') return false;
      taken.push(`${parents.map(({name}) => name).join('/')}:${element.attributes.get('a')}${element.text}`);
      return true;
    });
    return {reader, taken};
  };

  it('gives elements away as they end, and holds the rest', () => {
    const {reader, taken} = taking();
    reader.write(bytes(`<a><h>first</h>${item}`));
    assert.deepEqual(taken, ['a:1text']);
    reader.write(bytes(`${item}<l>last</l></a>`));
    assert.equal(taken.length, 2);
    const root = reader.end();
    assert.deepEqual(
      root.children.map(({name}) => name),
      ['h', 'l'],
    );
    assert.equal(root.text, '\n');
  });

  it('counts what is held, not what has gone by', () => {
    const {reader, taken} = taking({maxBytes: 1_000_000, maxElements: 10, maxHeld: 200});
    reader.write(bytes('<a>'));
    for (let count = 0; count < 1_000; count++) reader.write(bytes(item));
    reader.write(bytes('</a>'));
    reader.end();
    assert.equal(taken.length, 1_000);
  });

  it('reads text between many records in proportion to their number', () => {
    const {reader, taken} = taking({maxBytes: 20_000_000});
    // With the square of it, this would take a quarter of an hour.
    const count = 300_000;
    reader.write(bytes(`<a>${'<i/>some text in the way'.repeat(count)}</a>`));
    assert.equal(reader.end().text.length, count * 20);
    assert.equal(taken.length, count);
  });

  for (const [what, document, reason] of [
    ['a record with too many elements', `<a>${item}<i>${'<b/>'.repeat(11)}</i></a>`, 'too-many-elements'],
    ['a record with too much text', `<a>${item}<i>${'x'.repeat(201)}</i></a>`, 'too-large'],
    ['an attribute that is too long', `<a><i a="${'x'.repeat(201)}"/></a>`, 'too-large'],
    ['what is not given away', `<a>${'<c>xxxxxxxxxx</c>'.repeat(9)}</a>`, 'accepted'],
    ['too much that is not given away', `<a>${`<c>${'x'.repeat(30)}</c>`.repeat(9)}</a>`, 'too-large'],
  ] as const)
    it(`${reason === 'accepted' ? 'takes' : 'refuses'} ${what}`, () => {
      const {reader} = taking({maxElements: 10, maxHeld: 200});
      const read = () => {
        reader.write(bytes(document));
        reader.end();
      };
      if (reason === 'accepted') read();
      else assert.throws(read, (error) => error instanceof XmlFault && error.reason === reason);
    });

  it('refuses a text, a comment and a tag that do not end, before they are all there', () => {
    for (const begun of ['<a>', '<a><!--', '<a b="']) {
      const {reader} = taking({maxHeld: 1_000});
      reader.write(bytes(begun));
      let written = 0;
      assert.throws(
        () => {
          for (; written < 100; written++) reader.write(bytes('x'.repeat(100)));
        },
        (error) => error instanceof XmlFault && error.reason === 'too-large',
      );
      assert(written < 15, `${begun}: ${written}`);
    }
  });
});
