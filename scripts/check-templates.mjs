// Checks the types of bindings in templates (lit-analyzer, strict).
import {readdirSync} from 'node:fs';
import {join, relative} from 'node:path';
import {fileURLToPath} from 'node:url';
import {DefaultLitAnalyzerContext, LitAnalyzer, makeConfig} from 'lit-analyzer';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = ['core', 'ui', 'widgets'].flatMap((name) =>
  readdirSync(join(root, 'packages', name, 'src'), {recursive: true})
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map((path) => join(root, 'packages', name, 'src', path)),
);

const {config} = ts.readConfigFile(join(root, 'tsconfig.tests.json'), ts.sys.readFile);
const {options} = ts.parseJsonConfigFileContent({...config, include: [], files: []}, ts.sys, root);
const compilerOptions = {...options, customConditions: ['source'], noEmit: true};
const host = ts.createCompilerHost(compilerOptions);
const readFile = host.readFile.bind(host);
// `nothing` takes an attribute away: it is never a value of it. The analyzer does not know.
host.readFile = (path) =>
  path.endsWith('/lit-html/lit-html.d.ts') || path.endsWith('/lit-html/development/lit-html.d.ts')
    ? readFile(path)?.replace(/(export declare const nothing: )unique symbol/, '$1never')
    : readFile(path);
const program = ts.createProgram(files, compilerOptions, host);

const context = new DefaultLitAnalyzerContext({ts, getProgram: () => program});
context.updateConfig(
  makeConfig({
    strict: true,
    // It knows CSS and HTML of some years ago, and takes {@link …} in a comment's @attr for part of the name.
    rules: {'no-invalid-css': 'off', 'no-invalid-attribute-name': 'off'},
    globalAttributes: ['inert', 'popover', 'popovertarget'],
  }),
);
const analyzer = new LitAnalyzer(context);

let problems = 0;
for (const file of files) {
  const source = program.getSourceFile(file);
  context.setContextBase({file: source, text: source.text});
  for (const {location, message, source: rule, severity} of analyzer.getDiagnosticsInFile(source)) {
    // It takes a type parameter for an object, whatever the parameter extends.
    if (rule === 'no-complex-attribute-binding' && /type '[A-Z]'/.test(message)) continue;
    const {line} = source.getLineAndCharacterOfPosition(location.start);
    console.error(`${relative(root, file)}:${line + 1} ${severity}: ${message} (${rule})`);
    problems++;
  }
}
console.log(`Templates: ${files.length} files, ${problems} problems.`);
process.exit(problems > 0 ? 1 : 0);
