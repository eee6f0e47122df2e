/** Version of the kit: the same in every package. */
export const kitVersion = '0.1.0';

/** A custom element's class that says which version of the kit it is of. */
export interface VersionedElement extends CustomElementConstructor {
  readonly version: string;
}

/**
 * Registers an element unless its tag is taken. The same version twice is silent; another version is a warning, and the
 * first one stands.
 *
 * @param tagName - the tag under the kit's own prefix, e.g. `bsp-case-list`.
 * @param options - `prefix` replaces `bsp`; `registry` is another registry than the page's.
 */
export function define(
  tagName: `bsp-${string}`,
  elementClass: VersionedElement,
  {prefix = 'bsp', registry = customElements}: {prefix?: string; registry?: CustomElementRegistry} = {},
): void {
  const name = tagName.replace(/^bsp/, prefix);
  const existing = registry.get(name) as VersionedElement | undefined;
  if (existing) {
    if (existing.version !== elementClass.version)
      console.warn(
        `<${name}> is already registered as version ${existing.version}; version ${elementClass.version} was left out.`,
      );
    return;
  }
  try {
    // A class may stand in a registry once only.
    registry.define(name, registry.getName?.(elementClass) ? class extends elementClass {} : elementClass);
  } catch (thrown) {
    console.warn(`<${name}> could not be registered.`, thrown);
  }
}
