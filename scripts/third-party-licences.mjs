// The bundles hold other people's code without its comments: their licences come along in a file beside it.
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

/** The folders of the packages that a bundle's modules come from. */
function foreignFolders(bundle) {
  const folders = Object.values(bundle)
    .filter(({type}) => type === 'chunk')
    .flatMap(({modules}) => Object.keys(modules))
    .map((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id.replaceAll('\\', '/').replace('\0', ''))?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

function licenceOf(folder) {
  const {name, version, license} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file)
    throw new Error(`${name} is in the bundles and brings no licence text: find it, or leave the package out.`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
}

const line = `\n${'-'.repeat(80)}\n\n`;

/** A rollup plugin: writes third-party-licences.txt beside the bundles. */
export const thirdPartyLicences = {
  name: 'third-party-licences',
  writeBundle({dir}, bundle) {
    const licences = foreignFolders(bundle).map(licenceOf);
    writeFileSync(
      join(dir, 'third-party-licences.txt'),
      `What these bundles hold besides the BSP widget kit:\n${line}${licences.join(line)}`,
    );
  },
};
