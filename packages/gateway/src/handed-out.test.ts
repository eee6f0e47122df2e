import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {HandedOut} from './handed-out.js';

const ref = (id: string) => ({source: 'ky', id});
const records = (...ids: string[]) => ids.map((id) => ({ref: ref(id)}));

describe('what was handed out', () => {
  it('drops the contexts that were used longest ago when all of them have too many records', () => {
    const handedOut = new HandedOut(10, 10, 5);
    const add = (context: string, ...ids: string[]) => handedOut.add(context, 'cases', records(...ids), []);
    const has = (context: string, id: string) => handedOut.has(context, 'cases', ref(id));
    add('first', '1', '2');
    add('second', '1', '2');
    // Those that are known are not counted again.
    add('first', '1', '2');
    assert.ok(has('first', '1') && has('second', '1'));
    add('third', '1', '2');
    assert.ok(!has('second', '1'), 'the second was used longest ago');
    assert.ok(has('first', '2') && has('third', '2'));
    add('fourth', '1', '2', '3', '4', '5');
    assert.ok(!has('first', '1') && !has('third', '1'));
    assert.ok(has('fourth', '5'), 'a dropped context’s records do not count any more');
  });
});
