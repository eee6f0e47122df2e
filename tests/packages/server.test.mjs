// The server's packages in a project that has never seen the workspace: a gateway is started, and read over HTTP.
import assert from 'node:assert/strict';
import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {after, before, describe, it} from 'node:test';
import {setTimeout as wait} from 'node:timers/promises';
import {characters} from '@bsp/korsbaek';
import {freshProject, namesExportedBy} from './fresh-project.mjs';

describe('a gateway of a vendor', () => {
  let project;
  before(async () => {
    project = await freshProject('server', ['contract', 'sources', 'gateway', 'korsbaek'], {
      '@types/node': '20.19.43',
      typescript: '6.0.3',
    });
  });
  after(() => project?.remove());

  it('installs nothing of the browser', async () => {
    const names = await readdir(join(project.folder, 'node_modules'));
    assert.ok(!names.includes('lit'));
    assert.deepEqual((await readdir(join(project.folder, 'node_modules/@bsp'))).sort(), [
      'contract',
      'gateway',
      'korsbaek',
      'sources',
    ]);
  });

  it('has every entry point of the sources', () => {
    assert.ok(namesExportedBy(project, '@bsp/sources').includes('SourceProblem'));
    assert.ok(namesExportedBy(project, '@bsp/sources/conformance').includes('connectorFindings'));
    for (const connector of ['@bsp/sources/cpr-direkte', '@bsp/sources/beskedfordeler', '@bsp/korsbaek/connector'])
      assert.ok(namesExportedBy(project, connector).includes('default'), connector);
  });

  it('starts with a config and answers a read, and says who did not', async () => {
    const gateway = project.startNode('gateway.mjs');
    try {
      const deadline = Date.now() + 60_000;
      while (!/listening at /.test(gateway.output) && gateway.child.exitCode === null && Date.now() < deadline)
        await wait(50);
      const url = /listening at (http:\S+)/.exec(gateway.output)?.[1];
      assert.ok(url, gateway.output);
      const ask = (path, body) =>
        fetch(`${url}/bsp/v1/${path}`, {
          method: 'POST',
          headers: {'content-type': 'application/json'},
          body: JSON.stringify(body),
        });
      const opened = await ask('contexts', {subject: {type: 'cpr', value: characters[0].cpr}});
      assert.equal(opened.status, 201);
      const {contextId} = await opened.json();
      const answer = await ask(`contexts/${contextId}/read`, {reads: [{resource: 'cases'}]});
      const messages = (await answer.text())
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      assert.equal(messages[0].kind, 'plan');
      assert.equal(messages.at(-1).kind, 'end');
      const frames = messages.filter(({kind}) => kind === 'frame');
      assert.ok(frames.every((frame) => frame.contextId === contextId));
      const of = (id) => frames.find(({source}) => source.id === id);
      assert.equal(of('ky').status, 'ok');
      assert.ok(of('ky').items.length > 0);
      assert.equal(of('nexus').status, 'unavailable');
    } finally {
      gateway.child.kill();
      await gateway.ended;
    }
  });

  const check = (file) =>
    project.runInstalled(
      'tsc',
      ...['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2023', '--types', 'node'],
      ...['--module', 'nodenext', '--moduleResolution', 'nodenext', '--skipLibCheck', 'false', file],
    );

  it('is typed for tsc', async () => {
    const {output} = await check('uses.mts');
    // Other people's declarations are theirs to mend.
    const ours = output.split('\n').filter((line) => /^uses\.mts|@bsp/.test(line));
    assert.deepEqual(ours, []);
  });

  it('is told by tsc what is wrong', async () => {
    const {output} = await check('misuses.mts');
    const lines = [...output.matchAll(/^misuses\.mts\((\d+),/gm)].map(([, line]) => Number(line));
    assert.deepEqual([...new Set(lines)], [2, 4, 5], output);
  });
});
