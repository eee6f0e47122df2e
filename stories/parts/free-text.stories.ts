import {freeText} from '@bsp/ui';
import type {Meta} from '@storybook/web-components-vite';
import {html} from 'lit';
import {expect} from 'storybook/test';
import {partOf, partRoot} from './part-story.js';

export default {
  title: 'Parts/Free text',
  parameters: {
    docs: {
      description: {component: 'A text as its source wrote it: lines kept, CPR numbers masked, markup shown as text.'},
    },
  },
} satisfies Meta;

const part = partOf();

export const SeveralLines = part(
  () =>
    html`<div class="tools">${freeText('Ringede til udlejer.\n\nAftalt:\n- indskud betales 1. december\n- nøgler hentes samme dag')}</div>`,
);
export const HostileText = {
  ...part(() => html`<div class="tools">${freeText('<b onclick="alert(1)">Aftalt</b> ang. 641284-1002')}</div>`),
  play: async ({canvasElement}: {canvasElement: HTMLElement}) => {
    await expect(partRoot(canvasElement).textContent).toContain('<b onclick="alert(1)">Aftalt</b> ang. 641284-••••');
  },
};
