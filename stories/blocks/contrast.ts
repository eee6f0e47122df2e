type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

/** What colour carries: words, the edge by which a control is found, a sign without words, the ring of what has focus. */
export type Carrier = 'text' | 'large text' | 'edge' | 'sign' | 'focus';

/** A pair of colours as it is used in a window. */
export interface Use {
  readonly carrier: Carrier;
  /** Where: the window and the class or element. */
  readonly where: string;
  readonly front: Rgba;
  readonly back: Rgba;
}

/** WCAG 2.1 1.4.3 and 1.4.11. */
export const needed = (carrier: Carrier): number => (carrier === 'text' ? 4.5 : 3);

const brush = document.createElement('canvas').getContext('2d', {willReadFrequently: true})!;
const parsed = new Map<string, Rgba>();

/** Any CSS colour as the browser paints it. */
export function colorOf(css: string): Rgba {
  let color = parsed.get(css);
  if (!color) {
    brush.clearRect(0, 0, 1, 1);
    brush.fillStyle = css;
    brush.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = brush.getImageData(0, 0, 1, 1).data;
    color = [red, green, blue, alpha / 255];
    parsed.set(css, color);
  }
  return color;
}

const over = ([r, g, b, a]: Rgba, [r2, g2, b2]: Rgba): Rgba => [
  r * a + r2 * (1 - a),
  g * a + g2 * (1 - a),
  b * a + b2 * (1 - a),
  1,
];

function luminance([red, green, blue]: Rgba): number {
  const linear = (value: number) => (value <= 10.3137 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** WCAG's contrast of two opaque colours, 1 to 21. */
export function contrastOf(one: Rgba, other: Rgba): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((first, second) => second - first) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const parentOf = (element: Element): Element | null =>
  element.assignedSlot ??
  element.parentElement ??
  ((element.getRootNode() as ShadowRoot).host as Element | undefined) ??
  null;

/** What lies behind an element's content: more than one colour where it is striped. */
function backgroundsOf(element: Element | null): Rgba[] {
  if (!element) return [colorOf('Canvas')];
  const {backgroundColor, backgroundImage} = getComputedStyle(element);
  const stripes = [...backgroundImage.matchAll(/(?:rgba?|color|oklab|oklch|color-mix)\([^()]*\)/g)].map(([css]) =>
    colorOf(css),
  );
  const color = colorOf(backgroundColor);
  const behind = color[3] === 1 ? [color] : backgroundsOf(parentOf(element)).map((under) => over(color, under));
  return stripes.length > 0 ? behind.flatMap((under) => stripes.map((stripe) => over(stripe, under))) : behind;
}

function isShown(element: Element): boolean {
  const {width, height} = element.getBoundingClientRect();
  return width > 1 && height > 1 && element.checkVisibility({visibilityProperty: true, opacityProperty: true});
}

const nameOf = (element: Element): string =>
  [element.localName, ...element.classList].join('.').replace(/^(button|span|div|p|i)\./, '.');

/** Every pair of colours that a window shows now. The same window gives the same list in the same order, whatever its colours. */
export function usesIn(window: HTMLElement): Use[] {
  const root = window.shadowRoot!;
  const uses: Use[] = [];
  const add = (carrier: Carrier, element: Element, front: string, behind: Element | null) => {
    const where = `${window.localName.replace('bsp-', '')} ${nameOf(element)}`;
    for (const back of backgroundsOf(behind)) uses.push({carrier, where, front: over(colorOf(front), back), back});
  };
  const addText = (element: Element, style: CSSStyleDeclaration) => {
    const size = Number.parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    add(large ? 'large text' : 'text', element, style.color, element);
  };

  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!element || element.localName === 'style' || !walker.currentNode.nodeValue?.trim() || !isShown(element))
      continue;
    if (!element.closest(':disabled, option')) addText(element, getComputedStyle(element));
  }
  for (const field of root.querySelectorAll<HTMLInputElement>('input:not([type=radio]), textarea'))
    if (isShown(field))
      addText(field, getComputedStyle(field, field.value || !field.placeholder ? null : '::placeholder'));
  for (const select of root.querySelectorAll('select')) if (isShown(select)) addText(select, getComputedStyle(select));
  for (const control of root.querySelectorAll('.button, .field, select, textarea, .segmented')) {
    if (!isShown(control) || control.matches(':disabled')) continue;
    add('edge', control, getComputedStyle(control).borderTopColor, parentOf(control));
  }
  for (const icon of root.querySelectorAll('.icon'))
    if (isShown(icon) && !icon.closest(':disabled')) add('sign', icon, getComputedStyle(icon).stroke, icon);
  for (const dot of root.querySelectorAll('.dot'))
    add('sign', dot, getComputedStyle(dot).borderTopColor, parentOf(dot));
  return uses;
}

/** The ring around each control that can have focus, on what lies around it. */
export function focusUsesIn(window: HTMLElement): Use[] {
  const uses: Use[] = [];
  for (const control of window.shadowRoot!.querySelectorAll<HTMLElement>('button, input, select, textarea')) {
    if (!isShown(control) && !control.matches('[type=radio]')) continue;
    control.focus({preventScroll: true});
    // The ring stands around the label where the control itself is not drawn.
    const ringed = [control, control.closest('label')].find(
      (one) => one && isShown(one) && getComputedStyle(one).outlineStyle !== 'none',
    );
    if (!ringed) continue;
    const where = `${window.localName.replace('bsp-', '')} ${nameOf(ringed)}`;
    const front = colorOf(getComputedStyle(ringed).outlineColor);
    for (const back of backgroundsOf(parentOf(ringed)))
      uses.push({carrier: 'focus', where, front: over(front, back), back});
  }
  return uses;
}
