import {casesResource, type Frame, journalResource, ProblemError, problemOf} from '@bsp/contract';
import {expect} from '@open-wc/testing';
import {aCase, cases} from '../../../tests/browser/fixtures/records.js';
import {type BackendFunctions, type FunctionBackendOptions, functionBackend} from './function-backend.js';
import type {ResourceStore} from './session.js';
import {SubjectSession} from './subject-session.js';
import {windowState} from './window-state.js';

const {signal} = new AbortController();

/** A Session on these functions; resolves when all has answered. */
async function read(functions: BackendFunctions, options: FunctionBackendOptions = {}) {
  const session = new SubjectSession();
  const stores: ResourceStore<unknown>[] = [casesResource, journalResource].map((resource) =>
    session.resource<unknown>(resource),
  );
  const backend = functionBackend(functions, options);
  const answered = Promise.all(
    stores.map(
      (store) =>
        new Promise<void>((resolve) => {
          store.subscribe(() => {
            if (!store.view.busy) resolve();
          });
        }),
    ),
  );
  await session.open(
    backend,
    () => backend.openContext({type: 'cpr', value: '6412840001'}, {signal}),
    () => true,
  );
  await answered;
  const [first, second] = stores.map((store) => ({
    ...store.view,
    state: windowState({session, views: [store.view], online: true}),
  }));
  if (!first || !second) throw new Error('no stores');
  return {session, backend, cases: first, journal: second};
}

describe('functionBackend', () => {
  it('gives what a function gives; what is missing is unsupported', async () => {
    const seen: unknown[] = [];
    const {
      session,
      cases: shown,
      journal,
    } = await read({
      cases: (subject) => {
        seen.push(subject);
        return Promise.resolve([aCase('host', '1'), {...aCase('host', '2'), ref: undefined, id: 2}]);
      },
    });
    expect(seen).to.deep.equal([{type: 'cpr', value: '6412840001'}]);
    expect(shown.items.map((item) => (item as {ref: unknown}).ref)).to.deep.equal([
      {source: 'host', id: '1'},
      {source: 'host', id: '2'},
    ]);
    expect([shown.state, journal.state]).to.deep.equal(['ready', 'unsupported']);
    expect(session.subject?.masked).to.equal('641284-••••');
  });

  it('gives 1,200 records, all of them', async () => {
    const {cases: shown, backend} = await read({cases: () => cases('host', 0, 1_200)});
    expect(shown.items).to.have.length(1_200);
    const {contextId} = await backend.openContext({type: 'self'}, {signal});
    const frames: Frame[] = [];
    for await (const message of backend.read(contextId, [{resource: 'cases'}], {signal}))
      if (message.kind === 'frame') frames.push(message);
    expect(frames.map(({mode, items}) => [mode, items.length])).to.deep.equal([
      ['replace', 500],
      ['append', 500],
      ['append', 200],
    ]);
  });

  for (const [what, given, state] of [
    ['nothing', undefined, 'error'],
    ['null', null, 'empty'],
    ['an empty list', [], 'empty'],
    ['one record', aCase('host', '1'), 'ready'],
    ['garbage', 'sager', 'partial'],
    ['a list of garbage', [null, 1, 'x', {id: {}}], 'partial'],
  ] as const)
    it(`reads ${what} as ${state}`, async () => expect((await read({cases: () => given})).cases.state).to.equal(state));

  it('outlives records that refer to themselves', async () => {
    const odd: Record<string, unknown> = {...aCase('host', '1'), count: 5n};
    odd.self = odd;
    expect((await read({cases: () => [odd]})).cases.state).to.equal('ready');
  });

  for (const [what, thrown, status] of [
    ['an error', new Error('Ida Holm'), 'unavailable'],
    ['nothing', undefined, 'unavailable'],
    ['forbidden', new ProblemError(problemOf('forbidden', 'x')), 'forbidden'],
    ['needs-purpose', new ProblemError(problemOf('needs-purpose', 'x')), 'needs-purpose'],
    ['wrong-subject', new ProblemError(problemOf('wrong-subject', 'x')), 'invalid'],
  ] as const)
    it(`a function that throws ${what} is ${status}, and the others stand`, async () => {
      for (const failing of [
        () => {
          throw thrown as Error;
        },
        () => Promise.reject(thrown as Error),
      ]) {
        const {cases: shown, journal} = await read({cases: failing, journal: () => []});
        expect(shown.sources.map((one) => one.status)).to.deep.equal([status]);
        expect(JSON.stringify(shown)).not.to.include('Ida');
        expect(journal.state).to.equal('empty');
      }
    });

  it('a function that does not answer times out and is told to stop', async () => {
    let stopped = false;
    const {cases: shown, journal} = await read(
      {
        cases: (_, options) =>
          new Promise(() => {
            options.signal.addEventListener('abort', () => {
              stopped = true;
            });
          }),
        journal: () => [],
      },
      {deadlineMs: 30},
    );
    expect(shown.sources.map(({status}) => status)).to.deep.equal(['timeout']);
    expect([shown.state, journal.state, stopped]).to.deep.equal(['error', 'empty', true]);
  });

  it('shows a fast function while a slow one works', async () => {
    let finish!: () => void;
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const backend = functionBackend({cases: async () => slow, journal: () => []});
    const {contextId} = await backend.openContext({type: 'self'}, {signal});
    const stream = backend
      .read(contextId, [{resource: 'cases'}, {resource: 'journal'}], {signal})
      [Symbol.asyncIterator]();
    expect((await stream.next()).value).to.include({kind: 'plan'});
    expect((await stream.next()).value).to.include({kind: 'frame', resource: 'journal'});
    finish();
    expect((await stream.next()).value).to.include({kind: 'frame', resource: 'cases'});
    expect((await stream.next()).value).to.include({kind: 'end'});
  });

  it('acts with the subject, the payload and the key, and says what it can', async () => {
    const done: unknown[] = [];
    const backend = functionBackend(
      {cases: () => []},
      {
        actions: {
          'note.create': (subject, payload, {key}) => {
            done.push(subject, payload, key);
            return {ref: 1};
          },
        },
        user: {id: 'u', name: 'Mette Dam'},
      },
    );
    const me = await backend.me({signal});
    expect([me.user.name, me.capabilities]).to.deep.equal(['Mette Dam', ['read:cases', 'act:note.create']]);
    const {contextId} = await backend.openContext({type: 'self'}, {signal});
    const result = await backend.act(contextId, {type: 'note.create', key: 'key-0001', payload: {a: 1}}, {signal});
    expect(done).to.deep.equal([{type: 'self'}, {a: 1}, 'key-0001']);
    expect(result).to.deep.include({key: 'key-0001', type: 'note.create', result: {ref: 1}});
    const codeOf = (promise: Promise<unknown>) =>
      promise.then(
        () => 'none',
        (thrown: unknown) => (thrown as ProblemError).problem.code,
      );
    const action = {type: 'reveal', key: 'key-0001', payload: {}};
    expect(await codeOf(backend.act(contextId, action, {signal}))).to.equal('not-applicable');
    expect(await codeOf(backend.content(contextId, {source: 'a', id: '1'}, {signal}))).to.equal('not-applicable');
    await backend.closeContext(contextId);
    expect(await codeOf(backend.act(contextId, action, {signal}))).to.equal('context-closed');
  });

  it('has no resource that nobody handed in, not even one of every object', async () => {
    const backend = functionBackend({});
    const {contextId} = await backend.openContext({type: 'self'}, {signal});
    for await (const message of backend.read(contextId, [{resource: 'toString'}], {signal}))
      if (message.kind === 'plan')
        expect(Object.values(message.resources).map(({sources}) => sources)).to.deep.equal([[]]);
  });
});
