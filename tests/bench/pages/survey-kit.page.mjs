// The kit's windows and listeners of a host that all agree, and how long a switch asks them before it is committed.
import {until} from './measure.mjs';
import {answerFromMemory, personOf} from './stubbed-backend.mjs';

const tags = ['bsp-person', 'bsp-case-list', 'bsp-journal', 'bsp-events'];
let provider;
let windows;

const stands = () => windows.every(({state, busy}) => !['no-subject', 'loading'].includes(state) && !busy);

globalThis.contender = {
  /** So many of each window; listeners that have nothing to say, and such that look first and then agree. */
  async prepare(people, {windowsOfEach, silent, looking}) {
    answerFromMemory(Object.fromEntries(people.map((person) => [person.number, personOf(person)])));
    await customElements.whenDefined('bsp-provider');
    provider = document.createElement('bsp-provider');
    provider.backend = '/bsp';
    for (let index = 0; index < silent; index++) provider.addEventListener('bsp-subject-survey', () => undefined);
    for (let index = 0; index < looking; index++)
      provider.addEventListener('bsp-subject-survey', ({detail}) => detail.waitUntil(Promise.resolve('agree')));
    windows = tags.flatMap((tag) => Array.from({length: windowsOfEach}, () => document.createElement(tag)));
    provider.append(...windows);
    document.body.append(provider);
  },
  /** Milliseconds until the person before is gone; it waits until the next one stands. */
  async switchTo(number) {
    let committed;
    provider.addEventListener('bsp-subject-commit', () => (committed = performance.now()), {once: true});
    const started = performance.now();
    const {outcome} = await provider.setSubject({type: 'cpr', value: number});
    if (outcome !== 'committed') throw new Error(`The switch was ${outcome}.`);
    await until(stands, 'the windows');
    return committed - started;
  },
};
