import {mkdirSync, writeFileSync} from 'node:fs';
import {a11ySnapshotPlugin} from '@web/test-runner-commands/plugins';
import base from '../../../web-test-runner.config.mjs';

// RACE_RUNS: how many stories (1,000), or RACE_STEPS: how many steps. RACE_SEED: which stories, RACE_PATH: which one; a
// failure prints both.
const number = (name) => (process.env[name] ? Number(process.env[name]) : undefined);
const settings = {
  runs: number('RACE_RUNS') ?? 1_000,
  steps: number('RACE_STEPS'),
  seed: number('RACE_SEED'),
  path: process.env.RACE_PATH,
};
const results = new URL('../../results/race/', import.meta.url);

/** At how many steps an engine was last told of. */
const toldAt = new Map();

/** Writes what an engine has played, and says so in a line. */
const raceReport = {
  name: 'race-report',
  executeCommand({command, payload, session: {browser}}) {
    if (command !== 'race-report') return undefined;
    const {stories, steps, trees, seed, violation, isOver} = payload;
    const count = (value) => value.toLocaleString('en');
    // A long run says how far it has come.
    if (!isOver && steps < (toldAt.get(browser.name) ?? 0) + 10_000) return true;
    toldAt.set(browser.name, steps);
    console.log(
      `${browser.name}: ${count(steps)} steps in ${count(stories)} stories from seed ${seed}, ${count(trees)} looks at the ` +
        `accessibility tree, ${violation ? 'a violation' : '0 violations'}`,
    );
    mkdirSync(results, {recursive: true});
    writeFileSync(new URL(`${browser.name.toLowerCase()}.json`, results), JSON.stringify(payload, null, 2));
    return true;
  },
};

export default {
  ...base,
  files: ['tests/browser/race/race.test.ts'],
  plugins: [...base.plugins, raceReport, a11ySnapshotPlugin()],
  testsFinishTimeout: 86_400_000,
  testRunnerHtml: (framework) => `<!doctype html>
<html lang="da">
  <body>
    <script>
      globalThis.raceSettings = ${JSON.stringify(settings)};
      // The accessibility tree comes over the DevTools protocol.
      raceSettings.tree = 'chrome' in globalThis;
    </script>
    <script type="module" src="${framework}"></script>
  </body>
</html>`,
};
