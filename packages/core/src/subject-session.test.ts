import {casesResource, draftsResource, journalResource, ProblemError, personResource, problemOf} from '@bsp/contract';
import {expect} from '@open-wc/testing';
import {aCase, aPerson, cases} from '../../../tests/browser/fixtures/records.js';
import {last, nextTask, ScriptedBackend, settled} from '../../../tests/browser/fixtures/scripted-backend.js';
import {StoppedClock} from '../../../tests/browser/fixtures/stopped-clock.js';
import {watchGlass} from './glass.js';
import type {OpeningOptions, Session} from './session.js';
import {type ActionSettled, SubjectSession} from './subject-session.js';
import {type WindowState, windowState} from './window-state.js';

const fits = () => true;
const opening = (backend: ScriptedBackend) => (signal: AbortSignal) =>
  backend.openContext({type: 'cpr', value: '6412840001'}, {signal});

/** A Session whose context is open, and one window on its cases. */
async function openSession(backend = new ScriptedBackend()) {
  const settledActions: ActionSettled[] = [];
  const session = new SubjectSession({actionSettled: (settledAction) => settledActions.push(settledAction)});
  const store = session.resource(casesResource);
  store.subscribe(() => undefined);
  const opened = session.open(backend, opening(backend), fits);
  last(backend.opens).accept();
  await opened;
  await nextTask();
  return {backend, session, store, settledActions};
}

const stateOf = (session: Session, ...views: Parameters<typeof windowState>[0]['views'][number][]): WindowState =>
  windowState({session, views, online: true});

const ids = (store: {view: {items: readonly unknown[]}}) =>
  store.view.items.map((item) => (item as {ref: {id: string}}).ref.id);

const source = (store: ReturnType<SubjectSession['resource']>, id: string) => {
  const found = store.view.sources.find((one) => one.id === id);
  if (!found) throw new Error(`no source ${id}`);
  return found;
};

describe('a read', () => {
  it('is one for all that is asked before the context is open, and one more for what comes in one turn later', async () => {
    const backend = new ScriptedBackend();
    const session = new SubjectSession();
    session.resource(casesResource).subscribe(() => undefined);
    session.resource(journalResource).subscribe(() => undefined);
    session.resource(casesResource).subscribe(() => undefined);
    const opened = session.open(backend, opening(backend), fits);
    await nextTask();
    expect(backend.reads).to.have.length(0);
    last(backend.opens).accept();
    await opened;
    await nextTask();
    expect(backend.reads.map((read) => read.asked)).to.deep.equal([['cases', 'journal']]);
    session.resource(personResource).subscribe(() => undefined);
    await Promise.resolve();
    session.resource(draftsResource).subscribe(() => undefined);
    session.resource(personResource).subscribe(() => undefined);
    await nextTask();
    expect(backend.reads.flatMap((read) => read.asked)).to.have.members(['cases', 'journal', 'person', 'drafts']);
    expect(backend.reads.length).to.be.at.most(3);
    expect(backend.opens).to.have.length(1);
  });

  it('shows each frame as it comes, in plan order of the sources', async () => {
    const {backend, session, store} = await openSession();
    const read = last(backend.reads)
      .plan({cases: ['a', 'b']})
      .frame('cases', 'b', [aCase('b', '2')]);
    await nextTask();
    expect(ids(store)).to.deep.equal(['2']);
    expect(stateOf(session, store.view)).to.equal('ready');
    expect(store.view.busy).to.equal(true);
    read.frame('cases', 'a', [aCase('a', '1')]).end();
    await nextTask();
    expect(ids(store)).to.deep.equal(['1', '2']);
    expect(store.view.busy).to.equal(false);
    expect(read.released).to.equal(true);
  });

  describe('whose messages come together', () => {
    /** What a window renders that renders after each change. */
    async function rendered() {
      const made = await openSession(new ScriptedBackend({together: true}));
      const seen: string[] = [];
      made.store.subscribe(() => void Promise.resolve().then(() => seen.push(ids(made.store).join())));
      return {...made, seen};
    }

    it('shows them at one time, and what comes later when it comes', async () => {
      const {backend, store, seen} = await rendered();
      const read = last(backend.reads)
        .plan({cases: ['a', 'b', 'c']})
        .frame('cases', 'a', [aCase('a', '1')])
        .frame('cases', 'b', [aCase('b', '2')]);
      await nextTask();
      expect(new Set(seen)).to.deep.equal(new Set(['1,2']));
      read.frame('cases', 'c', [aCase('c', '3')]).end();
      await nextTask();
      expect(new Set(seen)).to.deep.equal(new Set(['1,2', '1,2,3']));
      expect([store.view.busy, read.released]).to.deep.equal([false, true]);
    });

    it('takes none after a Session that ended with one of them', async () => {
      const {backend, session, store} = await openSession(new ScriptedBackend({together: true}));
      const counts: number[] = [];
      store.subscribe(() => {
        counts.push(store.view.items.length);
        if (store.view.items.length > 0) session.close();
      });
      last(backend.reads)
        .plan({cases: ['a', 'b']})
        .frame('cases', 'a', [aCase('a', '1')])
        .frame('cases', 'b', [aCase('b', '2')])
        .end();
      await settled();
      expect([counts.includes(2), store.view.items]).to.deep.equal([false, []]);
    });

    it('is cut off where it goes on and on after its End', async () => {
      const {backend} = await openSession(new ScriptedBackend({together: true}));
      const read = last(backend.reads).plan({cases: []});
      for (let time = 0; time < 1_000; time++) read.push({kind: 'end', readId: read.readId});
      await settled();
      expect([read.released, read.signal.aborted]).to.deep.equal([true, true]);
    });
  });

  describe('after its End', () => {
    /** A read whose End has come, and whose stream stands open. */
    async function ended() {
      const made = await openSession();
      const read = last(made.backend.reads)
        .plan({cases: ['a']})
        .frame('cases', 'a', [aCase('a', '1')]);
      read.push({kind: 'end', readId: read.readId});
      await nextTask();
      expect(made.store.view.busy).to.equal(false);
      return {...made, read};
    }

    it('is left to end by itself', async () => {
      const {read} = await ended();
      expect([read.released, read.signal.aborted]).to.deep.equal([false, false]);
      read.break();
      await nextTask();
      expect(read.released).to.equal(true);
    });

    it('changes nothing, whatever comes and however it ends', async () => {
      const {session, store, read} = await ended();
      const before = store.view;
      let changes = 0;
      session.subscribe(() => changes++);
      store.subscribe(() => changes++);
      read
        .frame('cases', 'a', [aCase('a', '2')])
        .plan({cases: ['z']})
        .push(null)
        .push({kind: 'end', readId: read.readId})
        .break(new ProblemError(problemOf('internal', 'x')));
      await settled();
      expect([store.view === before, changes, read.released]).to.deep.equal([true, 0, true]);
    });

    it('is cut off a moment later, where it does not end', async () => {
      const clock = new StoppedClock();
      try {
        const {store, read} = await ended();
        const before = store.view;
        expect(clock.next).to.be.within(1, 5_000);
        clock.pass(5_000);
        await nextTask();
        expect([read.released, read.signal.aborted, store.view === before]).to.deep.equal([true, true, true]);
        expect(clock.next).to.equal(undefined);
      } finally {
        clock.release();
      }
    });

    it('is cut off where it goes on and on', async () => {
      const {read} = await ended();
      for (let time = 0; time < 1_000; time++) read.push({kind: 'end', readId: read.readId});
      await settled();
      expect([read.released, read.signal.aborted]).to.deep.equal([true, true]);
    });

    it('is cut off at once when the Session closes', async () => {
      const {session, read} = await ended();
      session.close();
      expect(read.signal.aborted).to.equal(true);
      await nextTask();
      expect(read.released).to.equal(true);
    });
  });

  it('drops what is said of another context or read, before any state', async () => {
    const {backend, session, store} = await openSession();
    const read = last(backend.reads);
    read.plan({cases: ['x']}, {contextId: 'another'});
    await nextTask();
    expect(store.view.planned).to.equal(false);
    read.plan({cases: ['a']});
    await nextTask();
    const before = store.view;
    read
      .frame('cases', 'a', [aCase('a', 'foreign')], {contextId: 'another'})
      .frame('cases', 'a', [aCase('a', 'foreign')], {readId: 'another'})
      .frame('cases', 'a', [], {contextId: 'another', status: 'forbidden'})
      .frame('cases', 'a', [], {contextId: 'another', items: 'garbage'})
      .plan({cases: ['z']}, {readId: 'another'})
      .push({kind: 'end', readId: 'another'});
    await nextTask();
    expect(store.view).to.equal(before);
    expect(stateOf(session, store.view)).to.equal('loading');
  });

  it('that breaks off before its plan is an error, never empty', async () => {
    for (const thrown of [[], [new ProblemError(problemOf('internal', 'x'))], [new TypeError('x')], [undefined]] as [
      unknown?,
    ][]) {
      const {backend, session, store} = await openSession();
      last(backend.reads).break(...thrown);
      await nextTask();
      expect(stateOf(session, store.view)).to.equal('error');
      expect(store.view.busy).to.equal(false);
    }
  });

  it('that breaks off between frames leaves the unanswered unavailable', async () => {
    const {backend, session, store} = await openSession();
    last(backend.reads)
      .plan({cases: ['a', 'b']})
      .frame('cases', 'a')
      .break();
    await nextTask();
    expect(source(store, 'a').status).to.equal('ok');
    expect(source(store, 'b').status).to.equal('unavailable');
    expect(stateOf(session, store.view)).to.equal('partial');
  });

  it('that ends without an answer of a source leaves it unavailable', async () => {
    const {backend, session, store} = await openSession();
    last(backend.reads)
      .plan({cases: ['a', 'b']})
      .end();
    await nextTask();
    expect(store.view.sources.map(({status}) => status)).to.deep.equal(['unavailable', 'unavailable']);
    expect(stateOf(session, store.view)).to.equal('error');
  });

  it('that breaks off may have held more of a full frame, and newer than a cached one', async () => {
    const {backend, session, store} = await openSession();
    last(backend.reads)
      .plan({cases: ['a', 'b']})
      .frame('cases', 'a', cases('a', 0, 500))
      .frame('cases', 'b', [], {cached: true})
      .break();
    await nextTask();
    expect(source(store, 'a')).to.include({status: 'unavailable', stale: true, count: 500});
    expect(source(store, 'b')).to.include({status: 'unavailable', stale: false, count: 0});
    expect(stateOf(session, store.view)).to.equal('partial');
  });

  it('is not held to be over by an End that comes before its plan', async () => {
    const {backend, session, store} = await openSession();
    last(backend.reads)
      .push({kind: 'end', readId: last(backend.reads).readId})
      .plan({cases: ['a']})
      .break();
    await nextTask();
    expect(stateOf(session, store.view)).to.equal('error');
  });

  it('takes frames that overtook the plan', async () => {
    const {backend, store} = await openSession();
    last(backend.reads)
      .frame('cases', 'a', [aCase('a', '1')])
      .plan({cases: ['a']})
      .end();
    await nextTask();
    expect(ids(store)).to.deep.equal(['1']);
  });

  it('takes an append that overtook its list, with what it said', async () => {
    const {backend, session, store} = await openSession();
    const read = last(backend.reads)
      .plan({cases: ['a']})
      .frame('cases', 'a', [aCase('a', '2'), 'unreadable'], {mode: 'append', next: 'more'});
    await nextTask();
    expect(source(store, 'a').status).to.equal('waiting');
    read.frame('cases', 'a', [aCase('a', '1')]).end();
    await nextTask();
    expect(ids(store)).to.deep.equal(['1', '2']);
    expect(source(store, 'a')).to.include({status: 'ok', invalid: 1, next: 'more'});
    expect(stateOf(session, store.view)).to.equal('partial');
  });

  it('says that there is more until that was fetched, or another list has come, whatever is added meanwhile', async () => {
    const {backend, session, store} = await openSession();
    last(backend.reads)
      .plan({cases: ['a']})
      .frame('cases', 'a', [], {next: 'more'})
      .frame('cases', 'a', [], {mode: 'append'})
      .end();
    await nextTask();
    expect(source(store, 'a').next).to.equal('more');
    expect(stateOf(session, store.view), 'nobody has looked behind the cursor').to.equal('partial');
    store.more('a');
    await nextTask();
    last(backend.reads)
      .plan({cases: ['a']})
      .frame('cases', 'a', [], {mode: 'append', next: 'still more'})
      .frame('cases', 'a', [aCase('a', '1')], {mode: 'append'})
      .end();
    await nextTask();
    expect(source(store, 'a').next).to.equal('still more');
    store.more('a');
    await nextTask();
    last(backend.reads)
      .plan({cases: ['a']})
      .frame('cases', 'a', [], {mode: 'append'})
      .end();
    await nextTask();
    expect(source(store, 'a').next).to.equal(undefined);
    expect(stateOf(session, store.view)).to.equal('ready');
  });

  it('says that there is more also where what is added to the list overtakes it', async () => {
    const {backend, store} = await openSession();
    last(backend.reads)
      .plan({cases: ['a']})
      .frame('cases', 'a', [], {mode: 'append'})
      .frame('cases', 'a', [], {next: 'more'})
      .end();
    await nextTask();
    expect(source(store, 'a').next).to.equal('more');
  });

  it('whose list never came has not answered, though something was added to it', async () => {
    const {backend, session, store} = await openSession();
    last(backend.reads)
      .plan({cases: ['a']})
      .frame('cases', 'a', [], {mode: 'append'})
      .end();
    await nextTask();
    expect(source(store, 'a').status).to.equal('unavailable');
    expect(stateOf(session, store.view)).to.equal('error');
  });

  it('takes a frame once, however often it comes', async () => {
    const {backend, store} = await openSession();
    const read = last(backend.reads).plan({cases: ['a']});
    for (let time = 0; time < 2; time++) read.frame('cases', 'a', [aCase('a', '1')]);
    for (let time = 0; time < 2; time++) read.frame('cases', 'a', [aCase('a', '2'), null], {mode: 'append'});
    read.frame('cases', 'a', [aCase('a', '1')]).end();
    await nextTask();
    expect(ids(store)).to.deep.equal(['1', '2']);
    expect(source(store, 'a').invalid).to.equal(1);
  });

  it('takes a frame that ends otherwise than another that began like it', async () => {
    const {backend, store} = await openSession();
    last(backend.reads)
      .plan({cases: ['a']})
      .frame('cases', 'a', [aCase('a', '1')])
      .frame('cases', 'a', [aCase('a', '2'), aCase('a', '3', 'old')], {mode: 'append'})
      .frame('cases', 'a', [aCase('a', '2'), aCase('a', '3', 'new')], {mode: 'append'})
      .frame('cases', 'a', [aCase('a', '2'), aCase('a', '3', 'old')], {mode: 'append'})
      .end();
    await nextTask();
    expect(ids(store)).to.deep.equal(['1', '2', '3']);
    // The third is the first of them again.
    expect((store.view.items[2] as {title: string}).title).to.equal('new');
  });

  it('replaces what was cached by what is fresh, also where both are of one moment and the same ends', async () => {
    const {backend, store} = await openSession();
    last(backend.reads)
      .plan({cases: ['a']})
      .frame('cases', 'a', [aCase('a', '1'), aCase('a', '2', 'old'), aCase('a', '3')], {cached: true})
      .frame('cases', 'a', [aCase('a', '1'), aCase('a', '2', 'new'), aCase('a', '3')])
      .end();
    await nextTask();
    expect((store.view.items[1] as {title: string}).title).to.equal('new');
    expect(source(store, 'a').cached).to.equal(undefined);
  });

  it('keeps records without a reference apart, and each once', async () => {
    const {backend, session} = await openSession();
    const drafts = session.resource(draftsResource);
    drafts.subscribe(() => undefined);
    await nextTask();
    const draft = (window: string) => ({window, savedAt: '2026-11-20T09:00:00Z', version: 'v', content: {}});
    last(backend.reads)
      .plan({drafts: ['a']})
      .frame('drafts', 'a', [draft('x')])
      .frame('drafts', 'a', [draft('y')], {mode: 'append'})
      .frame('drafts', 'a', [draft('z')], {mode: 'append'})
      .frame('drafts', 'a', [draft('y'), draft('u')], {mode: 'append'})
      .end();
    await nextTask();
    expect(drafts.view.items.map(({window}) => window)).to.deep.equal(['x', 'y', 'z', 'u']);
  });

  it('counts what it cannot read and shows the rest', async () => {
    const {backend, session, store} = await openSession();
    last(backend.reads)
      .plan({cases: ['a']})
      .frame('cases', 'a', [null, 1, 'x', [], {ref: null}, {...aCase('a', '0'), changedAt: 'soon'}, aCase('a', '1')], {
        invalid: 2,
      })
      .end();
    await nextTask();
    expect(ids(store)).to.deep.equal(['1']);
    expect(source(store, 'a').invalid).to.equal(8);
    expect(stateOf(session, store.view)).to.equal('partial');
  });

  it('is not empty where only unreadable records came, even if the backend counts backwards', async () => {
    const {backend, session, store} = await openSession();
    last(backend.reads)
      .plan({cases: ['a']})
      .frame('cases', 'a', [{}], {invalid: -1})
      .end();
    await nextTask();
    expect(stateOf(session, store.view)).to.equal('partial');
  });

  it('outlives a resource whose own reader throws', async () => {
    const {backend, session, store} = await openSession();
    const broken = session.resource({
      name: 'broken',
      parse: () => {
        throw new Error('x');
      },
    });
    broken.subscribe(() => undefined);
    store.reload();
    await nextTask();
    last(backend.reads)
      .plan({cases: ['a'], broken: ['a']})
      .frame('broken', 'a', [{}])
      .frame('cases', 'a', [aCase('a', '1')])
      .end();
    await nextTask();
    expect(ids(store)).to.deep.equal(['1']);
    expect(broken.view.sources[0]).to.include({status: 'ok', invalid: 1});
  });

  it('passes over garbage', async () => {
    const {backend, store} = await openSession();
    const read = last(backend.reads);
    for (const raw of [null, undefined, 1, 'x', [], {}, {kind: 'plan'}, {kind: 'gossip', contextId: read.contextId}])
      read.push(raw);
    read.plan({cases: ['a']});
    for (const raw of [null, {kind: 'frame'}, {kind: 'end'}, {kind: 'frame', contextId: read.contextId}])
      read.push(raw);
    read.frame('cases', 'a', [aCase('a', '1')]).end();
    await nextTask();
    expect(ids(store)).to.deep.equal(['1']);
  });

  for (const [what, items, change] of [
    ['holds more than 500 items', cases('a', 0, 501), {}],
    ['has no list of items', [], {items: 'x'}],
    ['has a status that nobody knows', [], {status: 'fine'}],
    ['has no time', [], {asOf: undefined}],
  ] as const)
    it(`a frame that ${what} is an unreadable answer of its source, never an empty one`, async () => {
      const {backend, session, store} = await openSession();
      last(backend.reads)
        .plan({cases: ['a']})
        .frame('cases', 'a')
        .frame('cases', 'a', items, {mode: 'append', ...change})
        .frame('cases', 'a', [], {mode: 'append', asOf: '2026-11-20T10:00:00Z'})
        .end();
      await nextTask();
      expect(source(store, 'a').status).to.equal('invalid');
      expect(stateOf(session, store.view)).to.equal('error');
    });

  it('does not show a source that was not planned', async () => {
    const {backend, store} = await openSession();
    last(backend.reads)
      .plan({cases: ['a']})
      .frame('cases', 'uninvited', [aCase('u', '1')])
      .frame('cases', 'a')
      .end();
    await nextTask();
    expect(ids(store)).to.deep.equal([]);
    expect(store.view.sources).to.have.length(1);
  });

  it('is unsupported where the plan names no source', async () => {
    const {backend, session, store} = await openSession();
    last(backend.reads).plan({}).end();
    await nextTask();
    expect(stateOf(session, store.view)).to.equal('unsupported');
  });

  it('ends when it goes silent, before the plan and after the last deadline', async () => {
    for (const deadlineMs of [undefined, 10_000, 1e15]) {
      const {backend, session, store} = await openSession();
      const clock = new StoppedClock();
      try {
        store.reload();
        await settled();
        const read = last(backend.reads);
        if (deadlineMs !== undefined) {
          read.plan({}, {resources: {cases: {sources: [{id: 'a', name: 'A'}], deadlineMs}}});
          await settled();
          clock.pass(10_000);
          await settled();
          expect(store.view.busy).to.equal(true);
          clock.pass(700_000);
        } else clock.pass(20_000);
        await settled();
        expect(read.signal.aborted).to.equal(true);
        expect(read.released).to.equal(true);
        last(backend.reads.slice(0, 1)).break();
        await settled();
        expect(store.view.busy).to.equal(false);
        expect(stateOf(session, store.view)).to.equal('error');
      } finally {
        clock.release();
      }
    }
  });

  it('of a backend that throws at once or gives no stream is an error', async () => {
    for (const read of [
      () => {
        throw new Error('x');
      },
      () => undefined,
      () => Promise.resolve(),
    ]) {
      const backend = new ScriptedBackend();
      backend.read = read as never;
      const {session, store} = await openSession(backend);
      expect(stateOf(session, store.view)).to.equal('error');
    }
  });

  it('stands when its stream fails to be released', async () => {
    const {backend, store} = await openSession();
    const {feed} = last(backend.reads);
    const iterator = feed[Symbol.asyncIterator]();
    const odd = {next: () => iterator.next(), return: () => undefined};
    feed[Symbol.asyncIterator] = () => odd as never;
    store.reload();
    await nextTask();
    const second = last(backend.reads);
    const fed = second.feed[Symbol.asyncIterator]();
    second.feed[Symbol.asyncIterator] = () => ({next: () => fed.next(), return: () => undefined}) as never;
    second
      .plan({cases: ['a']})
      .frame('cases', 'a')
      .end();
    await nextTask();
    expect(source(store, 'a').status).to.equal('ok');
  });
});

describe('reading again', () => {
  async function withCases() {
    const opened = await openSession();
    last(opened.backend.reads)
      .plan({cases: ['a', 'b']})
      .frame('cases', 'a', [aCase('a', '1')], {next: 'a-2'})
      .frame('cases', 'b', [aCase('b', '1')])
      .end();
    await nextTask();
    return opened;
  }

  it('an older read that answers after a newer changes nothing', async () => {
    const {backend, store} = await withCases();
    store.reload();
    await nextTask();
    const older = last(backend.reads);
    store.reload();
    await nextTask();
    last(backend.reads)
      .plan({cases: ['a', 'b', 'c']})
      .frame('cases', 'a', [aCase('a', 'new')])
      .frame('cases', 'b', [], {status: 'forbidden'})
      .frame('cases', 'c', [aCase('c', 'new')])
      .end();
    await nextTask();
    older
      .plan({cases: ['a', 'b']})
      .frame('cases', 'a', [aCase('a', 'old')])
      .frame('cases', 'b', [aCase('b', 'old')])
      .end();
    await nextTask();
    expect(ids(store)).to.deep.equal(['new', 'new']);
    expect(store.view.sources.map(({status, refreshing}) => [status, refreshing])).to.deep.equal([
      ['ok', false],
      ['forbidden', false],
      ['ok', false],
    ]);
    expect(store.view.busy).to.equal(false);
  });

  it('an older read that is refused after a newer answered changes nothing', async () => {
    const {backend, store} = await withCases();
    store.reload();
    await nextTask();
    const older = last(backend.reads);
    store.reload();
    await nextTask();
    last(backend.reads)
      .plan({cases: ['a']})
      .frame('cases', 'a', [aCase('a', 'new')])
      .end();
    await nextTask();
    older.break(new ProblemError(problemOf('unauthorized', 'x')));
    await nextTask();
    expect(ids(store)).to.deep.equal(['new']);
    expect(store.view.problem).to.equal(undefined);
  });

  it('a newer read that fails does not keep an older answer out', async () => {
    const {backend, session, store} = await withCases();
    store.reload();
    await nextTask();
    const older = last(backend.reads);
    store.reload();
    await nextTask();
    last(backend.reads)
      .plan({cases: ['a', 'b']})
      .frame('cases', 'a', [aCase('a', 'added')], {mode: 'append'})
      .frame('cases', 'b', [], {status: 'timeout'})
      .break();
    await nextTask();
    expect(store.view.sources.map(({stale}) => stale)).to.deep.equal([true, true]);
    older
      .plan({cases: ['a', 'b']})
      .frame('cases', 'a', [aCase('a', '2')])
      .frame('cases', 'b', [aCase('b', '2')])
      .end();
    await nextTask();
    expect(ids(store)).to.deep.equal(['2', '2']);
    expect(stateOf(session, store.view)).to.equal('ready');
  });

  it('one source answers again while the others stand', async () => {
    const {backend, store} = await withCases();
    store.refresh('a');
    store.refresh('a');
    expect(source(store, 'a').refreshing).to.equal(true);
    expect(source(store, 'b').refreshing).to.equal(false);
    await nextTask();
    const read = last(backend.reads);
    expect(read.asked).to.deep.equal(['cases/a']);
    // A plan that names all sources does not make the others wait.
    read
      .plan({cases: ['a', 'b', 'c']})
      .frame('cases', 'a', [aCase('a', '7')])
      .end();
    await nextTask();
    expect(ids(store)).to.deep.equal(['7', '1']);
    expect(store.view.sources).to.have.length(2);
    expect(source(store, 'a').refreshing).to.equal(false);
  });

  it('a source that fails leaves its records as stale', async () => {
    const {backend, session, store} = await withCases();
    store.refresh('a');
    await nextTask();
    last(backend.reads)
      .plan({cases: ['a']})
      .frame('cases', 'a', [], {status: 'timeout'})
      .end();
    await nextTask();
    expect(source(store, 'a')).to.include({status: 'timeout', stale: true, count: 1});
    expect(stateOf(session, store.view)).to.equal('stale');
    store.reload();
    await nextTask();
    last(backend.reads).break(new TypeError('x'));
    await nextTask();
    expect(ids(store)).to.deep.equal(['1', '1']);
    expect(source(store, 'b')).to.include({status: 'unavailable', stale: true});
  });

  for (const status of ['forbidden', 'needs-purpose', 'not-applicable'] as const)
    it(`a source that is now ${status} takes its records back`, async () => {
      const {backend, store} = await withCases();
      store.refresh('a');
      await nextTask();
      last(backend.reads)
        .plan({cases: ['a']})
        .frame('cases', 'a', [], {status})
        .end();
      await nextTask();
      expect(ids(store)).to.deep.equal(['1']);
      const {next, asOf, ...rest} = source(store, 'a');
      expect(rest).to.include({status, stale: false, count: 0});
      expect([next, asOf]).to.deep.equal([undefined, undefined]);
    });

  for (const code of ['unauthorized', 'context-closed', 'forbidden', 'needs-purpose'] as const)
    it(`a reload that is refused with ${code} takes all back`, async () => {
      const {backend, session, store} = await withCases();
      store.reload();
      await nextTask();
      last(backend.reads).break(new ProblemError(problemOf(code, 'x')));
      await nextTask();
      expect(ids(store)).to.deep.equal([]);
      expect(stateOf(session, store.view)).to.equal(code === 'context-closed' ? 'error' : 'forbidden');
    });

  it('a refresh that is refused takes back that source, or everything when the user or the context is gone', async () => {
    for (const [code, left] of [
      ['forbidden', ['1']],
      ['unauthorized', []],
      ['context-closed', []],
    ] as const) {
      const {backend, store} = await withCases();
      store.refresh('b');
      await nextTask();
      last(backend.reads).break(new ProblemError(problemOf(code, 'x')));
      await nextTask();
      expect(ids(store)).to.deep.equal(left);
    }
  });

  it('recovers after a refusal', async () => {
    const {backend, session, store} = await withCases();
    store.reload();
    await nextTask();
    last(backend.reads).break(new ProblemError(problemOf('unauthorized', 'x')));
    await nextTask();
    store.refresh('a');
    await nextTask();
    last(backend.reads)
      .plan({cases: ['a']})
      .frame('cases', 'a', [aCase('a', '2')])
      .end();
    await nextTask();
    expect(ids(store)).to.deep.equal(['2']);
    expect(stateOf(session, store.view)).to.equal('ready');
  });

  it('reads on where there is more, once', async () => {
    const {backend, store} = await withCases();
    store.more('a');
    store.more('a');
    store.more('b');
    await nextTask();
    store.more('a');
    await nextTask();
    const read = last(backend.reads);
    expect(backend.reads).to.have.length(2);
    expect(read.asked).to.deep.equal(['cases/a+a-2']);
    read
      .plan({cases: ['a']})
      .frame('cases', 'a', [aCase('a', '2')], {mode: 'append', next: 'a-3'})
      .end();
    await nextTask();
    expect(ids(store)).to.deep.equal(['1', '2', '1']);
    expect(source(store, 'a').next).to.equal('a-3');
    store.more('a');
    await nextTask();
    // Whatever mode it says: an answer to "more" is never all there is.
    last(backend.reads)
      .plan({cases: ['a']})
      .frame('cases', 'a', [])
      .end();
    await nextTask();
    expect(ids(store)).to.deep.equal(['1', '2', '1']);
    expect(source(store, 'a').next).to.equal(undefined);
  });

  it('a page that can not be had leaves what stands, and its cursor', async () => {
    const {backend, store} = await withCases();
    store.more('a');
    await nextTask();
    last(backend.reads).break();
    await nextTask();
    expect(ids(store)).to.deep.equal(['1', '1']);
    expect(source(store, 'a')).to.include({status: 'unavailable', stale: true, next: 'a-2'});
    store.more('a');
    await nextTask();
    expect(last(backend.reads).asked).to.deep.equal(['cases/a+a-2']);
  });

  it('a page of a list that was replaced meanwhile is dropped, and does not stop the replacement', async () => {
    const {backend, store} = await withCases();
    store.more('a');
    await nextTask();
    const more = last(backend.reads);
    store.refresh('a');
    await nextTask();
    const refresh = last(backend.reads);
    refresh
      .plan({cases: ['a']})
      .frame('cases', 'a', [aCase('a', 'new')])
      .end();
    await nextTask();
    more
      .plan({cases: ['a']})
      .frame('cases', 'a', [aCase('a', 'late')], {mode: 'append'})
      .end();
    await nextTask();
    expect(ids(store)).to.deep.equal(['new', '1']);
  });

  it('a refresh that answers after a later page still counts', async () => {
    const {backend, store} = await withCases();
    store.more('a');
    await nextTask();
    const more = last(backend.reads);
    store.refresh('a');
    await nextTask();
    more
      .plan({cases: ['a']})
      .frame('cases', 'a', [aCase('a', '2')], {mode: 'append'})
      .end();
    await nextTask();
    expect(ids(store)).to.deep.equal(['1', '2', '1']);
    last(backend.reads)
      .plan({cases: ['a']})
      .frame('cases', 'a', [aCase('a', 'new')])
      .end();
    await nextTask();
    expect(ids(store)).to.deep.equal(['new', '1']);
  });

  it('a notice while a read is in flight makes one more read of that source', async () => {
    const {backend, session, store} = await openSession();
    const first = last(backend.reads).plan({cases: ['a', 'b']});
    await nextTask();
    session.notice('cases', 'a');
    session.notice('cases', 'a');
    session.notice('journal', 'a');
    await nextTask();
    expect(backend.reads.map((read) => read.asked)).to.deep.equal([['cases'], ['cases/a']]);
    last(backend.reads)
      .plan({cases: ['a']})
      .frame('cases', 'a', [aCase('a', 'new')])
      .end();
    await nextTask();
    first
      .frame('cases', 'a', [aCase('a', 'old')])
      .frame('cases', 'b')
      .end();
    await nextTask();
    expect(ids(store)).to.deep.equal(['new']);
  });

  it('a notice of a source that is not known yet reads all', async () => {
    const {backend, session} = await withCases();
    session.notice('cases', 'c');
    await nextTask();
    expect(last(backend.reads).asked).to.deep.equal(['cases']);
    session.reset();
    await nextTask();
    expect(last(backend.reads).asked).to.deep.equal(['cases']);
  });

  it('what is asked for in one turn is sent once', async () => {
    const {backend, store} = await withCases();
    store.refresh('a');
    store.more('a');
    store.refresh('b');
    store.reload();
    store.refresh('a');
    await nextTask();
    expect(last(backend.reads).asked).to.deep.equal(['cases']);
  });
});

describe('a person record', () => {
  async function withPerson(items: unknown[], masked = '641284-••••') {
    const backend = new ScriptedBackend();
    const session = new SubjectSession();
    const store = session.resource(personResource);
    store.subscribe(() => undefined);
    const opened = session.open(backend, opening(backend), fits);
    last(backend.opens).accept({subject: {masked}});
    await opened;
    await nextTask();
    last(backend.reads)
      .plan({person: ['cpr']})
      .frame('person', 'cpr', items)
      .end();
    await nextTask();
    return {backend, session, store};
  }

  it('gives the Session its name, and takes it back', async () => {
    const {backend, session, store} = await withPerson([aPerson('cpr', 'Ida Holm')]);
    expect(session.name).to.equal('Ida Holm');
    let heard = '';
    session.subscribe(() => {
      heard = String(session.name);
    });
    store.reload();
    await nextTask();
    last(backend.reads)
      .plan({person: ['cpr']})
      .frame('person', 'cpr', [], {status: 'forbidden'})
      .end();
    await nextTask();
    expect([session.name, heard]).to.deep.equal([undefined, 'undefined']);
  });

  for (const masked of ['710190-••••', '710190 ••••', '710190xxxx', '710190'])
    it(`of somebody else is a problem, not data, where the number reads ${masked}`, async () => {
      const {session, store} = await withPerson([aPerson('cpr', 'Another', masked)]);
      expect(store.view.items).to.deep.equal([]);
      expect(store.view.sources[0]).to.deep.include({status: 'invalid'});
      expect(store.view.sources[0]?.problem?.code).to.equal('wrong-subject');
      expect(session.name).to.equal(undefined);
      expect(stateOf(session, store.view)).to.equal('error');
    });

  it('may have another number now', async () => {
    const {session} = await withPerson([aPerson('cpr', 'Ida Holm', '651284-••••', {previousNumbers: ['641284-••••']})]);
    expect(session.name).to.equal('Ida Holm');
  });
});

describe('a Session', () => {
  it('whose context can not be had is blank, asks for nothing and waits for nobody', async () => {
    for (const [answer, code] of [
      [(open: {fail(thrown: unknown): void}) => open.fail(new ProblemError(problemOf('not-found', 'x'))), 'not-found'],
      [(open: {fail(thrown: unknown): void}) => open.fail(new TypeError('secret')), 'unavailable'],
      [(open: {answer(value: unknown): void}) => open.answer(undefined), 'protocol'],
      [(open: {answer(value: unknown): void}) => open.answer({contextId: ''}), 'protocol'],
    ] as const) {
      const backend = new ScriptedBackend();
      const session = new SubjectSession();
      const store = session.resource(casesResource);
      store.subscribe(() => undefined);
      const opened = session.open(backend, opening(backend), fits);
      answer(last(backend.opens) as never);
      expect((await opened)?.code).to.equal(code);
      store.reload();
      const late = session.resource(journalResource);
      late.subscribe(() => undefined);
      await nextTask();
      expect([session.state, store.view.busy, late.view.busy]).to.deep.equal(['failed', false, false]);
      expect(stateOf(session, store.view)).to.equal('error');
      expect(backend.reads).to.have.length(0);
    }
  });

  it('of another subject than the one asked for is a problem, and its context is given back', async () => {
    const backend = new ScriptedBackend();
    const session = new SubjectSession();
    const opened = session.open(backend, opening(backend), () => false);
    const contextId = last(backend.opens).accept();
    expect((await opened)?.code).to.equal('wrong-subject');
    expect([session.state, session.subject, session.contextId]).to.deep.equal(['failed', undefined, undefined]);
    expect(backend.closed).to.deep.equal([contextId]);
  });

  it('that ends while it opens gives its context back', async () => {
    const backend = new ScriptedBackend();
    const session = new SubjectSession();
    const opened = session.open(backend, opening(backend), fits);
    session.close();
    expect(last(backend.opens).signal.aborted).to.equal(true);
    const contextId = last(backend.opens).accept();
    expect(await opened).to.equal(undefined);
    expect(session.state).to.equal('closed');
    expect(backend.closed).to.deep.equal([contextId]);
  });

  it('that has ended has forgotten the person, and nothing reaches it', async () => {
    const {backend, session, store} = await openSession();
    const read = last(backend.reads)
      .plan({cases: ['a']})
      .frame('cases', 'a', [aCase('a', '1')]);
    await nextTask();
    session.close();
    expect(store.view).to.deep.include({items: [], sources: [], planned: false, busy: false});
    expect([session.state, session.subject, session.name]).to.deep.equal(['closed', undefined, undefined]);
    expect(read.signal.aborted).to.equal(true);
    read.frame('cases', 'a', [aCase('a', '2')], {mode: 'append'}).end();
    store.reload();
    store.refresh('a');
    session.fail(problemOf('internal', 'x'));
    session.set({veiled: true});
    const later = session.resource(casesResource);
    later.subscribe(() => undefined);
    await nextTask();
    expect(backend.reads).to.have.length(1);
    expect(session.state).to.equal('closed');
    expect(session.veiled).to.equal(false);
    expect([store.view.items, later.view.items, later.view.busy]).to.deep.equal([[], [], false]);
    expect(backend.closed).to.deep.equal([session.contextId]);
    let refused: unknown;
    await session.act('note.create', {}).catch((thrown: unknown) => {
      refused = thrown;
    });
    expect((refused as ProblemError).problem.code).to.equal('context-closed');
  });

  it('does not abort a write, closes its context after it, and says whose it was', async () => {
    const {backend, session, settledActions} = await openSession();
    const one = session.act('note.create', {body: 'x'}, {key: 'key-0001'});
    const other = session.act('note.create', {body: 'y'});
    session.close();
    expect(backend.acts.map((act) => act.signal.aborted)).to.deep.equal([false, false]);
    expect(backend.closed).to.deep.equal([]);
    backend.acts[0]?.accept({ref: 1});
    expect((await one).result).to.deep.equal({ref: 1});
    expect(backend.closed).to.deep.equal([]);
    backend.acts[1]?.fail(new ProblemError(problemOf('conflict', 'x')));
    await other.catch(() => undefined);
    expect(backend.closed).to.deep.equal([session.contextId]);
    expect(
      settledActions.map(({key, subject, late, problem}) => [key === 'key-0001', subject?.masked, late, problem?.code]),
    ).to.deep.equal([
      [true, '641284-••••', true, undefined],
      [false, '641284-••••', true, 'conflict'],
    ]);
  });

  it('says that it ends while an action can still be sent, once, to those who take part', async () => {
    const {backend, session} = await openSession();
    const agreeing = () => () => Promise.resolve('agree' as const);
    const heard: string[] = [];
    session.survey(agreeing(), () => {
      heard.push(session.state);
      void session.act('draft.save', {window: 'w'});
      // A host that answers so is not asked twice.
      session.close();
    });
    session.survey(agreeing(), () => heard.push('never'))();
    session.survey(agreeing());
    session.close();
    session.close();
    expect(heard).to.deep.equal(['open']);
    expect([session.state, backend.acts.map(({action}) => action.type)]).to.deep.equal(['closed', ['draft.save']]);
    expect(backend.closed).to.deep.equal([]);
    backend.acts[0]?.accept({});
    await settled();
    expect(backend.closed).to.deep.equal([session.contextId]);
  });

  it('gives every listener its word, whatever one of them throws', async () => {
    const errors: unknown[] = [];
    const {reportError} = globalThis;
    globalThis.reportError = (thrown) => errors.push(thrown);
    try {
      const {session, store, backend} = await openSession();
      const heard: string[] = [];
      const broken = () => {
        throw new Error('broken window');
      };
      session.subscribe(broken);
      session.subscribe(() => heard.push('session'));
      store.subscribe(broken);
      store.subscribe(() => heard.push('store'));
      session.close();
      expect(heard).to.include.members(['session', 'store']);
      expect(errors.length).to.be.greaterThan(0);
      expect(backend.closed).to.have.length(1);
    } finally {
      globalThis.reportError = reportError;
    }
  });

  it('never lets a backend that fails to close stop a switch', async () => {
    for (const closeContext of [
      () => {
        throw new Error('x');
      },
      () => undefined,
      () => Promise.reject(new Error('x')),
    ]) {
      const {backend, session} = await openSession();
      backend.closeContext = closeContext as never;
      session.close();
      expect(session.state).to.equal('closed');
      await nextTask();
    }
  });

  it('gives the bytes of a document, or a problem', async () => {
    const {backend, session} = await openSession();
    const got = session.content({source: 'a', id: '1'});
    last(backend.contents).answer({mediaType: 'text/plain', bytes: new Uint8Array()});
    expect((await got).mediaType).to.equal('text/plain');
    const failing = session.content({source: 'a', id: '1'});
    last(backend.contents).fail(new Error('secret'));
    const problem = await failing.catch((thrown: unknown) => (thrown as ProblemError).problem);
    expect(problem).to.deep.include({code: 'unavailable'});
    expect(JSON.stringify(problem)).not.to.include('secret');
  });
});

describe('a context that the backend has closed', () => {
  const anna = {subject: {masked: '641284-••••'}, handle: 'p-anna'};
  async function openByHandle() {
    const backend = new ScriptedBackend();
    const session = new SubjectSession();
    const store = session.resource(casesResource);
    store.subscribe(() => undefined);
    const opened = session.open(backend, opening(backend), fits, {purpose: 'sagsbehandling'});
    const contextId = last(backend.opens).accept(anna);
    await opened;
    await nextTask();
    last(backend.reads)
      .plan({cases: ['a']})
      .frame('cases', 'a', [aCase('a', '1')]);
    await settled();
    const renewed = session.renew();
    await until(() => backend.opens.length === 2);
    return {backend, session, store, contextId, renewed, reopening: last(backend.opens)};
  }
  const until = async (look: () => boolean) => {
    while (!look()) await nextTask();
  };

  it('tells a problem where opening it again can not even be begun', async () => {
    const {session, renewed, reopening} = await openByHandle();
    reopening.accept(anna);
    await renewed;
    const options = {
      breakGlass: true as const,
      get reason(): string {
        throw new Error('x');
      },
    };
    expect((await session.renew(options))?.code).to.equal('unavailable');
    session.close();
  });

  it('is opened again by its handle, for the same purpose, once at a time; everything is read again', async () => {
    const {backend, session, store, contextId, renewed, reopening} = await openByHandle();
    expect(reopening.subject).to.deep.equal({type: 'ref', value: 'p-anna'});
    expect(reopening.options).to.deep.equal({purpose: 'sagsbehandling'});
    const twice = session.renew();
    const next = reopening.accept({...anna, subject: {masked: '641284-••••', label: 'Et andet navn'}});
    expect(await renewed).to.equal(undefined);
    expect(await twice).to.equal(undefined);
    expect(backend.opens).to.have.length(2);
    expect(session.contextId).to.equal(next);
    expect(next).not.to.equal(contextId);
    expect(session.subject).to.deep.equal({type: 'cpr', masked: '641284-••••'});
    await until(() => backend.reads.length === 2);
    expect(last(backend.reads).contextId).to.equal(next);
    expect(ids(store)).to.deep.equal(['1']);
    session.close();
    await settled();
    expect(backend.closed).to.deep.equal([next]);
  });

  for (const [what, answer] of [
    ['under another handle', {...anna, handle: 'p-bo'}],
    ['under no handle', {subject: anna.subject}],
    ['with another number', {...anna, subject: {masked: '710190-••••'}}],
  ] as const)
    it(`is not taken over ${what}`, async () => {
      const {backend, session, contextId, renewed, reopening} = await openByHandle();
      const refused = reopening.accept(answer);
      expect((await renewed)?.code).to.equal('wrong-subject');
      expect(session.contextId).to.equal(contextId);
      expect(backend.closed).to.deep.equal([refused]);
      expect(backend.reads).to.have.length(1);
    });

  it('says why it could not be opened again, and may be tried again', async () => {
    const {backend, session, renewed, reopening} = await openByHandle();
    reopening.fail(new ProblemError(problemOf('unauthorized', 'x')));
    expect((await renewed)?.code).to.equal('unauthorized');
    expect(session.problem?.code).to.equal('unauthorized');
    const again = session.renew();
    await until(() => backend.opens.length === 3);
    last(backend.opens).accept(anna);
    expect(await again).to.equal(undefined);
    expect(session.problem).to.equal(undefined);
  });

  it('is given back when the page has moved on meanwhile', async () => {
    const {backend, session, renewed, reopening} = await openByHandle();
    session.close();
    expect(reopening.signal.aborted).to.equal(true);
    const late = reopening.accept(anna);
    expect((await renewed)?.code).to.equal('context-closed');
    expect(backend.closed).to.include(late);
    expect(session.contextId).not.to.equal(late);
  });

  it('can’t be opened again without a handle', async () => {
    const {backend, session} = await openSession();
    expect(session.renewable).to.equal(false);
    expect((await session.renew())?.code).to.equal('context-closed');
    expect(backend.opens).to.have.length(1);
  });
});

describe('the same person for another purpose, or with broken glass', () => {
  const anna = {subject: {masked: '641284-••••'}, handle: 'p-anna'};
  const until = async (look: () => boolean) => {
    while (!look()) await nextTask();
  };
  async function opened(options: OpeningOptions = {}) {
    const backend = new ScriptedBackend();
    const session = new SubjectSession();
    const store = session.resource(casesResource);
    store.subscribe(() => undefined);
    const open = session.open(backend, opening(backend), fits, options);
    const contextId = last(backend.opens).accept(anna);
    await open;
    await nextTask();
    last(backend.reads)
      .plan({cases: ['a']})
      .frame('cases', 'a', [aCase('a', '1')]);
    await settled();
    const renew = async (asked?: OpeningOptions) => {
      const before = backend.opens.length;
      const renewed = session.renew(asked);
      await until(() => backend.opens.length > before);
      return {renewed, reopening: last(backend.opens)};
    };
    return {backend, session, store, contextId, renew};
  }
  const glass = {breakGlass: true, reason: 'Barnet er i akut fare'} as const;

  it('is opened by its handle, read again, and the context before is given back', async () => {
    const {backend, session, contextId, renew} = await opened();
    expect(session.glass).to.equal(undefined);
    const {renewed, reopening} = await renew(glass);
    expect(reopening.subject).to.deep.equal({type: 'ref', value: 'p-anna'});
    expect(reopening.options).to.deep.equal(glass);
    const next = reopening.accept({...anna, breakGlass: true, expiresAt: '2026-11-20T09:20:00Z'});
    expect(await renewed).to.equal(undefined);
    expect(session.contextId).to.equal(next);
    expect(session.glass).to.deep.equal({until: '2026-11-20T09:20:00Z'});
    await until(() => backend.reads.length === 2);
    expect(last(backend.reads).contextId).to.equal(next);
    expect(backend.closed).to.deep.equal([contextId]);
  });

  it('stands as it stood where that is refused, and only who asked is told', async () => {
    const {backend, session, store, contextId, renew} = await opened();
    const {renewed, reopening} = await renew(glass);
    reopening.fail(new ProblemError(problemOf('forbidden', 'x')));
    expect((await renewed)?.code).to.equal('forbidden');
    expect(session.problem).to.equal(undefined);
    expect(session.contextId).to.equal(contextId);
    expect(session.glass).to.equal(undefined);
    expect(ids(store)).to.deep.equal(['1']);
    expect(backend.closed).to.deep.equal([]);
  });

  it('breaks no glass by itself: opened again it is whole, with the purpose that was chosen', async () => {
    const {session, renew} = await opened({purpose: 'sag', ...glass});
    expect(session.glass?.until).to.equal('2026-11-20T17:00:00Z');
    const {renewed, reopening} = await renew();
    expect(reopening.options).to.deep.equal({purpose: 'sag'});
    reopening.accept(anna);
    await renewed;
    expect(session.glass).to.equal(undefined);
  });

  it('keeps the purpose when the glass is broken, and another purpose takes the place of the first', async () => {
    const {renew} = await opened({purpose: 'sag'});
    const first = await renew(glass);
    expect(first.reopening.options).to.deep.equal({purpose: 'sag', ...glass});
    first.reopening.accept({...anna, breakGlass: true});
    await first.renewed;
    const second = await renew({purpose: 'kontrol'});
    expect(second.reopening.options).to.deep.equal({purpose: 'kontrol'});
    second.reopening.accept(anna);
    await second.renewed;
  });

  it('waits for a renewal that is on its way, and then asks for its own', async () => {
    const {backend, session, renew} = await opened();
    const {renewed, reopening} = await renew();
    const asked = session.renew({purpose: 'kontrol'});
    reopening.accept(anna);
    await renewed;
    await until(() => backend.opens.length === 3);
    expect(last(backend.opens).options).to.deep.equal({purpose: 'kontrol'});
    last(backend.opens).accept(anna);
    expect(await asked).to.equal(undefined);
  });

  it('leaves the context before to a write that is on its way', async () => {
    const {backend, session, renew} = await opened();
    const write = session.act('draft.save', {});
    const {renewed, reopening} = await renew(glass);
    reopening.accept({...anna, breakGlass: true});
    await renewed;
    expect(backend.closed).to.deep.equal([]);
    last(backend.acts).answer({key: 'k', type: 'draft.save', at: '2026-11-20T09:00:00Z'});
    await write;
  });

  it('is asked for again when broken glass is whole, by how long it lasts', async () => {
    const {backend, session, renew} = await opened();
    watchGlass(session);
    const {renewed, reopening} = await renew(glass);
    reopening.accept({...anna, breakGlass: true, openedAt: '2026-11-20T09:00:00Z', expiresAt: '2026-11-20T09:00:00Z'});
    await renewed;
    await until(() => backend.reads.length === 2);
    last(backend.reads)
      .plan({cases: ['a']})
      .end();
    await until(() => backend.reads.length === 3);
    expect(last(backend.reads).contextId).to.equal(session.contextId);
    session.close();
  });
});
