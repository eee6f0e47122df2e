// Runs the Node side's tests: node scripts/test-node.mjs [path fragment …]
import {spawnSync} from 'node:child_process';
import {readdirSync} from 'node:fs';

const roots = [
  'packages/contract/src',
  'packages/korsbaek/src',
  'packages/sources/src',
  'packages/gateway/src',
  'packages/effect/src',
  'tests/node',
];
const files = roots
  .flatMap((root) => {
    try {
      return readdirSync(root, {recursive: true}).map((name) => `${root}/${name}`);
    } catch {
      return [];
    }
  })
  .filter((name) => name.endsWith('.test.ts'))
  .filter((name) => process.argv.length < 3 || process.argv.slice(2).some((part) => name.includes(part)));
if (files.length === 0) {
  console.error(`No test file matches ${process.argv.slice(2).join(', ')}.`);
  process.exit(1);
}
const run = spawnSync(process.execPath, ['--conditions=source', '--import', 'tsx', '--test', ...files], {
  stdio: 'inherit',
});
process.exit(run.status ?? 1);
