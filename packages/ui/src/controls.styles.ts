import {css} from 'lit';

/** For {@link segmented}, {@link searchField}, and plain inputs, selects and text areas. */
export const controlStyles = css`
  input,
  select,
  textarea {
    font: inherit;
    color: inherit;
  }
  .field,
  select,
  textarea {
    min-block-size: var(--_control-height);
    padding: 2px 8px;
    background: var(--_surface);
    border: 1px solid var(--_control);
    border-radius: var(--_radius);
    max-inline-size: 100%;
  }
  select {
    padding-inline: 4px;
  }
  ::placeholder {
    color: var(--_faint);
    opacity: 1;
  }
  .search {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    flex: 1 1 9em;
    min-inline-size: 8em;
    max-inline-size: 18em;
    color: var(--_faint);
  }
  .search > input {
    flex: 1;
    min-inline-size: 0;
    border: 0;
    padding: 0;
    background: none;
    outline: none;
    color: var(--_ink);
  }
  .search:focus-within {
    outline: 3px solid var(--_focus);
    outline-offset: 1px;
  }
  .segmented {
    display: inline-flex;
    margin: 0;
    padding: 0;
    border: 1px solid var(--_control);
    border-radius: var(--_radius);
    background: var(--_surface);
  }
  .segmented > label {
    position: relative;
    display: inline-flex;
    align-items: center;
    min-block-size: calc(var(--_control-height) - 2px);
    padding: 0 10px;
    color: var(--_soft);
    cursor: pointer;
  }
  .segmented > label:has(:checked) {
    background: var(--_accent-soft);
    color: var(--_link);
    font-weight: 600;
  }
  .segmented > label:has(:focus-visible) {
    outline: 3px solid var(--_focus);
    outline-offset: 1px;
    border-radius: var(--_radius);
    z-index: 1;
  }
  .segmented input {
    position: absolute;
    inset: 0;
    opacity: 0;
    margin: 0;
    cursor: inherit;
  }
  .segmented span {
    display: inline-grid;
  }
  .segmented span::after {
    content: attr(data-text);
    block-size: 0;
    overflow: hidden;
    visibility: hidden;
    font-weight: 600;
  }
  @media (forced-colors: active) {
    .segmented > label:has(:checked) {
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
    }
  }
`;
