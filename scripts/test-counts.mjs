// How the suites tell their counts, to people and to each other: a file with {passed, failed, skipped}, or with several of
// them by name.
import {existsSync, readFileSync, writeFileSync} from 'node:fs';

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

/** Prints a row for each part, and the sum as the last line. Gives whether all is well. */
export function printCounts(rows) {
  const width = Math.max(...rows.map(({title}) => title.length));
  console.log('\nSummary');
  for (const {title, ...counts} of rows) console.log(`  ${title.padEnd(width)}  ${countsLine(counts)}`);
  const sum = sumOf(rows);
  console.log(`\n${countsLine(sum)}`);
  return sum.failed === 0 && sum.passed > 0;
}

/** Counts the tests of a run of Web Test Runner by engine. A file that does not load is one failure. */
function countsByEngine(sessions) {
  const counts = {};
  for (const {browser, testResults, errors} of sessions) {
    const ofEngine = counts[browser.name] ?? {...nothing};
    counts[browser.name] = ofEngine;
    const count = ({suites, tests}) => {
      for (const {passed, skipped} of tests) ofEngine[skipped ? 'skipped' : passed ? 'passed' : 'failed']++;
      suites.forEach(count);
    };
    if (testResults) count(testResults);
    if (errors.length > 0) ofEngine.failed++;
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
