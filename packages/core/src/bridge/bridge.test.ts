import {greatestBridgeVersion, ProblemError, problemOf} from '@bsp/contract';
import {expect} from '@open-wc/testing';
import {BridgedPage, HandleBackend, handleOf, TestLine} from '../../../../tests/browser/fixtures/bridged-pages.js';
import {composedText} from '../../../../tests/browser/fixtures/probe-window.js';
import {settled} from '../../../../tests/browser/fixtures/scripted-backend.js';
import {StoppedClock} from '../../../../tests/browser/fixtures/stopped-clock.js';
import {personOf} from '../../../../tests/browser/race/people.js';
import '../define.js';
import {type BridgeOptions, connectBridge} from './bridge.js';
import {throughPort} from './port.js';

before(() => import('../provider-late.js'));

const stage = document.createElement('div');
const markers = (page: BridgedPage): string => composedText(page.provider);
const name = 'Ydelsessystemet';

describe('a bridge', () => {
  let line: TestLine;
  let clock: StoppedClock;
  const pages: BridgedPage[] = [];
  const page = (
    ...given: ConstructorParameters<typeof BridgedPage> extends [unknown, unknown, ...infer R] ? R : never
  ) => {
    const one = new BridgedPage(stage, line, ...given);
    pages.push(one);
    return one;
  };
  /** All that is said is heard, and what follows from it has happened. */
  const calm = async () => {
    for (let round = 0; round < 6; round++) {
      await settled();
      line.deliverAll();
    }
    await settled();
  };
  beforeEach(() => {
    clock = new StoppedClock();
    line = new TestLine();
    document.body.append(stage);
  });
  afterEach(() => {
    for (const {bridge} of pages.splice(0)) bridge.close();
    stage.replaceChildren();
    stage.remove();
    clock.release();
  });

  it('has another page follow, and back', async () => {
    const [one, other] = [page(), page()];
    await one.open(0);
    await calm();
    expect(markers(other)).to.include(personOf(0).marker);
    expect(other.backend.asked).to.deep.equal([{type: 'ref', value: handleOf(0)}]);
    await other.open(1);
    await calm();
    expect(markers(one)).to.include(personOf(1).marker).and.not.to.include(personOf(0).marker);
    expect([one.bridge.state, other.bridge.state]).to.deep.equal(['in-step', 'in-step']);
    await one.provider.clearSubject();
    await calm();
    expect(other.provider.session).to.equal(undefined);
    expect(other.windows.map(({state}) => state)).to.deep.equal(['no-subject', 'no-subject']);
  });

  it('opens each person once: nothing comes back', async () => {
    const [one, other] = [page(), page()];
    await one.open(0);
    await calm();
    await other.open(1);
    await calm();
    expect([one.backend.asked.length, other.backend.asked.length]).to.deep.equal([2, 2]);
  });

  it('says no number and no context, and nothing that a page could not read', async () => {
    const [one, other] = [page({name, follow: () => true}), page({name: `${name} 641284-0001`})];
    await one.open(0);
    await other.open(1);
    await calm();
    const from = 'a-program-that-lies';
    line.forge({bridge: 1, from, kind: 'open', version: greatestBridgeVersion, by: from, id: handleOf(3)});
    await calm();
    await one.open(1);
    await calm();
    const said = JSON.stringify(line.said);
    expect(said).to.include(handleOf(0));
    // Nor anything that could be taken for a number.
    expect(said).not.to.match(/(?<![\da-z])\d{10}(?![\da-z])/i);
    for (const {number, masked} of [personOf(0), personOf(1)])
      for (const text of [number, number.replace('-', ''), masked.slice(0, 6)]) expect(said).not.to.include(text);
    for (const {backend} of [one, other])
      for (const context of backend.people.keys()) expect(said).not.to.include(context);
    expect(said).not.to.include('0001');
  });

  it('follows only where the host asked for it', async () => {
    const [one, other] = [page(), page({})];
    await other.open(1);
    await calm();
    await one.open(0);
    await calm();
    expect(markers(other)).to.include(personOf(1).marker);
    expect(other.bridge.state).to.equal('apart');
    expect(one.bridge.programs).to.deep.equal([{name: undefined, state: 'not-following'}]);
    const refusing = page({follow: () => false, name});
    await calm();
    expect(refusing.provider.session).to.equal(undefined);
    expect(one.bridge.programs).to.deep.include({name, state: 'kept'});
  });

  it('is not in step where another stands at a change that it has not heard of', async () => {
    const [one, other] = [page({}), page({name})];
    await one.open(0);
    await calm();
    await other.open(1);
    await settled();
    line.lose(line.sent.findIndex(({message}) => (message as {kind: string}).kind === 'open'));
    await calm();
    expect(one.bridge.programs).to.deep.equal([{name, state: 'asking'}]);
    clock.pass(10_000);
    expect(one.bridge.programs).to.deep.equal([{name, state: 'silent'}]);
    expect(one.bridge.state).to.equal('apart');
  });

  it('claims nothing of whom another shows that does not follow', async () => {
    const [one, other] = [page({}), page({name})];
    await calm();
    expect([one.bridge.state, other.bridge.state]).to.deep.equal(['in-step', 'in-step']);
    await one.open(0);
    for (const {message} of [...line.sent]) {
      const {kind} = message as {kind: string};
      if (kind === 'open' || kind === 'status') line.lose(line.sent.findIndex((sent) => sent.message === message));
    }
    await calm();
    expect([one.bridge.state, one.bridge.programs]).to.deep.equal(['alone', [{name, state: 'not-following'}]]);
  });

  it('lets its own windows object, and tells the others', async () => {
    const [one, other] = [page(), page({name, follow: () => true})];
    await one.open(0);
    await calm();
    other.objects = true;
    const told: string[] = [];
    one.provider.addEventListener('bsp-bridge-change', ({detail}) => told.push(detail.state));
    await one.open(1);
    await calm();
    expect(markers(other)).to.include(personOf(0).marker).and.to.include('kept');
    expect([one.bridge.state, other.bridge.state]).to.deep.equal(['apart', 'apart']);
    expect(one.bridge.programs).to.deep.equal([{name, state: 'kept'}]);
    expect(told.at(-1)).to.equal('apart');
    other.objects = false;
    other.bridge.follow();
    await calm();
    expect(markers(other)).to.include(personOf(1).marker);
    expect([one.bridge.state, other.bridge.state]).to.deep.equal(['in-step', 'in-step']);
  });

  describe('before a change', () => {
    type Question = Parameters<NonNullable<BridgeOptions['survey']>>[0];
    /** Two pages in step: the other one is asked, and says this. */
    const asked = async (answer: (question: Question) => ReturnType<NonNullable<BridgeOptions['survey']>>) => {
      const questions: Question[] = [];
      const [one, other] = [
        page({name: 'Omsorg', follow: () => true}),
        page({
          name,
          follow: () => true,
          survey(question) {
            questions.push(question);
            return answer(question);
          },
        }),
      ];
      await one.open(0);
      await calm();
      expect(questions, 'asked for nobody').to.deep.equal([]);
      const shown = () => [one, other].map(({provider}) => provider.session?.handle);
      return {one, other, questions, shown};
    };

    it('asks who shows the same person, and goes on when they agree', async () => {
      const {one, other, questions, shown} = await asked(() => 'agree');
      const switched = one.open(1);
      await settled();
      expect(shown(), 'it changed before the other was asked').to.deep.equal([handleOf(0), handleOf(0)]);
      await calm();
      expect(await switched).to.deep.equal({outcome: 'committed'});
      await calm();
      expect(questions.map(({to, program}) => ({to, program}))).to.deep.equal([{to: 'person', program: 'Omsorg'}]);
      expect(shown()).to.deep.equal([handleOf(1), handleOf(1)]);
      // The host that changes by its own doing is not asked, and one that follows is not asked twice.
      await other.open(2);
      await calm();
      expect([questions.length, shown()]).to.deep.equal([1, [handleOf(2), handleOf(2)]]);
      void one.provider.clearSubject();
      await calm();
      expect([questions.at(-1)?.to, shown()]).to.deep.equal(['nobody', [undefined, undefined]]);
    });

    it('keeps the person everywhere where one has a reason, and tells it', async () => {
      const {one, shown} = await asked(() => ({stay: ' Ansøgningen for 641284-0001 er ikke sendt. '}));
      const switched = one.open(1);
      await calm();
      expect(await switched).to.deep.equal({outcome: 'kept'});
      expect(shown()).to.deep.equal([handleOf(0), handleOf(0)]);
      expect([one.bridge.state, one.provider.session?.veiled]).to.deep.equal(['in-step', false]);
      const [objection] = one.provider.session?.objections ?? [];
      expect(objection?.program).to.equal(name);
      expect(objection?.reason)
        .to.match(/^Ansøgningen for 641284-\S+ er ikke sendt\.$/)
        .and.not.include('0001');
    });

    it('waits without end where the host says so, as far as an engine can', async () => {
      const {one, shown} = await asked(() => new Promise(() => undefined));
      const waits: number[] = [];
      const stopped = globalThis.setTimeout;
      globalThis.setTimeout = ((run: () => void, milliseconds = 0) => {
        waits.push(milliseconds);
        return stopped(run, milliseconds);
      }) as typeof setTimeout;
      one.provider.surveyTimeout = Infinity;
      void one.open(1);
      globalThis.setTimeout = stopped;
      await calm();
      // What is longer an engine takes for no wait at all.
      expect(Math.max(...waits)).to.equal(2 ** 31 - 1);
      clock.pass(3_600_000);
      await calm();
      expect(shown()).to.deep.equal([handleOf(0), handleOf(0)]);
    });

    it('waits for a program that asks its user', async () => {
      let decide: (answer: 'agree') => void = () => undefined;
      const {one, questions, shown} = await asked(() => new Promise((resolve) => (decide = resolve)));
      const switched = one.open(1);
      await calm();
      clock.pass(5_000);
      await calm();
      expect([shown(), one.provider.session?.veiled]).to.deep.equal([[handleOf(0), handleOf(0)], true]);
      decide('agree');
      await calm();
      expect(await switched).to.deep.equal({outcome: 'committed'});
      await calm();
      expect(shown()).to.deep.equal([handleOf(1), handleOf(1)]);
      expect(questions[0]?.signal.aborted, 'the change has come').to.equal(true);
    });

    it('leaves one behind that does not answer, at once where it is not there', async () => {
      const {one, shown} = await asked(() => new Promise(() => undefined));
      let switched = one.open(1);
      await settled();
      line.lose(0);
      clock.pass(1_000);
      await calm();
      expect(await switched).to.deep.equal({outcome: 'committed'});
      await calm();
      expect(shown()).to.deep.equal([handleOf(1), handleOf(1)]);
      switched = one.open(2);
      await calm();
      clock.pass(9_999);
      await calm();
      expect(shown()[0], 'it is there and thinks').to.equal(handleOf(1));
      clock.pass(1);
      await calm();
      expect(await switched).to.deep.equal({outcome: 'committed'});
      expect(one.provider.session?.cutOff, 'where it stands the bridge tells').to.deep.equal([]);
      await calm();
      expect(shown()).to.deep.equal([handleOf(2), handleOf(2)]);
    });

    it('ends the question when the change has come to nothing, or its program leaves', async () => {
      const {one, other, questions, shown} = await asked(() => new Promise(() => undefined));
      void one.open(1);
      await calm();
      one.provider.addEventListener('bsp-subject-survey', (event) => event.preventDefault(), {once: true});
      void one.open(2);
      await calm();
      clock.pass(1);
      await calm();
      expect(questions.map(({signal}) => signal.aborted)).to.deep.equal([true, true]);
      expect(shown()).to.deep.equal([handleOf(0), handleOf(0)]);
      void one.open(3);
      await calm();
      expect(questions[2]?.signal.aborted).to.equal(false);
      one.bridge.close();
      await calm();
      expect(questions[2]?.signal.aborted).to.equal(true);
      expect([shown(), other.bridge.state]).to.deep.equal([[handleOf(3), handleOf(0)], 'alone']);
    });

    it('takes no question of a program that it does not know, and no answer to another question', async () => {
      const {one, questions, shown} = await asked(() => new Promise(() => undefined));
      const from = 'a-program-that-lies';
      line.forge({bridge: 1, from, kind: 'survey', question: 'a-question', to: 'person'});
      await calm();
      expect(questions).to.deep.equal([]);
      void one.open(1);
      await calm();
      for (const answer of ['agree', 'stay'])
        line.forge({bridge: 1, from, kind: 'survey-answer', question: 'a-question', answer});
      await calm();
      expect([shown(), one.provider.session?.kept]).to.deep.equal([[handleOf(0), handleOf(0)], false]);
    });

    it('takes a host that fails to answer for one that agrees', async () => {
      const reported: unknown[] = [];
      const report = globalThis.reportError;
      globalThis.reportError = (thrown) => reported.push(thrown);
      try {
        const {one, shown} = await asked(() => {
          throw new Error('x');
        });
        void one.open(1);
        await calm();
        await calm();
        expect([reported.length, shown()]).to.deep.equal([1, [handleOf(1), handleOf(1)]]);
      } finally {
        globalThis.reportError = report;
      }
    });

    it('does not ask who has parted', async () => {
      const {one, other, questions} = await asked(() => ({stay: 'Nej'}));
      other.objects = true;
      const by = 'another-program';
      line.forge({bridge: 1, from: by, kind: 'open', version: 50, by, id: handleOf(4)});
      await calm();
      expect(other.bridge.own).to.equal('kept');
      void one.open(1);
      await calm();
      expect([questions.length, one.provider.session?.handle]).to.deep.equal([0, handleOf(1)]);
    });
  });

  it('tells the windows who brought the person, who is apart, and how to follow', async () => {
    const [one, other] = [page({name: 'Omsorg', follow: () => true}), page({name, follow: () => true})];
    await one.open(0);
    await calm();
    const told = ({provider}: BridgedPage) =>
      provider.session?.bridges.map(({broughtBy, apart, follow}) => ({
        broughtBy,
        apart,
        follows: follow !== undefined,
      }));
    expect(told(one)).to.deep.equal([]);
    expect(told(other)).to.deep.equal([{broughtBy: 'Omsorg', apart: [], follows: false}]);
    other.objects = true;
    await one.open(1);
    await calm();
    expect(told(one)).to.deep.equal([{broughtBy: undefined, apart: [name], follows: false}]);
    expect(told(other)).to.deep.equal([{broughtBy: 'Omsorg', apart: [], follows: true}]);
    other.objects = false;
    other.provider.session?.bridges[0]?.follow?.();
    await calm();
    expect(markers(other)).to.include(personOf(1).marker);
    expect([told(one), told(other)]).to.deep.equal([
      [{broughtBy: undefined, apart: [], follows: false}],
      [{broughtBy: 'Omsorg', apart: [], follows: false}],
    ]);
    await other.open(2);
    await calm();
    expect([told(one), told(other)]).to.deep.equal([[{broughtBy: name, apart: [], follows: false}], []]);
  });

  it('can have the others come back to who stayed', async () => {
    const [one, other] = [page(), page()];
    await one.open(0);
    await calm();
    other.objects = true;
    await one.open(1);
    await calm();
    other.bridge.lead();
    await calm();
    expect(markers(one)).to.include(personOf(0).marker);
    expect([one.bridge.state, other.bridge.state]).to.deep.equal(['in-step', 'in-step']);
  });

  it('has who comes later join the person that is open', async () => {
    const one = page();
    await one.open(0);
    await calm();
    const late = page();
    await calm();
    expect(markers(late)).to.include(personOf(0).marker);
    const choosing = page();
    await choosing.open(2);
    await calm();
    for (const each of [one, late, choosing]) expect(markers(each)).to.include(personOf(2).marker);
  });

  it('has those who show nobody join the person of who comes later', async () => {
    const one = page();
    await calm();
    const other = page({});
    other.bridge.close();
    await other.open(0);
    const late = connectBridge(other.provider, line, {follow: () => true});
    await calm();
    expect(markers(one)).to.include(personOf(0).marker);
    expect([one.bridge.state, late.state]).to.deep.equal(['in-step', 'in-step']);
    late.close();
  });

  it('ignores what is stale, repeated, forged or of another version', async () => {
    const [one, other] = [page(), page()];
    await one.open(0);
    await calm();
    await one.open(1);
    await calm();
    const before = other.backend.asked.length;
    for (const message of [...line.said]) line.forge(message);
    const open = {bridge: 1, from: 'a'.repeat(8), kind: 'open', version: 9, by: 'a'.repeat(8), id: handleOf(3)};
    for (const change of [
      {bridge: 2},
      {version: -1},
      {version: 1.5},
      {version: Number.NaN},
      {version: 2 ** 53},
      {version: 1_000_000_000},
      {id: ''},
      {id: '641284-0001'},
      {id: 'x'.repeat(201)},
      {kind: 'navigate'},
      {by: undefined},
      {from: 7},
      {version: 1},
    ])
      line.forge({...open, ...change});
    for (const garbage of [null, 'open', 7, [], {}, {kind: 'open'}]) line.forge(garbage);
    await calm();
    expect(other.backend.asked.length).to.equal(before);
    expect(markers(other)).to.include(personOf(1).marker);
  });

  it('ends where a lie has left no later change to be said', async () => {
    const [one, other] = [page({}), page({})];
    await one.open(0);
    await calm();
    const from = 'a-program-that-lies';
    line.forge({bridge: 1, from, kind: 'close', version: greatestBridgeVersion, by: from});
    await calm();
    await one.open(1);
    await calm();
    expect([one.bridge.state, one.provider.session?.handle]).to.deep.equal(['closed', handleOf(1)]);
    expect([other.bridge.state, other.bridge.programs]).to.deep.equal(['alone', []]);
  });

  it('tells of a handle that is not this user’s, and shows nobody', async () => {
    const [one, other] = [page(), page()];
    other.backend.refused.add(handleOf(1));
    await one.open(0);
    await calm();
    await one.open(1);
    await calm();
    for (const {marker} of [personOf(0), personOf(1)]) expect(markers(other)).not.to.include(marker);
    expect(one.bridge.programs).to.deep.equal([{name: undefined, state: 'failed'}]);
  });

  it('shows nobody where the backend takes the handle for another’s', async () => {
    class Confused extends HandleBackend {
      override openContext(...[, options]: Parameters<HandleBackend['openContext']>) {
        return super.openContext({type: 'ref', value: handleOf(5)}, options);
      }
    }
    const [one, other] = [page(), page(undefined, new Confused())];
    await one.open(0);
    await calm();
    expect(other.provider.session).to.equal(undefined);
    expect(other.bridge.own).to.equal('failed');
    expect(markers(other)).not.to.include(personOf(5).marker);
  });

  it('says that a program does not answer, and when it does after all', async () => {
    const one = page();
    const from = 'silent-program';
    await one.open(0);
    await calm();
    line.forge({bridge: 1, from, kind: 'hello', name, follows: true});
    await calm();
    expect(one.bridge.state).to.equal('asking');
    clock.pass(10_000);
    expect(one.bridge.state).to.equal('apart');
    expect(one.bridge.programs).to.deep.equal([{name, state: 'silent'}]);
    const {version, by} = line.said.findLast((said) => (said as {kind: string}).kind === 'open') as {
      version: number;
      by: string;
    };
    line.forge({bridge: 1, from, kind: 'status', status: 'in-step', version, by, name, follows: true});
    await calm();
    expect(one.bridge.state).to.equal('in-step');
    line.forge({bridge: 1, from, kind: 'bye'});
    await calm();
    expect(one.bridge.state).to.equal('alone');
  });

  it('tells whom it can not share', async () => {
    const [one, other] = [page({name, follow: () => true}), page()];
    await one.open(0);
    await calm();
    one.backend.openContext = () => Promise.reject(new ProblemError(problemOf('unavailable', 'x')));
    await one.open(1);
    await calm();
    expect(one.bridge.own).to.equal('failed');
    expect(other.bridge.programs).to.deep.equal([{name, state: 'failed'}]);
    expect(markers(other)).to.include(personOf(0).marker);
  });

  it('ends with its provider, also in the middle of a switch, and closes nobody elsewhere', async () => {
    const [one, other] = [page(), page()];
    await one.open(0);
    await calm();
    other.backend.slow = true;
    await one.open(1);
    await calm();
    other.provider.remove();
    other.backend.letOpen();
    await calm();
    expect(other.bridge.state).to.equal('closed');
    expect([one.bridge.state, one.bridge.programs.length]).to.deep.equal(['alone', 0]);
    expect(markers(one)).to.include(personOf(1).marker);
    expect(other.provider.session).to.equal(undefined);
  });

  it('ends with another backend, a refused log-in, and a log-out elsewhere', async () => {
    const [one, two, three, four] = [page(), page(), page(), page()];
    await calm();
    two.provider.backend = new HandleBackend();
    three.backend.openContext = () => Promise.reject(new ProblemError(problemOf('unauthorized', 'x')));
    let loggedOut = false;
    three.provider.addEventListener('bsp-bridge-change', ({detail}) => (loggedOut = detail.loggedOut));
    await one.open(0);
    await calm();
    expect([one, two, three, four].map(({bridge}) => bridge.state)).to.deep.equal([
      'in-step',
      'closed',
      'closed',
      'in-step',
    ]);
    expect(loggedOut).to.equal(true);
    one.bridge.logout();
    await calm();
    expect(four.bridge.state).to.equal('closed');
  });

  it('ends with a provider that is taken away while its switch is being told', async () => {
    const [one, other] = [page(), page()];
    await one.open(0);
    await calm();
    one.provider.addEventListener('bsp-subject-commit', () => one.provider.remove(), {once: true});
    await one.provider.clearSubject();
    await calm();
    expect(one.bridge.state).to.equal('closed');
    stage.append(one.provider);
    await calm();
    expect([one.bridge.state, other.bridge.state, other.provider.session?.handle]).to.deep.equal([
      'closed',
      'alone',
      handleOf(0),
    ]);
  });

  it('lets a page that is put away go, and takes it back', async () => {
    const [one, other] = [page(), page()];
    await one.open(0);
    await calm();
    // Both stand in one window here: both leave, and come back empty.
    dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}));
    await calm();
    expect([one.bridge.state, one.provider.session]).to.deep.equal(['unreachable', undefined]);
    expect(line.links.size).to.equal(0);
    const saidBefore = line.said.length;
    dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}));
    await calm();
    // Nobody is open in either: who was before is nothing to tell of.
    expect([one, other].map(({provider, bridge}) => [provider.session, bridge.state])).to.deep.equal([
      [undefined, 'in-step'],
      [undefined, 'in-step'],
    ]);
    expect(JSON.stringify(line.said.slice(saidBefore))).not.to.include(handleOf(0));
    await other.open(1);
    await calm();
    expect(markers(one)).to.include(personOf(1).marker);
    expect(one.bridge.state).to.equal('in-step');
  });

  it('does not take what a page says after it came back for what it said before', async () => {
    // What was said before is still under way: a port holds it while its page is put away.
    const {port1, port2} = new MessageChannel();
    const ends = [port1, port2].map((port) => new BridgedPage(stage, throughPort(port)));
    pages.push(...ends);
    const [one, other] = ends as [BridgedPage, BridgedPage];
    await one.open(0);
    dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}));
    dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}));
    await one.open(1);
    await calm();
    await calm();
    expect([one.bridge.state, other.bridge.state]).to.deep.equal(['in-step', 'in-step']);
    expect(markers(one)).to.include(personOf(1).marker);
    expect(markers(other)).to.include(personOf(1).marker).and.not.to.include(personOf(0).marker);
    for (const port of [port1, port2]) port.close();
  });
});
