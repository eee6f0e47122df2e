import '@bsp/core/define';
import '@bsp/widgets/case-list/define';
import '@bsp/widgets/events/define';
import '@bsp/widgets/journal/define';
import '@bsp/widgets/person/define';
import {expect} from '@open-wc/testing';
import {moreOften, mutants} from './mutants.js';
import {race} from './race.js';

/** How many stories, and which: said by the runner's configuration beside this file. */
const {runs = 30, ...which} =
  (globalThis as {raceSettings?: {runs?: number; seed?: number; path?: string}}).raceSettings ?? {};

describe('the right person, always', function () {
  this.timeout(600_000);

  before(() => {
    Object.defineProperty(document, 'visibilityState', {configurable: true, get: () => 'visible'});
  });
  after(() => {
    Reflect.deleteProperty(document, 'visibilityState');
  });

  it('is all that a window shows, whatever happens in whatever order', async () => {
    const found = await race({numRuns: runs, ...which});
    expect(found?.said).to.equal(undefined);
  });

  for (const [name, mutate] of Object.entries(mutants))
    it(`would be seen to be another, if ${name}`, async () => {
      const more = moreOften[name];
      const restore = await mutate();
      const found = await race({numRuns: 200, seed: 20_261_120, endOnFailure: true}, more).finally(restore);
      expect(found, 'the race does not see it').not.to.equal(undefined);
      // The same story without it: what was seen is what the mutant did.
      if (!found) return;
      const {seed, path} = found;
      expect((await race({numRuns: 1, seed, path, endOnFailure: true}, more))?.said).to.equal(undefined);
    });
});
