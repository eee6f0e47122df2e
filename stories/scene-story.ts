import type {StoryObj} from '@storybook/web-components-vite';
import {expect} from 'storybook/test';
import {letTimeStand} from '../.storybook/still-time.js';
import {type Scene, type SceneModule, stage} from '../tests/browser/fixtures/scene.js';
import {descriptionOf} from './blocks/descriptions.js';

/** What the controls change about a window. */
export interface WindowArgs {
  readonly density?: 'comfortable' | 'compact';
  readonly theme?: 'light' | 'dark';
  readonly headingLevel?: number;
  readonly config?: object;
}

type Globals = Readonly<Record<string, unknown>>;

const staging = new WeakMap<Element, Promise<HTMLElement>>();

/** The window of a scene, once it stands as the scene says. */
export async function stagedWindow(canvas: Element): Promise<HTMLElement> {
  const container = canvas.querySelector('.scene');
  const element = container && (await staging.get(container));
  if (!element) throw new Error('The story shows no scene.');
  return element;
}

/** Makes stories of a window's scenes: `export const Ready = scene('ready')`. */
export function scenesOf({tag, scenes}: SceneModule): (name: string) => StoryObj<WindowArgs> {
  return (name) => {
    const scene = scenes[name];
    if (!scene) throw new Error(`${tag} has no scene ${name}.`);
    return {
      parameters: {controls: {include: controlsOf(tag)}},
      argTypes: {
        density: {control: 'inline-radio', options: ['comfortable', 'compact']},
        theme: {control: 'inline-radio', options: ['light', 'dark']},
        headingLevel: {control: {type: 'number', min: 2, max: 6}},
      },
      render: (args, {globals}) => {
        const container = document.createElement('div');
        container.className = 'scene';
        staging.set(container, letStand(tag, scene, args, globals, container));
        return container;
      },
      play: async ({canvasElement, parameters}) => {
        const element = await stagedWindow(canvasElement);
        const states = (parameters.states ?? {}) as Record<string, string>;
        for (const {name: state} of descriptionOf(tag).cssStates ?? [])
          if ((states[state] ?? state) === name) await expect(element.matches(`:state(${state})`), state).toBe(true);
      },
    };
  };
}

/** Those that the element has. */
const controlsOf = (tag: string): string[] => {
  const own = descriptionOf(tag).attributes?.map(({fieldName}) => fieldName);
  return ['config', 'density', 'theme', 'headingLevel'].filter((name) => own?.includes(name));
};

/** The scene where others stand beside it: what is open in it only while it has the focus stays open. */
export const beside = (scene: Scene): Scene => ({
  ...scene,
  afterwards: async (element) => {
    element.shadowRoot?.addEventListener('focusout', (event) => event.stopImmediatePropagation(), true);
    await scene.afterwards?.(element);
  },
});

/** Puts a scene into a place on the page, and waits until nothing moves any more. */
export async function letStand(
  tag: string,
  scene: Scene,
  {config, density, theme, headingLevel}: WindowArgs,
  globals: Globals,
  into: HTMLElement,
): Promise<HTMLElement> {
  letTimeStand(true);
  const attributes = {
    ...(globals.density === 'compact' ? {density: 'compact'} : {}),
    ...scene.attributes,
    ...(density ? {density} : {}),
    ...(theme ? {theme} : {}),
    ...(headingLevel ? {'heading-level': String(headingLevel)} : {}),
  };
  const shown = {...scene, attributes, ...(config ? {config} : {})};
  const {element} = await stage(tag, shown, {lang: String(globals.lang), into});
  await atRest(element);
  return element;
}

/** Resolves when nothing has changed in the window for a few frames. */
async function atRest(element: HTMLElement): Promise<void> {
  const root = element.shadowRoot;
  if (!root) return;
  let changedAt = performance.now();
  const observer = new MutationObserver(() => {
    changedAt = performance.now();
  });
  observer.observe(root, {subtree: true, childList: true, attributes: true, characterData: true});
  while (performance.now() - changedAt < 60) await new Promise((resolve) => setTimeout(resolve, 20));
  observer.disconnect();
}
