// The configuration of each SOAP connector as its part of the README has it: taken by the gateway as it stands.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, describe, it} from 'node:test';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'bsp-soap-'));
after(() => rmSync(folder, {recursive: true, force: true}));

const readme = readFileSync(join(root, 'packages/sources/README.md'), 'utf8');
const {exports} = JSON.parse(readFileSync(join(root, 'packages/sources/package.json'), 'utf8')) as {
  exports: Record<string, unknown>;
};
const connectors = Object.keys(exports).flatMap((entry) => /^\.\/(sf\d+)$/.exec(entry)?.[1] ?? []);

function check(path: string, variables: Readonly<Record<string, string>>): {status: number | null; out: string} {
  const {status, stdout} = spawnSync(
    process.execPath,
    ['--conditions=source', '--import', 'tsx', join(root, 'packages/gateway/src/bin.ts'), 'check', '--config', path],
    {cwd: root, encoding: 'utf8', env: {PATH: process.env.PATH, HOME: folder, ...variables}},
  );
  return {status, out: stdout};
}

describe('the examples of the SOAP connectors', () => {
  it('are some', () => assert(connectors.includes('sf1470')));

  for (const name of connectors)
    it(`${name} is taken by the gateway, once its secrets are there`, () => {
      const [, text = ''] = new RegExp(`^## ${name}\\n\\n\`\`\`json\\n([\\s\\S]*?)\`\`\``, 'm').exec(readme) ?? [];
      const path = join(folder, `${name}.json`);
      writeFileSync(path, text);
      const variables = Object.fromEntries(
        [...text.matchAll(/"env": "(\w+)"/g)].map(([, variable]) => [variable!, 'x']),
      );
      const {status, out} = check(path, variables);
      assert.match(out, new RegExp(`^ok {5}connectors: .*\\(${name}\\)$`, 'm'));
      assert.equal(status, 0);
      const [missing] = Object.keys(variables);
      assert.match(check(path, {}).out, new RegExp(`sources\\[0\\].*${missing}, which is not set`));
    });
});
