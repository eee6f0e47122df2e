// The types for frameworks and the data for editors, under the tools that read them: a right use passes, and every line of
// the misuses is reported.
import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';
import {freshProject} from './fresh-project.mjs';

const linesNamed = (output, pattern) =>
  [...new Set([...output.matchAll(pattern)].map(([, line]) => Number(line)))].sort();

describe('a template of a vendor', () => {
  let project;
  before(async () => {
    project = await freshProject('templates', ['contract', 'core', 'ui', 'widgets', 'embed', 'korsbaek', 'sources'], {
      '@types/react': '19.3.0',
      svelte: '5.57.3',
      'svelte-check': '4.7.8',
      typescript: '6.0.3',
      vue: '3.5.45',
      'vue-tsc': '3.3.14',
      'vscode-css-languageservice': '6.3.10',
      'vscode-html-languageservice': '5.6.2',
    });
  });
  after(() => project?.remove());

  it('is checked in React', async () => {
    const {output} = await project.runInstalled('tsc', '-p', 'react');
    assert.deepEqual(linesNamed(output, /Uses\.tsx\((\d+),/g), [], output);
    assert.deepEqual(linesNamed(output, /Misuses\.tsx\((\d+),/g), [2, 3, 4, 5, 6, 7, 8, 9], output);
  });

  it('is checked in Vue', async () => {
    const {output} = await project.runInstalled('vue-tsc', '-p', 'vue');
    assert.deepEqual(linesNamed(output, /\bUses\.vue\((\d+),/g), [], output);
    assert.deepEqual(linesNamed(output, /Misuses\.vue\((\d+),/g), [2, 3, 4, 5, 6, 7, 8, 9], output);
  });

  it('is checked in Svelte', async () => {
    const {output} = await project.runInstalled('svelte-check', '--workspace', 'svelte', '--output', 'machine');
    assert.deepEqual(linesNamed(output, /ERROR "Uses\.svelte" (\d+):/g), [], output);
    assert.deepEqual(linesNamed(output, /ERROR "Misuses\.svelte" (\d+):/g), [2, 3, 4, 5, 6, 7, 8], output);
  });

  it('is completed in VS Code', async () => {
    const {status, output} = await project.run(process.execPath, 'complete.mjs');
    assert.equal(status, 0, output);
    const offered = JSON.parse(output);
    for (const tag of ['bsp-provider', 'bsp-person', 'bsp-case-list', 'bsp-journal', 'bsp-events'])
      assert.ok(offered.tags.includes(tag), `${tag}: ${offered.tags}`);
    for (const attribute of ['for', 'config', 'heading-level', 'density', 'theme'])
      assert.ok(offered.attributes.includes(attribute), `${attribute}: ${offered.attributes}`);
    assert.deepEqual(offered.densities.filter((one) => /^(comfortable|compact)$/.test(one)).sort(), [
      'comfortable',
      'compact',
    ]);
    assert.equal(offered.tokens.filter((one) => one === '--bsp-accent').length, 1, String(offered.tokens));
    assert.ok(offered.parts.includes('::part(header)'), String(offered.parts));
  });

  it('has web types for JetBrains, named in package.json, that know every element once', async () => {
    const {'web-types': path, version} = JSON.parse(await project.read('node_modules/@bsp/embed/package.json'));
    const types = JSON.parse(await project.read(`node_modules/@bsp/embed/${path}`));
    assert.deepEqual([types.name, types.version], ['@bsp/embed', version]);
    const {elements} = types.contributions.html;
    assert.deepEqual(
      elements.map(({name}) => name),
      ['bsp-case-list', 'bsp-events', 'bsp-hop', 'bsp-idle', 'bsp-journal', 'bsp-person', 'bsp-provider', 'bsp-search'],
    );
    const list = elements.find(({name}) => name === 'bsp-case-list');
    assert.ok(list.events.some(({name}) => name === 'bsp-case-open'));
    assert.equal(list.js.properties.find(({name}) => name === 'state')['read-only'], true);
  });
});
