// Serves one page that can show every scene of every window, bundled from the sources.
import {readdirSync} from 'node:fs';
import {createServer} from 'node:http';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));
const scenes = `${root}tests/browser/scenes/`;

/** The windows that have scenes: `person`, `case-list` … */
export const windowNames = readdirSync(scenes)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.slice(0, -'.ts'.length))
  .sort();

const page = `<!doctype html><html lang="da"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Scenes</title><style>
:root{color-scheme:light;--page:light-dark(#e9edf0,#12161a)}
body{margin:16px;background:var(--page);font:16px/1.5 "IBM Plex Sans","Segoe UI",system-ui,sans-serif}
</style><script type="module" src="/scenes.js"></script>`;

/** Driven by `window.sceneNames` and `window.showScene`: see page.ts. */
export async function serveScenes() {
  const modules = windowNames.map((name) => `${JSON.stringify(name)}: await import(${JSON.stringify(scenes + name)})`);
  const {outputFiles} = await build({
    // In one file: what a window loads late is there at once, so that no picture is taken before it.
    stdin: {
      contents: `import {showScenes} from './tests/look/page.ts'; showScenes({${modules.join(', ')}});`,
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    write: false,
    format: 'esm',
    conditions: ['source'],
    target: 'es2022',
    tsconfig: `${root}tsconfig.base.json`,
  });
  const script = outputFiles[0]?.contents;
  const server = createServer((request, response) => {
    const isScript = request.url === '/scenes.js';
    response.setHeader('content-type', `${isScript ? 'text/javascript' : 'text/html'}; charset=utf-8`);
    response.setHeader(
      'content-security-policy',
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; require-trusted-types-for 'script'; trusted-types lit-html 'allow-duplicates'",
    );
    response.end(isScript ? script : page);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close()};
}
