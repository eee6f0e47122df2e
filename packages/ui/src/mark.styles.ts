import {css} from 'lit';

/** A short word in a frame beside a text, with an icon before it: `<span class="mark">`. */
export const markStyles = css`
  .mark {
    padding-inline: 5px;
    border-radius: var(--_radius);
    background: none;
    border: 1px solid var(--_control);
    line-height: 16px;
    white-space: nowrap;
    margin-inline-end: 4px;
  }
  .mark .icon {
    inline-size: 12px;
    block-size: 12px;
    vertical-align: -2px;
    margin-inline-end: 3px;
  }
`;
