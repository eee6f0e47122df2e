// npm run check:packages: packs every package and looks at the tarballs as a registry, a bundler and a compiler would.
import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {publint} from 'publint';
import {formatMessage} from 'publint/utils';
import {packAll} from './pack.mjs';
import {packageFaults} from './package-rules.mjs';
import {root} from './setup.mjs';

const attw = fileURLToPath(new URL('dist/index.js', import.meta.resolve('@arethetypeswrong/cli/package.json')));

async function publintFaults(folder) {
  const {messages, pkg} = await publint({pkgDir: folder, pack: false, strict: true});
  return messages.map((message) => `publint: ${formatMessage(message, pkg)}`);
}

/** What is no module has no types: JSON, and the bundles, which a page loads by their address. */
function typeFaults(tarball) {
  const {status, stdout, stderr} = spawnSync(
    process.execPath,
    [
      attw,
      tarball,
      ...['--profile', 'esm-only', '--format', 'ascii', '--no-color', '--no-emoji'],
      ...['--exclude-entrypoints', 'cdn/*', 'editors/*'],
    ],
    {cwd: root, encoding: 'utf8'},
  );
  return status === 0 ? [] : [`attw:\n${stdout}${stderr}`];
}

const packed = packAll();
const siblings = Object.fromEntries(packed.map(({name, manifest}) => [name, manifest.version]));
const unpacked = mkdtempSync(join(tmpdir(), 'bsp-check-packages-'));
let failed = 0;
for (const {name, manifest, tarball, size, entryCount} of packed) {
  const folder = join(unpacked, name.replace('/', '-'));
  mkdirSync(folder);
  const {status} = spawnSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1'], {stdio: 'inherit'});
  if (status !== 0 || !existsSync(join(folder, 'package.json'))) throw new Error(`${tarball} could not be unpacked.`);
  const faults = [...packageFaults(folder, siblings), ...(await publintFaults(folder)), ...typeFaults(tarball)];
  if (faults.length > 0) failed++;
  const figures = `${manifest.version}, ${(size / 1000).toFixed(0)} kB, ${entryCount} files`;
  console.log(`${faults.length > 0 ? '✗' : '✓'} ${name} ${figures}`);
  for (const fault of faults) console.error(fault.replace(/^/gm, '    '));
}
rmSync(unpacked, {recursive: true, force: true});
console.log(`${packed.length - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
