import {css} from 'lit';

/** Filters and what stands under a note of ours. */
export const toolsStyles = css`
  .tools > select {
    max-inline-size: min(18em, 100%);
  }
  .fold[aria-expanded='false'] > :last-child,
  .fold[aria-expanded='true'] > :first-child {
    display: none;
  }
  @media print {
    .entry button.small {
      display: none;
    }
  }
`;
