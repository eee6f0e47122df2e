import {readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';

/** What a token defaults to, from the style sheets themselves: `var(--bsp-surface, light-dark(#fff, #1c2126))`. */
function tokenDefaultsIn(text) {
  const defaults = new Map();
  for (const {1: name, index, 0: found} of text.matchAll(/var\((--bsp-[a-z-]+),\s*/g)) {
    const start = index + found.length;
    let depth = 1;
    let end = start;
    while (depth > 0) depth += {'(': 1, ')': -1}[text[end++]] ?? 0;
    if (!defaults.has(name)) defaults.set(name, text.slice(start, end - 1));
  }
  return defaults;
}

const textOf = (comment) =>
  typeof comment === 'string'
    ? comment
    : (comment ?? []).map(({name, text}) => `${name?.getText() ?? ''}${text}`).join('');

/** The keys of a config's interface, from the module that the window imports it from. */
function configFieldsOf(ts, name, importedBy) {
  const imported = importedBy.statements.find(
    (one) => ts.isImportDeclaration(one) && one.importClause?.getText().includes(name),
  );
  const path = join(dirname(importedBy.fileName), imported.moduleSpecifier.text.replace(/\.js$/, '.ts'));
  const module = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);
  const fields = module.statements.find((one) => ts.isInterfaceDeclaration(one) && one.name.text === name).members;
  return fields.map((field) => ({
    name: field.name.getText(),
    type: {text: field.type.getText()},
    description: textOf(field.jsDoc?.[0]?.comment),
  }));
}

/** `@keyboard Key - what it does` */
const keyboardOf = (ts, node) =>
  ts
    .getJSDocTags(node)
    .filter(({tagName}) => tagName.text === 'keyboard')
    .map(({comment}) => {
      const [name, description] = textOf(comment).split(/ - (.*)/s);
      return {name: name.trim(), description: description.replaceAll(/\s+/g, ' ').trim()};
    });

/**
 * Leaves what a host can use: elements with public properties, attributes, events, slots, parts, tokens and states, and the
 * modules that register them. Fills in what the analyzer does not know: defaults of tokens, the keys of a config, and what
 * the keyboard does.
 */
function publicFace() {
  const classes = new Map();
  const defaults = new Map();
  return {
    name: 'public-face',
    collectPhase({node}) {
      for (const [token, value] of tokenDefaultsIn(node.getFullText()))
        if (!defaults.has(token)) defaults.set(token, value);
    },
    analyzePhase({ts, node, moduleDoc}) {
      if (ts.isCallExpression(node) && node.expression.getText() === 'define' && ts.isStringLiteral(node.arguments[0]))
        moduleDoc.exports.push({
          kind: 'custom-element-definition',
          name: node.arguments[0].text,
          declaration: {name: node.arguments[1].getText()},
        });
      if (!ts.isClassDeclaration(node) || !node.name) return;
      const [base] = node.heritageClauses?.flatMap(({types}) => types) ?? [];
      const config = base?.typeArguments?.map((one) => one.getText()).find((name) => name.endsWith('Config'));
      const styles = node.members.find((member) => member.name?.getText() === 'styles');
      classes.set(node.name.text, {
        base: base?.expression.getText(),
        hasWindowStyles: styles?.initializer?.getText().includes('windowStyles'),
        keyboard: keyboardOf(ts, node),
        config: config && {name: config, fields: configFieldsOf(ts, config, node.getSourceFile())},
      });
    },
    packageLinkPhase({customElementsManifest}) {
      const places = new Map();
      const windowTokens = customElementsManifest.modules
        .flatMap(({declarations = []}) => declarations)
        .find(({name}) => name === 'BspWindow').cssProperties;
      for (const {path, declarations = []} of customElementsManifest.modules)
        for (const element of declarations) {
          if (!element.tagName) continue;
          places.set(element.name, path);
          const {base, config, hasWindowStyles, keyboard} = classes.get(element.name);
          const typed = (one) =>
            one.name === 'config' && config ? {...one, type: {text: `Partial<${config.name}> | undefined`}} : one;
          element.members = element.members?.filter(isPublic).map(typed);
          // For an attribute the analyzer takes the name of a constant for its value.
          const defaultOf = (fieldName) => element.members?.find(({name}) => name === fieldName)?.default;
          element.attributes = element.attributes?.map((one) => ({...typed(one), default: defaultOf(one.fieldName)}));
          // The analyzer takes the variable of `new CustomEvent(type)` for a name.
          element.events = element.events?.filter(({name}) => name.startsWith('bsp-'));
          // A window that is made otherwise may have the style sheet of all.
          const tokens = element.cssProperties ?? (hasWindowStyles ? windowTokens : undefined);
          element.cssProperties = tokens?.map((token) => ({
            ...token,
            default: defaults.get(token.name),
          }));
          element.keyboard = [...keyboard, ...(classes.get(base)?.keyboard ?? [])];
          if (config) element.config = config;
        }
      customElementsManifest.schemaVersion = '2.1.0';
      customElementsManifest.modules = customElementsManifest.modules
        .map((module) => ({
          ...module,
          declarations: module.declarations?.filter(({name}) => places.has(name)) ?? [],
          exports: (module.exports ?? [])
            .filter(({declaration}) => places.has(declaration.name) && !declaration.package)
            .map((one) => ({...one, declaration: {...one.declaration, module: places.get(one.declaration.name)}}))
            .filter(
              ({kind, declaration}) => kind === 'custom-element-definition' || declaration.module === module.path,
            ),
        }))
        .filter(({exports}) => exports.length > 0)
        // The analyzer takes files as the disk lists them, which is not the same on every machine.
        .sort((one, other) => (one.path < other.path ? -1 : 1));
    },
  };
}

const isPublic = ({name, privacy, static: isStatic}) =>
  !isStatic && !/^[#_]/.test(name) && (privacy === undefined || privacy === 'public');

/** For `npm run manifest`, and for each package that is published. */
export default {
  globs: ['packages/core/src/**/*.ts', 'packages/ui/src/**/*.ts', 'packages/widgets/src/**/*.ts'],
  exclude: ['**/*.test.ts'],
  outdir: '.',
  litelement: true,
  packagejson: false,
  plugins: [publicFace()],
};
