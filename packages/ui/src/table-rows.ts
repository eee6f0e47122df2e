import {html, noChange, nothing, render, type TemplateResult} from 'lit';
import {type ChildPart, Directive, directive} from 'lit/directive.js';
import type {DataTableOptions} from './data-table.js';

interface RowsOptions<T, K extends string> extends Pick<DataTableOptions<T, K>, 'columns' | 'rows' | 'rowKey'> {
  readonly onOpen: DataTableOptions<T, K>['onOpen'] | undefined;
}

/** A row of the table as it stands. */
interface Shown<T> {
  readonly row: T;
  readonly element: HTMLElement;
}

/** An element to copy from: what a template makes. Bindings of texts leave Lit's marks in it. */
export function patternOf(template: TemplateResult): HTMLElement {
  const place = document.createElement('div');
  render(template, place);
  return place.firstElementChild as HTMLElement;
}

/**
 * The rows of a {@link dataTable}: copies of one pattern, filled with what each says. A template of its own for each would
 * cost more than the row. The element of a row stands as long as its key is among the rows, and with it the focus.
 */
class TableRows<T, K extends string> extends Directive {
  #options: RowsOptions<T, K> | undefined;
  #pattern: HTMLElement | undefined;
  #shown = new Map<string, Shown<T>>();

  override render(): unknown {
    return nothing;
  }

  override update(part: ChildPart, [options]: [RowsOptions<T, K>]): unknown {
    const {columns, rows, rowKey} = options;
    const body = part.parentNode as Element;
    if (!this.#options) body.addEventListener('click', (event) => this.#clicked(event));
    const isAsBefore = this.#options?.columns === columns;
    this.#options = options;
    if (!isAsBefore) {
      this.#pattern = patternOf(html`<tr role="row"></tr>`);
      this.#pattern.append(...columns.map(({cell}) => patternOf(cell)));
    }
    const before = this.#shown;
    this.#shown = new Map();
    for (const row of rows) {
      let key = rowKey(row);
      // A source that gives one reference twice must not break the rendering.
      while (this.#shown.has(key)) key += '\u0000';
      const stands = before.get(key);
      const isThere = isAsBefore && stands?.row === row;
      this.#shown.set(key, isThere ? stands : {row, element: renewed(stands?.element, this.#elementOf(row))});
      before.delete(key);
    }
    for (const {element} of before.values()) element.remove();
    this.#place(body, part.startNode as ChildNode, part.endNode as ChildNode | null);
    return noChange;
  }

  #elementOf(row: T): HTMLElement {
    const element = this.#pattern?.cloneNode(true) as HTMLElement;
    let cell = element.firstElementChild;
    for (const {fill} of this.#options?.columns ?? []) {
      fill(cell as HTMLElement, row);
      cell = (cell as Element).nextElementSibling;
    }
    return element;
  }

  /** Puts the rows in their order, and moves as few as it takes where one has come, gone or changed its place. */
  #place(body: Element, start: ChildNode, end: ChildNode | null): void {
    let next = start.nextSibling;
    for (const {element} of this.#shown.values()) {
      // One that moves down leaves, so that the others stand where they are.
      if (next !== end && next?.nextSibling === element) {
        const gone = next;
        next = element;
        gone.remove();
      }
      if (next === element) next = next.nextSibling;
      else body.insertBefore(element, next);
    }
  }

  #clicked({target}: Event): void {
    const element = (target as Element).closest('.link')?.closest('tr');
    for (const shown of this.#shown.values()) if (shown.element === element) this.#options?.onOpen?.(shown.row);
  }
}

/** An element that stands takes from the one made anew what differs, cell by cell. */
function renewed(element: HTMLElement | undefined, made: HTMLElement): HTMLElement {
  if (!element) return made;
  const cells = [...made.children];
  if (element.childElementCount !== cells.length) element.replaceChildren(...cells);
  for (const [place, cell] of cells.entries()) {
    const old = element.children[place];
    if (old && !cell.isEqualNode(old)) old.replaceWith(cell);
  }
  return element;
}

/** See {@link TableRows}. */
export const tableRows: <T, K extends string>(options: RowsOptions<T, K>) => unknown = directive(TableRows);
