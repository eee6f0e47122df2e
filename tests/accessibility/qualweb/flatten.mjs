/** Writes what stands in shadow roots into the page itself, as it looks, so that a tool can see it; runs in the page. */
export function flatten() {
  let roots = 0;
  const references = ['for', 'aria-labelledby', 'aria-describedby', 'aria-controls', 'popovertarget'];
  const isShown = (element) => element.localName !== 'style' && element.localName !== 'script';

  /** A copy with the styles that it has now; `prefix` keeps the ids of one root apart from those of another. */
  const copyOf = (node, prefix) => {
    if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.data)];
    if (node.nodeType !== Node.ELEMENT_NODE || !isShown(node)) return [];
    if (node.localName === 'slot' && node.assignedNodes().length > 0)
      return node.assignedNodes().flatMap((one) => copyOf(one, ''));
    // A custom element would make its shadow root again.
    const copy =
      node.namespaceURI === 'http://www.w3.org/1999/xhtml' && node.localName.includes('-')
        ? document.createElement('div')
        : node.cloneNode(false);
    const style = getComputedStyle(node);
    for (const name of style) copy.style.setProperty(name, style.getPropertyValue(name));
    copy.removeAttribute('popover');
    if (prefix && copy.id) copy.id = prefix + copy.id;
    for (const name of references)
      if (prefix && copy.hasAttribute(name))
        copy.setAttribute(
          name,
          copy
            .getAttribute(name)
            .split(/\s+/)
            .map((id) => prefix + id)
            .join(' '),
        );
    if (node.shadowRoot) roots += 1;
    const inside = node.shadowRoot ? `root-${roots}-` : prefix;
    copy.append(...[...(node.shadowRoot ?? node).childNodes].flatMap((one) => copyOf(one, inside)));
    return [copy];
  };

  for (const host of [...document.body.querySelectorAll('*')].filter((one) => one.shadowRoot && one.isConnected))
    host.replaceWith(...copyOf(host, ''));
  return roots;
}
