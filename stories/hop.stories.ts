import type {Meta} from '@storybook/web-components-vite';
import * as hop from '../tests/browser/scenes/hop.js';
import {anatomyOf} from './blocks/anatomy.js';
import WindowPage from './blocks/window-page.mdx';
import {scenesOf, type WindowArgs} from './scene-story.js';

const scene = scenesOf(hop);

export default {
  title: 'Windows/Hop',
  component: 'bsp-hop',
  parameters: {docs: {page: WindowPage}, states: {busy: 'loading'}},
} satisfies Meta<WindowArgs>;

export const Anatomy = anatomyOf(hop, ['partial'], {dialog: 'Case list: Glass Asked', actions: ''});
export const Ready = scene('ready');
export const Menu = scene('menu');
export const MenuOpen = scene('menu-open');
export const Chosen = scene('chosen');
export const Blocked = scene('blocked');
export const Failed = scene('failed');
export const NotAllowed = scene('not-allowed');
export const Loading = scene('loading');
export const Empty = scene('empty');
export const NoneForPersons = scene('none-for-persons');
export const Partial = scene('partial');
export const Stale = scene('stale');
const error = scene('error');

export {error as Error};
export const Forbidden = scene('forbidden');
export const Unsupported = scene('unsupported');
export const Offline = scene('offline');
export const NoSubject = scene('no-subject');
export const Veiled = scene('veiled');
export const Compact = scene('compact');
