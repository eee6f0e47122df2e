import '@bsp/core/define';
import './define.js';
import type {Backend} from '@bsp/contract';
import {characters, type KorsbaekBackend, korsbaekBackend} from '@bsp/korsbaek';
import {expect} from '@open-wc/testing';
import {until} from '../../../../tests/browser/fixtures/scene.js';

const [maude, holger] = characters as unknown as [{cpr: string; name: string}, {cpr: string; name: string}];

describe('<bsp-case-list> in a provider on Korsbæk', () => {
  let provider: HTMLElementTagNameMap['bsp-provider'];
  let list: HTMLElementTagNameMap['bsp-case-list'];
  let backend: KorsbaekBackend;

  beforeEach(() => {
    provider = document.createElement('bsp-provider');
    list = document.createElement('bsp-case-list');
    provider.append(list);
    backend = korsbaekBackend();
    provider.backend = backend as Backend;
    document.body.append(provider);
  });
  afterEach(() => provider.remove());

  const root = () => list.shadowRoot as ShadowRoot;
  const panel = () => root().querySelector('section') as HTMLElement;
  const rows = () => [...root().querySelectorAll('td.case')].map((cell) => cell.textContent);
  const choose = ({cpr}: {cpr: string}) => provider.setSubject({type: 'cpr', value: cpr});
  const notice = () => root().querySelector<HTMLElement>('.notice')?.innerText.replace(/\s+/g, ' ') ?? '';

  it('shows all six systems, and the hidden one by whom to ask', async () => {
    await choose(maude);
    await until(() => list.state === 'ready' && !list.busy);
    expect(rows().length).to.be.above(3);
    await until(() => /6 af 6 kilder/.test(panel().innerText));
    expect(panel().innerText).to.match(/som du ikke har adgang til/);
    expect(panel().textContent).to.contain(maude.name);
  });

  it('shows the fast sources at once, and says whom it waits for', async () => {
    const release = backend.hold('kmd-nexus');
    const releaseToo = backend.hold('nexus');
    await choose(maude);
    await until(() => rows().length > 0);
    expect(list.busy).to.equal(true);
    await until(() => /Venter på 1 af 6/.test(panel().innerText));
    const before = rows().length;
    release();
    releaseToo();
    await until(() => !list.busy);
    expect(rows().length).to.be.above(before);
  });

  it('names the source that failed, and has it back after a retry', async () => {
    backend.behaviour.failures = {'ky/cases': 'unavailable'};
    await choose(maude);
    await until(() => !list.busy && /^KY svarede ikke\. Sager derfra mangler\./.test(notice()));
    expect(list.state).to.equal('partial');
    const before = rows().length;
    backend.behaviour.failures = {};
    root().querySelector<HTMLButtonElement>('.notice button')?.click();
    await until(() => list.state === 'ready' && !list.busy);
    expect(rows().length).to.be.above(before);
    expect(notice()).to.equal('');
  });

  it('keeps the rows of a source that does not answer again, and says that they are old', async () => {
    await choose(maude);
    await until(() => list.state === 'ready' && !list.busy);
    const before = rows().length;
    backend.behaviour.failures = {ky: 'timeout'};
    root().querySelector<HTMLButtonElement>('[aria-label="Hent sager igen"]')?.click();
    await until(() => /^KY svarede ikke\. Oplysningerne derfra er fra/.test(notice()));
    expect(list.state).to.equal('stale');
    expect(rows().length).to.equal(before);
  });

  it('is an error when nobody answers, and never a claim of emptiness', async () => {
    backend.behaviour.requests = {read: 'network'};
    await choose(maude);
    await until(() => list.state === 'error');
    expect(panel().innerText).not.to.match(/Ingen sager/);
    expect(root().querySelector('.body button')?.textContent).to.contain('Prøv igen');
  });

  it('says who may not read', async () => {
    backend.behaviour.requests = {openContext: 403};
    await choose(maude);
    await until(() => list.state === 'forbidden');
    expect(rows()).to.eql([]);
  });

  it('shows what it does not know the words for', async () => {
    backend.behaviour.unknownWords = true;
    await choose(maude);
    await until(() => !list.busy && rows().length > 0);
    expect(panel().innerText).to.match(/Ukendt fase|Ukendt følsomhed/);
  });

  it('counts what cannot be read', async () => {
    backend.behaviour.unreadableItems = 2;
    await choose(maude);
    await until(() => !list.busy && /2 poster fra KY kan ikke læses og mangler/.test(notice()));
    expect(list.state).to.equal('partial');
  });

  it('fetches on where a source has more', async () => {
    backend.behaviour.pageSize = 2;
    await choose(maude);
    await until(() => !list.busy && rows().length > 0);
    const more = () => [...root().querySelectorAll<HTMLButtonElement>('.more button')];
    expect(panel().innerText).to.match(/af mindst/);
    await until(() => more().length > 0);
    for (let turn = 0; more().length > 0 && turn < 40; turn++) {
      const before = panel().innerText;
      more()[0]?.click();
      await until(() => !list.busy && panel().innerText !== before);
    }
    expect(panel().innerText).not.to.match(/af mindst/);
  });

  it('is blank in the same task as the commit, and shows only the new person after it', async () => {
    await choose(maude);
    await until(() => list.state === 'ready' && !list.busy);
    const before = rows();
    void choose(holger);
    // The commit comes before anything of the backend's does: a few turns of the microtask queue are enough for it.
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    expect(rows().filter((row) => before.includes(row))).to.eql([]);
    expect(root().textContent).not.to.contain(maude.name);
    await until(() => list.state === 'ready' && !list.busy);
    expect(panel().textContent).to.contain(holger.name).and.not.to.contain(maude.name);
  });

  it('shows nobody when the subject is taken away', async () => {
    await choose(maude);
    await until(() => rows().length > 0);
    void provider.clearSubject();
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    expect(list.state).to.equal('no-subject');
    expect(rows()).to.eql([]);
  });

  it('has no CPR number anywhere in its tree', async () => {
    backend.behaviour.numbersInText = true;
    await choose(maude);
    await until(() => list.state === 'ready' && !list.busy);
    expect(root().innerHTML).not.to.match(new RegExp(`${maude.cpr.slice(0, 6)}-?${maude.cpr.slice(6)}`));
  });
});
