import {controlStyles, searchField} from '@bsp/ui';
import type {Meta} from '@storybook/web-components-vite';
import {html} from 'lit';
import {partOf, partRoot} from './part-story.js';

export default {
  title: 'Parts/Search field',
  parameters: {docs: {description: {component: 'A filter as one types.'}}},
} satisfies Meta;

const part = partOf(controlStyles);

export const Empty = part(
  ({say}) => html`<div class="tools">${searchField(say('Filtrér sager', 'Filter cases'), '', () => undefined)}</div>`,
);
export const Filled = part(
  ({say}) =>
    html`<div class="tools">${searchField(say('Filtrér sager', 'Filter cases'), 'bolig', () => undefined)}</div>`,
);
export const Focused = {
  ...Empty,
  play: async ({canvasElement}: {canvasElement: HTMLElement}) => {
    partRoot(canvasElement).querySelector('input')?.focus();
  },
};
