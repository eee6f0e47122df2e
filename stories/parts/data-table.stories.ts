import {type DataTableOptions, dataTable, lockIcon, pill, tableStyles} from '@bsp/ui';
import type {Meta} from '@storybook/web-components-vite';
import {html} from 'lit';
import {expect, userEvent} from 'storybook/test';
import {type PartContext, partOf, partRoot} from './part-story.js';

export default {
  title: 'Parts/Data table',
  parameters: {
    docs: {description: {component: 'A real table. In a narrow place its rows become blocks, and its roles stay.'}},
  },
} satisfies Meta;

interface Row {
  readonly id: string;
  readonly title: string;
  readonly source: string;
}
type Key = 'title' | 'status' | 'source';

const rows: readonly Row[] = [
  {id: '1', title: 'Kontanthjælp, nyansøgning', source: 'KY'},
  {id: '2', title: 'Boligstøtte 2026', source: 'KMD Sag'},
  {id: '3', title: 'Hjælpemiddel: arbejdsstol', source: 'KMD Nexus'},
];
const part = partOf(tableStyles);
const sayTitle = (cell: HTMLElement, {title}: Row) => {
  cell.textContent = title;
};
const saySource = (cell: HTMLElement, {source}: Row) => {
  cell.textContent = source;
};
const table = ({say}: PartContext, more: Partial<DataTableOptions<Row, Key>> = {}) =>
  dataTable<Row, Key>({
    label: say('Sager', 'Cases'),
    columns: [
      {key: 'title', heading: say('Sag', 'Case'), cell: html`<td role="cell" class="title"></td>`, fill: sayTitle},
      {
        key: 'status',
        heading: 'Status',
        cell: html`<td role="cell" class="status">${pill('accent', say('Oplyst', 'Informed'))}</td>`,
        fill: () => undefined,
      },
      {
        key: 'source',
        heading: say('Kilde', 'Source'),
        cell: html`<td role="cell" class="source"></td>`,
        fill: saySource,
      },
    ],
    rows,
    rowKey: ({id}) => id,
    ...more,
  });

export const Plain = part((context) => table(context));
export const NoRows = part((context) => table(context, {rows: []}));
export const RowsApart = part((context) =>
  table(context, {
    apart: html`<tr role="row" class="apart">
      <td role="cell" colspan="2">
        ${lockIcon()} ${context.say('Her er sager, som du ikke har adgang til.', 'Here are cases that you have no access to.')}
      </td>
      <td role="cell">DUBU</td>
    </tr>`,
  }),
);
const sortable = () => {
  let sort: {key: Key; descending: boolean} = {key: 'title', descending: false};
  return part((context) =>
    table(context, {
      sort,
      onSort: (chosen) => {
        sort = chosen;
        context.draw();
      },
      rows: [...rows].sort((one, other) => one.title.localeCompare(other.title) * (sort.descending ? -1 : 1)),
    }),
  );
};
export const Sorted = sortable();
export const SortedBackwards = {
  ...sortable(),
  play: async ({canvasElement}: {canvasElement: HTMLElement}) => {
    const root = partRoot(canvasElement);
    await userEvent.click(root.querySelector('th button')!);
    await expect(root.querySelector('th')).toHaveAttribute('aria-sort', 'descending');
    await expect(root.querySelector('td')).toHaveTextContent('Kontanthjælp, nyansøgning');
  },
};
