import {isBuiltin} from 'node:module';
import {posix} from 'node:path';
import {parseCpr} from '@bsp/contract';
import ts from 'typescript';

/**
 * Who may import whom, nothing else. `types`: only `import type`, but for the file named `unless`, an entry point
 * of its own.
 */
export const allowedEdges: Record<string, {packages: readonly string[]; types?: readonly string[]; unless?: string}> = {
  contract: {packages: []},
  core: {packages: ['contract']},
  ui: {packages: ['core', 'contract']},
  effect: {packages: []},
  widgets: {packages: ['ui', 'core', 'contract', 'effect']},
  embed: {packages: ['widgets', 'ui', 'core', 'contract']},
  // A connector throws the connector contract's error; the Backend in the browser stays clear of it.
  korsbaek: {packages: ['contract'], types: ['sources'], unless: 'packages/korsbaek/src/connector.ts'},
  sources: {packages: ['contract']},
  gateway: {packages: ['sources', 'contract']},
  // A vendor runs it against a backend of any make.
  acceptance: {packages: ['contract']},
};

/** Packages whose code runs in a page. */
const browserPackages = new Set(['contract', 'core', 'ui', 'effect', 'widgets', 'embed', 'korsbaek']);

/** A workspace package as the rules see it. */
export interface PackageFacts {
  readonly exports: readonly string[];
  readonly dependencies: readonly string[];
}

/** A file of the repository, its path from the root with forward slashes. */
export interface SourceText {
  readonly path: string;
  readonly text: string;
}

/** What the whole tree offers: packages by folder name, and what the root declares for tests and tools. */
export interface Tree {
  readonly packages: Readonly<Record<string, PackageFacts>>;
  readonly rootDependencies: readonly string[];
  readonly exists: (path: string) => boolean;
}

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
  readonly namespace: boolean;
}

const isTest = (path: string): boolean => /\.test\.ts$/.test(path) || path.startsWith('tests/');
const packageOf = (path: string): string | undefined => /^packages\/([^/]+)\/src\//.exec(path)?.[1];
/** `@scope/name` or `name` of a bare specifier. */
const nameOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** Every static and dynamic import, re-export and `import('…')` type of a module. */
export function importsOf({path, text}: SourceText): Import[] {
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const clause = node.importClause;
      const bindings = clause?.namedBindings;
      const named = bindings && ts.isNamedImports(bindings) ? bindings.elements : undefined;
      found.push({
        specifier: node.moduleSpecifier.text,
        typeOnly:
          clause?.phaseModifier === ts.SyntaxKind.TypeKeyword ||
          (!clause?.name && named !== undefined && named.length > 0 && named.every((element) => element.isTypeOnly)),
        namespace: bindings !== undefined && ts.isNamespaceImport(bindings),
      });
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier))
      found.push({specifier: node.moduleSpecifier.text, typeOnly: node.isTypeOnly, namespace: false});
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      if (argument && ts.isStringLiteralLike(argument))
        found.push({specifier: argument.text, typeOnly: false, namespace: true});
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      const {literal} = node.argument;
      if (ts.isStringLiteral(literal)) found.push({specifier: literal.text, typeOnly: true, namespace: false});
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return found;
}

/** What an import of a file breaks, or nothing. */
function importBreach(file: string, {specifier, typeOnly, namespace}: Import, tree: Tree): string | undefined {
  const own = packageOf(file);
  const test = isTest(file);
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(file), specifier);
    if (own === undefined)
      return /^packages\/[^/]+\/(src|dist)\//.test(target) ? 'enters a package by a path' : undefined;
    if (!target.startsWith(`packages/${own}/src/`))
      return test && target.startsWith('tests/') ? undefined : 'leaves its package by a path';
    if (!/\.(js|json)$/.test(specifier)) return 'has no .js suffix';
    return tree.exists(target.replace(/\.js$/, '.ts')) || tree.exists(target) ? undefined : 'does not exist';
  }
  if (isBuiltin(specifier)) {
    if (!specifier.startsWith('node:')) return 'is a Node module without node:';
    return own !== undefined && !test && browserPackages.has(own)
      ? 'is a Node module in a package that runs in pages'
      : undefined;
  }
  const name = nameOf(specifier);
  if (name === 'zod' && (specifier !== 'zod/mini' || !namespace) && !typeOnly)
    return "is zod otherwise than by `import * as z from 'zod/mini'`";
  const facts = own === undefined ? undefined : tree.packages[own];
  if (name.startsWith('@bsp/')) {
    const other = name.slice('@bsp/'.length);
    const entry = `.${specifier.slice(name.length)}`;
    if (!tree.packages[other]?.exports.includes(entry)) return 'is not among the exports of its package';
    if (own === undefined || own === other) return undefined;
    const allowed = allowedEdges[own];
    if (!allowed) return `comes from a package that nobody has given a place: ${own}`;
    const edge =
      allowed.packages.includes(other) ||
      ((typeOnly || file === allowed.unless) && allowed.types?.includes(other) === true);
    if (!edge && !(test && other === 'korsbaek'))
      return allowed.types?.includes(other)
        ? `may be imported by ${own} as a type only`
        : `may not be imported by ${own}`;
    if (test && other === 'korsbaek') return undefined;
  }
  const declared = facts?.dependencies.includes(name) ?? false;
  if (declared || ((own === undefined || test) && tree.rootDependencies.includes(name))) return undefined;
  if (own === undefined && name.startsWith('@bsp/')) return undefined;
  return own === undefined ? 'is not declared in the root package.json' : `is not a dependency of @bsp/${own}`;
}

/** Texts that must not stand in the code of a page. */
const forbiddenInPages: readonly (readonly [RegExp, string])[] = [
  [/\b\d*\.?\d+rem\b/, 'uses rem: hosts change the root size'],
  [/!important/, 'uses !important'],
  [/\bunsafe(HTML|SVG|MathML|Static)\b/, 'puts text into the page as markup'],
  [/\.(inner|outer)HTML\s*=[^=]|insertAdjacentHTML|document\.write\(/, 'writes markup into the page'],
  [/\bstyleMap\b/, 'uses styleMap, which writes a style attribute'],
  [/\beval\(|new Function\(/, 'evaluates text as code'],
  [/\blocalStorage\b|\bsessionStorage\b|\bindexedDB\b|document\.cookie/, 'keeps something in browser storage'],
];

/** Comments are prose: they may name what the code must not do. */
const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');

/** A `style=` attribute inside a template literal. */
function hasStyleAttribute({path, text}: SourceText): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (
      (ts.isNoSubstitutionTemplateLiteral(node) ||
        ts.isTemplateHead(node) ||
        ts.isTemplateMiddle(node) ||
        ts.isTemplateTail(node)) &&
      /<[^>]*\sstyle=|^[^<>]*\sstyle=/.test(node.text)
    )
      found = true;
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return found;
}

/** Every breach of a source file, as a line to read. */
export function codeBreaches(file: SourceText, tree: Tree): string[] {
  const breaches = importsOf(file).flatMap((one) => {
    const breach = importBreach(file.path, one, tree);
    return breach ? [`${file.path}: '${one.specifier}' ${breach}`] : [];
  });
  const own = packageOf(file.path);
  if (own !== undefined && browserPackages.has(own) && !isTest(file.path)) {
    const code = withoutComments(file.text);
    for (const [pattern, breach] of forbiddenInPages) if (pattern.test(code)) breaches.push(`${file.path}: ${breach}`);
    if (hasStyleAttribute(file)) breaches.push(`${file.path}: has a style attribute in a template`);
  }
  return breaches;
}

/** Dependencies that a package declares and no source of it imports. */
export function unusedDependencies(name: string, facts: PackageFacts, sources: readonly SourceText[]): string[] {
  const used = new Set(
    sources
      .filter(({path}) => packageOf(path) === name && !isTest(path))
      .flatMap((file) => importsOf(file).map(({specifier}) => nameOf(specifier))),
  );
  return facts.dependencies
    .filter((dependency) => !used.has(dependency))
    .map((dependency) => `packages/${name}/package.json: declares ${dependency}, which nothing imports`);
}

/** Numbers that could be a real person's CPR number: a valid date that is not a synthetic one (day + 60). Never repeats them. */
export function personNumberBreaches({path, text}: SourceText): string[] {
  const breaches: string[] = [];
  for (const found of text.matchAll(/(?<![\dA-Za-z.])\d{6}[-\u2013]?\d{4}(?![\dA-Za-z])/g)) {
    const parsed = parseCpr(found[0]);
    if (parsed.ok && !parsed.value.replacement)
      breaches.push(`${path}:${text.slice(0, found.index).split('\n').length}: a number that may be a real person's`);
  }
  return breaches;
}
