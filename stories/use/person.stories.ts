import type {Meta, StoryObj} from '@storybook/web-components-vite';
import * as person from '../../tests/browser/scenes/person.js';
import {scenesOf, type WindowArgs} from '../scene-story.js';
import {expect, heard, waitFor, windowUsed} from './window-use.js';

export default {title: 'Use/Person', component: 'bsp-person', tags: ['!autodocs', 'moving']} satisfies Meta<WindowArgs>;

type Story = StoryObj<WindowArgs>;
const scene = scenesOf(person);

export const RevealAndCoverTheNumber: Story = {
  ...scene('protected'),
  play: async ({canvasElement}) => {
    const {press, root} = await windowUsed(canvasElement);
    const number = () => root.querySelector('[part~=number]');
    await expect(number()).toHaveTextContent('641284-••••');
    await press(/Vis hele CPR-nummeret/);
    await waitFor(() => expect(number()).toHaveTextContent('641284-1002'));
    await press(/Skjul CPR-nummeret/);
    await waitFor(() => expect(number()).not.toHaveTextContent('1002'));
  },
};

export const RevealAProtectedAddress: Story = {
  ...scene('protected'),
  play: async ({canvasElement}) => {
    const {press, root} = await windowUsed(canvasElement);
    await expect(root.querySelector('section')).not.toHaveTextContent('Rolighedsparken');
    await press(/Vis den beskyttede adresse/);
    await waitFor(() => expect(root.querySelector('section')).toHaveTextContent('Rolighedsparken 44'));
  },
};

export const OpenARelative: Story = {
  ...scene('full'),
  play: async ({canvasElement}) => {
    const {press} = await windowUsed(canvasElement);
    const opened = heard('bsp-person-open');
    await press(/Viggo/);
    await expect(opened).toHaveBeenCalledWith(expect.objectContaining({subject: {type: 'ref', value: 'h-13'}}));
  },
};
