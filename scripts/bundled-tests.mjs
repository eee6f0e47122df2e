// A plugin of Web Test Runner: serves each test file with all that it imports as one file, instead of in hundreds. What is
// imported late still runs late, but comes without waiting for the network. Stacks name the sources. A source `x.ts` is served
// once more as `x.copy.js` (tests/browser/fixtures/second-copy.ts).
import {relative} from 'node:path';
import {build} from 'esbuild';
import {seededProperties} from './seeded-properties.mjs';

/** Makes the modules whose path contains this ones that can't be had when they are imported late. */
function withoutChunk(part) {
  let isImported = false;
  return {
    name: 'without-chunk',
    setup({onResolve, onEnd}) {
      onResolve({filter: /./}, ({kind, path}) => {
        if (kind !== 'dynamic-import' || !path.includes(part)) return undefined;
        isImported = true;
        return {path: 'data:text/plain,', external: true};
      });
      onEnd(() => (isImported ? undefined : {errors: [{text: `Nothing imports ${part} late.`}]}));
    },
  };
}

/** @param {{root: string, conditions: string[], tsconfig: string, target: string}} options - as the sources are compiled */
export function bundledTests({root, ...options}) {
  let isWatching = false;
  const bundles = new Map();

  /** By path, what a source becomes with all that it imports, and its source map. */
  async function bundle(source, plugins = []) {
    const {outputFiles} = await build({
      ...options,
      plugins: [...plugins, seededProperties],
      absWorkingDir: root,
      entryPoints: [source.slice(1)],
      outbase: root,
      outdir: root,
      // The runner's own, and the large one that few tests ask for, by import.
      external: ['/__web-dev-server__web-socket.js', 'axe-core'],
      define: {require: 'undefined'},
      bundle: true,
      format: 'esm',
      write: false,
      sourcemap: 'linked',
      // A bare import is there to have something loaded, whatever its package says.
      ignoreAnnotations: true,
      logLevel: 'silent',
    });
    return new Map(outputFiles.map(({path, text}) => [`/${relative(root, path).replaceAll('\\', '/')}`, text]));
  }

  return {
    name: 'bundled-tests',
    serverStart({config}) {
      // The watcher has to see which files a test imports.
      isWatching = config.watch === true;
    },
    async serve({path, query}) {
      if (path.endsWith('.copy.js')) {
        const source = path.replace(/\.copy\.js$/, '');
        const outputs = await bundle(`${source}.ts`, query.missing ? [withoutChunk(query.missing)] : []);
        return {body: outputs.get(`${source}.js`), type: 'js'};
      }
      const testFile = /^(?<name>.+\.test)\.(?:ts|js|js\.map)$/.exec(path)?.groups.name;
      if (!testFile || isWatching) return undefined;
      if (!bundles.has(testFile)) bundles.set(testFile, bundle(`${testFile}.ts`));
      const outputs = await bundles.get(testFile);
      // Beside the test file, so that import.meta.url names its folder; under another name, so that nobody compiles it again.
      if (path.endsWith('.ts')) return {body: `import ${JSON.stringify(`${testFile}.js`)};`, type: 'js'};
      return {body: outputs.get(path), type: path.endsWith('.map') ? 'json' : 'js'};
    },
  };
}
