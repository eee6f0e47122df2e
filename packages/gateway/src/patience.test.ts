import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {setImmediate as nextTask} from 'node:timers/promises';
import {DeadlinePassed, Patience, Patiences} from './patience.js';

const never = () => new Promise<never>(() => undefined);

describe('patience', () => {
  it('gives what the work gives, or does', async () => {
    const patience = new Patience(1_000);
    assert.equal(await patience.wait(() => Promise.resolve(1)), 1);
    await assert.rejects(
      patience.wait(() => Promise.reject(new Error('no'))),
      {message: 'no'},
    );
    await assert.rejects(
      patience.wait(() => {
        throw new Error('at once');
      }),
      {message: 'at once'},
    );
    patience.end('over');
  });

  it('counts only the time in which something is waited for', async ({mock}) => {
    let now = 0;
    mock.method(performance, 'now', () => now);
    mock.timers.enable({apis: ['setTimeout']});
    const pass = (milliseconds: number) => {
      now += milliseconds;
      mock.timers.tick(milliseconds);
    };
    const patience = new Patience(60);
    await patience.wait(() => Promise.resolve());
    pass(80);
    const inTime = patience.wait(() => new Promise((resolve) => setTimeout(resolve, 20, 'in time')));
    pass(20);
    assert.equal(await inTime, 'in time');
    let isOver = false;
    const tooLong = patience.wait(never).finally(() => {
      isOver = true;
    });
    pass(39);
    await nextTask();
    assert(!isOver);
    pass(1);
    await assert.rejects(tooLong, DeadlinePassed);
    await assert.rejects(
      patience.wait(() => assert.fail('asked again')),
      DeadlinePassed,
    );
  });

  it('aborts its signal when the time is over, after who waits has been told', async () => {
    const patience = new Patience(5);
    const told: string[] = [];
    patience.signal.addEventListener('abort', () => void told.push('signal'));
    const waiting = patience.wait(() => new Promise((_, reject) => patience.signal.addEventListener('abort', reject)));
    await assert.rejects(waiting, DeadlinePassed);
    assert.deepEqual(told, ['signal']);
    assert(patience.signal.reason instanceof DeadlinePassed);
  });

  it('ends for one reason, also for who asks for the signal after', async () => {
    const patience = new Patience(1_000);
    const waiting = patience.wait(never);
    patience.end('first');
    patience.end('second');
    await assert.rejects(waiting, (reason) => reason === 'first');
    assert.equal(patience.signal.reason, 'first');
  });

  it('ends with all others of its read, and begins no more', async () => {
    const patiences = new Patiences(new AbortController().signal);
    const [one, other, left] = [1, 2, 3].map(() => patiences.begin(1_000));
    const {signal} = other!;
    const waiting = one!.wait(never);
    patiences.leave(left!, 'left');
    assert(!patiences.isOver);
    patiences.end('gone');
    assert(patiences.isOver);
    await assert.rejects(waiting, (reason) => reason === 'gone');
    assert.equal(signal.reason, 'gone');
    assert.equal(left!.signal.reason, 'left');
    await assert.rejects(
      patiences.begin(1_000).wait(() => assert.fail('asked')),
      (reason) => reason === 'gone',
    );
  });

  it('ends with the signal of its read, before or after it began', async () => {
    const read = new AbortController();
    const patiences = new Patiences(read.signal);
    const waiting = patiences.begin(1_000).wait(never);
    read.abort('left');
    await assert.rejects(waiting, (reason) => reason === 'left');
    assert(new Patiences(read.signal).isOver);
  });
});
