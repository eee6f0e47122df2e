import type {Meta} from '@storybook/web-components-vite';
import * as events from '../tests/browser/scenes/events.js';
import {anatomyOf} from './blocks/anatomy.js';
import WindowPage from './blocks/window-page.mdx';
import {scenesOf, type WindowArgs} from './scene-story.js';

const scene = scenesOf(events);

export default {
  title: 'Windows/Events',
  component: 'bsp-events',
  parameters: {docs: {page: WindowPage}, states: {busy: 'loading'}},
} satisfies Meta<WindowArgs>;

export const Anatomy = anatomyOf(events, ['partial']);
export const Ready = scene('ready');
export const Unfolded = scene('unfolded');
export const ReadOnly = scene('read-only');
export const NotLive = scene('not-live');
export const Manual = scene('manual');
export const NotSaved = scene('not-saved');
export const Ungrouped = scene('ungrouped');
export const Partial = scene('partial');
export const Stale = scene('stale');
export const Loading = scene('loading');
export const Empty = scene('empty');
export const PartialEmpty = scene('partial-empty');
const error = scene('error');

export {error as Error};
export const Forbidden = scene('forbidden');
export const Unsupported = scene('unsupported');
export const Offline = scene('offline');
export const NoSubject = scene('no-subject');
export const Veiled = scene('veiled');
export const More = scene('more');
export const FilteredAway = scene('filtered-away');
export const Compact = scene('compact');
