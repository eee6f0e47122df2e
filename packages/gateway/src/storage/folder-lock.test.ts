import assert from 'node:assert/strict';
import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, it} from 'node:test';
import {fileURLToPath} from 'node:url';
import {loadConfig} from '../config.js';
import {createGateway} from '../gateway.js';
import {anna, Client} from '../harness.test.js';
import {FolderInUseError, lockFolder} from './folder-lock.js';

const holder = fileURLToPath(new URL('./folder-lock.ts', import.meta.url));

describe('the lock of an embedded database’s folder', () => {
  let folder = '';
  let child: ChildProcess | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bsp-lock-'));
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    child = undefined;
    await rm(folder, {recursive: true, force: true});
  });

  /** Another process that takes the lock and holds it. */
  const heldByAnother = async (): Promise<ChildProcess> => {
    const code = `import {lockFolder} from ${JSON.stringify(holder)}; lockFolder(${JSON.stringify(folder)}); console.log('held'); setInterval(() => {}, 1000);`;
    const process_ = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child = process_;
    await once(process_.stdout, 'data');
    return process_;
  };

  it('lets one in, and the next when it is given back', () => {
    const release = lockFolder(folder);
    assert.throws(() => lockFolder(folder), FolderInUseError);
    release();
    lockFolder(folder)();
    assert.deepEqual(readdirSync(folder), []);
  });

  it('names the process that holds it, and takes over when that was killed', async () => {
    const other = await heldByAnother();
    assert.throws(() => lockFolder(folder), new RegExp(`is in use by process ${other.pid}.*stop the other`));
    other.kill('SIGKILL');
    await once(other, 'exit');
    lockFolder(folder)();
    assert.deepEqual(readdirSync(folder), []);
  });

  it('takes over from a process whose number was given to another', () => {
    const lock = join(folder, 'lock');
    const left = {pid: process.ppid, started: '1', host: '', nonce: 'x'};
    writeFileSync(lock, JSON.stringify({...left, host: lockHost(folder)}));
    if (process.platform === 'linux') lockFolder(folder)();
    writeFileSync(lock, 'half a fi');
    lockFolder(folder)();
    assert(!existsSync(lock));
  });

  it('does not guess about another machine', () => {
    writeFileSync(join(folder, 'lock'), JSON.stringify({pid: 1, started: '', host: 'elsewhere', nonce: 'x'}));
    assert.throws(() => lockFolder(folder), /left by a gateway on "elsewhere".*delete that file/);
  });

  it('keeps a second gateway out, and lets one in whose predecessor was killed', async () => {
    const config = loadConfig({sources: [], storage: {directory: folder}, logLevel: 'silent'}, {env: {}});
    const other = await heldByAnother();
    await assert.rejects(createGateway(config), FolderInUseError);
    other.kill('SIGKILL');
    await once(other, 'exit');
    const gateway = await createGateway(config);
    await assert.rejects(createGateway(config), FolderInUseError);
    await gateway.close();
    await (await createGateway(config)).close();
  });

  it('leaves what was accepted to the next gateway when the process is killed', async () => {
    const config = {sources: [], storage: {directory: folder}, logLevel: 'silent'};
    const source = (file: string) => JSON.stringify(fileURLToPath(new URL(file, import.meta.url)));
    const code = `
      import {loadConfig} from ${source('../config.ts')};
      import {createGateway} from ${source('../gateway.ts')};
      const gateway = await createGateway(loadConfig(${JSON.stringify(config)}, {env: {}}));
      console.log(await gateway.listen({port: 0}));`;
    const flags = ['--conditions=source', '--import', 'tsx', '--input-type=module', '-e', code];
    const killed = spawn(process.execPath, flags, {stdio: ['ignore', 'pipe', 'inherit']});
    child = killed;
    const [address] = (await once(killed.stdout, 'data')) as [Buffer];
    const before = new Client(`${String(address).trim()}/bsp/v1`);
    const {contextId} = await before.open(anna);
    const note = {heading: 'H', body: 'B'};
    assert.equal((await before.act(contextId, 'note.create', note, 'key-before')).status, 200);
    killed.kill('SIGKILL');
    await once(killed, 'exit');

    const gateway = await createGateway(loadConfig(config, {env: {}}));
    const after = new Client(`${await gateway.listen({port: 0})}/bsp/v1`);
    // The context lives on, and so do the note and the key of its action.
    assert.equal((await after.items(contextId, 'journal')).length, 1);
    const again = await after.act(contextId, 'note.create', note, 'key-before');
    assert.equal(((await again.json()) as {replayed?: boolean}).replayed, true);
    await gateway.close();
  });
});

/** The host as a lock names it. */
function lockHost(folder: string): string {
  const other = join(folder, 'other');
  const release = lockFolder(other);
  const {host} = JSON.parse(readFileSync(join(other, 'lock'), 'utf8')) as {host: string};
  release();
  return host;
}
