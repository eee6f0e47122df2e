// Vaadin Grid with a renderer for each column, its own base theme, and the rows as `items`.
import '@vaadin/grid/vaadin-grid.js';
import '@vaadin/grid/vaadin-grid-column.js';
import {cells, viewHeight, widths} from './grid-cells.mjs';
import {gridContender} from './grid-contender.mjs';
import {headings, sortedByChange, sortedByTitle} from './words.mjs';

const columnOf = (key, sources) => {
  const column = document.createElement('vaadin-grid-column');
  column.header = headings[key];
  if (key === 'case') column.flexGrow = 1;
  else Object.assign(column, {width: `${widths[key]}px`, flexGrow: 0});
  column.renderer = (root, _column, {item}) => {
    if (key === 'source') root.textContent = sources.get(item.ref.source);
    else root.replaceChildren(...cells[key](item));
  };
  return column;
};

/** What stands in the row at the top: rows are placed by transforms, in any order. */
function firstTitle(host) {
  const grid = host.firstElementChild;
  const row = grid?.shadowRoot?.querySelector('#items tr[aria-rowindex="2"]:not([hidden])');
  const name = row?.querySelector('slot')?.name;
  return name && grid.querySelector(`[slot="${name}"] .link`)?.textContent;
}

gridContender({
  make(host, {cases, sources}, {windowed}) {
    const grid = document.createElement('vaadin-grid');
    // All rows in the document, as the kit has them; windowed by its own means where the kit is.
    if (windowed) grid.style.height = `${viewHeight}px`;
    else grid.allRowsVisible = true;
    grid.append(...Object.keys(headings).map((key) => columnOf(key, sources)));
    const made = {grid, cases, rows: sortedByChange(cases)};
    grid.items = made.rows;
    host.append(grid);
    return made;
  },
  sort(made, descending) {
    made.rows = sortedByTitle(made.cases, descending);
    made.grid.items = made.rows;
  },
  filter({grid, rows}, passes) {
    grid.items = passes ? rows.filter(passes) : rows;
  },
  rowCount: (host) => host.firstElementChild?.shadowRoot?.querySelectorAll('#items tr:not([hidden])').length ?? 0,
  total: ({grid}) => grid.items.length,
  firstTitle,
  viewport: (host) => host.firstElementChild.$.table,
});
