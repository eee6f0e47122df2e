// Whether the time of an answer tells what is hidden from what is not there. `BSP_TIMING_READS` reads of each, 400 unless told.
import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';
import {authFor, korsbaek, startIssuer} from '../auth/issuer-harness.test.js';
import {anna, bo, caseOf, gateways, memoryStorage, scripted} from '../harness.test.js';

const reads = Number(process.env.BSP_TIMING_READS ?? 400);

/**
 * How often a value of the one is larger than one of the other, 0.5 where they are of one kind (Mann and Whitney). It goes by
 * the order alone: a slow machine makes it no less true.
 */
function oftenLarger(ones: readonly number[], others: readonly number[]): number {
  const all = [...ones.map((value) => ({value, one: true})), ...others.map((value) => ({value, one: false}))];
  all.sort((left, right) => left.value - right.value);
  const ranks = all.reduce((sum, {one}, index) => sum + (one ? index + 1 : 0), 0);
  return (ranks - (ones.length * (ones.length + 1)) / 2) / (ones.length * others.length);
}

describe('the time of an answer', () => {
  const {run} = gateways(memoryStorage);
  it('is the same for 500 hidden records as for none', async () => {
    const issuer = await startIssuer();
    const hidden = Array.from({length: 500}, (_, id) => caseOf(`h${id}`, {sensitivity: 'vip'}));
    const none: unknown[] = [];
    const source = scripted('kmd', {
      async *read({subject}) {
        await wait(1);
        yield {about: subject, items: 'value' in subject && subject.value === anna.value ? hidden : none};
      },
    });
    const {client: anybody} = await run([source], {tenant: korsbaek, auth: authFor(issuer), logLevel: 'silent'});
    const client = anybody.as(await issuer.token({bsp_rights: [{kle: ['*'], sensitivity: 'ordinary'}]}, {}));
    const persons = [await client.open(anna), await client.open(bo)] as const;
    const times: [number[], number[]] = [[], []];
    const measured = async (which: 0 | 1) => {
      const begun = performance.now();
      const response = await client.post(`/contexts/${persons[which].contextId}/read`, {reads: [{resource: 'cases'}]});
      await response.text();
      return performance.now() - begun;
    };
    for (const which of [0, 1, 0, 1] as const) await measured(which);
    for (let at = 0; at < reads; at++)
      // Side by side and in turn, so that what the machine does beside it falls on both.
      for (const which of at % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const))
        times[which].push(await measured(which));
    const often = oftenLarger(...times);
    const deviation = Math.sqrt((2 * reads + 1) / (12 * reads * reads));
    const summary = `${reads} of each, hidden later in ${(often * 100).toFixed(1)} % of the pairs`;
    assert(Math.abs(often - 0.5) < 0.01 + 5 * deviation, summary);
    if (process.env.BSP_TIMING_READS) console.log(summary);
  });
});
