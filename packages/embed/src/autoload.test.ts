import {aTimeout, expect, fixture, html} from '@open-wc/testing';
import {autoload} from './autoload.js';

let counter = 0;
/** A tag of its own for each test, and how often it was loaded. */
function element(outcome: () => Promise<unknown> = () => Promise.resolve()) {
  const tag = `autoload-test-${++counter}`;
  const calls = {count: 0};
  const load = () => {
    calls.count++;
    return outcome();
  };
  return {tag, calls, loaders: {[tag]: load}};
}

/** What is warned of while something is done. */
async function warningsOf(act: () => Promise<void>): Promise<unknown[]> {
  const {warn} = console;
  const warnings: unknown[] = [];
  console.warn = (text: unknown) => warnings.push(text);
  try {
    await act();
  } finally {
    console.warn = warn;
  }
  return warnings;
}

describe('autoload', () => {
  it('loads what stands in the root already, once', async () => {
    const {tag, calls, loaders} = element();
    const root = await fixture<HTMLElement>(html`<main></main>`);
    root.append(document.createElement(tag), document.createElement(tag));
    const discover = autoload(loaders);
    discover(root);
    discover(root);
    expect(calls.count).to.equal(1);
  });

  it('loads what is added later, however deep', async () => {
    const {tag, calls, loaders} = element();
    const root = await fixture<HTMLElement>(html`<main></main>`);
    autoload(loaders)(root);
    expect(calls.count).to.equal(0);
    const section = document.createElement('section');
    section.innerHTML = `<div><p>Text<${tag}></${tag}></p></div>`;
    root.append(section);
    await aTimeout(0);
    expect(calls.count).to.equal(1);
    root.append(document.createElement(tag));
    await aTimeout(0);
    expect(calls.count).to.equal(1);
  });

  it('loads for the root itself, and nothing for tags it does not know', async () => {
    const {tag, calls, loaders} = element();
    const root = document.createElement(tag);
    root.append(document.createElement('x-unknown'), 'text');
    autoload(loaders)(root);
    expect(calls.count).to.equal(1);
  });

  it('sees into a shadow root that is handed in', async () => {
    const {tag, calls, loaders} = element();
    const host = await fixture<HTMLElement>(html`<div></div>`);
    const shadow = host.attachShadow({mode: 'open'});
    const discover = autoload(loaders);
    discover(document);
    shadow.append(document.createElement(tag));
    await aTimeout(0);
    expect(calls.count).to.equal(0);
    discover(shadow);
    expect(calls.count).to.equal(1);
  });

  it('warns when a window cannot be loaded, and tries again at its next occurrence', async () => {
    let fail = true;
    const {tag, calls, loaders} = element(() => (fail ? Promise.reject(new Error('offline')) : Promise.resolve()));
    const root = await fixture<HTMLElement>(html`<main></main>`);
    const warnings = await warningsOf(async () => {
      autoload(loaders)(root);
      root.append(document.createElement(tag));
      await aTimeout(0);
      await aTimeout(0);
    });
    expect(warnings).to.deep.equal([`<${tag}> could not be loaded.`]);
    fail = false;
    root.append(document.createElement(tag));
    await aTimeout(0);
    expect(calls.count).to.equal(2);
  });

  it('warns once of a tag that looks like a window and is none', async () => {
    customElements.define('bsp-of-a-host', class extends HTMLElement {});
    const {tag, loaders} = element();
    const root = await fixture<HTMLElement>(html`<main></main>`);
    root.innerHTML = `<bsp-caselist></bsp-caselist><bsp-of-a-host></bsp-of-a-host><x-unknown></x-unknown><${tag}></${tag}>`;
    const warnings = await warningsOf(async () => {
      autoload(loaders)(root);
      root.append(document.createElement('bsp-caselist'), document.createElement('bsp-of-a-host'));
      await aTimeout(0);
    });
    expect(warnings).to.deep.equal(['<bsp-caselist> is not one of the windows.']);
  });
});
