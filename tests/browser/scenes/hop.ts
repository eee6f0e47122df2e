import '@bsp/widgets/hop/define';
import {ProblemError, problemOf, type Target} from '@bsp/contract';
import {sourceOf, viewOf} from '../fixtures/fake-session.js';
import {type Scene, until} from '../fixtures/scene.js';

export const tag = 'bsp-hop';

export const targetOf = (id: string, name: string, more: Partial<Target> = {}): Target => ({
  ref: {source: 'bsp', id},
  name,
  for: 'person',
  ...more,
});

export const targets: Target[] = [
  targetOf('care', 'Omsorg Korsbæk'),
  targetOf('momentum', 'Momentum'),
  targetOf('ky-case', 'KY', {for: 'case', sources: ['ky']}),
];

export const targetsView = (items: readonly Target[], change: Parameters<typeof sourceOf>[2] = {}) =>
  viewOf(items, [sourceOf('bsp', 'BSP', {count: items.length, ...change})]);

const many = ['KMD Nexus', 'Momentum', 'KY', 'SBSYS', 'Økonomisystemet med et langt navn'].map((name, index) =>
  targetOf(String(index), name),
);
const shown = (more: Partial<Scene> = {}): Scene => ({views: {targets: targetsView(targets)}, ...more});

/** Presses the first target, and waits until the window says what came of it. */
const press = async (element: HTMLElement): Promise<void> => {
  const root = element.shadowRoot!;
  (await until(() => root.querySelector<HTMLButtonElement>('.targets button'))).click();
  await until(() => root.querySelector('.said'));
};
/** A browser that opens no windows, or one whose window nobody sees. */
const opening = (opened: () => unknown) => async (element: HTMLElement) => {
  const {open} = window;
  window.open = opened as typeof open;
  try {
    await press(element);
  } finally {
    window.open = open;
  }
};
const unseen = () => ({document: document.implementation.createHTMLDocument(''), close: () => undefined});
const refusing = (code: 'unavailable' | 'forbidden') => ({
  act: () => Promise.reject(new ProblemError(problemOf(code, 'No.'))),
});

export const scenes: Readonly<Record<string, Scene>> = {
  ready: shown(),
  menu: {views: {targets: targetsView(many)}},
  'menu-open': {
    views: {targets: targetsView(many)},
    afterwards: (element) => element.shadowRoot?.querySelector('details')?.setAttribute('open', ''),
  },
  chosen: shown({config: {targets: ['momentum']}}),
  blocked: shown({afterwards: opening(() => null)}),
  failed: shown({session: refusing('unavailable'), afterwards: opening(unseen)}),
  'not-allowed': shown({session: refusing('forbidden'), afterwards: opening(unseen)}),
  loading: {},
  empty: {views: {targets: targetsView([])}},
  'none-for-persons': {views: {targets: targetsView(targets.slice(2))}},
  partial: {views: {targets: targetsView(targets, {invalid: 1})}},
  stale: {views: {targets: targetsView(targets, {status: 'unavailable', stale: true})}},
  error: {views: {targets: targetsView([], {status: 'unavailable'})}},
  forbidden: {views: {targets: targetsView([], {status: 'forbidden'})}},
  unsupported: {views: {targets: viewOf([], [])}},
  offline: {offline: true},
  'no-subject': {session: null},
  veiled: shown({session: {veiled: true}}),
  compact: shown({attributes: {density: 'compact'}}),
};
