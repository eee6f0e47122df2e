import {type BspProvider, functionBackend} from '@bsp/core';
import '@bsp/core/define';
import {expect, fixture, html} from '@open-wc/testing';
import {warnOfMissingParts} from './missing-parts.js';

/** What is said of a page. */
async function warningsOf(page: ReturnType<typeof html>): Promise<string[]> {
  const root = await fixture<HTMLElement>(html`<main>${page}</main>`);
  const {warn} = console;
  const warnings: string[] = [];
  console.warn = (text: string) => warnings.push(text);
  try {
    warnOfMissingParts(root, ['bsp-events', 'bsp-person']);
  } finally {
    console.warn = warn;
    root.remove();
  }
  return warnings;
}
const backend = functionBackend({});
const window = (name = '') => {
  const element = Object.assign(document.createElement('bsp-events'), {for: name});
  return element;
};

describe('a page of windows', () => {
  it('is told that there is no provider', async () =>
    expect(await warningsOf(html`${window()}`)).to.deep.equal([
      '<bsp-events> follows no <bsp-provider>: there is none in the page.',
    ]));

  it('is told that a name is nobody’s', async () =>
    expect(
      await warningsOf(
        html`<bsp-provider id="bsp" .backend=${backend}></bsp-provider>${window('bps')}${window('bsp')}`,
      ),
    ).to.deep.equal([
      '<bsp-events> follows no <bsp-provider>: none in the page has the id "bps" that its "for" names.',
    ]));

  it('is told that it has several providers, and a window stands in none', async () =>
    expect(
      await warningsOf(
        html`<bsp-provider .backend=${backend}>${window()}</bsp-provider><bsp-provider .backend=${backend}></bsp-provider>${window()}`,
      ),
    ).to.deep.equal([
      '<bsp-events> follows no <bsp-provider>: it stands in none, and the page has several. Name one by "for".',
    ]));

  it('is told that a provider has no backend', async () =>
    expect(await warningsOf(html`<bsp-provider id="bsp"></bsp-provider>`)).to.deep.equal([
      '<bsp-provider id="bsp"> has no backend: give it one by its attribute or property "backend".',
    ]));

  it('is told nothing where nothing lacks', async () => {
    const provider = html`<bsp-provider .backend=${backend as BspProvider['backend']}><bsp-person></bsp-person></bsp-provider>`;
    expect(await warningsOf(html`${provider}${window()}`)).to.deep.equal([]);
  });
});
