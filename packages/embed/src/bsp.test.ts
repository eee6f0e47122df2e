import {expect, fixture, html, waitUntil} from '@open-wc/testing';
import {functionBackend, httpBackend} from './bsp.js';

describe('the script tag', () => {
  it('registers the provider at once', () => expect(customElements.get('bsp-provider')).to.be.a('function'));

  it('hands out the backends', () => {
    expect(httpBackend).to.be.a('function');
    expect(functionBackend).to.be.a('function');
  });

  for (const tag of ['bsp-person', 'bsp-case-list', 'bsp-journal', 'bsp-events'])
    it(`loads <${tag}> when it occurs, and not before`, async () => {
      expect(customElements.get(tag)).to.equal(undefined);
      const page = await fixture<HTMLElement>(html`<main></main>`);
      page.append(document.createElement(tag));
      await waitUntil(() => customElements.get(tag), `${tag} was not loaded`, {timeout: 5000});
      expect(page.firstElementChild).to.be.instanceOf(customElements.get(tag)!);
    });
});
