// The README's code is the demo's, and it runs.
import assert from 'node:assert/strict';
import {access, readFile} from 'node:fs/promises';
import {after, before, describe, it} from 'node:test';
import {launchBrowser, openPage, startDemoProcess} from './harness.mjs';

const root = new URL('../../', import.meta.url);
const text = (path) => readFile(new URL(path, root), 'utf8');

/** The code blocks that name the file they are. */
const namedBlocks = (readme) =>
  [...readme.matchAll(/<!-- (\S+) -->\n```\w+\n([\s\S]*?)```/g)].map(([, path, code]) => ({path, code}));

describe('the README', () => {
  it('shows the vendor’s page as it is', async () => {
    const blocks = namedBlocks(await text('README.md'));
    assert.equal(blocks.length, 2);
    for (const {path, code} of blocks) assert.equal(code, await text(path), path);
  });

  it('keeps its promise of 20 lines', async () => {
    const script = await text('demo/vendor/first-window.js');
    assert.ok(
      script
        .trim()
        .split('\n')
        .filter((line) => line.trim() && !line.trim().startsWith('//')).length <= 20,
    );
  });

  it('names only files that are there', async () => {
    const readme = await text('README.md');
    for (const [, path] of readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) await access(new URL(path, root));
  });
});

describe('a vendor’s first window', () => {
  let browser;
  let demo;
  before(async () => {
    [browser, demo] = await Promise.all([launchBrowser(), startDemoProcess()]);
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  it('shows the vendor’s own cases', async () => {
    const {page, cases, record, context} = await openPage(browser, demo, {path: '/vendor/'});
    await cases.getByText('Parkeringstilladelse').waitFor();
    assert.equal(await page.evaluate(() => document.querySelector('bsp-case-list').state), 'ready');
    assert.deepEqual(record.errors, []);
    await context.close();
  });
});
