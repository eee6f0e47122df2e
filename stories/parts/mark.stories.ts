import {lockIcon, markStyles} from '@bsp/ui';
import type {Meta} from '@storybook/web-components-vite';
import {html} from 'lit';
import {partOf} from './part-story.js';

export default {
  title: 'Parts/Mark',
  parameters: {docs: {description: {component: 'A short word in a frame beside a text: what kind of thing it is.'}}},
} satisfies Meta;

const part = partOf(markStyles);

export const WithIcon = part(
  ({say}) => html`<p class="tools"><span class="mark">${lockIcon()}${say('Følsom', 'Sensitive')}</span></p>`,
);
export const WithoutIcon = part(({say}) => html`<p class="tools"><span class="mark">${say('Kopi', 'Copy')}</span></p>`);
