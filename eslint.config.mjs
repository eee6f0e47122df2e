import lit from 'eslint-plugin-lit';
import * as litA11y from 'eslint-plugin-lit-a11y';
import wc from 'eslint-plugin-wc';
import tseslint from 'typescript-eslint';

const a11y = litA11y.default ?? litA11y;
const source = ['packages/*/src/**/*.ts'];
const tests = ['packages/*/src/**/*.test.ts'];

export default tseslint.config(
  {ignores: ['**/dist/**', 'node_modules/**', 'tests/results/**', 'scripts/**', 'demo/**', '*.mjs']},
  ...tseslint.configs.recommendedTypeChecked.map((config) => ({...config, files: source, ignores: tests})),
  {files: source, ...lit.configs['flat/recommended']},
  {files: source, ...wc.configs['flat/recommended']},
  {
    files: source,
    plugins: {'lit-a11y': a11y},
    rules: {...a11y.configs.recommended.rules},
    settings: {litHtmlSources: true},
  },
  {
    files: source,
    ignores: tests,
    languageOptions: {parserOptions: {projectService: true, tsconfigRootDir: import.meta.dirname}},
  },
  // What is taken out of an object to leave the rest need not be used.
  {files: source, ignores: tests, rules: {'@typescript-eslint/no-unused-vars': ['error', {ignoreRestSiblings: true}]}},
  {files: tests, languageOptions: {parser: tseslint.parser}},
);
