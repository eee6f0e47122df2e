import {css} from 'lit';

/** A window of one line: no panel, no foot, and a heading beside what it heads. */
export const hopStyles = css`
  .panel {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: var(--_y) var(--_x);
    background: none;
    border: 0;
  }
  .header {
    min-block-size: 0;
    padding: 0;
    border: 0;
  }
  .title {
    font-size: inherit;
  }
  .count,
  .actions > :not(slot),
  .foot {
    display: none;
  }
  .notice {
    order: 1;
    inline-size: 100%;
    box-sizing: border-box;
  }
  .body {
    min-inline-size: 0;
    border: 0;
  }
  .targets {
    display: flex;
    flex-wrap: wrap;
    gap: var(--_y);
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .message {
    display: flex;
    flex-flow: row wrap;
    align-items: baseline;
    justify-content: start;
    gap: var(--_y) var(--_x);
    padding: 0;
    text-align: start;
  }
  .message svg {
    display: none;
  }
  .message p {
    margin: 0;
  }
  .button {
    border-radius: var(--_radius);
  }
  summary {
    display: inline-flex;
    align-items: center;
    gap: var(--_y);
    cursor: pointer;
    list-style: none;
  }
  summary::after {
    content: '';
    border: 4px solid transparent;
    border-block: 5px solid currentcolor;
    border-block-end: 0;
  }
  [open] > summary::after {
    rotate: 180deg;
  }
  details .targets {
    flex-direction: column;
    align-items: start;
    margin-block-start: var(--_y);
  }
  .said {
    margin-block-start: var(--_unit);
    color: var(--_error);
  }
  @media print {
    .panel {
      display: none;
    }
  }
`;
