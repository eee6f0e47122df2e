import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
// @ts-expect-error plain JavaScript
import {figure, ratios, summary, table} from '../bench/report.mjs';

describe('the report of the benchmarks', () => {
  it('sums samples up, whatever their order', () => {
    assert.deepEqual(summary([9, 1, 5]), {min: 1, median: 5, max: 9, runs: 3});
    assert.deepEqual(summary([4, 2]), {min: 2, median: 3, max: 4, runs: 2});
    assert.throws(() => summary([]));
  });

  it('compares run by run: what slowed both down changes no ratio', () => {
    assert.deepEqual(ratios([2, 20, 4], [1, 10, 2]), {min: 2, median: 2, max: 2, runs: 3});
    assert.throws(() => ratios([1], [1, 2]));
  });

  it('holds each contender beside the limit, and leaves the limit without a ratio', () => {
    const {contenders} = figure({benchmark: 'b', what: 'w', unit: 'ms', samples: {kit: [3], limit: [2], grid: [4]}});
    assert.deepEqual(
      contenders.map(({name, ratio}: {name: string; ratio?: {median: number}}) => [name, ratio?.median]),
      [
        ['kit', 1.5],
        ['limit', undefined],
        ['grid', 2],
      ],
    );
  });

  it('writes one line for each contender, all of one width, with what is asked beside the first', () => {
    const lines = table([
      figure({benchmark: 'case list', what: 'create', unit: 'ms', samples: {kit: [26], limit: [20]}, atMost: 1.3}),
    ]).split('\n');
    assert.equal(lines.length, 4);
    assert.equal(new Set(lines.map(({length}: string) => length)).size, 1);
    assert.match(lines[2], /case list .* create, ms .* kit .* 26\.0 .* 1\.30 × .* ≤ 1\.30 ×/);
    assert.doesNotMatch(lines[3], /×/);
  });
});
