import type {Meta} from '@storybook/web-components-vite';
import * as search from '../tests/browser/scenes/search.js';
import {anatomyOf} from './blocks/anatomy.js';
import WindowPage from './blocks/window-page.mdx';
import {scenesOf, type WindowArgs} from './scene-story.js';

const scene = scenesOf(search);

export default {
  title: 'Windows/Search',
  component: 'bsp-search',
  parameters: {docs: {page: WindowPage}},
} satisfies Meta<WindowArgs>;

export const Anatomy = anatomyOf(search, ['mixed']);
export const Idle = scene('idle');
export const TooShort = scene('too-short');
export const Invalid = scene('invalid');
export const InvalidCvr = scene('invalid-cvr');
export const Searching = scene('searching');
export const Ready = scene('ready');
export const Mixed = scene('mixed');
export const Marked = scene('marked');
export const Unknown = scene('unknown');
export const TooMany = scene('too-many');
export const Partial = scene('partial');
export const Incomplete = scene('incomplete');
export const Refused = scene('refused');
export const PartialNothing = scene('partial-nothing');
export const Empty = scene('empty');
const error = scene('error');

export {error as Error};
export const Failed = scene('failed');
export const Busy = scene('busy');
export const Forbidden = scene('forbidden');
export const Unsupported = scene('unsupported');
export const Offline = scene('offline');
export const Compact = scene('compact');
