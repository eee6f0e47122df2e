// What every package that is published must keep. `npm run check:packages` holds the tarballs against it.
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {root} from './setup.mjs';

const rootManifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** What a published package.json must say. */
function manifestFaults(manifest, siblings) {
  const faults = [];
  const must = (holds, text) => holds || faults.push(text);
  for (const field of ['description', 'keywords', 'license', 'engines', 'exports', 'files', 'publishConfig'])
    must(manifest[field], `package.json has no ${field}`);
  must(manifest.type === 'module', 'package.json is not of type module');
  must(manifest.license === rootManifest.license, `its licence is ${manifest.license}`);
  must(manifest.engines?.node === rootManifest.engines.node, `engines.node is not ${rootManifest.engines.node}`);
  must(manifest.publishConfig?.access === 'public', 'publishConfig.access is not public');
  must(manifest.sideEffects !== undefined, 'package.json does not say which files have side effects');
  must(!manifest.scripts, 'package.json brings scripts');
  must(!manifest.private, 'package.json is private');
  for (const [name, version] of Object.entries(manifest.dependencies ?? {})) {
    must(/^\d+\.\d+\.\d+$/.test(version), `${name} is not pinned: ${version}`);
    if (name.startsWith('@bsp/')) must(siblings[name] === version, `needs ${name} ${version}, not ${siblings[name]}`);
  }
  return faults;
}

/** Exports and other fields of package.json that name files; a pattern must match something. */
function missingFiles(manifest, files) {
  const targets = [
    ...Object.values(manifest.exports).flatMap((to) => (typeof to === 'string' ? [to] : Object.values(to))),
    ...['customElements', 'web-types', 'unpkg', 'jsdelivr'].map((field) => manifest[field]),
    ...Object.values(manifest.bin ?? {}),
  ].filter((target) => target !== undefined);
  const isThere = (target) => {
    const [before, after] = target.slice('./'.length).split('*');
    return files.some((file) =>
      after === undefined ? file === before : file.startsWith(before) && file.endsWith(after),
    );
  };
  return targets.filter((target) => !isThere(target)).map((target) => `${target} is not in the tarball`);
}

/** Conditions that resolve to something else outside this workspace. */
const foreignConditions = ({exports}) =>
  Object.entries(exports).flatMap(([entry, to]) =>
    Object.keys(typeof to === 'string' ? {} : to)
      .filter((condition) => !['types', 'default'].includes(condition))
      .map((condition) => `exports["${entry}"] has the condition ${condition}`),
  );

/** A file with a side effect that a bundler may drop, because `sideEffects` does not list it. */
function unlistedSideEffects({sideEffects}, folder, files) {
  const listed = (file) =>
    Array.isArray(sideEffects) &&
    sideEffects.some((pattern) =>
      pattern.startsWith('**/')
        ? file.endsWith(pattern.slice(2))
        : pattern.endsWith('/**') && `./${file}`.startsWith(pattern.slice(0, -2)),
    );
  return files
    .filter((file) => /\.(js|ts)$/.test(file) && !file.endsWith('.d.ts') && !listed(file))
    .filter((file) => /^(define|discover)\(|^customElements\.define\(/m.test(readFileSync(join(folder, file), 'utf8')))
    .map((file) => `${file} registers an element, and is not among the sideEffects`);
}

/** What must not leave the house: tests, leavings of older builds, and where it was built. */
function strayFiles(folder, files) {
  const faults = [];
  for (const file of files) {
    if (/\.test\.|tsbuildinfo|node_modules|\.env/.test(file)) faults.push(`${file} does not belong into a package`);
    const compiled = /^dist\/(?!cdn\/|types\/|editors\/)(.+)\.js$/.exec(file);
    if (compiled && !files.includes(`src/${compiled[1]}.ts`))
      faults.push(`${file} is left from an older build: remove packages/*/dist and build again`);
    if (readFileSync(join(folder, file)).includes(root)) faults.push(`${file} names the folder that it was built in`);
  }
  for (const file of ['LICENSE', 'README.md', 'package.json'])
    if (!files.includes(file)) faults.push(`it has no ${file}`);
  return faults;
}

/** The manifest of custom elements names modules that are there, and each element with the module that registers it. */
function elementFaults({customElements}, folder, files) {
  if (!customElements) return [];
  const {modules} = JSON.parse(readFileSync(join(folder, customElements), 'utf8'));
  const tags = modules.flatMap(({declarations}) => declarations.map(({tagName}) => tagName).filter(Boolean));
  const defined = modules.flatMap(({exports}) =>
    exports.filter(({kind}) => kind === 'custom-element-definition').map(({name}) => name),
  );
  return [
    ...modules
      .filter(({path}) => !files.includes(path))
      .map(({path}) => `${customElements} names ${path}, which is missing`),
    ...tags
      .filter((tag) => !defined.includes(tag))
      .map((tag) => `${customElements} does not say what registers ${tag}`),
    ...(tags.length > 0 ? [] : [`${customElements} describes no element`]),
  ];
}

/** An element tells another copy of the kit on the page which version it is of. */
function versionFaults({name, version}, folder) {
  if (name !== '@bsp/core') return [];
  const code = readFileSync(join(folder, 'dist/define-element.js'), 'utf8');
  return code.includes(`kitVersion = '${version}'`)
    ? []
    : [`kitVersion is not ${version}: npm run version writes both`];
}

/** The files of an unpacked package, by their paths in it. */
const filesIn = (folder) =>
  readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    );

/**
 * What is wrong with a package.
 *
 * @param folder - where it is unpacked.
 * @param siblings - versions of the packages that are published with it, by name.
 */
export function packageFaults(folder, siblings) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = filesIn(folder);
  return [
    ...manifestFaults(manifest, siblings),
    ...foreignConditions(manifest),
    ...missingFiles(manifest, files),
    ...unlistedSideEffects(manifest, folder, files),
    ...strayFiles(folder, files),
    ...elementFaults(manifest, folder, files),
    ...versionFaults(manifest, folder),
  ];
}
