// npm run new:window NAME: a new window with all its files (scripts/window-template), its entry points and its place in
// the autoloader. What it shows at first is the journal's headings: make it your own from there.
import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';

const repository = fileURLToPath(new URL('..', import.meta.url));
const template = join(repository, 'scripts', 'window-template');
const {values, positionals} = parseArgs({allowPositionals: true, options: {root: {type: 'string'}}});
const [name] = positionals;
/** Where `packages` lies: another place than the repository only in a test. */
const root = values.root ?? repository;

const fail = (message) => {
  console.error(message);
  process.exit(1);
};
if (positionals.length !== 1 || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
  fail('Usage: npm run new:window NAME, where NAME is small letters, digits and hyphens, e.g. case-list.');
const folder = join(root, 'packages', 'widgets', 'src', name);
if (existsSync(folder)) fail(`There is a window ${name} already.`);

const upperFirst = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const pascal = name.split('-').map(upperFirst).join('');
const words = {
  NAME: name,
  PASCAL: pascal,
  CAMEL: pascal.charAt(0).toLowerCase() + pascal.slice(1),
  TITLE: upperFirst(name.replaceAll('-', ' ')),
};
const filled = (text) => text.replace(/__(NAME|PASCAL|CAMEL|TITLE)__/g, (_, key) => words[key]);

/** Line lengths depend on the name, so the formatter has the last word. */
function formatted(text, path) {
  const biome = join(repository, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const run = spawnSync(process.execPath, [biome, 'check', '--write', `--stdin-file-path=${path}`], {
    cwd: repository,
    input: text,
    encoding: 'utf8',
  });
  return run.status === 0 && run.stdout ? run.stdout : text;
}

mkdirSync(folder, {recursive: true});
for (const file of readdirSync(template)) {
  const path = filled(file).replace(/\.template$/, '');
  const text = filled(readFileSync(join(template, file), 'utf8'));
  writeFileSync(join(folder, path), formatted(text, `packages/widgets/src/${name}/${path}`));
}

const manifestFile = join(root, 'packages', 'widgets', 'package.json');
const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
const {'./custom-elements.json': elements, './package.json': itself, ...others} = manifest.exports;
const entry = (file) => ({
  types: `./dist/${name}/${file}.d.ts`,
  source: `./src/${name}/${file}.ts`,
  default: `./dist/${name}/${file}.js`,
});
manifest.exports = {
  ...others,
  [`./${name}`]: entry(`bsp-${name}`),
  [`./${name}/define`]: entry('define'),
  './custom-elements.json': elements,
  './package.json': itself,
};
writeFileSync(manifestFile, `${JSON.stringify(manifest, null, 2)}\n`);

const loaderFile = join(root, 'packages', 'embed', 'src', 'bsp.ts');
const loader = readFileSync(loaderFile, 'utf8');
const table = /(const windows = \{\n)([\s\S]*?)(\};)/;
if (!table.test(loader)) fail(`The table of windows in ${loaderFile} was not found: add bsp-${name} there.`);
writeFileSync(
  loaderFile,
  loader.replace(
    table,
    (_, begin, lines, end) => `${begin}${lines}  'bsp-${name}': () => import('@bsp/widgets/${name}/define'),\n${end}`,
  ),
);

console.log(`packages/widgets/src/${name} is there. Next:
  npx tsc -b && npx wtr --files 'packages/widgets/src/${name}/*.test.ts'
  then: the resource and the texts are the journal's; replace them, and npm run size -- --update.`);
