// The limit with windowed rows: the case list by hand, of whose rows only those in sight are made. All are taken to be as high
// as the first, which the kit may not.
import {windowedRowsStyles} from '../../../packages/widgets/dist/case-list/windowed/windowed-rows.styles.js';
import {HandWrittenCaseList, rowOf} from './hand-written-case-list.mjs';
import {number} from './words.mjs';

const footTemplate = document.createElement('template');
footTemplate.innerHTML =
  '<span><span class="in-sight"></span><span class="on-paper"></span><span class="unseen" role="status"></span></span>';

/** The case list by hand, with windowed rows. */
export class HandWrittenWindowedCaseList extends HandWrittenCaseList {
  /** Until the first row has been measured. */
  rowHeight = 58;
  viewport = 500;
  first = 0;
  end = 0;
  top = 0;

  show(read) {
    super.show(read);
    this.root.adoptedStyleSheets = [...this.root.adoptedStyleSheets, windowedRowsStyles.styleSheet];
    const head = this.body.previousElementSibling;
    this.viewport = this.scroller.clientHeight - head.clientHeight;
    this.rowHeight = this.body.rows[0].getBoundingClientRect().height;
    this.render(this.matching);
  }

  render(matching) {
    this.matching = matching;
    if (!this.scroller) this.makeScroller();
    if (this.top > 0) this.scroller.scrollTop = 0;
    this.top = 0;
    this.body.style.blockSize = `${matching.length * this.rowHeight}px`;
    this.body.parentNode.setAttribute('aria-rowcount', String(matching.length + 1));
    this.body.replaceChildren();
    this.first = this.end = 0;
    this.place();
  }

  makeScroller() {
    const table = this.body.parentNode;
    const scroller = document.createElement('div');
    scroller.className = 'rows';
    scroller.setAttribute('part', 'rows');
    scroller.setAttribute('role', 'group');
    scroller.setAttribute('aria-label', `Rækker: Sager, ${this.person}`);
    scroller.tabIndex = 0;
    scroller.addEventListener('scroll', () => {
      this.top = scroller.scrollTop;
      this.place();
    });
    table.tHead.rows[0].setAttribute('aria-rowindex', '1');
    table.replaceWith(scroller);
    scroller.append(table);
    this.scroller = scroller;
    this.shownSpan.append(footTemplate.content.cloneNode(true));
  }

  /** From which row to which, with so many pixels before and after what is in sight. */
  within(ahead) {
    const at = (place) => Math.min(this.matching.length - 1, Math.max(0, Math.floor(place / this.rowHeight)));
    return [at(this.top - ahead), at(this.top + this.viewport + ahead) + 1];
  }

  place() {
    const ahead = Math.max(240, this.viewport / 2);
    const [firstNeeded, endNeeded] = this.within(ahead / 2);
    if (firstNeeded < this.first || endNeeded > this.end) this.move(...this.within(ahead));
    this.tell();
  }

  move(first, end) {
    const {body, matching, sources, now} = this;
    body.style.paddingBlockStart = `${first * this.rowHeight}px`;
    const isApart = first >= this.end || end <= this.first;
    const row = (index) => {
      const made = rowOf(matching[index], sources.get(matching[index].ref.source), now);
      made.setAttribute('aria-rowindex', String(index + 2));
      return made;
    };
    const rows = (from, to) => Array.from({length: Math.max(0, to - from)}, (_, step) => row(from + step));
    if (isApart) body.replaceChildren(...rows(first, end));
    else {
      for (let index = this.first; index < first; index++) body.firstChild.remove();
      for (let index = this.end; index > end; index--) body.lastChild.remove();
      body.prepend(...rows(first, this.first));
      body.append(...rows(this.end, end));
    }
    this.first = first;
    this.end = end;
  }

  tell() {
    const {length} = this.matching;
    const total = number(length);
    const [inSight, onPaper] = this.shownSpan.firstChild.children;
    const first = Math.round(this.top / this.rowHeight);
    const last = Math.min(length, Math.max(first + 1, Math.round((this.top + this.viewport) / this.rowHeight)));
    inSight.textContent =
      first === 0 && last === length
        ? `Viser ${total} af ${total}`
        : `Viser ${number(first + 1)}–${number(last)} af ${total}`;
    inSight.dataset.longest = `Viser ${total}–${total} af ${total}`;
    const missing = length - (this.end - this.first);
    onPaper.textContent = missing
      ? `Udskriften har række ${number(this.first + 1)}–${number(this.end)} af ${total}. ${number(missing)} er ikke med.`
      : `Viser ${total} af ${total}`;
  }
}
