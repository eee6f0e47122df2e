import {reloadIcon} from '@bsp/ui';
import type {Meta} from '@storybook/web-components-vite';
import {html} from 'lit';
import {partOf, partRoot} from './part-story.js';

export default {
  title: 'Parts/Buttons',
  parameters: {
    docs: {
      description: {
        component:
          'Three weights: the one thing to do, what may be done, and what stands quietly in a header; and links.',
      },
    },
  },
} satisfies Meta;

const part = partOf();

export const Primary = part(
  ({say}) => html`<p class="tools"><button class="button primary">${say('Gem notat', 'Save note')}</button></p>`,
);
export const Ordinary = part(
  ({say}) => html`<p class="tools"><button class="button">${say('Prøv igen', 'Try again')}</button></p>`,
);
export const Quiet = part(
  ({say}) =>
    html`<p class="tools"><button class="quiet" aria-label=${say('Hent igen', 'Fetch again')}>${reloadIcon()}</button></p>`,
);
export const Link = part(() => html`<p class="tools"><button class="link">Kontanthjælp, nyansøgning</button></p>`);
export const Focused = {
  ...Ordinary,
  play: async ({canvasElement}: {canvasElement: HTMLElement}) => {
    partRoot(canvasElement).querySelector('button')?.focus();
  },
};
