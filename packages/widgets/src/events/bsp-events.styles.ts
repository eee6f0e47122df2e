import {css} from 'lit';

/** What is the events' own. */
export const eventsStyles = css`
  .live {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    padding: 2px 6px;
    font-size: var(--_small);
    color: var(--_soft);
  }
  .entry.finished .what {
    font-weight: 400;
    color: var(--_soft);
  }
  .wide.meta {
    font-size: var(--_small);
    color: var(--_faint);
  }
  .meta .link {
    min-block-size: 24px;
    font-size: inherit;
  }
  .wide.do {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 8px;
    margin-block-start: 3px;
  }
  .do .button {
    padding-block: 0;
    font-size: var(--_small);
  }
  .failure {
    color: var(--_error);
  }
  .earlier {
    margin-block-start: 3px;
    border-inline-start: 2px solid var(--_line);
  }
  .earlier > .entry {
    grid-template-columns: minmax(0, 1fr) auto;
    padding: calc(var(--_y) / 2) 0 calc(var(--_y) / 2) 10px;
    border: 0;
  }
  .earlier > .entry > * {
    grid-column: auto;
  }
  .earlier > .entry > :is(time, .wide) {
    grid-column: 1 / -1;
  }
`;
