// npm run sbom: a software bill of materials of every published package (CycloneDX 1.6) in var/sbom.
import {mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {homedir, tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {nameAt, neededBy} from './dependency-graph.mjs';
import {ensureInstalled, fail, root, run} from './setup.mjs';

const folder = join(root, 'var', 'sbom');
const {packages} = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const cyclonedx = fileURLToPath(new URL('bin/cyclonedx-npm-cli.js', import.meta.resolve('@cyclonedx/cyclonedx-npm')));

/** The tool takes the workspace for the subject; it is the package, and the workspace has no part in it. */
function aboutPackage(bom, name) {
  const ref = bom.metadata.component['bom-ref'];
  const subject = bom.components.find((one) => [one.group, one.name].filter(Boolean).join('/') === name);
  const text = JSON.stringify({
    ...bom,
    metadata: {...bom.metadata, component: subject},
    components: bom.components.filter((one) => one !== subject),
    dependencies: bom.dependencies.filter((one) => one.ref !== ref),
  });
  return JSON.parse(text.replaceAll(`"${ref}|`, '"'));
}

/** What a bill must not lack, and must not tell. */
function faultsOf(bom, place) {
  const faults = [];
  const wanted = [...neededBy(packages, [place]).keys()]
    .slice(1)
    .map((one) => `${nameAt(packages, one)}@${packages[one].version}`);
  const listed = bom.components.map(({group, name, version}) => `${group ? `${group}/` : ''}${name}@${version}`);
  for (const one of wanted) if (!listed.includes(one)) faults.push(`lacks ${one}`);
  for (const one of listed) if (!wanted.includes(one)) faults.push(`lists ${one}, which it does not need`);
  for (const {name, licenses, purl} of bom.components) {
    if (!licenses?.length) faults.push(`has no licence of ${name}`);
    if (!purl) faults.push(`has no package URL of ${name}`);
  }
  const refs = new Set([bom.metadata.component, ...bom.components].map((one) => one['bom-ref']));
  for (const {ref, dependsOn = []} of bom.dependencies)
    for (const one of [ref, ...dependsOn])
      if (!refs.has(one)) faults.push(`refers to ${one}, which it does not describe`);
  const text = JSON.stringify(bom);
  for (const path of [root, homedir(), tmpdir()])
    if (path.length > 1 && text.includes(path)) faults.push(`names ${path}`);
  if (/"file:|vcs\+file:/.test(text)) faults.push('names a file of this machine');
  return faults;
}

ensureInstalled();
rmSync(folder, {recursive: true, force: true});
mkdirSync(folder, {recursive: true});
const faults = readdirSync(join(root, 'packages')).flatMap((name) => {
  const file = join(folder, `bsp-${name}.cdx.json`);
  run(`Listing what @bsp/${name} needs (cyclonedx-npm)`, process.execPath, [
    cyclonedx,
    ...['--workspace', `@bsp/${name}`, '--omit', 'dev', '--omit', 'peer', '--mc-type', 'library'],
    ...['--flatten-components', '--output-reproducible', '--validate', '--output-file', file],
  ]);
  const bom = aboutPackage(JSON.parse(readFileSync(file, 'utf8')), `@bsp/${name}`);
  writeFileSync(file, `${JSON.stringify(bom, null, 2)}\n`);
  console.log(`  ${bom.components.length} components`);
  return faultsOf(bom, `packages/${name}`).map((fault) => `@bsp/${name}: ${fault}`);
});
if (faults.length > 0) fail(faults.join('\n'));
