// PROPERTY_SEED: property-based tests draw the same inputs each time, so that a change is told from chance. Without it, new ones.
// Loaded before the tests of Node; `seededProperties` does the same for those that are bundled.

const {PROPERTY_SEED} = process.env;
const seed = Number(PROPERTY_SEED);
if (PROPERTY_SEED !== undefined) {
  if (!Number.isInteger(seed)) throw new Error(`PROPERTY_SEED is “${PROPERTY_SEED}”; it must be a whole number.`);
  // Whoever draws new ones need not load it for tests without properties.
  const {configureGlobal} = await import('fast-check');
  configureGlobal({seed});
}

const own = 'seeded-fast-check';

/** A plugin of esbuild. */
export const seededProperties = {
  name: own,
  setup({onResolve, onLoad}) {
    if (PROPERTY_SEED === undefined) return;
    onResolve({filter: /^fast-check$/}, ({namespace, importer, resolveDir}) =>
      namespace === own ? undefined : {path: importer, namespace: own, pluginData: resolveDir},
    );
    onLoad({filter: /./, namespace: own}, ({pluginData}) => ({
      contents: `import fc from 'fast-check'; fc.configureGlobal({seed: ${seed}}); export default fc; export * from 'fast-check';`,
      resolveDir: pluginData,
    }));
  },
};
