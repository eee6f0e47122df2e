import type {Formats, Translated} from '@bsp/core';
import {css, html, nothing, type TemplateResult} from 'lit';
import {type AskedSource, worthRetrying} from './asked-source.js';
import {closeIcon} from './late-icons.js';
import type {PanelTexts} from './panel.strings.js';
import {detailsStrings} from './source-details.strings.js';

export {detailsStrings};

/** See {@link sourceDetails}. */
export interface SourceDetailsOptions {
  readonly sources: readonly AskedSource[];
  readonly texts: Translated<PanelTexts>;
  readonly details: Translated<typeof detailsStrings.da>;
  readonly formats: Formats;
  /** The button that it belongs to. */
  readonly anchor: () => HTMLElement | null;
  readonly onClose: () => void;
  /** What stands below them. */
  readonly more: unknown;
}

const opened = new WeakSet<Element>();

/** Opens the popover under its button once it is rendered. */
export function openSourceDetails(root: ParentNode): void {
  const element = root.querySelector<HTMLElement>('#source-details:not(:popover-open)');
  const anchor = root.querySelector('#sources');
  if (!element || !anchor || opened.has(element)) return;
  opened.add(element);
  element.showPopover();
  const place = () => {
    const box = anchor.getBoundingClientRect();
    const width = element.offsetWidth;
    const left = Math.max(8, Math.min(box.right - width, document.documentElement.clientWidth - width - 8));
    element.style.left = `${left + scrollX}px`;
    element.style.top = `${box.bottom + 4 + scrollY}px`;
  };
  place();
  element.focus();
  // Until it is closed, or gone with its person.
  const watcher = new ResizeObserver(() => (element.matches(':popover-open') ? place() : watcher.disconnect()));
  watcher.observe(document.documentElement);
  watcher.observe(element);
}

/** Each source in words: how it answered, how much, of when; and a retry. A popover. */
export function sourceDetails({
  sources,
  texts,
  details,
  formats,
  anchor,
  onClose,
  more,
}: SourceDetailsOptions): TemplateResult {
  return html`<div
    id="source-details"
    popover="auto"
    role="dialog"
    tabindex="-1"
    aria-label=${details.title}
    @beforetoggle=${(event: ToggleEvent) => {
      if (event.newState === 'closed' && (event.target as Element).matches(':focus-within')) anchor()?.focus();
    }}
    @toggle=${(event: ToggleEvent) => event.newState === 'closed' && onClose()}
  >
    <div class="details-title">
      <span class="title">${details.title}</span>
      <button
        class="quiet"
        aria-label=${details.close}
        @click=${(event: Event) => (event.currentTarget as Element).closest<HTMLElement>('[popover]')?.hidePopover()}
      >
        ${closeIcon()}
      </button>
    </div>
    <ul>${sources.map(({source, store}) => {
      const {status, count, asOf, stale, refreshing, next} = source;
      const dot = status === 'ok' ? '' : status === 'waiting' ? 'waiting' : 'none';
      return html`<li>
        <i class="dot ${dot}"></i>
        <div>
          <div>${source.name}</div>
          <div class="small faint">${[
            refreshing ? details.refreshing : details[status],
            status === 'ok' || stale ? details.count(formats.number(count), next !== undefined) : undefined,
            asOf && (status === 'ok' || stale) ? details.asOf(formats.recent(asOf)) : undefined,
          ]
            .filter(Boolean)
            .join(' ·\u00a0')}</div>
        </div>
        ${
          worthRetrying(source) && !refreshing
            ? html`<button class="button" aria-label="${texts.retry}: ${source.name}" @click=${() => store.refresh(source.id)}>
                ${texts.retry}
              </button>`
            : nothing
        }
      </li>`;
    })}</ul>
    ${more ? html`<div class="details-title">${more}</div>` : nothing}
  </div>`;
}

/** For {@link sourceDetails}. */
export const sourceDetailsStyles = css`
  #source-details {
    position: absolute;
    inset: auto;
    margin: 0;
    inline-size: min(24em, calc(100vw - 16px));
    padding: 0 0 var(--_unit);
    color: inherit;
    font-weight: normal;
    background: var(--_surface);
    border: 1px solid var(--_border);
    border-radius: calc(var(--_radius) + 2px);
    box-shadow: 0 4px 20px #0003;
  }
  #source-details:focus {
    outline: none;
  }
  #source-details li,
  .details-title {
    display: flex;
    align-items: center;
    gap: 10px;
    padding: var(--_unit) var(--_x);
  }
  .details-title {
    justify-content: space-between;
    padding-inline-end: var(--_unit);
    border-block-end: 1px solid var(--_line);
  }
  ul + .details-title {
    border: solid var(--_line);
    border-width: 1px 0 0;
  }
  .details-title .button {
    flex: none;
  }
  #source-details li > div {
    flex: 1;
  }
`;
