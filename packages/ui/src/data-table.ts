import {html, nothing, type TemplateResult} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import {arrowDownIcon, arrowUpIcon} from './icons.js';

/** A column of a {@link dataTable}. */
export interface Column<T, K extends string = string> {
  /** Also the class of its cells. */
  readonly key: K;
  readonly heading: string;
  readonly cell: (row: T) => unknown;
}

/** Which column rows are sorted by. */
export interface Sort<K extends string = string> {
  readonly key: K;
  readonly descending: boolean;
}

/** See {@link dataTable}. */
export interface DataTableOptions<T, K extends string> {
  /** Names the table for a screen reader. */
  readonly label: string;
  readonly columns: readonly Column<T, K>[];
  readonly rows: readonly T[];
  /** Identity of a row: focus stays with the record when others arrive above it. */
  readonly rowKey: (row: T) => string;
  readonly sort?: Sort<K>;
  readonly onSort?: (sort: Sort<K>) => void;
  /** Columns whose first click sorts the last first: dates. */
  readonly descendingFirst?: readonly K[];
  /** Rows of another kind that follow: one text over all columns but the last, which holds `end`. */
  readonly apart?: readonly {readonly text: unknown; readonly end: unknown}[];
}

/**
 * A real table, with roles written out so that a narrow container may lay its rows out as blocks. Needs
 * {@link tableStyles}. Sorting is done by the window; the headers say and choose it.
 */
export function dataTable<T, K extends string>({
  label,
  columns,
  rows,
  rowKey,
  sort,
  onSort,
  descendingFirst = [],
  apart = [],
}: DataTableOptions<T, K>): TemplateResult {
  const next = (key: K): Sort<K> => ({
    key,
    descending: sort?.key === key ? !sort.descending : descendingFirst.includes(key),
  });
  const seen = new Map<string, number>();
  // A source that gives one reference twice must not break the rendering.
  const uniqueKey = (row: T) => {
    const key = rowKey(row);
    const times = seen.get(key) ?? 0;
    seen.set(key, times + 1);
    return times ? `${key}\u0000${times}` : key;
  };
  /* eslint-disable lit-a11y/no-redundant-role -- a block display takes the implicit role away */
  return html`<table role="table" aria-label=${label}>
    <thead role="rowgroup">
      <tr role="row">${columns.map(({key, heading}) => {
        const sorted = sort?.key === key;
        return html`<th
          role="columnheader"
          scope="col"
          class=${key}
          aria-sort=${sorted ? (sort.descending ? 'descending' : 'ascending') : nothing}
          >${
            onSort
              ? html`<button @click=${() => onSort(next(key))}>${heading}${
                  (sorted ? sort : next(key)).descending ? arrowDownIcon() : arrowUpIcon()
                }</button>`
              : heading
          }</th
        >`;
      })}</tr>
    </thead>
    <tbody role="rowgroup">${repeat(
      rows,
      uniqueKey,
      (row) =>
        html`<tr role="row">${columns.map(({key, cell}) => html`<td role="cell" class=${key}>${cell(row)}</td>`)}</tr>`,
    )}${apart.map(
      ({text, end}) =>
        html`<tr role="row" class="apart"><td role="cell" colspan=${Math.max(1, columns.length - 1)}>${text}</td>${
          columns.length > 1 ? html`<td role="cell">${end}</td>` : nothing
        }</tr>`,
    )}</tbody>
  </table>`;
  /* eslint-enable lit-a11y/no-redundant-role */
}
