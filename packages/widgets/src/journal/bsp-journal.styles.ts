import {css} from 'lit';

/** What is the journal's own until its first rows. */
export const journalStyles = css`
  .tools.coming {
    min-block-size: calc(var(--_control-height) + var(--_y) * 2);
  }
  .entry > .pill {
    align-self: start;
    max-inline-size: 12em;
  }
  .entry .text {
    max-inline-size: 72ch;
    color: var(--_soft);
  }
  .entry .link.small {
    min-block-size: 24px;
    font-weight: normal;
  }
  .folded {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 5;
    overflow: hidden;
  }
  .addenda > li {
    margin-block-start: var(--_unit);
    padding-inline-start: 10px;
    border-inline-start: 2px solid var(--_border);
  }
  .own {
    min-block-size: 20px;
  }
  @media print {
    .folded {
      display: block;
    }
  }
`;
