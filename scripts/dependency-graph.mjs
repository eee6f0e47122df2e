// What needs what, as package-lock.json has it.

/** The place where a package at `from` finds a dependency, as Node looks for it. */
function placeOf(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const place = folder.endsWith('node_modules') ? undefined : `${folder && `${folder}/`}node_modules/${name}`;
    if (place && packages[place]) return packages[place].link ? packages[place].resolved : place;
    if (!folder) return undefined;
  }
}

/**
 * Everything that some packages need, themselves included.
 *
 * @param packages - of the lock.
 * @param starts - places in it, e.g. `packages/core`.
 * @param kinds - which dependencies are followed.
 * @returns by place, the chain of places that leads there.
 */
export function neededBy(packages, starts, kinds = ['dependencies', 'optionalDependencies']) {
  const chains = new Map(starts.map((start) => [start, [start]]));
  for (const [place, chain] of chains)
    for (const name of kinds.flatMap((kind) => Object.keys(packages[place][kind] ?? {}))) {
      const found = placeOf(packages, place, name);
      if (found && !chains.has(found)) chains.set(found, [...chain, found]);
    }
  return chains;
}

/** `@scope/name` of a place in the lock. */
export const nameAt = (packages, place) => packages[place].name ?? place.slice(place.lastIndexOf('node_modules/') + 13);
