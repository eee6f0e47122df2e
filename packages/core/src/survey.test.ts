import {casesResource, type Subject} from '@bsp/contract';
import {expect} from '@open-wc/testing';
import fc from 'fast-check';
import {composedText, ProbeWindow} from '../../../tests/browser/fixtures/probe-window.js';
import {aCase} from '../../../tests/browser/fixtures/records.js';
import {last, nextTask, ScriptedBackend, settled} from '../../../tests/browser/fixtures/scripted-backend.js';
import {BspProvider, type SubjectSurveyDetail} from './bsp-provider.js';
import './define.js';
import type {SurveyAnswer} from './session.js';

before(() => import('./provider-late.js'));

const ida: Subject = {type: 'cpr', value: '641284-0001'};
const bo: Subject = {type: 'cpr', value: '710190-0003'};
const page = document.createElement('div');

/** All microtasks of this task, no timer and no frame. */
async function endOfTask(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await null;
}

const opened = async (backend: ScriptedBackend, label: string): Promise<void> => {
  await settled();
  last(backend.opens).accept({subject: {label}});
  await settled();
  last(backend.reads)
    .plan({cases: ['a']})
    .frame('cases', 'a', [aCase('a', '1', `Sag om ${label}`)])
    .end();
  await settled();
};

/** Ida is open in two windows. */
async function withIda() {
  const backend = new ScriptedBackend();
  const element = new BspProvider();
  element.backend = backend;
  const windows = [new ProbeWindow(), new ProbeWindow()] as const;
  for (const window of windows) window.resources = [casesResource];
  element.append(...windows);
  page.append(element);
  void element.setSubject(ida);
  await opened(backend, 'Ida Holm');
  const {session} = element;
  if (!session) throw new Error('no session');
  expect(composedText(page)).to.include('Sag om Ida Holm');
  return {backend, element, session, windows};
}

describe('the survey before a switch', () => {
  beforeEach(() => document.body.append(page));
  afterEach(() => {
    page.remove();
    page.replaceChildren();
  });

  describe('of programs', () => {
    async function asking(answer: (detail: SubjectSurveyDetail, event: Event) => void) {
      const made = await withIda();
      const events: string[] = [];
      for (const type of ['bsp-subject-commit', 'bsp-subject-cutoff', 'bsp-subject-change'] as const)
        made.element.addEventListener(type, ({detail}) => events.push(`${type} ${JSON.stringify(detail)}`));
      made.element.addEventListener('bsp-subject-survey', (event) => answer(event.detail, event));
      return {...made, events};
    }

    it('commits in the same task where nobody objects, and says so in that task', async () => {
      const {element, session, events} = await asking(({waitUntil}) => waitUntil('agree'));
      void element.setSubject(bo);
      expect(session.state).to.equal('closed');
      expect(element.session?.state).to.equal('opening');
      expect(events).to.deep.equal([`bsp-subject-commit {"sessionId":"${element.session?.id}"}`]);
      await endOfTask();
      expect(composedText(page)).to.not.include('Ida');
    });

    it('tells who comes, masked, and never a number', async () => {
      const told: unknown[] = [];
      const {backend, element} = await asking(({to}) => told.push(to));
      void element.setSubject(bo);
      await opened(backend, 'Bo Dahl');
      void element.setSubject({type: 'ref', value: 'abc'});
      await opened(backend, 'Ane Lund');
      await element.clearSubject();
      expect(told).to.deep.equal([{type: 'cpr', masked: '710190-••••'}, {type: 'ref'}, undefined]);
    });

    it('keeps the person where one prevents it', async () => {
      const {element, session} = await asking((_, event) => event.preventDefault());
      expect((await element.setSubject(bo)).outcome).to.equal('kept');
      expect(element.session).to.equal(session);
      expect([session.kept, session.veiled, session.objections]).to.deep.equal([true, false, [{}]]);
    });

    it('keeps the person where one objects, with its reason', async () => {
      const {element, session} = await asking(({waitUntil}) => waitUntil({stay: ' Ikke gemt '}, 'Lægesystemet'));
      expect((await element.setSubject(bo)).outcome).to.equal('kept');
      expect(session.objections).to.deep.equal([{program: 'Lægesystemet', reason: 'Ikke gemt'}]);
    });

    it('waits for one that saves first', async () => {
      let saved!: () => void;
      const {element, session} = await asking(({waitUntil}) =>
        waitUntil(
          new Promise<void>((resolve) => {
            saved = resolve;
          }),
        ),
      );
      void element.setSubject(bo);
      await settled();
      expect([element.session === session, session.veiled]).to.deep.equal([true, true]);
      saved();
      await endOfTask();
      expect(session.state).to.equal('closed');
    });

    it('is not seen where all agree at once, if only by promise', async () => {
      const {element, session} = await asking(({waitUntil}) => waitUntil(Promise.resolve('agree')));
      const veils: boolean[] = [];
      session.subscribe(() => veils.push(session.veiled));
      void element.setSubject(bo);
      await endOfTask();
      expect([session.state, element.session?.state]).to.deep.equal(['closed', 'opening']);
      await settled();
      expect([veils.includes(true), element.session?.veiled]).to.deep.equal([false, false]);
      expect(composedText(page)).to.not.include('Ida');
    });

    it('does not take a failure for an objection', async () => {
      const {element, session} = await asking(({waitUntil}) => waitUntil(Promise.reject(new Error('x'))));
      void element.setSubject(bo);
      await settled();
      expect(session.state).to.equal('closed');
    });

    it('leaves behind who does not answer, and says so', async () => {
      const {element, session, events} = await asking(({waitUntil}) =>
        waitUntil(new Promise(() => undefined), 'Lægesystemet'),
      );
      element.surveyTimeout = 0;
      const committed = new Promise((resolve) => element.addEventListener('bsp-subject-cutoff', resolve));
      void element.setSubject(bo);
      await committed;
      expect(element.session?.cutOff).to.deep.equal(['Lægesystemet']);
      expect(events.at(-1)).to.equal('bsp-subject-cutoff {"program":"Lægesystemet"}');
      const refused = await session
        .act('note.create', {})
        .catch((thrown: {problem?: {code: string}}) => thrown.problem);
      expect(refused).to.have.property('code', 'context-closed');
    });

    it('is waited for without end where the host says so', async () => {
      const {element, session, events} = await asking(({waitUntil}) => waitUntil(new Promise(() => undefined), 'x'));
      element.surveyTimeout = Infinity;
      void element.setSubject(bo);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect([session.state, events.includes('bsp-subject-cutoff {"program":"x"}')]).to.deep.equal(['open', false]);
    });

    it('is overtaken by a later call, and what comes after counts for nothing', async () => {
      const answers: ((answer: {stay: string}) => void)[] = [];
      const signals: AbortSignal[] = [];
      const {element} = await asking(({waitUntil, signal}) => {
        signals.push(signal);
        if (answers.length === 0) waitUntil(new Promise((resolve) => answers.push(resolve)));
      });
      const first = element.setSubject(bo);
      await settled();
      const second = element.clearSubject();
      expect(element.session).to.equal(undefined);
      answers[0]?.({stay: 'for sent'});
      expect((await first).outcome).to.equal('superseded');
      expect((await second).outcome).to.equal('committed');
      expect(signals.map(({aborted}) => aborted)).to.deep.equal([true, false]);
    });

    it('lets a listener call for another, or take the provider away', async () => {
      let once = false;
      const {element} = await asking(() => {
        if (once) return;
        once = true;
        void element.clearSubject();
        element.remove();
      });
      expect((await element.setSubject(bo)).outcome).to.equal('superseded');
      expect(element.session).to.equal(undefined);
    });
  });

  describe('pins a window', () => {
    async function pinned() {
      const made = await withIda();
      const [window] = made.windows;
      made.session.survey(() => Promise.resolve({pin: () => window.controller.pin()}));
      void made.element.setSubject(bo);
      await endOfTask();
      expect(composedText(made.windows[1])).to.not.include('Ida');
      expect(composedText(window)).to.include('Sag om Ida Holm').and.not.include('veiled');
      await opened(made.backend, 'Bo Dahl');
      return made;
    }

    it('which keeps its person, reads and writes on, while the others switch', async () => {
      const {backend, session, windows} = await pinned();
      expect(composedText(windows[0])).to.include('Ida Holm').and.not.include('Bo Dahl');
      expect(composedText(windows[1])).to.include('Bo Dahl').and.not.include('Ida Holm');
      expect(backend.closed).to.deep.equal([]);
      windows[0].store.reload();
      await settled();
      expect(last(backend.reads).contextId).to.equal(session.contextId);
      void session.act('note.create', {});
      expect(last(backend.acts).contextId).to.equal(session.contextId);
    });

    it('which follows again, in one task', async () => {
      const {backend, session, windows} = await pinned();
      windows[0].controller.rejoin();
      expect(session.state).to.equal('closed');
      await endOfTask();
      expect(composedText(page)).to.include('Bo Dahl').and.not.include('Ida');
      expect(backend.closed).to.deep.equal([session.contextId]);
    });

    it('and another: the last that lets go ends the Session', async () => {
      const {element, session, windows} = await pinned();
      const again = session.hold();
      windows[0].controller.rejoin();
      expect(session.state).to.equal('open');
      again();
      expect(session.state).to.equal('closed');
      expect(element.session?.state).to.equal('open');
    });

    const endings: Record<string, (made: Awaited<ReturnType<typeof pinned>>) => void> = {
      'the provider leaves': ({element}) => element.remove(),
      'the window leaves': ({windows}) => windows[0].remove(),
      'the page is left': () => dispatchEvent(new PageTransitionEvent('pagehide')),
      'another backend comes': ({element}) => {
        element.backend = new ScriptedBackend();
      },
    };
    for (const [what, end] of Object.entries(endings))
      it(`until ${what}`, async () => {
        const made = await pinned();
        end(made);
        expect(made.session.state).to.equal('closed');
        expect(made.windows[0].controller.pinned).to.equal(false);
        await endOfTask();
        expect(composedText(made.windows[0])).to.not.include('Ida');
        expect(made.backend.closed).to.include(made.session.contextId);
      });

    it('only if the switch goes through', async () => {
      const {element, session, windows} = await withIda();
      session.survey(() => Promise.resolve({pin: () => windows[0].controller.pin()}));
      session.survey(() => Promise.resolve({stay: 'Nej'}));
      expect((await element.setSubject(bo)).outcome).to.equal('kept');
      expect(windows[0].controller.pinned).to.equal(false);
      expect(session.objections).to.deep.equal([{reason: 'Nej'}]);
    });
  });

  it('shows in each window its own person alone, whatever is answered in whatever order', async () => {
    const steps = fc.array(
      fc.record({
        what: fc.constantFrom(
          'switch',
          'switch',
          'clear',
          'object',
          'object',
          'answer',
          'answer',
          'program',
          'rejoin',
          'open',
          'open',
          'move',
        ),
        which: fc.nat(5),
        how: fc.nat(30),
        pause: fc.boolean(),
      }),
      {maxLength: 40},
    );
    await fc.assert(
      fc.asyncProperty(steps, async (events) => {
        const backend = new ScriptedBackend();
        const element = new BspProvider();
        element.backend = backend;
        element.surveyTimeout = 0;
        const windows = [0, 1, 2].map(() => Object.assign(new ProbeWindow(), {resources: [casesResource]}));
        element.append(...windows);
        page.append(element);
        const name = (person: number): string => `Person${person}x`;
        let persons = 0;
        let wanted: number | undefined;
        let current: number | undefined;
        let program: string | undefined;
        const pinnedTo = new Map<ProbeWindow, number | undefined>();
        const questions: ((answer: number) => void)[] = [];
        const outcomes: Promise<{outcome: string}>[] = [];
        const labels = new Map<unknown, string>();
        element.addEventListener('bsp-subject-commit', () => {
          current = wanted;
        });
        element.addEventListener('bsp-subject-survey', ({detail}) => {
          if (program === 'stay') detail.waitUntil({stay: 'Nej'});
          if (program === 'never') detail.waitUntil(new Promise<undefined>(() => undefined));
          if (program === 'later')
            detail.waitUntil(
              new Promise((resolve) => questions.push((how) => resolve(how % 3 ? 'agree' : {stay: 'Nej'}))),
            );
        });
        const look = (): void => {
          for (const window of windows) {
            const allowed = pinnedTo.has(window) ? pinnedTo.get(window) : current;
            const seen = composedText(window).match(/Person\d+x/g) ?? [];
            for (const one of seen) expect(one).to.equal(allowed === undefined ? 'nobody' : name(allowed));
          }
        };
        const open = (): void => {
          for (const pending of backend.opens.filter(({settled: done}) => !done)) {
            const value = pending.subject && 'value' in pending.subject ? pending.subject.value : '';
            pending.accept({subject: {label: labels.get(value) ?? ''}});
          }
        };
        const does: Record<string, (which: number, how: number) => void> = {
          switch: () => {
            wanted = persons++;
            const value = `${61 + (wanted % 28)}0${1 + Math.floor(wanted / 28)}50-0001`;
            labels.set(value.replace('-', ''), name(wanted));
            outcomes.push(element.setSubject({type: 'cpr', value}));
          },
          clear: () => {
            wanted = undefined;
            outcomes.push(element.clearSubject());
          },
          object: (which) => {
            const window = windows[which % 3];
            const {session} = element;
            const person = current;
            if (!window || !session) return;
            session.survey(
              () =>
                new Promise<SurveyAnswer>((resolve, reject) => {
                  const pin = (): void => {
                    if (window.controller.session !== session) return;
                    window.controller.pin();
                    pinnedTo.set(window, person);
                  };
                  questions.push((how) => {
                    if (how % 5 === 4) reject(new Error('x'));
                    else resolve((['agree', 'stay', {stay: 'Nej'}, {pin}] as const)[how % 4] ?? 'agree');
                  });
                }),
            );
          },
          answer: (which, how) => questions.splice(which % Math.max(1, questions.length), 1)[0]?.(how),
          program: (_, how) => {
            program = [undefined, 'stay', 'never', 'later'][how % 4];
          },
          rejoin: (which) => {
            const window = windows[which % 3];
            if (!window) return;
            pinnedTo.delete(window);
            window.controller.rejoin();
          },
          open,
          move: (which) => {
            const window = windows[which % 3];
            if (!window) return;
            element.append(window);
            pinnedTo.delete(window);
          },
        };
        for (const {what, which, how, pause} of events) {
          does[what]?.(which, how);
          await endOfTask();
          look();
          if (pause) await nextTask();
          if (pause) look();
        }
        // Everything comes to an end: nobody is left asking, and no context is left open but those that are shown.
        program = undefined;
        for (let round = 0; round < 6; round++) {
          for (const question of questions.splice(0)) question(0);
          open();
          await settled();
          look();
        }
        const shown = new Set([element.session, ...windows.map(({controller}) => controller.session)]);
        const ids = new Set([...shown].flatMap((session) => session?.contextId ?? []));
        expect(backend.opens.length - backend.closed.length).to.equal(ids.size);
        element.remove();
        await endOfTask();
        expect((await Promise.all(outcomes)).every(({outcome}) => outcome !== 'failed')).to.equal(true);
        expect(backend.closed).to.have.length(backend.opens.length);
        expect(composedText(page)).to.not.match(/Person\d+x/);
      }),
      {numRuns: 60},
    );
  });
});
