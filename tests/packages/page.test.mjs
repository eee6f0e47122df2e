// The browser packages in a project that has never seen the workspace: bundled, by script tag, in Node, under tsc.
import assert from 'node:assert/strict';
import {existsSync} from 'node:fs';
import {readdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {after, before, describe, it} from 'node:test';
import {chromium} from 'playwright-core';
import {freshProject, namesExportedBy, serve} from './fresh-project.mjs';

describe('a page of a vendor', () => {
  let project;
  let browser;
  before(async () => {
    project = await freshProject('page', ['contract', 'core', 'ui', 'widgets', 'embed', 'korsbaek', 'sources'], {
      typescript: '6.0.3',
      vite: '8.3.8',
    });
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM_BIN,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
    });
  });
  after(async () => {
    await browser?.close();
    await project?.remove();
  });

  /** The cells of the first column once there are any, and what the page complained of meanwhile. */
  async function openedRows(places) {
    const server = await serve(places);
    const page = await browser.newPage();
    const complaints = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    try {
      await page.goto(server.url);
      const list = page.locator('bsp-case-list');
      await list.getByRole('row').nth(1).waitFor();
      const name = await list.locator('caption').textContent();
      return {name, rows: await list.getByRole('row').count(), complaints};
    } finally {
      await page.close();
      await server.close();
    }
  }

  /** Every sample in TypeScript, as a file of its own. */
  async function writeSamples() {
    const files = [];
    for (const name of ['contract', 'core', 'ui', 'widgets', 'embed']) {
      const readme = await project.read(`node_modules/@bsp/${name}/README.md`);
      for (const [, code] of readme.matchAll(/```ts\n([\s\S]*?)```/g)) {
        const file = `readme-${name}-${files.length}.mts`;
        await writeFile(join(project.folder, file), code);
        files.push(file);
      }
    }
    return files;
  }

  it('installs nothing of the server, and one Lit', async () => {
    const names = await readdir(join(project.folder, 'node_modules'));
    for (const foreign of ['fastify', 'pg', '@electric-sql', 'kysely']) assert.ok(!names.includes(foreign), foreign);
    const inside = await readdir(join(project.folder, 'node_modules', '@bsp'), {recursive: true});
    assert.deepEqual(
      inside.filter((path) => /node_modules/.test(path)),
      [],
    );
  });

  it('is bundled by Vite and shows a case list', async () => {
    const {status, output} = await project.runInstalled('vite', 'build');
    assert.equal(status, 0, output);
    const {name, rows, complaints} = await openedRows({'/': join(project.folder, 'dist/')});
    assert.match(name, /Maude Agerlund/);
    assert.ok(rows > 5, `${rows} rows`);
    assert.deepEqual(complaints, []);
  });

  it('shows a case list by a script tag, from the files of the package alone', async () => {
    const {name, rows, complaints} = await openedRows({
      '/kit/': join(project.folder, 'node_modules/@bsp/embed/dist/cdn/'),
      '/': join(project.folder, 'plain/'),
    });
    assert.match(name, /Maude Agerlund/);
    assert.ok(rows > 5, `${rows} rows`);
    assert.deepEqual(complaints, []);
  });

  it('has the licences of what is bundled beside it', async () => {
    const licences = await project.read('node_modules/@bsp/embed/dist/cdn/third-party-licences.txt');
    assert.match(licences, /lit-html \S+ \(BSD-3-Clause\)\n\nBSD 3-Clause License\n\nCopyright/);
  });

  it('reads the contract and the synthetic municipality in Node', async () => {
    assert.ok(namesExportedBy(project, '@bsp/contract').includes('caseSchema'));
    assert.ok(namesExportedBy(project, '@bsp/sources/cpr-direkte').includes('default'));
    assert.ok(namesExportedBy(project, '@bsp/core').includes('functionBackend'));
    const {status, output} = await project.run(process.execPath, 'read-cases.mjs');
    assert.equal(status, 0, output);
    assert.match(output, /^[1-9]\d* readable cases of Maude Agerlund, 0 unreadable$/m);
  });

  for (const [resolution, module] of [
    ['nodenext', 'nodenext'],
    ['bundler', 'esnext'],
  ]) {
    const check = (...files) =>
      project.runInstalled(
        'tsc',
        ...['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2023,dom,dom.iterable'],
        ...['--module', module, '--moduleResolution', resolution, '--skipLibCheck', 'false', ...files],
      );

    it(`is typed for tsc with moduleResolution ${resolution}, libraries included`, async () => {
      const {status, output} = await check('uses.mts');
      assert.equal(status, 0, output);
    });

    it(`is typed with moduleResolution ${resolution} where it only registers elements`, async () => {
      for (const file of ['registers.mts', 'one-import.mts']) {
        const {status, output} = await check(file);
        assert.equal(status, 0, output);
      }
    });

    it(`can take over the samples of the READMEs with moduleResolution ${resolution}`, async () => {
      const samples = await writeSamples();
      assert.ok(samples.length > 5);
      const {status, output} = await check('--moduleDetection', 'force', 'readme-names.d.ts', ...samples);
      assert.equal(status, 0, output);
    });

    it(`is told by tsc with moduleResolution ${resolution} what is wrong`, async () => {
      const {output} = await check('misuses.mts');
      const lines = [...output.matchAll(/^misuses\.mts\((\d+),/gm)].map(([, line]) => Number(line));
      assert.deepEqual([...new Set(lines)], [2, 4, 8, 9, 11, 12], output);
    });
  }

  it('finds the manifest of every package that has elements', async () => {
    for (const name of ['core', 'widgets']) {
      const {customElements} = JSON.parse(await project.read(`node_modules/@bsp/${name}/package.json`));
      const manifest = JSON.parse(await project.read(`node_modules/@bsp/${name}/${customElements}`));
      for (const {path} of manifest.modules)
        assert.ok(existsSync(join(project.folder, 'node_modules', '@bsp', name, path)), path);
    }
  });
});
