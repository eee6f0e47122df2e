// The limit: the same notice, the same read, and new rows for the records of that source only.
import {casesResource} from '@bsp/contract';
import {HandWrittenCaseList} from './hand-written-case-list.mjs';
import {changingPerson, hasTitle} from './live-line.mjs';
import {timed} from './measure.mjs';
import {readCases, readStream} from './read-cases.mjs';
import {answerFromMemory} from './stubbed-backend.mjs';

let list;
let changing;

/** Follows the live line, and reads what it tells of. */
async function follow(contextId) {
  const {body} = await fetch(`/bsp/v1/live?context=${contextId}`);
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const {done, value} = await reader.read();
    if (done) return;
    rest += decoder.decode(value, {stream: true});
    const events = rest.split('\n\n');
    rest = events.pop();
    for (const event of events) {
      const data = /^data: (.*)$/m.exec(event)?.[1];
      const notice = data && JSON.parse(data);
      if (notice?.contextId === contextId) void readAgain(contextId, notice.resource, notice.source);
    }
  }
}

async function readAgain(contextId, resource, source) {
  for await (const message of readStream(contextId, [{resource, source}]))
    if (message.kind === 'frame')
      list.replaceSource(
        source,
        message.items.map((item) => casesResource.parse(item)).filter((one) => one !== undefined),
      );
}

globalThis.contender = {
  async prepare({count}) {
    const bytes = new Uint8Array(await (await fetch(`/streams/${count}.ndjson`)).arrayBuffer());
    changing = changingPerson(bytes);
    answerFromMemory({6412841002: changing.person}, changing);
    const host = document.createElement('div');
    document.body.append(host);
    list = new HandWrittenCaseList(host);
    const read = await readCases('6412841002');
    list.show(read);
    void follow(read.context.contextId);
  },
  change() {
    let expected;
    return timed(
      () => {
        expected = changing.tell();
      },
      () => hasTitle(list.root, expected),
      'the changed title',
    );
  },
};
