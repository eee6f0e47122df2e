// Every story as a test; the contrast of colours once more where the machine forces them.
import {storybookTest} from '@storybook/addon-vitest/vitest-plugin';
import {playwright} from '@vitest/browser-playwright';
import {defineConfig} from 'vitest/config';
import {quietChromium} from '../scripts/engines.mjs';
import {countsLine, failureLine, tellCounts} from '../scripts/test-counts.mjs';

/** A file that does not load is one failure. */
const countsReporter = {
  onTestRunEnd(modules, unhandledErrors) {
    const failures = unhandledErrors.map(({message}) => failureLine('an error outside the stories', message));
    let [passed, skipped] = [0, 0];
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const {state, errors} = test.result();
        if (state === 'passed') passed++;
        else if (state === 'failed')
          failures.push(failureLine(`${module.relativeModuleId} ${test.fullName}`, errors[0]?.message));
        else skipped++;
      }
      failures.push(...module.errors().map(({message}) => failureLine(module.relativeModuleId, message)));
    }
    const counts = {passed, failed: failures.length, skipped, failures};
    console.log(countsLine(counts));
    tellCounts(counts);
  },
};

const executablePath = process.env.CHROMIUM_BIN ?? '/usr/bin/chromium';

const launchOptions = {executablePath, args: quietChromium};

export default defineConfig({
  plugins: [storybookTest({configDir: import.meta.dirname, disableAddonDocs: true})],
  test: {
    reporters: [process.stdout.isTTY ? 'default' : 'dot', countsReporter],
    testTimeout: 30_000,
    onConsoleLog: (log) => (/Lit is in dev mode|Multiple versions of Lit/.test(log) ? false : undefined),
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({launchOptions}),
      instances: [
        {browser: 'chromium', name: 'stories'},
        {
          browser: 'chromium',
          name: 'forced colours',
          include: ['stories/tokens.stories.ts'],
          provider: playwright({launchOptions, contextOptions: {forcedColors: 'active'}}),
        },
      ],
    },
  },
});
