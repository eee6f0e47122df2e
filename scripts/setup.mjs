// What every command needs first: Node, the installed packages, the build, a browser. Only Node's own modules.
import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {delimiter, dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

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

const browserNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const browserPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/** A Chromium on this machine, or undefined. */
function findBrowser() {
  if (process.env.CHROMIUM_BIN) {
    if (!existsSync(process.env.CHROMIUM_BIN)) fail(`CHROMIUM_BIN is ${process.env.CHROMIUM_BIN}, which is not there.`);
    return process.env.CHROMIUM_BIN;
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const onPath = browserNames.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, ...browserPlaces].find((path) => existsSync(path));
}

/** Finds a Chromium, installs one where that can be done without asking, or says how to. */
export function ensureBrowser() {
  const found = findBrowser();
  if (found) return found;
  const hasApt = ['/usr/bin/apt-get', '/bin/apt-get'].some((path) => existsSync(path));
  if (!hasApt || process.getuid?.() !== 0)
    fail(
      `No Chromium was found. Install one${hasApt ? ': sudo apt-get install --yes chromium' : ' (chromium or Google Chrome)'}, or set CHROMIUM_BIN to where it is.`,
    );
  const env = {...process.env, DEBIAN_FRONTEND: 'noninteractive'};
  run('Looking up packages (apt-get update)', 'apt-get', ['update', '--quiet', '--quiet'], {env});
  run(
    'Installing a browser (apt-get install chromium)',
    'apt-get',
    ['install', '--yes', '--quiet', '--quiet', '--no-install-recommends', 'chromium'],
    {env, stdio: ['ignore', 'ignore', 'inherit']},
  );
  return findBrowser() ?? fail('Chromium was installed, but is not on the path: set CHROMIUM_BIN.');
}
