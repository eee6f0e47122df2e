import {css} from 'lit';

/** What is the case list's own. */
export const caseListStyles = css`
  .mark {
    padding-inline: 5px;
    border-radius: var(--_radius);
    background: none;
    border: 1px solid var(--_control);
    line-height: 16px;
    white-space: nowrap;
  }
  .mark .icon {
    inline-size: 12px;
    block-size: 12px;
    vertical-align: -2px;
    margin-inline-end: 3px;
  }
  .mark.vip {
    background: var(--_ink);
    border-color: var(--_ink);
    color: var(--_surface);
  }
  td.case {
    inline-size: 42%;
  }
  td.status .second {
    margin-block-start: 1px;
  }
  td.changed {
    white-space: nowrap;
  }
  .tools > select {
    margin-inline-start: auto;
  }
`;
