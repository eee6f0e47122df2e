import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {describe, it} from 'node:test';
import {fileURLToPath} from 'node:url';

const watchdog = new URL('./watchdog.ts', import.meta.url).href;

/** Runs a script over a watchdog in a process of its own. */
const run = (options: string, script: string) =>
  spawnSync(
    process.execPath,
    [
      '--import',
      'tsx',
      '--input-type=module',
      '--eval',
      `const {Watchdog} = await import('${watchdog}'); const dog = new Watchdog(${options}); ${script}`,
    ],
    {cwd: fileURLToPath(new URL('../..', import.meta.url)), encoding: 'utf8'},
  );

describe('the watchdog', () => {
  it('ends a process that hangs, and says over which input', () => {
    const {signal, stderr} = run('{deadlineMs: 300}', "dog.begin('a good one'); dog.begin('<a bad one>'); for (;;);");
    assert.equal(signal, 'SIGKILL');
    assert.match(stderr, /an input never ends:\n<a bad one>\n/);
  });

  it('ends a process that waits for ever, too', () => {
    const {signal, stderr} = run('{deadlineMs: 300}', "dog.begin('silence'); setInterval(() => {}, 1000);");
    assert.equal(signal, 'SIGKILL');
    assert.match(stderr, /an input never ends:\nsilence\n/);
  });

  it('ends a process that eats memory', () => {
    const eat = 'const all = []; for (;;) { all.push(Buffer.alloc(1e6, 1)); await null; }';
    const {signal, stderr} = run('{mostBytes: 400e6}', `dog.begin('a hungry one'); ${eat}`);
    assert.equal(signal, 'SIGKILL');
    assert.match(stderr, /takes all memory:\na hungry one\n/);
  });

  it('lets a process end that is done, and one that rests between inputs', () => {
    const rest =
      "dog.begin('x'); dog.rest(); await new Promise((go) => setTimeout(go, 1500)); dog.begin('y'); dog.rest();";
    const {status, stderr} = run('{deadlineMs: 300}', rest);
    assert.deepEqual([status, stderr.includes('FUZZ')], [0, false]);
  });
});
