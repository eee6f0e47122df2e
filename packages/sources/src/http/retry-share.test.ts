import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import fc from 'fast-check';
import {RetryShare} from './retry-share.js';

describe('the share of second tries', () => {
  it('is never more than ten and a share of what was asked, and never nothing for good', () => {
    fc.assert(
      fc.property(fc.integer({min: 0, max: 100}), fc.array(fc.boolean(), {maxLength: 400}), (percent, script) => {
        const share = new RetryShare(percent);
        let asked = 0;
        let repeated = 0;
        for (const isRetry of script)
          if (!isRetry) {
            share.asked();
            asked++;
          } else if (share.take()) repeated++;
        assert(repeated * 100 <= (percent > 0 ? 1_000 : 0) + percent * asked, `${repeated} of ${asked}`);
        for (let more = 0; more < 100; more++) share.asked();
        assert.equal(share.take(), percent > 0);
      }),
    );
  });
});
