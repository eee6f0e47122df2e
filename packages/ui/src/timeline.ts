import type {Formats} from '@bsp/core';
import {html, type TemplateResult} from 'lit';
import {keyedList} from './keyed-list.js';

/** See {@link timeline}. */
export interface TimelineOptions<T> {
  /** In the order in which they are to stand. */
  readonly items: readonly T[];
  /** The moment that an item stands under (RFC 3339). */
  readonly at: (item: T) => string;
  readonly itemKey: (item: T) => string;
  /** Content of one `<li class="entry">`: `<time>`, `.what`, an end, then `.wide` lines. */
  readonly entry: (item: T) => unknown;
  /** Extra class of the entry, e.g. `new`. */
  readonly entryClass?: (item: T) => string;
  readonly formats: Formats;
  /** Level of the day headings: one below the window's. */
  readonly headingLevel: number;
}

/** Items grouped by calendar day in Denmark: a heading and an ordered list each. Needs {@link timelineStyles}. */
export function timeline<T>({
  items,
  at,
  itemKey,
  entry,
  entryClass,
  formats,
  headingLevel,
}: TimelineOptions<T>): TemplateResult {
  const days: {key: string; first: T; items: T[]}[] = [];
  for (const item of items) {
    const key = formats.dayKey(at(item));
    const last = days.at(-1);
    if (last?.key === key) last.items.push(item);
    else days.push({key, first: item, items: [item]});
  }
  return html`<div class="days">${keyedList(
    days,
    ({key}) => key,
    (day) => html`<section>
      <div class="day" role="heading" aria-level=${headingLevel}>${formats.dayHeading(at(day.first))}</div>
      <ol>${keyedList(
        day.items,
        itemKey,
        (item) => html`<li class="entry ${entryClass?.(item) ?? ''}">${entry(item)}</li>`,
      )}</ol>
    </section>`,
  )}</div>`;
}
