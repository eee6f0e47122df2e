import {css} from 'lit';
import {sourceDetailsStyles} from './source-details.js';

/** The rest of every window's styles: what first rows do not show. Adopted with `panel-sources`. */
export const lateWindowStyles = css`
  ${sourceDetailsStyles}
  :host(:state(pinned)) .panel {
    border-color: var(--_warning);
    border-style: dashed;
  }
  :host(:state(pinned)) .title > .unseen {
    position: static;
    clip-path: none;
    font-weight: 400;
    white-space: normal;
  }
  .foot {
    justify-content: space-between;
    background: var(--_sunk);
    border-end-start-radius: var(--_radius);
    border-end-end-radius: var(--_radius);
  }
  .more {
    justify-content: center;
  }
  .button.primary {
    background: var(--_accent);
    border-color: var(--_accent);
    color: var(--_on-accent);
    font-weight: 500;
  }
  .button.primary:hover {
    filter: brightness(0.92);
  }
  .button[aria-disabled='true'] {
    opacity: 0.65;
    cursor: default;
  }
  .dot {
    flex: none;
    border: 4px solid var(--_ok);
    border-radius: 50%;
  }
  .dot.some {
    border-color: light-dark(#c67c00, #f5b942);
  }
  .dot.none {
    border-color: var(--_error);
    border-radius: 1px;
  }
  .dot.waiting {
    border-color: var(--_control);
    border-width: 2px;
    padding: 2px;
  }
  .notice {
    flex-wrap: wrap;
    padding: var(--_y) var(--_x);
    background: var(--_neutral-soft);
    border-block-start: 1px solid var(--_line);
  }
  .notice > div {
    display: flex;
    gap: var(--_y);
    flex: 1 1 14em;
  }
  .notice .icon {
    margin-block-start: 0.15em;
  }
  .notice.warning {
    background: var(--_warning-soft);
    color: var(--_warning);
  }
  .notice.error {
    background: var(--_error-soft);
    color: var(--_error);
  }
  .veil {
    position: absolute;
    inset: 0;
    padding: calc(var(--_unit) * 7) var(--_x);
    text-align: center;
    color: var(--_soft);
    background: var(--_sunk);
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
  }
  @media (forced-colors: active) {
    .link {
      text-decoration: underline;
    }
  }
  @media print {
    .actions,
    .tools,
    .more,
    .button {
      display: none;
    }
  }
`;
