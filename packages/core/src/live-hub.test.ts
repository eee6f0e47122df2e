import {casesResource, eventsResource, ProblemError, problemOf} from '@bsp/contract';
import {expect} from '@open-wc/testing';
import {last, ScriptedBackend, settled} from '../../../tests/browser/fixtures/scripted-backend.js';
import {StoppedClock} from '../../../tests/browser/fixtures/stopped-clock.js';
import {joinLive} from './live-hub.js';
import {SubjectSession} from './subject-session.js';

async function openSession(backend: ScriptedBackend, change: {cursor?: string; openedAt?: string} = {}) {
  const session = new SubjectSession();
  session.resource(casesResource).subscribe(() => undefined);
  session.resource(eventsResource).subscribe(() => undefined);
  const opened = session.open(
    backend,
    (signal) => backend.openContext({type: 'cpr', value: '6412840001'}, {signal}),
    () => true,
  );
  const contextId = last(backend.opens).accept({cursor: 'start', ...change});
  await opened;
  await settled();
  last(backend.reads)
    .plan({cases: ['a', 'b'], events: ['a']})
    .frame('cases', 'a')
    .frame('cases', 'b')
    .frame('events', 'a')
    .end();
  await settled();
  return {session, contextId};
}

function hide(hidden: boolean): void {
  Object.defineProperty(document, 'visibilityState', {configurable: true, get: () => (hidden ? 'hidden' : 'visible')});
  document.dispatchEvent(new Event('visibilitychange'));
}

describe('the live line', () => {
  let clock: StoppedClock;
  let backend: ScriptedBackend;
  const sessions: SubjectSession[] = [];
  const join = async (change: {cursor?: string; openedAt?: string} = {}) => {
    const made = await openSession(backend, change);
    sessions.push(made.session);
    joinLive(backend, made.session);
    await settled();
    return made;
  };
  beforeEach(() => {
    clock = new StoppedClock();
    backend = new ScriptedBackend();
    hide(false);
  });
  afterEach(() => {
    for (const session of sessions.splice(0)) session.close();
    clock.release();
    Reflect.deleteProperty(document, 'visibilityState');
  });

  it('begins where the context began, says when it stands, and reads again what a notice names', async () => {
    const {session, contextId} = await join();
    const line = last(backend.lines);
    expect([line.contexts, line.lastEventId, session.live]).to.deep.equal([[contextId], 'start', false]);
    line.stand();
    expect(session.live).to.equal(true);
    line
      .notice(contextId, 'cases', 'b', '7')
      .notice(contextId, 'journal', 'a', '8')
      .notice('foreign', 'cases', 'a', '9');
    await settled();
    expect(last(backend.reads).asked).to.deep.equal(['cases/b']);
    expect(backend.reads).to.have.length(2);
  });

  it('makes one read of many notices that come together, and one more when they are over', async () => {
    const {session, contextId} = await join();
    const line = last(backend.lines).stand();
    for (let cursor = 1; cursor <= 50; cursor++)
      line.notice(contextId, 'cases', 'a', `${cursor}`).notice(contextId, 'cases', 'b', `${cursor}`);
    await settled(10);
    const asked = () => backend.reads.slice(1).flatMap((read) => read.asked);
    expect(asked()).to.deep.equal(['cases/a', 'cases/b']);
    clock.pass(1_000);
    await settled();
    expect(asked()).to.deep.equal(['cases/a', 'cases/b', 'cases/a', 'cases/b']);
    clock.pass(1_000);
    await settled();
    line.notice(contextId, 'cases', 'a', '51').notice(contextId, 'cases', 'a', '52');
    await settled();
    expect(asked().slice(4)).to.deep.equal(['cases/a']);
    session.close();
    clock.pass(1_000);
    await settled();
    expect(asked().slice(5)).to.deep.equal([]);
  });

  it('reads everything again after a reset', async () => {
    const {contextId} = await join();
    last(backend.lines).stand().reset(contextId, '7');
    await settled();
    expect(last(backend.reads).asked).to.deep.equal(['cases', 'events']);
  });

  it('is one for all contexts, and is made anew when one comes or goes', async () => {
    const first = await join();
    const second = await join();
    expect(backend.lines.map(({contexts}) => contexts)).to.deep.equal([
      [first.contextId],
      [first.contextId, second.contextId],
    ]);
    expect(backend.lines[0]?.signal.aborted).to.equal(true);
    last(backend.lines).stand().notice(first.contextId, 'cases', 'a', '5');
    await settled();
    first.session.close();
    await settled();
    const line = last(backend.lines);
    expect([line.contexts, line.lastEventId]).to.deep.equal([[second.contextId], '5']);
    second.session.close();
    await settled();
    expect(line.signal.aborted).to.equal(true);
    expect(backend.lines).to.have.length(3);
  });

  it('serves two Sessions of one context alike', async () => {
    const first = await join();
    const second = await openSession(backend);
    sessions.push(second.session);
    Object.defineProperty(second.session, 'contextId', {value: first.contextId});
    joinLive(backend, second.session);
    await settled();
    expect(last(backend.lines).contexts).to.deep.equal([first.contextId]);
    const before = backend.reads.length;
    last(backend.lines).stand().notice(first.contextId, 'cases', 'a', '5');
    await settled();
    expect(backend.reads.length - before).to.equal(2);
    second.session.close();
    await settled();
    expect(last(backend.lines).contexts).to.deep.equal([first.contextId]);
  });

  it('begins with the context that was opened first, until a notice has come', async () => {
    await join({cursor: 'later', openedAt: '2026-11-20T09:00:05Z'});
    await join({cursor: 'earlier', openedAt: '2026-11-20T10:00:01+01:00'});
    await join({cursor: 'last', openedAt: '2026-11-20T09:00:09Z'});
    expect(last(backend.lines).lastEventId).to.equal('earlier');
    last(backend.lines).stand().reset('none', '20');
    await settled();
    await join({cursor: 'x', openedAt: '2026-11-20T08:00:00Z'});
    expect(last(backend.lines).lastEventId).to.equal('20');
  });

  it('is closed while the page is hidden and goes on behind the last notice', async () => {
    const {session, contextId} = await join();
    last(backend.lines).stand().notice(contextId, 'cases', 'a', '7');
    await settled();
    hide(true);
    await settled();
    expect(last(backend.lines).signal.aborted).to.equal(true);
    expect([backend.lines.length, session.live]).to.deep.equal([1, false]);
    hide(false);
    await settled();
    expect([backend.lines.length, last(backend.lines).lastEventId]).to.deep.equal([2, '7']);
    const before = backend.reads.length;
    last(backend.lines).stand();
    await settled();
    expect(backend.reads).to.have.length(before);
  });

  it('that can not be resumed reads everything again', async () => {
    const session = new SubjectSession();
    sessions.push(session);
    session.resource(casesResource).subscribe(() => undefined);
    const opened = session.open(
      backend,
      (signal) => backend.openContext({type: 'cpr', value: '6412840001'}, {signal}),
      () => true,
    );
    last(backend.opens).accept();
    await opened;
    joinLive(backend, session);
    await settled();
    last(backend.lines).stand();
    await settled();
    expect(backend.reads).to.have.length(1);
    last(backend.lines).break();
    await settled();
    clock.pass(2_000);
    await settled();
    last(backend.lines).stand();
    await settled();
    expect(backend.reads).to.have.length(2);
  });

  it('is resumed without a cursor that no header can carry, and reads everything again', async () => {
    const {contextId} = await join();
    last(backend.lines).stand().notice(contextId, 'cases', 'a', 'æ→1').break();
    await settled();
    const before = backend.reads.length;
    clock.pass(2_000);
    await settled();
    expect(last(backend.lines).lastEventId).to.equal(undefined);
    last(backend.lines).stand();
    await settled();
    expect(backend.reads).to.have.length(before + 1);
  });

  it('is tried again after longer and longer, and at once when the network is back', async () => {
    const {session, contextId} = await join();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 8; attempt++) {
      last(backend.lines)
        .stand()
        .break(...((attempt % 2 ? [new TypeError('x')] : []) as [unknown?]));
      await settled();
      expect(session.live).to.equal(false);
      waits.push(clock.next ?? 0);
      clock.pass(clock.next ?? 0);
      await settled();
      expect(backend.lines).to.have.length(attempt + 2);
    }
    expect(waits[0]).to.be.within(500, 1_500);
    expect(waits[3]).to.be.within(4_000, 12_000);
    expect(waits[7]).to.be.within(15_000, 45_000);
    last(backend.lines).stand().notice(contextId, 'cases', 'a', '7').break();
    await settled();
    expect(clock.next).to.be.within(500, 1_500);
    const before = backend.lines.length;
    dispatchEvent(new Event('online'));
    await settled();
    expect(backend.lines).to.have.length(before + 1);
    expect(last(backend.lines).lastEventId).to.equal('7');
    clock.pass(100_000);
    await settled();
    expect(backend.lines).to.have.length(before + 1);
  });

  it('that stood for long is tried again soon, notices or not', async () => {
    await join();
    for (let attempt = 0; attempt < 6; attempt++) {
      last(backend.lines).break();
      await settled();
      clock.pass(clock.next ?? 0);
      await settled();
    }
    clock.pass(60_000);
    last(backend.lines).break();
    await settled();
    expect(clock.next).to.be.within(500, 1_500);
  });

  for (const [code, again] of [
    ['unauthorized', false],
    ['forbidden', false],
    ['not-applicable', false],
    ['rate-limited', true],
    ['internal', true],
    ['unavailable', true],
  ] as const)
    it(`that is refused with ${code} is ${again ? '' : 'not '}tried again`, async () => {
      const {session} = await join();
      last(backend.lines).break(new ProblemError(problemOf(code, 'x')));
      await settled();
      clock.pass(100_000);
      await settled();
      expect(backend.lines).to.have.length(again ? 2 : 1);
      expect(session.live).to.equal(false);
    });

  it('outlives garbage', async () => {
    const {session, contextId} = await join();
    const line = last(backend.lines).stand();
    for (const raw of [null, undefined, 1, {}, {kind: 'notice', contextId}, {kind: 'gossip', cursor: '1', contextId}])
      line.push(raw);
    line.notice(contextId, 'cases', 'a', '7');
    await settled();
    expect([backend.lines.length, session.live]).to.deep.equal([1, true]);
    expect(last(backend.reads).asked).to.deep.equal(['cases/a']);
    line.break(undefined).break(null);
    await settled();
    expect(session.live).to.equal(false);
  });

  it('of before says nothing of the one that stands now', async () => {
    const first = await join();
    const old = last(backend.lines);
    await join();
    last(backend.lines).stand();
    old.stand();
    old.notice(first.contextId, 'cases', 'a', '3');
    await settled();
    expect(sessions.map(({live}) => live)).to.deep.equal([true, true]);
    expect(last(backend.reads).asked).to.deep.equal(['cases', 'events']);
  });
});
