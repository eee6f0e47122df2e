import base from '../../../web-test-runner.config.mjs';

// RACE_RUNS: how many stories (1,000). RACE_SEED: which ones, RACE_PATH: which one; a failure prints both.
const settings = {
  runs: Number(process.env.RACE_RUNS) || 1_000,
  ...(process.env.RACE_SEED ? {seed: Number(process.env.RACE_SEED)} : {}),
  ...(process.env.RACE_PATH ? {path: process.env.RACE_PATH} : {}),
};

export default {
  ...base,
  files: ['tests/browser/race/race.test.ts'],
  testsFinishTimeout: 3_600_000,
  testRunnerHtml: (framework) => `<!doctype html>
<html lang="da">
  <body>
    <script>globalThis.raceSettings = ${JSON.stringify(settings)};</script>
    <script type="module" src="${framework}"></script>
  </body>
</html>`,
};
