import {css} from 'lit';

/** A field that sits in a host's page, and a list that lies above what comes after it. */
export const searchStyles = css`
  :host {
    container-type: normal;
  }
  .panel {
    position: relative;
    background: none;
    border: 0;
  }
  .label {
    display: block;
    margin-block-end: calc(var(--_unit) / 2);
    font-weight: 600;
  }
  .line {
    display: flex;
    gap: var(--_y);
  }
  input {
    flex: 1;
    min-inline-size: 0;
    min-block-size: calc(var(--_control-height) + 4px);
    padding: 2px 10px;
    font: inherit;
    color: var(--_ink);
    background: var(--_surface);
    border: 1px solid var(--_control);
    border-radius: var(--_radius);
  }
  ::placeholder {
    color: var(--_faint);
    opacity: 1;
  }
  [aria-invalid='true'] {
    border-color: var(--_error);
  }
  .line > .button {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    background: var(--_accent);
    border-color: var(--_accent);
    color: var(--_on-accent);
  }
  .fault {
    margin-block-start: var(--_unit);
    color: var(--_error);
  }
  .popup {
    position: absolute;
    z-index: 20;
    inset-inline: 0;
    inset-block-start: 100%;
    margin-block-start: var(--_unit);
    background: var(--_surface);
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    box-shadow: 0 6px 24px rgb(0 0 0 / 18%);
  }
  .said {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--_unit) var(--_y);
    padding: var(--_y) var(--_x);
    color: var(--_soft);
  }
  .said.warning {
    background: var(--_warning-soft);
    color: var(--_warning);
  }
  .said.error {
    background: var(--_error-soft);
    color: var(--_error);
  }
  .hits {
    max-block-size: min(26em, 60vh);
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  .said + .hits,
  .hits + .said {
    border-block-start: 1px solid var(--_line);
  }
  .hit {
    display: grid;
    grid-template-columns: 1fr auto;
    gap: 0 var(--_x);
    padding: calc(var(--_unit) + 2px) var(--_x);
    cursor: pointer;
  }
  .hit + .hit {
    border-block-start: 1px solid var(--_line);
  }
  .hit:hover {
    background: var(--_neutral-soft);
  }
  .hit[aria-selected='true'] {
    background: var(--_accent-soft);
    box-shadow: inset 3px 0 0 var(--_accent);
  }
  .name {
    font-weight: 600;
  }
  .detail {
    grid-column: 1 / -1;
    color: var(--_soft);
    font-size: var(--_small);
  }
  .number {
    white-space: nowrap;
  }
  .case .number {
    white-space: normal;
    text-align: end;
  }
  .mark {
    font-weight: 400;
  }
  .kind {
    margin-inline-end: 6px;
  }
  [aria-selected='true'] .mark {
    background: var(--_surface);
  }
  @media (forced-colors: active) {
    .hit[aria-selected='true'] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
  @media print {
    .panel {
      display: none;
    }
  }
`;
