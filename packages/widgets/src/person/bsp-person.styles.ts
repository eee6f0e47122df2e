import {css} from 'lit';

/** What is the person window's own. */
export const personStyles = css`
  :host {
    --_protected: var(--bsp-protected, light-dark(#3b2a00, #ffdf94));
    --_on-protected: var(--bsp-on-protected, light-dark(#ffe9b8, #2b1f00));
    --_alarm: var(--bsp-alarm, light-dark(#8f1010, #ffb3ab));
    --_on-alarm: var(--bsp-on-alarm, light-dark(#fff, #3a0605));
  }
  .header {
    display: grid;
    grid-template-columns: fit-content(60%) minmax(0, 1fr) auto;
    padding-block: var(--_y);
    gap: var(--_unit) calc(var(--_x) + var(--_unit));
  }
  .title {
    font-size: 1.5em;
    line-height: 1.25;
    letter-spacing: -0.01em;
    overflow-wrap: anywhere;
  }
  .count {
    display: none;
  }
  .actions {
    grid-area: 1 / -2;
  }
  .beside {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--_unit) var(--_x);
    font-size: 1.08em;
  }
  [part='number'],
  .nowrap {
    white-space: nowrap;
  }
  .cpr {
    letter-spacing: 0.01em;
  }
  .cpr + .quiet {
    margin-inline: 2px -6px;
    margin-block: -8px;
    vertical-align: middle;
  }
  .cpr.open {
    font-weight: 600;
  }
  .badge {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    padding: 3px 8px;
    border-radius: var(--_radius);
    background: var(--_protected);
    color: var(--_on-protected);
    font-size: max(13px, 0.86em);
    font-weight: 600;
  }
  .strip {
    --_focus: var(--_on-alarm);
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--_unit) var(--_x);
    padding: var(--_y) var(--_x);
    background: var(--_alarm);
    color: var(--_on-alarm);
  }
  .strip.dead {
    --_focus: var(--_surface);
    background: var(--_ink);
    color: var(--_surface);
  }
  .strip .icon {
    inline-size: 20px;
    block-size: 20px;
    stroke-width: 1.8;
  }
  .strip > strong {
    display: flex;
    gap: var(--_y);
    font-size: 1.15em;
  }
  .strip > .button {
    margin-inline-start: auto;
  }
  .facts {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: var(--_unit) calc(var(--_x) * 2);
    padding: 0 var(--_x) var(--_x);
  }
  .notice + .body > .facts,
  .notice + .facts,
  .strip + .facts {
    padding-block-start: var(--_y);
  }
  .facts dt,
  .facts dd {
    display: inline;
    unicode-bidi: isolate;
  }
  .facts dt {
    color: var(--_faint);
    margin-inline-end: 4px;
  }
  .facts > i {
    inline-size: 11em;
    block-size: 10px;
    margin-block: calc((1lh - 10px) / 2);
    border-radius: var(--_radius);
    background: var(--_neutral-soft);
  }
  .body:has(> .facts) {
    border-block-start: 0;
  }
  .panel:has(.fresh) > .foot {
    display: none;
  }
  dd .link {
    min-block-size: 24px;
    font-weight: inherit;
    text-decoration: underline;
    text-underline-offset: 2px;
    text-decoration-thickness: from-font;
  }
  @container (max-width: 54em) {
    .header {
      grid-template-columns: minmax(0, 1fr) auto;
    }
    .beside {
      grid-area: 2 / 1 / 3 / 3;
    }
  }
  @container (max-width: 34em) {
    .strip > .button {
      margin-inline-start: 0;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .facts > i {
      animation: breathe 1.6s ease-in-out infinite alternate;
    }
  }
  @media (forced-colors: active) {
    .badge,
    .strip {
      border: 2px solid;
    }
    .facts > i {
      outline: 1px solid;
    }
  }
  @media print {
    .badge,
    .strip {
      border: 2px solid;
      print-color-adjust: exact;
    }
    .beside > span > .quiet {
      display: none;
    }
  }
`;
