/** What registers an element, by its tag. */
export type Loaders = Readonly<Record<string, () => Promise<unknown>>>;

/** A place in which tags may occur. */
export type Root = Document | ShadowRoot | Element;

/**
 * Makes a function that loads what a root uses, now and whenever tags are added to it later. Each loader runs once; one
 * that fails warns, and runs again when its tag occurs the next time. So does a tag that looks like one of ours and is none.
 *
 * A page's observer does not see into shadow roots: hand those in on their own.
 */
export function autoload(loaders: Loaders): (root: Root) => void {
  const missing = new Map(Object.entries(loaders));
  const observed = new Set<Root>();
  /** Tags that need no warning, or had theirs. */
  const known = new Set(Object.keys(loaders));

  const load = (tag: string): void => {
    const loader = missing.get(tag);
    if (tag.startsWith('bsp-') && !known.has(tag) && !customElements.get(tag)) {
      known.add(tag);
      console.warn(`<${tag}> is not one of the windows.`);
    }
    if (!loader) return;
    missing.delete(tag);
    loader().catch((error: unknown) => {
      missing.set(tag, loader);
      console.warn(`<${tag}> could not be loaded.`, error);
    });
  };
  const look = (root: Root | Node): void => {
    if (missing.size === 0 || !('querySelectorAll' in root)) return;
    if (root instanceof Element) load(root.localName);
    if (missing.size === 0) return;
    for (const element of (root as ParentNode).querySelectorAll(':not(:defined)')) load(element.localName);
  };
  const observer = new MutationObserver((records) => {
    for (const {addedNodes} of records) addedNodes.forEach(look);
  });
  return (root) => {
    look(root);
    if (observed.has(root)) return;
    observed.add(root);
    observer.observe(root, {childList: true, subtree: true});
  };
}
