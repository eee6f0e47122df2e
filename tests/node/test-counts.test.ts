import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, describe, it} from 'node:test';

const root = new URL('../../', import.meta.url).pathname;
let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'bsp-counts-'));
});
after(() => rmSync(folder, {recursive: true, force: true}));

const run = (...args: string[]) =>
  spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    env: {...process.env, NODE_TEST_CONTEXT: undefined, BSP_COUNTS_FILE: undefined},
  });
/** Runs a file of tests as the suites do, and what .ci/run prints of it in the end. */
const summaryOf = (source: string) => {
  const [file, counts] = [join(folder, 'some.test.mjs'), join(folder, 'counts.json')];
  writeFileSync(file, `import assert from 'node:assert';\nimport {describe, it} from 'node:test';\n${source}`);
  const {status} = spawnSync(process.execPath, ['--test', '--test-reporter=./scripts/test-reporter.mjs', file], {
    cwd: root,
    env: {...process.env, NODE_TEST_CONTEXT: undefined, BSP_COUNTS_FILE: counts},
  });
  return run('scripts/summary.mjs', 'npm test', String(status), counts);
};

describe('what .ci/run says in the end', () => {
  it('names each test that failed, with how its error begins, and counts in the last line', () => {
    const {status, stdout} = summaryOf(`
      describe('a suite', () => {
        it('holds', () => {});
        it('breaks', () => assert.equal(1, 2, 'one is not two\\nand never was'));
      });`);
    assert.equal(status, 1);
    assert.match(stdout, /\nFailed\n {2}npm test: breaks \([^)]+:\d+\): AssertionError.*one is not two\n/);
    assert.doesNotMatch(stdout, /and never was|holds/);
    assert.equal(stdout.trimEnd().split('\n').at(-1), '1 passed, 1 failed');
  });

  it('has no such list where all is well', () => {
    const {status, stdout} = summaryOf("it('holds', () => {});");
    assert.equal(status, 0);
    assert.doesNotMatch(stdout, /Failed/);
    assert.equal(stdout.trimEnd().split('\n').at(-1), '1 passed, 0 failed');
  });

  it('has failed where a suite broke off, whatever it counted', () => {
    const counts = join(folder, 'well.json');
    writeFileSync(counts, JSON.stringify({node: {passed: 3, failed: 0, skipped: 0}}));
    const {status, stdout} = run('scripts/summary.mjs', 'npm test', '1', counts);
    assert.equal(status, 1);
    assert.equal(stdout.trimEnd().split('\n').at(-1), '3 passed, 1 failed');
  });
});
