import '@bsp/core/define';
import './define.js';
import type {Backend} from '@bsp/contract';
import {functionBackend} from '@bsp/core';
import {korsbaekBackend} from '@bsp/korsbaek';
import {expect} from '@open-wc/testing';
import {fakeSession} from '../../../../tests/browser/fixtures/fake-session.js';
import {withinOneTask} from '../../../../tests/browser/fixtures/one-task.js';
import {until} from '../../../../tests/browser/fixtures/scene.js';
import {settled} from '../../../../tests/browser/fixtures/scripted-backend.js';
import {StoppedClock} from '../../../../tests/browser/fixtures/stopped-clock.js';

const minute = 60_000;

describe('<bsp-idle>', () => {
  let provider: HTMLElementTagNameMap['bsp-provider'];
  let idle: HTMLElementTagNameMap['bsp-idle'];
  let clock: StoppedClock;

  beforeEach(async () => {
    provider = document.createElement('bsp-provider');
    idle = document.createElement('bsp-idle');
    provider.append(idle);
    provider.backend = korsbaekBackend() as Backend;
    document.body.append(provider);
    await provider.setSubject({type: 'cpr', value: '641284-1002'});
    // What it says is loaded beside the first person.
    await until(() => idle.shadowRoot?.querySelector('[role=status]'));
    clock = new StoppedClock();
    // From here on the time is the test's.
    idle.keep();
  });
  afterEach(() => {
    provider.remove();
    clock.release();
  });

  const dialog = () => idle.shadowRoot?.querySelector('dialog');
  const buttons = () => [...(idle.shadowRoot?.querySelectorAll('button') ?? [])];
  const told = () => idle.shadowRoot?.querySelector('[role=status]')?.textContent?.replace(/\s+/g, ' ').trim();
  const pass = async (ms: number) => {
    clock.pass(ms);
    await idle.updateComplete;
  };
  const use = (type = 'keydown', more = {}) =>
    document.body.dispatchEvent(
      type === 'pointermove' ? new PointerEvent(type, {bubbles: true, ...more}) : new Event(type, {bubbles: true}),
    );

  it('asks after a quarter of an hour, less a minute, and names the person', async () => {
    await pass(14 * minute - 1);
    expect(dialog()).to.equal(null);
    await pass(1);
    expect(dialog()?.open).to.equal(true);
    expect(idle.matches(':state(asking)')).to.equal(true);
    expect(dialog()?.textContent)
      .to.contain('641284-••••')
      .and.to.match(/Om 60 sekunder lukkes oplysningerne om/);
    expect(idle.shadowRoot?.activeElement?.textContent?.trim()).to.equal('Bliv her');
    await pass(10_000);
    expect(dialog()?.textContent).to.match(/Om 50 sekunder lukkes oplysningerne om/);
    expect(provider.session?.state).to.equal('open');
  });

  it('names the person as they are called now', async () => {
    const session = fakeSession({name: 'Maude Agerlund'});
    const around = document.createElement('fake-provider');
    around.session = session;
    around.append(idle);
    document.body.append(around);
    await pass(14 * minute);
    expect(dialog()?.textContent).to.contain('Maude Agerlund');
    await withinOneTask(() => session.change({name: 'Maude Varnæs'}));
    expect(dialog()?.textContent).to.contain('Maude Varnæs').and.not.to.contain('Agerlund');
    around.remove();
    expect(session.listeners()).to.equal(0);
  });

  it('closes the person when nobody answers, and says so', async () => {
    const {session} = provider;
    await pass(15 * minute);
    expect([provider.session, session?.state]).to.deep.equal([undefined, 'closed']);
    expect(dialog()).to.equal(null);
    expect(told()).to.match(/^Oplysningerne blev lukket kl\. \d\d\.\d\d, fordi skærmen ikke var i brug\./);
    expect(idle.matches(':state(closed)')).to.equal(true);
    buttons().at(-1)?.click();
    await idle.updateComplete;
    expect(told()).to.equal('');
  });

  it('stays when the user says so, by the button or by Escape, for as long again', async () => {
    for (const answer of [() => buttons().at(-1)?.click(), () => dialog()?.close()]) {
      await pass(14 * minute);
      expect(dialog()?.open).to.equal(true);
      // An engine tells of a closed dialog in a task of its own, and in its own time.
      const closed = new Promise((resolve) => dialog()?.addEventListener('close', resolve));
      answer();
      await closed;
      await idle.updateComplete;
      expect(dialog() === null).to.equal(true);
    }
    await pass(14 * minute - 1);
    expect([dialog(), provider.session?.state]).to.deep.equal([null, 'open']);
  });

  it('closes at once when told to', async () => {
    await pass(14 * minute);
    buttons()[0]?.click();
    await idle.updateComplete;
    expect(provider.session).to.equal(undefined);
    expect(told()).to.match(/^Oplysningerne blev lukket/);
  });

  for (const [type, more] of [
    ['keydown'],
    ['pointerdown'],
    ['wheel'],
    ['touchmove'],
    ['pointermove', {movementX: 3}],
  ] as const)
    it(`takes ${type} for a sign of the user`, async () => {
      await pass(13 * minute);
      use(type, more);
      await pass(13 * minute);
      expect(dialog()).to.equal(null);
    });

  it('takes neither a pointer that lies still nor a page that scrolls by itself for one', async () => {
    await pass(13 * minute);
    use('pointermove', {movementX: 0, movementY: 0});
    use('scroll');
    await pass(minute);
    expect(dialog()?.open).to.equal(true);
  });

  it('does not take what is done in the page for an answer', async () => {
    await pass(14 * minute);
    use('pointerdown');
    await pass(1000);
    expect(dialog()?.open).to.equal(true);
  });

  it('hears of another tab, also as an answer', async () => {
    const tab = new BroadcastChannel('bsp-activity');
    const inAnotherTab = async () => {
      const heard = new BroadcastChannel('bsp-activity');
      const arrival = new Promise((resolve) => {
        heard.onmessage = resolve;
      });
      tab.postMessage(null);
      await arrival;
      heard.close();
      await idle.updateComplete;
    };
    await pass(13 * minute);
    await inAnotherTab();
    await pass(13 * minute);
    expect(dialog()).to.equal(null);
    await pass(minute);
    expect(dialog()?.open).to.equal(true);
    await inAnotherTab();
    expect(dialog()).to.equal(null);
    tab.close();
  });

  it('tells other tabs that the user is there, now and then, and nothing else', async () => {
    const tab = new BroadcastChannel('bsp-activity');
    const heard: unknown[] = [];
    const arrival = new Promise<void>((resolve) => {
      tab.onmessage = ({data}) => {
        heard.push(data);
        if (heard.length === 2) resolve();
      };
    });
    clock.pass(6000);
    use();
    use();
    clock.pass(6000);
    use();
    await arrival;
    expect(heard).to.deep.equal([null, null]);
    tab.close();
  });

  it('gives the focus back where somebody else answers', async () => {
    const field = document.createElement('input');
    document.body.append(field);
    field.focus();
    await pass(14 * minute);
    expect(document.activeElement === idle, 'it asks').to.equal(true);
    idle.keep();
    await idle.updateComplete;
    expect(dialog()).to.equal(null);
    expect(document.activeElement === field).to.equal(true);
    field.remove();
  });

  it('closes at once where the time was up while the machine slept', async () => {
    const real = Date.now;
    const slept = Date.now() + 8 * 60 * minute;
    Date.now = () => slept;
    use();
    Date.now = real;
    await idle.updateComplete;
    expect(provider.session).to.equal(undefined);
    expect(dialog()).to.equal(null);
  });

  it('lets the host end it otherwise, and begins anew where the person stays', async () => {
    let ended = 0;
    idle.addEventListener('bsp-idle-end', (event) => {
      ended++;
      event.preventDefault();
    });
    await pass(15 * minute);
    expect([ended, provider.session?.state, told()]).to.deep.equal([1, 'open', '']);
    await pass(13 * minute);
    expect([ended, dialog()]).to.deep.equal([1, null]);
  });

  it('is quiet while nobody is open, and begins with the next person', async () => {
    await provider.clearSubject();
    await pass(60 * minute);
    expect([dialog(), told()]).to.deep.equal([null, '']);
    const opening = provider.setSubject({type: 'cpr', value: '641284-1002'});
    while (provider.session?.state !== 'open') {
      clock.pass(50);
      await settled();
    }
    await opening;
    await pass(13 * minute);
    expect([dialog(), provider.session?.state]).to.deep.equal([null, 'open']);
  });

  for (const [actions, question, notice] of [
    [{'note.create': () => ({})}, 'Det, du har skrevet og ikke gemt, går tabt.', ''],
    [{'note.create': () => ({}), 'draft.save': () => ({})}, 'Kladder er gemt.', 'Kladder venter dér.'],
    [{}, '', ''],
  ] as const)
    it(`promises to keep no more than the backend keeps: ${Object.keys(actions).join(', ') || 'nothing'}`, async () => {
      provider.backend = functionBackend({cases: () => []}, {actions});
      const opening = provider.setSubject({type: 'cpr', value: '641284-1002'});
      while (!provider.session?.me) {
        clock.pass(50);
        await settled();
      }
      await opening;
      idle.keep();
      await pass(14 * minute);
      const said = ['Kladder er gemt.', 'Det, du har skrevet og ikke gemt, går tabt.', 'Kladder venter dér.'];
      const saidIn = (text = '') => said.filter((one) => text.includes(one)).join(' ');
      expect(saidIn(dialog()?.textContent ?? '')).to.equal(question);
      await pass(minute);
      expect(saidIn(told())).to.equal(notice);
    });

  it('closes a person whom a window is pinned to, too', async () => {
    const {session} = provider;
    const leave = session?.survey(() => Promise.resolve({pin: () => session.hold()}));
    await provider.clearSubject();
    leave?.();
    expect([provider.session, session?.state]).to.deep.equal([undefined, 'open']);
    await pass(14 * minute - 1);
    expect(dialog()).to.equal(null);
    await pass(1);
    expect(dialog()?.textContent).to.contain('oplysningerne om den valgte person');
    await pass(minute);
    expect(session?.state).to.equal('closed');
    expect(told()).to.match(/^Oplysningerne blev lukket/);
    await pass(60 * minute);
    expect(dialog()).to.equal(null);
  });

  it('waits for longer than an engine can', async () => {
    idle.minutes = 40_000;
    await idle.updateComplete;
    expect(clock.next).to.be.within(24 * 60 * minute, 2 ** 31 - 1);
  });

  it('gives at least twenty seconds, and falls back on what is usable', async () => {
    const warn = console.warn;
    const warnings: unknown[] = [];
    console.warn = (text: unknown) => warnings.push(text);
    idle.setAttribute('warn-seconds', '5');
    idle.setAttribute('minutes', 'soon');
    await idle.updateComplete;
    console.warn = warn;
    expect(warnings).to.deep.equal([
      '<bsp-idle>: minutes must be above 0; it is 15.',
      '<bsp-idle>: warn-seconds must be 20 at least; it is 20.',
    ]);
    await pass(15 * minute - 20_000);
    expect(dialog()?.textContent).to.match(/Om 20 sekunder lukkes oplysningerne om/);
  });

  it('leaves nothing behind when it is taken out', async () => {
    idle.remove();
    await pass(60 * minute);
    expect(provider.session?.state).to.equal('open');
    expect(dialog()).to.equal(null);
  });
});
