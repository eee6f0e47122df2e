import type {Meta, StoryObj} from '@storybook/web-components-vite';
import * as caseList from '../../tests/browser/scenes/case-list.js';
import {scenesOf, type WindowArgs} from '../scene-story.js';
import {expect, heard, userEvent, waitFor, windowUsed} from './window-use.js';

export default {
  title: 'Use/Case list',
  component: 'bsp-case-list',
  tags: ['!autodocs', 'moving'],
} satisfies Meta<WindowArgs>;

type Story = StoryObj<WindowArgs>;
const scene = scenesOf(caseList);

export const Filter: Story = {
  ...scene('ready'),
  play: async ({canvasElement}) => {
    const {column, getByRole, press} = await windowUsed(canvasElement);
    await press(/Afsluttede/, 'radio');
    await waitFor(() => expect(column('case').length).toBe(2));
    await press(/Alle/, 'radio');
    await userEvent.type(getByRole('searchbox'), 'bolig');
    await waitFor(() => expect(column('case').map((text) => text.slice(0, 10))).toEqual(['Boligstøtt', 'Boligstøtt']));
    await userEvent.type(getByRole('searchbox'), '{Backspace>5}');
    await userEvent.selectOptions(getByRole('combobox'), 'nexus');
    await waitFor(() => expect(new Set(column('source'))).toEqual(new Set(['KMD Nexus'])));
  },
};

export const NothingFits: Story = {
  ...scene('ready'),
  play: async ({canvasElement}) => {
    const {column, getByRole, press} = await windowUsed(canvasElement);
    await userEvent.type(getByRole('searchbox'), 'findes ikke');
    await waitFor(() => expect(column('case')).toEqual([]));
    await press(/Ryd|Vis alle|Nulstil|filtre/);
    await waitFor(() => expect(column('case').length).toBe(8));
  },
};

export const Sort: Story = {
  ...scene('ready'),
  play: async ({canvasElement}) => {
    const {column, press, getByRole} = await windowUsed(canvasElement);
    await press(/^Sag/);
    const first = () => column('case')[0];
    await waitFor(() => expect(first()).toMatch(/^Aktindsigt/));
    await expect(getByRole('columnheader', {name: /^Sag/})).toHaveAttribute('aria-sort', 'ascending');
    await press(/^Sag/);
    await waitFor(() => expect(first()).toMatch(/^Kontanthjælp/));
    await expect(getByRole('columnheader', {name: /^Sag/})).toHaveAttribute('aria-sort', 'descending');
  },
};

export const ShowMore: Story = {
  ...scene('more'),
  play: async ({canvasElement}) => {
    const {column, press} = await windowUsed(canvasElement);
    await expect(column('case').length).toBe(3);
    await press(/^Vis \d+ flere/);
    await waitFor(() => expect(column('case').length).toBe(6));
  },
};

export const OpenACase: Story = {
  ...scene('ready'),
  play: async ({canvasElement}) => {
    const {press} = await windowUsed(canvasElement);
    const opened = heard('bsp-case-open');
    await press(/Boligstøtte 2026/);
    await expect(opened).toHaveBeenCalledWith(expect.objectContaining({ref: {source: 'kmd-sag', id: '2'}}));
  },
};

export const LookAtTheSources: Story = {
  ...scene('partial'),
  play: async ({canvasElement}) => {
    const {press, root} = await windowUsed(canvasElement);
    await press(/kilder/);
    const list = await waitFor(() => {
      const open = root.querySelector('[popover]:popover-open');
      if (!open) throw new Error('The sources are not open.');
      return open;
    });
    await expect(list).toHaveTextContent('KMD Sag');
    await expect(list).toHaveTextContent(/svarede ikke/i);
  },
};
