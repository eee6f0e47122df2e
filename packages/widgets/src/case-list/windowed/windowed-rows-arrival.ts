type Part = typeof import('./windowed-rows.js');

/** For `@bsp/widgets/case-list/windowed`: the case lists of this copy of the kit have windowed rows from now on. */
export let provideWindowedRows: (part: Part) => void;
const arrival = new Promise<Part>((resolve) => {
  provideWindowedRows = resolve;
});

/** Resolves when the page loads `@bsp/widgets/case-list/windowed`, if ever: the kit itself never does. */
export const loadWindowedRows = (): Promise<Part> => arrival;
