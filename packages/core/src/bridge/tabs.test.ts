import {type BridgePlaces, ProblemError, problemOf} from '@bsp/contract';
import type {SubjectSurveyAnswer} from '@bsp/core';
import {expect} from '@open-wc/testing';
import {BridgedPage, HandleBackend} from '../../../../tests/browser/fixtures/bridged-pages.js';
import {composedText} from '../../../../tests/browser/fixtures/probe-window.js';
import {nextTask, settled} from '../../../../tests/browser/fixtures/scripted-backend.js';
import {StoppedClock} from '../../../../tests/browser/fixtures/stopped-clock.js';
import {personOf} from '../../../../tests/browser/race/people.js';
import '../define.js';
import type {BridgeOptions} from './bridge.js';
import {throughPort} from './port.js';
import {tabs} from './tabs.js';

before(() => import('../provider-late.js'));

const channelOf = (user: string): string => `${user}-${Math.random()}-of-this-log-in`;

class UserBackend extends HandleBackend {
  places: () => Promise<BridgePlaces>;
  asks = 0;
  constructor(places: BridgePlaces) {
    super();
    this.places = () => Promise.resolve(places);
  }
  bridge(): Promise<BridgePlaces> {
    this.asks++;
    return this.places();
  }
}

const stage = document.createElement('div');
/** Until a page shows what it should: another tab's message takes as long as it takes. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await nextTask();
}

describe('a bridge between tabs', () => {
  const pages: BridgedPage[] = [];
  const page = (backend: HandleBackend, survey?: BridgeOptions['survey']) => {
    const one = new BridgedPage(stage, tabs(), {follow: () => true, ...(survey ? {survey} : {})}, backend);
    pages.push(one);
    return one;
  };
  const shows = (one: BridgedPage, index: number) => composedText(one.provider).includes(personOf(index).marker);
  beforeEach(() => document.body.append(stage));
  afterEach(() => {
    for (const {bridge} of pages.splice(0)) bridge.close();
    stage.replaceChildren();
    stage.remove();
  });

  it('is one of the same user and log-in, and of nobody else', async () => {
    const channel = channelOf('karla');
    const [one, other] = [page(new UserBackend({tabs: channel})), page(new UserBackend({tabs: channel}))];
    const [foreign, without] = [page(new UserBackend({tabs: channelOf('bodil')})), page(new UserBackend({}))];
    await until(() => one.bridge.state === 'in-step' && other.bridge.state === 'in-step');
    await one.open(0);
    await until(() => shows(other, 0));
    await other.open(1);
    await until(() => shows(one, 1));
    await settled(10);
    for (const apart of [foreign, without]) expect(apart.provider.session).to.equal(undefined);
    expect([foreign.bridge.state, without.bridge.state]).to.deep.equal(['alone', 'unreachable']);
  });

  it('asks another tab before it changes, and hears its answer', async () => {
    const places = {tabs: channelOf('karla')};
    const answers: SubjectSurveyAnswer[] = [{stay: 'Ansøgningen er ikke sendt.'}, 'agree'];
    const one = page(new UserBackend(places));
    const other = page(new UserBackend(places), () => answers.shift());
    await until(() => one.bridge.state === 'in-step' && other.bridge.state === 'in-step');
    await one.open(0);
    await until(() => shows(other, 0));
    await until(() => one.bridge.state === 'in-step');
    expect(await one.open(1)).to.deep.equal({outcome: 'kept'});
    expect(one.provider.session?.objections).to.deep.equal([
      {program: undefined, reason: 'Ansøgningen er ikke sendt.'},
    ]);
    expect(await one.open(1)).to.deep.equal({outcome: 'committed'});
    await until(() => shows(other, 1));
    expect(answers).to.deep.equal([]);
  });

  it('asks where it is until it is told, and no more once it is refused', async () => {
    const clock = new StoppedClock();
    try {
      const channel = channelOf('karla');
      const backend = new UserBackend({tabs: channel});
      const told = backend.places;
      backend.places = () => Promise.reject(new ProblemError(problemOf('unavailable', 'x')));
      const waiting = page(backend);
      const refused = new UserBackend({tabs: channel});
      refused.places = () => Promise.reject(new ProblemError(problemOf('not-applicable', 'x')));
      const out = page(refused);
      await settled();
      expect(waiting.bridge.state).to.equal('unreachable');
      backend.places = told;
      clock.pass(1_000);
      await settled();
      clock.pass(600_000);
      await settled();
      expect([waiting.bridge.state, out.bridge.state]).to.deep.equal(['alone', 'unreachable']);
      expect([backend.asks, refused.asks]).to.deep.equal([2, 1]);
    } finally {
      clock.release();
    }
  });

  it('goes through a message port just as well', async () => {
    const {port1, port2} = new MessageChannel();
    const [one, other] = [new BridgedPage(stage, throughPort(port1)), new BridgedPage(stage, throughPort(port2))];
    pages.push(one, other);
    await one.open(3);
    await until(() => shows(other, 3));
    port2.postMessage({kind: 'open', version: 4});
    await other.open(4);
    await until(() => shows(one, 4));
  });
});
