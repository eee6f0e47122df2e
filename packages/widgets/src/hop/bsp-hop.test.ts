import {type Action, ProblemError, problemOf} from '@bsp/contract';
import {type BspProvider, functionBackend, type Session} from '@bsp/core';
import '@bsp/core/define';
import {expect, fixture, html, waitUntil} from '@open-wc/testing';
import {describeEveryScene} from '../../../../tests/browser/fixtures/every-scene.js';
import {type Scene, settled, stage} from '../../../../tests/browser/fixtures/scene.js';
import * as hopScenes from '../../../../tests/browser/scenes/hop.js';
import './define.js';

const {targetOf, targets, targetsView} = hopScenes;
const care = 'https://care.example/hop?launch=code';

/** Windows that a test opens: what they were told, and where they went. */
class OpenedWindows {
  readonly all: {document: Document; opener: unknown; closed: boolean; wentTo: string[]; close(): void}[] = [];
  blocked = false;
  readonly #open = window.open;

  constructor() {
    window.open = ((url?: string, name?: string) => {
      expect([url, name]).to.deep.equal(['about:blank', '_blank']);
      if (this.blocked) return null;
      const page = document.implementation.createHTMLDocument('');
      const opened = {
        document: page,
        opener: window,
        closed: false,
        wentTo: [] as string[],
        close() {
          this.closed = true;
        },
      };
      page.addEventListener('click', (event) => {
        event.preventDefault();
        const link = event.target as HTMLAnchorElement;
        expect(link.referrerPolicy).to.equal('no-referrer');
        opened.wentTo.push(link.href);
      });
      this.all.push(opened);
      return opened;
    }) as unknown as typeof window.open;
  }
  restore(): void {
    window.open = this.#open;
  }
}

let windows: OpenedWindows;
beforeEach(() => {
  windows = new OpenedWindows();
});
afterEach(() => {
  windows.restore();
  document.querySelector('fake-provider')?.remove();
});

/** A window whose launches are answered as told. */
async function show(answer: (action: Action) => Promise<unknown>, more: Partial<Scene> = {}) {
  const actions: Action[] = [];
  const session: Partial<Session> = {
    act: async (type, payload) => {
      const action = {type, payload, key: 'k'};
      actions.push(action);
      return {type, key: 'k', at: '2026-11-20T09:00:00Z', result: await answer(action)};
    },
  };
  const {element} = await stage('bsp-hop', {session, views: {targets: targetsView(targets)}, ...more});
  const root = element.shadowRoot as ShadowRoot;
  const button = (name: string) =>
    [...root.querySelectorAll('button')].find(({innerText}) => innerText.includes(name)) as HTMLButtonElement;
  return {
    element,
    root,
    actions,
    button,
    names: () => [...root.querySelectorAll<HTMLElement>('.targets button')].map(({innerText}) => innerText),
    said: () => root.querySelector<HTMLElement>('.said')?.innerText ?? '',
    press: async (name: string) => {
      button(name).click();
      await settled(element);
    },
  };
}

describe('<bsp-hop>', () => {
  it('offers the systems for a person, under a heading that names the person', async () => {
    const {element, names, root} = await show(() => Promise.resolve({url: care}));
    expect(names()).to.deep.equal(['Omsorg Korsbæk ↗', 'Momentum ↗']);
    expect(root.querySelector('[role=heading]')?.textContent).to.contain('641284-••••');
    await expect(element).to.be.accessible();
  });

  it('opens a window that knows nothing of the page, and goes where the backend says', async () => {
    const {press, actions, said, root} = await show(() => Promise.resolve({url: care}));
    await press('Omsorg');
    const [opened] = windows.all;
    expect(actions).to.deep.equal([{type: 'launch', key: 'k', payload: {target: {source: 'bsp', id: 'care'}}}]);
    expect(opened?.wentTo).to.deep.equal([care]);
    expect(opened?.opener).to.equal(null);
    expect(opened?.closed).to.equal(false);
    expect(said()).to.equal('');
    expect(root.querySelector('.unseen[role=status]')?.textContent).to.contain('Omsorg Korsbæk er åbnet');
  });

  it('opens the window in the click, before the backend has answered', async () => {
    let answer: (value: unknown) => void = () => undefined;
    const {press, button, actions} = await show(() => new Promise((resolve) => (answer = resolve)));
    button('Omsorg').click();
    expect(windows.all.length).to.equal(1);
    expect(windows.all[0]?.opener, 'the opener is gone before anything is sent').to.equal(null);
    expect(windows.all[0]?.document.body.textContent).to.equal('Åbner Omsorg Korsbæk …');
    await press('Omsorg');
    expect(actions.length, 'a second click waits for the first').to.equal(1);
    answer({url: care});
    await waitUntil(() => windows.all[0]?.wentTo.length === 1);
  });

  it('says honestly that the browser opened no window, having asked nobody for anything', async () => {
    windows.blocked = true;
    const {press, said, actions, element} = await show(() => Promise.resolve({url: care}));
    await press('Omsorg');
    expect(said()).to.contain('Browseren åbnede ikke et vindue til Omsorg Korsbæk');
    expect(actions).to.deep.equal([]);
    await expect(element).to.be.accessible();
    windows.blocked = false;
    await press('Prøv igen');
    expect(windows.all[0]?.wentTo).to.deep.equal([care]);
    expect(said()).to.equal('');
  });

  for (const [title, answer, text] of [
    ['cannot be had', () => Promise.reject(new ProblemError(problemOf('unavailable', 'x'))), 'Der er ikke sendt noget'],
    ['is refused', () => Promise.reject(new ProblemError(problemOf('forbidden', 'x'))), 'Du må ikke åbne'],
    ['is no answer', () => Promise.resolve({}), 'Der er ikke sendt noget'],
    ['is a script', () => Promise.resolve({url: 'javascript:alert(1)'}), 'Der er ikke sendt noget'],
    ['is data', () => Promise.resolve({url: 'data:text/html,x'}), 'Der er ikke sendt noget'],
  ] as const)
    it(`closes the window and says so when the address ${title}`, async () => {
      const {press, said} = await show(answer);
      await press('Omsorg');
      expect(said()).to.contain(text);
      expect(windows.all[0]?.closed).to.equal(true);
      expect(windows.all[0]?.wentTo).to.deep.equal([]);
    });

  it('offers what the config wants, in its order, and nothing that is not there', async () => {
    const {names} = await show(() => Promise.resolve({url: care}), {config: {targets: ['momentum', 'x', 'care']}});
    expect(names()).to.deep.equal(['Momentum ↗', 'Omsorg Korsbæk ↗']);
  });

  it('has a menu for many, which Escape closes', async () => {
    const many = Array.from({length: 4}, (_, index) => targetOf(String(index), `System ${index}`));
    const {root, element, button} = await show(() => Promise.resolve({url: care}), {
      views: {targets: targetsView(many)},
    });
    const menu = root.querySelector('details')!;
    menu.open = true;
    menu.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape'}));
    expect(menu.open).to.equal(false);
    menu.open = true;
    await expect(element).to.be.accessible();
    button('System 2').focus();
    button('System 2').click();
    expect(menu.open).to.equal(false);
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    await settled(element);
    expect(root.activeElement?.localName).to.equal('summary');
  });

  it('shows a name as text, with numbers masked', async () => {
    const hostile = [targetOf('x', '<img src=x onerror=alert(1)> 641284-0001')];
    const {root, names} = await show(() => Promise.resolve({}), {views: {targets: targetsView(hostile)}});
    expect(root.querySelector('img')).to.equal(null);
    expect(names()[0]).to.contain('<img src=x onerror=alert(1)> 641284-••••');
  });
});

describe('<bsp-hop> with a provider', () => {
  it('closes the blank window and sends nothing when somebody else is chosen meanwhile', async () => {
    let answer: (value: unknown) => void = () => undefined;
    const provider = await fixture<BspProvider>(html`<bsp-provider><bsp-hop></bsp-hop></bsp-provider>`);
    const element = provider.querySelector('bsp-hop')!;
    provider.backend = functionBackend(
      {targets: () => [{id: 'care', name: 'Omsorg', for: 'person'}]},
      {actions: {launch: () => new Promise((resolve) => (answer = resolve))}},
    );
    await provider.setSubject({type: 'cpr', value: '641284-0001'});
    await waitUntil(() => element.state === 'ready' && !element.busy);
    await element.updateComplete;
    element.shadowRoot?.querySelector<HTMLButtonElement>('.targets button')?.click();
    await waitUntil(() => windows.all.length === 1);
    await provider.setSubject({type: 'cpr', value: '700690-0126'});
    expect(windows.all[0]?.closed).to.equal(true);
    answer({url: care});
    await waitUntil(() => element.state === 'ready' && !element.busy);
    await new Promise((resolve) => setTimeout(resolve));
    expect(windows.all[0]?.wentTo).to.deep.equal([]);
    expect(element.shadowRoot?.querySelector('.said')).to.equal(null);
  });

  it('goes on by a host’s own functions too', async () => {
    const asked: unknown[] = [];
    const provider = await fixture<BspProvider>(html`<bsp-provider><bsp-hop></bsp-hop></bsp-provider>`);
    const element = provider.querySelector('bsp-hop')!;
    provider.backend = functionBackend(
      {targets: () => [{id: 'care', name: 'Omsorg', for: 'person'}]},
      {
        actions: {
          launch: (subject, payload) => {
            asked.push([subject, payload]);
            return {url: care};
          },
        },
      },
    );
    await provider.setSubject({type: 'cpr', value: '641284-0001'});
    await waitUntil(() => element.state === 'ready' && !element.busy);
    await element.updateComplete;
    element.shadowRoot?.querySelector<HTMLButtonElement>('.targets button')?.click();
    await waitUntil(() => windows.all[0]?.wentTo.length === 1);
    expect(asked).to.deep.equal([[{type: 'cpr', value: '6412840001'}, {target: {source: 'host', id: 'care'}}]]);
  });
});

describeEveryScene(hopScenes);
