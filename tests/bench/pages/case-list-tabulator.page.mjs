// Tabulator with the modules that are used, and its own stylesheet.
import {FilterModule, FormatModule, SortModule, Tabulator} from 'tabulator-tables';
import style from 'tabulator-tables/dist/css/tabulator.min.css';
import {cellElement, rowHeight, viewHeight, widths} from './grid-cells.mjs';
import {gridContender} from './grid-contender.mjs';
import {collator, headings, sortedByChange} from './words.mjs';

Tabulator.registerModule([FilterModule, FormatModule, SortModule]);
document.head.append(Object.assign(document.createElement('style'), {textContent: style}));

gridContender({
  make(host, {cases, sources}, {windowed}) {
    return new Tabulator(host, {
      // All rows in the document, as the kit has them; windowed by its own means where the kit is.
      ...(windowed ? {height: viewHeight} : {renderVertical: 'basic'}),
      rowHeight,
      layout: 'fitColumns',
      index: 'key',
      data: sortedByChange(cases).map((one) => ({key: `${one.ref.source} ${one.ref.id}`, title: one.title, one})),
      columns: Object.keys(headings).map((key) => ({
        title: headings[key],
        field: key === 'case' ? 'title' : key,
        ...(key === 'case'
          ? {sorter: (first, second) => collator.compare(first, second)}
          : {width: widths[key], headerSort: true}),
        formatter: (cell) => {
          const {one} = cell.getData();
          return key === 'source' ? sources.get(one.ref.source) : cellElement(key, one);
        },
      })),
    });
  },
  sort: (table, descending) => table.setSort('title', descending ? 'desc' : 'asc'),
  filter: (table, passes) => (passes ? table.setFilter(({one}) => passes(one)) : table.clearFilter()),
  rowCount: (host) => host.querySelectorAll('.tabulator-row .link').length,
  total: (table) => table.getDataCount('active'),
  firstTitle: (host) => host.querySelector('.tabulator-row .link')?.textContent,
  viewport: (host) => host.querySelector('.tabulator-tableholder'),
  destroy: (table) => table.destroy(),
});
