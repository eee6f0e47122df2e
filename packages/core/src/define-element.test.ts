import {expect} from '@open-wc/testing';
import {define, kitVersion} from './index.js';

const elementOf = (version = kitVersion) =>
  class extends HTMLElement {
    static readonly version: string = version;
  };

describe('define', () => {
  const {warn} = console;
  let warnings: string[] = [];
  beforeEach(() => {
    warnings = [];
    console.warn = (text: string) => warnings.push(text);
  });
  afterEach(() => {
    console.warn = warn;
  });

  it('registers once; the same version twice is silent, and the first stands', () => {
    const first = elementOf();
    define('bsp-define-one', first);
    define('bsp-define-one', elementOf());
    expect(customElements.get('bsp-define-one')).to.equal(first);
    expect(warnings).to.deep.equal([]);
  });

  it('warns of another version, and of an element that is none of ours', () => {
    define('bsp-define-two', elementOf('0.0.1'));
    define('bsp-define-two', elementOf('0.0.2'));
    customElements.define('bsp-define-three', class extends HTMLElement {});
    define('bsp-define-three', elementOf());
    expect(warnings).to.have.length(2);
    expect(warnings[0]).to.include('bsp-define-two').and.include('0.0.1').and.include('0.0.2');
  });

  it('takes another prefix, also for a class that is registered already', () => {
    const element = elementOf();
    define('bsp-define-four', element);
    define('bsp-define-four', element, {prefix: 'kommune'});
    expect(document.createElement('kommune-define-four')).to.be.instanceOf(element);
  });

  it('warns of a prefix that makes no tag and does not throw into the page', () => {
    for (const prefix of ['', '1x', 'Bsp', 'a b']) define('bsp-define-five', elementOf(), {prefix});
    expect(warnings).to.have.length(4);
  });
});
