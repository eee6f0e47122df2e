import {css} from 'lit';

/** What is the journal's own. */
export const journalStyles = css`
  .tools > select {
    max-inline-size: min(18em, 100%);
  }
  .entry > .pill {
    align-self: start;
    max-inline-size: 12em;
  }
  .entry .text {
    max-inline-size: 72ch;
    margin-block-start: 1px;
    color: var(--_soft);
  }
  .entry .link.small {
    font-weight: normal;
  }
  .folded {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 5;
    overflow: hidden;
  }
  .meta {
    display: flex;
    flex-wrap: wrap;
    gap: 0 12px;
  }
  .addenda > li {
    margin-block-start: var(--_unit);
    padding-inline-start: 10px;
    border-inline-start: 2px solid var(--_border);
  }
  @media print {
    .folded {
      display: block;
    }
    .entry button.small {
      display: none;
    }
  }
`;
