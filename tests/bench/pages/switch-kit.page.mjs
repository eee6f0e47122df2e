// The kit's four windows, and a switch from one person to another.
import {timed} from './measure.mjs';
import {answerFromMemory, personOf} from './stubbed-backend.mjs';

const tags = ['bsp-person', 'bsp-case-list', 'bsp-journal', 'bsp-events'];
let provider;
let windows;

const stands = () =>
  windows.every(
    (element) =>
      !['no-subject', 'loading'].includes(element.state) &&
      !element.busy &&
      !element.isUpdatePending &&
      element.shadowRoot?.querySelector('.foot span'),
  );

globalThis.contender = {
  async prepare(people) {
    answerFromMemory(Object.fromEntries(people.map((person) => [person.number, personOf(person)])));
    await customElements.whenDefined('bsp-provider');
    provider = document.createElement('bsp-provider');
    provider.backend = '/bsp';
    windows = tags.map((tag) => document.createElement(tag));
    provider.append(...windows);
    document.body.append(provider);
  },
  switchTo(number) {
    return timed(() => void provider.setSubject({type: 'cpr', value: number}), stands, 'the windows');
  },
  /** What the windows show now, without what only the kit knows of. */
  shown() {
    return windows.map(({shadowRoot}) => ({
      html: shadowRoot.innerHTML.replace(/<!--[^>]*-->/g, ''),
      styles: shadowRoot.adoptedStyleSheets.map(({cssRules}) => [...cssRules].map(({cssText}) => cssText).join('\n')),
    }));
  },
};
