// Reporter for node:test: says only what failed or was skipped, and one line of counts; with BSP_COUNTS_FILE it writes
// them there too.
import {writeFileSync} from 'node:fs';
import {relative} from 'node:path';

const counts = {passed: 0, failed: 0, skipped: 0};

const whereOf = ({file, line}) => (file ? ` (${relative(process.cwd(), file)}${line ? `:${line}` : ''})` : '');

function* tell({type, data}) {
  if (type === 'test:stderr') yield data.message;
  if (type !== 'test:pass' && type !== 'test:fail') return;
  const isSuite = data.details?.type === 'suite';
  if (type === 'test:fail') {
    // A suite fails because of its tests, which have been told; or because of itself, which has not.
    const error = data.details?.error;
    if (isSuite && error?.failureType === 'subtestsFailed') return;
    if (error?.failureType === 'subtestsFailed' && data.nesting === 0 && data.file === data.name) return;
    counts.failed++;
    yield `\n✗ ${data.name}${whereOf(data)}\n${String(error?.cause?.stack ?? error?.cause ?? error?.message ?? '').replace(/^/gm, '    ')}\n`;
  } else if (!isSuite) {
    if (data.skip !== undefined || data.todo !== undefined) {
      counts.skipped++;
      yield `- skipped: ${data.name}${typeof data.skip === 'string' ? ` — ${data.skip}` : ''}\n`;
    } else counts.passed++;
  } else if (data.skip !== undefined) {
    counts.skipped++;
    yield `- skipped: ${data.name}${typeof data.skip === 'string' ? ` — ${data.skip}` : ''}\n`;
  }
}

export default async function* report(events) {
  for await (const event of events) yield* tell(event);
  if (process.env.BSP_COUNTS_FILE) writeFileSync(process.env.BSP_COUNTS_FILE, JSON.stringify(counts));
  yield `${counts.passed} passed, ${counts.failed} failed${counts.skipped ? `, ${counts.skipped} skipped` : ''}\n`;
}
