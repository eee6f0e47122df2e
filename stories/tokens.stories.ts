import type {Meta, StoryObj} from '@storybook/web-components-vite';
import {render} from 'lit';
import {expect} from 'storybook/test';
import {isEnough, measurePairs, type Pair, tokenPage} from './blocks/token-page.js';

export default {title: 'Tokens', tags: ['!autodocs', 'contrast']} satisfies Meta;

const measuring = new WeakMap<Element, Promise<readonly Pair[]>>();

export const Contrast: StoryObj = {
  render: (_args, {globals}) => {
    const page = document.createElement('div');
    page.className = 'contrast';
    const place = document.createElement('div');
    page.append(place);
    const measure = async () => {
      const pairs = await measurePairs(place, globals.lang);
      place.remove();
      render(tokenPage(pairs), page);
      return pairs;
    };
    measuring.set(page, measure());
    return page;
  },
  play: async ({canvasElement}) => {
    const pairs = (await measuring.get(canvasElement.querySelector('.contrast')!)) ?? [];
    for (const carrier of ['text', 'edge', 'sign', 'focus'])
      await expect(pairs.filter((pair) => pair.carrier === carrier).length, carrier).toBeGreaterThan(0);
    const poor = pairs
      .filter((pair) => !isEnough(pair))
      .map(({carrier, front, back, where, seen}) => ({carrier, front, back, where, seen}));
    await expect(poor).toEqual([]);
  },
};
