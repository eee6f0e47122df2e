import {viewHeight} from './grid-cells.mjs';
import {HandWrittenCaseList} from './hand-written-case-list.mjs';
import {HandWrittenWindowedCaseList} from './hand-written-windowed-case-list.mjs';
import {nextTask, scrolled, timed} from './measure.mjs';
import {readCases} from './read-cases.mjs';
import {shownBy} from './shown-by.mjs';
import {answerFromMemory, personWith} from './stubbed-backend.mjs';

let host;
let list;

const rowCount = () => list.body?.rows.length ?? 0;
const firstTitle = () => list.body.rows[0]?.querySelector('.link').textContent.trim();

globalThis.contender = {
  async prepare({count, windowed}) {
    this.windowed = windowed;
    const bytes = new Uint8Array(await (await fetch(`/streams/${count}.ndjson`)).arrayBuffer());
    answerFromMemory({6412841002: personWith('c1', '641284-••••', 'Maude Agerlund', bytes)});
  },
  create(expected) {
    return timed(
      async () => {
        host = document.createElement('div');
        document.body.append(host);
        host.style.setProperty('--bsp-rows-size', `${viewHeight}px`);
        list = new (this.windowed ? HandWrittenWindowedCaseList : HandWrittenCaseList)(host);
        list.show(await readCases('6412841002'));
      },
      () => rowCount() >= expected,
      'the rows',
    );
  },
  sort(expectedFirst) {
    return timed(
      () => list.root.querySelector('th.case button').click(),
      () => firstTitle() === expectedFirst,
      `a list that begins with ${expectedFirst}`,
    );
  },
  filter(text, matching, expected) {
    const field = list.root.querySelector('input[type=search]');
    return timed(
      () => {
        field.value = text;
        field.dispatchEvent(new Event('input', {bubbles: true, composed: true}));
      },
      () => (this.windowed ? list.matching.length === matching : rowCount() === expected),
      `${expected} rows`,
    );
  },
  scroll: (frames) => scrolled(list.scroller ?? document.scrollingElement, frames),
  async destroy() {
    host.remove();
    host = list = undefined;
    await nextTask();
  },
  shown: () => shownBy(list.root),
};
