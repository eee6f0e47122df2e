import type {BridgePlaces} from '@bsp/contract';
import {expect} from '@open-wc/testing';
import {BridgedPage, HandleBackend, handleOf} from '../../../../tests/browser/fixtures/bridged-pages.js';
import {composedText} from '../../../../tests/browser/fixtures/probe-window.js';
import {settled} from '../../../../tests/browser/fixtures/scripted-backend.js';
import {StoppedClock} from '../../../../tests/browser/fixtures/stopped-clock.js';
import {personOf} from '../../../../tests/browser/race/people.js';
import '../define.js';
import {fhircast} from './fhircast.js';

before(() => import('../provider-late.js'));

const topic = 'a-topic-of-this-log-in';
const anHourMs = 3_600_000;

class HubBackend extends HandleBackend {
  bridge(): Promise<BridgePlaces> {
    return Promise.resolve({fhircast: {url: '/hub', topic}});
  }
}

interface Posted {
  readonly id: string;
  readonly event: {'hub.event': string; context: {key: string; reference?: {identifier: {value: string}}}[]};
}

/** An answer that is there in the same task, in every engine. */
const answered = (body: unknown, status = 200) =>
  ({ok: status < 300, status, json: () => Promise.resolve(body)}) as Response;

/** A hub that does what the test says, in the place of the network. */
class FakeHub {
  readonly sockets: FakeSocket[] = [];
  readonly posted: Posted[] = [];
  readonly forms: URLSearchParams[] = [];
  /** Answered to a change. */
  status = 202;
  /** It tells each change that it is asked for. */
  echoes = true;
  /** Where its clock stands. */
  clock = Date.parse('2026-11-20T09:00:00Z');
  current: object[] = [];
  readonly #real = {fetch: globalThis.fetch, WebSocket: globalThis.WebSocket};

  constructor() {
    globalThis.fetch = ((url: string, init: RequestInit = {}) =>
      Promise.resolve(this.#answer(url, init))) as typeof fetch;
    const {sockets} = this;
    globalThis.WebSocket = class extends FakeSocket {
      constructor(url: string) {
        super(url);
        sockets.push(this);
      }
    } as unknown as typeof WebSocket;
  }

  release(): void {
    Object.assign(globalThis, this.#real);
  }

  get socket(): FakeSocket {
    return this.sockets.at(-1)!;
  }

  /** Lets the newest subscription begin. */
  async confirm(): Promise<void> {
    this.socket.hear({'hub.mode': 'subscribe', 'hub.topic': topic, 'hub.events': 'x', 'hub.lease_seconds': 7200});
    await settled(6);
  }

  async tell(index: number, change: object = {}, event: object = {}): Promise<void> {
    this.clock += 1_000;
    const context = [{key: 'subject', reference: {identifier: {value: handleOf(index)}}}];
    this.socket.hear({
      timestamp: new Date(this.clock).toISOString(),
      id: `event-${this.clock}`,
      event: {'hub.topic': topic, 'hub.event': 'dk.bsp.subject_open', context, ...event},
      ...change,
    });
    await settled(6);
  }

  #answer(url: string, {body, method}: RequestInit): Response {
    if (body instanceof URLSearchParams) {
      this.forms.push(body);
      return answered({'hub.channel.endpoint': 'wss://hub.example/secret'}, 202);
    }
    if (method !== 'POST') return answered({'context.type': '', context: url === `/hub/${topic}` ? this.current : []});
    const posted = JSON.parse(String(body)) as Posted;
    this.posted.push(posted);
    if (this.echoes && this.status < 300) {
      this.clock += 1_000;
      this.socket.hear({...posted, timestamp: new Date(this.clock).toISOString()});
    }
    return answered(undefined, this.status);
  }
}

class FakeSocket extends EventTarget {
  static readonly OPEN = 1;
  readonly url: string;
  readyState = 1;
  readonly answers: {id: string; status: string}[] = [];
  constructor(url: string) {
    super();
    this.url = url;
  }
  send(text: string): void {
    this.answers.push(JSON.parse(text) as {id: string; status: string});
  }
  close(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.dispatchEvent(new Event('close'));
  }
  hear(message: unknown): void {
    this.dispatchEvent(
      new MessageEvent('message', {data: typeof message === 'string' ? message : JSON.stringify(message)}),
    );
  }
}

const stage = document.createElement('div');

describe('a bridge over a hub', () => {
  let hub: FakeHub;
  let clock: StoppedClock;
  let page: BridgedPage;
  const shows = (index: number) => composedText(page.provider).includes(personOf(index).marker);
  beforeEach(async () => {
    document.body.append(stage);
    clock = new StoppedClock();
    hub = new FakeHub();
    page = new BridgedPage(
      stage,
      fhircast({headers: () => ({authorization: 'Bearer x'})}),
      {name: 'Jobcenteret', follow: () => true},
      new HubBackend(),
    );
    await settled();
  });
  afterEach(() => {
    page.bridge.close();
    stage.replaceChildren();
    stage.remove();
    clock.release();
    hub.release();
  });

  it('subscribes to the topic, follows, and answers', async () => {
    expect(Object.fromEntries(hub.forms[0]!)).to.deep.equal({
      'hub.channel.type': 'websocket',
      'hub.mode': 'subscribe',
      'hub.topic': topic,
      'hub.events': 'dk.bsp.subject_open,dk.bsp.subject_close,SyncError,UserLogout',
      'subscriber.name': 'Jobcenteret',
    });
    await hub.confirm();
    await hub.tell(1);
    expect(shows(1)).to.equal(true);
    expect(hub.socket.answers).to.deep.equal([{id: `event-${hub.clock}`, status: '200'}]);
    expect(page.bridge.state).to.equal('in-step');
    await hub.tell(1, {}, {'hub.event': 'dk.bsp.subject_close'});
    expect(page.provider.session).to.equal(undefined);
    expect(hub.posted).to.deep.equal([]);
  });

  it('tells of the page’s person by their handle, once, also of who was open before', async () => {
    await page.open(0);
    await hub.confirm();
    await page.open(1);
    await settled(6);
    await page.provider.clearSubject();
    await settled(6);
    expect(
      hub.posted.map(({event}) => [event['hub.event'], event.context[0]?.reference?.identifier.value]),
    ).to.deep.equal([
      ['dk.bsp.subject_open', handleOf(0)],
      ['dk.bsp.subject_open', handleOf(1)],
      ['dk.bsp.subject_close', handleOf(1)],
    ]);
    expect(page.bridge.state).to.equal('in-step');
    for (const {number} of [personOf(0), personOf(1)])
      expect(JSON.stringify(hub.posted)).not.to.include(number.replace('-', ''));
  });

  it('takes over who is open at the hub', async () => {
    hub.current = [{key: 'subject'}];
    await hub.confirm();
    await hub.tell(2);
    expect(shows(2)).to.equal(true);
    expect(hub.posted).to.deep.equal([]);
  });

  it('ignores a hub that lies or repeats: other topics, old dates, garbage, numbers', async () => {
    await hub.confirm();
    await hub.tell(1);
    const at = hub.clock;
    await hub.tell(2, {timestamp: new Date(at - anHourMs).toISOString()});
    await hub.tell(3, {id: `event-${at}`});
    await hub.tell(4, {}, {'hub.topic': 'another-topic'});
    await hub.tell(5, {timestamp: 'soon'});
    for (const context of [
      [],
      [{key: 'patient', resource: {id: 'x'}}],
      [{key: 'subject', reference: {identifier: {value: '641284-0001'}}}],
      'x',
    ])
      await hub.tell(0, {}, {context});
    for (const garbage of ['', '{', 'null', '[]', '{"event": {}}', `"${'x'.repeat(70_000)}"`]) hub.socket.hear(garbage);
    await settled(6);
    expect(shows(1)).to.equal(true);
    expect(page.backend.asked.length).to.equal(1);
  });

  it('refuses a number in the place of a handle, and never says it again', async () => {
    await hub.confirm();
    await hub.tell(1);
    const context = [{key: 'subject', reference: {identifier: {value: '641284-0001'}}}];
    await hub.tell(0, {}, {context});
    expect(hub.socket.answers.at(-1)).to.deep.equal({id: `event-${hub.clock}`, status: '400'});
    await page.provider.clearSubject();
    await settled(6);
    expect(hub.posted.map(({event}) => event.context[0]?.reference?.identifier.value)).to.deep.equal([handleOf(1)]);
  });

  it('goes by the hub’s dates alone, an hour off or not', async () => {
    hub.clock += 5 * anHourMs;
    await hub.confirm();
    await hub.tell(1);
    await page.open(0);
    await settled(6);
    await hub.tell(2);
    expect(shows(2)).to.equal(true);
  });

  it('says that a hub stalls', async () => {
    await hub.confirm();
    hub.echoes = false;
    await page.open(0);
    await settled(6);
    expect(page.bridge.state).to.equal('asking');
    clock.pass(10_000);
    expect(page.bridge.state).to.equal('apart');
  });

  it('lets its own change stand over what the hub told before it', async () => {
    await hub.confirm();
    hub.echoes = false;
    await page.open(0);
    await settled(6);
    await hub.tell(3);
    expect(shows(0)).to.equal(true);
    await hub.tell(0, {id: hub.posted[0]!.id});
    await hub.tell(4);
    expect(shows(4)).to.equal(true);
  });

  it('answers 409 where the page stays, and 202 with a SyncError later where the user takes long', async () => {
    await hub.confirm();
    await hub.tell(0);
    page.objects = true;
    await hub.tell(1);
    expect(hub.socket.answers.at(-1)?.status).to.equal('409');
    expect([page.bridge.state, shows(0)]).to.deep.equal(['apart', true]);
    page.objects = false;
    let decide: (answer: {stay: string}) => void = () => undefined;
    page.provider.addEventListener(
      'bsp-subject-survey',
      ({detail}) => detail.waitUntil(new Promise((resolve) => (decide = resolve))),
      {once: true},
    );
    page.provider.surveyTimeout = 60_000;
    await hub.tell(2);
    clock.pass(8_000);
    expect(hub.socket.answers.at(-1)).to.deep.equal({id: `event-${hub.clock}`, status: '202'});
    decide({stay: 'Ikke gemt.'});
    await settled(6);
    expect(hub.posted.map(({event}) => event['hub.event'])).to.deep.equal(['SyncError']);
  });

  it('tells of a program that is out of step, until the next change', async () => {
    await hub.confirm();
    await page.open(0);
    await settled(6);
    const coding = (system: string, code: string) => ({
      system: `https://fhircast.hl7.org/events/syncerror/${system}`,
      code,
    });
    const details = {coding: [coding('eventid', hub.posted[0]!.id), coding('subscribername', 'Ydelsessystemet')]};
    const context = [{key: 'operationoutcome', resource: {issue: [{details}]}}];
    await hub.tell(0, {}, {'hub.event': 'SyncError', context});
    expect(page.bridge.state).to.equal('apart');
    expect(page.bridge.programs).to.deep.include({name: 'Ydelsessystemet', state: 'kept'});
    await page.open(1);
    await settled(6);
    expect(page.bridge.state).to.equal('in-step');
  });

  it('says when the line is broken, and comes back', async () => {
    await hub.confirm();
    await page.open(0);
    await settled(6);
    hub.socket.close();
    await settled(6);
    expect(page.bridge.state).to.equal('unreachable');
    clock.pass(3_000);
    await settled(6);
    expect(hub.sockets.length).to.equal(2);
    await hub.confirm();
    await hub.tell(3);
    expect([page.bridge.state, shows(3)]).to.deep.equal(['in-step', true]);
    hub.status = 503;
    await page.open(4);
    await settled(6);
    expect(page.bridge.state).to.equal('unreachable');
    hub.status = 202;
    clock.pass(3_000);
    await settled(6);
    await hub.confirm();
    expect(hub.posted.at(-1)!.event.context[0]?.reference?.identifier.value).to.equal(handleOf(4));
    expect(page.bridge.state).to.equal('in-step');
  });

  it('ends with a log-out on either side', async () => {
    await hub.confirm();
    let loggedOut = false;
    page.provider.addEventListener('bsp-bridge-change', ({detail}) => (loggedOut = detail.loggedOut));
    await hub.tell(0, {}, {'hub.event': 'userLogout', context: []});
    expect([page.bridge.state, loggedOut, hub.socket.readyState]).to.deep.equal(['closed', true, 3]);
    const other = new BridgedPage(stage, fhircast(), {}, new HubBackend());
    await settled();
    await hub.confirm();
    other.bridge.logout();
    await settled();
    expect(hub.posted.at(-1)!.event['hub.event']).to.equal('UserLogout');
  });
});
