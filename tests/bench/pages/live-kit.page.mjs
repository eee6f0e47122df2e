// The kit: a notice comes, the source is read again, the row changes.
import {changingPerson, hasTitle} from './live-line.mjs';
import {timed, until} from './measure.mjs';
import {answerFromMemory} from './stubbed-backend.mjs';

let list;
let changing;
/** Notices of a source that follow each other within a second are one more read at its end: not what is measured here. */
const apartMs = 1_100;
let lastAt = Number.NEGATIVE_INFINITY;

globalThis.contender = {
  async prepare({count}) {
    const bytes = new Uint8Array(await (await fetch(`/streams/${count}.ndjson`)).arrayBuffer());
    changing = changingPerson(bytes);
    answerFromMemory({6412841002: changing.person}, changing);
    await customElements.whenDefined('bsp-provider');
    const provider = document.createElement('bsp-provider');
    provider.backend = '/bsp';
    list = document.createElement('bsp-case-list');
    list.config = {filter: 'all'};
    provider.append(list);
    document.body.append(provider);
    await provider.setSubject({type: 'cpr', value: '641284-1002'});
    await until(() => list.state === 'ready' && !list.busy && changing.stands(), 'the rows and the live line');
  },
  async change() {
    let expected;
    await new Promise((resolve) => setTimeout(resolve, lastAt + apartMs - performance.now()));
    lastAt = performance.now();
    return timed(
      () => {
        expected = changing.tell();
      },
      () => !list.busy && !list.isUpdatePending && hasTitle(list.shadowRoot, expected),
      'the changed title',
    );
  },
};
