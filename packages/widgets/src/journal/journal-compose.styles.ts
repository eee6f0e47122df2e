import {dialogStyles} from '@bsp/ui';
import {css} from 'lit';

/** The forms, the question before a switch, and outcomes: adopted with their chunk. */
export const composeStyles = css`
  ${dialogStyles}
  :host {
    display: flex;
    flex-direction: column;
  }
  .compose {
    display: grid;
    gap: var(--_y);
    padding: calc(var(--_unit) * 2.5) var(--_x);
    background: var(--_sunk);
    border-block-start: 1px solid var(--_line);
    box-shadow: inset 3px 0 0 var(--_accent);
  }
  .wide > .compose {
    margin-block-start: var(--_unit);
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
  }
  .compose-fields {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(14em, 100%), 1fr));
    gap: var(--_y) var(--_x);
  }
  .compose-field {
    display: grid;
    gap: 2px;
    align-content: start;
  }
  .compose-field > label {
    font-size: var(--_small);
    color: var(--_soft);
  }
  .compose-field > :is(input, select, textarea) {
    inline-size: 100%;
    min-inline-size: 0;
  }
  .compose-field > textarea {
    padding: 6px 8px;
    field-sizing: content;
    min-block-size: 6.5em;
    max-block-size: min(60vh, 30em);
    resize: vertical;
    line-height: 1.5;
  }
  .wide > .compose textarea {
    min-block-size: 4em;
  }
  .compose :is(input, select, textarea)[aria-invalid] {
    border-color: var(--_error);
    box-shadow: inset 0 0 0 1px var(--_error);
  }
  .compose :is(input, textarea):read-only:not(select) {
    background: var(--_neutral-soft);
  }
  /* Its place stands while there is nothing in it. */
  .compose-hint {
    min-block-size: 1lh;
  }
  .compose-error {
    font-size: var(--_small);
    color: var(--_error);
  }
  .compose > .notice {
    border: 0;
    border-radius: var(--_radius);
  }
  .compose-foot,
  .compose-foot > span,
  .end {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px var(--_y);
  }
  .end {
    margin-inline-start: auto;
  }
  /* Pressing a button leaves the text, which keeps the draft: what is said of that must not move the button away. */
  .compose-draft {
    flex: 1 0 100%;
    min-block-size: 1lh;
    font-size: var(--_small);
    text-align: end;
  }
  .compose-foot .button {
    min-inline-size: 6.5em;
  }
  .compose-foot strong {
    font-weight: 600;
  }
  .saved {
    display: flex;
    align-items: center;
    gap: var(--_y);
    padding: var(--_y) var(--_x);
    color: var(--_ok);
    background: var(--_ok-soft);
    border-block-start: 1px solid var(--_line);
  }
  .saved > span {
    flex: 1;
  }
  .outcome {
    order: -1;
    margin-block-end: var(--_y);
    background: var(--_surface);
    border: 2px solid var(--_ink);
    border-radius: var(--_radius);
  }
  .outcome > .notice {
    border: 0;
    font-weight: 500;
  }
  .outcome p + p {
    font-weight: normal;
  }
  @media print {
    .compose,
    .saved,
    .outcome {
      display: none;
    }
  }
  @media (forced-colors: active) {
    .compose {
      border-inline-start: 3px solid Highlight;
    }
  }
`;
