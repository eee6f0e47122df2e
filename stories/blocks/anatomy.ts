import type {StoryObj} from '@storybook/web-components-vite';
import {html, nothing, render} from 'lit';
import {expect, waitFor} from 'storybook/test';
import type {SceneModule} from '../../tests/browser/fixtures/scene.js';
import {beside, letStand, type WindowArgs} from '../scene-story.js';
import {descriptionOf, wordsOf} from './descriptions.js';
import './window-reference.js';

const numbering = new WeakMap<Element, Promise<void>>();

/** The question that every window may ask, and one has scenes of. */
const askedElsewhere = {dialog: 'Case list: Glass Asked'};

/**
 * A story that numbers a window's parts on the window itself: each on the first of the scenes that shows it. `elsewhere`
 * names the story of a part that cannot stand in a picture with others, empty where a host alone fills it. Its test also
 * draws the reference, which stands on the page of docs only.
 */
export function anatomyOf(
  {tag, scenes}: SceneModule,
  names: readonly string[],
  elsewhere: Readonly<Record<string, string>> = askedElsewhere,
): StoryObj<WindowArgs> {
  return {
    // The same window of the same person may stand here twice.
    parameters: {a11y: {config: {rules: [{id: 'landmark-unique', enabled: false}]}}},
    render: (_args, {globals}) => {
      const container = document.createElement('div');
      container.className = 'kit-anatomy';
      const number = async () => {
        const parts = descriptionOf(tag).cssParts ?? [];
        const found: string[] = [];
        for (const name of names) {
          const figure = document.createElement('figure');
          container.append(figure);
          const scene = scenes[name];
          if (!scene) throw new Error(`${tag} has no scene ${name}.`);
          const element = await letStand(tag, beside(scene), {}, globals, figure);
          const here = parts.filter((part) => !found.includes(part.name) && sizeOf(element, part.name));
          found.push(...here.map((part) => part.name));
          const marks = document.createElement('div');
          marks.className = 'kit-marks';
          figure.append(marks);
          const draw = () =>
            drawMarks(
              marks,
              element,
              here.map((part) => [part.name, found.indexOf(part.name) + 1]),
            );
          draw();
          new ResizeObserver(draw).observe(element);
        }
        const legend = document.createElement('div');
        container.append(legend);
        const numberOf = (name: string) => (found.includes(name) ? found.indexOf(name) + 1 : undefined);
        const inOrder = [...parts].sort((one, other) => (numberOf(one.name) ?? 99) - (numberOf(other.name) ?? 99));
        render(
          html`<dl>${inOrder.map(
            (part) => html`<dt>
                ${numberOf(part.name) ? html`<b class="kit-number">${numberOf(part.name)}</b>` : nothing}
                <code>::part(${part.name})</code>
              </dt>
              <dd>${wordsOf(part.description, (code) => html`<code>${code}</code>`)} ${elsewhere[part.name] ? html`See the story “${elsewhere[part.name]}”.` : nothing}</dd>`,
          )}</dl>`,
          legend,
        );
        const unseen = parts.filter(({name}) => !found.includes(name) && !(name in elsewhere));
        await expect(unseen.map(({name}) => name)).toEqual([]);
      };
      numbering.set(container, number());
      return container;
    },
    play: async ({canvasElement}) => {
      await numbering.get(canvasElement.querySelector('.kit-anatomy') as Element);
      const reference = Object.assign(document.createElement('kit-reference'), {for: tag});
      canvasElement.append(reference);
      await waitFor(() => expect([...reference.querySelectorAll('h2')].map(({id}) => id)).toContain('tokens'));
      reference.remove();
    },
  };
}

function sizeOf(element: HTMLElement, part: string): DOMRect | undefined {
  const rect = element.shadowRoot?.querySelector(`[part~="${part}"]`)?.getBoundingClientRect();
  return rect?.width ? rect : undefined;
}

/** Wide parts have their number in the margin, small ones above them; where two would lie on each other one gives way. */
function drawMarks(marks: HTMLElement, element: HTMLElement, numbered: readonly (readonly [string, number])[]): void {
  const around = marks.getBoundingClientRect();
  const size = 22;
  const taken: {x: number; y: number}[] = [];
  render(
    numbered.map(([name]) => html`<i data-of=${name}></i><b class="kit-number" data-of=${name}></b>`),
    marks,
  );
  for (const [name, number] of numbered) {
    const rect = sizeOf(element, name);
    const [outline, badge] = marks.querySelectorAll<HTMLElement>(`[data-of="${name}"]`);
    if (!rect || !outline || !badge) continue;
    const wide = rect.width > around.width * 0.6;
    const x = rect.left - around.left;
    const y = rect.top - around.top;
    const at = wide
      ? {x: x - size - 4, y: y + Math.min(rect.height / 2, 40) - size / 2}
      : {x: x + Math.min(rect.width / 2, 60) - size / 2, y: y - size + 4};
    if (name === 'panel') Object.assign(at, {x: x + rect.width - size / 2, y: y - size / 2});
    while (taken.some((other) => Math.abs(other.x - at.x) < size && Math.abs(other.y - at.y) < size))
      at[wide ? 'y' : 'x'] += 2;
    taken.push(at);
    badge.textContent = String(number);
    Object.assign(badge.style, {left: `${at.x}px`, top: `${at.y}px`});
    Object.assign(outline.style, {left: `${x}px`, top: `${y}px`, width: `${rect.width}px`, height: `${rect.height}px`});
  }
}
