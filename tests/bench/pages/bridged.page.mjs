// One of two pages of a user that show the same person, with four windows each, as a program that bundles them has them.
import '@bsp/core/define';
import '@bsp/widgets/case-list/define';
import '@bsp/widgets/events/define';
import '@bsp/widgets/journal/define';
import '@bsp/widgets/person/define';
import {connectBridge} from '@bsp/core/bridge';
import {tabs} from '@bsp/core/bridge/tabs';
import {until} from './measure.mjs';
import {answerFromMemory, personOf} from './stubbed-backend.mjs';

const tags = ['bsp-person', 'bsp-case-list', 'bsp-journal', 'bsp-events'];
const now = () => performance.timeOrigin + performance.now();
let provider;
let windows;
let bridge;
let committed;

const stands = () => windows.every(({state, busy}) => !['no-subject', 'loading'].includes(state) && !busy);

globalThis.contender = {
  async prepare(people, name) {
    answerFromMemory(Object.fromEntries(people.map((person) => [person.number, personOf(person)])), {
      tabs: 'the-tabs-of-this-benchmark',
    });
    provider = document.createElement('bsp-provider');
    provider.backend = '/bsp';
    windows = tags.map((tag) => document.createElement(tag));
    provider.append(...windows);
    document.body.append(provider);
    provider.addEventListener('bsp-subject-commit', () => (committed = now()));
    bridge = connectBridge(provider, tabs(), {name, follow: () => true, survey: () => 'agree'});
    await until(() => bridge.state !== 'unreachable', 'the other tab');
  },
  /** When the change was asked for, in milliseconds of the machine's clock. */
  async lead(number) {
    const started = now();
    const {outcome} = await provider.setSubject({type: 'cpr', value: number});
    if (outcome !== 'committed') throw new Error(`The switch was ${outcome}.`);
    return started;
  },
  expectChange() {
    committed = undefined;
  },
  /** When the person before was gone here, and when the windows showed the next one. */
  async followed() {
    await until(() => committed !== undefined, 'the other page');
    await until(stands, 'the windows');
    document.body.getBoundingClientRect();
    const shown = now();
    await until(() => bridge.state === 'in-step', 'both to be in step');
    return {committed, shown};
  },
};
