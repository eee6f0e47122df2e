/** Columns besides those of the config: `@bsp/widgets/case-list/hop` gives them. The same array until something changes. */
export const moreColumns: {of?: typeof import('./hop/hop-columns.js').hopColumns} = {};
