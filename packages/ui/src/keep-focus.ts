/** What gets the focus when the button that had it is gone, as told by the one who takes it away. */
const successors = new WeakMap<Element, () => HTMLElement | null | undefined>();

/** Says where the focus goes when this element has it and goes away. */
export const succeed = (element: Element, successor: () => HTMLElement | null | undefined): void => {
  successors.set(element, successor);
};

const kept = new WeakSet<Node>();

/**
 * The focus never falls out of a window. What has it keeps it as long as it is there. When that goes, the focus goes to what
 * takes its place: what {@link succeed} says, else a button of the same row, else the window's heading, which says whose
 * window it is. Under the veil it waits, and comes back when the veil is lifted. A user who has gone elsewhere stays there.
 */
export function keepFocus(root: HTMLElement | DocumentFragment): void {
  if (kept.has(root)) return;
  kept.add(root);
  let held: {element: HTMLElement; row: HTMLElement | null; panel: Element | null} | undefined;
  let isAway = false;

  const isThere = (element: HTMLElement): boolean =>
    element.isConnected && !element.closest('[inert]') && !element.matches(':disabled');
  const successorOf = ({element, row, panel}: NonNullable<typeof held>): HTMLElement | null | undefined => {
    const heading = root.querySelector<HTMLElement>('#heading');
    // Another person: nothing of the earlier one has a place here.
    if (panel !== root.querySelector('.panel')) return heading;
    if (element.isConnected) return element.closest('form')?.querySelector<HTMLElement>('.primary');
    return successors.get(element)?.() ?? (row?.isConnected ? (row.querySelector('button') ?? row) : heading);
  };

  root.addEventListener('focusin', ({target}) => {
    const element = target as HTMLElement;
    // The veil is no place to come back to, and what the host slotted in is the host's.
    if (element.matches('.veil') || element.getRootNode() !== root) return;
    isAway = false;
    held = {element, row: element.closest<HTMLElement>('li, tr'), panel: element.closest('.panel')};
  });
  root.addEventListener('focusout', () => {
    // Some engines tell of an element that is being removed as if the user had left it.
    setTimeout(() => {
      if (!held || !isThere(held.element)) return;
      if (root instanceof ShadowRoot && root.activeElement !== held.element) held = undefined;
    });
  });
  new MutationObserver((records) => {
    if (!held) return;
    const {element} = held;
    // An engine may take the focus from what is inert only when it next draws.
    const isLost =
      document.activeElement === document.body ||
      (root instanceof ShadowRoot && root.activeElement === element && !isThere(element));
    if (isThere(element)) {
      // What is moved loses the focus, too.
      isAway ||= records.some(({removedNodes: [node]}) => node?.contains(element));
      if (isAway && isLost) element.focus();
      isAway = false;
      return;
    }
    isAway = true;
    if (isLost) give(root.querySelector<HTMLElement>('.veil') ?? successorOf(held));
  }).observe(root, {childList: true, subtree: true, attributeFilter: ['inert', 'disabled']});
}

/** Gives the focus, also to what a user does not reach by Tab. */
function give(element: HTMLElement | null | undefined): void {
  if (element && !element.matches('button')) element.tabIndex = -1;
  element?.focus();
}
