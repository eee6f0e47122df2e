import '@bsp/core/define';
import '@bsp/widgets/case-list/define';
import '@bsp/widgets/events/define';
import '@bsp/widgets/journal/define';
import '@bsp/widgets/person/define';
import {hidePersons} from '@bsp/core/screen-sharing';
import {characters, korsbaekBackend} from '@bsp/korsbaek';
import {expect} from '@open-wc/testing';
import {until} from '../../../tests/browser/fixtures/scene.js';

type Backend = Exclude<HTMLElementTagNameMap['bsp-provider']['backend'], string | undefined>;

const [maude] = characters as unknown as [{cpr: string; name: string}];
const tags = ['bsp-person', 'bsp-case-list', 'bsp-journal', 'bsp-events'] as const;

/** All that stands in the page, as text: elements, attributes, what is typed into fields. */
function domOf(root: ParentNode): string {
  return [...root.querySelectorAll('*')]
    .flatMap((element) => [
      ...[...element.attributes].map(({value}) => value),
      ...[...element.childNodes].filter(({nodeType}) => nodeType === Node.TEXT_NODE).map(({nodeValue}) => nodeValue),
      ...('value' in element ? [String(element.value)] : []),
      element.shadowRoot ? domOf(element.shadowRoot) : '',
    ])
    .join('\n');
}

/** What a person's records say in words of people and sources, and how digits of a person look. */
async function personalWords(backend: Backend): Promise<string[]> {
  const signal = new AbortController().signal;
  const {contextId, subject} = await backend.openContext({type: 'cpr', value: maude.cpr}, {signal});
  const words = new Set<string>([subject.masked?.slice(0, 6) ?? '']);
  const personal = /^(name|masked|title|body|heading|unit|number|text|code|municipality|citizenship|phone|reason)$/;
  const collect = (value: unknown, key = ''): void => {
    if (typeof value === 'string') {
      if (personal.test(key)) for (const line of value.split('\n')) words.add(line.trim());
    } else if (Array.isArray(value)) for (const one of value) collect(one, key === 'lines' ? 'text' : key);
    else if (value && typeof value === 'object')
      for (const [name, one] of Object.entries(value)) if (name !== 'source') collect(one, name);
  };
  const reads = ['person', 'cases', 'journal', 'events'].map((resource) => ({resource}));
  for await (const message of backend.read(contextId, reads, {signal}))
    if (message.kind === 'frame') for (const item of message.items) collect(item);
  return [...words].filter((word) => word.length > 3);
}

describe('a shared screen', () => {
  let provider: HTMLElementTagNameMap['bsp-provider'];
  const windows = () => tags.map((tag) => provider.querySelector(tag) as HTMLElementTagNameMap[typeof tag]);
  const shown = () => domOf(provider);
  const inWindow = (tag: (typeof tags)[number]) => provider.querySelector(tag)?.shadowRoot as ShadowRoot;
  /** Begins a note in the journal. */
  const writing = async () => {
    const journal = inWindow('bsp-journal');
    await until(() => journal.querySelector('#write'));
    journal.querySelector<HTMLElement>('#write')?.click();
    await until(() => journal.querySelector('#note-body'));
    const body = journal.querySelector('#note-body') as HTMLTextAreaElement;
    body.value = 'Kun til mig selv';
    body.dispatchEvent(new InputEvent('input', {bubbles: true, composed: true}));
    return journal;
  };
  let show: (() => void) | undefined;
  let words: string[];

  beforeEach(async () => {
    const backend = korsbaekBackend() as Backend;
    words = await personalWords(backend);
    provider = document.createElement('bsp-provider');
    provider.append(...tags.map((tag) => document.createElement(tag)));
    provider.backend = backend;
    document.body.append(provider);
    await provider.setSubject({type: 'cpr', value: maude.cpr});
    await until(() => windows().every(({state, busy}) => ['ready', 'partial'].includes(state) && !busy));
  });
  afterEach(() => {
    show?.();
    show = undefined;
    provider.remove();
  });

  const told = () => {
    const text = shown();
    return words.filter((word) => text.includes(word));
  };
  const hide = async () => {
    show = hidePersons(provider);
    await Promise.all(windows().map(({updateComplete}) => updateComplete));
    await until(() => shown().includes('Skjult'));
  };

  it('tells nothing of the person in any window, and shows as much as before', async () => {
    expect(told().length, 'what there is to hide').to.be.above(20);
    const rows = () => inWindow('bsp-case-list').querySelectorAll('tbody tr').length;
    const before = rows();
    await hide();
    expect(told()).to.deep.equal([]);
    expect(shown()).not.to.match(/\d{6}-[\d•]{4}/);
    expect(rows()).to.equal(before);
    for (const window of windows()) expect(window.state, window.localName).to.be.oneOf(['ready', 'partial']);
    expect(inWindow('bsp-person').querySelector('[part=title]')?.textContent).to.contain('Skjult person');
  });

  it('offers nothing to reveal, to write or to mark', async () => {
    await hide();
    for (const {shadowRoot} of windows())
      for (const button of shadowRoot?.querySelectorAll('button') ?? [])
        expect(button.textContent + (button.getAttribute('aria-label') ?? '')).not.to.match(
          /Skriv|Vis nummer|Kvitt|Udført/,
        );
    const {lens, session} = provider;
    const hidden = session && lens?.(session);
    const problem = await hidden?.act('reveal', {}).catch((thrown: {problem: unknown}) => thrown.problem);
    expect(problem).to.include({code: 'forbidden'});
  });

  it('hides a note that is being written and a number that is shown, and gives the note back', async () => {
    const journal = await writing();
    const person = inWindow('bsp-person');
    await until(() => person.querySelector('.cpr + button'));
    person.querySelector<HTMLElement>('.cpr + button')?.click();
    await until(() => person.querySelector('.cpr.open'));
    words = [...words, 'Kun til mig selv', maude.cpr.slice(-4)];
    expect(told()).to.include('Kun til mig selv').and.to.include(maude.cpr.slice(-4));
    await hide();
    expect(told()).to.deep.equal([]);
    show?.();
    await until(() => journal.querySelector<HTMLTextAreaElement>('#note-body')?.value === 'Kun til mig selv');
    expect(told().length).to.be.above(20);
  });

  it('keeps the person while something is written that is not kept: nobody can be asked', async () => {
    const backend = provider.backend as Backend;
    const {act} = backend;
    let isKept = false;
    backend.act = (...given) =>
      isKept || given[1].type !== 'draft.save' ? act.apply(backend, given) : Promise.reject(new Error('not kept'));
    await writing();
    await hide();
    expect((await provider.clearSubject()).outcome).to.equal('kept');
    isKept = true;
    expect((await provider.clearSubject()).outcome).to.equal('committed');
  });

  it('hides the next person too, and a window that comes later', async () => {
    await hide();
    const late = document.createElement('bsp-case-list');
    provider.append(late);
    await provider.clearSubject();
    expect(shown()).not.to.contain('Skjult person');
    await provider.setSubject({type: 'cpr', value: maude.cpr});
    await until(() => [...windows(), late].every(({state, busy}) => ['ready', 'partial'].includes(state) && !busy));
    expect(told()).to.deep.equal([]);
    expect(late.shadowRoot?.textContent).to.contain('Skjult');
  });

  it('keeps a failing source failing, and claims nothing', async () => {
    await hide();
    const backend = provider.backend as unknown as {behaviour: {failures: Record<string, string>}};
    backend.behaviour.failures = {'ky/cases': 'unavailable'};
    await provider.clearSubject();
    await provider.setSubject({type: 'cpr', value: maude.cpr});
    const list = provider.querySelector('bsp-case-list') as HTMLElementTagNameMap['bsp-case-list'];
    await until(() => list.state === 'partial' && !list.busy);
    await until(() => /KY svarede ikke/.test(inWindow('bsp-case-list').textContent ?? ''));
    expect(told()).to.deep.equal([]);
  });
});
