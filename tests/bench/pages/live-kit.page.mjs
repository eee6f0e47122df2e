// The kit: a notice comes, the source is read again, the row changes.
import {changingPerson, hasTitle} from './live-line.mjs';
import {timed, until} from './measure.mjs';
import {answerFromMemory} from './stubbed-backend.mjs';

let list;
let changing;

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
  change() {
    let expected;
    return timed(
      () => {
        expected = changing.tell();
      },
      () => !list.busy && !list.isUpdatePending && hasTitle(list.shadowRoot, expected),
      'the changed title',
    );
  },
};
