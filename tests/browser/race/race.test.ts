import '@bsp/core/define';
import '@bsp/widgets/case-list/define';
import '@bsp/widgets/events/define';
import '@bsp/widgets/idle/define';
import '@bsp/widgets/journal/define';
import '@bsp/widgets/person/define';
import {expect} from '@open-wc/testing';
import {executeServerCommand} from '@web/test-runner-commands';
import {mutants, storiesFor} from './mutants.js';
import {race, Tally} from './race.js';

interface Settings {
  /** How many stories, and which. */
  runs: number;
  seed?: number;
  path?: string;
  /** Instead of a number of stories: until there were so many steps. */
  steps?: number;
  /** Whether the runner can tell what a screen reader sees. */
  tree?: boolean;
}
/** Said by the runner's configuration beside this file. */
const {runs, steps, seed, path, tree} = (globalThis as {raceSettings?: Settings}).raceSettings ?? {runs: 30};

/** How many stories are played at a time, each time with the next seed. */
const batch = 50;

describe('the right person, always', function () {
  this.timeout(0);

  it('is all that a window shows, whatever happens in whatever order', async () => {
    const tally = new Tally(tree ? () => executeServerCommand('a11y-snapshot') : undefined);
    const first = seed ?? Math.trunc(Math.random() * 2 ** 31);
    let found = await race({numRuns: steps ? batch : runs, seed: first, ...(path ? {path} : {})}, {tally});
    const report = (isOver: boolean) =>
      executeServerCommand('race-report', {...tally, seed: first, violation: found?.said ?? null, isOver});
    for (let next = first + 1; !found && !path && tally.steps < (steps ?? 0); next++) {
      await report(false);
      found = await race({numRuns: batch, seed: next}, {tally});
    }
    await report(true);
    expect(found?.said).to.equal(undefined);
  });

  for (const [name, mutate] of Object.entries(mutants))
    it(`would be seen to be another, if ${name}`, async () => {
      const more = storiesFor(name);
      const restore = await mutate();
      const found = await race({numRuns: 1_000, seed: 20_261_120, endOnFailure: true}, {more}).finally(restore);
      expect(found, 'the race does not see it').not.to.equal(undefined);
      // The same story without it: what was seen is what the mutant did.
      if (!found) return;
      const again = {numRuns: 1, seed: found.seed, path: found.path, endOnFailure: true};
      expect((await race(again, {more}))?.said).to.equal(undefined);
    });
});
