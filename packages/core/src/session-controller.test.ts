import {casesResource} from '@bsp/contract';
import {expect} from '@open-wc/testing';
import {LitElement} from 'lit';
import {composedText, ProbeWindow} from '../../../tests/browser/fixtures/probe-window.js';
import {aCase} from '../../../tests/browser/fixtures/records.js';
import {last, nextTask, ScriptedBackend, settled} from '../../../tests/browser/fixtures/scripted-backend.js';
import {secondCopy} from '../../../tests/browser/fixtures/second-copy.js';
import {BspProvider} from './bsp-provider.js';
import './define.js';
import type {SessionController} from './session-controller.js';

const page = document.createElement('div');

/** A provider with a person open; the person's number begins with `day`. */
async function providerOf(day: string, id = '', parent: Node = page): Promise<BspProvider> {
  const backend = new ScriptedBackend();
  const element = new BspProvider();
  element.id = id;
  element.backend = backend;
  parent.appendChild(element);
  const outcome = element.setSubject({type: 'cpr', value: `${day}1284-0001`});
  await settled();
  last(backend.opens).accept();
  await outcome;
  return element;
}

const probe = (parent: Node, forId?: string): ProbeWindow => {
  const element = new ProbeWindow();
  element.for = forId;
  element.resources = [casesResource];
  parent.appendChild(element);
  return element;
};

const whose = async (window: ProbeWindow): Promise<string | undefined> => {
  await window.updateComplete;
  expect(window.shadowRoot?.textContent ?? '').to.include(window.controller.session?.subject?.masked ?? '');
  return window.controller.session?.subject?.masked?.slice(0, 2);
};

describe('a window', () => {
  beforeEach(() => document.body.append(page));
  afterEach(() => {
    page.remove();
    page.replaceChildren();
  });

  it('follows the nearest provider around it, through shadow roots', async () => {
    const outer = await providerOf('61');
    const inner = await providerOf('62', '', outer);
    const box = document.createElement('div');
    inner.append(box);
    expect(await whose(probe(outer))).to.equal('61');
    expect(await whose(probe(inner))).to.equal('62');
    expect(await whose(probe(box.attachShadow({mode: 'closed'})))).to.equal('62');
  });

  it('follows the one that "for" names, wherever it stands', async () => {
    const one = await providerOf('61', 'one');
    await providerOf('62', 'two');
    expect(await whose(probe(page, 'two'))).to.equal('62');
    expect(await whose(probe(one, 'two'))).to.equal('62');
    const host = document.createElement('div');
    page.append(host);
    const root = host.attachShadow({mode: 'open'});
    expect(await whose(probe(root, 'two'))).to.equal('62');
    await providerOf('63', 'two', root);
    expect(await whose(probe(root, 'two'))).to.equal('63');
  });

  it('follows nobody where "for" names no provider, even inside another one', async () => {
    const one = await providerOf('61');
    const other = document.createElement('div');
    other.id = 'other';
    one.append(other);
    expect(await whose(probe(page, 'nobody'))).to.equal(undefined);
    expect(await whose(probe(one, 'other'))).to.equal(undefined);
  });

  it('follows the only one of the page; of two, neither', async () => {
    const window = probe(page);
    expect(await whose(window)).to.equal(undefined);
    await providerOf('61');
    expect(await whose(window)).to.equal('61');
    const two = await providerOf('62');
    expect(await whose(window)).to.equal(undefined);
    two.remove();
    expect(await whose(window)).to.equal('61');
  });

  it('that was there before its provider finds it', async () => {
    const named = probe(page, 'late');
    const host = document.createElement('div');
    page.append(host);
    const inside = probe(host);
    await providerOf('63');
    const late = await providerOf('61', 'late');
    expect(await whose(named)).to.equal('61');
    late.append(host);
    expect(await whose(inside)).to.equal('61');
  });

  it('changes over when "for" does, in one task, and renders anew what it had derived', async () => {
    await providerOf('61', 'one');
    const two = await providerOf('62', 'two');
    const window = probe(page, 'one');
    await whose(window);
    const derived: (string | undefined)[] = [];
    const {willUpdate} = window as unknown as {willUpdate(changed: Map<PropertyKey, unknown>): void};
    Object.assign(window, {
      willUpdate(changed: Map<PropertyKey, unknown>) {
        willUpdate.call(window, changed);
        derived.push(window.controller.session?.subject?.masked?.slice(0, 2));
      },
    });
    window.for = 'two';
    for (let turn = 0; turn < 20; turn++) await null;
    expect(window.controller.session).to.equal(two.session);
    expect(derived.at(-1)).to.equal('62');
    window.for = undefined;
    expect(await whose(window)).to.equal(undefined);
  });

  it('that is moved from one provider to another shows nothing of the first', async () => {
    const one = await providerOf('61');
    const two = await providerOf('62');
    const window = probe(one);
    const backend = one.backend as ScriptedBackend;
    await settled();
    last(backend.reads)
      .plan({cases: ['a']})
      .frame('cases', 'a', [aCase('a', '1', 'Første')]);
    await settled();
    expect(composedText(window)).to.include('Første');
    two.append(window);
    for (let turn = 0; turn < 20; turn++) await null;
    expect(composedText(window)).to.not.include('Første').and.not.include('611284');
    last(backend.reads).frame('cases', 'a', [aCase('a', '2', 'Anden')], {mode: 'append'});
    await settled();
    expect(composedText(window)).to.not.include('Anden');
    expect(await whose(window)).to.equal('62');
    window.remove();
    await two.clearSubject();
    expect(window.controller.session).to.equal(undefined);
  });

  it('goes over to a provider that comes to stand between', async () => {
    const outer = await providerOf('61');
    const box = document.createElement('div');
    outer.append(box);
    const window = probe(box);
    const named = probe(box, 'outer');
    outer.id = 'outer';
    named.requestUpdate();
    const inner = await providerOf('62', 'inner', outer);
    outer.append(inner);
    inner.append(box);
    void inner.setSubject({type: 'cpr', value: '631284-0001'});
    await settled();
    last((inner.backend as ScriptedBackend).opens).accept();
    await settled();
    expect(await whose(window)).to.equal('63');
    expect(await whose(named)).to.equal('61');
    // A provider that wakes late, around windows that hold on to the outer one.
    const sleeping = document.createElement('sleeping-provider');
    outer.append(sleeping);
    const under = probe(sleeping);
    const namedUnder = probe(sleeping, 'outer');
    expect([await whose(under), await whose(namedUnder)]).to.deep.equal(['61', '61']);
    customElements.define('sleeping-provider', class extends BspProvider {});
    expect([await whose(under), await whose(namedUnder)]).to.deep.equal([undefined, '61']);
    await (sleeping as BspProvider).clearSubject();
    expect([await whose(under), await whose(namedUnder)]).to.deep.equal([undefined, '61']);
  });

  it('of one copy of the kit follows a provider of another copy', async () => {
    const copy = await secondCopy(new URL('./index.ts', import.meta.url));
    const define = copy.define as (tag: string, type: unknown, options: object) => void;
    define('bsp-provider', copy.BspProvider, {prefix: 'copy'});
    const Controller = copy.SessionController as typeof SessionController;
    expect(customElements.get('copy-provider')).not.to.equal(customElements.get('bsp-provider'));
    class CopyWindow extends LitElement {
      declare for: string | undefined;
      readonly controller = new Controller(this);
    }
    customElements.define('copy-window', CopyWindow);

    const backend = new ScriptedBackend();
    const element = document.createElement('copy-provider') as BspProvider;
    element.id = 'copied';
    element.backend = backend;
    page.append(element);
    const only = probe(page);
    const inside = probe(element);
    const outcome = element.setSubject({type: 'cpr', value: '611284-0001'});
    await settled();
    last(backend.opens).accept();
    expect((await outcome).outcome).to.equal('committed');
    await settled();
    expect([await whose(only), await whose(inside)]).to.deep.equal(['61', '61']);
    last(backend.reads)
      .plan({cases: ['a']})
      .frame('cases', 'a', [aCase('a', '1', 'Første')])
      .end();
    await settled();
    expect(composedText(only)).to.include('Første');

    const own = await providerOf('62', 'own');
    const copied = new CopyWindow();
    own.append(copied);
    expect(copied.controller.session).to.equal(own.session);
    expect(await whose(only)).to.equal(undefined);
    void element.clearSubject();
    for (let turn = 0; turn < 20; turn++) await null;
    expect(composedText(page)).to.not.include('Første');
    void own.clearSubject();
    await nextTask();
    expect(copied.controller.session).to.equal(undefined);
  });
});
