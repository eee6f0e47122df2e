import type {Case} from '@bsp/contract';
import type {Formats, ResourceView, Session, Translated} from '@bsp/core';
import {type DataTableOptions, dataTable} from '@bsp/ui';
import {html, render, type TemplateResult} from 'lit';
import {Directive, directive, type ElementPart} from 'lit/directive.js';
import type {CaseListConfig} from '../case-list.config.js';
import {RowOffsets} from './row-offsets.js';
import type {WindowedTexts} from './windowed.strings.js';

export {windowedStrings} from './windowed.strings.js';
export {windowedRowsStyles as styles} from './windowed-rows.styles.js';

type TableOptions = DataTableOptions<Case, CaseListConfig['sort']>;
type Fill = (element: HTMLElement) => void;

/** Hands an element of a template to who fills it. */
const filledBy = directive(
  class extends Directive {
    override render(fill: Fill): Fill {
      return fill;
    }
    override update({element}: ElementPart, [fill]: [Fill]): void {
      if (element instanceof HTMLElement) this.render(fill)(element);
    }
  },
);

/** Until a row has been measured, in pixels: two lines and their padding. */
const guessedHeight = 58;
/** Until the window has been laid out, in pixels: what is usually in sight. */
const guessedViewport = 500;
/** So long after the last scrolling it is taken to be over, in milliseconds: not every engine says so itself. */
const restMs = 150;

/** Where the same record stands in a list that may hold it as another object. */
function placeOf(record: Case, {rows, rowKey}: TableOptions): number {
  const key = rowKey(record);
  return rows.findIndex((row) => rowKey(row) === key);
}

/** Nothing scrolls there, and what is on it is what was there before. */
const isOnPaper = (): boolean => matchMedia('print').matches;

const range = (first: number, end: number): number[] => Array.from({length: end - first}, (_, step) => first + step);

/**
 * A `dataTable` of thousands of rows, of which only those in sight stand in the document, and those around the one that has the
 * focus. One for a window and a Session.
 *
 * The table is as high as all its rows, whichever are there: nothing that comes or goes moves what scrolls. Rows may be of any
 * height: they are measured when they stand. Where that is not what was guessed, rows out of sight are moved, and never those
 * that are being read. What that amounts to is made good when scrolling is over: an engine may lose its way when a script
 * scrolls while the user does.
 */
export class WindowedRows {
  /** What the user has chosen: another filter or order begins at the top. */
  choice: object | undefined;
  formats: Formats;
  texts: Translated<WindowedTexts>;
  readonly #offsets = new RowOffsets<Case>(guessedHeight);
  readonly #observer = new ResizeObserver((entries) => this.#learnt(entries));
  /** Heights of rows and headings as they were last measured. */
  readonly #heights = new WeakMap<Element, number>();
  #observed: ReadonlySet<Element> = new Set();
  #options: TableOptions | undefined;
  #chosen: object | undefined;
  #scroller: HTMLElement | undefined;
  #foot: HTMLElement | undefined;
  /** What of the table's body is in sight: from here, so much. */
  #top = 0;
  #viewport = guessedViewport;
  /** So much of the headings scrolls away before the body does. */
  #scrollingHead = 0;
  /** Width and letters by which rows were measured. */
  #shape = '';
  /** Height of a row of another kind. */
  #apartHeight: number | undefined;
  /** Rows in the document without a gap: from here, up to there. */
  #first = 0;
  #end = 0;
  /** All rows in the document: these, and those around the focus. */
  #placed: readonly number[] = [];
  #resting: ReturnType<typeof setTimeout> | undefined;
  /** So much of the resource had come when it last changed. */
  #come = Infinity;
  /** The frame that renders what has come since. */
  #nextFrame: number | undefined;
  /** The user moves by keys, and is told where that led. */
  #tellsWhere = false;

  constructor(formats: Formats, texts: Translated<WindowedTexts>) {
    this.formats = formats;
    this.texts = texts;
  }

  /**
   * Thousands come in many parts, often several between two frames: then they are rendered once. True: the next frame renders.
   * The first part does not wait, nor does the last, nor what takes something away.
   */
  defers({items, busy}: Pick<ResourceView<unknown>, 'items' | 'busy'>, render: () => void): boolean {
    const hasGrown = busy && this.#offsets.rows.length > 0 && items.length > this.#come;
    this.#come = items.length;
    if (this.#nextFrame !== undefined) cancelAnimationFrame(this.#nextFrame);
    this.#nextFrame = hasGrown ? requestAnimationFrame(render) : undefined;
    return hasGrown;
  }

  /** The table; of no rows the plain one. */
  table(options: TableOptions): TemplateResult {
    if (options.rows.length === 0) return dataTable(options);
    return html`<div
      class="rows"
      part="rows"
      role="group"
      tabindex="0"
      aria-label=${this.texts.rows(options.label)}
      @scroll=${this.#scrolled}
      @keydown=${this.#pressed}
      @focusin=${this.#look}
      ${filledBy((scroller) => this.#fill(scroller, options))}
    ></div>`;
  }

  /** For the foot: which rows are in sight, also said to a screen reader when keys led there; on paper, which are on it. */
  shown(): TemplateResult {
    const fill = (foot: HTMLElement) => {
      this.#foot = foot;
      this.#tell();
    };
    return html`<span ${filledBy(fill)}
      ><span class="in-sight"></span><span class="on-paper"></span><span class="unseen" role="status"></span
    ></span>`;
  }

  #fill(scroller: HTMLElement, options: TableOptions): void {
    const isNew = scroller !== this.#scroller;
    const begins = isNew || this.#chosen !== this.choice;
    const focused = this.#focused;
    this.#options = options;
    this.#chosen = this.choice;
    if (isNew) this.#attach(scroller);
    if (begins) this.#top = 0;
    if (begins || options.rows !== this.#offsets.rows) this.#take(options);
    this.#render(focused ? placeOf(focused, options) : -1);
    if (begins && !isNew) scroller.scrollTop = 0;
    // What the page moves elsewhere is scrolled back, and not every engine says so.
    requestAnimationFrame(this.#scrolled);
  }

  #attach(scroller: HTMLElement): void {
    this.#observer.disconnect();
    this.#observer.observe(scroller);
    this.#observed = new Set();
    this.#placed = [];
    this.#shape = '';
    this.#scroller = scroller;
  }

  /** Where somebody is reading, the first row in sight stays where it is, as long as it is there. */
  #take(options: TableOptions): void {
    const offsets = this.#offsets;
    const index = offsets.at(this.#top);
    const reading = this.#top > 0 ? offsets.rows[index] : undefined;
    const place = offsets.of(index);
    offsets.take(options.rows);
    const now = reading ? placeOf(reading, options) : -1;
    if (now >= 0) offsets.put(now, place);
  }

  get #body(): HTMLTableSectionElement | null | undefined {
    return this.#scroller?.querySelector('tbody');
  }

  /** Rows of another kind, after all others. */
  get #apart(): readonly unknown[] {
    const apart = this.#options?.apart;
    return Array.isArray(apart) ? (apart as unknown[]) : [];
  }

  /** Height of the rows of another kind. */
  get #apartTotal(): number {
    return this.#apart.length * (this.#apartHeight ?? this.#offsets.guess);
  }

  /** Height of the table's body. */
  get #height(): number {
    return this.#offsets.total + this.#apartTotal;
  }

  /** The row with the focus. */
  get #focused(): Case | undefined {
    const root = this.#scroller?.getRootNode();
    const row = root instanceof ShadowRoot ? root.activeElement?.closest('tr') : undefined;
    const place = row ? [...(this.#body?.rows ?? [])].indexOf(row) : -1;
    return this.#offsets.rows[this.#placed[place] ?? -1];
  }

  /** Rows within so many pixels of what is in sight: the first, and the end. */
  #within(ahead: number): readonly [first: number, end: number] {
    const offsets = this.#offsets;
    const last = offsets.at(this.#top + this.#viewport + ahead);
    return [offsets.at(this.#top - ahead), Math.min(last + 1, offsets.rows.length)];
  }

  /** So much before and after what is in sight is in the document as well. */
  get #ahead(): number {
    return Math.max(240, this.#viewport / 2);
  }

  /** The row with the focus and its neighbours, to which Tab leads. */
  #aroundFocus(focused: number): number[] {
    return focused < 0 ? [] : [focused - 1, focused, focused + 1].filter((index) => index in this.#offsets.rows);
  }

  /** Puts rows into the document: those in sight, and those around the focus. Rows less high than was guessed leave room. */
  #render(focused: number): void {
    for (let turn = 0; turn < 4 && (turn === 0 || !this.#isFilled); turn++) {
      this.#renderOnce(focused);
      // From the top rows only move what is out of sight: that may wait until all is laid out.
      if (this.#top > 0) this.#measureRows();
    }
    this.#tell();
  }

  #renderOnce(focused: number): void {
    const {rows} = this.#offsets;
    const options = this.#options;
    const scroller = this.#scroller;
    if (!scroller || !options) return;
    [this.#first, this.#end] = this.#within(this.#ahead);
    const placed = new Set([...range(this.#first, this.#end), ...this.#aroundFocus(focused)]);
    this.#placed = [...placed].sort((one, other) => one - other);
    // The height first: were the table less high for a moment, it would be scrolled back.
    this.#place();
    const shown = this.#placed.flatMap((index) => rows[index] ?? []);
    const apart = this.#end === rows.length ? options.apart : undefined;
    render(dataTable({...options, rows: shown, apart}), scroller);
    this.#number(scroller);
    this.#place();
  }

  /** Says to a screen reader how many rows there are and which these are, and has their heights watched. */
  #number(scroller: HTMLElement): void {
    const {length} = this.#offsets.rows;
    const head = scroller.querySelector('thead');
    const rows = [...(this.#body?.rows ?? [])];
    scroller.querySelector('table')?.setAttribute('aria-rowcount', String(1 + length + this.#apart.length));
    head?.rows[0]?.setAttribute('aria-rowindex', '1');
    rows.forEach((row, place) => {
      const index = this.#placed[place] ?? length + place - this.#placed.length;
      row.setAttribute('aria-rowindex', String(2 + index));
      row.classList.toggle('kept', index < this.#first || (index >= this.#end && index < length));
    });
    const observed = new Set<Element>(head ? [head, ...rows] : rows);
    for (const one of this.#observed) if (!observed.has(one)) this.#observer.unobserve(one);
    for (const one of observed) if (!this.#observed.has(one)) this.#observer.observe(one);
    this.#observed = observed;
  }

  /** Says how high the table is and where its rows stand. */
  #place(): void {
    const body = this.#body;
    if (!body) return;
    body.style.blockSize = `${this.#height}px`;
    body.style.paddingBlockStart = `${this.#offsets.of(this.#first)}px`;
    for (const row of body.querySelectorAll<HTMLElement>('.kept'))
      row.style.insetBlockStart = `${this.#offsets.of(Number(row.getAttribute('aria-rowindex')) - 2)}px`;
  }

  #heightOf(element: Element): number {
    // As laid out, in the element's own pixels, however the page may enlarge it.
    const height = Number.parseFloat(getComputedStyle(element).blockSize) || 0;
    this.#heights.set(element, height);
    return height;
  }

  /** What is news changes the next frame: to change sizes while they are told is an error. */
  #learnt(entries: readonly ResizeObserverEntry[]): void {
    const isNews = ({target, borderBoxSize}: ResizeObserverEntry) =>
      target === this.#scroller ||
      Math.abs((borderBoxSize[0]?.blockSize ?? 0) - (this.#heights.get(target) ?? 0)) > 0.1;
    if (entries.some(isNews)) requestAnimationFrame(this.#resized);
  }

  /** Learns how high rows are. What is being read stays where it is. */
  #measureRows(): void {
    const offsets = this.#offsets;
    const height = this.#height;
    const isAtEnd = this.#top > 0 && this.#top + this.#viewport >= height - 1;
    const reading = offsets.at(this.#top);
    const place = offsets.of(reading);
    const rows = [...(this.#body?.rows ?? [])];
    const apart = rows.splice(this.#placed.length);
    offsets.measure(
      rows.flatMap((element, at) => {
        const row = offsets.rows[this.#placed[at] ?? -1];
        const measured = this.#heightOf(element);
        // What is not displayed has no height.
        return row && measured ? [[row, measured] as const] : [];
      }),
    );
    if (apart.length > 0) this.#apartHeight = apart.reduce((sum, row) => sum + this.#heightOf(row), 0) / apart.length;
    if (isAtEnd) offsets.put(offsets.rows.length, height - this.#apartTotal);
    else if (this.#top > 0) offsets.put(reading, place);
    this.#place();
  }

  /** Learns what is in sight, and how high it is. */
  #measure(): void {
    const scroller = this.#scroller;
    const head = scroller?.querySelector('thead');
    // What is not displayed has no sizes.
    if (!scroller?.clientHeight || !head) return;
    const headHeight = this.#heightOf(head);
    const shape = `${scroller.clientWidth} ${headHeight} ${getComputedStyle(scroller).fontSize}`;
    if (this.#shape !== shape) this.#offsets.forget();
    this.#shape = shape;
    this.#measureRows();
    this.#scrollingHead = getComputedStyle(head).position === 'sticky' ? 0 : headHeight;
    this.#viewport = scroller.clientHeight - headHeight + this.#scrollingHead;
    scroller.style.scrollPaddingBlockStart = `${headHeight - this.#scrollingHead}px`;
  }

  readonly #resized = (): void => {
    if (isOnPaper()) return;
    this.#measure();
    this.#scrolled();
  };

  readonly #scrolled = (): void => {
    const scroller = this.#scroller;
    if (!scroller?.isConnected || isOnPaper()) return;
    this.#top = scroller.scrollTop - this.#scrollingHead;
    // No further up, and there may be rows: this cannot wait.
    if (this.#first === 0 || this.#top < this.#viewport) this.#straighten();
    this.#look();
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => this.#rest(), restMs);
  };

  /** Nobody scrolls any more. */
  #rest(): void {
    if (!this.#scroller?.isConnected) return;
    this.#straighten();
    const said = this.#foot?.querySelector('[role=status]');
    if (said && this.#tellsWhere) said.textContent = `${this.#options?.label}: ${this.#inSight()}`;
    this.#tellsWhere = false;
  }

  /** Puts all rows where their heights have them, and scrolls along, so that nothing is seen of it. */
  #straighten(): void {
    const scroller = this.#scroller;
    if (!scroller || this.#offsets.shift === 0) return;
    const moved = this.#offsets.straighten();
    // Asked for first: what has become less high is scrolled back.
    const {scrollTop} = scroller;
    this.#top += moved;
    this.#place();
    scroller.scrollTop = scrollTop + moved;
  }

  /** All rows are there that are in sight, and some before and after them. */
  get #isFilled(): boolean {
    const [first, end] = this.#within(this.#ahead / 2);
    return first >= this.#first && end <= this.#end;
  }

  readonly #look = (): void => {
    const focused = this.#focused ? this.#offsets.rows.indexOf(this.#focused) : -1;
    const hasNeighbours = this.#aroundFocus(focused).every((index) => this.#placed.includes(index));
    if (this.#isFilled && hasNeighbours) this.#tell();
    else this.#render(focused);
  };

  readonly #pressed = (event: KeyboardEvent): void => {
    const page = this.#viewport * 0.9;
    const distances: Readonly<Record<string, number>> = {
      PageDown: page,
      PageUp: -page,
      Home: -this.#height,
      End: this.#height,
    };
    const distance = distances[event.key];
    const hasModifier = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
    if (distance === undefined || hasModifier || event.defaultPrevented || !this.#scroller) return;
    event.preventDefault();
    this.#scroller.scrollTop += distance;
    this.#tellsWhere = true;
  };

  /** Which rows are in sight, by more than their half. */
  #inSight(): string {
    const {texts, formats} = this;
    const offsets = this.#offsets;
    const middleOf = (index: number) => (offsets.of(index) + offsets.of(index + 1)) / 2;
    const end = this.#top + this.#viewport;
    const top = offsets.at(this.#top);
    const bottom = offsets.at(end - 1);
    const first = Math.min(bottom, middleOf(top) < this.#top ? top + 1 : top);
    const last = Math.max(first, middleOf(bottom) > end ? bottom - 1 : bottom);
    const {length} = offsets.rows;
    const total = formats.number(length);
    if (first === 0 && last === length - 1) return texts.whole(total);
    const number = formats.number(first + 1);
    return first === last ? texts.single(number, total) : texts.range(number, formats.number(last + 1), total);
  }

  #tell(): void {
    const [inSight, onPaper] = this.#foot?.querySelectorAll('span') ?? [];
    if (!inSight || !onPaper) return;
    const {texts, formats} = this;
    const {length} = this.#offsets.rows;
    const missing = length - (this.#end - this.#first);
    const total = formats.number(length);
    inSight.textContent = this.#inSight();
    inSight.dataset.longest = texts.range(total, total, total);
    onPaper.textContent = missing
      ? texts.printed(formats.number(this.#first + 1), formats.number(this.#end), total, formats.number(missing))
      : texts.whole(total);
  }
}

const known = new WeakMap<Element, WeakMap<object, WindowedRows>>();

/** A window's windowed rows about one person, who has chosen this: they lie with the Session and go with it. */
export function windowedRowsOf(
  window: Element,
  session: Session | undefined,
  choice: object,
  formats: Formats,
  texts: Translated<WindowedTexts>,
): WindowedRows {
  const ofWindow = known.get(window) ?? new WeakMap<object, WindowedRows>();
  const key = session ?? window;
  const rows = ofWindow.get(key) ?? new WindowedRows(formats, texts);
  known.set(window, ofWindow.set(key, rows));
  return Object.assign(rows, {choice, formats, texts});
}
