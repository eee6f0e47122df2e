import {controlStyles} from '@bsp/ui';
import type {Meta} from '@storybook/web-components-vite';
import {html} from 'lit';
import {partOf} from './part-story.js';

export default {
  title: 'Parts/Fields',
  parameters: {docs: {description: {component: 'Plain inputs, selects and text areas with the styles of the kit.'}}},
} satisfies Meta;

const part = partOf(controlStyles);

export const TextField = part(
  ({say}) =>
    html`<div class="tools"><label>${say('Overskrift', 'Heading')} <input class="field" value="Telefonsamtale" /></label></div>`,
);
export const Choice = part(
  ({say}) =>
    html`<div class="tools"><label>${say('Kilde', 'Source')} <select><option>${say('Alle kilder', 'All sources')}</option><option>KY</option></select></label></div>`,
);
export const TextArea = part(
  ({say}) =>
    html`<div class="tools"><label>${say('Notat', 'Note')} <textarea rows="3">Aftalt kl. 9</textarea></label></div>`,
);
