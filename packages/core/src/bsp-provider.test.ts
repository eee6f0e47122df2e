import {casesResource, journalResource, ProblemError, personResource, problemOf, type Subject} from '@bsp/contract';
import {expect} from '@open-wc/testing';
import {composedText, ProbeWindow} from '../../../tests/browser/fixtures/probe-window.js';
import {aCase, aPerson} from '../../../tests/browser/fixtures/records.js';
import {last, nextTask, ScriptedBackend, settled} from '../../../tests/browser/fixtures/scripted-backend.js';
import {BspProvider} from './bsp-provider.js';
import './define.js';
import {connectedProviders} from './contexts.js';
import {functionBackend} from './function-backend.js';
import type {SurveyParticipant} from './session.js';

// In place before a provider asks for it.
before(() => import('./provider-late.js'));

const ida: Subject = {type: 'cpr', value: '641284-0001'};
const bo: Subject = {type: 'cpr', value: '710190-0003'};

const page = document.createElement('div');

const provider = (backend?: ScriptedBackend): BspProvider => {
  const element = new BspProvider();
  if (backend) element.backend = backend;
  return element;
};

const probe = (...resources: ProbeWindow['resources']): ProbeWindow => {
  const element = new ProbeWindow();
  element.resources = resources.length > 0 ? resources : [casesResource];
  return element;
};

const shown = () => composedText(page);

/** What happens within one task: all microtasks, no timer, no frame. */
async function withinTheTask<T>(look: () => T): Promise<T> {
  for (let turn = 0; turn < 50; turn++) await null;
  return look();
}

/** A page with Ida open in two windows, rows and all. */
async function withIda() {
  const backend = new ScriptedBackend();
  const element = provider(backend);
  const windows = [probe(), probe(personResource)];
  element.append(...windows);
  page.append(element);
  const outcome = element.setSubject(ida);
  await settled();
  last(backend.opens).accept();
  await settled();
  last(backend.reads)
    .plan({cases: ['a'], person: ['cpr']})
    .frame('cases', 'a', [aCase('a', '1', 'Idas sag')])
    .frame('person', 'cpr', [aPerson('cpr', 'Ida Holm')])
    .end();
  expect((await outcome).outcome).to.equal('committed');
  await settled();
  expect(shown()).to.include('Idas sag').and.include('Ida Holm').and.include('641284-••••');
  return {backend, element, windows};
}

const gone = ['Ida', '641284'];
const isBlank = (): boolean => !gone.some((word) => shown().includes(word));

describe('bsp-provider', () => {
  beforeEach(() => document.body.append(page));
  afterEach(() => {
    page.remove();
    page.replaceChildren();
  });

  it('makes one context and one read for all windows', async () => {
    const backend = new ScriptedBackend();
    const element = provider(backend);
    element.append(probe(), probe(casesResource, journalResource), probe(personResource));
    page.append(element);
    void element.setSubject(ida);
    await settled();
    last(backend.opens).accept();
    await settled();
    expect(backend.opens.map(({subject}) => subject)).to.deep.equal([{type: 'cpr', value: '6412840001'}]);
    expect(backend.reads.map((read) => read.asked)).to.deep.equal([['cases', 'journal', 'person']]);
  });

  it('makes one read also where the backend answers at once', async () => {
    let calls = 0;
    const backend = functionBackend({cases: () => [], journal: () => [], person: () => []});
    const read = backend.read.bind(backend);
    backend.read = (...args) => {
      calls++;
      return read(...args);
    };
    const element = new BspProvider();
    element.backend = backend;
    element.append(probe(), probe(journalResource), probe(personResource));
    page.append(element);
    await element.setSubject(ida);
    await settled();
    expect(calls).to.equal(1);
  });

  it('blanks every window in the task of the commit', async () => {
    const {element} = await withIda();
    void element.setSubject(bo);
    expect(await withinTheTask(isBlank)).to.equal(true);
  });

  it('blanks every window in the task of clearSubject', async () => {
    const {element, windows} = await withIda();
    void element.clearSubject();
    expect(await withinTheTask(isBlank)).to.equal(true);
    expect(windows.map(({state}) => state)).to.deep.equal(['no-subject', 'no-subject']);
  });

  it('takes nothing that the old person still sends', async () => {
    const {backend, element, windows} = await withIda();
    windows[0]?.store.reload();
    await settled();
    const late = last(backend.reads);
    void element.setSubject(bo);
    await settled();
    expect(late.signal.aborted).to.equal(true);
    late
      .plan({cases: ['a']})
      .frame('cases', 'a', [aCase('a', '2', 'Idas anden sag')])
      .end();
    await settled();
    expect(isBlank()).to.equal(true);
    last(backend.opens).accept();
    await settled();
    last(backend.reads)
      .plan({cases: ['a'], person: ['cpr']})
      .frame('cases', 'a', [aCase('a', '3', 'Idas tredje sag')], {contextId: late.contextId})
      .frame('cases', 'a', [aCase('a', '9', 'Bos sag')])
      .end();
    await settled();
    expect(shown()).to.include('Bos sag');
    expect(isBlank()).to.equal(true);
  });

  it('lets the last call win, in whatever order the contexts come', async () => {
    const backend = new ScriptedBackend();
    const element = provider(backend);
    element.append(probe());
    page.append(element);
    const outcomes = [element.setSubject(ida), element.setSubject(bo), element.setSubject(ida), element.setSubject(bo)];
    await settled();
    for (const open of [...backend.opens].reverse()) open.accept();
    await settled();
    expect((await Promise.all(outcomes)).map(({outcome}) => outcome)).to.deep.equal([
      'superseded',
      'superseded',
      'superseded',
      'committed',
    ]);
    expect(element.session?.subject?.masked).to.equal('710190-••••');
    expect(backend.reads).to.have.length(1);
  });

  it('makes three contexts of A, B and A again, and closes each', async () => {
    const backend = new ScriptedBackend();
    const element = provider(backend);
    page.append(element);
    for (const subject of [ida, bo, ida]) {
      const outcome = element.setSubject(subject);
      await settled();
      last(backend.opens).accept();
      await outcome;
    }
    expect(backend.opens).to.have.length(3);
    expect(backend.closed).to.have.length(2);
    element.remove();
    expect(new Set(backend.closed).size).to.equal(3);
  });

  it('stays blank when the next person can not be opened, and says why', async () => {
    const {backend, element, windows} = await withIda();
    const events: string[] = [];
    page.addEventListener('bsp-error', (event) => events.push(event.detail.problem.code), {once: true});
    const outcome = element.setSubject(bo);
    await settled();
    last(backend.opens).fail(new ProblemError(problemOf('not-found', 'x')));
    expect(await outcome).to.deep.include({outcome: 'failed'});
    await settled();
    expect(events).to.deep.equal(['not-found']);
    expect(isBlank()).to.equal(true);
    expect(windows.map(({state}) => state)).to.deep.equal(['error', 'error']);
  });

  it('refuses a context about somebody else', async () => {
    for (const subject of [
      {masked: '641284-••••'},
      {masked: '641284 xxxx'},
      {masked: '641284'},
      {type: 'cvr'},
    ] as const) {
      const {backend, element} = await withIda();
      const outcome = element.setSubject(bo);
      await settled();
      last(backend.opens).accept({subject});
      expect((await outcome).problem?.code).to.equal('wrong-subject');
      expect(element.session?.subject).to.equal(undefined);
      expect(backend.reads).to.have.length(1);
      page.replaceChildren();
    }
  });

  for (const [what, subject] of [
    ['no date', {type: 'cpr', value: '310285-1234'}],
    ['letters', {type: 'cpr', value: 'not a number'}],
    ['nothing', {type: 'cpr', value: ''}],
    ['a number that is no text', {type: 'cpr', value: 6412840001}],
    ['no value', {type: 'cpr'}],
    ['an unknown kind', {type: 'dog', value: '1'}],
    ['a wrong check digit', {type: 'cvr', value: '12345678'}],
    ['nothing at all', undefined],
    ['null', null],
    ['a text', '641284-0001'],
  ] as const)
    it(`a subject with ${what} fails, blank, without asking the backend or repeating the value`, async () => {
      const {backend, element} = await withIda();
      const outcome = element.setSubject(subject as never);
      expect(await withinTheTask(isBlank)).to.equal(true);
      const {outcome: came, problem} = await outcome;
      expect([came, problem?.code]).to.deep.equal(['failed', 'invalid-subject']);
      expect(backend.opens).to.have.length(1);
      const value =
        typeof subject === 'object' && subject && 'value' in subject ? String(subject.value) : '641284-0001';
      if (value) expect(JSON.stringify(problem)).not.to.include(value);
    });

  it('hands purpose and reason on, and keeps the number nowhere', async () => {
    const backend = new ScriptedBackend();
    const element = provider(backend);
    page.append(element);
    void element.setSubject(ida, {purpose: 'p', reason: 'r'});
    await settled();
    expect(last(backend.opens).options).to.deep.equal({purpose: 'p', reason: 'r'});
    last(backend.opens).accept();
    await settled();
    expect(document.documentElement.outerHTML).not.to.match(/641284.?0001/);
  });

  it('takes null for no options, and no later change of those that it was given', async () => {
    const backend = new ScriptedBackend();
    const element = provider(backend);
    page.append(element);
    for (const options of [null, {breakGlass: false}]) {
      const outcome = element.setSubject(ida, options as never);
      await settled();
      last(backend.opens).accept();
      await outcome;
      if (options) options.breakGlass = true;
      expect(element.session?.glass).to.equal(undefined);
    }
  });

  it('shows a context that the host has opened, and no other', async () => {
    const backend = new ScriptedBackend();
    const element = provider(backend);
    page.append(element);
    const outcome = element.setContext('from-host');
    await settled();
    last(backend.opens).accept();
    expect((await outcome).outcome).to.equal('committed');
    expect(element.session?.contextId).to.equal('from-host');
    const other = element.setContext('second');
    await settled();
    last(backend.opens).accept({contextId: 'third'});
    expect((await other).problem?.code).to.equal('wrong-subject');
    const none = provider();
    none.backend = functionBackend({});
    page.append(none);
    expect((await none.setContext('x')).problem?.code).to.equal('not-applicable');
  });

  it('tells who is open without the number, whatever the backend calls masked', async () => {
    const backend = new ScriptedBackend();
    const element = provider(backend);
    page.append(element);
    const details: unknown[] = [];
    for (const type of ['bsp-subject-change', 'bsp-action-settled'] as const)
      element.addEventListener(type, ({detail}) => details.push(detail));
    const outcome = element.setSubject(ida);
    await settled();
    last(backend.opens).accept({subject: {masked: '641284-0001', label: 'Ida Holm, 6412840001'}});
    expect((await outcome).outcome).to.equal('committed');
    void element.session?.act('note.create', {});
    last(backend.acts).accept();
    await settled();
    expect(details).to.have.length(2);
    expect(JSON.stringify(details))
      .to.match(/641284-••••.*Ida Holm, 641284-••••/)
      .and.not.to.match(/641284-?0001/);
  });

  it('says by itself whose number was asked for, where the backend does not', async () => {
    const backend = new ScriptedBackend();
    const element = provider(backend);
    page.append(element);
    const outcome = element.setSubject(ida);
    await settled();
    last(backend.opens).accept({subject: {masked: undefined}});
    expect((await outcome).outcome).to.equal('committed');
    expect(element.session?.subject?.masked).to.equal('641284-••••');
  });

  it('tells who is open without the number, once for each switch', async () => {
    const {backend, element} = await withIda();
    const details: unknown[] = [];
    page.addEventListener('bsp-subject-change', ({detail}) => details.push(detail));
    void element.setSubject(ida);
    void element.setSubject(bo);
    await settled();
    last(backend.opens).accept({subject: {label: 'Bo Dahl'}});
    await settled();
    void element.clearSubject();
    await settled();
    expect(details).to.deep.equal([
      {
        contextId: last(backend.closed),
        subject: {type: 'cpr', masked: '710190-••••', label: 'Bo Dahl'},
      },
      {contextId: undefined, subject: undefined},
    ]);
  });

  describe('survey', () => {
    async function asked(answer: SurveyParticipant) {
      const made = await withIda();
      const {session} = made.element;
      if (!session) throw new Error('no session');
      const leave = session.survey(answer);
      return {...made, session, leave};
    }

    it('veils the person while it is open, and keeps them where the user stays', async () => {
      let answer!: (answer: 'agree' | 'stay') => void;
      const {backend, element} = await asked(
        () =>
          new Promise((resolve) => {
            answer = resolve;
          }),
      );
      const outcome = element.setSubject(bo);
      await withinTheTask(() => expect(shown()).to.include('veiled'));
      expect(backend.opens).to.have.length(1);
      answer('stay');
      expect((await outcome).outcome).to.equal('kept');
      await settled();
      expect(shown()).to.include('Idas sag').and.include('kept').and.not.include('veiled');
      const again = element.setSubject(bo);
      await settled();
      answer('agree');
      await settled();
      last(backend.opens).accept();
      expect((await again).outcome).to.equal('committed');
      await settled();
      expect(shown()).to.not.include('kept');
      expect(isBlank()).to.equal(true);
    });

    it('never shows the person again between "agree" and the commit', async () => {
      const {element, windows} = await asked(() => Promise.resolve('agree' as const));
      const seen: string[] = [];
      windows[0]?.controller.session?.subscribe(() =>
        seen.push(`${element.session?.veiled} ${element.session?.subject?.masked}`),
      );
      void element.setSubject(bo);
      await settled();
      expect(seen.filter((line) => line.startsWith('false 641284'))).to.deep.equal([]);
      expect(isBlank()).to.equal(true);
    });

    it('is overtaken by a later call, which asks again', async () => {
      const signals: AbortSignal[] = [];
      let agree!: () => void;
      const {backend, element} = await asked(
        (signal) =>
          new Promise((resolve) => {
            signals.push(signal);
            agree = () => resolve('agree');
          }),
      );
      const first = element.setSubject(bo);
      await settled();
      const second = element.clearSubject();
      await settled();
      expect(signals.map(({aborted}) => aborted)).to.deep.equal([true, false]);
      expect((await first).outcome).to.equal('superseded');
      expect(shown()).to.include('veiled');
      agree();
      expect((await second).outcome).to.equal('committed');
      expect(backend.opens).to.have.length(1);
      expect(element.session).to.equal(undefined);
    });

    for (const [what, participant] of [
      [
        'throws',
        () => {
          throw new Error('x');
        },
      ],
      ['rejects', () => Promise.reject(new Error('x'))],
    ] as const)
      it(`has no objection from a window that ${what}`, async () => {
        const {backend, element} = await asked(participant);
        const outcome = element.setSubject(bo);
        await settled();
        last(backend.opens).accept();
        expect((await outcome).outcome).to.equal('committed');
      });

    it('keeps the person where a window answers nonsense', async () => {
      const {element} = await asked((() => undefined) as never);
      expect((await element.setSubject(bo)).outcome).to.equal('kept');
    });

    it('does not wait for a window that goes away with its question', async () => {
      const {element, leave, session} = await asked(() => new Promise(() => undefined));
      const second: string[] = [];
      const leaveSecond = session.survey(() => {
        second.push('asked');
        return Promise.resolve('agree');
      });
      const outcome = element.clearSubject();
      await settled();
      leaveSecond();
      leave();
      expect((await outcome).outcome).to.equal('committed');
      expect(second).to.deep.equal([]);
    });

    it('is not held when the provider leaves the page', async () => {
      const {element} = await asked(() => new Promise(() => undefined));
      const outcome = element.setSubject(bo);
      await settled();
      element.remove();
      expect((await outcome).outcome).to.equal('superseded');
      expect(element.session).to.equal(undefined);
    });
  });

  describe('order', () => {
    it('a subject before the backend, before the page', async () => {
      const backend = new ScriptedBackend();
      const element = provider();
      const outcome = element.setSubject(ida);
      element.append(probe());
      await settled();
      page.append(element);
      await settled();
      element.backend = backend;
      await settled();
      last(backend.opens).accept();
      expect((await outcome).outcome).to.equal('committed');
      await settled();
      expect(backend.reads).to.have.length(1);
    });

    it('a backend and a subject in one breath, also in place of another backend', async () => {
      const {element} = await withIda();
      const other = new ScriptedBackend();
      element.backend = other;
      const outcome = element.setSubject(bo);
      await settled();
      last(other.opens).accept();
      expect((await outcome).outcome).to.equal('committed');
      expect(element.session?.subject?.masked).to.equal('710190-••••');
    });

    it('what the host set before the upgrade stands, over the attribute too', async () => {
      const backend = new ScriptedBackend();
      page.innerHTML = '<late-provider backend="/nowhere"></late-provider>';
      const element = page.firstElementChild as BspProvider;
      element.backend = backend;
      element.strings = {x: {title: 'Min'}};
      customElements.define('late-provider', class extends BspProvider {});
      const outcome = element.setSubject(ida);
      await settled();
      last(backend.opens).accept();
      expect((await outcome).outcome).to.equal('committed');
      expect(element.strings).to.deep.equal({x: {title: 'Min'}});
    });

    it('no backend is no crash: the windows wait', async () => {
      const element = provider();
      const window = probe();
      element.append(window);
      page.append(element);
      void element.setSubject(ida);
      await settled();
      expect(window.state).to.equal('loading');
      element.backend = '';
      await settled();
      expect(window.state).to.equal('loading');
    });

    for (const backend of [{}, 42, {openContext: () => undefined}])
      it(`a backend that is none (${JSON.stringify(backend)}) fails and does not throw`, async () => {
        const element = new BspProvider();
        element.backend = backend as never;
        element.append(probe());
        page.append(element);
        const {outcome} = await element.setSubject(ida);
        expect(outcome).to.equal('failed');
        element.remove();
      });
  });

  describe('ends the Session', () => {
    it('when it leaves the page, and comes back with nobody', async () => {
      const {backend, element, windows} = await withIda();
      const next = document.createElement('div');
      page.append(next);
      next.append(element);
      expect(await withinTheTask(isBlank)).to.equal(true);
      expect(element.session).to.equal(undefined);
      expect(backend.closed).to.have.length(1);
      expect(windows[0]?.state).to.equal('no-subject');
      void element.setSubject(bo);
      await settled();
      last(backend.opens).accept();
      await settled();
      expect(windows[0]?.state).to.equal('loading');
    });

    it('when the page is left', async () => {
      const {backend, element} = await withIda();
      const window = probe();
      element.append(window);
      window.store.reload();
      await settled();
      dispatchEvent(new PageTransitionEvent('pagehide'));
      expect(await withinTheTask(isBlank)).to.equal(true);
      expect(last(backend.reads).signal.aborted).to.equal(true);
      expect(element.session).to.equal(undefined);
    });

    it('when another backend is set, in the same task', async () => {
      const {element} = await withIda();
      element.backend = new ScriptedBackend();
      expect(await withinTheTask(isBlank)).to.equal(true);
      expect(element.session).to.equal(undefined);
    });

    it('when the backend is taken away', async () => {
      const {element} = await withIda();
      element.removeAttribute('backend');
      element.backend = undefined;
      expect(await withinTheTask(isBlank)).to.equal(true);
    });

    it('not when the same backend is set again', async () => {
      const {backend, element} = await withIda();
      element.backend = backend;
      await settled();
      expect(shown()).to.include('Idas sag');
    });
  });

  describe('says that the log-in is over', () => {
    const ends: Record<string, (element: BspProvider) => void> = {
      'after a log-out': (element) => element.logout(),
      'when the page is left': () => dispatchEvent(new PageTransitionEvent('pagehide')),
      'when another backend is set': (element) => {
        element.backend = new ScriptedBackend();
      },
      'when it is taken out of the page': (element) => element.remove(),
    };
    for (const [when, end] of Object.entries(ends))
      it(`${when}, to Sessions that ended before it too`, async () => {
        const {backend, element} = await withIda();
        const login = element.session?.login;
        await element.clearSubject();
        expect(login?.aborted).to.equal(false);
        end(element);
        expect(await withinTheTask(() => login?.aborted)).to.equal(true);
        if (!element.isConnected) page.append(element);
        element.backend = backend;
        void element.setSubject(bo);
        await settled();
        expect(element.session?.login.aborted).to.equal(false);
        expect(element.session?.login).not.to.equal(login);
      });

    it('not when somebody else is opened, or it is moved within the page', async () => {
      const {element} = await withIda();
      const login = element.session?.login;
      void element.setSubject(bo);
      await settled();
      expect(element.session?.login).to.equal(login);
      const next = document.createElement('div');
      page.append(next);
      next.append(element);
      await settled();
      expect(login?.aborted).to.equal(false);
    });
  });

  it('tells the outcome of a write with the name of its person, also after a switch', async () => {
    const {backend, element} = await withIda();
    const details: unknown[] = [];
    page.addEventListener('bsp-action-settled', ({detail}) => details.push(detail), {once: true});
    const write = element.session?.act('note.create', {}, {key: 'key-0001'});
    void element.setSubject(bo);
    await settled();
    last(backend.acts).accept();
    await write;
    expect(details).to.deep.equal([
      {
        type: 'note.create',
        key: 'key-0001',
        subject: {type: 'cpr', masked: '641284-••••'},
        name: 'Ida Holm',
        late: true,
      },
    ]);
  });

  it('blanks the others when one window fails to', async () => {
    const {reportError} = globalThis;
    globalThis.reportError = () => undefined;
    try {
      const {backend, element} = await withIda();
      const broken = probe();
      element.prepend(broken);
      await settled();
      broken.follow = () => {
        throw new Error('broken window');
      };
      const later = probe();
      element.append(later);
      void element.setSubject(bo);
      expect(await withinTheTask(isBlank)).to.equal(true);
      last(backend.reads).break();
      await settled();
      last(backend.opens).accept();
      await settled();
      expect(later.controller.session).to.equal(element.session);
      expect(last(backend.reads).asked).to.include('person');
    } finally {
      page.replaceChildren();
      globalThis.reportError = reportError;
    }
  });

  it('has one user session beside, made when asked for and ended with the page', async () => {
    const {backend, windows} = await withIda();
    const environment = () => windows[0]?.controller.environment;
    const user = environment()?.userSession();
    expect(environment()?.userSession()).to.equal(user);
    await settled();
    expect(last(backend.opens).subject).to.deep.equal({type: 'user'});
    last(backend.opens).accept();
    await settled();
    expect(user?.state).to.equal('open');
    const before = environment();
    dispatchEvent(new PageTransitionEvent('pagehide'));
    await settled();
    expect(user?.state).to.equal('closed');
    expect(environment()).not.to.equal(before);
    expect(environment()?.userSession()).not.to.equal(user);
  });

  it('gives the Session its user; a backend whose user is garbage gives none', async () => {
    const {backend, element} = await withIda();
    await settled(10);
    expect(element.session?.me?.user.name).to.equal('Mette Dam');
    expect(backend.meCalls).to.equal(1);
    for (const me of [
      () => Promise.resolve(null),
      () => {
        throw new Error('x');
      },
      () => Promise.reject(new Error('x')),
    ]) {
      const odd = new ScriptedBackend();
      odd.me = me as never;
      element.backend = odd;
      const outcome = element.setSubject(bo);
      await settled();
      last(odd.opens).accept();
      expect((await outcome).outcome).to.equal('committed');
      await settled(10);
      expect(element.session?.me).to.equal(undefined);
    }
  });

  it('is known to the page while it is connected', async () => {
    const element = provider();
    expect(connectedProviders().has(element)).to.equal(false);
    page.append(element);
    expect(connectedProviders().has(element)).to.equal(true);
    element.remove();
    expect(connectedProviders().has(element)).to.equal(false);
    await nextTask();
  });
});
