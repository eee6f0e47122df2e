// What we ask of every dependency: an exact version, and a licence that we may pass on, or at least work with.
import {nameAt, neededBy} from './dependency-graph.mjs';

/** What may be in what we publish, or come with it: no duty but to keep notices. */
const passedOn = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'OFL-1.1',
  'Unlicense',
];
/** What may besides be among our tools, which nobody gets from us. */
const workedWith = [...passedOn, 'CC-BY-3.0', 'CC-BY-4.0', 'MPL-2.0', 'Python-2.0', 'Zlib'];

/** Packages that say their licence elsewhere than in their package.json. Their text was read. */
const readByHand = {
  'css-value@0.0.1': 'MIT',
  'only@0.0.2': 'MIT',
  'spawndamnit@3.0.1': 'MIT',
  'trim@0.0.1': 'MIT',
};

/** Whether an SPDX expression leaves a choice that is on the list. Nested ones are for somebody to read. */
function isAllowed(expression, list) {
  const inner = expression.replace(/^\((.*)\)$/, '$1');
  if (/[()]/.test(inner)) return false;
  if (inner.includes(' OR ')) return inner.split(' OR ').some((one) => isAllowed(one, list));
  if (inner.includes(' AND ')) return inner.split(' AND ').every((one) => isAllowed(one, list));
  return list.includes(inner);
}

/**
 * Licences that are not on the list, and who needs the package.
 *
 * @param packages - of the lock.
 */
export function licenceFaults(packages) {
  const published = Object.keys(packages).filter((place) => /^packages\/[^/]+$/.test(place));
  const passed = neededBy(packages, published);
  const every = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
  const known = neededBy(packages, ['', ...published], every);
  return Object.entries(packages).flatMap(([place, {version, license, link}]) => {
    if (link || !place.includes('node_modules/')) return [];
    const name = nameAt(packages, place);
    const licence = readByHand[`${name}@${version}`] ?? license ?? 'none';
    if (isAllowed(licence, passed.has(place) ? passedOn : workedWith)) return [];
    const chain = passed.get(place) ?? known.get(place) ?? [place];
    const names = chain.map((one) => (one === '' ? 'the workspace' : nameAt(packages, one)));
    return [`${name} ${version} has the licence ${licence}; needed by ${names.join(' → ')}`];
  });
}

/** Versions that are not exact. Peer dependencies are ranges by nature: they say what a vendor may have. */
export const pinFaults = (manifest) =>
  ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) =>
    Object.entries(manifest[kind] ?? {})
      .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      .map(([name, version]) => `${name} is “${version}”, which is no exact version`),
  );
