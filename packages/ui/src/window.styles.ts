import {css} from 'lit';

/**
 * Tokens, panel, notices, buttons: what every window has. Public `--bsp-*` properties are read, never written, so that a
 * host sets them anywhere above the window.
 */
export const windowStyles = css`
  :host {
    --_surface: var(--bsp-surface, light-dark(#fff, #1c2126));
    --_sunk: var(--bsp-surface-sunk, light-dark(#f7f8f9, #232930));
    --_ink: var(--bsp-ink, light-dark(#1a1a1a, #eceff2));
    --_soft: var(--bsp-ink-soft, light-dark(#454b54, #c5ccd3));
    --_faint: var(--bsp-ink-faint, light-dark(#5d6570, #a6afb9));
    --_line: var(--bsp-line, light-dark(#e2e5e9, #353d45));
    --_border: var(--bsp-border, light-dark(#cfd4da, #48525c));
    --_control: var(--bsp-control, light-dark(#828993, #7b8590));
    --_accent: var(--bsp-accent, light-dark(#0059b3, #8cc2fa));
    --_on-accent: var(--bsp-on-accent, light-dark(#fff, #0c2238));
    --_accent-soft: var(--bsp-accent-soft, light-dark(#eaf2fb, #17304a));
    --_link: var(--bsp-link, light-dark(#004d99, #8cc2fa));
    --_neutral-soft: var(--bsp-neutral-soft, light-dark(#eef0f2, #2e353d));
    --_ok: var(--bsp-ok, light-dark(#2b6a00, #9ad978));
    --_ok-soft: var(--bsp-ok-soft, light-dark(#e8f5e1, #20331a));
    --_warning: var(--bsp-warning, light-dark(#7a4f00, #f5cd78));
    --_warning-soft: var(--bsp-warning-soft, light-dark(#fff3d6, #3b2f12));
    --_error: var(--bsp-error, light-dark(#b00000, #ffa49c));
    --_error-soft: var(--bsp-error-soft, light-dark(#fdeaea, #46201f));
    --_focus: var(--bsp-focus, light-dark(#0067d6, #8cc2fa));
    --_radius: var(--bsp-radius, 3px);
    --_unit: var(--bsp-unit, 4px);
    --_x: calc(var(--_unit) * 3);
    --_y: calc(var(--_unit) * 2);
    --_small: max(12px, 0.86em);
    --_control-height: calc(var(--_unit) * 5 + 10px);
    display: block;
    position: relative;
    container-type: inline-size;
    color: var(--_ink);
    font-size: var(--bsp-font-size, max(14px, 0.875em));
    line-height: 1.45;
    font-variant-numeric: tabular-nums;
    text-align: start;
  }
  :host([hidden]) {
    display: none;
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
  :host([density='compact']) {
    --_unit: var(--bsp-unit, 3px);
    font-size: var(--bsp-font-size, max(13px, 0.8125em));
  }
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }
  :focus-visible {
    outline: 3px solid var(--_focus);
    outline-offset: 1px;
  }
  p,
  dl,
  dd,
  ol,
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .panel {
    background: var(--_surface);
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    overflow-wrap: anywhere;
  }
  .panel > :first-child {
    border-start-start-radius: var(--_radius);
    border-start-end-radius: var(--_radius);
  }
  .panel[inert] {
    visibility: hidden;
  }
  .header,
  .actions,
  .foot,
  .tools,
  .notice,
  .more {
    display: flex;
    align-items: center;
    gap: var(--_y);
  }
  .header {
    flex-wrap: wrap;
    min-block-size: calc(var(--_unit) * 7 + 12px);
    padding: var(--_unit) var(--_x);
  }
  .title {
    font-weight: 600;
  }
  .count,
  .foot,
  .small {
    font-size: var(--_small);
  }
  .count,
  .foot,
  .faint {
    color: var(--_faint);
  }
  .actions {
    gap: 2px;
    margin-inline: auto calc(var(--_unit) * -1);
  }
  .tools {
    flex-wrap: wrap;
    padding: var(--_y) var(--_x);
    background: var(--_sunk);
    border-block-start: 1px solid var(--_line);
  }
  .foot {
    min-block-size: calc(1.45em + 15px);
  }
  .tools:empty {
    min-block-size: calc(var(--_control-height) + var(--_y) * 2 + 1px);
  }
  .body {
    border-block-start: 1px solid var(--_line);
  }
  .foot,
  .more {
    flex-wrap: wrap;
    padding: 7px var(--_x);
    border-block-start: 1px solid var(--_line);
  }
  button {
    font: inherit;
    color: inherit;
    cursor: pointer;
    border-radius: var(--_radius);
  }
  .button {
    min-block-size: var(--_control-height);
    padding: 2px 10px;
    background: var(--_surface);
    border: 1px solid var(--_control);
    color: var(--_ink);
  }
  .button:hover,
  .quiet:hover {
    background: var(--_neutral-soft);
  }
  .quiet {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    min-inline-size: 28px;
    min-block-size: 28px;
    padding: 2px 6px;
    border: 0;
    background: none;
    color: var(--_soft);
    font-size: var(--_small);
  }
  .link {
    padding: 0;
    border: 0;
    background: none;
    color: var(--_link);
    font-weight: 500;
    text-align: start;
  }
  .link:hover {
    text-decoration: underline;
  }
  .icon {
    inline-size: 16px;
    block-size: 16px;
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.5;
    stroke-linecap: round;
    stroke-linejoin: round;
    vertical-align: -3px;
  }
  .message {
    display: grid;
    justify-items: center;
    gap: var(--_y);
    padding: calc(var(--_unit) * 7) var(--_x);
    color: var(--_soft);
    text-align: center;
    text-wrap: balance;
  }
  .message .icon {
    inline-size: 24px;
    block-size: 24px;
    stroke-width: 1.1;
    color: var(--_faint);
  }
  .skeleton {
    display: grid;
    gap: 8px;
    padding: calc(var(--_y) + 5px) var(--_x);
    block-size: calc(2.9em + var(--_y) * 2);
    align-content: start;
  }
  .skeleton + .skeleton {
    border-block-start: 1px solid var(--_line);
  }
  .skeleton > i {
    block-size: 10px;
    inline-size: 62%;
    max-inline-size: 22em;
    border-radius: var(--_radius);
    background: var(--_neutral-soft);
  }
  .skeleton > i + i {
    inline-size: 38%;
  }
  .skeleton:nth-child(even) > i {
    inline-size: 46%;
  }
  .pill,
  .mark {
    display: inline-block;
    font-size: var(--_small);
    line-height: 18px;
    padding: 0 7px;
    border-radius: 9px;
    background: var(--_neutral-soft);
    color: var(--_soft);
  }
  .pill.accent {
    background: var(--_accent-soft);
    color: var(--_link);
  }
  .pill.ok {
    background: var(--_ok-soft);
    color: var(--_ok);
  }
  .pill.warning {
    background: var(--_warning-soft);
    color: var(--_warning);
  }
  .pill.error {
    background: var(--_error-soft);
    color: var(--_error);
  }
  .pill.unknown {
    background: none;
    outline: 1px dashed var(--_control);
    outline-offset: -1px;
  }
  .text {
    white-space: pre-wrap;
  }
  .unseen {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @container (max-width: 26em) {
    .header {
      display: grid;
      grid-template-columns: minmax(min-content, 1fr) auto;
      row-gap: 0;
    }
    .title {
      overflow-wrap: break-word;
    }
    .count {
      grid-area: 2 / 1;
    }
    .actions {
      grid-area: 1 / 2;
      flex-wrap: wrap;
      justify-content: end;
    }
    .count:not(:empty) + .actions {
      grid-row: 1 / 3;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .skeleton > i {
      animation: breathe 1.6s ease-in-out infinite alternate;
    }
    .busy > .icon {
      animation: turn 1s linear infinite;
    }
  }
  @media (pointer: coarse) {
    :host {
      --_control-height: 44px;
    }
    .quiet {
      min-inline-size: 44px;
      min-block-size: 44px;
    }
  }
  @keyframes breathe {
    to {
      opacity: 0.45;
    }
  }
  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }
  @media (forced-colors: active) {
    .pill,
    .skeleton > i {
      outline: 1px solid;
      outline-offset: -1px;
    }
  }
`;
