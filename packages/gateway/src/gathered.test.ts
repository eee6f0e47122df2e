import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {gathered} from './gathered.js';
import {deferred} from './harness.test.js';

describe('questions that are gathered', () => {
  it('go together when they come in one turn, or while others are under way, each with its own answer', async () => {
    const asked: (readonly number[])[] = [];
    const first = deferred();
    const double = gathered(async (questions: readonly number[]) => {
      asked.push(questions);
      if (asked.length === 1) await first.promise;
      return questions.map((question) => 2 * question);
    });
    const early = [double(1), double(2)];
    while (asked.length === 0) await new Promise(setImmediate);
    const late = [double(3), double(4)];
    first.resolve();
    assert.deepEqual(await Promise.all([...early, ...late]), [2, 4, 6, 8]);
    assert.equal(await double(5), 10);
    assert.deepEqual(asked, [[1, 2], [3, 4], [5]]);
  });

  it('are no more at a time than is allowed, and in no more lanes', async () => {
    let underWay = 0;
    let most = 0;
    const sizes: number[] = [];
    const ask = gathered(
      async (questions: readonly number[]) => {
        most = Math.max(most, ++underWay);
        sizes.push(questions.length);
        await new Promise(setImmediate);
        underWay--;
        return questions;
      },
      {most: 3, lanes: 2},
    );
    const numbers = Array.from({length: 20}, (_, index) => index);
    assert.deepEqual(await Promise.all(numbers.map(ask)), numbers);
    assert.equal(most, 2);
    assert.equal(Math.max(...sizes), 3);
  });

  it('fail together, but where it is one question’s doing only that one does', async () => {
    const refuse = async (questions: readonly number[]) => {
      if (questions.includes(2)) throw new Error('two');
      return questions;
    };
    const outcomes = async (ask: (question: number) => Promise<number>) =>
      (await Promise.allSettled([1, 2, 3].map(ask))).map(({status}) => status);
    assert.deepEqual(await outcomes(gathered(refuse)), ['rejected', 'rejected', 'rejected']);
    const isOnes = (thrown: unknown) => (thrown as Error).message === 'two';
    assert.deepEqual(await outcomes(gathered(refuse, {isOnes})), ['fulfilled', 'rejected', 'fulfilled']);
  });
});
