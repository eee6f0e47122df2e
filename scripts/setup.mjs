// What every command needs first: Node, the installed packages, the build, a browser. Only Node's own modules.
import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {askedEngines, engines, findCommand, findEngine} from './engines.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));
const windows = process.platform === 'win32';

/** Ends the process with a line that says what to do. */
export function fail(message) {
  console.error(`\n${message}`);
  process.exit(1);
}

/** Runs a command in the repository; ends the process when it fails. */
export function run(title, command, args, options = {}) {
  console.log(`› ${title}`);
  const {status, error} = spawnSync(command, args, {cwd: root, stdio: 'inherit', ...options});
  if (error || status !== 0) fail(`${title} failed${error ? `: ${error.message}` : ` (exit ${status})`}.`);
}

export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    fail(`This needs Node 20.19 or newer; you have ${process.versions.node}. See https://nodejs.org`);
}

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** Whether node_modules holds what the lock says: npm keeps its own account of what it installed. */
function isInstalled() {
  const account = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(account)) return false;
  const wanted = readJson(join(root, 'package-lock.json')).packages;
  const installed = readJson(account).packages;
  return Object.entries(wanted).every(
    ([path, {version, link, optional}]) =>
      !path.startsWith('node_modules/') ||
      (installed[path] ? link || installed[path].version === version : optional === true),
  );
}

/** Installs what the lock says, unless it is there. */
export function ensureInstalled() {
  if (isInstalled()) return;
  run('Installing packages (npm ci)', windows ? 'npm.cmd' : 'npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], {
    shell: windows,
  });
}

/** A digest of what the build reads: paths, sizes and times. */
function buildFingerprint() {
  const hash = createHash('sha256');
  const add = (path) => {
    const {size, mtimeMs} = statSync(path);
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  };
  const addFolder = (folder) => {
    for (const entry of readdirSync(folder, {withFileTypes: true}).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) addFolder(path);
      else if (!entry.name.includes('.test.')) add(path);
    }
  };
  for (const name of ['package-lock.json', 'tsconfig.json', 'tsconfig.base.json', 'rollup.config.mjs'])
    add(join(root, name));
  for (const name of readdirSync(join(root, 'packages')).sort()) {
    const folder = join(root, 'packages', name);
    if (!existsSync(join(folder, 'package.json'))) continue;
    add(join(folder, 'package.json'));
    add(join(folder, 'tsconfig.json'));
    if (existsSync(join(folder, 'src'))) addFolder(join(folder, 'src'));
  }
  return hash.digest('hex');
}

const stamp = join(root, 'packages', 'embed', 'dist', '.built');

/** Compiles and bundles. */
export function build() {
  const fingerprint = buildFingerprint();
  rmSync(stamp, {force: true});
  run('Compiling (tsc -b)', process.execPath, ['node_modules/typescript/bin/tsc', '-b']);
  rmSync(join(root, 'packages', 'embed', 'dist', 'cdn'), {recursive: true, force: true});
  run('Bundling (rollup)', process.execPath, ['node_modules/rollup/dist/bin/rollup', '-c', '--silent']);
  mkdirSync(dirname(stamp), {recursive: true});
  writeFileSync(stamp, fingerprint);
}

/** Builds, unless nothing has changed since the last time. */
export function ensureBuilt() {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === buildFingerprint()) return;
  build();
}

/** The commands that install the packages of these engines, as root. */
const installation = (packages) => [
  ['apt-get', 'update', '--quiet', '--quiet'],
  ['apt-get', 'install', '--yes', '--quiet', '--quiet', '--no-install-recommends', ...packages],
];

/** Ends the process where an environment variable names what is not there. */
function orFail(look) {
  try {
    return look();
  } catch (error) {
    return fail(error.message);
  }
}

const missingOf = (names) => orFail(() => names.filter((name) => !findEngine(name)));

/** Finds the engines, installs those that are missing where that can be done without asking, or says how and ends. */
export function ensureEngines(names) {
  const missing = missingOf(names);
  if (missing.length === 0) return;
  const titles = missing.map((name) => engines[name].title).join(', ');
  const commands = installation(missing.flatMap((name) => engines[name].packages));
  if (!findCommand('apt-get') || process.getuid?.() !== 0) {
    const how = findCommand('apt-get')
      ? `Run\n  ${commands.map((command) => `sudo ${command.join(' ')}`).join(' && ')}\nor`
      : `Install it${names.includes('webkit') ? ' (WebKit: WebKitGTK’s MiniBrowser and WebKitWebDriver, and Xvfb)' : ''}, or`;
    fail(`Not on this machine: ${titles}. ${how} set ${missing.map((name) => engines[name].variable).join(', ')}.`);
  }
  for (const [command, ...args] of commands)
    run(`${command} ${args.join(' ')}`, command, args, {
      env: {...process.env, DEBIAN_FRONTEND: 'noninteractive'},
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  const [still] = missingOf(missing);
  if (still) fail(`${engines[still].title} was installed, but is not to be found: set ${engines[still].variable}.`);
}

/** A Chromium, as `ensureEngines` has it. */
export function ensureBrowser() {
  ensureEngines(['chromium']);
  return findEngine('chromium');
}

/** The engines that the component tests run in: those that BROWSERS names, else those that are here, else Chromium. */
export function enginesToTest() {
  const asked = orFail(askedEngines);
  const here = asked ?? Object.keys(engines).filter((name) => missingOf([name]).length === 0);
  const chosen = here.length > 0 ? here : ['chromium'];
  ensureEngines(chosen);
  return chosen;
}
