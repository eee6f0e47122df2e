// A project outside the workspace that gets the kit as a vendor does: from the tarballs of `npm run pack`.
import {spawnSync} from 'node:child_process';
import {cp, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import {extname, join, normalize} from 'node:path';
import {fileURLToPath} from 'node:url';
import {startProcess} from './start-process.mjs';

const tarballs = fileURLToPath(new URL('../../var/packages/', import.meta.url));
const projects = fileURLToPath(new URL('projects/', import.meta.url));

/** The environment of a vendor's shell: nothing of the runner, or of the npm that started it, but where to install from. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_|NODE_OPTIONS$|NODE_TEST_CONTEXT$|NODE_PATH$|BSP_)/i.test(name) ||
      /^npm_config_(registry|cache|userconfig|globalconfig|cafile|.*proxy)$/i.test(name),
  ),
);

/** Starts a command of the project. */
const start = (folder, command, args) =>
  startProcess(command, args, {cwd: folder, env: environment, shell: process.platform === 'win32'});

/**
 * Makes a project and installs into it.
 *
 * @param name - a folder of `projects`, whose files it begins with.
 * @param kit - packages of the kit, without `@bsp/`.
 * @param others - packages of the registry, with their versions.
 */
export async function freshProject(name, kit, others = {}) {
  const packed = await readdir(tarballs).catch(() => []);
  const tarballOf = (one) => {
    const file = packed.find((candidate) => candidate.startsWith(`bsp-${one}-`) && candidate.endsWith('.tgz'));
    if (!file) throw new Error(`var/packages holds no tarball of @bsp/${one}: run npm run test:packages.`);
    return `file:${join(tarballs, file)}`;
  };
  const folder = await mkdtemp(join(tmpdir(), `bsp-${name}-`));
  await cp(join(projects, name), folder, {recursive: true});
  const dependencies = {...Object.fromEntries(kit.map((one) => [`@bsp/${one}`, tarballOf(one)])), ...others};
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({name, private: true, type: 'module', dependencies}, null, 2),
  );
  const project = {
    folder,
    /** Runs a command to its end. */
    run: (command, ...args) => start(folder, command, args).ended,
    /** Runs the command of a package that is installed. */
    runInstalled: (command, ...args) => start(folder, join(folder, 'node_modules', '.bin', command), args).ended,
    /** Starts a module of the project in Node. */
    startNode: (...args) => start(folder, process.execPath, args),
    read: (path) => readFile(join(folder, path), 'utf8'),
    remove: () => rm(folder, {recursive: true, force: true}),
  };
  const installed = await project.run(
    'npm',
    'install',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
  );
  if (installed.status !== 0) {
    await project.remove();
    throw new Error(`npm install failed in a fresh project:\n${installed.output}`);
  }
  return project;
}

const mediaTypes = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** What the windows are promised to work under. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types lit-html 'allow-duplicates'",
].join('; ');

/**
 * Serves folders on a free port.
 *
 * @param places - folders by prefix of the path, the longest first.
 */
export async function serve(places) {
  const server = createServer(async ({url}, response) => {
    const path = new URL(url, 'http://localhost').pathname;
    const prefix = Object.keys(places).find((one) => path.startsWith(one));
    const file = normalize(join(places[prefix], path.slice(prefix.length) || 'index.html'));
    const bytes = file.startsWith(normalize(places[prefix])) ? await readFile(file).catch(() => undefined) : undefined;
    if (!bytes) return response.writeHead(404).end();
    response.writeHead(200, {
      'content-type': mediaTypes[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': contentSecurityPolicy,
    });
    response.end(bytes);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** Node's own version of a module's exports, as the project sees it. */
export const namesExportedBy = (project, specifier) => {
  const code = `import(${JSON.stringify(specifier)}).then((module) => console.log(JSON.stringify(Object.keys(module))))`;
  const {stdout, stderr, status} = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: project.folder,
    env: environment,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${specifier} can't be imported:\n${stderr}`);
  return JSON.parse(stdout);
};
