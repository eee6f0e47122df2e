import {css} from 'lit';

/** Filters and what stands under a note of ours. */
export const toolsStyles = css`
  .tools > select {
    max-inline-size: min(18em, 100%);
  }
  @media print {
    .entry button.small {
      display: none;
    }
  }
`;
