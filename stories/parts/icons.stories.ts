import * as ui from '@bsp/ui';
import type {Meta} from '@storybook/web-components-vite';
import {html, type TemplateResult} from 'lit';
import {partOf} from './part-story.js';

export default {
  title: 'Parts/Icons',
  parameters: {
    docs: {
      description: {
        component:
          'Drawn in the colour of the text, 16 × 16, and hidden from screen readers: a word stands beside each.',
      },
    },
  },
} satisfies Meta;

const icons = Object.entries(ui).filter(
  (entry): entry is [string, () => TemplateResult] => /Icon$/.test(entry[0]) && typeof entry[1] === 'function',
);

export const All = partOf()(() =>
  icons.map(([name, icon]) => html`<p class="tools">${icon()}<span>${name}</span></p>`),
);
