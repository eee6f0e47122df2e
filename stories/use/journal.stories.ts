import type {Meta, StoryObj} from '@storybook/web-components-vite';
import * as journal from '../../tests/browser/scenes/journal.js';
import {scenesOf, type WindowArgs} from '../scene-story.js';
import {expect, heard, userEvent, waitFor, windowUsed} from './window-use.js';

export default {
  title: 'Use/Journal',
  component: 'bsp-journal',
  tags: ['!autodocs', 'moving'],
} satisfies Meta<WindowArgs>;

type Story = StoryObj<WindowArgs>;
const scene = scenesOf(journal);

export const WriteANote: Story = {
  ...scene('compose-empty'),
  play: async ({canvasElement}) => {
    const {getByRole, root, press} = await windowUsed(canvasElement);
    await userEvent.selectOptions(getByRole('combobox', {name: /Overskrift/}), 'Telefonsamtale');
    await userEvent.type(getByRole('textbox', {name: /^Notat/}), 'Vil gerne flytte samtalen.');
    await press(/Gem notat/);
    await waitFor(() => expect(root.querySelector('.compose')).toBe(null));
  },
};

export const SaveWithoutText: Story = {
  ...scene('compose-empty'),
  play: async ({canvasElement}) => {
    const {getByRole, press} = await windowUsed(canvasElement);
    await press(/Gem notat/);
    await waitFor(() => expect(getByRole('textbox', {name: /^Notat/})).toHaveAttribute('aria-invalid', 'true'));
  },
};

export const UnfoldALongNote: Story = {
  ...scene('ready'),
  play: async ({canvasElement}) => {
    const {press, root} = await windowUsed(canvasElement);
    await press(/Vis hele notatet/);
    await waitFor(() =>
      expect(root.querySelector('.days')).toHaveTextContent('Badebænk og to greb afprøves fra mandag.'),
    );
  },
};

export const OpenTheCaseOfANote: Story = {
  ...scene('ready'),
  play: async ({canvasElement}) => {
    const {getAllByRole} = await windowUsed(canvasElement);
    const opened = heard('bsp-case-open');
    await userEvent.click(getAllByRole('button', {name: /Kontanthjælp, nyansøgning/})[0]!);
    await expect(opened).toHaveBeenCalledWith(expect.objectContaining({ref: {source: 'ky', id: '1'}}));
  },
};
