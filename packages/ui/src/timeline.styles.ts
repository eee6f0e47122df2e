import {css} from 'lit';

/** For {@link timeline}. */
export const timelineStyles = css`
  .day {
    padding: 6px var(--_x) 4px;
    font-size: var(--_small);
    font-weight: 500;
    color: var(--_faint);
    background: var(--_sunk);
    border-block-end: 1px solid var(--_line);
  }
  .days > section + section > .day {
    border-block-start: 1px solid var(--_line);
  }
  .entry {
    display: grid;
    grid-template-columns: 3.2em minmax(0, 1fr) auto;
    gap: 2px 10px;
    padding: var(--_y) var(--_x);
  }
  .entry + .entry {
    border-block-start: 1px solid var(--_line);
  }
  .entry > time {
    padding-block-start: 1px;
    font-size: var(--_small);
    color: var(--_faint);
  }
  .entry > .what {
    font-weight: 500;
  }
  .entry > .wide {
    grid-column: 2 / -1;
  }
  /* Points between the parts of a line: one that would stand before its first part is cut off, so none ever dangles. */
  .meta {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 12px;
    clip-path: inset(-4px);
  }
  .meta > * + ::before {
    content: '·';
    display: inline-block;
    inline-size: 12px;
    margin-inline-start: -12px;
    text-align: center;
  }
  .entry.new {
    box-shadow: inset 3px 0 0 var(--_accent);
  }
  @media (forced-colors: active) {
    .entry.new {
      border-inline-start: 3px solid Highlight;
    }
  }
`;
