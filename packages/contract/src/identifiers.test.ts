import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {parseCpr} from './identifiers.js';

describe('parseCpr', () => {
  it('refuses 31 February', () => assert.deepEqual(parseCpr('310280-1234'), {ok: false, reason: 'date'}));
});
