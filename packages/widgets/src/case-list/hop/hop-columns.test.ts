import {type Action, casesResource, ProblemError, problemOf, type Target} from '@bsp/contract';
import type {Session} from '@bsp/core';
import {expect, waitUntil} from '@open-wc/testing';
import {fakeSession, sourceOf, viewOf} from '../../../../../tests/browser/fixtures/fake-session.js';
import {settled, stage} from '../../../../../tests/browser/fixtures/scene.js';
import {targetOf, targetsView} from '../../../../../tests/browser/scenes/hop.js';
import '../define.js';
import './define.js';

const caseOf = (source: string, id: string, title: string) => ({
  ref: {source, id},
  title,
  status: {phase: 'informed' as const, native: 'I gang'},
  changedAt: '2026-11-19T10:00:00+01:00',
  sensitivity: 'ordinary' as const,
});
const cases = [caseOf('ky', '1', 'Kontanthjælp 641284-0001'), caseOf('sbsys', '2', 'Flytning')];
const ky = targetOf('ky-case', 'KY', {for: 'case', sources: ['ky']});
const open = window.open;

async function show(
  targets: readonly Target[],
  answer: () => Promise<unknown> = () => Promise.resolve({url: 'https://ky.example/1'}),
) {
  const actions: Action[] = [];
  const session: Partial<Session> = {
    act: async (type, payload) => {
      actions.push({type, key: 'k', payload});
      return {type, key: 'k', at: '2026-11-20T09:00:00Z', result: await answer()};
    },
  };
  const views = {
    [casesResource.name]: viewOf(cases, [sourceOf('ky', 'KY', {count: 1}), sourceOf('sbsys', 'SBSYS', {count: 1})]),
    targets: targetsView(targets),
  };
  const {element, provider} = await stage('bsp-case-list', {session, views});
  const root = element.shadowRoot as ShadowRoot;
  return {
    element,
    provider,
    root,
    actions,
    buttons: () => [...root.querySelectorAll<HTMLButtonElement>('td.hop button')],
  };
}

describe('the systems that a case can be opened in', () => {
  afterEach(() => {
    window.open = open;
    document.querySelector('fake-provider')?.remove();
  });

  it('stand in the rows of cases that they know, and the case still opens with the host', async () => {
    const {element, root, buttons} = await show([ky, targetOf('care', 'Omsorg')]);
    expect(buttons().map(({ariaLabel}) => ariaLabel)).to.deep.equal([
      'Åbn Kontanthjælp 641284-•••• i KY i et nyt vindue',
    ]);
    let opened = '';
    element.addEventListener('bsp-case-open', ({detail}) => {
      opened = detail.ref.id;
    });
    root.querySelector<HTMLButtonElement>('td.case .link')?.click();
    expect(opened).not.to.equal('');
    expect(root.querySelector('th.hop button'), 'nothing to sort by').to.equal(null);
    await expect(element).to.be.accessible();
  });

  it('go with their person', async () => {
    const {provider, root, element} = await show([ky]);
    const next = fakeSession();
    provider.session = next;
    next.show(casesResource, viewOf(cases, [sourceOf('ky', 'KY', {count: 2})]));
    await settled(element);
    expect(root.querySelectorAll('tbody tr').length).to.equal(2);
    expect(root.querySelectorAll('.hop').length).to.equal(0);
  });

  it('are no column where there are none', async () => {
    const {root} = await show([targetOf('care', 'Omsorg')]);
    expect(root.querySelectorAll('th.hop').length).to.equal(0);
  });

  it('open with the case, in a window that knows nothing of the page', async () => {
    const page = document.implementation.createHTMLDocument('');
    const wentTo: string[] = [];
    page.addEventListener('click', (event) => {
      event.preventDefault();
      wentTo.push((event.target as HTMLAnchorElement).href);
    });
    const opened = {document: page, opener: window as unknown, close: () => undefined};
    window.open = (() => opened) as unknown as typeof window.open;
    const {buttons, actions} = await show([ky]);
    buttons()[0]?.click();
    await waitUntil(() => wentTo.length === 1);
    expect(opened.opener).to.equal(null);
    expect(wentTo).to.deep.equal(['https://ky.example/1']);
    expect(actions.map(({payload}) => payload)).to.deep.equal([{target: ky.ref, record: {source: 'ky', id: '1'}}]);
  });

  it('say in the row what could not be', async () => {
    window.open = () => null;
    const {element, buttons, root, actions} = await show([ky]);
    buttons()[0]?.click();
    await settled(element);
    expect(root.querySelector('td.hop [role=alert]')?.textContent).to.contain('Browseren åbnede ikke et vindue');
    expect(actions).to.deep.equal([]);
    await expect(element).to.be.accessible();
  });

  it('close the window where the backend refuses', async () => {
    let closed = false;
    const page = document.implementation.createHTMLDocument('');
    window.open = (() => ({document: page, close: () => (closed = true)})) as unknown as typeof window.open;
    const {element, buttons, root} = await show([ky], () =>
      Promise.reject(new ProblemError(problemOf('foreign-item', 'x'))),
    );
    buttons()[0]?.click();
    await settled(element);
    expect(root.querySelector('td.hop [role=alert]')?.textContent).to.contain('Der er ikke sendt noget');
    expect(closed).to.equal(true);
  });
});
