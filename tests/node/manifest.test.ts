import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import {before, describe, it} from 'node:test';
import {fileURLToPath} from 'node:url';

interface Named {
  readonly name: string;
  readonly description?: string;
}
interface Declaration extends Named {
  readonly tagName: string;
  readonly summary?: string;
  readonly members?: readonly (Named & {readonly privacy?: string; readonly default?: string})[];
  readonly attributes?: readonly (Named & {readonly fieldName?: string; readonly default?: string})[];
  readonly events?: readonly Named[];
  readonly cssProperties?: readonly Named[];
  readonly cssParts?: readonly Named[];
  readonly cssStates?: readonly Named[];
  readonly config?: {readonly fields: readonly Named[]};
}

/** Has no types. */
const analyzer: string = '@custom-elements-manifest/analyzer/cli.js';
interface Analyzer {
  cli(options: {argv: string[]; cwd: string; noWrite: boolean}): Promise<{modules: {declarations: Declaration[]}[]}>;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const textsUnder = (folder: string): string =>
  readdirSync(`${root}${folder}`, {recursive: true, encoding: 'utf8'})
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map((path) => readFileSync(`${root}${folder}/${path}`, 'utf8').replaceAll(/\/\*\*[\s\S]*?\*\//g, ''))
    .join('\n');
const allOf = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].flatMap(([, found]) => found?.split(' ') ?? [])),
];
const folderOf = (tagName: string): string => `packages/widgets/src/${tagName.replace('bsp-', '')}`;
const names = (list: readonly Named[] = []): string[] => list.map(({name}) => name).sort();

const partsUnder = (folder: string): string[] => allOf(textsUnder(folder), /\bpart="([^"]+)"/g);
const sharedParts = partsUnder('packages/ui/src');

describe('the manifest of the elements', () => {
  let elements: Declaration[] = [];
  before(async () => {
    const {cli} = (await import(analyzer)) as Analyzer;
    const manifest = await cli({argv: ['analyze', '--quiet'], cwd: root, noWrite: true});
    elements = manifest.modules.flatMap(({declarations}) => declarations);
  });

  it('holds the provider and every window', () =>
    assert.deepEqual(
      elements.map(({tagName}) => tagName).sort(),
      ['bsp-provider', ...readdirSync(`${root}packages/widgets/src`).map((name) => `bsp-${name}`)].sort(),
    ));

  it('leaves out what is no business of a host', () => {
    const members = elements.flatMap((element) => element.members ?? []);
    assert.ok(members.length > 10);
    assert.deepEqual(
      members.filter(
        ({name, privacy}) => /^[#_]|^(render|definition|local)/.test(name) || (privacy && privacy !== 'public'),
      ),
      [],
    );
  });

  it('describes everything that it holds', () => {
    for (const {tagName, summary, members, cssProperties, cssParts, cssStates, config} of elements) {
      assert.ok(summary, tagName);
      for (const one of [members, cssProperties, cssParts, cssStates, config?.fields].flatMap((list) => list ?? []))
        assert.ok(one.description, `${tagName} ${one.name}`);
    }
  });

  it('knows every token that the style sheets read, and no other', () => {
    const read = allOf(textsUnder('packages/ui/src') + textsUnder('packages/widgets/src'), /var\((--bsp-[a-z-]+)/g);
    assert.ok(read.length > 20);
    assert.deepEqual([...new Set(elements.flatMap(({cssProperties}) => names(cssProperties)))].sort(), read.sort());
  });

  it('tells of every element which tokens its own style sheets read', () => {
    const shared = allOf(textsUnder('packages/ui/src'), /var\((--bsp-[a-z-]+)/g);
    for (const {tagName, cssProperties} of elements) {
      if (tagName === 'bsp-provider') continue;
      const own = allOf(textsUnder(folderOf(tagName)), /var\((--bsp-[a-z-]+)/g);
      assert.deepEqual(names(cssProperties), [...new Set([...shared, ...own])].sort(), tagName);
    }
  });

  it('tells of an attribute what it defaults to, in the words of its property', () => {
    for (const {tagName, attributes = [], members = []} of elements)
      for (const {name, fieldName, default: value} of attributes)
        assert.equal(value, members.find((member) => member.name === fieldName)?.default, `${tagName} ${name}`);
  });

  it('knows every event that is fired on the provider', () => {
    const fired = allOf(
      textsUnder('packages/core/src'),
      /(?:#fire\(|provider\.dispatchEvent\(\s*new CustomEvent\()'(bsp-[a-z-]+)'/g,
    );
    assert.ok(fired.length > 4);
    const provider = elements.find(({tagName}) => tagName === 'bsp-provider');
    assert.deepEqual(names(provider?.events), fired.sort());
  });

  it('knows the parts that a window has of the panel, unless it hides them', () => {
    assert.ok(sharedParts.includes('dialog') && sharedParts.includes('actions'));
    for (const {tagName, config, cssParts} of elements) {
      if (!config) continue;
      const rules = [...textsUnder(folderOf(tagName)).matchAll(/([^{};`]+)\{\s*display: none;\s*\}/g)];
      const hidden = rules.flatMap(([, selectors]) => selectors?.split(',').map((one) => one.trim()) ?? []);
      assert.deepEqual(
        sharedParts.filter((part) => !hidden.includes(`.${part}`) && !names(cssParts).includes(part)),
        [],
        tagName,
      );
    }
  });

  it('knows every part that a window has, and no other', () => {
    for (const {tagName, cssParts} of elements) {
      if (tagName === 'bsp-provider') continue;
      const own = partsUnder(folderOf(tagName));
      const described = names(cssParts);
      assert.deepEqual(
        own.filter((part) => !described.includes(part)),
        [],
        `${tagName} does not describe`,
      );
      assert.deepEqual(
        described.filter((part) => ![...own, ...sharedParts].includes(part)),
        [],
        `${tagName} has no`,
      );
    }
  });
});
