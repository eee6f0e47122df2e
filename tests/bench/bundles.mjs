// Bundles the contenders as a production build does: minified, without development checks.
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const packages = join(here, '../../packages');

/** Bundles all pages into a folder. The contract's schemas read as in the kit's bundles. */
export async function bundlePages(outdir) {
  const names = readdirSync(join(here, 'pages'))
    .filter((file) => /^[a-z-]+\.page\.mjs$/.test(file))
    .map((file) => file.replace('.page.mjs', ''));
  await build({
    entryPoints: Object.fromEntries(names.map((name) => [name, join(here, 'pages', `${name}.page.mjs`)])),
    outdir,
    bundle: true,
    format: 'esm',
    minify: true,
    target: 'chrome120',
    conditions: ['production'],
    define: {'process.env.NODE_ENV': '"production"'},
    alias: {'zod/mini': join(packages, 'embed/dist/compact-validation.js')},
    loader: {'.css': 'text'},
    logLevel: 'warning',
  });
}
