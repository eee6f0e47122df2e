// The kit's case list as a page uses it: the shipped bundles, one provider, one window; of 10,000 rows only those in sight.
import {viewHeight} from './grid-cells.mjs';
import {nextTask, scrolled, timed} from './measure.mjs';
import {shownBy} from './shown-by.mjs';
import {answerFromMemory, personWith} from './stubbed-backend.mjs';

let host;
let list;

const rows = () => list.shadowRoot?.querySelectorAll('tbody tr') ?? [];
const rowCount = () => rows().length;
const rowsPart = () => list.shadowRoot?.querySelector('.rows');
/** Rows that the table says it has. */
const total = () => Number(list.shadowRoot?.querySelector('table')?.getAttribute('aria-rowcount')) - 1;
const firstTitle = () => list.shadowRoot.querySelector('tbody .case .link')?.textContent.trim();

globalThis.contender = {
  async prepare({count, windowed}) {
    this.windowed = windowed;
    const bytes = new Uint8Array(await (await fetch(`/streams/${count}.ndjson`)).arrayBuffer());
    answerFromMemory({6412841002: personWith('c1', '641284-••••', 'Maude Agerlund', bytes)});
    this.config = {filter: 'all', rows: windowed ? 'windowed' : 'pages'};
    await customElements.whenDefined('bsp-provider');
    // A page has a second script tag for it.
    if (windowed) await import(new URL('/kit/widgets/case-list/windowed.js', location.href).href);
  },
  create(expected) {
    return timed(
      () => {
        host = document.createElement('bsp-provider');
        host.backend = '/bsp';
        list = document.createElement('bsp-case-list');
        list.config = this.config;
        list.style.setProperty('--bsp-rows-size', `${viewHeight}px`);
        host.append(list);
        document.body.append(host);
        void host.setSubject({type: 'cpr', value: '641284-1002'});
      },
      () =>
        list.state === 'ready' &&
        !list.busy &&
        !list.isUpdatePending &&
        rowCount() >= expected &&
        this.windowed === Boolean(rowsPart()) &&
        list.shadowRoot.querySelector('.foot span') !== null &&
        list.shadowRoot.querySelector('.tools input') !== null,
      'the rows',
    );
  },
  sort(expectedFirst) {
    return timed(
      () => list.shadowRoot.querySelector('th.case button').click(),
      () => firstTitle() === expectedFirst,
      `a list that begins with ${expectedFirst}`,
    );
  },
  filter(text, matching, expected) {
    const field = list.shadowRoot.querySelector('input[type=search]');
    return timed(
      () => {
        field.value = text;
        field.dispatchEvent(new Event('input', {bubbles: true, composed: true}));
      },
      () => !list.isUpdatePending && (this.windowed ? total() === matching : rowCount() === expected),
      `${expected} rows`,
    );
  },
  scroll: (frames) => scrolled(rowsPart() ?? document.scrollingElement, frames),
  async destroy() {
    host.remove();
    host = list = undefined;
    await nextTask();
  },
  /** What the window says and what it is made of, for comparison with the limit. */
  shown: () => shownBy(list.shadowRoot),
};
