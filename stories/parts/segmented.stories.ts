import {controlStyles, segmented} from '@bsp/ui';
import type {Meta} from '@storybook/web-components-vite';
import {html} from 'lit';
import {expect, userEvent} from 'storybook/test';
import {partOf, partRoot} from './part-story.js';

export default {
  title: 'Parts/Segmented',
  parameters: {docs: {description: {component: 'One of few, all of them visible: a radio group.'}}},
} satisfies Meta;

const part = partOf(controlStyles);
const choosing = () => {
  let value: 'open' | 'closed' | 'all' = 'open';
  return part(
    ({say, draw}) =>
      html`<div class="tools">${segmented({
        name: 'filter',
        label: say('Hvilke sager', 'Which cases'),
        value,
        choices: [
          {value: 'open', text: say('Åbne', 'Open')},
          {value: 'closed', text: say('Afsluttede', 'Closed')},
          {value: 'all', text: say('Alle', 'All')},
        ],
        onChoose: (chosen) => {
          value = chosen;
          draw();
        },
      })}</div>`,
  );
};

export const FirstChosen = choosing();
export const AnotherChosen = {
  ...choosing(),
  play: async ({canvasElement}: {canvasElement: HTMLElement}) => {
    const [, closed] = partRoot(canvasElement).querySelectorAll('input');
    await userEvent.click(closed!);
    await expect(closed).toBeChecked();
  },
};
