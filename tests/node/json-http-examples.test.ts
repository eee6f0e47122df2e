// The examples of json-http as an operator gets them: short, and taken by the gateway as they stand.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, describe, it} from 'node:test';
import {loadConfig} from '@bsp/gateway';

const root = join(import.meta.dirname, '../..');
const examples = join(root, 'packages/sources/examples/json-http');
const names = readdirSync(examples);
const folder = mkdtempSync(join(tmpdir(), 'bsp-json-http-'));
after(() => rmSync(folder, {recursive: true, force: true}));

/** Runs `bsp-gateway check` in a process of its own, with these variables and few others. */
function check(config: string, variables: Readonly<Record<string, string>>): {status: number | null; out: string} {
  const {status, stdout} = spawnSync(
    process.execPath,
    ['--conditions=source', '--import', 'tsx', join(root, 'packages/gateway/src/bin.ts'), 'check', '--config', config],
    {cwd: root, encoding: 'utf8', env: {PATH: process.env.PATH, HOME: folder, ...variables}},
  );
  return {status, out: stdout};
}

/** The environment variables that a text names. */
const variablesOf = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/"env": "(\w+)"/g)].map(([, name]) => [name!, 'x']));

describe('the examples of json-http', () => {
  it('are the four systems, one of them also asked for companies', () => {
    const systems = ['ky.json', 'momentum.json', 'nexus.json', 'sbsys-companies.json', 'sbsys.json'];
    assert.deepEqual(names.sort(), systems);
  });

  for (const name of names) {
    const path = join(examples, name);
    const text = readFileSync(path, 'utf8');

    it(`${name} has at most 40 lines that can be read`, () => {
      const lines = text.trimEnd().split('\n');
      assert(lines.length <= 40, `it has ${lines.length}`);
      assert(lines.every((line) => line.length <= 120));
    });

    it(`${name} is taken by the gateway, once its secrets are there`, () => {
      const [source] = loadConfig(path, {env: {}}).sources;
      assert.deepEqual([source?.id, source?.connector], [name.replace('.json', ''), 'json-http']);
      const {status, out} = check(path, variablesOf(text));
      assert.match(out, new RegExp(`^ok {5}connectors: ${source!.id} \\(json-http\\)$`, 'm'));
      assert.equal(status, 0);
      const [missing] = Object.keys(variablesOf(text));
      const without = check(path, {});
      assert.match(
        without.out,
        new RegExp(`^WRONG {2}connectors: [\\s\\S]*sources\\[0\\].*${missing}, which is not set`, 'm'),
      );
      assert.equal(without.status, 1);
    });
  }

  it('include the one of the README', () => {
    const readme = readFileSync(join(root, 'packages/sources/README.md'), 'utf8');
    const [, text = ''] = /^## json-http\n\n```json\n([\s\S]*?)```/m.exec(readme) ?? [];
    const path = join(folder, 'readme.json');
    writeFileSync(path, text);
    assert.match(check(path, variablesOf(text)).out, /^ok {5}connectors: esdh \(json-http\)$/m);
  });

  it('spoiled, are told where and what', () => {
    const path = join(folder, 'spoiled.json');
    const spoiled = readFileSync(join(examples, 'momentum.json'), 'utf8')
      .replace('"title": "title"', '"title": "title.("')
      .replace('"changedAt": "updatedAt"', '"chagedAt": "updatedAt"')
      .replace('"3": "informed"', '"3": "underway"')
      .replace('https://momentum', 'http://momentum');
    writeFileSync(path, spoiled);
    const {status, out} = check(path, variablesOf(spoiled));
    assert.equal(status, 1);
    for (const fault of [
      /sources\[0\]\.baseUrl: expected https:\/\/; http is for this machine only\./,
      /sources\[0\]\.records\.cases\.map\.title: not a JSONata expression at character \d+: /,
      /sources\[0\]\.records\.cases\.map\.chagedAt: unknown key/,
      /sources\[0\]\.records\.cases\.map\.changedAt: expected a text/,
      /sources\[0\]\.records\.cases\.words\.status\.3: expected one of "arisen", /,
    ])
      assert.match(out, fault);
  });
});
