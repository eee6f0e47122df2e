import {html, nothing, type TemplateResult} from 'lit';
import {arrowDownIcon, arrowUpIcon} from './icons.js';
import {tableRows} from './table-rows.js';

export {patternOf} from './table-rows.js';

/** A column of a {@link dataTable}. */
export interface Column<T, K extends string = string> {
  /** Also the class of its heading. */
  readonly key: K;
  readonly heading: string;
  /** Rows can't be sorted by it. */
  readonly unsorted?: true;
  /** The whole `<td role="cell">`, with the key as its class, as it stands in every row. */
  readonly cell: TemplateResult;
  /** Puts into a copy of the cell what a row says: as text, never as markup. */
  readonly fill: (cell: HTMLElement, row: T) => void;
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
  /** While the same array is given and a row is the same object, what stands of it stands. */
  readonly columns: readonly Column<T, K>[];
  readonly rows: readonly T[];
  /** Identity of a row: focus stays with the record when others arrive above it. */
  readonly rowKey: (row: T) => string;
  /** The user has pressed a row's button of the class `link`. */
  readonly onOpen?: (row: T) => void;
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
  onOpen,
  sort,
  onSort,
  descendingFirst = [],
  apart,
}: DataTableOptions<T, K>): TemplateResult {
  const next = (key: K): Sort<K> => ({
    key,
    descending: sort?.key === key ? !sort.descending : descendingFirst.includes(key),
  });
  /* eslint-disable lit-a11y/no-redundant-role -- a block display takes the implicit role away */
  return html`<table role="table">
    <caption class="unseen">${label}</caption>
    <thead role="rowgroup">
      <tr role="row">${columns.map(({key, heading, unsorted}) => {
        const sorted = sort?.key === key;
        return html`<th
          role="columnheader"
          scope="col"
          class=${key}
          aria-sort=${sorted ? (sort.descending ? 'descending' : 'ascending') : nothing}
          >${
            onSort && !unsorted
              ? html`<button @click=${() => onSort(next(key))}>${heading}${
                  (sorted ? sort : next(key)).descending ? arrowDownIcon() : arrowUpIcon()
                }</button>`
              : heading
          }</th
        >`;
      })}</tr>
    </thead>
    <tbody role="rowgroup">${tableRows({columns, rows, rowKey, onOpen})}${apart}</tbody>
  </table>`;
  /* eslint-enable lit-a11y/no-redundant-role */
}
