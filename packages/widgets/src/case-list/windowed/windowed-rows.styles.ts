import {css} from 'lit';

/**
 * For windowed rows. Each row is laid out by itself, in the widths that the table has otherwise: what comes and goes moves
 * no other. How high all is and where rows stand is set by script.
 */
export const windowedRowsStyles = css`
  .rows {
    max-block-size: var(--bsp-rows-size, min(36em, 80vh));
    overflow: hidden auto;
    overflow-anchor: none;
    isolation: isolate;
  }
  /* Around it: the headings would lie over one inside. */
  .rows:focus-visible {
    outline-offset: -1px;
  }
  .rows :is(table, thead, tbody) {
    display: block;
  }
  .rows thead {
    position: sticky;
    inset-block-start: 0;
    z-index: 1;
    background: var(--_surface);
    box-shadow: 0 1px var(--_line);
  }
  .rows tbody {
    position: relative;
  }
  .rows tr.kept {
    position: absolute;
    inset-inline: 0;
  }
  .on-paper {
    display: none;
  }
  /* As wide as it may become: else the foot would change its lines while one scrolls. */
  .in-sight {
    display: inline-block;
    vertical-align: top;
  }
  .in-sight::after {
    content: attr(data-longest);
    display: block;
    block-size: 0;
    overflow: hidden;
    visibility: hidden;
  }
  @container (width > 52em) {
    .rows tr {
      display: flex;
    }
    .rows :is(th, td) {
      flex: none;
    }
    .rows :is(.case, tr.apart td:first-child) {
      flex: 1;
      min-inline-size: 0;
    }
    .rows td.status {
      inline-size: 19%;
    }
    .rows td.responsible {
      inline-size: 22%;
    }
    .rows td.changed {
      inline-size: calc(var(--_small) * 9.6);
    }
    .rows :is(td.source, tr.apart td:last-child) {
      inline-size: calc(var(--_small) * 9.2);
    }
  }
  /* A head that stays would leave no room for the rows. */
  @media (max-height: 22em) {
    .rows thead {
      position: static;
    }
  }
  @media print {
    .rows {
      max-block-size: none;
      overflow: visible;
    }
    .rows thead {
      position: static;
    }
    /* Without the height of all rows, and the place of these. */
    .rows tbody {
      display: contents;
    }
    .rows tr.kept,
    .in-sight {
      display: none;
    }
    .on-paper {
      display: inline;
    }
  }
`;
