// What is wrong with how a page is laid out; runs in the page.

/** One line for each fault of what the windows show: it sticks out, is cut off, or lies on other text. */
export function layoutFaults() {
  const faults = [];
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth) faults.push(`the page scrolls sideways: ${root.scrollWidth} px in ${innerWidth}`);

  const nameOf = (element) =>
    [element.localName, element.id && `#${element.id}`, ...[...element.classList].map((name) => `.${name}`)].join('');
  const isSeen = (element) =>
    element.checkVisibility({visibilityProperty: true, opacityProperty: true, contentVisibilityAuto: true}) &&
    !element.closest('.unseen, option');
  const ancestors = (element) => {
    const found = [];
    for (let one = element; one; one = one.parentElement ?? one.getRootNode().host) found.push(one);
    return found;
  };
  const scrolls = (element) => /auto|scroll/.test(getComputedStyle(element).overflowX);
  /** What lies on top of the page covers what is below. */
  const layerOf = (element) => element.closest('dialog, [popover]');
  const elements = [];
  const collect = (node) => {
    for (const element of node.querySelectorAll('*')) {
      if (isSeen(element)) elements.push(element);
      if (element.shadowRoot) collect(element.shadowRoot);
    }
  };
  collect(document.body);

  for (const element of elements) {
    const {left, right, width} = element.getBoundingClientRect();
    if (width > 0 && (left < -1 || right > innerWidth + 1) && !ancestors(element.parentElement).some(scrolls))
      faults.push(`${nameOf(element)} sticks out: ${Math.round(left)} to ${Math.round(right)} of ${innerWidth}`);
    const {overflowX, overflowY} = getComputedStyle(element);
    // A folded text has a button that shows all of it; a text area scrolls.
    if (element.matches('.folded, textarea, input, select, svg, svg *')) continue;
    if (/hidden|clip/.test(overflowX) && element.scrollWidth > element.clientWidth + 1)
      faults.push(`${nameOf(element)} cuts off its right: ${element.scrollWidth} in ${element.clientWidth}`);
    if (/hidden|clip/.test(overflowY) && element.scrollHeight > element.clientHeight + 1)
      faults.push(`${nameOf(element)} cuts off its end: ${element.scrollHeight} in ${element.clientHeight}`);
  }

  /** Where rows that scroll by themselves are seen: below their headings. */
  const sightOf = (element) => {
    const scroller = element.closest('.rows');
    if (!scroller || element.closest('thead')) return undefined;
    const {bottom} = scroller.getBoundingClientRect();
    return {top: scroller.querySelector('thead').getBoundingClientRect().bottom, bottom};
  };

  const lines = [];
  for (const element of elements)
    for (const node of element.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE || !node.data.trim()) continue;
      // The last line of a folded text is there twice: with its dots, and whole.
      const folded = element.closest('.folded');
      const fold = folded?.getBoundingClientRect();
      const sight = sightOf(element);
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects())
        if (
          box.width > 2 &&
          !(fold && box.bottom > fold.bottom + 1) &&
          !(sight && (box.top < sight.top || box.bottom > sight.bottom))
        )
          lines.push({box, layer: layerOf(element), text: node.data.trim().slice(0, 30), folded});
    }
  // Letters reach less far than their line: two lines that touch are no fault.
  const slack = 3;
  lines.sort((one, other) => one.box.top - other.box.top);
  for (const [index, one] of lines.entries())
    for (let next = index + 1; next < lines.length; next++) {
      const other = lines[next];
      if (other.box.top > one.box.bottom - slack) break;
      if (other.layer !== one.layer || (one.folded && one.folded === other.folded)) continue;
      if (one.box.right - slack > other.box.left && other.box.right - slack > one.box.left)
        faults.push(`“${one.text}” lies on “${other.text}”`);
    }

  // A point between two parts of a line that ends its line: what comes after it has gone to the next.
  const startOf = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()].find(({width}) => width > 0);
  };
  for (const element of elements) {
    const ends = element.getClientRects();
    const next = element.nextElementSibling && startOf(element.nextElementSibling);
    if (getComputedStyle(element, '::after').content.includes('·') && !(next?.top < ends[ends.length - 1]?.bottom))
      faults.push(`a point dangles after ${nameOf(element)}`);
    for (const node of element.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE || !node.data.trim()) continue;
      for (const {index} of node.data.matchAll(/·/g)) {
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + 1);
        const point = range.getBoundingClientRect();
        const rest = node.data.slice(index + 1).search(/\S/);
        let after = node.nextSibling;
        while (rest < 0 && after && !startOf(after)) after = after.nextSibling;
        if (rest >= 0) {
          range.setStart(node, index + 1 + rest);
          range.setEnd(node, index + 2 + rest);
        }
        const follows = rest >= 0 ? range.getBoundingClientRect() : after && startOf(after);
        if (point.width > 0 && follows && follows.top >= point.bottom - 1)
          faults.push(`a point dangles: “${node.data.trim().slice(0, 40)}”`);
      }
    }
  }

  // A control whose text does not fit into it.
  for (const element of elements.filter((one) => one.matches('button')))
    if (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1)
      faults.push(`the text of ${nameOf(element)} does not fit into it`);
  return faults;
}

/**
 * Targets of a pointer that are neither 24 × 24 px nor so far from others that a circle of 24 px around each touches none
 * (WCAG 2.5.8; the exception for links in a sentence is not made use of), one line each; runs in the page.
 *
 * @param main - a selector, and the least size in px of what it matches.
 */
export function targetFaults({main, least}) {
  const isScrolledAway = (element) => {
    const scroller = element.closest('.rows');
    if (!scroller || element.closest('thead')) return false;
    const {top, bottom} = element.getBoundingClientRect();
    const head = scroller.querySelector('thead').getBoundingClientRect();
    return top < head.bottom || bottom > scroller.getBoundingClientRect().bottom;
  };
  const boxes = [];
  const collect = (node) => {
    for (const element of node.querySelectorAll('*')) {
      if (element.shadowRoot) collect(element.shadowRoot);
      const isTarget = element.matches('button, a[href], input, select, textarea, summary, [tabindex="0"]');
      if (!isTarget || element.closest('[inert]') || !element.checkVisibility({visibilityProperty: true})) continue;
      // What scrolls has the focus for the keys, and is pressed by nobody; what it has scrolled away, neither.
      if (element.matches('.rows') || isScrolledAway(element)) continue;
      const {x, y, width, height} = (
        element.closest('label.field, .segmented > label') ?? element
      ).getBoundingClientRect();
      const text = element.ariaLabel || element.labels?.[0]?.innerText || element.innerText || element.id;
      boxes.push({
        name: `${element.localName} “${text?.trim().slice(0, 30)}”`,
        isMain: element.matches(main),
        layer: element.closest('dialog, [popover]'),
        left: x,
        right: x + width,
        top: y,
        bottom: y + height,
        width,
        height,
      });
    }
  };
  collect(document.body);
  const isSmall = ({width, height}) => width < 24 || height < 24;
  const centre = ({left, right, top, bottom}) => [(left + right) / 2, (top + bottom) / 2];
  const faults = [];
  for (const one of boxes) {
    if (one.isMain && (one.height < least || one.width < least))
      faults.push(`${one.name} is ${Math.round(one.width)} × ${Math.round(one.height)} px, less than ${least}`);
    if (!isSmall(one)) continue;
    const [x, y] = centre(one);
    for (const other of boxes) {
      if (other === one || other.layer !== one.layer) continue;
      const [otherX, otherY] = centre(other);
      const away = Math.hypot(
        Math.max(other.left - x, 0, x - other.right),
        Math.max(other.top - y, 0, y - other.bottom),
      );
      if (away < 12 || (isSmall(other) && Math.hypot(otherX - x, otherY - y) < 24))
        faults.push(`${one.name}, ${Math.round(one.width)} × ${Math.round(one.height)} px, is too near ${other.name}`);
    }
  }
  return faults;
}

/** WCAG 1.4.12: spacing that a user may force on every text, shadow roots included. */
export function forceTextSpacing() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
    p { margin-block-end: 2em !important; }
  `);
  const adopt = (root) => {
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    for (const element of root.querySelectorAll('*')) if (element.shadowRoot) adopt(element.shadowRoot);
  };
  adopt(document);
  globalThis.releaseTextSpacing = () => {
    const release = (root) => {
      root.adoptedStyleSheets = root.adoptedStyleSheets.filter((one) => one !== sheet);
      for (const element of root.querySelectorAll('*')) if (element.shadowRoot) release(element.shadowRoot);
    };
    release(document);
  };
}
