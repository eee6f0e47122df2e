// AG Grid Community as its quick start has it: only the modules that are used, the default theme.
import {
  ClientSideRowModelApiModule,
  ClientSideRowModelModule,
  ColumnApiModule,
  createGrid,
  ExternalFilterModule,
  ModuleRegistry,
  RowApiModule,
} from 'ag-grid-community';
import {cellElement, rowHeight, widths} from './grid-cells.mjs';
import {gridContender} from './grid-contender.mjs';
import {collator, headings, sortedByChange} from './words.mjs';

ModuleRegistry.registerModules([
  ClientSideRowModelModule,
  ClientSideRowModelApiModule,
  ColumnApiModule,
  ExternalFilterModule,
  RowApiModule,
]);

const titleOf = (host) => host.querySelector('[row-index="0"] .link')?.textContent;

gridContender({
  make(host, {cases, sources}, {windowed}) {
    const made = {passes: undefined};
    made.api = createGrid(host, {
      // All rows in the document, as the kit has them; windowed by its own means where the kit is.
      ...(windowed ? {} : {domLayout: 'autoHeight'}),
      rowHeight,
      rowData: sortedByChange(cases),
      getRowId: ({data}) => `${data.ref.source} ${data.ref.id}`,
      isExternalFilterPresent: () => made.passes !== undefined,
      doesExternalFilterPass: ({data}) => made.passes(data),
      columnDefs: Object.keys(headings).map((key) => ({
        colId: key,
        headerName: headings[key],
        sortable: true,
        ...(key === 'case'
          ? {
              flex: 1,
              valueGetter: ({data}) => data.title,
              comparator: (one, other) => collator.compare(one, other),
              cellRenderer: ({data}) => cellElement('case', data),
            }
          : key === 'source'
            ? {width: widths.source, valueGetter: ({data}) => sources.get(data.ref.source)}
            : {width: widths[key], valueGetter: () => '', cellRenderer: ({data}) => cellElement(key, data)}),
      })),
    });
    return made;
  },
  sort: ({api}, descending) => api.applyColumnState({state: [{colId: 'case', sort: descending ? 'desc' : 'asc'}]}),
  filter(made, passes) {
    made.passes = passes;
    made.api.onFilterChanged();
  },
  rowCount: (host) => host.querySelectorAll('.ag-row .link').length,
  total: ({api}) => api.getDisplayedRowCount(),
  firstTitle: titleOf,
  // Its classes differ by layout: what scrolls is what holds far more than is seen.
  viewport: (host) => [...host.querySelectorAll('*')].find((one) => one.scrollHeight > one.clientHeight + 5000),
  destroy: ({api}) => api.destroy(),
});
