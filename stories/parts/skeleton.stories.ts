import {skeleton} from '@bsp/ui';
import type {Meta} from '@storybook/web-components-vite';
import {partOf} from './part-story.js';

export default {
  title: 'Parts/Skeleton',
  parameters: {
    docs: {
      description: {
        component:
          'Placeholder rows with the height of what comes. It breathes, unless the machine asks for less motion.',
      },
    },
  },
} satisfies Meta;

const part = partOf();

export const FourRows = part(() => skeleton());
export const OneRow = part(() => skeleton(1));
