import type {CSSResult} from 'lit';

const modules = import.meta.glob<Record<string, unknown>>([
  '../packages/{core,ui,widgets}/src/**/*.ts',
  '!../packages/*/src/**/*.test.ts',
  '!../packages/*/src/**/define.ts',
]);
const styles = '../packages/ui/src/late-window.styles.ts';
let late: CSSResult | undefined;

/** Loads all that windows load late. Before a story renders it is there: nothing comes while one looks. */
export async function loadLateModules(): Promise<void> {
  await Promise.all(Object.values(modules).map((load) => load()));
  late = (await modules[styles]?.())?.lateWindowStyles as CSSResult;
}

/** The styles that a window adopts with its sources. */
export function lateWindowStyles(): CSSResult {
  if (!late) throw new Error('The late modules are not loaded.');
  return late;
}
