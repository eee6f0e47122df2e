import assert from 'node:assert/strict';
import {connect} from 'node:net';
import {describe, it} from 'node:test';
import {problemOf} from '@bsp/contract';
import {SourceProblem} from '@bsp/sources';
import {anna, numbers} from './harness.test.js';
import {errorDetails, scrubDetails} from './log.js';

const thrownBy = (work: () => unknown): unknown => {
  try {
    work();
  } catch (thrown) {
    return thrown;
  }
  throw new Error('It threw nothing.');
};

describe('what is logged of an error', () => {
  it('quotes no answer of a source', () => {
    const details = errorDetails(thrownBy(() => JSON.parse('Asta Nygaard')));
    assert.deepEqual(Object.keys(details).sort(), ['at', 'error']);
    assert.equal(details.error, 'SyntaxError');
    for (const name of ['Asta', 'Nygaard']) assert(!JSON.stringify(details).includes(name));
  });

  it('says where it was made, whatever its message looks like', () => {
    const error = new Error('Nygaard\n    at Nygaard (/home/Nygaard/asta.js:1:1)\nAsta');
    const {at, ...rest} = errorDetails(error);
    assert.match(at ?? '', /^src\/log\.test\.(ts|js):\d+:\d+$/);
    assert.deepEqual(rest, {error: 'Error'});
    error.stack = 'Nygaard\n    at Nygaard (/home/Nygaard/asta.js:1:1)';
    assert.deepEqual(errorDetails(error), {error: 'Error'});
  });

  it('tells codes, and nothing that only stands where one should', () => {
    const problem = new SourceProblem('unavailable', problemOf('unavailable', 'Nygaard svarer ikke'));
    assert.equal(errorDetails(problem).code, 'unavailable');
    for (const code of ['Asta Nygaard', '7006900126', 'asta-nygaard', 7])
      assert.equal(errorDetails(Object.assign(new Error('x'), {code})).code, undefined);
    const named = Object.assign(new Error('x'), {name: 'Asta Nygaard'});
    assert.equal(errorDetails(named).error, 'Error');
  });

  it('keeps what Node says of addresses, also as the cause', async () => {
    const refused = await new Promise<Error>((resolve) => connect(1, '127.0.0.1').on('error', resolve));
    const {cause, message} = errorDetails(new TypeError('fetch failed', {cause: refused}));
    assert.equal(message, undefined);
    assert.equal(cause?.code, 'ECONNREFUSED');
    assert.equal(cause?.message, 'connect ECONNREFUSED 127.0.0.1:1');
  });

  it('keeps what the client of PostgreSQL says of a connection that it does not get', () => {
    for (const message of [
      'timeout exceeded when trying to connect',
      'Connection terminated due to connection timeout',
    ])
      assert.equal(errorDetails(new Error(message)).message, message);
    assert.equal(errorDetails(new Error('Nygaard: Connection terminated')).message, undefined);
  });
});

describe('what a connector has logged beside its message', () => {
  it('holds no CPR number, wherever the connector put it', () => {
    const id = '01234567-8901-4234-8567-890123456789';
    const details = {
      id,
      files: 3,
      pauseMs: 30_000,
      at: 1_796_073_250_946,
      number: Number(anna.value),
      [anna.value]: 1,
      list: [`/x/${numbers[1]}`],
      nested: {text: `om ${anna.value}`, error: new Error(anna.value)},
    };
    const {nested, ...rest} = scrubDetails(details) as {nested: {error: object}};
    for (const number of [...numbers, Number(anna.value)])
      assert(!JSON.stringify({nested, rest}).includes(`${number}`));
    const {id: kept, files, pauseMs, at} = rest as unknown as typeof details;
    assert.deepEqual([kept, files, pauseMs, at], [id, 3, 30_000, 1_796_073_250_946]);
    assert('error' in nested.error);
  });

  it('ends where it holds itself', () => {
    const self: Record<string, unknown> = {};
    self.self = self;
    assert.match(JSON.stringify(scrubDetails(self)), /…/);
  });
});
