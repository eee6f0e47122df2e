// Reporter for node:test: says only what failed or was skipped, and one line of counts; with BSP_COUNTS_FILE it writes
// them there too.
import {relative} from 'node:path';
import {countsLine, failureLine, tellCounts} from './test-counts.mjs';

const counts = {passed: 0, failed: 0, skipped: 0, failures: []};

/** What a skip's reason says is lacking, and the variable by which a machine promises that it is there. */
const promises = [
  [/shared\/data/, 'BSP_REQUIRE_SHARED_DATA'],
  [/PostgreSQL/, 'BSP_REQUIRE_SERVICES'],
];

const whereOf = ({file, line}) => (file ? ` (${relative(process.cwd(), file)}${line ? `:${line}` : ''})` : '');

function failed(data, text) {
  const name = `${data.name}${whereOf(data)}`;
  counts.failed++;
  counts.failures.push(failureLine(name, text));
  return `\n✗ ${name}\n${text.replace(/^/gm, '    ')}\n`;
}

function skipped(data) {
  const reason = typeof data.skip === 'string' ? data.skip : '';
  const broken = promises.find(([lacking, variable]) => lacking.test(reason) && process.env[variable] === '1');
  if (!broken) {
    counts.skipped++;
    return `- skipped: ${data.name}${reason && ` — ${reason}`}\n`;
  }
  process.exitCode = 1;
  return failed(data, `skipped (${reason}) in spite of ${broken[1]}=1`);
}

function* tell({type, data}) {
  if (type === 'test:stderr') yield data.message;
  if (type !== 'test:pass' && type !== 'test:fail') return;
  const isSuite = data.details?.type === 'suite';
  if (type === 'test:pass') {
    if (data.skip !== undefined || data.todo !== undefined) yield skipped(data);
    else if (!isSuite) counts.passed++;
    return;
  }
  const error = data.details?.error;
  // A suite or a file that failed because of its tests, which have been told.
  if (error?.failureType === 'subtestsFailed') return;
  yield failed(data, String(error?.cause?.stack ?? error?.cause ?? error?.message ?? ''));
}

export default async function* report(events) {
  for await (const event of events) yield* tell(event);
  tellCounts(counts);
  yield `${countsLine(counts)}\n`;
}
