// Fifty of the kit's windows on one page, about one person.
import {nextTask, timed} from './measure.mjs';
import {answerFromMemory, personWith} from './stubbed-backend.mjs';

let provider;
let windows;

globalThis.contender = {
  async prepare({count}) {
    const bytes = new Uint8Array(await (await fetch(`/streams/${count}.ndjson`)).arrayBuffer());
    answerFromMemory({6412841002: personWith('c1', '641284-••••', 'Maude Agerlund', bytes)});
    await customElements.whenDefined('bsp-provider');
  },
  create(count) {
    return timed(
      () => {
        provider = document.createElement('bsp-provider');
        provider.backend = '/bsp';
        windows = Array.from({length: count}, () => document.createElement('bsp-case-list'));
        for (const element of windows) element.config = {filter: 'all'};
        provider.append(...windows);
        document.body.append(provider);
        void provider.setSubject({type: 'cpr', value: '641284-1002'});
      },
      () =>
        windows.every(
          (element) =>
            element.state === 'ready' &&
            !element.busy &&
            !element.isUpdatePending &&
            element.shadowRoot?.querySelector('.foot span') &&
            element.shadowRoot?.querySelector('.tools input'),
        ),
      'the windows',
    );
  },
  async destroy() {
    provider.remove();
    provider = windows = undefined;
    await nextTask();
  },
};
