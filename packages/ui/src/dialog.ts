import {css, html, type TemplateResult} from 'lit';

/** See {@link dialog}. */
export interface DialogOptions {
  readonly heading: string;
  /** Whom it is about, masked; shown under the heading. Undefined for what concerns nobody. */
  readonly person: string | undefined;
  readonly body: unknown;
  /** Buttons, the primary one last. */
  readonly actions: unknown;
  /** It was closed: by Escape, or by {@link closeDialog}. Stop rendering it then. */
  readonly onClose: () => void;
}

/**
 * A native modal dialog. The window that renders it opens it. Load this module when it is needed, and
 * `adopt(dialogStyles)`. It stands in the window's own tree, so it goes with the person.
 */
export const dialog = ({heading, person, body, actions, onClose}: DialogOptions): TemplateResult => html`<dialog
  part="dialog"
  aria-labelledby="dialog-heading"
  @close=${onClose}
>
  <div id="dialog-heading" role="heading" aria-level="2" class="title">${heading}${
    person ? html`<div class="small faint">${person}</div>` : ''
  }</div>
  <div class="dialog-body">${body}</div>
  <div class="dialog-actions">${actions}</div>
</dialog>`;

/** Closes the dialog that an element stands in, so that focus returns to where it came from. */
export const closeDialog = (within: Element): void => within.closest('dialog')?.close();

/** For {@link dialog}. */
export const dialogStyles = css`
  dialog {
    inline-size: min(36em, calc(100vw - 32px));
    padding: 0;
    color: inherit;
    background: var(--_surface);
    border: 1px solid var(--_border);
    border-radius: calc(var(--_radius) + 2px);
    box-shadow: 0 8px 32px #0004;
  }
  dialog::backdrop {
    background: #0006;
  }
  dialog > * {
    padding: var(--_x) 16px;
  }
  .dialog-actions {
    display: flex;
    flex-wrap: wrap;
    justify-content: end;
    gap: var(--_y);
    background: var(--_sunk);
    border-block-start: 1px solid var(--_line);
  }
`;
