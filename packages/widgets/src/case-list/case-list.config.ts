import {type ConfigShape, oneOf, someOf, wholeNumber} from '@bsp/ui';

/** Columns beside the case itself, which always stands first. */
export const caseListColumns = ['status', 'responsible', 'changed', 'source'] as const;
/** One of {@link caseListColumns}. */
export type CaseListColumn = (typeof caseListColumns)[number];

/** Which cases are shown by their phase. */
export type CaseListFilter = 'open' | 'closed' | 'all';

/** Config of `<bsp-case-list>`. */
export interface CaseListConfig {
  /** Columns beside the case itself, in order. */
  columns: readonly CaseListColumn[];
  /** Filter to start with. */
  filter: CaseListFilter;
  /** Column to sort by at first; `changed` has the latest first. */
  sort: 'case' | CaseListColumn;
  /** Rows before "show more". */
  pageSize: number;
  /**
   * `windowed`: of thousands of rows only those in sight stand in the document, in a part that scrolls by itself; browser find
   * reaches no others. It needs `@bsp/widgets/case-list/windowed` on the page; until that is there: `pages`.
   */
  rows: 'pages' | 'windowed';
}

/** See {@link CaseListConfig}. */
export const caseListConfig: ConfigShape<CaseListConfig> = {
  columns: someOf(caseListColumns, caseListColumns),
  filter: oneOf(['open', 'closed', 'all'], 'open'),
  sort: oneOf(['case', ...caseListColumns], 'changed'),
  pageSize: wholeNumber(1, 2000, 200),
  rows: oneOf(['pages', 'windowed'], 'pages'),
};
