import {formatsFor} from '@bsp/core';
import {expect, fixture} from '@open-wc/testing';
import {html, render} from 'lit';
import {fieldList, freeText, pill, segmented, timeline} from './index.js';

describe('freeText', () => {
  it('keeps line breaks, masks CPR numbers and shows markup as text', async () => {
    const element = await fixture<HTMLElement>(freeText('Ringede ang. 641284-1236.\n<b onclick="x">Aftalt</b> kl. 9'));
    expect(element.textContent).to.equal('Ringede ang. 641284-••••.\n<b onclick="x">Aftalt</b> kl. 9');
    expect(element.querySelector('b')).to.equal(null);
  });
});

describe('fieldList', () => {
  it('pairs labels and values, and leaves out what there is no value for', async () => {
    const element = await fixture<HTMLElement>(
      fieldList([
        {label: 'Kommune', value: 'Korsbæk'},
        {label: 'Flyttet', value: undefined},
        {label: 'Status', value: pill('error', 'Død')},
      ]),
    );
    expect([...element.children].map((child) => `${child.localName} ${child.textContent?.trim()}`)).to.eql([
      'dt Kommune',
      'dd Korsbæk',
      'dt Status',
      'dd Død',
    ]);
    await expect(element).to.be.accessible();
  });
});

describe('segmented', () => {
  it('is a named radio group that tells what is chosen', async () => {
    const place = document.createElement('div');
    document.body.append(place);
    const chosen: string[] = [];
    let value: 'up' | 'down' = 'up';
    const draw = () =>
      render(
        segmented({
          name: 'order',
          label: 'Rækkefølge',
          value,
          choices: [
            {value: 'up', text: 'Op'},
            {value: 'down', text: 'Ned'},
          ],
          onChoose: (one) => chosen.push(one),
        }),
        place,
      );
    draw();
    const [up, down] = place.querySelectorAll('input');
    down?.click();
    expect(chosen).to.eql(['down']);
    value = 'down';
    draw();
    value = 'up';
    draw();
    expect([up?.checked, down?.checked]).to.eql([true, false]);
    await expect(place).to.be.accessible();
    place.remove();
  });
});

describe('timeline', () => {
  const formats = formatsFor('da');
  const draw = (moments: string[]) =>
    timeline({
      items: moments,
      at: (moment) => moment,
      itemKey: (moment) => moment,
      entry: (moment) => html`<time datetime=${moment}>${formats.time(moment)}</time>`,
      formats,
      headingLevel: 3,
    });

  it('groups by the calendar day in Denmark, a heading and an ordered list each', async () => {
    const element = await fixture<HTMLElement>(
      draw(['2025-11-16T00:30:00+01:00', '2025-11-15T23:30:00Z', '2025-11-15T22:30:00Z', '2025-11-14T09:00:00+01:00']),
    );
    const days = [...element.querySelectorAll('section')].map((day) => ({
      heading: day.querySelector('[role=heading]')?.textContent?.trim(),
      count: day.querySelectorAll('ol > li').length,
    }));
    expect(days).to.eql([
      {heading: 'Søndag den 16. november 2025', count: 2},
      {heading: 'Lørdag den 15. november 2025', count: 1},
      {heading: 'Fredag den 14. november 2025', count: 1},
    ]);
    await expect(element).to.be.accessible();
  });

  it('shows items that are out of order where they stand', async () => {
    const element = await fixture<HTMLElement>(
      draw(['2025-11-16T10:00:00+01:00', '2025-11-14T10:00:00+01:00', '2025-11-16T09:00:00+01:00']),
    );
    expect(element.querySelectorAll('section')).to.have.length(3);
  });

  const [a, b, c, d, e] = ['19', '18', '17', '16', '15'].map((hour) => `2025-11-16T${hour}:00:00Z`) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const orders: Record<string, readonly string[]> = {
    'an item that came first': [e, a, b, c, d],
    'an item that came last': [a, b, c, d, e],
    'items that went': [c, d],
    'an item that moved down': [b, c, d, a],
    'an item that moved up': [d, a, b, c],
    'another order': [d, c, b, a],
    'all at once': [e, d, a, c],
    'an item that is given twice': [a, b, a, c],
    nothing: [],
  };
  for (const [what, order] of Object.entries(orders))
    it(`shows ${what} in its place, and every item in the element that it had`, () => {
      const place = document.createElement('div');
      const elements = () => [...place.querySelectorAll('li')];
      const momentOf = (element: Element) => element.querySelector('time')?.getAttribute('datetime');
      render(draw([a, b, c, d]), place);
      const before = new Map(elements().map((element) => [momentOf(element), element]));
      render(draw([...order]), place);
      expect(elements().map(momentOf)).to.eql(order);
      for (const [moment, element] of before) {
        const stands = elements().find((one) => momentOf(one) === moment);
        if (stands) expect(stands).to.equal(element);
      }
      render(draw([a, b, c, d]), place);
      expect(elements().map(momentOf)).to.eql([a, b, c, d]);
    });
});
