import {css} from 'lit';

/** What is the case list's own. */
export const caseListStyles = css`
  .mark.vip {
    background: var(--_ink);
    border-color: var(--_ink);
    color: var(--_surface);
  }
  .mark.confidential {
    padding: 0;
    border: 0;
  }
  .mark.unknown {
    border-style: dashed;
  }
  th.status {
    inline-size: 19%;
  }
  th.responsible {
    inline-size: 22%;
  }
  th.changed {
    inline-size: 9.6em;
  }
  th.source {
    inline-size: 9.2em;
  }
  td.changed {
    white-space: nowrap;
  }
  td.status .second {
    margin-block-start: 1px;
  }
  @container (max-width: 52em) {
    th.status,
    th.responsible,
    th.changed,
    th.source {
      inline-size: auto;
    }
    tbody tr:not(.apart) {
      display: grid;
      grid-template: auto 1fr / minmax(0, 1fr) minmax(0, 1fr) minmax(6em, auto);
    }
    td.case {
      grid-row: 1 / 3;
    }
    td:is(.status, .responsible) {
      grid-column: 2;
    }
    td:is(.status, .responsible) .second {
      display: inline;
      margin-inline-start: 4px;
    }
    td:is(.changed, .source) {
      grid-column: 3;
      text-align: end;
      font-size: var(--_small);
      color: var(--_soft);
    }
    td.changed {
      grid-row: 1;
    }
    tr.apart td:last-child {
      font-size: var(--_small);
    }
  }
  @container (max-width: 34em) {
    tbody tr:not(.apart) {
      grid-template: none / minmax(0, 1fr) auto;
    }
    td.case {
      grid-area: 1 / 1 / 2 / 3;
    }
    td:is(.status, .responsible) {
      grid-column: 1;
    }
    td:is(.changed, .source) {
      grid-column: 2;
    }
    td.changed {
      grid-row: 2;
    }
  }
`;
