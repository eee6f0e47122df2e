import type {Meta} from '@storybook/web-components-vite';
import {type LiveArgs, liveArgs, liveArgTypes, liveStoriesOf} from './live-story.js';

const live = liveStoriesOf('bsp-journal', 'journal');

export default {
  title: 'Live/Journal',
  tags: ['!autodocs', 'moving'],
  args: liveArgs,
  argTypes: liveArgTypes,
} satisfies Meta<LiveArgs>;

export const Ready = live('ready');
export const Partial = live('partial');
export const Stale = live('stale');
export const Loading = live('loading');
export const Empty = live('empty');
const error = live('error');

export {error as Error};
export const Forbidden = live('forbidden');
export const Unsupported = live('unsupported');
export const Offline = live('offline');
export const NoSubject = live('no-subject');
