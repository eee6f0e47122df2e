import type {Meta} from '@storybook/web-components-vite';
import * as idle from '../tests/browser/scenes/idle.js';
import BesidePage from './blocks/beside-page.mdx';
import {scenesOf, type WindowArgs} from './scene-story.js';

const scene = scenesOf(idle);

export default {
  title: 'Beside the windows/Idle',
  component: 'bsp-idle',
  // A modal dialog would stand over the page that describes it.
  parameters: {docs: {page: BesidePage, story: {inline: false, height: '300px'}}},
} satisfies Meta<WindowArgs>;

export const Quiet = scene('quiet');
export const Nobody = scene('nobody');
export const Asking = scene('asking');
export const AskingLonger = scene('asking-longer');
export const AskingNameless = scene('asking-nameless');
export const AskingNotKept = scene('asking-not-kept');
export const AskingHostile = scene('asking-hostile');
export const Closed = scene('closed');
