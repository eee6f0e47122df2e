// What editors and frameworks are told about the elements, all made from one custom elements manifest.
import {cpSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {root, run} from './setup.mjs';

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));
const writeJson = (path, value) => writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
const dist = (name) => join(root, 'packages', name, 'dist');

/** Analyses the sources: the same manifest that Storybook reads. */
function analysedManifest() {
  const folder = 'var/manifest';
  mkdirSync(join(root, folder), {recursive: true});
  run('Analysing the elements (cem analyze)', process.execPath, [
    'node_modules/@custom-elements-manifest/analyzer/cem.js',
    'analyze',
    '--quiet',
    '--outdir',
    folder,
  ]);
  return readJson(join(root, folder, 'custom-elements.json'));
}

/** Every element with the entry point of the package that exports its class. */
function elementsOf(manifest) {
  const elements = manifest.modules.flatMap(({path, declarations}) =>
    declarations.filter(({tagName}) => tagName).map((element) => ({...element, entry: entryOf(path)})),
  );
  if (elements.length === 0) throw new Error('The manifest holds no element.');
  return elements.sort((a, b) => (a.tagName < b.tagName ? -1 : 1));
}

/** `@bsp/widgets/case-list` of `packages/widgets/src/case-list/bsp-case-list.ts`: what the package's exports say. */
function entryOf(path) {
  const [, name, file] = /^packages\/([^/]+)\/(src\/.+)$/.exec(path);
  const {exports} = readJson(join(root, 'packages', name, 'package.json'));
  const entry = Object.keys(exports).find((key) => exports[key].source === `./${file}`) ?? '.';
  return `@bsp/${name}${entry.slice(1)}`;
}

/** `dist/case-list/define.js` of `packages/widgets/src/case-list/define.ts`. */
const publishedPath = (path) => path.replace(/^packages\/[^/]+\/src\/(.+)\.ts$/, 'dist/$1.js');

/** A package's own part of the manifest, as it is published: paths in the package, other packages by name. */
function manifestOf(name, {modules, ...manifest}) {
  const isOwn = (path) => path.startsWith(`packages/${name}/src/`);
  const published = (value) => {
    if (Array.isArray(value)) return value.map(published);
    if (value === null || typeof value !== 'object') return value;
    const {module, ...rest} = value;
    const entries = Object.entries(rest).map(([key, inner]) => [key, published(inner)]);
    const [, other] = /^packages\/([^/]+)\//.exec(module ?? '') ?? [];
    const place = other && (isOwn(module) ? {module: publishedPath(module)} : {package: `@bsp/${other}`});
    return {...Object.fromEntries(entries), ...place};
  };
  const own = modules.filter(({path}) => isOwn(path));
  return {...manifest, modules: own.map((module) => ({...published(module), path: publishedPath(module.path)}))};
}

const isSettable = ({kind, readonly}) => kind === 'field' && !readonly;
const union = (names) => names.map((name) => `'${name}'`).join(' | ') || 'never';

/** The elements as TypeScript: what react.d.ts, vue.d.ts and svelte.d.ts are made of. */
function elementTypes(elements) {
  const imports = elements.map(({name, entry}) => `import type {${name}} from '${entry}';`).sort();
  const members = elements.map(
    ({tagName, name, summary, members, attributes = [], events = []}) => `  /** ${summary} */
  '${tagName}': {
    element: ${name};
    properties: ${union(members.filter(isSettable).map((member) => member.name))};
    attributes: {${attributes
      .filter(({name, fieldName}) => fieldName && fieldName !== name)
      .map(
        ({name: attribute, fieldName}) => `'${attribute}': ${name}['${fieldName}'] | \`\${${name}['${fieldName}']}\``,
      )
      .join('; ')}};
    events: ${union(events.map((event) => event.name))};
  };`,
  );
  return `// Made from the custom elements manifest.
import type {} from '@bsp/core/bridge';
${imports.join('\n')}

/**
 * What a page can give an element, and what it hears from it: the properties that can be set, the attributes that are
 * called otherwise than their property, and the events, whose types are in \`HTMLElementEventMap\`.
 */
export interface KitElements {
${members.join('\n')}
}
`;
}

/** The first of each name: windows share most of their tokens and parts. */
const byName = (things) => things.filter(({name}, index) => things.findIndex((other) => other.name === name) === index);

const list = (title, things = []) =>
  things.length === 0
    ? ''
    : `\n\n**${title}**\n${things.map(({name, description}) => `\n- \`${name || 'default'}\`: ${description ?? ''}`).join('')}`;

const documentation = ({summary, events, slots, cssParts, cssStates}) =>
  summary + list('Events', events) + list('Slots', slots) + list('Parts', cssParts) + list('States', cssStates);

/** `compact` of `'comfortable' | 'compact' | undefined`. */
const wordsOf = ({type}) => [...(type?.text ?? '').matchAll(/'([^']+)'/g)].map(([, name]) => ({name}));

/** https://github.com/microsoft/vscode-html-languageservice/blob/main/docs/customData.md */
const htmlCustomData = (elements) => ({
  version: 1.1,
  tags: elements.map((element) => ({
    name: element.tagName,
    description: {kind: 'markdown', value: documentation(element)},
    attributes: (element.attributes ?? []).map((attribute) => ({
      name: attribute.name,
      description: attribute.description,
      values: wordsOf(attribute),
    })),
  })),
});

const tokenText = ({description, default: value}) => (value ? `${description} Default: \`${value}\`` : description);

/** https://github.com/microsoft/vscode-css-languageservice/blob/main/docs/customData.md */
const cssCustomData = (elements) => ({
  version: 1.1,
  properties: byName(elements.flatMap(({cssProperties = []}) => cssProperties)).map((token) => ({
    name: token.name,
    description: {kind: 'markdown', value: tokenText(token)},
  })),
  pseudoElements: byName(elements.flatMap(({cssParts = []}) => cssParts)).map(({name, description}) => ({
    name: `::part(${name})`,
    description,
  })),
});

/** https://github.com/JetBrains/web-types */
const webTypes = (elements, version) => ({
  $schema: 'https://raw.githubusercontent.com/JetBrains/web-types/master/schema/web-types.json',
  name: '@bsp/embed',
  version,
  'description-markup': 'markdown',
  contributions: {
    html: {
      elements: elements.map((element) => ({
        name: element.tagName,
        description: documentation(element),
        attributes: (element.attributes ?? []).map(({name, description, type}) => ({
          name,
          description,
          value: {type: type?.text ?? 'string', required: false},
        })),
        slots: (element.slots ?? []).map(({name, description}) => ({name, description})),
        events: (element.events ?? []).map(({name, description}) => ({name, description})),
        js: {
          properties: element.members
            .filter(({kind}) => kind === 'field')
            .map(({name, description, type, readonly}) => ({
              name,
              description,
              type: type?.text,
              'read-only': readonly,
            })),
          events: (element.events ?? []).map(({name, description, type}) => ({name, description, type: type?.text})),
        },
        css: {parts: (element.cssParts ?? []).map(({name, description}) => ({name, description}))},
      })),
    },
    css: {
      properties: byName(elements.flatMap(({cssProperties = []}) => cssProperties)).map((token) => ({
        name: token.name,
        description: tokenText(token),
      })),
    },
  },
});

/** Writes everything into the packages' dist folders, beside what the compiler emitted. */
export function writeElementDescriptions() {
  const manifest = analysedManifest();
  for (const name of ['core', 'widgets'])
    writeJson(join(dist(name), 'custom-elements.json'), manifestOf(name, manifest));

  const elements = elementsOf(manifest);
  const types = join(dist('embed'), 'types');
  cpSync(join(root, 'packages', 'embed', 'types'), types, {recursive: true});
  writeFileSync(join(types, 'elements.d.ts'), elementTypes(elements));

  const editors = join(dist('embed'), 'editors');
  mkdirSync(editors, {recursive: true});
  const {version} = readJson(join(root, 'packages', 'embed', 'package.json'));
  writeJson(join(editors, 'vscode.html-custom-data.json'), htmlCustomData(elements));
  writeJson(join(editors, 'vscode.css-custom-data.json'), cssCustomData(elements));
  writeJson(join(editors, 'web-types.json'), webTypes(elements, version));
}
