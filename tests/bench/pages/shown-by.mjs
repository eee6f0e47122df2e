// Inside a page: what something says and what it is made of, so that two contenders can be held beside each other.

/** Its text, with spaces as they are seen, and how often each element with a meaning occurs in it. */
export function shownBy(root) {
  const elements = {};
  for (const {localName} of root.querySelectorAll('*')) {
    if (localName === 'slot') continue;
    elements[localName] = (elements[localName] ?? 0) + 1;
  }
  const texts = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) texts.push(walker.currentNode.data);
  const text = texts.join(' ').replace(/\s+/g, ' ').trim();
  const named = [...root.querySelectorAll('[role], [aria-label], [aria-sort], time')].map((element) =>
    ['role', 'aria-label', 'aria-sort', 'scope', 'datetime', 'title'].map((name) => element.getAttribute(name)).join(),
  );
  return {text, elements, named: named.join('\n')};
}
