import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import {text} from 'node:stream/consumers';
import {describe, it} from 'node:test';
import {fileURLToPath} from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));

describe('a command whose output nobody reads to the end', () => {
  for (const name of ['gateway', 'acceptance'])
    it(`ends without a stack: ${name}`, async () => {
      const bin = join(repository, 'packages', name, 'src/bin.ts');
      const child = spawn(process.execPath, ['--conditions=source', '--import', 'tsx', bin, '--help'], {
        cwd: repository,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child.stdout.destroy();
      const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
      assert.deepEqual([said, code], ['', 1]);
    });
});
