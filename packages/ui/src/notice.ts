import {html, type TemplateResult} from 'lit';
import {infoIcon, warningIcon} from './icons.js';

/** A line between a window's header and body: what is missing or wrong, and at most one way out of it. */
export const notice = (kind: 'info' | 'warning' | 'error', content: unknown, action?: unknown): TemplateResult =>
  html`<div class="notice ${kind}" part="notice">
    <div>
      ${kind === 'info' ? infoIcon() : warningIcon()}
      <div>${content}</div>
    </div>
    ${action}
  </div>`;
