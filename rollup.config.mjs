// Bundles for the browser, over what `tsc -b` emitted: packages/embed/dist/cdn.
import {createHash} from 'node:crypto';
import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {gzipSync} from 'node:zlib';
import resolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import {rollup} from 'rollup';
import minifyTemplates from 'rollup-plugin-html-literals';
import {minify} from 'vite';
import {leanLit} from './scripts/lean-lit.mjs';
import {thirdPartyLicences} from './scripts/third-party-licences.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));

/** How modules of English texts end. */
const english = '.strings.en.js';

/** The windows, by the names of their entry points. */
export const windows = Object.keys(
  JSON.parse(readFileSync(join(root, 'packages/widgets/package.json'), 'utf8')).exports,
)
  .map((entry) => /^\.\/([a-z-]+)\/define$/.exec(entry)?.[1])
  .filter((name) => name !== undefined);

/** Windows that few pages have: what they load later, English too, lies in files of their own, which others never load. */
const rareWindows = /\/widgets\/dist\/(case-list\/)?(hop|search)\//;
/** Files of modules that only rare windows share, by what their paths hold. */
const rareFiles = [
  [/\/widgets\/dist\/(case-list\/)?hop\//, 'hop'],
  [/\/widgets\/dist\/search\//, 'search'],
  [/\/contract\/dist\/search\.js$/, 'search-term'],
];

/**
 * Takes in the compiler's source maps, so that the bundles' maps point at TypeScript. Making a schema has no effect, so one
 * that nobody uses may go.
 */
const compilerOutput = {
  name: 'compiler-output',
  load(id) {
    if (!id.includes('/packages/') || !existsSync(`${id}.map`)) return null;
    return {
      code: readFileSync(id, 'utf8')
        .replace(/\/\/# sourceMappingURL=.*\s*$/, '')
        .replace(/(?<![\w.])z\.(?=[\w.]+\()/g, '/*@__PURE__*/ z.'),
      map: JSON.parse(readFileSync(`${id}.map`, 'utf8')),
    };
  },
};

/**
 * Puts the contract's own reader of schemas in the place of zod/mini: it costs 1 kB where zod costs 8. What it lacks stops
 * the build, and tests/node/compact-validation.test.ts holds the two together.
 */
const compactValidation = {
  name: 'compact-validation',
  resolveId: (id) => (id === 'zod/mini' ? join(root, 'packages/embed/dist/compact-validation.js') : null),
};

/**
 * Leaves out the keys of English texts: they are the Danish ones', in the same order, and `stringsOf` puts them back. A table
 * in another order stops the build.
 */
const englishByPlace = {
  name: 'english-by-place',
  async transform(code, id) {
    if (!id.endsWith(english)) return null;
    const [englishTable] = Object.values(await import(id));
    const {da} = Object.values(await import(id.replace(english, '.strings.js'))).find((one) => 'da' in one);
    if (Object.keys(englishTable).join() !== Object.keys(da).join())
      this.error(`${id}: the texts must stand in the order of the Danish ones.`);
    const table = this.parse(code)
      .body.flatMap(({declaration}) => declaration?.declarations ?? [])
      .find(({init}) => init?.type === 'ObjectExpression').init;
    const values = table.properties.map(({value}) => code.slice(value.start, value.end));
    return {code: `${code.slice(0, table.start)}[${values.join()}]${code.slice(table.end)}`, map: null};
  },
};

/** The windows' modules whose names end like this. */
const modulesOf = (end) =>
  ['core', 'ui', 'widgets'].flatMap((name) => {
    const folder = join(root, 'packages', name, 'dist');
    return readdirSync(folder, {recursive: true, encoding: 'utf8'})
      .filter((file) => file.endsWith(end))
      .sort()
      .map((file) => join(folder, file));
  });

/** The windows' own custom properties, and which of them there are. */
const ownProperty = /--_[a-z][a-z-]*/g;
let ownNames = [];

/** The module of all English texts. */
const allEnglish = '\0all-english';

/**
 * Has every table of texts find its English in one module, which is one file anyway (see `laterFiles`): a module for each
 * needs an object, an export and a look-up of its own. What nobody asks for goes.
 */
const englishTogether = {
  name: 'english-together',
  resolveId: (id) => (id === allEnglish ? id : null),
  load(id) {
    if (id !== allEnglish) return null;
    return modulesOf(english)
      .filter((path) => !rareWindows.test(path))
      .map((path) => `export * from ${JSON.stringify(path)};`)
      .join('\n');
  },
  transform(code, id) {
    if (!id.endsWith('.strings.js') || rareWindows.test(id)) return null;
    return {
      code: code.replace(
        /async \(\) => \(await import\('[^']+\.strings\.en\.js'\)\)\.(\w+)/,
        `() => import(${JSON.stringify(allEnglish)}).then(({$1}) => $1)`,
      ),
      map: null,
    };
  },
};

/**
 * Shortens the windows' own custom properties (`--_surface`), which nobody may use outside, and takes out the blanks that the
 * minifier of style sheets leaves: after commas, and around `*`.
 */
const leanStyles = {
  name: 'lean-styles',
  buildStart() {
    const names = modulesOf('.styles.js').flatMap((path) => readFileSync(path, 'utf8').match(ownProperty) ?? []);
    ownNames = [...new Set(names)].sort();
  },
  transform(code, id) {
    if (!id.includes('/packages/')) return null;
    const shortened = code
      .replace(/\bcss ?`[^`]*`/g, (sheet) => sheet.replace(/, (?=[\w#.(-])/g, ',').replaceAll(' * ', '*'))
      .replace(ownProperty, (name) => (ownNames.includes(name) ? `--_${ownNames.indexOf(name).toString(36)}` : name));
    return {code: shortened, map: null};
  },
};

/** Writes integrity.json: subresource integrity, sizes and static imports of every file. */
const integrity = {
  name: 'integrity',
  writeBundle({dir}, bundle) {
    const files = Object.values(bundle)
      .filter(({type}) => type === 'chunk')
      .sort((a, b) => (a.fileName < b.fileName ? -1 : 1))
      .map(({fileName, imports}) => {
        const bytes = readFileSync(join(dir, fileName));
        const digest = createHash('sha384').update(bytes).digest('base64');
        return [
          fileName,
          {integrity: `sha384-${digest}`, bytes: bytes.length, gzip: gzipSync(bytes, {level: 9}).length, imports},
        ];
      });
    writeFileSync(join(dir, 'integrity.json'), `${JSON.stringify(Object.fromEntries(files), null, 2)}\n`);
  },
};

const built = (path) => join(root, 'packages', path);

const plugins = [
  compactValidation,
  compilerOutput,
  englishByPlace,
  englishTogether,
  leanLit,
  resolve({browser: true, exportConditions: ['production']}),
  minifyTemplates({exclude: ['**/node_modules/**'], failOnError: true}),
  leanStyles,
];

/** Names and prints what terser has left: better than terser, which in turn knows better what can go. */
const oxc = {
  name: 'oxc',
  async renderChunk(code, {fileName}) {
    const options = {module: true, compress: {target: 'es2022'}, sourcemap: true};
    const {code: minified, map, errors} = await minify(fileName, code, options);
    if (errors.length > 0) throw new Error(`${fileName}: ${errors[0].message}`);
    return {code: minified, map};
  },
};
const minifiers = [
  terser({
    ecma: 2022,
    module: true,
    // No getter of the windows is read for what it does.
    compress: {passes: 3, inline: 1, keep_fargs: false, pure_getters: true, sequences: false},
    mangle: false,
    format: {comments: false},
  }),
  oxc,
];

function onwarn(warning, warn) {
  if (['UNRESOLVED_IMPORT', 'MISSING_EXPORT'].includes(warning.code)) throw new Error(warning.message);
  warn(warning);
}

/**
 * What loads after first rows is one file, and English another: many small ones compress badly (71 kB for 60 with everything),
 * and take a request each.
 */
const laterFiles = {
  later: ({facadeModuleId}) => facadeModuleId !== allEnglish && !rareWindows.test(facadeModuleId),
  english: ({facadeModuleId}) => facadeModuleId === allEnglish,
};

/** The file of what an entry point loads at once, unless others load it too. */
function ownFile(entry) {
  const window = /^widgets\/([a-z-]+)(\/define)?$/.exec(entry)?.[1];
  return window ?? {'core/define': 'kit', bsp: 'core'}[entry] ?? entry;
}

/**
 * Says for each module which file it goes into. `kit` holds what several entry points need at once, so that no page loads it
 * twice; and what one of them needs at once and others later, so that these do not load that one. Which modules these are is
 * only known after tree shaking, so this bundles once to look.
 */
async function filesByModule(input, inputPlugins) {
  const looked = await rollup({input, plugins: inputPlugins, onwarn});
  const {output} = await looked.generate({format: 'es', preserveModules: true});
  await looked.close();
  const modules = new Map(output.map((module) => [module.fileName, module]));
  /** These modules, and all that they load at once. */
  const neededBy = (starts) => {
    const seen = new Set();
    const visit = (module) => {
      if (!module || seen.has(module.facadeModuleId)) return;
      seen.add(module.facadeModuleId);
      for (const fileName of module.imports) visit(modules.get(fileName));
    };
    starts.forEach(visit);
    return seen;
  };
  const files = new Map();
  const later = output.filter(({isDynamicEntry, isEntry}) => isDynamicEntry && !isEntry);
  for (const [file, holds] of Object.entries(laterFiles))
    for (const id of neededBy(later.filter(holds))) files.set(id, file);
  const names = Object.keys(input);
  const users = new Map();
  for (const entry of output.filter(({isEntry}) => isEntry)) {
    const file = ownFile(names.find((name) => input[name] === entry.facadeModuleId) ?? names[0]);
    for (const id of neededBy([entry])) users.set(id, (users.get(id) ?? new Set()).add(file));
  }
  for (const [id, [file, another]] of users)
    files.set(
      id,
      names.length > 1 && (another || files.has(id)) ? (rareFiles.find(([path]) => path.test(id))?.[1] ?? 'kit') : file,
    );
  // What has an effect when it is loaded must not come along with anything else.
  for (const name of names) if (/(^|\/)(define|bsp)$/.test(name)) files.set(input[name], name);
  return files;
}

/** What rollup is to do with these entry points, all but where to write: `scripts/size.mjs` measures with the same. */
export async function bundlingOf(input, morePlugins = []) {
  const inputPlugins = [...morePlugins, ...plugins];
  const files = await filesByModule(input, inputPlugins);
  return {
    input,
    plugins: [...inputPlugins, ...minifiers],
    onwarn,
    output: {
      format: 'es',
      generatedCode: {preset: 'es2015', symbols: false},
      freeze: false,
      sourcemap: true,
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].js',
      hoistTransitiveImports: false,
      manualChunks: (id) => files.get(id),
    },
  };
}

/** Entry points under the names by which the packages export them. */
export const entries = {
  bsp: built('embed/dist/bsp.js'),
  core: built('core/dist/index.js'),
  'core/define': built('core/dist/define.js'),
  'core/screen-sharing': built('core/dist/screen-sharing.js'),
  korsbaek: built('korsbaek/dist/index.js'),
  ...Object.fromEntries(
    windows.flatMap((name) => [
      [`widgets/${name}`, built(`widgets/dist/${name}/bsp-${name}.js`)],
      [`widgets/${name}/define`, built(`widgets/dist/${name}/define.js`)],
    ]),
  ),
  'widgets/case-list/hop': built('widgets/dist/case-list/hop/define.js'),
  'widgets/case-list/windowed': built('widgets/dist/case-list/windowed/define.js'),
};

export default async function config() {
  const {plugins: all, output, ...rest} = await bundlingOf(entries);
  return {...rest, plugins: [...all, integrity, thirdPartyLicences], output: {...output, dir: built('embed/dist/cdn')}};
}
