import {formatsFor} from '@bsp/core';
import {timeline, timelineStyles} from '@bsp/ui';
import type {Meta} from '@storybook/web-components-vite';
import {html} from 'lit';
import {partOf} from './part-story.js';

export default {
  title: 'Parts/Timeline',
  parameters: {docs: {description: {component: 'What happened, by the calendar day in Denmark.'}}},
} satisfies Meta;

interface Item {
  readonly id: string;
  readonly at: string;
  readonly text: string;
}
const items: readonly Item[] = [
  {id: '1', at: '2026-11-20T08:10:00Z', text: 'Telefonsamtale'},
  {id: '2', at: '2026-11-20T07:30:00Z', text: 'Ansøgning modtaget'},
  {id: '3', at: '2026-11-19T11:15:00Z', text: 'Hjemmebesøg'},
  {id: '4', at: '2025-06-03T11:15:00Z', text: 'Partshøring'},
];
const part = partOf(timelineStyles);
const line = (shown: readonly Item[], isNew: (item: Item) => boolean = () => false) =>
  part(({lang}) => {
    const formats = formatsFor(lang);
    return timeline({
      items: shown,
      at: ({at}) => at,
      itemKey: ({id}) => id,
      entry: ({at, text}) => html`<time datetime=${at}>${formats.time(at)}</time><span class="what">${text}</span>`,
      entryClass: (item) => (isNew(item) ? 'new' : ''),
      formats,
      headingLevel: 3,
    });
  });

export const SeveralDays = line(items);
export const OneDay = line(items.slice(0, 2));
export const WithNews = line(items, ({id}) => id === '1');
