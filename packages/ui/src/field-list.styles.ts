import {css} from 'lit';

/** For {@link fieldList}. */
export const fieldListStyles = css`
  .fields {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr);
    align-items: baseline;
    gap: var(--_unit) var(--_x);
    padding: var(--_y) var(--_x);
  }
  .fields > dt {
    color: var(--_faint);
  }
  @container (max-width: 24em) {
    .fields {
      grid-template-columns: minmax(0, 1fr);
      row-gap: 0;
    }
    .fields > dd {
      margin-block-end: var(--_unit);
    }
  }
`;
