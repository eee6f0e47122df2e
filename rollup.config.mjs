// Bundles for the browser, over what `tsc -b` emitted: packages/embed/dist/cdn.
import {createHash} from 'node:crypto';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {gzipSync} from 'node:zlib';
import resolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import minifyTemplates from 'rollup-plugin-html-literals';

const root = fileURLToPath(new URL('.', import.meta.url));

/** The windows, by the names of their entry points. */
export const windows = Object.keys(
  JSON.parse(readFileSync(join(root, 'packages/widgets/package.json'), 'utf8')).exports,
)
  .map((entry) => /^\.\/([a-z-]+)\/define$/.exec(entry)?.[1])
  .filter((name) => name !== undefined);

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

const lit = /node_modules\/(lit|@lit|lit-html|lit-element|tslib)\//;

/** Everything that a module loads at once. */
function neededAtOnce(id, getModuleInfo, seen = new Set()) {
  if (seen.has(id) || lit.test(id)) return seen;
  seen.add(id);
  for (const one of getModuleInfo(id)?.importedIds ?? []) neededAtOnce(one, getModuleInfo, seen);
  return seen;
}

/** What the provider needs at once, or more than one window does. */
function isShared(id, getModuleInfo) {
  const users = windows.filter((name) => neededAtOnce(entries[`widgets/${name}/define`], getModuleInfo).has(id));
  return users.length > 1 || neededAtOnce(entries['core/define'], getModuleInfo).has(id);
}

const built = (path) => join(root, 'packages', path);

/** Everything but input and place: `scripts/size.mjs` measures with the same. */
export const bundling = {
  plugins: [
    compactValidation,
    compilerOutput,
    resolve({browser: true, exportConditions: ['production']}),
    minifyTemplates({exclude: ['**/node_modules/**'], failOnError: true}),
    terser({ecma: 2022, module: true, compress: {passes: 2}, format: {comments: false}}),
  ],
  onwarn(warning, warn) {
    if (['UNRESOLVED_IMPORT', 'MISSING_EXPORT'].includes(warning.code)) throw new Error(warning.message);
    warn(warning);
  },
  output: {
    format: 'es',
    sourcemap: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    hoistTransitiveImports: false,
    // One chunk of Lit, one of what all windows share: more and smaller ones compress worse and take more requests.
    manualChunks: (id, {getModuleInfo}) => (lit.test(id) ? 'lit' : isShared(id, getModuleInfo) ? 'kit' : undefined),
  },
};

/** Entry points under the names by which the packages export them. */
export const entries = {
  bsp: built('embed/dist/bsp.js'),
  core: built('core/dist/index.js'),
  'core/define': built('core/dist/define.js'),
  korsbaek: built('korsbaek/dist/index.js'),
  ...Object.fromEntries(
    windows.flatMap((name) => [
      [`widgets/${name}`, built(`widgets/dist/${name}/bsp-${name}.js`)],
      [`widgets/${name}/define`, built(`widgets/dist/${name}/define.js`)],
    ]),
  ),
};

export default {
  ...bundling,
  input: entries,
  plugins: [...bundling.plugins, integrity],
  output: {...bundling.output, dir: built('embed/dist/cdn')},
};
