import '@bsp/core/define';
import '@bsp/widgets/case-list/define';
import '@bsp/widgets/events/define';
import '@bsp/widgets/journal/define';
import '@bsp/widgets/person/define';
import type {BspProvider, WindowState} from '@bsp/core';
import {type Behaviour, characters, type KorsbaekBackend, korsbaekBackend, sourceIds, systems} from '@bsp/korsbaek';
import type {ArgTypes, StoryObj} from '@storybook/web-components-vite';
import {html, render} from 'lit';
import {expect, waitFor} from 'storybook/test';
import {letTimeStand} from '../../.storybook/still-time.js';
import {setOnline} from '../../tests/browser/fixtures/scene.js';

const someone = {
  nobody: undefined,
  stranger: '700170-1000',
  ...Object.fromEntries(characters.map(({key, cpr}) => [key, cpr])),
};

/** What the controls of a live story change. */
export interface LiveArgs {
  /** Key of a character of Korsbæk's; `stranger` is a number that nobody has. */
  readonly person: string;
  /** Milliseconds until a source answers. */
  readonly latencyMs: number;
  /** Sources that fail. */
  readonly failing: readonly string[];
  readonly failure: Behaviour['failures'][string];
  /** Every request fails as a whole. */
  readonly requests: 'answered' | '401' | '429' | '503' | 'network';
  /** Of each source's records so many can't be read. */
  readonly unreadable: number;
  /** Capabilities that the user does not have. */
  readonly without: readonly string[];
  readonly online: boolean;
}

export const liveArgs: LiveArgs = {
  person: 'holger',
  latencyMs: 0,
  failing: [],
  failure: 'unavailable',
  requests: 'answered',
  unreadable: 0,
  without: [],
  online: true,
};

export const liveArgTypes: Partial<ArgTypes<LiveArgs>> = {
  person: {
    control: {type: 'select', labels: Object.fromEntries(characters.map(({key, name}) => [key, name]))},
    options: Object.keys(someone),
    description: 'Who is chosen',
  },
  latencyMs: {
    control: {type: 'range', min: 0, max: 10_000, step: 100},
    description: 'Milliseconds until a source answers',
  },
  failing: {
    control: {type: 'check', labels: Object.fromEntries(sourceIds.map((id) => [id, systems[id].name]))},
    options: sourceIds,
    description: 'Sources that fail',
  },
  failure: {
    control: 'select',
    options: ['unavailable', 'timeout', 'forbidden', 'needs-purpose', 'invalid', 'not-applicable'],
    description: 'How they fail',
  },
  requests: {
    control: 'select',
    options: ['answered', '401', '429', '503', 'network'],
    description: 'How every read as a whole is answered',
  },
  unreadable: {control: {type: 'range', min: 0, max: 5}, description: 'Unreadable records of each source'},
  without: {
    control: 'check',
    options: ['read:person', 'read:cases', 'read:journal', 'read:events', 'act:note.create', 'act:reveal', 'live'],
    description: 'What the user may not do',
  },
  online: {control: 'boolean', description: 'The browser has a connection'},
};

/** A backend that behaves as the controls say. */
export function backendOf(args: LiveArgs): KorsbaekBackend {
  const request = args.requests === 'network' ? 'network' : (Number(args.requests) as 401 | 429 | 503);
  return korsbaekBackend({
    behaviour: {
      latencyMs: args.latencyMs,
      deadlineMs: Math.max(8000, args.latencyMs + 1000),
      failures: Object.fromEntries(args.failing.map((source) => [source, args.failure])),
      ...(args.requests === 'answered' ? {} : {requests: {read: request}}),
      invalidItems: args.unreadable,
      withoutCapabilities: [...args.without],
    },
  });
}

/** A real provider on a backend, with the person that the controls say, around what `content` gives. */
export function liveProvider(
  args: LiveArgs,
  globals: Readonly<Record<string, unknown>>,
  content: unknown,
): HTMLElement {
  letTimeStand(false);
  setOnline(args.online);
  const provider = document.createElement('bsp-provider');
  provider.lang = String(globals.lang);
  provider.backend = backendOf(args);
  render(content, provider);
  if (globals.density === 'compact') for (const window of provider.children) window.setAttribute('density', 'compact');
  const value = someone[args.person as keyof typeof someone];
  if (value) void provider.setSubject({type: 'cpr', value});
  return provider;
}

/** The provider of a live story. */
export const providerIn = (canvas: Element): BspProvider => canvas.querySelector('bsp-provider')!;

/** The backend behind a live story. */
export const backendIn = (canvas: Element): KorsbaekBackend => providerIn(canvas).backend as KorsbaekBackend;

/** What a window can be pressed in: its shadow root. */
export const windowIn = (canvas: Element, tag: string): ShadowRoot => canvas.querySelector(tag)!.shadowRoot!;

/** Waits until a window is in a state and nobody is waited for. */
export const reaches = (canvas: Element, tag: string, state: WindowState | 'busy'): Promise<void> =>
  waitFor(() => expect(canvas.querySelector(tag)?.matches(`:state(${state})`), `${tag} is ${state}`).toBe(true), {
    timeout: 10_000,
  });

const allSources = [...sourceIds, 'bsp', 'beskedfordeler'];

/** What brings a window into each of its states. */
const ways: Readonly<Record<WindowState, (resource: string) => Partial<LiveArgs>>> = {
  'no-subject': () => ({person: 'nobody'}),
  unsupported: (resource) => ({without: [`read:${resource}`]}),
  offline: () => ({online: false, requests: 'network'}),
  forbidden: () => ({failing: allSources, failure: 'forbidden'}),
  error: () => ({failing: allSources, failure: 'unavailable'}),
  loading: () => ({latencyMs: 3_600_000}),
  partial: (resource) => (resource === 'person' ? {unreadable: 1} : {failing: ['ky'], failure: 'timeout'}),
  stale: () => ({}),
  empty: (resource) => ({person: resource === 'person' ? 'stranger' : 'rasmus'}),
  ready: () => ({}),
};

/** Makes the live stories of a window: in each of its states, brought about by the backend behind it. */
export function liveStoriesOf(tag: string, resource: string): (state: WindowState) => StoryObj<LiveArgs> {
  return (state) => ({
    args: ways[state](resource),
    render: (args, {globals}) => {
      const element = document.createElement(tag);
      return liveProvider(args, globals, element);
    },
    play: async ({canvasElement}) => {
      if (state === 'stale') {
        await reaches(canvasElement, tag, 'ready');
        backendIn(canvasElement).behaviour.failures = {[resource === 'person' ? 'cpr' : 'momentum']: 'unavailable'};
        windowIn(canvasElement, tag).querySelector<HTMLElement>('.actions > .quiet:last-child')?.click();
      }
      await reaches(canvasElement, tag, state);
    },
  });
}

/** All four windows as a host lays them out. */
export const fourWindows = html`<bsp-person></bsp-person><bsp-case-list></bsp-case-list><bsp-journal></bsp-journal><bsp-events></bsp-events>`;
