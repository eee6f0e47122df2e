import {expect} from '@open-wc/testing';
import {formatsFor} from './index.js';

describe('formats', () => {
  it('says days as Danes do', () => expect(formatsFor('da').day('2026-11-20')).to.equal('20.11.2026'));
});
