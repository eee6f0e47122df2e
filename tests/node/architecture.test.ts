import assert from 'node:assert/strict';
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {join, relative, sep} from 'node:path';
import {describe, it} from 'node:test';
import {fileURLToPath} from 'node:url';
import {
  allowedEdges,
  codeBreaches,
  type PackageFacts,
  personNumberBreaches,
  type SourceText,
  type Tree,
  unusedDependencies,
} from './architecture.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const notOurs = new Set(['node_modules', 'dist', 'results', 'var', 'coverage', '.git']);

function filesUnder(folder: string): string[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, {withFileTypes: true}).flatMap((entry) => {
    if (notOurs.has(entry.name)) return [];
    const inside = join(path, entry.name);
    return entry.isDirectory() ? filesUnder(relative(root, inside)) : [relative(root, inside).split(sep).join('/')];
  });
}
const read = (path: string): SourceText => ({path, text: readFileSync(join(root, path), 'utf8')});
interface Manifest {
  exports?: Record<string, string | Record<string, string>>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  sideEffects?: unknown;
}
const manifest = (path: string) => JSON.parse(read(path).text) as Manifest;

const names = readdirSync(join(root, 'packages')).filter((name) =>
  existsSync(join(root, 'packages', name, 'package.json')),
);
const manifests = Object.fromEntries(names.map((name) => [name, manifest(`packages/${name}/package.json`)]));
const factsOf = ({exports = {}, dependencies = {}}: Manifest): PackageFacts => ({
  exports: Object.keys(exports),
  dependencies: Object.keys(dependencies),
});
const rootManifest = manifest('package.json');
const tree: Tree = {
  packages: Object.fromEntries(Object.entries(manifests).map(([name, one]) => [name, factsOf(one)])),
  rootDependencies: Object.keys({...rootManifest.dependencies, ...rootManifest.devDependencies}),
  exists: (path) => existsSync(join(root, path)),
};
/** Tools that are installed apart, with a lock of their own. */
const apart = ['tests/bench', 'tests/accessibility/qualweb'];
/** The tree as a file sees it: what its own project installs counts as declared. */
function treeOf(path: string): Tree {
  const own = apart.find((folder) => path.startsWith(`${folder}/`));
  if (!own) return tree;
  const {dependencies, devDependencies} = manifest(`${own}/package.json`);
  return {...tree, rootDependencies: [...tree.rootDependencies, ...Object.keys({...dependencies, ...devDependencies})]};
}
/** The limits of the benchmarks wear the window's own styles, which no entry point gives. */
const known = [
  ['hand-written-case-list', 'bsp-case-list'],
  ['hand-written-windowed-case-list', 'windowed/windowed-rows'],
].map(
  ([page, styles]) =>
    `tests/bench/pages/${page}.mjs: ` +
    `'../../../packages/widgets/dist/case-list/${styles}.styles.js' enters a package by a path`,
);
/** Services that are measured answer what the connectors' own simulators do: tests are in no package's exports. */
const knownServices = ['sf1470/simulator.test', 'sf1491/simulator.test', 'sf1520/simulator.test', 'soap/envelope'].map(
  (file) =>
    `tests/bench/processes/soap-source.mjs: '../../../packages/sources/src/${file}.ts' enters a package by a path`,
);
const all = ['packages', 'tests', 'demo', 'scripts', 'stories', '.ci'].flatMap(filesUnder);
/** Projects of vendors, which know the kit by its packages only. */
const isForeign = (path: string) => path.startsWith('tests/packages/projects/');
const sources = all
  .filter((path) => /\.(ts|mts|mjs)$/.test(path) && !path.endsWith('.d.ts') && !isForeign(path))
  .map(read);

describe('the rooms of the house', () => {
  it('holds only packages that have a place', () =>
    assert.deepEqual(
      names.filter((name) => !(name in allowedEdges)),
      [],
    ));

  it('imports one way, through exports, from what is declared', () =>
    assert.deepEqual(
      sources.flatMap((file) => codeBreaches(file, treeOf(file.path))),
      [...known, ...knownServices],
    ));

  it('declares no dependency that it does not use', () =>
    assert.deepEqual(
      Object.entries(tree.packages).flatMap(([name, facts]) => unusedDependencies(name, facts, sources)),
      [],
    ));

  it('exports only what is there', () => {
    const missing = Object.entries(manifests).flatMap(([name, {exports = {}}]) =>
      Object.entries(exports).flatMap(([entry, target]) => {
        const file = typeof target === 'string' ? target : target.source;
        // What is built is looked at in the packed package: npm run check:packages.
        return file && !file.startsWith('./dist/') && !existsSync(join(root, 'packages', name, file))
          ? [`@bsp/${name}${entry.slice(1)}: ${file}`]
          : [];
      }),
    );
    assert.deepEqual(missing, []);
  });

  it('keeps the DOM out of the contract', () => {
    for (const name of ['contract', 'korsbaek', 'sources', 'gateway'].filter((one) => names.includes(one)))
      assert.doesNotMatch(read(`packages/${name}/tsconfig.json`).text, /"DOM/, name);
  });

  it('has one version of what must be single', () => {
    for (const single of ['lit', 'zod', 'tslib', 'lit-html', '@lit/reactive-element']) {
      const copies = names.filter((name) => existsSync(join(root, 'packages', name, 'node_modules', single)));
      assert.deepEqual(copies, [], single);
    }
  });
});

describe('numbers of people', () => {
  it('stand nowhere in the repository but synthetic', () => {
    const texts = all.filter(
      (path) => statSync(join(root, path)).size < 4_000_000 && !/\.(png|jpg|woff2?|zip)$/.test(path),
    );
    assert.deepEqual(
      texts.flatMap((path) => personNumberBreaches(read(path))),
      [],
    );
  });
});

describe('the rules themselves', () => {
  const rules: Tree = {
    packages: {
      contract: {exports: ['.'], dependencies: ['zod']},
      core: {exports: ['.', './define'], dependencies: ['@bsp/contract', 'lit']},
      widgets: {exports: ['./case-list'], dependencies: ['@bsp/core', 'lit']},
      korsbaek: {exports: ['.'], dependencies: ['@bsp/contract', '@bsp/sources']},
      sources: {exports: ['.'], dependencies: []},
      gateway: {exports: ['.'], dependencies: ['@bsp/contract']},
    },
    rootDependencies: ['fast-check'],
    exists: (path) => path.endsWith('/there.ts'),
  };
  const breachesOf = (path: string, text: string) => codeBreaches({path, text}, rules);

  for (const [path, text, breach] of [
    ['packages/contract/src/a.ts', "import {x} from '@bsp/core';", 'may not be imported by contract'],
    ['packages/core/src/a.ts', "export * from '@bsp/widgets/case-list';", 'may not be imported by core'],
    ['packages/gateway/src/a.ts', "const x = await import('@bsp/korsbaek');", 'may not be imported by gateway'],
    ['packages/gateway/src/a.ts', "type T = import('@bsp/core').T;", 'may not be imported by gateway'],
    ['packages/korsbaek/src/a.ts', "import {x} from '@bsp/sources';", 'as a type only'],
    ['packages/korsbaek/src/a.ts', "import x, {type T} from '@bsp/sources';", 'as a type only'],
    ['packages/core/src/a.ts', "import '@bsp/contract/dist/index.js';", 'not among the exports'],
    ['packages/core/src/a.ts', "import '../../contract/src/there.js';", 'leaves its package'],
    ['tests/e2e/a.test.ts', "import '../../packages/core/src/there.js';", 'enters a package by a path'],
    ['packages/core/src/a.ts', "import './there';", 'no .js suffix'],
    ['packages/core/src/a.ts', "import './gone.js';", 'does not exist'],
    ['packages/core/src/a.ts', "import fs from 'node:fs';", 'runs in pages'],
    ['packages/gateway/src/a.ts', "import fs from 'fs';", 'without node:'],
    ['packages/core/src/a.ts', "import x from 'left-pad';", 'not a dependency of @bsp/core'],
    ['packages/core/src/a.test.ts', "import x from 'left-pad';", 'not a dependency of @bsp/core'],
    ['packages/contract/src/a.ts', "import {z} from 'zod';", 'is zod otherwise'],
    ['packages/contract/src/a.ts', "import {z} from 'zod/mini';", 'is zod otherwise'],
    ['packages/widgets/src/a.ts', 'const s = css`a{margin:1.5rem}`;', 'uses rem'],
    ['packages/widgets/src/a.ts', 'const s = css`a{color:red!important}`;', 'uses !important'],
    ['packages/widgets/src/a.ts', 'x = unsafeHTML(y);', 'as markup'],
    ['packages/widgets/src/a.ts', 'x.innerHTML = y;', 'writes markup'],
    ['packages/widgets/src/a.ts', 'x = html`<p style="color:red">`;', 'style attribute'],
    ['packages/widgets/src/a.ts', 'x = html`<p class=$' + '{c} style=$' + '{s}>`;', 'style attribute'],
    ['packages/core/src/a.ts', 'sessionStorage.setItem(a, b);', 'browser storage'],
  ] as const)
    it(`catches what ${breach}: ${text}`, () => {
      const breaches = breachesOf(path, text);
      assert.equal(breaches.length, 1, breaches.join('\n'));
      assert.ok(breaches[0]?.includes(breach), breaches[0]);
    });

  for (const [path, text] of [
    ['packages/korsbaek/src/a.ts', "import type {Connector} from '@bsp/sources';"],
    ['packages/korsbaek/src/a.ts', "import {type Connector} from '@bsp/sources';"],
    ['packages/korsbaek/src/connector.ts', "import {SourceProblem} from '@bsp/sources';"],
    ['packages/widgets/src/a.test.ts', "import {korsbaekBackend} from '@bsp/korsbaek';"],
    ['packages/widgets/src/a.test.ts', "import fc from 'fast-check';"],
    ['packages/core/src/a.ts', "import './there.js'; // never innerHTML = x, !important or 2rem"],
    ['packages/contract/src/a.ts', "import * as z from 'zod/mini';"],
    ['packages/gateway/src/a.ts', "import fs from 'node:fs';"],
    ['packages/core/src/a.test.ts', 'x.innerHTML = y;'],
  ] as const)
    it(`lets pass: ${text}`, () => assert.deepEqual(breachesOf(path, text), []));

  it('find an unused dependency', () =>
    assert.equal(
      unusedDependencies('core', {exports: [], dependencies: ['lit', 'zod']}, [
        {path: 'packages/core/src/a.ts', text: "import {html} from 'lit';"},
        {path: 'packages/core/src/a.test.ts', text: "import * as z from 'zod/mini';"},
      ]).length,
      1,
    ));

  it('tell a synthetic number from one that may be real, and repeat neither', () => {
    const real = `${91 - 60}1236-9999`;
    const breaches = personNumberBreaches({path: 'a.txt', text: `ok 911236-9999\nbad ${real}\nno 9999999999 1${real}`});
    assert.deepEqual(breaches, ["a.txt:2: a number that may be a real person's"]);
  });
});
