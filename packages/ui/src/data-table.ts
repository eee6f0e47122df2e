import {html, nothing, type TemplateResult} from 'lit';
import {guard} from 'lit/directives/guard.js';
import {repeat} from 'lit/directives/repeat.js';
import {arrowDownIcon, arrowUpIcon} from './icons.js';

/** A column of a {@link dataTable}. */
export interface Column<T, K extends string = string> {
  /** Also the class of its heading. */
  readonly key: K;
  readonly heading: string;
  /** The whole `<td role="cell">`, with the key as its class: a template around each would cost a third of a list. */
  readonly cell: (row: T) => TemplateResult;
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
  /** What the cells depend on besides their row: while it and the row stand, so does what is rendered. */
  readonly dependsOn: readonly unknown[];
  readonly sort?: Sort<K>;
  readonly onSort?: (sort: Sort<K>) => void;
  /** Columns whose first click sorts the last first: dates. */
  readonly descendingFirst?: readonly K[];
  /** Rows of another kind that follow: whole `<tr role="row" class="apart">`. */
  readonly apart?: unknown;
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
  dependsOn,
  sort,
  onSort,
  descendingFirst = [],
  apart,
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
  return html`<table role="table">
    <caption class="unseen">${label}</caption>
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
    <tbody role="rowgroup">${repeat(rows, uniqueKey, (row) =>
      guard([row, ...dependsOn], () => html`<tr role="row">${columns.map(({cell}) => cell(row))}</tr>`),
    )}${apart}</tbody>
  </table>`;
  /* eslint-enable lit-a11y/no-redundant-role */
}
