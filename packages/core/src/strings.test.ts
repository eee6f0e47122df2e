import {expect} from '@open-wc/testing';
import {type StringSource, stringsOf} from './strings.js';

const da = {title: 'Sager', count: (count: number) => `${count} sager`};
const en = {title: 'Cases', count: (count: number) => `${count} cases`};

const sourceOf = (english: () => Promise<typeof en> = () => Promise.resolve(en)): StringSource<typeof da> => ({
  name: 'x',
  da,
  en: english,
});
const never = () => {
  throw new Error('was not to be called');
};

describe('texts', () => {
  it('are Danish, without loading anything', () =>
    expect(stringsOf(sourceOf(never), 'da', undefined, never)).to.equal(da));

  it('find their keys again where a bundle has left them out', async () => {
    const source = sourceOf(() => Promise.resolve(Object.values(en) as unknown as typeof en));
    await new Promise<void>((resolve) => {
      stringsOf(source, 'en', undefined, resolve);
    });
    const texts = stringsOf(source, 'en', undefined, never);
    expect([texts.title, texts.count(2)]).to.deep.equal(['Cases', '2 cases']);
  });

  it('are English once that is there, Danish until then', async () => {
    const source = sourceOf();
    await new Promise<void>((resolve) => {
      expect(stringsOf(source, 'en', undefined, resolve).title).to.equal('Sager');
    });
    expect(stringsOf(source, 'en', undefined, never).title).to.equal('Cases');
    expect(stringsOf(source, 'da', undefined, never).title).to.equal('Sager');
  });

  it('stay Danish where English can not be had, and are asked for again', async () => {
    let asked = 0;
    const source = sourceOf(() => {
      asked++;
      return asked === 1 ? Promise.reject(new Error('x')) : Promise.resolve(en);
    });
    expect(stringsOf(source, 'en', undefined, never).title).to.equal('Sager');
    await Promise.resolve();
    await Promise.resolve();
    await new Promise<void>((resolve) => {
      stringsOf(source, 'en', undefined, resolve);
    });
    expect(stringsOf(source, 'en', undefined, never).title).to.equal('Cases');
  });

  it('take what the host says instead', () => {
    const texts = stringsOf(sourceOf(), 'da', {title: 'Mine', count: (count: number) => `${count} stk.`}, never);
    expect([texts.title, texts.count(2)]).to.deep.equal(['Mine', '2 stk.']);
    expect(stringsOf(sourceOf(), 'da', {count: 'Flere'}, never).count(2)).to.equal('Flere');
    expect(da.title).to.equal('Sager');
  });

  it('stand against what the host says badly', () => {
    const bad: Record<string, unknown>[] = [
      {title: 5, count: 5, unknown: 'x'},
      {title: null, count: null},
      {title: () => 'x', count: () => 5},
      {
        count: () => {
          throw new Error('x');
        },
      },
      'abc' as never,
      7 as never,
      {toString: 'x', constructor: 'y'},
    ];
    for (const overrides of bad) {
      const texts = stringsOf(sourceOf(), 'da', overrides, never);
      expect([texts.title, texts.count(2)]).to.deep.equal(['Sager', '2 sager']);
      expect(Object.keys(texts)).to.deep.equal(['title', 'count']);
    }
  });
});
