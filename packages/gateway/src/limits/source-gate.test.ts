import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {problemOf} from '@bsp/contract';
import {SourceProblem} from '@bsp/sources';
import fc from 'fast-check';
import {Patience} from '../patience.js';
import {Breaker} from './breaker.js';
import {QueueFull, Slots} from './slots.js';
import {SourceGate, SourceNotAsked} from './source-gate.js';

const never = new AbortController().signal;

describe('slots', () => {
  it('let in as many as may, let wait as many as may, and take turns, whoever leaves in between', async () => {
    const step = fc.oneof(
      fc.constant({kind: 'take' as const}),
      fc.record({kind: fc.constantFrom('give' as const, 'abort' as const), which: fc.nat(20)}),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.integer({min: 1, max: 3}),
        fc.integer({min: 0, max: 3}),
        fc.array(step, {maxLength: 60}),
        async (concurrency, queue, script) => {
          const slots = new Slots({concurrency, queue});
          type One = {readonly id: number; readonly controller: AbortController; release?: () => void};
          const inside: One[] = [];
          const waiting: One[] = [];
          const came: number[] = [];
          let id = 0;
          for (const one of script) {
            if (one.kind === 'take') {
              const next: One = {id: id++, controller: new AbortController()};
              const full = inside.length === concurrency && waiting.length === queue;
              const asked = slots.take(next.controller.signal);
              if (full) {
                await assert.rejects(asked, QueueFull);
                continue;
              }
              (inside.length < concurrency ? inside : waiting).push(next);
              asked.then(
                (release) => {
                  next.release = release;
                  came.push(next.id);
                },
                () => undefined,
              );
            } else if (one.kind === 'give' && inside.length > 0) {
              const [gone] = inside.splice(one.which % inside.length, 1);
              gone!.release!();
              // Given twice is given once.
              gone!.release!();
              const [turn] = waiting.splice(0, 1);
              if (turn) inside.push(turn);
            } else if (one.kind === 'abort' && waiting.length > 0)
              waiting.splice(one.which % waiting.length, 1)[0]!.controller.abort();
            await new Promise<void>((resolve) => setImmediate(resolve));
            assert(inside.every(({release}) => release));
            assert(waiting.every(({release}) => !release));
          }
          assert.deepEqual(
            came,
            [...came].sort((left, right) => left - right),
          );
        },
      ),
      {numRuns: 100},
    );
  });
});

describe('slots that users wait for', () => {
  it('are given to one after the other, however many turns each waits for', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(3), {maxLength: 40}), async (users) => {
        const slots = new Slots({concurrency: 1, queue: users.length});
        const release = await slots.take(never, 'first');
        const came: number[] = [];
        const turns = users.map(async (user) => {
          const done = await slots.take(new AbortController().signal, user);
          came.push(user);
          done();
        });
        release();
        await Promise.all(turns);
        // One round after the other, each user once, in the order in which they came to wait.
        const round = (index: number) => users.slice(0, index).filter((user) => user === users[index]).length;
        const first = (index: number) => users.indexOf(users[index]!);
        const expected = [...users.keys()].sort((a, b) => round(a) - round(b) || first(a) - first(b));
        assert.deepEqual(
          came,
          expected.map((index) => users[index]),
        );
        assert.equal(slots.waiting, 0);
      }),
    );
  });

  it('let a user who comes late wait for one turn of a user who waits for many', async () => {
    const slots = new Slots({concurrency: 1, queue: 200});
    let release = await slots.take(never, 'many');
    const came: string[] = [];
    const wait = (user: string) =>
      slots.take(new AbortController().signal, user).then((next) => {
        came.push(user);
        release = next;
      });
    for (let turn = 0; turn < 100; turn++) void wait('many');
    release();
    await new Promise<void>((resolve) => setImmediate(resolve));
    void wait('late');
    for (let turn = 0; turn < 2; turn++) {
      release();
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    assert.deepEqual(came, ['many', 'many', 'late']);
  });
});

describe('the way to a source', () => {
  const gateOf = (failures: number) => {
    const breaker = new Breaker({failures, pauseSeconds: 60}, () => undefined);
    return {breaker, gate: new SourceGate(new Slots({concurrency: 1, queue: 2}), breaker)};
  };
  const throwing = (error: Error) => () => Promise.reject(error);

  it('is closed by a source that does not answer, never by what one says', async () => {
    const {breaker, gate} = gateOf(2);
    const said = [
      new SourceProblem('forbidden', problemOf('forbidden', 'Nej')),
      new SourceProblem('invalid', problemOf('protocol', 'Vrøvl')),
      new SourceProblem('invalid', problemOf('wrong-subject', 'En anden')),
    ];
    for (const error of [...said, ...said]) await assert.rejects(gate.ask(throwing(error), never), error);
    assert.equal(await gate.ask(() => Promise.resolve(undefined), never), undefined);
    assert.equal(breaker.state, 'closed');
    const away = [
      new SourceProblem('unavailable', problemOf('unavailable', 'Nede')),
      // A connector's own copy of the class, and its own mistakes.
      Object.assign(new Error('timeout'), {name: 'SourceProblem', status: 'timeout'}),
    ];
    for (let time = 0; time < 4; time++)
      for (const error of away) await gate.ask(throwing(error), never).catch(() => 0);
    assert.equal(breaker.state, 'open');
    let asked = false;
    await assert.rejects(
      gate.ask(() => {
        asked = true;
        return Promise.resolve();
      }, never),
      (thrown) =>
        thrown instanceof SourceNotAsked && thrown.problem.code === 'unavailable' && !!thrown.problem.retryAfter,
    );
    assert(!asked);
  });

  it('tells a deadline from somebody who went away', async () => {
    const {breaker, gate} = gateOf(1);
    const gone = new AbortController();
    const waiting = gate.ask(() => new Promise(() => undefined), gone.signal);
    gone.abort();
    await assert.rejects(waiting);
    assert.equal(breaker.state, 'closed');
    await assert.rejects(gate.ask(() => new Promise(() => undefined), AbortSignal.timeout(1)));
    assert.equal(breaker.state, 'open');
  });

  it('tells those who wait at once when it closes, and those who are too many', async () => {
    const {gate} = gateOf(1);
    const first = await gate.enter(never);
    const waiting = [gate.enter(never), gate.enter(never)].map((one) => one.catch((thrown: unknown) => thrown));
    await assert.rejects(gate.enter(never), SourceNotAsked);
    first.leave('failed');
    for (const one of waiting) assert(((await one) as object) instanceof SourceNotAsked);
  });

  it('gives a turn to the next that comes in the moment in which nobody waits any more', async () => {
    const {gate} = gateOf(1);
    const first = await gate.enter(never);
    const patience = new Patience(60_000);
    const gone = gate.enterWithin(patience);
    first.leave('answered');
    patience.end(new Error('gone'));
    await assert.rejects(gone, {message: 'gone'});
    const next = new Patience(1_000);
    (await gate.enterWithin(next)).leave('answered');
    next.end(new Error('over'));
  });
});
