import {expect} from '@open-wc/testing';
import {RowOffsets} from './row-offsets.js';

const rowsOf = (count: number) => Array.from({length: count}, (_, id) => ({id}));

function offsetsOf(count: number) {
  const rows = rowsOf(count);
  const offsets = new RowOffsets<{id: number}>(50);
  offsets.take(rows);
  const measure = (...heights: [index: number, height: number][]) =>
    offsets.measure(heights.flatMap(([index, height]) => (rows[index] ? [[rows[index], height] as const] : [])));
  return {offsets, rows, measure};
}

describe('row offsets', () => {
  it('begin with a guess', () => {
    const {offsets} = offsetsOf(10);
    expect([offsets.of(0), offsets.of(3), offsets.total]).to.eql([0, 150, 500]);
  });

  it('guess by the first rows that were measured, and by these alone', () => {
    const {offsets, measure} = offsetsOf(10);
    measure([0, 60], [1, 80]);
    expect(offsets.guess).to.equal(70);
    expect([offsets.of(1), offsets.of(2), offsets.total]).to.eql([60, 140, 140 + 8 * 70]);
    measure([2, 200]);
    expect(offsets.total).to.equal(140 + 200 + 7 * 70);
  });

  it('say whether anything is new', () => {
    const {measure} = offsetsOf(3);
    expect([measure([0, 60]), measure([0, 60]), measure([0, 61])]).to.eql([true, false, true]);
  });

  it('find the row at a place, whichever it is', () => {
    const {offsets, measure} = offsetsOf(1000);
    measure(...Array.from({length: 1000}, (_, index): [number, number] => [index, 20 + ((index * 7919) % 90)]));
    for (let index = 0; index < 1000; index++) {
      expect(offsets.at(offsets.of(index)), `${index}, begin`).to.equal(index);
      expect(offsets.at(offsets.of(index + 1) - 0.5), `${index}, end`).to.equal(index);
    }
    expect([offsets.at(-5), offsets.at(offsets.total + 5)]).to.eql([0, 999]);
  });

  it('of no rows are nothing', () => {
    const {offsets} = offsetsOf(0);
    expect([offsets.at(100), offsets.total]).to.eql([0, 0]);
  });

  it('keep what was measured when rows are sorted and filtered', () => {
    const {offsets, rows, measure} = offsetsOf(4);
    measure([0, 10], [3, 90]);
    offsets.take([rows[3], rows[0]].filter((row) => row !== undefined));
    expect([offsets.of(1), offsets.total]).to.eql([90, 100]);
  });

  it('forget what was measured in another width', () => {
    const {offsets, measure} = offsetsOf(4);
    measure([0, 10], [1, 10]);
    offsets.forget();
    measure([2, 100]);
    expect(offsets.total).to.equal(400);
  });

  it('stand shifted until they are straightened', () => {
    const {offsets, measure} = offsetsOf(10);
    measure([5, 50]);
    const place = offsets.of(5);
    measure([1, 90]);
    offsets.put(5, place);
    expect([offsets.of(5), offsets.of(0), offsets.at(place)]).to.eql([250, -40, 5]);
    expect(offsets.straighten()).to.equal(40);
    expect([offsets.of(5), offsets.shift]).to.eql([290, 0]);
  });
});
