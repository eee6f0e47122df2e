import {characters} from '@bsp/korsbaek';
import type {Meta, StoryObj} from '@storybook/web-components-vite';
import {html} from 'lit';
import * as events from '../../tests/browser/scenes/events.js';
import {backendIn, type LiveArgs, liveArgs, liveProvider, reaches, windowIn} from '../live/live-story.js';
import {scenesOf, type WindowArgs} from '../scene-story.js';
import {expect, heard, userEvent, waitFor, windowUsed} from './window-use.js';

export default {title: 'Use/Events', component: 'bsp-events', tags: ['!autodocs', 'moving']} satisfies Meta<WindowArgs>;

type Story = StoryObj<WindowArgs>;
const scene = scenesOf(events);

export const Filter: Story = {
  ...scene('ready'),
  play: async ({canvasElement}) => {
    const {press, root} = await windowUsed(canvasElement);
    const shown = root.querySelectorAll('.days .what').length;
    await press(/^Nye/, 'radio');
    await waitFor(() => expect(root.querySelectorAll('.days .what').length).toBeLessThan(shown));
  },
};

export const UnfoldEarlierOnes: Story = {
  ...scene('ready'),
  play: async ({canvasElement}) => {
    const {press, root} = await windowUsed(canvasElement);
    await expect(root.querySelector('.earlier')).toBe(null);
    await press(/tidligere/);
    await waitFor(() => expect(root.querySelector('.earlier')).not.toBe(null));
  },
};

export const OpenTheCaseOfAnEvent: Story = {
  ...scene('ready'),
  play: async ({canvasElement}) => {
    const {getAllByRole} = await windowUsed(canvasElement);
    const opened = heard('bsp-case-open');
    await userEvent.click(getAllByRole('button', {name: /Kontanthjælp, nyansøgning/})[0]!);
    await expect(opened).toHaveBeenCalledWith(expect.objectContaining({ref: {source: 'ky', id: '1'}}));
  },
};

/** On a backend that keeps the mark. */
export const MarkAsDone: StoryObj<LiveArgs> = {
  args: {...liveArgs, person: 'rasmus'},
  render: (args, {globals}) => liveProvider(args, globals, html`<bsp-events></bsp-events>`),
  play: async ({canvasElement}) => {
    await reaches(canvasElement, 'bsp-events', 'empty');
    const person = characters.find(({key}) => key === 'rasmus')!;
    await waitFor(() => expect(backendIn(canvasElement).calls.some(({method}) => method === 'live')).toBe(true), {
      timeout: 10_000,
    });
    backendIn(canvasElement).emit(person.cpr, {title: 'Ansøgning modtaget'});
    const root = windowIn(canvasElement, 'bsp-events');
    const done = await waitFor(
      () => {
        const button = root.querySelector<HTMLElement>('button[aria-label="Færdig: Ansøgning modtaget"]');
        if (!button) throw new Error('There is no button.');
        return button;
      },
      {timeout: 10_000},
    );
    await userEvent.click(done);
    await waitFor(() => expect(root.querySelector('button[aria-label^="Færdig"]')).toBe(null), {timeout: 10_000});
    await expect(root.querySelector('.days')).toHaveTextContent('Karla Bruun');
  },
};

export const AMarkThatIsNotSaved: Story = {
  ...scene('ready'),
  play: async ({canvasElement}) => {
    const {getAllByRole, root} = await windowUsed(canvasElement);
    await userEvent.click(getAllByRole('button', {name: /^Kvittér/})[0]!);
    await waitFor(() => expect(root.querySelector('.failure.small')).toHaveTextContent('Det blev ikke gemt'));
  },
};
