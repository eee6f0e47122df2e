// Fifty hand-written case lists on one page, from one read.
import {HandWrittenCaseList} from './hand-written-case-list.mjs';
import {nextTask, timed} from './measure.mjs';
import {readCases} from './read-cases.mjs';
import {answerFromMemory, personWith} from './stubbed-backend.mjs';

let page;

globalThis.contender = {
  async prepare({count}) {
    const bytes = new Uint8Array(await (await fetch(`/streams/${count}.ndjson`)).arrayBuffer());
    answerFromMemory({6412841002: personWith('c1', '641284-••••', 'Maude Agerlund', bytes)});
  },
  create: (count) =>
    timed(
      async () => {
        page = document.createElement('div');
        document.body.append(page);
        const read = await readCases('6412841002');
        for (let made = 0; made < count; made++) {
          const host = document.createElement('div');
          page.append(host);
          new HandWrittenCaseList(host).show(read);
        }
      },
      () => page.childElementCount === count,
      'the windows',
    ),
  async destroy() {
    page.remove();
    page = undefined;
    await nextTask();
  },
};
