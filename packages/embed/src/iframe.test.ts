// A host and a guest of two origins, in real frames: `localhost` and `127.0.0.1` are two to a browser.
import {aTimeout, expect} from '@open-wc/testing';
import {BridgedPage, handleOf, TestLine} from '../../../tests/browser/fixtures/bridged-pages.js';
import {composedText} from '../../../tests/browser/fixtures/probe-window.js';
import {personOf} from '../../../tests/browser/race/people.js';
import '@bsp/core/define';
import {connectHost} from './iframe-guest.js';
import {connectGuest, type Guest} from './iframe-host.js';
import {lookOf} from './iframe-messages.js';

const otherHost = location.hostname === 'localhost' ? '127.0.0.1' : 'localhost';
const guestOrigin = `http://${otherHost}:${location.port}`;
const addressOf = (query: string) => `${guestOrigin}/tests/browser/fixtures/guest-page.html?${query}`;

interface Told {
  readonly test: 'told';
  readonly text: string;
  readonly state: string | undefined;
  readonly lang: string;
  readonly colorScheme: string;
  readonly accent: string;
  readonly violations: number;
}

const stage = document.createElement('div');

describe('a guest in an iframe of another origin', function () {
  this.timeout(20_000);
  let page: BridgedPage;
  let iframe: HTMLIFrameElement;
  const guests: Guest[] = [];

  beforeEach(() => {
    document.body.append(stage);
    page = new BridgedPage(stage, new TestLine());
    page.bridge.close();
    iframe = document.createElement('iframe');
    iframe.title = 'Omsorg';
  });
  afterEach(() => {
    for (const guest of guests.splice(0)) guest.close();
    stage.replaceChildren();
    stage.remove();
    document.documentElement.removeAttribute('style');
  });

  /** Waits until something holds; each look is one question to the guest. */
  async function until<T>(look: () => T | false | undefined | Promise<T | false | undefined>): Promise<T> {
    for (;;) {
      const found = await look();
      if (found !== false && found !== undefined) return found;
      await aTimeout(10);
    }
  }
  const ask = (): Promise<Told> =>
    new Promise((resolve) => {
      const question = () => iframe.contentWindow?.postMessage({test: 'look'}, '*');
      // A page that is being loaded hears nothing.
      const again = setInterval(question, 100);
      const heard = ({data}: MessageEvent<Told>): void => {
        if (data.test !== 'told') return;
        clearInterval(again);
        removeEventListener('message', heard);
        resolve(data);
      };
      addEventListener('message', heard);
      question();
    });
  const load = (query = `host=${location.origin}`): Promise<unknown> => {
    const loaded = new Promise((resolve) => iframe.addEventListener('load', resolve, {once: true}));
    iframe.src = addressOf(query);
    if (!iframe.isConnected) stage.append(iframe);
    return loaded;
  };
  const connect = (change: object = {}): Guest => {
    const guest = connectGuest(iframe, {
      origin: guestOrigin,
      provider: page.provider,
      bridge: {follow: () => true},
      ...change,
    });
    guests.push(guest);
    return guest;
  };
  const shows = async (index: number) => (await ask()).text.includes(personOf(index).marker);

  it('follows the host’s person, and the host the guest’s', async () => {
    await load();
    const guest = connect();
    await until(() => guest.state === 'connected');
    await page.open(0);
    await until(() => shows(0));
    iframe.contentWindow!.postMessage({test: 'open', number: personOf(1).number}, guestOrigin);
    await until(() => composedText(page.provider).includes(personOf(1).marker));
    expect(page.backend.asked.at(-1)).to.deep.equal({type: 'ref', value: handleOf(1)});
    await until(() => guest.bridge?.state === 'in-step');
    expect(guest.bridge?.programs).to.deep.equal([{name: 'Gæsten', state: 'in-step'}]);
    expect((await ask()).violations).to.equal(0);
  });

  it('stays with the person where the guest has a reason, and says it', async () => {
    await load(`host=${location.origin}&stays`);
    const guest = connect();
    await until(() => guest.state === 'connected');
    await page.open(0);
    await until(() => shows(0));
    await until(() => guest.bridge?.state === 'in-step');
    expect(await page.open(1)).to.deep.equal({outcome: 'kept'});
    expect(page.provider.session?.objections).to.deep.equal([{program: 'Gæsten', reason: 'Planen er ikke gemt.'}]);
    expect([composedText(page.provider).includes(personOf(0).marker), await shows(0)]).to.deep.equal([true, true]);
  });

  it('takes the host’s language, colours, tokens, and tells its height', async () => {
    document.documentElement.style.colorScheme = 'dark';
    await load();
    const guest = connect({
      tokens: {'--bsp-accent': 'rgb(1, 2, 3)', '--evil': 'x', '--bsp-x': 'url(https://evil.example)'},
      mostHeight: 900,
    });
    await until(() => guest.state === 'connected');
    await until(async () => {
      const {colorScheme, accent} = await ask();
      return colorScheme === 'dark' && accent === 'rgb(1, 2, 3)';
    });
    page.provider.lang = 'en';
    await until(async () => (await ask()).lang === 'en');
    const grow = (height: number) => iframe.contentWindow!.postMessage({test: 'grow', height}, guestOrigin);
    grow(500);
    await until(() => parseFloat(iframe.style.height) >= 500 && parseFloat(iframe.style.height) < 900);
    grow(50_000);
    await until(() => iframe.style.height === '900px');
  });

  it('connects again when the guest loads again', async () => {
    await load();
    const guest = connect();
    await until(() => guest.state === 'connected');
    await page.open(2);
    await until(() => shows(2));
    await load(`host=${location.origin}&again`);
    await until(() => guest.state === 'connected');
    await until(() => shows(2));
  });

  it('says that a guest does not answer', async () => {
    await load('deaf');
    const states: string[] = [];
    iframe.addEventListener('bsp-guest-change', ({detail}) => states.push(detail.state));
    const guest = connect({patience: 50});
    await until(() => guest.state === 'silent');
    await page.open(0);
    expect((await ask()).text).not.to.include(personOf(0).marker);
    guest.close();
    expect(states).to.deep.equal(['silent', 'closed']);
  });

  it('answers no host that is not on its list', async () => {
    await load('host=https://jobcenter.example.dk');
    const guest = connect({patience: 50});
    await until(() => guest.state === 'silent');
    expect((await ask()).state).to.equal(undefined);
  });

  it('is not connected where another origin stands in its frame, nor by another window', async () => {
    await load();
    const guest = connect({origin: 'https://care.example.dk', patience: 50});
    postMessage({bsp: 'bsp-iframe@1', kind: 'ready'});
    await until(() => guest.state === 'silent');
    expect(guest.bridge).to.equal(undefined);
    await page.open(0);
    expect((await ask()).text).not.to.include(personOf(0).marker);
  });

  it('takes exact origins only', () => {
    for (const origin of [
      '*',
      'null',
      '',
      'care.example.dk',
      'https://care.example.dk/',
      'https://*.example.dk',
      'https://care.example.dk/app',
    ]) {
      expect(() => connect({origin}), origin).to.throw(TypeError);
      expect(() => connectHost({origins: [origin], provider: page.provider}), origin).to.throw(TypeError);
    }
  });

  it('applies nothing of a look that does not fit', () => {
    expect(
      lookOf({
        kind: 'look',
        lang: '<b>',
        colorScheme: 'red; }',
        tokens: {'--bsp-a': 'x;y', '--bsp-b': 7, color: 'red'},
      }),
    ).to.deep.equal({lang: '', colorScheme: '', tokens: {}});
    for (const data of [undefined, null, 'look', {kind: 'size'}]) expect(lookOf(data)).to.equal(undefined);
  });
});
