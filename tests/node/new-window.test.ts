import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join, relative} from 'node:path';
import {after, describe, it} from 'node:test';
import {fileURLToPath} from 'node:url';
import {codeBreaches} from './architecture.js';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const results = join(repository, 'tests', 'results');
mkdirSync(results, {recursive: true});
// Inside the repository, so that what the window imports is found; in a folder that nothing else looks into.
const root = mkdtempSync(join(results, 'new-window-'));
after(() => rmSync(root, {recursive: true, force: true}));

for (const path of ['packages/widgets/package.json', 'packages/embed/src/bsp.ts'])
  cpSync(join(repository, path), join(root, path));
const node = (script: string, ...parameters: string[]) =>
  spawnSync(process.execPath, [join(repository, script), ...parameters], {
    cwd: repository,
    encoding: 'utf8',
    // What the runner of this test tells its own processes is not meant for these.
    env: {...process.env, NODE_OPTIONS: '', NODE_TEST_CONTEXT: undefined, BSP_COUNTS_FILE: undefined},
  });
const scaffold = (name: string) => node('scripts/new-window.mjs', name, '--root', root);
const text = (path: string) => readFileSync(join(root, path), 'utf8');

const browser = [process.env.CHROMIUM_BIN, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path && existsSync(path),
);

describe('npm run new:window', () => {
  it('makes the files of a window, its entry points and its place in the autoloader', () => {
    const run = scaffold('example-list');
    assert.equal(run.status, 0, run.stderr);
    assert.deepEqual(readdirSync(join(root, 'packages/widgets/src/example-list')).sort(), [
      'bsp-example-list.styles.ts',
      'bsp-example-list.test.ts',
      'bsp-example-list.ts',
      'define.ts',
      'example-list.config.ts',
      'example-list.strings.en.ts',
      'example-list.strings.ts',
    ]);
    const {exports} = JSON.parse(text('packages/widgets/package.json')) as {exports: Record<string, {default: string}>};
    assert.equal(exports['./example-list/define']?.default, './dist/example-list/define.js');
    assert.equal(exports['./example-list']?.default, './dist/example-list/bsp-example-list.js');
    assert.equal(Object.keys(exports).at(-1), './package.json');
    assert.ok(
      text('packages/embed/src/bsp.ts').includes(
        "  'bsp-example-list': () => import('@bsp/widgets/example-list/define'),\n};",
      ),
    );
  });

  it('has the same files as the windows that are there', () => {
    const of = (folder: string, name: string) =>
      readdirSync(folder)
        .map((file) => file.replace(name, 'NAME'))
        .sort();
    const there = of(join(repository, 'packages/widgets/src/case-list'), 'case-list');
    const made = of(join(root, 'packages/widgets/src/example-list'), 'example-list');
    assert.deepEqual(
      made.filter((file) => !there.includes(file)),
      [],
    );
  });

  it('keeps the rules of the house', () => {
    const names = ['contract', 'core', 'ui', 'widgets'];
    const packages = Object.fromEntries(
      names.map((name) => {
        const manifest = JSON.parse(readFileSync(join(repository, 'packages', name, 'package.json'), 'utf8')) as {
          exports: object;
          dependencies: object;
        };
        return [name, {exports: Object.keys(manifest.exports), dependencies: Object.keys(manifest.dependencies)}];
      }),
    );
    const folder = 'packages/widgets/src/example-list';
    const breaches = readdirSync(join(root, folder)).flatMap((file) =>
      codeBreaches(
        {path: `${folder}/${file}`, text: text(`${folder}/${file}`)},
        {packages, rootDependencies: ['@open-wc/testing'], exists: (path) => existsSync(join(root, path))},
      ),
    );
    assert.deepEqual(breaches, []);
  });

  it('compiles', () => {
    writeFileSync(
      join(root, 'tsconfig.json'),
      JSON.stringify({
        extends: join(repository, 'tsconfig.tests.json'),
        // Over sources, so that no build is needed; one dependency of ours has the same condition for its own.
        compilerOptions: {customConditions: ['source'], allowImportingTsExtensions: true},
        include: ['packages/widgets/src/**/*.ts'],
        references: [],
      }),
    );
    const run = node('node_modules/typescript/bin/tsc', '-p', join(root, 'tsconfig.json'));
    assert.equal(run.status, 0, run.stdout);
  });

  it('passes its own tests', {skip: browser ? false : 'no browser: set CHROMIUM_BIN'}, () => {
    const files = `${relative(repository, root)}/packages/widgets/src/**/*.test.ts`.replaceAll('\\', '/');
    const run = node('node_modules/@web/test-runner/dist/bin.js', '--files', files);
    assert.equal(run.status, 0, `${run.stdout}${run.stderr}`);
    assert.match(run.stdout, /\b9 passed, 0 failed\b/);
  });

  it('refuses a name that is taken, or that is none', () => {
    for (const name of ['example-list', 'Example', 'a--b', '../x', '']) {
      const run = scaffold(name);
      assert.equal(run.status, 1, name);
      assert.notEqual(run.stderr, '');
    }
  });
});
