import {expect} from '@open-wc/testing';
import {html, render} from 'lit';
import {type Column, dataTable} from './index.js';

interface Row {
  readonly id: string;
  readonly title: string;
  readonly source?: string;
}

const write = (cell: HTMLElement, selector: string, text: string) => {
  const element = cell.querySelector(selector);
  if (element) element.textContent = text;
};
/* eslint-disable lit-a11y/accessible-name -- a row names them */
const columnsOf = (mark = ''): readonly Column<Row>[] => [
  {
    key: 'title',
    heading: 'Sag',
    cell: html`<td role="cell" class="title"><button class="link"></button></td>`,
    fill: (cell, {title}) => write(cell, '.link', mark + title),
  },
  {
    key: 'source',
    heading: 'Kilde',
    cell: html`<td role="cell" class="source"><button class="other"></button></td>`,
    fill: (cell, {source = 'KY'}) => write(cell, '.other', source),
  },
];
/* eslint-enable lit-a11y/accessible-name */

describe('dataTable', () => {
  let place: HTMLElement;
  let opened: Row[];
  const columns = columnsOf();
  const draw = (rows: readonly Row[], shown = columns) =>
    render(
      dataTable<Row, string>({
        label: 'Sager',
        columns: shown,
        rows,
        rowKey: ({id}) => id,
        onOpen: (row) => opened.push(row),
        apart: html`<tr role="row" class="apart"><td role="cell" colspan="2">Andet</td></tr>`,
      }),
      place,
    );
  const elements = () => [...place.querySelectorAll<HTMLTableRowElement>('tbody tr:not(.apart)')];
  const titles = () => elements().map((row) => row.cells[0]?.textContent?.trim());
  const row = (id: string, title = id): Row => ({id, title});
  const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map((id) => row(id)) as [Row, Row, Row, Row, Row];

  beforeEach(() => {
    place = document.createElement('div');
    document.body.append(place);
    opened = [];
  });
  afterEach(() => place.remove());

  it('is a table with its rows before those apart, and shows markup as text', async () => {
    draw([row('a', '<b onclick="x">Sag</b>'), b]);
    expect(titles()).to.eql(['<b onclick="x">Sag</b>', 'b']);
    expect(place.querySelector('tbody')?.lastElementChild?.className).to.equal('apart');
    await expect(place).to.be.accessible();
  });

  const orders: Record<string, readonly Row[]> = {
    'a row that came first': [e, a, b, c, d],
    'a row that came last': [a, b, c, d, e],
    'rows that went': [c, d],
    'a row that moved down': [b, c, d, a],
    'a row that moved up': [d, a, b, c],
    'another order': [d, c, b, a],
    'all at once': [e, d, a, c],
    nothing: [],
  };
  for (const [what, order] of Object.entries(orders))
    it(`shows ${what} in its place, and every row in the element that it had`, () => {
      draw([a, b, c, d]);
      const before = new Map(elements().map((element) => [element.cells[0]?.textContent?.trim(), element]));
      draw(order);
      expect(titles()).to.eql(order.map(({title}) => title));
      for (const element of elements()) {
        const title = element.cells[0]?.textContent?.trim();
        if (title !== 'e') expect(element === before.get(title), title).to.equal(true);
      }
      expect(place.querySelectorAll('.apart')).to.have.length(1);
      draw([a, b, c, d]);
      expect(titles()).to.eql(['a', 'b', 'c', 'd']);
    });

  it('leaves the focus with its record while another comes, goes or passes it', () => {
    draw([a, b, c]);
    const button = elements()[1]?.querySelector('button');
    button?.focus();
    for (const order of [[e, a, b, c], [a, b, c], [b, c, a], [b, a, c], [b]]) {
      draw(order);
      expect(document.activeElement === button, titles().join()).to.equal(true);
    }
  });

  it('changes of a renewed record only the cells that say something else', () => {
    draw([a, b]);
    const [first, second] = elements();
    const [title, source] = [...(first?.cells ?? [])];
    title?.querySelector('button')?.focus();
    draw([{...a, source: 'SBSYS'}, {...b}]);
    const [now, other] = elements();
    expect([now === first, other === second]).to.eql([true, true]);
    expect([first?.cells[0] === title, first?.cells[1] === source]).to.eql([true, false]);
    expect(first?.cells[1]?.textContent?.trim()).to.equal('SBSYS');
    expect(document.activeElement === title?.querySelector('button')).to.equal(true);
  });

  it('renders all rows anew for other columns', () => {
    draw([a, b]);
    draw([a, b], columnsOf('§ '));
    expect(titles()).to.eql(['§ a', '§ b']);
    draw([a, b], columnsOf().slice(1));
    expect(titles()).to.eql(['KY', 'KY']);
  });

  it('shows a record that comes twice, twice, and once when it comes once', () => {
    for (const rows of [[a, a, {...a, title: 'A'}], [a], [a, a]]) {
      draw(rows);
      expect(titles()).to.eql(rows.map(({title}) => title));
    }
  });

  it('opens the record whose link is pressed, as it is now', () => {
    draw([a, b]);
    const renewed = {...b, source: 'SBSYS'};
    draw([a, renewed]);
    for (const button of place.querySelectorAll<HTMLElement>('tbody button')) button.click();
    expect(opened).to.eql([a, renewed]);
    expect(opened[1] === renewed).to.equal(true);
  });
});
