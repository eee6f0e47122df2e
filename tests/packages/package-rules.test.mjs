// The rules of check:packages find what they look for: a good package is damaged in one way at a time.
import assert from 'node:assert/strict';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, it} from 'node:test';
import {packageFaults} from '../../scripts/package-rules.mjs';
import {root} from '../../scripts/setup.mjs';

const siblings = {'@bsp/contract': '0.1.0', '@bsp/core': '0.1.0'};

describe('the rules of a package', () => {
  let folder;
  const write = (path, text) => {
    mkdirSync(dirname(join(folder, path)), {recursive: true});
    writeFileSync(join(folder, path), typeof text === 'string' ? text : JSON.stringify(text));
  };
  const change = (path, turn) => write(path, turn(JSON.parse(readFileSync(join(folder, path), 'utf8'))));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bsp-package-rules-'));
    write('package.json', {
      name: '@bsp/core',
      version: '0.1.0',
      description: 'A package.',
      keywords: ['one'],
      license: 'MIT',
      engines: {node: '>=20.19'},
      type: 'module',
      sideEffects: ['**/define.js', '**/define.ts'],
      files: ['dist', 'src'],
      customElements: './dist/custom-elements.json',
      exports: {
        '.': {types: './dist/define-element.d.ts', default: './dist/define-element.js'},
        './define': {types: './dist/define.d.ts', default: './dist/define.js'},
        './parts/*': './dist/*',
      },
      publishConfig: {access: 'public'},
      dependencies: {'@bsp/contract': '0.1.0', lit: '3.3.3'},
    });
    for (const name of ['define', 'define-element']) {
      write(`dist/${name}.d.ts`, 'export {};');
      write(`src/${name}.ts`, 'export {};');
    }
    write('dist/define.js', "define('bsp-provider', BspProvider);");
    write('src/define.ts', "define('bsp-provider', BspProvider);");
    write('dist/define-element.js', "export const kitVersion = '0.1.0';");
    write('dist/custom-elements.json', {
      modules: [
        {path: 'dist/define-element.js', declarations: [{tagName: 'bsp-provider'}], exports: []},
        {
          path: 'dist/define.js',
          declarations: [],
          exports: [{kind: 'custom-element-definition', name: 'bsp-provider'}],
        },
      ],
    });
    for (const name of ['LICENSE', 'README.md']) write(name, 'Text.');
  });
  afterEach(() => rmSync(folder, {recursive: true, force: true}));

  it('let a good one pass', () => assert.deepEqual(packageFaults(folder, siblings), []));

  const inManifest = (turn) => () => change('package.json', turn);
  const damages = {
    'a licence of its own': [inManifest((one) => ({...one, license: 'GPL-3.0'})), /its licence is GPL-3\.0/],
    'no keywords': [inManifest(({keywords: _, ...one}) => one), /has no keywords/],
    'a script that an install would run': [
      inManifest((one) => ({...one, scripts: {postinstall: 'true'}})),
      /brings scripts/,
    ],
    'a range of versions': [
      inManifest((one) => ({...one, dependencies: {lit: '^3.3.3'}})),
      /lit is not pinned: \^3\.3\.3/,
    ],
    'another version of a sibling': [
      inManifest((one) => ({...one, dependencies: {'@bsp/contract': '0.0.9'}})),
      /needs @bsp\/contract 0\.0\.9/,
    ],
    'a sibling that is not published': [
      inManifest((one) => ({...one, dependencies: {'@bsp/demo': '0.1.0'}})),
      /needs @bsp\/demo/,
    ],
    "the workspace's own condition": [
      inManifest((one) => ({...one, exports: {'.': {source: './src/define.ts', default: './dist/define.js'}}})),
      /has the condition source/,
    ],
    'an export of nothing': [
      inManifest((one) => ({...one, exports: {...one.exports, './more': './dist/more.js'}})),
      /dist\/more\.js is not in the tarball/,
    ],
    'a pattern of nothing': [
      inManifest((one) => ({...one, exports: {...one.exports, './cdn/*': './dist/cdn/*'}})),
      /dist\/cdn\/\* is not in the tarball/,
    ],
    'sources whose effect a bundler may drop': [
      inManifest((one) => ({...one, sideEffects: ['**/define.js']})),
      /^src\/define\.ts registers an element/,
    ],
    'another version in the code': [
      () => write('dist/define-element.js', "export const kitVersion = '0.0.9';"),
      /kitVersion is not 0\.1\.0/,
    ],
    'a test': [() => write('src/define.test.ts', ''), /define\.test\.ts does not belong/],
    'a module whose source is gone': [() => write('dist/gone.js', ''), /dist\/gone\.js is left from an older build/],
    'the folder that it was built in': [
      () => write('dist/define.js.map', root),
      /names the folder that it was built in/,
    ],
    'no licence': [() => rmSync(join(folder, 'LICENSE')), /it has no LICENSE/],
    'an element that nothing registers': [
      () => change('dist/custom-elements.json', ({modules}) => ({modules: modules.slice(0, 1)})),
      /does not say what registers bsp-provider/,
    ],
    'a description of a missing module': [
      () =>
        change('dist/custom-elements.json', ({modules}) => ({
          modules: [...modules, {path: 'dist/none.js', declarations: [], exports: []}],
        })),
      /names dist\/none\.js, which is missing/,
    ],
    'a description of nothing': [() => write('dist/custom-elements.json', {modules: []}), /describes no element/],
  };
  for (const [damage, [inflict, expected]] of Object.entries(damages))
    it(`find ${damage}`, () => {
      inflict();
      const faults = packageFaults(folder, siblings);
      assert.ok(
        faults.some((fault) => expected.test(fault)),
        faults.join('\n') || 'nothing was found',
      );
    });
});
