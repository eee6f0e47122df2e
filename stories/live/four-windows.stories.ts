import {characters} from '@bsp/korsbaek';
import type {Meta, StoryObj} from '@storybook/web-components-vite';
import {html} from 'lit';
import {expect, userEvent, waitFor} from 'storybook/test';
import {
  backendIn,
  fourWindows,
  type LiveArgs,
  liveArgs,
  liveArgTypes,
  liveProvider,
  providerIn,
  reaches,
  windowIn,
} from './live-story.js';

export default {
  title: 'Live/Four windows',
  tags: ['!autodocs', 'moving'],
  args: {...liveArgs, person: 'maude'},
  argTypes: liveArgTypes,
  render: (args, {globals}) => liveProvider(args, globals, html`<div class="windows">${fourWindows}</div>`),
} satisfies Meta<LiveArgs>;

type Story = StoryObj<LiveArgs>;

const allReach = async (canvas: Element, state: 'ready' | 'partial') => {
  for (const tag of ['bsp-person', 'bsp-case-list', 'bsp-journal', 'bsp-events']) await reaches(canvas, tag, state);
};

export const OnePerson: Story = {play: ({canvasElement}) => allReach(canvasElement, 'ready')};

export const ManyRecords: Story = {
  args: {person: 'bente'},
  play: async ({canvasElement}) => {
    await allReach(canvasElement, 'ready');
    await expect(windowIn(canvasElement, 'bsp-case-list').querySelector('.count')).toHaveTextContent(/4\d/);
  },
};

export const HostileText: Story = {
  args: {person: 'kasper'},
  play: async ({canvasElement}) => {
    await allReach(canvasElement, 'ready');
    await expect('attacked' in globalThis).toBe(false);
  },
};

export const SlowSources: Story = {args: {latencyMs: 3000}};

export const OneSourceIsDown: Story = {
  args: {failing: ['momentum'], failure: 'unavailable'},
  play: async ({canvasElement}) => {
    await reaches(canvasElement, 'bsp-person', 'ready');
    for (const tag of ['bsp-case-list', 'bsp-journal', 'bsp-events']) {
      await reaches(canvasElement, tag, 'partial');
      await waitFor(() => expect(windowIn(canvasElement, tag).querySelector('.notice')).toHaveTextContent('Momentum'));
    }
  },
};

export const AnotherPerson: Story = {
  play: async ({canvasElement}) => {
    await allReach(canvasElement, 'ready');
    const [, holger] = characters;
    await providerIn(canvasElement).setSubject({type: 'cpr', value: holger!.cpr});
    await allReach(canvasElement, 'ready');
    for (const tag of ['bsp-person', 'bsp-case-list', 'bsp-journal', 'bsp-events']) {
      const {textContent} = windowIn(canvasElement, tag).querySelector('section')!;
      await expect(textContent).toContain('Holger Skjern');
      await expect(textContent).not.toContain('Maude Agerlund,');
    }
  },
};

export const AnEventComes: Story = {
  args: {person: 'holger'},
  play: async ({canvasElement}) => {
    await allReach(canvasElement, 'ready');
    const korsbaek = backendIn(canvasElement);
    await waitFor(() => expect(korsbaek.calls.some(({method}) => method === 'live')).toBe(true), {timeout: 10_000});
    korsbaek.emit(characters[1]!.cpr, {title: 'Sygemelding forlænget'});
    const events = windowIn(canvasElement, 'bsp-events');
    await waitFor(() => expect(events.textContent).toContain('Sygemelding forlænget'), {timeout: 10_000});
  },
};

export const ANoteIsWritten: Story = {
  args: {person: 'holger'},
  play: async ({canvasElement}) => {
    await allReach(canvasElement, 'ready');
    const journal = windowIn(canvasElement, 'bsp-journal');
    const find = <T extends HTMLElement>(selector: string) =>
      waitFor(
        () => {
          const found = journal.querySelector<T>(selector);
          if (!found) throw new Error(`${selector} is not there.`);
          return found;
        },
        {timeout: 10_000},
      );
    await userEvent.click(await find('#write'));
    await userEvent.selectOptions(await find('#note-heading'), 'Telefonsamtale');
    await userEvent.type(await find('#note-body'), 'Har fået tid hos egen læge.');
    await userEvent.click(await find('.compose .primary'));
    await waitFor(() => expect(journal.querySelector('.compose')).toBe(null), {timeout: 10_000});
    await waitFor(() => expect(journal.querySelector('.days')).toHaveTextContent('Har fået tid hos egen læge.'), {
      timeout: 10_000,
    });
  },
};

export const TwoPersonsSideBySide: Story = {
  render: (args, {globals}) => {
    const one = liveProvider(args, globals, html`<bsp-person></bsp-person><bsp-case-list></bsp-case-list>`);
    const other = liveProvider(
      {...args, person: 'holger'},
      globals,
      html`<bsp-person></bsp-person><bsp-case-list></bsp-case-list>`,
    );
    return html`<div class="side-by-side"><div>${one}</div><div>${other}</div></div>`;
  },
  play: async ({canvasElement}) => {
    const persons = [...canvasElement.querySelectorAll('bsp-person')];
    await waitFor(() => {
      for (const person of persons) if (!person.matches(':state(ready)')) throw new Error('Not ready.');
    });
    const [first, second] = persons.map((person) => person.shadowRoot!.querySelector('section')!.textContent);
    await expect(first).toContain('Maude Agerlund');
    await expect(second).toContain('Holger Skjern');
  },
};
