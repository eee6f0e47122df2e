import {css} from 'lit';

/** For {@link dataTable}. In a narrow container each row becomes a small grid; the roles keep it a table. */
export const tableStyles = css`
  table {
    inline-size: 100%;
    border-collapse: collapse;
    table-layout: fixed;
  }
  th {
    padding: 0 var(--_x);
    text-align: start;
    font-size: var(--_small);
    font-weight: 500;
    color: var(--_faint);
    white-space: nowrap;
  }
  th button {
    display: inline-flex;
    align-items: center;
    gap: 2px;
    min-block-size: 30px;
    margin-inline: -6px;
    padding: 0 6px;
    border: 0;
    background: none;
    font-weight: inherit;
  }
  th button:hover,
  th[aria-sort] button {
    color: var(--_ink);
  }
  th .icon {
    inline-size: 12px;
    block-size: 12px;
  }
  th:not([aria-sort]) .icon {
    opacity: 0;
  }
  th:not([aria-sort]) button:is(:hover, :focus-visible) .icon {
    opacity: 0.5;
  }
  td {
    padding: var(--_y) var(--_x);
    vertical-align: top;
    border-block-start: 1px solid var(--_line);
  }
  table + div {
    border-block-start: 1px solid var(--_line);
  }
  tbody tr:hover td {
    background: var(--_sunk);
  }
  .second {
    font-size: var(--_small);
    color: var(--_faint);
  }
  tbody tr.apart {
    color: var(--_soft);
    background: repeating-linear-gradient(135deg, var(--_surface) 0 8px, var(--_sunk) 8px 16px);
  }
  tbody tr.apart:hover td {
    background: none;
  }
  .nowrap {
    white-space: nowrap;
  }
  @container (max-width: 52em) {
    table,
    tbody,
    thead {
      display: block;
    }
    thead tr {
      display: flex;
      flex-wrap: wrap;
      column-gap: var(--_x);
      padding-inline: var(--_x);
    }
    th {
      padding: 0;
    }
    th:not([aria-sort]) .icon {
      display: none;
    }
    tbody tr {
      display: flex;
      flex-wrap: wrap;
      align-items: baseline;
      gap: 2px var(--_x);
      padding: var(--_y) var(--_x);
      border-block-start: 1px solid var(--_line);
    }
    td {
      padding: 0;
      border: 0;
    }
    td:first-child {
      flex: 1 0 100%;
    }
    tr.apart td:first-child {
      flex: 1 1 0;
    }
    tbody tr:hover td {
      background: none;
    }
  }
`;
