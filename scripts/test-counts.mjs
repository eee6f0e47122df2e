// How the suites tell their counts, to people and to each other: a file with {passed, failed, skipped, failures}, or with
// several of them by name. `failures` has a line for each test that failed, and may be left out: whoever sees only the end
// of a long run is to read there what to look at.
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {relative} from 'node:path';

const nothing = {passed: 0, failed: 0, skipped: 0};

/** Counts as a line of text. */
export const countsLine = ({passed, failed, skipped}) =>
  `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;

export const sumOf = (counts) =>
  counts.reduce(
    (sum, {passed, failed, skipped}) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
    }),
    nothing,
  );

/** Writes the counts for the command that asked for them in BSP_COUNTS_FILE. */
export function tellCounts(counts) {
  if (process.env.BSP_COUNTS_FILE) writeFileSync(process.env.BSP_COUNTS_FILE, JSON.stringify(counts));
}

/**
 * What a suite wrote, one row for each part of it. A suite that broke off, or that ran nothing, has failed whatever it
 * counted.
 */
export function countsOfSuite(title, file, status) {
  const told = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const rows =
    'passed' in told
      ? [{title, ...told}]
      : Object.entries(told).map(([part, counts]) => ({title: `${title}, ${part}`, ...counts}));
  const {passed, failed} = sumOf(rows);
  if (failed === 0 && (status !== 0 || passed === 0))
    rows.push({...nothing, title: rows.length > 0 ? `${title}, broke off` : title, failed: 1});
  return rows;
}

/** A failure as one line: whose it is, and how what went wrong begins. */
export const failureLine = (name, message = '') => {
  const first = String(message)
    .split('\n')
    .find((line) => line.trim() !== '');
  return first ? `${name}: ${first.trim().slice(0, 300)}` : name;
};

/** Prints a row for each part, what failed in it, and the sum as the last line. Gives whether all is well. */
export function printCounts(rows) {
  const width = Math.max(...rows.map(({title}) => title.length));
  console.log('\nSummary');
  for (const {title, ...counts} of rows) console.log(`  ${title.padEnd(width)}  ${countsLine(counts)}`);
  const broken = rows.filter(({failures}) => failures?.length > 0);
  if (broken.length > 0) console.log('\nFailed');
  for (const {title, failures} of broken) for (const failure of failures) console.log(`  ${title}: ${failure}`);
  const sum = sumOf(rows);
  console.log(`\n${countsLine(sum)}`);
  return sum.failed === 0 && sum.passed > 0;
}

/** Counts the tests of a run of Web Test Runner by engine. A file that does not load is one failure. */
function countsByEngine(sessions) {
  const counts = {};
  for (const {browser, testFile, testResults, errors} of sessions) {
    const ofEngine = counts[browser.name] ?? {...nothing, failures: []};
    counts[browser.name] = ofEngine;
    const count = ({name: suite = '', suites, tests}) => {
      for (const {name, passed, skipped, error} of tests) {
        if (skipped || passed) ofEngine[skipped ? 'skipped' : 'passed']++;
        else ofEngine.failures.push(failureLine(`${suite} ${name}`.trim(), error?.message));
      }
      suites.forEach(count);
    };
    if (testResults) count(testResults);
    if (errors.length > 0) ofEngine.failures.push(failureLine(relative(process.cwd(), testFile), errors[0].message));
    ofEngine.failed = ofEngine.failures.length;
  }
  return counts;
}

/** A reporter of Web Test Runner. */
export const countsReporter = {
  onTestRunFinished({sessions}) {
    const counts = countsByEngine(sessions);
    for (const [engine, ofEngine] of Object.entries(counts)) console.log(`${engine}: ${countsLine(ofEngine)}`);
    tellCounts(counts);
  },
};
