// npm run pack: makes what is published of every package, as tarballs in var/packages. Nothing is sent anywhere.
import {spawnSync} from 'node:child_process';
import {copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {writeElementDescriptions} from './element-descriptions.mjs';
import {checkNode, ensureBuilt, ensureInstalled, fail, root} from './setup.mjs';

/** Where the tarballs are. */
export const tarballs = join(root, 'var', 'packages');

/** The folders of the packages that are published. */
export const packageFolders = readdirSync(join(root, 'packages'), {withFileTypes: true})
  .filter((entry) => entry.isDirectory())
  .map(({name}) => join(root, 'packages', name))
  .sort();

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/**
 * A package's own package.json without what only the workspace needs: the export condition `source`, which would lead
 * another workspace's tools to our TypeScript; scripts; and `private`, which keeps npm from publishing the folder in place
 * of the tarball. Where the code lies is said once, in the root.
 */
function publishedManifest(folder) {
  const {
    private: _private,
    scripts: _scripts,
    devDependencies: _tools,
    ...manifest
  } = readJson(join(folder, 'package.json'));
  const {repository} = readJson(join(root, 'package.json'));
  const target = ({source: _source, ...conditions}) => conditions;
  return {
    ...manifest,
    ...(repository && {repository: {...repository, directory: `packages/${basename(folder)}`}}),
    exports: Object.fromEntries(
      Object.entries(manifest.exports).map(([entry, to]) => [entry, typeof to === 'string' ? to : target(to)]),
    ),
  };
}

/** Packs a copy, so that the workspace stays as it is. */
function pack(folder, staging) {
  const copy = join(staging, basename(folder));
  const isOurs = (path) => basename(path) !== 'node_modules';
  cpSync(folder, copy, {recursive: true, filter: isOurs});
  copyFileSync(join(root, 'LICENSE'), join(copy, 'LICENSE'));
  const manifest = publishedManifest(folder);
  writeFileSync(join(copy, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const npm = spawnSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', tarballs], {
    cwd: copy,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) fail(`npm pack of ${manifest.name} failed:\n${npm.stderr}`);
  const [{filename, size, entryCount}] = JSON.parse(npm.stdout);
  return {name: manifest.name, tarball: join(tarballs, filename), size, entryCount, manifest};
}

/** Builds where needed and packs every package anew. */
export function packAll() {
  checkNode();
  ensureInstalled();
  ensureBuilt();
  writeElementDescriptions();
  rmSync(tarballs, {recursive: true, force: true});
  mkdirSync(tarballs, {recursive: true});
  const staging = mkdtempSync(join(tmpdir(), 'bsp-pack-'));
  try {
    return packageFolders.map((folder) => pack(folder, staging));
  } finally {
    rmSync(staging, {recursive: true, force: true});
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  for (const {name, tarball, size, entryCount} of packAll())
    console.log(
      `  ${name.padEnd(14)} ${`${(size / 1000).toFixed(0)} kB`.padStart(8)}, ${entryCount} files  ${basename(tarball)}`,
    );
