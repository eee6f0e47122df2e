// Where the keyboard is: the role and name that a screen reader would say, and whether it can be seen.
import {asHeard} from '../browser/fixtures/tab-stops.ts';

/** The focused element, through shadow roots; runs in the page. */
export function focusedElement() {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

/**
 * How the focus of an element can be seen: the width of its outline, or of that on the box around it, and the contrast of
 * that to what lies under it; runs in the page.
 */
export function focusMark(element) {
  const parse = (colour) => {
    const [red = 0, green = 0, blue = 0, alpha = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
    return {red, green, blue, alpha};
  };
  const luminance = ({red, green, blue}) =>
    [red, green, blue]
      .map((value) => value / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
      .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  const contrast = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const above = (one) => one.assignedSlot ?? one.parentElement ?? one.getRootNode().host;
  const groundOf = (one) => {
    for (let under = one; under; under = above(under)) {
      const colour = parse(getComputedStyle(under).backgroundColor);
      if (colour.alpha === 1) return colour;
    }
    return parse(getComputedStyle(document.body).backgroundColor);
  };
  const marked = [element, element.parentElement].find((one) => {
    const {outlineStyle, outlineWidth} = one ? getComputedStyle(one) : {};
    return one && outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0;
  });
  if (!marked) return {width: 0, contrast: 0};
  const {outlineWidth, outlineColor} = getComputedStyle(marked);
  return {
    width: Number.parseFloat(outlineWidth),
    contrast: contrast(parse(outlineColor), groundOf(above(marked) ?? marked)),
  };
}

/** Reads the accessibility tree of a page of Chromium. */
export async function accessibilityTreeOf(page) {
  const session = await page.context().newCDPSession(page);
  return {
    /** `role “name”` of what has the focus; `nothing` for none. */
    async focused() {
      const {result} = await session.send('Runtime.evaluate', {expression: `(${focusedElement})()`});
      if (!result.objectId || result.description?.startsWith('body')) return 'nothing';
      const {nodes} = await session.send('Accessibility.getPartialAXTree', {
        objectId: result.objectId,
        fetchRelatives: false,
      });
      return said(nodes[0]);
    },
    /** What the live regions say, one text each, the empty ones left out. */
    async announced() {
      const {nodes} = await session.send('Accessibility.getFullAXTree');
      const byId = new Map(nodes.map((node) => [node.nodeId, node]));
      const liveOf = ({properties = []}) => properties.find(({name}) => name === 'live')?.value.value ?? 'off';
      const textOf = (node) =>
        node.role?.value === 'StaticText'
          ? [node.name?.value ?? '']
          : (node.childIds ?? []).flatMap((id) => (byId.has(id) ? textOf(byId.get(id)) : []));
      return nodes
        .filter((node) => !node.ignored && liveOf(node) !== 'off' && liveOf(byId.get(node.parentId) ?? {}) === 'off')
        .map((node) => asHeard(textOf(node).join(' ')))
        .filter(Boolean);
    },
  };
}

const said = ({role, name}) => `${role?.value ?? ''} “${asHeard(name?.value ?? '')}”`;
